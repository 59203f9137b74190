"""What the verbs of investment and of statistical entry are called, and the keys of their lines."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import call_by, lead_to, let_pin
from xiaoer.base.verbs import name_verbs
from xiaoer.work import kinds

MONEY_VERBS: dict[str, str | Promise] = {
    "report_month": _("reported a month of investment"),
    "report_months": _("reported months of investment from a sheet"),
    "correct_month": _("corrected a month of investment"),
    "set_year_plan": _("set the investment plan of a year"),
    "open_entry": _("began to gather papers of entry"),
    "take_stat_paper": _("took in a paper of entry"),
    "withdraw_stat_paper": _("took a paper of entry back"),
    "hand_in_entry": _("handed in the papers of entry"),
    "return_entry": _("recorded that papers of entry came back"),
    "enter_library": _("recorded that a project is in the library"),
    "leave_library": _("recorded that a project is not in the library"),
    "seed_statistics": _("furnished the zone with rules of entry"),
    "set_stat_rule": _("changed a rule of entry"),
    "set_stat_cutoff": _("set a cut-off of entry"),
    "keep_stat_paper_kind": _("changed a paper of entry that is asked for"),
    "set_list_goal": _("set the goal of a list"),
}


ENTRY_TASKS: dict[str, str | Promise] = {"gather_papers": _("Gather the papers of entry")}


def register_money() -> None:
    """Lend the house the words of this part; called once from ``apps.py``."""
    name_verbs(MONEY_VERBS)
    kinds.know(
        kinds.MatterKind(
            code="stat_entry",
            name=_("entry into statistics"),
            tasks=ENTRY_TASKS,
            told=frozenset({"return_entry", "enter_library"}),
        )
    )
    name_codes("kind", {**ENTRY_TASKS, "stat_entry": _("entry into statistics")})
    lead_to(
        {"stat_entry": "stat_entry", "investment_month": "investment_month"},
        own={"investment_month": "investment_month"},
    )
    label_details(
        {
            "amount": _("amount"),
            "goal_percent": _("goal of completion"),
            "month": _("month"),
            "project": _("project"),
            "reporter": _("who reports"),
            "series": _("kind of investment"),
            "document": _("document"),
        }
    )
    call_by(
        {
            "investment_month": "project__name",
            "year_plan": "project__name",
            "stat_entry": "project__name",
            "stat_paper": "kind__name",
            "stat_paper_kind": "name",
            "stat_cutoff": "name",
            "stat_rule": "code",
        }
    )
    let_pin("investment_month", by_outside=True, is_shown=True)
    let_pin("stat_paper", is_shown=True)
