"""Units of metrics, and figures with a bound: read as people write them, kept as whole numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.bounds import Bound, parse_bound, show_bound
from xiaoer.base.reading import Unreadable, plain_text, take_apart
from xiaoer.base.units import AREA, ENERGY, MASS, PERCENT, Measure, money_unit, parse_money
from xiaoer.base.units.figures import THIN, rounded, written
from xiaoer.facts.models import Aspect, Metric, Value

Reader = Callable[[str, str], Decimal]
STEP = Decimal(1).scaleb(-Value.SCALE)
LARGEST = 2**53
"""Nine hundred thousand million of a unit: a thousand of them still add up to what a sum can hold,
and no program reads one of them inexactly."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit a metric may be kept in: its words, and how a figure with another word becomes it."""

    code: str
    zh: str
    en: str
    read: Reader
    grains: Decimal | None = None
    """What one of it holds of the smallest thing its reader tells apart; None: no whole number."""

    def word(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


def _money(code: str, zh: str, en: str, fen: int, currency: str) -> Unit:
    def read(text: str, unit: str) -> Decimal:
        stated = money_unit(f"({unit or zh})")
        money = parse_money(text, stated) if stated else None
        if money is None or money.currency != currency:
            raise _wrong_unit(f"{text}{unit}", zh)
        return Decimal(money.fen) / fen

    return Unit(code, zh, en, read, Decimal(fen))


def _measured(code: str, zh: str, en: str, measure: Measure) -> Unit:
    def read(text: str, unit: str) -> Decimal:
        value = measure.read(text, unit or zh)
        if value is None:
            raise _wrong_unit(text, zh)
        return measure.amount_in(value, zh)

    ratio = measure.read("1", zh) or Decimal(1)
    grains = ratio.scaleb(measure.places)
    whole = grains == grains.to_integral_value() and measure is not AREA
    return Unit(code, zh, en, read, grains if whole else None)


_SIZES = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
}


def _counted(code: str, zh: str, en: str, *more: str) -> Unit:
    """Things by their own word (家, 件, 位): the figure may carry 万, and no other word."""
    words = {"", zh, "个", *more}

    def size(tail: str) -> int | None:
        for word in sorted(words, key=len, reverse=True):
            if tail.endswith(word) and tail.removesuffix(word) in _SIZES:
                return _SIZES[tail.removesuffix(word)]
        return None

    def read(text: str, unit: str) -> Decimal:
        figure = take_apart(text)
        scale = size(figure.tail or unit) if figure and not figure.head else None
        if figure is None or scale is None:
            raise _wrong_unit(f"{text}{unit if unit not in text else ''}", zh)
        return Decimal(figure.digits).scaleb(-figure.places) * scale

    return Unit(code, zh, en, read, Decimal(10**Value.SCALE))


_ALL = (
    _money("CNY_100m", "亿元", "CNY 100 million", 10**10, "CNY"),
    _money("CNY_10k", "万元", "CNY 10,000", 10**6, "CNY"),
    _money("CNY", "元", "CNY", 100, "CNY"),
    _money("USD_10k", "万美元", "USD 10,000", 10**6, "USD"),
    _measured("percent", "%", "%", PERCENT),
    _measured("percentage_point", "个百分点", "percentage points", PERCENT),
    _measured("mu", "亩", "mu", AREA),
    _measured("m2_10k", "万平方米", "10,000 m²", AREA),
    _measured("ton", "吨", "tonnes", MASS),
    _measured("ton_10k", "万吨", "10,000 tonnes", MASS),
    _measured("kwh", "度", "kWh", ENERGY),
    _measured("kwh_10k", "万度", "10,000 kWh", ENERGY),
    _counted("rank", "位", "place", "名"),
    _counted("tier", "方阵", "tier"),
    _counted("batch", "批", "batch"),
    _counted("person", "人", "people", "名"),
    _counted("country", "个", "countries and regions"),
    _counted("case", "件", "cases", "起"),
    _counted("project", "个", "projects", "项"),
    _counted("enterprise", "家", "enterprises", "户"),
    _counted("item", "项", "items"),
    _counted("day", "天", "days"),
    _counted("year", "年", "years"),
    _counted("point", "分", "points"),
)
UNITS: Mapping[str, Unit] = {unit.code: unit for unit in _ALL}
OF_ASPECT = {Aspect.GROWTH: "percent", Aspect.RANK: "rank"}


def unit_of(metric: Metric, aspect: str = Aspect.VALUE) -> Unit:
    """Growth is in per cent and a rank is a place, whatever the metric itself is kept in."""
    return UNITS[OF_ASPECT.get(Aspect(aspect), metric.unit)]


def places_of(metric: Metric, aspect: str = Aspect.VALUE) -> int:
    """Decimals a figure is shown with where it has no more of its own."""
    return {Aspect.GROWTH: 1, Aspect.RANK: 0}.get(Aspect(aspect), metric.decimals)


@dataclass(frozen=True, slots=True)
class Scaled:
    """A figure or bound as a value keeps it; see `Value`."""

    low: int | None
    high: int | None
    is_open: bool = False


