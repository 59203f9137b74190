"""Which firms pull the zone's growth and which drag it, by firm, industry and park."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from xiaoer.base.doors import page
from xiaoer.base.scope import Actor
from xiaoer.facts.pages.words import language, name_of
from xiaoer.growth import queries
from xiaoer.growth.pages.asking import (
    READERS,
    Asked,
    amount,
    asked_by,
    groups_of,
    hundredths,
    percent,
    plain,
    unit,
)
from xiaoer.growth.pages.naming import comparing_words
from xiaoer.growth.queries import Comparing, Contribution, FirmFigure, Pull
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

MOST = 10
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A puller or dragger in words."""

    key: object
    name: str
    now: str
    before: str
    change: str
    growth: str
    points: str
    note: str


@page(*READERS)
def contribution(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """The growth of a figure taken apart; the points add up to it exactly."""
    asked = asked_by(request, by)
    if asked is None:
        return render(request, "growth/contribution.html", {"asked": None})
    found = queries.contribution(
        zone_id=by.zone_id,
        metric=asked.metric,
        period=asked.period,
        column=asked.column,
        as_of=asked.as_of,
    )
    if request.GET.get("export"):
        title = _("Contribution to growth")
        return sheet_response(request.GET["export"], title, _columns(asked), _cells(found))
    put_by = groups_of(by, asked)
    groups = found.grouped(put_by.key, put_by.name)
    context = {
        "asked": asked,
        "name": name_of(asked.metric),
        "unit": unit(asked.metric),
        "period": asked.period.show(language()),
        "earlier": asked.period.year_before().show(language()),
        "whole": _line(asked, Pull(None, "", found.now, found.before, found.growth)),
        "growth": percent(found.growth, signed=True),
        "firms": len(found.firms),
        "pulling": [_line(asked, pull) for pull in found.pulling[:MOST]],
        "dragging": [_line(asked, pull) for pull in found.dragging[:MOST]],
        "pullers": len(found.pulling),
        "draggers": len(found.dragging),
        "groups": [_line(asked, pull) for pull in groups],
        "spec": _spec(found),
        "bar_rows": [(one.name, hundredths(one.points, signed=True)) for one in _shown(found)],
        "lacking": [(one, comparing_words(one.comparing)) for one in found.lacking[:MOST_NAMED]],
        "lack": len(found.lacking),
        "new": sum(one.firms[0].comparing == Comparing.NEW for one in found.firms),
        "gone": sum(one.firms[0].comparing == Comparing.GONE for one in found.firms),
    }
    return render(request, "growth/contribution.html", context)


def _line(asked: Asked, pull: Pull) -> Line:
    one = pull.firms[0] if len(pull.firms) == 1 else None
    return Line(
        key=pull.key,
        name=pull.name,
        now=amount(asked.metric, pull.now),
        before=amount(asked.metric, pull.before),
        change=("+" if pull.change > 0 else "") + amount(asked.metric, pull.change),
        growth=percent(pull.growth, signed=True),
        points=hundredths(pull.points, signed=True),
        note=comparing_words(one.comparing) if one else "",
    )


def _shown(found: Contribution) -> list[Pull]:
    return [*found.pulling[:6], *reversed(found.dragging[:6])]


def _spec(found: Contribution) -> dict[str, object] | None:
    """The most pulling and the most dragging beside one another."""
    shown = _shown(found)
    if found.growth is None or len(shown) < 2:
        return None
    return {
        "kind": "bars",
        "x": [_short(one.name) for one in shown],
        "series": [{"name": _("Points"), "values": [(one.points or 0) / 100 for one in shown]}],
        "point": [place for place, one in enumerate(shown) if one.change > 0],
        "unit": "",
    }


def _short(name: str) -> str:
    """A name without its legal form, so that it fits below a bar; the table has it whole."""
    for form in ("股份有限公司", "有限责任公司", "有限公司"):
        name = name.removesuffix(form)
    return name


def _columns(asked: Asked) -> tuple[Column, ...]:
    head = f"{name_of(asked.metric)} ({unit(asked.metric)})"
    return (
        Column("name", _("Enterprise"), 34),
        Column("now", f"{head} {asked.period.show(language())}", 18, Kind.NUMBER),
        Column("before", asked.period.year_before().show(language()), 18, Kind.NUMBER),
        Column("change", _("Increase"), 14, Kind.NUMBER),
        Column("growth", _("Growth, %"), 12, Kind.NUMBER),
        Column("points", _("Points of the zone's growth"), 16, Kind.NUMBER),
        Column("note", _("Counted"), 30),
    )


def _cells(found: Contribution) -> Iterator[tuple[object, ...]]:
    yield (
        _("The zone"),
        plain(found.now),
        plain(found.before),
        plain(found.change),
        queries.points_number(found.growth),
        queries.points_number(found.growth),
        "",
    )
    for pull in found.firms:
        yield (
            pull.name,
            plain(pull.now),
            plain(pull.before),
            plain(pull.change),
            queries.points_number(pull.growth),
            queries.points_number(pull.points),
            comparing_words(pull.firms[0].comparing) or _("yes"),
        )
    yield from _lacking(found.lacking)


def _lacking(firms: Iterable[FirmFigure]) -> Iterator[tuple[object, ...]]:
    for one in firms:
        yield (
            one.name,
            plain(one.now),
            plain(one.before),
            None,
            None,
            None,
            comparing_words(one.comparing),
        )
