"""What acts and tasks of needs for space are called, in the trail and the inbox."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.assets.access.space import seeks
from xiaoer.assets.actions.seeking import follow_task
from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import call_by, lead_to, let_pin, open_to
from xiaoer.base.verbs import name_verbs
from xiaoer.work import kinds
from xiaoer.work.actions import task_moved

VERBS: Mapping[str, str | Promise] = {
    "open_space_need": _("registered a need for space"),
    "change_space_need": _("changed a need for space"),
    "drop_space_need": _("gave up a need for space"),
    "show_unit": _("showed a unit"),
    "answer_showing": _("answered a showing"),
    "choose_units": _("settled on units"),
    "reopen_space_need": _("looked for space again"),
    "settle_space_need": _("closed a need for space: moved in"),
    "hand_on_need": _("handed on who looks for space"),
}
TASKS: Mapping[str, str | Promise] = {
    "find_space": _("Find space and show it"),
    "hear_showing": _("Hear what they say of the units shown"),
    "begin_move_in": _("Begin the joint review of the move-in"),
}
DETAILS: Mapping[str, str | Promise] = {
    "answer": _("answer"),
    "area": _("area, m²"),
    "area_least_m2": _("area from, m²"),
    "area_most_m2": _("area to, m²"),
    "asks": _("what is asked for"),
    "contact": _("Contact person"),
    "from_on": _("needed from"),
    "industry": _("Trade"),
    "park_id": _("park"),
    "unit": _("carrier unit"),
    "units": _("units"),
    "until_on": _("needed until"),
    "who": _("who looks"),
}
# Whose acts ring the bell of those who have a part in the matter.
TOLD = frozenset({"show_unit", "answer_showing", "choose_units", "drop_space_need"})


def register() -> None:
    """Lend the house the words of this part; called once from ``apps.py``."""
    name_verbs(VERBS)
    label_details(DETAILS)
    name = _("need for space")
    kinds.know(kinds.MatterKind(code="space_need", name=name, tasks=TASKS, told=TOLD))
    name_codes("kind", {"space_need": name, **TASKS})
    name_codes("answer", {"likes": _("interested"), "no": _("does not fit"), "taken": _("chosen")})
    lead_to({"space_need": "space_need"}, own={"space_need": "my_space_need"})
    call_by({"space_need": "name"})
    let_pin("space_need", is_shown=True)
    open_to(
        dict.fromkeys(("space_need_of_project", "space_need_of_appeal", "space_need_for"), seeks)
    )
    task_moved.connect(follow_task)
