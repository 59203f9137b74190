"""What the headings of a sheet of enterprises say: which metric, of which months, in what unit."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from xiaoer.base.reading import Unreadable
from xiaoer.base.tables.cells import tidy_plain
from xiaoer.base.tables.headers import fingerprint
from xiaoer.base.tables.headings import read_heading
from xiaoer.facts.measuring import UNITS
from xiaoer.facts.models import Metric
from xiaoer.facts.periods import Period, at_date, months_of

OWN, MONTH, SUM, YEAR, BEFORE = "own", "month", "sum", "year", "before_"
KINDS = (OWN, MONTH, SUM, YEAR)
GUESSES = 3
_LIKE = 0.55

_SPAN = re.compile(r"(?:(20\d{2})年)?(\d{1,2})月?[-—–~～至到](\d{1,2})月(?:份|止|末)?")
_ONE = re.compile(r"(?:(20\d{2})年)?(?<!\d)(\d{1,2})月(?:份|末)?")
# In the order they are looked for: the year before outranks what it repeats.
_WORDS = (
    (
        "before",
        re.compile(r"(去年|上年|上年度|去年度)(同期|同月|同比)?(数|值|额)?|同期(数|值|额)?"),
    ),
    (
        SUM,
        re.compile(
            r"1[-—–~～至到](?:本|当)月(?:累计)?|(本年|本月止|年初至今|自年初)?(累计|至今)(数|值|额|完成)?|年初至今|本年(?!度)"
        ),
    ),
    (MONTH, re.compile(r"(本月|当月|本期|当期)(数|值|额|完成)?")),
    (YEAR, re.compile(r"全年|本年度|年度")),
)
_NO_FIGURE = re.compile(r"同比|环比|增速|增幅|增长|增减|比重|占比|排名|位次")
_PARTS = re.compile(r"^其中[:：]?")

_TITLE_SPAN = re.compile(r"(20\d{2})\s*年\s*(\d{1,2})\s*月?\s*[-—–~～至到]\s*(\d{1,2})\s*月")
_TITLE_MONTH = re.compile(r"(20\d{2})\s*年\s*(\d{1,2})\s*月(?!\s*\d{1,2}\s*[日号])")
_TITLE_PLAIN = re.compile(r"(?<!\d)(20\d{2})[-./_]?(0[1-9]|1[0-2])(?![-./_]?\d)")
_TITLE_YEAR = re.compile(r"(20\d{2})\s*年?\s*(?:年报|年度|全年|度)")
_BARE_MONTH = re.compile(r"(?<!\d)(\d{1,2})\s*月(?!\s*\d{1,2}\s*[日号])")
_BARE_YEAR = re.compile(r"(20\d{2})\s*年")


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading taken apart. ``key`` is what is remembered: "revenue_cny sum", or None."""

    metric: Metric | None
    kind: str
    unit: str | None
    month: int | None
    guesses: tuple[str, ...] = ()

    @property
    def key(self) -> str | None:
        return f"{self.metric.code} {self.kind}" if self.metric else None


def name_headings(metrics: Iterable[Metric]) -> dict[str, Metric]:
    """Every name and alias of metrics as headings are compared. What two metrics share names none."""
    found: dict[str, Metric | None] = {}
    for metric in metrics:
        names = {read_heading(n).name for n in (metric.name, metric.name_en, metric.code) if n}
        for name in names | {read_heading(str(alias)).name for alias in metric.aliases}:
            found[name] = metric if found.get(name, metric) == metric else None
    return {name: metric for name, metric in found.items() if metric is not None}


def read_headings(names: Sequence[str], known: Mapping[str, Metric]) -> dict[int, Heading]:
    """The headings that speak of a metric, or may; a 去年同期 repeats the months of what it follows."""
    found: dict[int, Heading] = {}
    last: Heading | None = None
    for index, name in enumerate(names):
        if not name:
            continue
        heading = _read(name, known, last)
        if heading is not None:
            found[index] = heading
            if heading.metric and not heading.kind.startswith(BEFORE):
                last = heading
    return found


def _read(name: str, known: Mapping[str, Metric], last: Heading | None) -> Heading | None:
    text = tidy_plain(name)
    if _NO_FIGURE.search(text):
        return None
    unit = read_heading(text).unit
    kinds, month, text = _take_kinds(text)
    bare = read_heading(_PARTS.sub("", text.strip())).name
    metric = known.get(bare)
    if metric is None and not bare and last is not None:
        metric = last.metric  # 本月, 本年累计 beside the column that names the metric
    kind = next((kind for kind in kinds if kind != "before"), OWN)
    if "before" in kinds:
        same = last is not None and metric == last.metric
        kind = BEFORE + (last.kind if last and same and kind == OWN else kind)
    guesses = () if metric or len(bare) < 2 else _guesses(bare, known, kind)
    return Heading(metric, kind, unit, month, guesses)


