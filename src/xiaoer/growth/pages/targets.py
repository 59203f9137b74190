"""Campaigns and targets: where each stands against its plan, and setting them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import Office, Post
from xiaoer.base.pages.forms import day_of, number
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts.models import Column as Word
from xiaoer.facts.models import Metric
from xiaoer.facts.pages.words import language, name_of, text_of
from xiaoer.facts.periods import Period, parse_period
from xiaoer.growth import actions as growth
from xiaoer.growth import queries
from xiaoer.growth import watch_access as access
from xiaoer.growth.actions import TargetFacts
from xiaoer.growth.models import Campaign, Target, TargetRule
from xiaoer.growth.pages.asking import READERS, amount, percent, plain, unit
from xiaoer.growth.pages.naming import how_words
from xiaoer.growth.queries import MonthOfTarget, Progress
from xiaoer.registry.models import Park, Party
from xiaoer.rules.models import Rule
from xiaoer.web.marks import Colour
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

watchers = page(*sorted(access.WATCHERS))


@dataclass(frozen=True, slots=True)
class Line:
    """A target in words."""

    target: Target
    light: Colour
    name: str
    scope: str
    owner: str
    so_far: str
    value: str
    unit: str
    completion: str
    planned: str
    elapsed: str
    forecast: str
    upto: str


@page(*READERS)
def targets(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Every target in force, red first, under its campaign."""
    as_of = day_of(request.GET.get("as_of"))
    shown = queries.progress_of_all(by=by, today=as_of or timezone.localdate(), as_of=as_of)
    campaign = number(request.GET.get("campaign"))
    light = request.GET.get("light")
    rows = [
        one
        for one in shown
        if campaign in (None, one.target.campaign_id) and light in (None, "", one.light)
    ]
    if request.GET.get("export"):
        return sheet_response(request.GET["export"], _("Targets"), _columns(), _cells(rows))
    context = {
        "lines": [_line(one) for one in rows],
        "campaigns": queries.campaigns(by=by),
        "campaign": campaign,
        "lights": {
            colour: sum(one.light == colour for one in shown)
            for colour in ("red", "amber", "grey", "green")
        },
        "chosen": light,
        "rule": TargetRule.objects.filter(zone_id=by.zone_id).first(),
        "keeps": access.keeps_watch(by),
        "as_of": as_of,
    }
    return render(request, "growth/targets.html", context)


def _line(one: Progress) -> Line:
    target = one.target
    return Line(
        target=target,
        light=one.light,
        name=target.name,
        scope=scope_words(target),
        owner=target.owner.person.name if target.owner else "",
        so_far=_amount(target, one.so_far),
        value=_amount(target, target.value),
        unit=_unit(target),
        completion=percent(one.completion),
        planned=percent(one.last.planned) if one.last else "",
        elapsed=percent(one.elapsed),
        forecast=_amount(target, one.forecast),
        upto=one.last.period.show(language()) if one.last else "",
    )


def scope_words(target: Target) -> str:
    """What of the zone a target is of; empty for the whole."""
    scope = target.park or target.office or target.party
    return scope.name if scope else ""


def _amount(target: Target, scaled: int | None) -> str:
    if target.metric is not None:
        return amount(target.metric, scaled)
    figure = plain(scaled)
    return "–" if figure is None else f"{figure:f}"


def _unit(target: Target) -> str:
    return unit(target.metric) if target.metric else _("enterprises")


def measured_words(target: Target) -> str:
    """What is measured: the indicator, or the firms a rule finds."""
    if target.metric is not None:
        return name_of(target.metric)
    return _("Enterprises under “%(rule)s”") % {"rule": target.rule.name if target.rule else ""}


