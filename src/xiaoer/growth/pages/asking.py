"""What the address of a page of economic operations asks for: which figure, of when, by whose word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages.forms import day_of
from xiaoer.base.scope import Actor
from xiaoer.facts.measuring import bound_of, show_figure, unit_of
from xiaoer.facts.models import Aspect, Column, Metric
from xiaoer.facts.pages.words import language, name_of
from xiaoer.facts.periods import Period, months_of
from xiaoer.growth import queries
from xiaoer.growth.models import Ladder
from xiaoer.growth.queries import FirmFigure, Kept
from xiaoer.growth.queries.climbs import rungs
from xiaoer.registry.queries import DIVISIONS, SECTIONS
from xiaoer.web.words import MISSING, number

READERS = (*STAFF_ROLES, Role.CITY)
USUAL = "operating_revenue"
SPANS: dict[str, str | Promise] = {
    "month": gettext_lazy("one month"),
    "ytd": gettext_lazy("January to date"),
}
BY: dict[str, str | Promise] = {
    "division": gettext_lazy("by division"),
    "section": gettext_lazy("by section"),
    "park": gettext_lazy("by park"),
    "rung": gettext_lazy("by rung"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure of firms, a column, a period of whole months, and as known on which day."""

    kept: Kept
    all: tuple[Kept, ...]
    column: str
    span: str
    month: date
    by: str
    as_of: date | None

    @property
    def metric(self) -> Metric:
        return self.kept.metric

    @property
    def period(self) -> Period:
        first = 1 if self.span == "ytd" else self.month.month
        return months_of(self.month.year, first, self.month.month)

    @property
    def menus(self) -> Mapping[str, object]:
        """What the chips above the page offer."""
        return {
            "metrics": [(one.metric.code, name_of(one.metric)) for one in self.all],
            "columns": [(one, Column(one).label, None) for one in self.kept.columns],
            "spans": [(code, words, None) for code, words in SPANS.items()],
            "months": [
                (f"{day:%Y-%m}", months_of(day.year, day.month, day.month).show(language()))
                for day in self.kept.months
            ],
            "ways": [(code, words, None) for code, words in BY.items()],
        }


def asked_by(request: HttpRequest, by: Actor) -> Asked | None:
    """What is asked; None while no firm of the zone has a monthly figure."""
    kept = tuple(queries.metrics_of_firms(zone_id=by.zone_id))
    if not kept:
        return None
    wanted = request.GET.get("metric", USUAL)
    chosen = next((one for one in kept if one.metric.code == wanted), kept[0])
    column = request.GET.get("column", "")
    month = day_of(f"{request.GET.get('to', '')}-01")
    ends = {(day.year, day.month): day for day in chosen.months}
    return Asked(
        kept=chosen,
        all=kept,
        column=column if column in chosen.columns else chosen.columns[0],
        span=_one_of(request, "span", SPANS),
        month=ends.get((month.year, month.month), chosen.months[0]) if month else chosen.months[0],
        by=_one_of(request, "by", BY),
        as_of=day_of(request.GET.get("as_of")),
    )


def _one_of(request: HttpRequest, name: str, known: Mapping[str, object]) -> str:
    """What the address says, or the first of the list."""
    given = request.GET.get(name, "")
    return given if given in known else next(iter(known))


@dataclass(frozen=True, slots=True)
class Groups:
    """What firms are put together by, and what each group is called."""

    key: Callable[[FirmFigure], object]
    name: Callable[[object], str]


def groups_of(by: Actor, asked: Asked) -> Groups:
    if asked.by == "rung":
        on = queries.rungs_in(zone_id=by.zone_id, month=asked.month)
        names = {one.code: one.label(language()) for one in rungs(by.zone_id)[Ladder.BUSINESS]}
        names |= {"": _("not evaluated on the ladder"), queries.NO_RUNG: _("on no rung")}
        return Groups(queries.key_of("rung", on), lambda key: names.get(str(key), MISSING))
    parks = queries.park_names(zone_id=by.zone_id) if asked.by == "park" else {}
    return Groups(queries.key_of(asked.by), lambda key: group_name(asked.by, parks, key))


def group_name(by: str, parks: Mapping[int, str], key: object) -> str:
    """What a group of firms is called; who has no such thing is said to have none."""
    if by == "park":
        known = str(key or "").isdecimal()
        return parks.get(int(str(key)), MISSING) if known else _("in no park")
    text = str(key)
    if not text:
        return _("industry not known")
    if text in DIVISIONS:
        return f"{text} {DIVISIONS[text][0 if language().startswith('zh') else 1]}"
    return f"{text} {SECTIONS[text]}" if text in SECTIONS else text


def amount(metric: Metric, scaled: int | None) -> str:
    """A sum in the metric's unit, without its word."""
    return show_figure(metric, Aspect.VALUE, scaled, scaled, False, is_sum=True)


def plain(scaled: int | None) -> Decimal | None:
    """The number itself, for sheets and drawings."""
    return bound_of(scaled, scaled).low


def unit(metric: Metric) -> str:
    return unit_of(metric).word(language())


def hundredths(value: int | None, *, signed: bool = False) -> str:
    """Hundredths of a per cent, or of a point, with two decimals and its sign where it counts."""
    if value is None:
        return MISSING
    shown = number(Decimal(value).scaleb(-2), 2)
    return f"+{shown}" if signed and value > 0 else shown


def percent(value: int | None, *, signed: bool = False) -> str:
    shown = hundredths(value, signed=signed)
    return shown if shown == MISSING else f"{shown}%"
