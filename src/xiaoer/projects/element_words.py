"""What acts and tasks of elements, promises and sessions are called, in the trail and the inbox."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import call_by, lead_to, let_pin
from xiaoer.base.verbs import name_verbs
from xiaoer.work import kinds

VERBS: Mapping[str, str | Promise] = {
    "ask_element": _("registered a need"),
    "promise_element": _("promised an element"),
    "ready_element": _("reported an element as there"),
    "change_need": _("corrected a need"),
    "drop_need": _("dropped a need"),
    "hand_on_answer": _("handed on who answers"),
    "promise_for_zone": _("wrote down a promise of the zone"),
    "keep_promise": _("kept a promise"),
    "move_zone_promise": _("moved a promise of the zone"),
    "withdraw_promise": _("withdrew a promise of the zone"),
    "seed_pre_review": _("added items of pre-review"),
    "keep_pre_review_item": _("changed an item of pre-review"),
    "open_pre_review": _("opened a pre-review"),
    "add_pre_review": _("put an item on a pre-review"),
    "give_conditional": _("gave a conditional result"),
    "sign_land": _("recorded the land contract"),
    "lose_land": _("voided a pre-review"),
    "name_ambassador": _("named a service ambassador"),
    "end_ambassador": _("ended the work of a service ambassador"),
    "pre_check": _("pre-checked a paper"),
    "set_leader": _("named the leader of a project"),
    "set_officer": _("named the officer of a project"),
    "join_force": _("took somebody into a task force"),
    "leave_force": _("released somebody from a task force"),
    "visit_site": _("visited a site"),
    "hold_consultation": _("opened a joint session"),
    "keep_consultation": _("wrote the record of a joint session"),
    "resolve": _("wrote down a decision"),
    "finish_resolution": _("reported on a decision"),
    "ask_decision": _("asked a leader to decide"),
    "decide": _("decided a question"),
    "withdraw_ask": _("withdrew a question to a leader"),
    "make_project_week": _("made the weekly minutes of projects"),
    "add_project_line": _("put a line on the minutes"),
    "keep_project_line": _("wrote into the minutes"),
    "issue_project_week": _("issued the minutes"),
}
TASKS: Mapping[str, str | Promise] = {
    "provide_element": _("Provide an element"),
    "keep_promise": _("Keep a promise of the zone"),
}
# Tasks that hang on the matter of the project itself.
PROJECT_TASKS: Mapping[str, str | Promise] = {
    "pre_review": _("Pre-review before the land contract"),
    "site_act": _("Next act after a site visit"),
    "resolution": _("Carry out a decision"),
}
DETAILS: Mapping[str, str | Promise] = {
    "amount": _("amount"),
    "needed_on": _("needed by"),
    "answerer": _("who answers"),
    "is_standard_land": _("standard land"),
    "what": _("what"),
    "topic": _("matter"),
    "working_days": _("working days"),
    "office_name": _("who judges"),
    "ended_on": _("ended on"),
}
# Whose acts ring the bell of those who have a part in the matter.
TOLD = frozenset({"promise_element", "ready_element", "move_zone_promise", "keep_promise"})


def tell() -> None:
    """Lend these words to the rooms below; called once when the app starts."""
    name_verbs(VERBS)
    for code, name in (
        ("element_need", _("need of an element")),
        ("zone_promise", _("promise of the zone")),
    ):
        kinds.know(kinds.MatterKind(code=code, name=name, tasks=TASKS, told=TOLD))
        name_codes("kind", {code: name})
    name_codes("kind", {**TASKS, **PROJECT_TASKS})
    label_details(DETAILS)
    lead_to(
        {
            "element_need": "element_need",
            "zone_promise": "zone_promise",
            "site_visit": "site_visit",
            "pre_review_track": "pre_review",
            "ambassador": "ambassador",
            "consultation": "consultation",
            "project_week": "project_week",
        },
        own={"element_need": "element_need", "zone_promise": "zone_promise"},
    )
    call_by(
        {
            "element_need": "what",
            "zone_promise": "what",
            "ambassador": "topic",
            "project_week": "monday",
            "pre_review_item": "name",
        }
    )
    let_pin("element_need", is_shown=True)
    let_pin("zone_promise", is_shown=True)
    for table in ("site_visit", "pre_review_track", "consultation"):
        let_pin(table)
