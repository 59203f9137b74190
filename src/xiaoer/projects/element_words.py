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
}
TASKS: Mapping[str, str | Promise] = {
    "provide_element": _("Provide an element"),
    "keep_promise": _("Keep a promise of the zone"),
}
DETAILS: Mapping[str, str | Promise] = {
    "amount": _("amount"),
    "needed_on": _("needed by"),
    "answerer": _("who answers"),
    "is_standard_land": _("standard land"),
    "what": _("what"),
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
    name_codes("kind", TASKS)
    label_details(DETAILS)
    lead_to(
        {"element_need": "element_need", "zone_promise": "zone_promise"},
        own={"element_need": "element_need", "zone_promise": "zone_promise"},
    )
    call_by({"element_need": "what", "zone_promise": "what"})
    let_pin("element_need", is_shown=True)
    let_pin("zone_promise", is_shown=True)