def _columns() -> tuple[Column, ...]:
    return (
        Column("campaign", _("Campaign"), 24),
        Column("name", _("Target"), 30),
        Column("what", _("What is measured"), 24),
        Column("scope", _("Scope"), 20),
        Column("owner", _("Owner"), 12),
        Column("unit", _("Unit"), 10),
        Column("value", _("Target value"), 14, Kind.NUMBER),
        Column("so_far", _("So far"), 14, Kind.NUMBER),
        Column("upto", _("up to"), 14),
        Column("completion", _("Completion, %"), 12, Kind.NUMBER),
        Column("planned", _("Plan by then, %"), 12, Kind.NUMBER),
        Column("elapsed", _("Time passed, %"), 12, Kind.NUMBER),
        Column("forecast", _("Forecast"), 14, Kind.NUMBER),
        Column("light", _("Light"), 8),
        Column("source", _("Source"), 30),
    )


def _cells(rows: Iterable[Progress]) -> Iterator[tuple[object, ...]]:
    for one in rows:
        target = one.target
        yield (
            target.campaign.name,
            target.name,
            measured_words(target),
            scope_words(target),
            target.owner.person.name if target.owner else "",
            _unit(target),
            plain(target.value),
            plain(one.so_far),
            one.last.period.show(language()) if one.last else "",
            queries.points_number(one.completion),
            queries.points_number(one.last.planned) if one.last else None,
            queries.points_number(one.elapsed),
            plain(one.forecast),
            one.light,
            target.source,
        )


@page(*READERS)
def target(request: HttpRequest, by: Actor, target_id: int) -> HttpResponseBase:
    """One target: its line by month beside the plan, where the figures come from, what was changed."""
    row = found(queries.target_of(by, target_id))
    as_of = day_of(request.GET.get("as_of"))
    one = queries.progress(by=by, targets=[row], today=as_of or timezone.localdate(), as_of=as_of)[
        0
    ]
    if request.GET.get("export"):
        return sheet_response(
            request.GET["export"], row.name, _month_columns(row), _month_cells(one.months)
        )
    context = {
        "row": row,
        "line": _line(one),
        "what": measured_words(row),
        "spec": _spec(one),
        "months": [
            (
                month.period.show(language()),
                _amount(row, month.plan),
                percent(month.planned),
                _amount(row, month.figure),
                how_words(month.how),
            )
            for month in one.months
        ],
        "period": Period(row.starts_on, row.ends_on).show(language()),
        "base": _amount(row, row.base) if row.base is not None else None,
        "stated": [(figure.show(language()), figure.source) for figure in one.stated],
        "differs": any(figure.low != row.value for figure in one.stated),
        "keeps": access.keeps_watch(by) and row.dropped_at is None,
        "rule": one.rule,
        "behind": percent(one.behind) if one.behind is not None and one.behind > 0 else None,
    }
    return render(request, "growth/target.html", context)


def _spec(one: Progress) -> dict[str, object] | None:
    def value(scaled: int | None) -> float | None:
        figure = plain(scaled)
        return None if figure is None else float(figure)

    if len(one.months) < 2:
        return None
    return {
        "kind": "trend",
        "x": [f"{month.period.ends_on:%Y-%m}" for month in one.months],
        "series": [
            {
                "name": _("so far"),
                "style": "official",
                "values": [value(month.figure) for month in one.months],
            },
            {
                "name": _("plan"),
                "style": "estimated",
                "values": [value(month.plan) for month in one.months],
            },
        ],
        "thresholds": [{"name": _("target"), "value": value(one.target.value)}],
        "unit": _unit(one.target),
    }


def _month_columns(row: Target) -> tuple[Column, ...]:
    return (
        Column("month", _("Month"), 14),
        Column("plan", f"{_('Plan')} ({_unit(row)})", 16, Kind.NUMBER),
        Column("share", _("Plan by then, %"), 12, Kind.NUMBER),
        Column("figure", _("So far"), 16, Kind.NUMBER),
        Column("how", _("How it came about"), 24),
    )


