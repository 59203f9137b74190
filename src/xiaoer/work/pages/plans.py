"""Lists over plans: all that are open, what must start this week, those of the enterprise itself."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.web.marks import Colour, light_name
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.work import plan_access as access
from xiaoer.work import queries
from xiaoer.work.models import Plan
from xiaoer.work.pages.plan import today
from xiaoer.work.pages.reading import chosen, number_in_address

readers = page(*STAFF_ROLES, Role.CITY)
firms = page(Role.ENTERPRISE)
LIGHTS = ("red", "amber", "green", "grey")
PLANS = (
    Column("title", gettext_lazy("Plan"), 36),
    Column("party", gettext_lazy("Enterprise"), 30),
    Column("light", gettext_lazy("Light"), 10),
    Column("promised_on", gettext_lazy("Promised day"), 12, Kind.DATE),
    Column("first_promised_on", gettext_lazy("First promised"), 12, Kind.DATE),
    Column("forecast_on", gettext_lazy("Forecast end"), 12, Kind.DATE),
    Column("slack", gettext_lazy("Days to spare"), 10, Kind.NUMBER),
    Column("chance", gettext_lazy("Kept with, %"), 10, Kind.NUMBER),
    Column("likely_on", gettext_lazy("Eight of ten by"), 12, Kind.DATE),
    Column("soon", gettext_lazy("Must start this week"), 12, Kind.NUMBER),
    Column("held", gettext_lazy("Held up"), 10, Kind.NUMBER),
)
STARTS = (
    Column("plan", gettext_lazy("Plan"), 36),
    Column("step", gettext_lazy("Step of the plan"), 30),
    Column("who", gettext_lazy("Who does it"), 20),
    Column("late_start", gettext_lazy("Latest start"), 12, Kind.DATE),
    Column("float_days", gettext_lazy("Days to spare"), 10, Kind.NUMBER),
    Column("blocked_by", gettext_lazy("Held up by"), 30),
)


@readers
def plan_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Every open plan, what is lost first; the very list as a sheet."""
    asked = queries.PlanFilter(
        light=chosen(request, "light", LIGHTS) or "",
        text=request.GET.get("q", "").replace("\x00", "").strip()[:60],
        is_closed=request.GET.get("closed") == "yes",
    )
    rows = queries.plans(by.zone_id, asked, today())
    kind = request.GET.get("export")
    if kind:
        return sheet_response(kind, _("Plans"), PLANS, _cells(rows))
    pages = Paginator(rows, queries.PLANS_A_PAGE)
    shown = pages.get_page(number_in_address(request, "page") or 1)
    context = {
        "asked": asked,
        "plans": [(each, light_of(each)) for each in shown],
        "page": shown.number,
        "pages": pages.num_pages,
        "total": pages.count,
        "counts": queries.plan_counts(by.zone_id),
        "makes": access.makes_plans(by),
    }
    return render(request, "work/plan_list.html", context)


def light_of(plan: Plan) -> Colour:
    return queries.plan_light(plan.slack, plan.promised_on, plan.likely_on)


def _cells(rows: QuerySet[Plan]) -> Iterator[tuple[object, ...]]:
    for plan in rows:
        light = light_of(plan)
        yield (
            plan.title, plan.party.name if plan.party else "", light_name(light), plan.promised_on,
            plan.first_promised_on, plan.forecast_on, plan.slack, plan.chance, plan.likely_on,
            getattr(plan, "soon", None), getattr(plan, "held", None),
        )  # fmt: skip


@readers
def plans_starting(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """What must start within the week over all plans, soonest first."""
    days = min(number_in_address(request, "days") or 7, 60)
    lines = queries.due_to_start(by.zone_id, days, today())
    office = by.office_id if request.GET.get("mine") == "yes" else None
    if office is not None:
        lines = [line for line in lines if line.office_id == office]
    if request.GET.get("export"):
        return sheet_response(request.GET["export"], _("What must start"), STARTS, lines)
    context = {
        "lines": lines,
        "days": days,
        "is_mine": office is not None,
        "blocked": queries.blocked_steps(by.zone_id, today()),
    }
    return render(request, "work/plans_starting.html", context)


@firms
def my_plans(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """The plans of the enterprise's own projects: what waits for it, what it waits for."""
    plans = queries.plans_of_party(by.party_ref or 0)
    return render(
        request, "work/my_plans.html", {"plans": [(each, light_of(each)) for each in plans]}
    )
