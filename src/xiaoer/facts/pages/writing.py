"""Forms: one figure, one indicator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages.forms import day_of
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts import access, queries
from xiaoer.facts import actions as facts
from xiaoer.facts.access import KEEPERS
from xiaoer.facts.measuring import UNITS, unit_of
from xiaoer.facts.models import Aspect, Column, Metric
from xiaoer.facts.pages.words import language, name_of, number_of, text_of
from xiaoer.facts.periods import Period, parse_period

keepers = page(*sorted(KEEPERS))


@keepers
def indicator_add(request: HttpRequest, by: Actor) -> HttpResponse:
    """Write down one figure, or a correction of one."""
    if request.method == "POST":
        metric = _record(request, by)
        messages.success(request, _("Written down: %(name)s.") % {"name": name_of(metric)})
        return go(request, reverse("indicator", args=[metric.code]))
    wanted = queries.metric_by_code(text_of(request, "metric", 60))
    context = {
        "metrics": [
            (m.pk, f"{name_of(m)} ({unit_of(m).word(language())})") for m in queries.metrics()
        ],
        "metric": wanted.pk if wanted else None,
        "columns": [(column.value, column.label) for column in Column],
        "aspects": [(aspect.value, aspect.label) for aspect in Aspect],
    }
    return render(request, "facts/add.html", context)


def _record(request: HttpRequest, by: Actor) -> Metric:
    metric = queries.metrics().filter(pk=number_of(request.POST.get("metric")) or 0).first()
    if metric is None:
        raise Refused(_("Choose the indicator."), field="metric")
    column, aspect = text_of(request, "column"), text_of(request, "aspect") or Aspect.VALUE
    if column not in Column.values:
        raise Refused(_("Choose by whose word the figure is."), field="column")
    if aspect not in Aspect.values:
        raise Refused(_("Choose what the figure says."), field="aspect")
    known_on = text_of(request, "known_on")
    if known_on and day_of(known_on) is None:
        raise Refused(_("“%(day)s” is not a day.") % {"day": known_on}, field="known_on")
    facts.record_value(
        by=by,
        now=timezone.now(),
        metric=metric,
        period=_period(text_of(request, "period", 60)),
        number=text_of(request, "number", 60),
        column=column,
        aspect=aspect,
        source=text_of(request, "source", 200),
        dimension=text_of(request, "part", 120),
        external_ref=text_of(request, "external_ref", 60),
        known_on=day_of(known_on),
        note=text_of(request, "note"),
    )
    return metric


def _period(typed: str) -> Period:
    try:
        period = parse_period(typed)
    except Unreadable as no:
        raise Refused(str(no), field="period") from no
    if period is None:
        raise Refused(_("Say for which period the figure is."), field="period")
    return period


@page(*STAFF_ROLES, Role.CITY)
def metric_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every indicator: its meaning, unit and how it adds up."""
    context = {
        "metrics": [
            (
                m,
                name_of(m),
                unit_of(m).word(language()),
                Metric.Kind(m.kind).label,
                Metric.Adds(m.adds).label,
            )
            for m in queries.metrics()
        ],
        "keeps": access.keeps_figures(by),
    }
    return render(request, "facts/metrics.html", context)


@keepers
def metric_add(request: HttpRequest, by: Actor) -> HttpResponse:
    """Define an indicator that sheets may then name."""
    if request.method == "POST":
        metric = _define(request, by)
        messages.success(request, _("Defined: %(name)s.") % {"name": name_of(metric)})
        return go(request, reverse("metric_list"))
    context = {
        "units": [(unit.code, unit.word(language())) for unit in UNITS.values()],
        "kinds": Metric.Kind.choices,
        "adds": Metric.Adds.choices,
    }
    return render(request, "facts/metric_add.html", context)


def _define(request: HttpRequest, by: Actor) -> Metric:
    kind, adds = text_of(request, "kind"), text_of(request, "adds")
    if kind not in Metric.Kind.values:
        raise Refused(_("Choose what kind of figure it is."), field="kind")
    if adds not in Metric.Adds.values:
        raise Refused(_("Choose how it adds up."), field="adds")
    decimals = number_of(request.POST.get("decimals"))
    return facts.define_metric(
        by=by,
        now=timezone.now(),
        code=text_of(request, "code", 60),
        name=text_of(request, "name", 60),
        name_en=text_of(request, "name_en", 120),
        meaning=text_of(request, "meaning"),
        unit=text_of(request, "unit", 20),
        kind=kind,
        adds=adds,
        decimals=2 if decimals is None else min(decimals, 4),
        higher_is_better=text_of(request, "better") != "lower",
    )