def _month_cells(months: Iterable[MonthOfTarget]) -> Iterator[tuple[object, ...]]:
    for month in months:
        yield (
            month.period.show(language()),
            plain(month.plan),
            queries.points_number(month.planned),
            plain(month.figure),
            how_words(month.how),
        )


# Forms --------------------------------------------------------------------------------------------


@watchers
def campaign_add(request: HttpRequest, by: Actor) -> HttpResponse:
    """Open a campaign."""
    if request.method == "POST":
        row = growth.open_campaign(
            by=by,
            now=timezone.now(),
            name=text_of(request, "name"),
            period=_must_period(request),
            purpose=text_of(request, "purpose"),
            document=text_of(request, "document"),
            owner=post_of(request, by),
        )
        messages.success(request, _("Opened: %(name)s.") % {"name": row.name})
        return go(request, f"{reverse('target_add')}?campaign={row.pk}")
    year = timezone.localdate().year
    return render(
        request, "growth/campaign_add.html", {"people": people_of(by), "period": f"{year}年1-12月"}
    )


@watchers
def campaign_close(request: HttpRequest, by: Actor, campaign_id: int) -> HttpResponse:
    """End a campaign."""
    row = found(Campaign.objects.filter(zone_id=by.zone_id, pk=campaign_id).first())
    if request.method == "POST":
        growth.close_campaign(by=by, now=timezone.now(), campaign=row)
        messages.success(request, _("Closed: %(name)s.") % {"name": row.name})
    return go(request, reverse("targets"))


@watchers
def target_add(request: HttpRequest, by: Actor) -> HttpResponse:
    """Set a target of a campaign."""
    open_ones = [one for one in queries.campaigns(by=by) if one.closed_at is None]
    if request.method == "POST":
        row = next(
            (one for one in open_ones if one.pk == number(request.POST.get("campaign"))), None
        )
        if row is None:
            raise Refused(_("Choose the campaign."), field="campaign")
        fresh = growth.set_target(
            by=by, now=timezone.now(), campaign=row, facts=_facts(request, by)
        )
        messages.success(request, _("Set: %(name)s.") % {"name": fresh.name})
        return go(request, reverse("target", args=[fresh.pk]))
    context = {
        **_choices(by),
        "campaigns": [(one.pk, one.name) for one in open_ones],
        "campaign": number(request.GET.get("campaign")),
    }
    return render(request, "growth/target_add.html", context)


@watchers
def target_drop(request: HttpRequest, by: Actor, target_id: int) -> HttpResponse:
    """Give a target up."""
    row = found(queries.target_of(by, target_id))
    if request.method == "POST":
        growth.drop_target(by=by, now=timezone.now(), target=row, reason=text_of(request, "reason"))
        messages.success(request, _("Given up: %(name)s.") % {"name": row.name})
    return go(request, reverse("target", args=[row.pk]))


@watchers
def target_rule(request: HttpRequest, by: Actor) -> HttpResponse:
    """How far behind the plan a target turns amber and red."""
    row = TargetRule.objects.filter(zone_id=by.zone_id).first()
    if request.method == "POST":
        growth.set_target_rule(
            by=by,
            now=timezone.now(),
            amber_points=_points(request, "amber_points"),
            red_points=_points(request, "red_points"),
            source=text_of(request, "source"),
            mark=text_of(request, "mark", 1),
            version=number(request.POST.get("version")),
        )
        messages.success(request, _("Saved."))
        return go(request, reverse("targets"))
    return render(request, "growth/target_rule.html", {"rule": row, "marks": MARKS})


MARKS = tuple((mark, mark) for mark in "ABCDU")


def _points(request: HttpRequest, name: str) -> int:
    given = number(request.POST.get(name, "").strip())
    if given is None or given > 100:
        raise Refused(_("Type a whole number of points up to 100."), field=name)
    return given