def speaks_of_months(name: str) -> bool:
    """Whether a heading is 本月, 累计, 1-10月, 去年同期 or the like, alone."""
    kinds, _month, rest = _take_kinds(tidy_plain(name))
    return bool(kinds) and not read_heading(rest).name


def _take_kinds(text: str) -> tuple[list[str], int | None, str]:
    kinds, month = [], None
    if found := _SPAN.search(text):
        kinds.append(SUM if found[2] == "1" and found[3] != "1" else MONTH)
        month = int(found[3])
        text = text.replace(found[0], " ")
    elif found := _ONE.search(text):
        kinds.append(MONTH)
        month = int(found[2])
        text = text.replace(found[0], " ")
    for kind, pattern in _WORDS:
        if found := pattern.search(text):
            kinds.insert(0, kind)
            text = text.replace(found[0], " ")
    return kinds, month, text


def _guesses(bare: str, known: Mapping[str, Metric], kind: str) -> tuple[str, ...]:
    scored = sorted(
        (
            (SequenceMatcher(None, bare, name).ratio(), metric.code)
            for name, metric in known.items()
        ),
        reverse=True,
    )
    likely = dict.fromkeys(code for score, code in scored if score >= _LIKE)
    return tuple(f"{code} {kind}" for code in list(likely)[:GUESSES])


def of_key(key: str, metrics: Mapping[str, Metric]) -> tuple[Metric, str] | None:
    """The metric and kind of months a remembered key names."""
    code, _space, kind = key.partition(" ")
    metric = metrics.get(code.casefold())
    return (metric, kind) if metric and kind.removeprefix(BEFORE) in KINDS else None


def period_of(kind: str, sheet: Period, metric: Metric) -> Period:
    """The period of a column of a sheet; a level is one at the last day."""
    plain = kind.removeprefix(BEFORE)
    year, month = sheet.ends_on.year, sheet.ends_on.month
    period = {
        OWN: sheet,
        MONTH: months_of(year, month, month),
        SUM: months_of(year, 1, month),
        YEAR: months_of(year, 1, 12),
    }[plain]
    if metric.kind == Metric.Kind.LEVEL:
        period = at_date(period.ends_on)
    return period.year_before() if kind.startswith(BEFORE) else period


def period_in(texts: Sequence[str], months: Iterable[int]) -> Period | None:
    """The period titles, the names of sheet and file, and at last the headings say; None if none."""
    tidied = [tidy_plain(text) for text in texts if text]
    for text in tidied:
        if period := _stated(text):
            return period
    year = next((int(found[1]) for text in tidied if (found := _BARE_YEAR.search(text))), None)
    if year is None:
        return None
    bare = (int(found[1]) for text in tidied if (found := _BARE_MONTH.search(text)))
    month = next((one for one in (*bare, *sorted(months, reverse=True)) if 1 <= one <= 12), None)
    return months_of(year, month, month) if month else months_of(year, 1, 12)


def _stated(text: str) -> Period | None:
    if found := _TITLE_SPAN.search(text):
        first, last = int(found[2]), int(found[3])
        if 1 <= first <= last <= 12:
            return months_of(int(found[1]), first, last)
    for pattern in (_TITLE_MONTH, _TITLE_PLAIN):
        if (found := pattern.search(text)) and 1 <= int(found[2]) <= 12:
            return months_of(int(found[1]), int(found[2]), int(found[2]))
    if found := _TITLE_YEAR.search(text):
        return months_of(int(found[1]), 1, 12)
    return None


def layout_of(names: Sequence[str]) -> str:
    """The fingerprint of headings whatever month they name, so that next month's are the same."""
    return fingerprint(
        [re.sub(r"20\d{2}(?=年)|\d{1,2}(?=月|[-—–~～至到]\d{1,2}月)", "#", n) for n in names]
    )


def unit_for(metric: Metric, said: str | None) -> str | None:
    """The unit if figures of the metric can be read in it."""
    if not said:
        return None
    try:
        UNITS[metric.unit].read("1", said)
    except Unreadable:
        return None
    return said


def before_of(period: Period) -> Period | None:
    """The period a figure is compared with: the month before, a year for a year; none in January
    for a cumulative one."""
    start, end = period.starts_on, period.ends_on
    if period.is_date:
        first = date(end.year, end.month, 1)
        previous = months_of(
            first.year - (first.month == 1), (first.month - 2) % 12 + 1, (first.month - 2) % 12 + 1
        )
        return at_date(previous.ends_on)
    if (start.month, end.month) == (1, 12):
        return period.year_before()
    if start.month == end.month:
        month = (start.month - 2) % 12 + 1
        return months_of(start.year - (start.month == 1), month, month)
    return months_of(end.year, start.month, end.month - 1) if start.month == 1 else None