def read_figure(
    *, metric: Metric, aspect: str, number: object, unit: str = "", sign: str = ""
) -> Scaled | None:
    """What a cell and its neighbours 单位 and 界限 say, in the metric's unit; None when missing.

    A unit written with the figure outranks the column's. Money below 1/10,000 of the unit is
    rounded, halves up. Raises `Unreadable`.
    """
    text = plain_text(number)
    if text is None:
        return None
    kept = unit_of(metric, aspect)
    said = plain_text(unit) or ""
    bound = parse_bound((plain_text(sign) or "") + text, lambda part: kept.read(part, said))
    if bound is None:
        return None
    if aspect == Aspect.RANK:
        _must_be_a_place(bound, text)
    if aspect == Aspect.VALUE and metric.never_negative and (bound.low or 0) < 0:
        raise Unreadable(
            _("“{value}” is below zero, which {metric} cannot be."), value=text, metric=metric.name
        )
    return scale(bound)


@dataclass(frozen=True, slots=True)
class Steps:
    """How plain numbers of a column become scaled ones: the same steps as `read_figure` takes, for
    hundreds of thousands. A number is first rounded to grains (fen, or what the measure counts in),
    then to the scale of a value, halves away from zero."""

    grains: Decimal
    scaled: Decimal
    least: int

    def take(self, number: Decimal) -> int | None:
        """The scaled number; None where only `read_figure` can say what is wrong with it."""
        grains = (number * self.grains).to_integral_value(ROUND_HALF_UP)
        if abs(grains) >= 2**63:
            return None  # more than an amount may have
        value = int((grains * self.scaled).to_integral_value(ROUND_HALF_UP))
        return value if self.least <= value <= LARGEST else None


def steps_of(metric: Metric, unit: str) -> Steps | None:
    """For values of a metric in a column's unit; None where the steps are no plain factors.

    Raises `Unreadable` if the unit is none of this metric.
    """
    kept = unit_of(metric)
    one = kept.read("1", unit)
    if kept.grains is None or one.as_tuple().exponent < -12:  # type: ignore[operator]  # one of anything is a number
        return None
    return Steps(
        grains=one * kept.grains,
        scaled=Decimal(10**Value.SCALE) / kept.grains,
        least=0 if metric.never_negative else -LARGEST,
    )


def scale(bound: Bound) -> Scaled:
    return Scaled(_scaled(bound.low), _scaled(bound.high), bound.low_open or bound.high_open)


def _scaled(end: Decimal | None) -> int | None:
    if end is None:
        return None
    number = int(end.scaleb(Value.SCALE).to_integral_value(ROUND_HALF_UP))
    if abs(number) > LARGEST:
        raise Unreadable(_("“{value}” is too large."), value=end)
    return number


def bound_of(low: int | None, high: int | None, is_open: bool = False) -> Bound:
    """The bound a value keeps, in the metric's unit."""
    return Bound(
        _unscaled(low), _unscaled(high), is_open and low is not None, is_open and high is not None
    )


def _unscaled(number: int | None) -> Decimal | None:
    """Without idle zeros, and never as 9E+1, so that it reads the same wherever it goes."""
    if number is None:
        return None
    value = Decimal(number).scaleb(-Value.SCALE)
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def show_figure(
    metric: Metric,
    aspect: str,
    low: int | None,
    high: int | None,
    is_open: bool,
    *,
    with_unit: str = "",
    is_sum: bool = False,
) -> str:
    """43.31, > 30, 4–5; with the word of the unit if a language is given. – when nothing is known.

    A stated figure is shown with all its digits; a sum with those of its indicator.
    """
    if low is None and high is None:
        return "–"
    word = unit_of(metric, aspect).word(with_unit) if with_unit else ""
    tail = "" if not word else word if word == "%" else f"{THIN}{word}"

    def show(value: Decimal, rounding: str) -> str:
        if is_sum:
            places = places_of(metric, aspect)
            return written(rounded(value, places, rounding), places) + tail
        return show_number(metric, aspect, value) + tail

    return show_bound(bound_of(low, high, is_open), show)


def show_number(metric: Metric, aspect: str, value: Decimal) -> str:
    """The decimals of the indicator, more where more are known: never fewer digits than stated."""
    own = -int(value.normalize().as_tuple().exponent)
    return written(value, max(places_of(metric, aspect), own, 0))


def growth(new: Bound | None, old: Bound | None) -> Decimal | None:
    """Per cent on the year before, to one decimal; None where either is missing or only bounded."""
    if new is None or old is None or not (new.is_exact and old.is_exact):
        return None
    if new.low is None or old.low is None or old.low <= 0:
        return None
    return rounded((new.low / old.low - 1) * 100, 1)


def _must_be_a_place(bound: Bound, text: str) -> None:
    for end in (bound.low, bound.high):
        if end is not None and (end < 1 or end != end.to_integral_value()):
            raise Unreadable(_("“{value}” is not a place. Type a whole number from 1."), value=text)


def _wrong_unit(text: str, wanted: str | Promise) -> Unreadable:
    return Unreadable(
        _("“{value}” is not in a unit of this indicator, which is kept in {wanted}."),
        value=text,
        wanted=wanted,
    )
