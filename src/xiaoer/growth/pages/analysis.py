"""Monthly analysis by industry and park; every number opens to its firms."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from xiaoer.base.doors import found as must_find
from xiaoer.base.doors import page
from xiaoer.base.scope import Actor
from xiaoer.facts.pages.words import language, name_of
from xiaoer.growth import queries
from xiaoer.growth.pages.asking import (
    READERS,
    Asked,
    Groups,
    amount,
    asked_by,
    groups_of,
    hundredths,
    percent,
    plain,
    unit,
)
from xiaoer.growth.pages.naming import comparing_words
from xiaoer.growth.queries import Contribution, FirmFigure, MonthOfAll, Part
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

MOST_BARS = 12
MOST_FIRMS = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A part of the zone in words, with the addresses of its firms."""

    name: str
    now: str
    growth: str
    share: str
    points: str
    part: Part
    firms: str
    up: str
    down: str
    stopped: str


@page(*READERS)
def analysis(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """A figure of a month, or of January to date, by part of the zone."""
    asked = asked_by(request, by)
    if asked is None:
        return render(request, "growth/analysis.html", {"asked": None})
    found = _found(by, asked)
    groups = groups_of(by, asked)
    parts = queries.parts_of(found, groups.key, groups.name)
    if request.GET.get("export"):
        kind = request.GET["export"]
        return sheet_response(kind, _("Monthly analysis"), _columns(asked), _cells(found, parts))
    months = queries.months_of_all(
        zone_id=by.zone_id, metric=asked.metric, column=asked.column, last=asked.month
    )
    context = {
        "asked": asked,
        "name": name_of(asked.metric),
        "unit": unit(asked.metric),
        "period": asked.period.show(language()),
        "whole": _line(asked, queries.whole_of(found), _("The zone")),
        "lines": [_line(asked, part, part.pull.name) for part in parts],
        "lack": len(found.lacking),
        "lacking_at": _firms_at(asked, only="lacking"),
        "bars": _bars(asked, parts),
        "bar_rows": [(part.pull.name, plain(part.pull.now)) for part in parts[:MOST_BARS]],
        "trend": _trend(asked, months),
        "trend_rows": [_month_row(asked, month) for month in months],
    }
    return render(request, "growth/analysis.html", context)


def _found(by: Actor, asked: Asked) -> Contribution:
    return queries.contribution(
        zone_id=by.zone_id,
        metric=asked.metric,
        period=asked.period,
        column=asked.column,
        as_of=asked.as_of,
    )


def _line(asked: Asked, part: Part, name: str) -> Line:
    key = "" if part.pull.key is None else str(part.pull.key)
    of = {} if part.pull.firms and name == _("The zone") else {"by": asked.by, "key": key}
    return Line(
        name=name,
        now=amount(asked.metric, part.pull.now),
        growth=percent(part.pull.growth, signed=True),
        share=percent(part.share),
        points=hundredths(part.pull.points, signed=True),
        part=part,
        firms=_firms_at(asked, **of),
        up=_firms_at(asked, only="up", **of),
        down=_firms_at(asked, only="down", **of),
        stopped=_firms_at(asked, only="stopped", **of),
    )


def _firms_at(asked: Asked, **more: str) -> str:
    said = {
        "metric": asked.metric.code,
        "column": asked.column,
        "span": asked.span,
        "to": f"{asked.month:%Y-%m}",
        **({"as_of": asked.as_of.isoformat()} if asked.as_of else {}),
        **more,
    }
    return f"{reverse('growth_firms')}?{urlencode(said)}"


def _bars(asked: Asked, parts: Iterable[Part]) -> dict[str, object] | None:
    shown = list(parts)[:MOST_BARS]
    if len(shown) < 2:
        return None
    return {
        "kind": "bars",
        "x": [part.pull.name for part in shown],
        "series": [
            {"name": name_of(asked.metric), "values": [_float(part.pull.now) for part in shown]}
        ],
        "point": [place for place, part in enumerate(shown) if part.pull.change >= 0],
        "unit": unit(asked.metric),
        "open": {
            part.pull.name: _firms_at(asked, by=asked.by, key=str(part.pull.key or ""))
            for part in shown
        },
    }


def _float(scaled: int | None) -> float | None:
    number = plain(scaled)
    return None if number is None else float(number)


def _trend(asked: Asked, months: Iterable[MonthOfAll]) -> dict[str, object] | None:
    shown = list(months)
    if sum(month.total is not None for month in shown) < 2:
        return None
    return {
        "kind": "trend",
        "x": [f"{month.period.ends_on:%Y-%m}" for month in shown],
        "series": [
            {
                "name": _("this year"),
                "style": "official",
                "values": [_float(month.total) for month in shown],
            },
            {
                "name": _("year before"),
                "style": "estimated",
                "values": [_float(month.before) for month in shown],
            },
        ],
        "unit": unit(asked.metric),
    }


def _month_row(asked: Asked, month: MonthOfAll) -> tuple[object, ...]:
    return (
        month.period.show(language()),
        amount(asked.metric, month.total),
        amount(asked.metric, month.before),
        percent(month.growth, signed=True),
        month.parties,
    )


def _columns(asked: Asked) -> tuple[Column, ...]:
    head = f"{name_of(asked.metric)} ({unit(asked.metric)})"
    return (
        Column("name", _("Part of the zone"), 30),
        Column("now", f"{head} {asked.period.show(language())}", 18, Kind.NUMBER),
        Column("before", asked.period.year_before().show(language()), 18, Kind.NUMBER),
        Column("growth", _("Growth, %"), 12, Kind.NUMBER),
        Column("share", _("Share, %"), 12, Kind.NUMBER),
        Column("points", _("Points of the zone's growth"), 16, Kind.NUMBER),
        Column("firms", _("Enterprises"), 12, Kind.NUMBER),
        Column("up", _("up"), 10, Kind.NUMBER),
        Column("down", _("down"), 10, Kind.NUMBER),
        Column("stopped", _("at nothing"), 10, Kind.NUMBER),
    )


def _cells(found: Contribution, parts: Iterable[Part]) -> Iterator[tuple[object, ...]]:
    for name, part in (
        (_("The zone"), queries.whole_of(found)),
        *((part.pull.name, part) for part in parts),
    ):
        yield (
            name,
            plain(part.pull.now),
            plain(part.pull.before),
            queries.points_number(part.pull.growth),
            queries.points_number(part.share),
            queries.points_number(part.pull.points),
            part.firms,
            part.up,
            part.down,
            part.stopped,
        )


# The firms behind a number ------------------------------------------------------------------------


@page(*READERS)
def firms(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """The firms a number of the analysis counts, the largest first; all of them as a sheet."""
    asked = must_find(asked_by(request, by))
    found = _found(by, asked)
    points = {one.key: one.points for one in found.firms}
    groups = groups_of(by, asked)
    rows = _chosen(request, groups, found)
    if request.GET.get("export"):
        title = name_of(asked.metric)
        return sheet_response(
            request.GET["export"], title, _firm_columns(asked), _firm_cells(rows, points)
        )
    only = request.GET.get("only", "")
    context = {
        "asked": asked,
        "name": name_of(asked.metric),
        "unit": unit(asked.metric),
        "period": asked.period.show(language()),
        "part": groups.name(request.GET["key"]) if "key" in request.GET else "",
        "only": only if only in ONLY else "",
        "onlies": [(code, words) for code, words in _only_words().items()],
        "count": len(rows),
        "rows": [
            (
                one,
                amount(asked.metric, one.now),
                amount(asked.metric, one.before),
                percent(_growth(one), signed=True),
                hundredths(points.get(one.party_id), signed=True),
                comparing_words(one.comparing),
            )
            for one in rows[:MOST_FIRMS]
        ],
        "more": max(len(rows) - MOST_FIRMS, 0),
    }
    return render(request, "growth/firms.html", context)


ONLY = ("up", "down", "stopped", "lacking")


def _only_words() -> Mapping[str, str]:
    return {
        "up": _("up"),
        "down": _("down"),
        "stopped": _("at nothing"),
        "lacking": _("without a figure to compare"),
    }


def _chosen(request: HttpRequest, groups: Groups, found: Contribution) -> list[FirmFigure]:
    only = request.GET.get("only", "")
    rows = list(found.lacking) if only == "lacking" else [one.firms[0] for one in found.firms]
    if "key" in request.GET:
        wanted = request.GET["key"]
        rows = [one for one in rows if str(groups.key(one) or "") == wanted]
    test = {
        "up": lambda one: one.change > 0,
        "down": lambda one: one.change < 0 and not one.stopped,
        "stopped": lambda one: one.stopped,
    }.get(only)
    return sorted(filter(test, rows) if test else rows, key=lambda one: (-(one.now or 0), one.name))


def _growth(one: FirmFigure) -> int | None:
    return queries.growth_of(one.now or 0, one.before or 0) if one.is_counted else None


def _firm_columns(asked: Asked) -> tuple[Column, ...]:
    head = f"{name_of(asked.metric)} ({unit(asked.metric)})"
    return (
        Column("name", _("Enterprise"), 34),
        Column("industry", _("Industry"), 10),
        Column("now", f"{head} {asked.period.show(language())}", 18, Kind.NUMBER),
        Column("before", asked.period.year_before().show(language()), 18, Kind.NUMBER),
        Column("growth", _("Growth, %"), 12, Kind.NUMBER),
        Column("points", _("Points of the zone's growth"), 16, Kind.NUMBER),
        Column("note", _("Counted"), 30),
    )


def _firm_cells(
    rows: Iterable[FirmFigure], points: Mapping[object, int | None]
) -> Iterator[tuple[object, ...]]:
    for one in rows:
        yield (
            one.name,
            one.industry,
            plain(one.now),
            plain(one.before),
            queries.points_number(_growth(one)),
            queries.points_number(points.get(one.party_id)),
            comparing_words(one.comparing) or _("yes"),
        )
