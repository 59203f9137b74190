"""What the verbs of investment and of statistical entry are called, and the keys of their lines."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details
from xiaoer.base.subjects import call_by, let_pin
from xiaoer.base.verbs import name_verbs

MONEY_VERBS: dict[str, str | Promise] = {
    "report_month": _("reported a month of investment"),
    "report_months": _("reported months of investment from a sheet"),
    "correct_month": _("corrected a month of investment"),
    "set_year_plan": _("set the investment plan of a year"),
    "set_list_goal": _("set the goal of a list"),
}


def register_money() -> None:
    """Lend the house the words of this part; called once from ``apps.py``."""
    name_verbs(MONEY_VERBS)
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
