"""Figures in the reader's words: what pages and sheets of this room share."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaoer.base.pages.forms import day_of
from xiaoer.facts.measuring import show_number, unit_of
from xiaoer.facts.models import Aspect, Column, Metric
from xiaoer.facts.periods import Period
from xiaoer.facts.queries import Asked, Figure, IndicatorRow, Standing
from xiaoer.web.words import MISSING, number

PEER_WORD = "peer="


def language() -> str:
    return get_language() or "zh-hans"


def name_of(metric: Metric) -> str:
    chinese = language().startswith("zh") or not metric.name_en
    return metric.name if chinese else metric.name_en


def shown(figure: Figure | None) -> str:
    return figure.show() if figure else MISSING


def percent(value: Decimal | None) -> str:
    return MISSING if value is None else f"{number(value)}%"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table of indicators, every cell in words."""

    row: IndicatorRow
    name: str
    part: str
    period: str
    unit: str
    reported: str
    estimated: str
    official: str
    growth_printed: str
    growth_computed: str
    rank: str
    place: str
    target: str
    best: str
    lone: str
    records: str
    metric: str


def line_of(row: IndicatorRow, asked: Asked) -> Line:
    printed = row.growth.printed
    said = {
        "metric": row.metric.code,
        "from": row.period.starts_on.isoformat(),
        "to": row.period.ends_on.isoformat(),
    }
    if row.dimension:
        said["part"] = row.dimension
    if row.from_firms:
        said["firms"] = "yes"
    if asked.as_of:
        said["as_of"] = asked.as_of.isoformat()
    return Line(
        row=row,
        name=name_of(row.metric),
        part=_part(row),
        period=row.period.show(language()),
        unit=unit_of(row.metric).word(language()),
        reported=shown(row.reported),
        estimated=shown(row.estimated),
        official=shown(row.official),
        growth_printed=f"{printed.show()}%" if printed else MISSING,
        growth_computed=percent(row.growth.computed),
        rank=shown(row.rank),
        place=place_words(row.standing),
        target=shown(row.target),
        best=row.best.column if row.best else "",
        lone=_lone(row),
        records=f"{reverse('indicator_records')}?{urlencode(said)}",
        metric=reverse("indicator", args=[row.metric.code]),
    )


def _lone(row: IndicatorRow) -> str:
    """What a phone shows of a row that has no value: its growth, else its rank, else its target."""
    said = (("growth", row.growth.printed), ("rank", row.rank), ("target", row.target))
    return "" if row.best else next((name for name, figure in said if figure), "")


def _part(row: IndicatorRow) -> str:
    if row.parties is not None:
        return _("sum of %(count)s enterprises") % {"count": number(row.parties)}
    return row.dimension


def place_words(standing: Standing | None) -> str:
    """2 / 3: second of three; empty where nothing is compared."""
    if standing is None or standing.place is None:
        return ""
    return f"{standing.place} / {len(standing.competitors)}"


def next_place_words(standing: Standing | None) -> str:
    """What it would take to be the next."""
    if standing is None or standing.mine is None:
        return ""
    unit = unit_of(standing.metric, standing.aspect).word(language())
    if standing.ahead is None or standing.gap is None:
        if standing.lead is None:
            return _("Level with the others.")
        return _("First, %(lead)s %(unit)s ahead of the next.") % {
            "lead": show_number(standing.metric, standing.aspect, standing.lead),
            "unit": unit,
        }
    return _("To pass %(name)s (%(number)s), more than %(gap)s %(unit)s are lacking.") % {
        "name": standing.ahead.name,
        "number": show_number(standing.metric, standing.aspect, standing.ahead.number),
        "gap": show_number(standing.metric, standing.aspect, standing.gap),
        "unit": unit,
    }


Pairs = list[tuple[str, str]]


def growth_lines(row: IndicatorRow | None) -> Pairs:
    """The growth computed and the two figures it follows from, each with its source."""
    if row is None or row.metric.kind not in (Metric.Kind.FLOW, Metric.Kind.LEVEL):
        return []
    new, old = row.growth.new, row.growth.old
    if new is None or old is None:
        if row.best is None:
            return []
        before = row.period.year_before().show(language())
        why = _("not computed: no plain figure of %(period)s in the same column")
        return [(_("Growth computed"), why % {"period": before})]
    worked = f"{new.show()} ÷ {old.show()} − 1 = {percent(row.growth.computed)}"
    return [
        (_("Growth computed"), worked),
        *((one.period.show(language()), _with_source(one, row.parties)) for one in (new, old)),
    ]


def _with_source(figure: Figure, parties: int | None) -> str:
    source = _("sum of enterprises' figures") if parties is not None else figure.source
    word = str(Column(figure.column).label)
    return " · ".join(part for part in (figure.show(language()), word, source) if part)


def rank_lines(row: IndicatorRow | None) -> Pairs:
    """The rank computed, among whom, and what the next place takes."""
    standing = row.standing if row else None
    if standing is None:
        return []
    lines = [
        (_("Rank computed"), place_words(standing)),
        (_("The next place"), next_place_words(standing)),
    ]
    unit = unit_of(standing.metric, standing.aspect).word(language())
    among = [
        (
            one.name,
            f"{show_number(standing.metric, standing.aspect, one.number)} {unit} · {one.source}",
        )
        for one in standing.competitors
    ]
    return [(label, words) for label, words in lines if words] + among


def number_of(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


def text_of(request: HttpRequest, name: str, longest: int = 300) -> str:
    """A field as typed, without what PostgreSQL cannot keep."""
    said = request.POST if request.method == "POST" else request.GET
    return said.get(name, "").replace("\x00", "").strip()[:longest]


def period_of(request: HttpRequest) -> Period | None:
    first, last = day_of(request.GET.get("from")), day_of(request.GET.get("to"))
    return Period(first, last) if first and last and first <= last else None


COLUMN_ORDER = (Column.REPORTED, Column.ESTIMATED, Column.OFFICIAL)
ASPECT_ORDER = (Aspect.VALUE, Aspect.GROWTH, Aspect.RANK, Aspect.TARGET)
