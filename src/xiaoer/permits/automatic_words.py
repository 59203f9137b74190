"""What the verbs, guards and doubts of unattended approval are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUTOMATIC_VERBS: dict[str, str | Promise] = {
    "seed_packs": _("added the packs of unattended approval"),
    "bring_entries": _("brought in entries of a shared register"),
    "decide_case": _("decided a case by rule"),
    "adopt_value": _("adopted one of the stated values"),
    "ask_correction": _("asked the applicant to correct what is in doubt"),
    "to_two_officers": _("handed a case to two officers"),
    "review_sample": _("looked at a grant made by rule"),
    "record_post_check": _("said what was found on site after a grant"),
    "withdraw_grant": _("withdrew a grant made by rule"),
    "switch_pack": _("switched an item of unattended approval"),
    "authorise_pack": _("signed the authorisation of an item"),
    "confirm_law": _("said that the law of an item was looked at"),
    "change_pack": _("changed the thresholds of an item"),
    "stop_register": _("stopped or believed a shared register"),
}
AUTOMATIC_DETAILS: dict[str, str | Promise] = {
    "packs": _("packs"),
    "doubts": _("doubts"),
    "gone": _("no longer listed"),
    "decision": _("decision"),
    "value": _("value"),
    "document": _("document"),
    "rule": _("version of the rule"),
    "sample_percent": _("share looked at afterwards"),
    "least_confidence": _("least confidence"),
    "daily_limit": _("grants a day"),
    "applicant_limit": _("grants to one applicant"),
    "post_check_days": _("days until the check on site"),
}
# Why a person has to look, by ``packs.Doubt``.
DOUBTS: dict[str, str | Promise] = {
    "missing": _("nothing is stated"),
    "unread": _("the paper could not be read"),
    "unsure": _("read, but not surely enough"),
    "disagree": _("the sources do not agree"),
    "stale": _("the shared data are too old"),
    "stopped": _("the shared data are stopped"),
    "unknown_key": _("what the shared data are asked about is itself in doubt"),
    "not_a_value": _("what is stated is no such value"),
    "guard": _("a safeguard does not hold"),
    "not_met": _("a condition is not met"),
    "needs_data": _("a condition lacks data"),
    "needs_person": _("a condition is for a person"),
    "no_rule": _("no rule is in force"),
}
# The safeguards every case must pass, by ``deciding.GUARDS``.
GUARD_NAMES: dict[str, str | Promise] = {
    "applicant_known": _("the applicant is in the registry and in operation"),
    "applicant_sure": _("the applicant signed in itself"),
    "papers_here": _("every paper asked for is here"),
    "papers_read": _("every paper could be read"),
    "papers_hold": _("every paper still holds"),
    "papers_alone": _("no paper is in another case or another party's"),
    "papers_unedited": _("no picture shows signs of editing"),
    "case_alone": _("no other application of the same"),
    "no_violation": _("no open violation of the applicant"),
    "promise_given": _("the promise was signed"),
    "pack_on": _("the item is switched on"),
    "law_checked": _("the law was looked at for this day"),
    "rule_authorised": _("the rule in force is the one two persons authorised"),
    "within_limits": _("within the limits a day and an applicant"),
    "rule": _("the rule"),
    "sealing": _("the licence could be made and signed"),
}
