"""What the acts of the registry are called where people read what was done."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: Mapping[str, str | Promise] = {
    "add_party": _("added it to the registry"),
    "change_party": _("corrected facts"),
    "add_name": _("noted another name"),
    "admit_enterprise": _("admitted it to a cell"),
    "move_to_cell": _("moved it to another cell"),
    "close_party": _("noted that it ended"),
    "look_at_phone": _("looked at the phone number"),
    "assign_steward": _("named who answers for it"),
    "end_stewardship": _("ended that somebody answers for it"),
    "hand_over_caseload": _("handed over enterprises"),
    "take_over_caseload": _("was given enterprises"),
    "name_monitoring_firm": _("named it a monitoring firm"),
    "end_monitoring": _("ended that it is a monitoring firm"),
    "issue_code": _("issued a one-time code"),
    "ask_to_represent": _("asked to speak for it"),
    "representation_approved": _("let somebody speak for it"),
    "representation_declined": _("declined somebody who asked to speak for it"),
    "representation_ended": _("ended that somebody speaks for it"),
    "merge_parties": _("merged a duplicate into it"),
    "merged_into": _("merged it into another entry"),
    "ask_redrawing": _("had cells and caseloads re-drawn"),
    "ask_redrawing_again": _("had a proposal computed again"),
    "stop_redrawing": _("stopped a proposal being computed"),
    "drop_redrawing": _("dropped a proposal"),
    "compute_redrawing": _("computed a proposal"),
    "fail_redrawing": _("could not compute a proposal"),
    "accept_redrawing": _("accepted a proposal"),
    "withdraw_redrawing": _("withdrew an accepted proposal before its day"),
    "apply_redrawing": _("carried a proposal out"),
    "undo_redrawing": _("took an accepted proposal back"),
    "redraw_enterprise": _("moved it by a proposal to re-draw cells"),
    "pin_enterprise": _("pinned it, so that no proposal moves it"),
    "unpin_enterprise": _("unpinned it"),
    "set_redrawing_rule": _("changed a value proposals are computed with"),
    "open_park": _("opened a park"),
    "open_grid": _("opened a grid"),
    "open_cell": _("opened a cell"),
    "set_outline": _("took an outline from a file"),
    "give_cell_duty": _("gave a cell to somebody"),
    "end_cell_duty": _("ended that somebody answers for a cell"),
    "receive_sheet": _("looked at a sheet of enterprises"),
    "match_columns": _("said what the columns of a sheet are"),
    "import_registry": _("brought in a sheet of enterprises"),
    "undo_registry_import": _("took a sheet of enterprises back"),
    "fail_registry_import": _("could not bring in a sheet of enterprises"),
    "start_again": _("started the work on a sheet again"),
}
# Their line says in ``after`` to which cell.
CELL_VERBS = frozenset({"admit_enterprise", "move_to_cell", "redraw_enterprise"})
# What changed, by column, in the words of the forms.
FACTS: Mapping[str, str | Promise] = {
    "name": _("Registered name"),
    "credit_code": _("Credit code"),
    "old_register_no": _("Old registration number"),
    "kind": _("Kind"),
    "industry": _("Industry class"),
    "section": _("Section"),
    "status": _("Status"),
    "capital_fen": _("Registered capital"),
    "capital_currency": _("Currency"),
    "registered_on": _("Registered on"),
    "address": _("Address"),
    "business": _("Business scope"),
    "legal_representative": _("Legal representative"),
    "contact_name": _("Contact person"),
    "contact_phone": _("Contact phone"),
    "park": _("Park"),
}

# Keys of journal lines that no column is called by.
DETAILS: Mapping[str, str | Promise] = {"redrawing": _("proposal")}


def detail_words(verb: str, detail: Mapping[str, Any]) -> str:
    """What a line of the journal adds to its verb: the facts that changed, a name, a reason."""
    after = detail.get("after")
    if isinstance(after, dict):
        return "、".join(str(FACTS.get(name, name)) for name in after)
    told = [detail.get(key) for key in ("name", "title", "reason")]
    if isinstance(after, str) and verb in CELL_VERBS:
        told.append(after)
    return " · ".join(str(words) for words in told if words)