def _facts(request: HttpRequest, by: Actor) -> TargetFacts:
    zone = {"zone_id": by.zone_id}
    measured, _bar, rest = text_of(request, "measured", 80).partition(":")
    scope, _bar2, where = text_of(request, "scope", 40).partition(":")
    return TargetFacts(
        name=text_of(request, "name", 200),
        value=text_of(request, "value", 40),
        base=text_of(request, "base", 40),
        source=text_of(request, "source"),
        metric=Metric.objects.filter(code=rest).first() if measured == "metric" else None,
        rule=Rule.objects.filter(code=rest, **zone).first() if measured == "rule" else None,
        column=text_of(request, "column", 10),
        way=text_of(request, "way", 8) or Target.Way.ADD_UP,
        park=Park.objects.filter(pk=number(where) or 0, **zone).first()
        if scope == "park"
        else None,
        office=(
            Office.objects.filter(pk=number(where) or 0, **zone).first()
            if scope == "office"
            else None
        ),
        party=_party(request, by),
        period=_period(request),
        owner=post_of(request, by),
        share_way=text_of(request, "share_way", 8) or growth.EVEN,
        shares=[part for part in text_of(request, "shares").replace("，", ",").split(",") if part],
    )


def _party(request: HttpRequest, by: Actor) -> Party | None:
    name = text_of(request, "party", 120)
    return party_named(by, name, "party") if name else None


def party_named(by: Actor, name: str, field: str) -> Party:
    """The enterprise of the zone with just this name."""
    row = Party.objects.filter(zone_id=by.zone_id, name=name, merged_into__isnull=True).first()
    if row is None:
        raise Refused(
            _("No enterprise of the zone is called “%(name)s”; type its whole name.")
            % {"name": name},
            field=field,
        )
    return row


def _period(request: HttpRequest) -> Period | None:
    try:
        return parse_period(text_of(request, "period", 60))
    except Unreadable as no:
        raise Refused(str(no), field="period") from no


def _must_period(request: HttpRequest) -> Period:
    period = _period(request)
    if period is None:
        raise Refused(_("Give whole months, such as 2026年1-12月."), field="period")
    return period


def post_of(request: HttpRequest, by: Actor, name: str = "owner") -> Post | None:
    number_given = number(request.POST.get(name))
    if number_given is None:
        return None
    row = Post.objects.filter(zone_id=by.zone_id, pk=number_given).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=name)
    return row


def people_of(by: Actor) -> list[tuple[int, str]]:
    """Who may own something: the posts in force with their offices."""
    rows = (
        Post.objects.filter(zone_id=by.zone_id, until__isnull=True, office__isnull=False)
        .select_related("person", "office")
        .order_by("office__order", "office_id", "-is_lead", "person__name")
    )
    return [(row.pk, f"{row.person.name} · {row.office.name}") for row in rows if row.office]


def _choices(by: Actor) -> dict[str, object]:
    zone = {"zone_id": by.zone_id}
    metrics = Metric.objects.exclude(adds=Metric.Adds.NEVER).order_by("id")
    return {
        "measures": [
            *((f"metric:{one.code}", f"{name_of(one)} ({unit(one)})") for one in metrics),
            *(
                (f"rule:{one.code}", _("Enterprises under “%(rule)s”") % {"rule": one.name})
                for one in Rule.objects.filter(subject="party", **zone)
            ),
        ],
        "ways": Target.Way.choices,
        "columns": Word.choices,
        "scopes": [
            *((f"park:{one.pk}", one.name) for one in Park.objects.filter(**zone)),
            *(
                (f"office:{one.pk}", _("Enterprises of %(office)s") % {"office": one.name})
                for one in Office.objects.filter(**zone).order_by("order", "id")
            ),
        ],
        "people": people_of(by),
        "share_ways": (
            (growth.EVEN, _("the same for every month")),
            (growth.SEASON, _("as the months of last year were")),
            (growth.OWN, _("as typed below")),
        ),
    }
