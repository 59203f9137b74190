"""What acts and tasks of cases are called, in the trail and the inbox, and where a case is shown."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import call_by, lead_to, let_pin
from xiaoer.base.verbs import name_verbs
from xiaoer.work import kinds

VERBS: Mapping[str, str | Promise] = {
    "accept_case": _("accepted a case"),
    "deem_accepted": _("counted a case as accepted by silence"),
    "deem_stuck": _("could not begin a case accepted by silence"),
    "ask_supplement": _("asked for what is missing"),
    "refuse_acceptance": _("did not accept a case"),
    "ask_pre_check": _("asked for an application to be looked through"),
    "pre_check_case": _("looked an application through"),
    "start_item": _("began an item"),
    "bar_item": _("barred an item"),
    "step_without_staff": _("gave a step to the lead office"),
    "finish_step": _("did a step"),
    "return_step": _("returned a step"),
    "hand_on_step": _("handed a step on"),
    "take_step": _("took a step"),
    "add_signer": _("asked another to sign"),
    "hold_step": _("put a step on hold"),
    "release_step": _("took a step up again"),
    "pause_item": _("stopped the clocks of an item"),
    "resume_item": _("let the clocks of an item run on"),
    "extend_item": _("gave an item more time"),
    "extend_case": _("gave all items more time together"),
    "ask_visit": _("said the place is ready for a visit"),
    "book_visit": _("booked a visit to the site"),
    "record_visit": _("recorded a visit to the site"),
    "told_defects": _("told what is to be repaired"),
    "report_repair": _("said that defects are repaired"),
    "recheck_visit": _("checked defects again"),
    "end_visit": _("ended a visit as not passed"),
    "grant_item": _("granted an item"),
    "file_item": _("filed or confirmed an item"),
    "refuse_item": _("refused an item"),
    "withdraw_item": _("withdrew an item"),
    "all_decided": _("had all items decided"),
    "issue_case": _("handed out all results"),
    "archive_case": _("archived a case"),
    "remind_paper": _("reminded of a promised paper"),
    "break_paper": _("found a promised paper not brought"),
    "bring_paper": _("brought a promised paper"),
    "settle_paper": _("settled a broken promise"),
    "drop_task": _("dropped a task"),
}
TASKS: Mapping[str, str | Promise] = {
    "accept_case": _("Accept or ask for what is missing"),
    "review": _("Review"),
    "countersign": _("Countersign"),
    "any_sign": _("Sign"),
    "site_visit": _("Visit the site"),
    "expert_review": _("Expert review"),
    "push": _("Confirm what was passed on"),
    "decide": _("Decide"),
    "issue_case": _("Hand out the results together"),
    "book_visit": _("Book the visit to the site"),
    "recheck_visit": _("Check the defects again"),
    "follow_paper": _("A promised paper was not brought"),
    "check_rating": _("Look into a bad rating"),
}
DETAILS: Mapping[str, str | Promise] = {
    "limit": _("limit by law"),
    "item": _("item"),
    "step": _("step"),
    "item_name": _("item"),
    "step_name": _("step"),
    "items": _("items"),
    "promised": _("promised for later"),
    "gaps": _("what is missing"),
    "due_at": _("due"),
    "why": _("why"),
    "agrees": _("agrees"),
    "remedies": _("what can be done"),
    "licences": _("licences"),
    "working_days": _("working days"),
    "office_name": _("office"),
    "defects": _("defects"),
    "passed": _("passed"),
    "paper": _("paper"),
    "number": _("number"),
}
# Whose acts ring the bell of those who have a part in the case.
TOLD = frozenset(
    {"return_step", "refuse_item", "withdraw_item", "extend_item", "extend_case", "break_paper"}
)


def tell() -> None:
    """Lend these words to the rooms below; called once when the app starts."""
    name_verbs(VERBS)
    kinds.know(kinds.MatterKind(code="permit_case", name=_("case"), tasks=TASKS, told=TOLD))
    name_codes("kind", {**TASKS, "permit_case": _("case")})
    label_details(DETAILS)
    call_by({"case_notice": "number", "case_visit": "place", "case_defect": "what"})
    lead_to({"permit_case": "permit_case"})
    let_pin("permit_case")
