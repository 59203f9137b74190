"""What the verbs, tasks and keys of move-ins are called, and where their records are found."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.assets.actions.moving_rows import (
    DECIDE,
    ERRAND,
    LAPSED,
    MOVE_IN,
    OPINION,
    SEE_TO,
    SETTLE,
    TAKE_ON,
)
from xiaoer.assets.actions.reviewing import follow_opinion
from xiaoer.assets.models import MoveIn, MoveInOpinion
from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import call_by, lead_to
from xiaoer.base.verbs import name_verbs
from xiaoer.work import actions as work
from xiaoer.work import kinds

VERBS: dict[str, str | Promise] = {
    "seed_move_in_items": _("furnished the zone with what a joint review asks"),
    "add_move_in_item": _("added to what a joint review asks"),
    "keep_move_in_item": _("changed what a joint review asks"),
    "open_move_in": _("opened a move-in"),
    "change_move_in": _("changed a move-in"),
    "name_party": _("said which firm moves in"),
    "add_move_in_paper": _("gave a paper of a joint review"),
    "remove_move_in_paper": _("took a paper of a joint review off"),
    "start_review": _("asked for the opinions of a joint review"),
    "give_opinion": _("gave an opinion in a joint review"),
    "decide_move_in": _("decided a joint review"),
    "extend_move_in": _("extended the approval of a move-in"),
    "lapse_move_in": _("let the units of an approval go that lapsed"),
    "finish_chore": _("reported on the task list of a move-in"),
    "settle_move_in": _("recorded that a firm moved in"),
    "record_production": _("recorded that a firm began to produce"),
    "withdraw_move_in": _("withdrew a move-in"),
}
TASKS: dict[str, str | Promise] = {
    TAKE_ON: _("Take on an application to move in"),
    OPINION: _("Give an opinion in a joint review"),
    SEE_TO: _("See that the park's operator says its half"),
    DECIDE: _("Decide a joint review"),
    ERRAND: _("Task list of a move-in"),
    SETTLE: _("See that the firm moves in while its units are kept"),
    LAPSED: _("An approval to move in has lapsed: extend it, or end it"),
}
DETAILS: dict[str, str | Promise] = {
    "topic": _("asked about"),
    "says": _("says"),
    "verdict": _("decision"),
    "missing": _("not said yet"),
    "who": _("name of the firm"),
    "from_on": _("wishes to move in"),
    "investment_fen": _("investment, fen"),
    "way": _("way of moving in"),
}


def register() -> None:
    name_verbs(VERBS)
    label_details(DETAILS)
    name_codes("says", dict(MoveInOpinion.Says.choices))
    name_codes("verdict", dict(MoveIn.State.choices))
    name_codes("way", dict(MoveIn.Way.choices))
    kinds.know(
        kinds.MatterKind(
            code=MOVE_IN,
            name=_("move-in"),
            tasks=TASKS,
            told=frozenset(
                {
                    "give_opinion",
                    "decide_move_in",
                    "settle_move_in",
                    "extend_move_in",
                    "lapse_move_in",
                }
            ),
        )
    )
    name_codes("kind", {**TASKS, MOVE_IN: _("move-in")})
    lead_to({"move_in": "move_in"}, own={"move_in": "my_move_in"})
    call_by({"move_in": "name", "move_in_item": "name"})
    work.task_moved.connect(follow_opinion)
