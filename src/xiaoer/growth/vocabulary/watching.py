"""运行监测 Words over a firm's months: how this month stands to the one before, to the year before, and
to what is usual for the firm itself.

Every word is about the *month of reference* of its figure: the last whole month before the day of
the evaluation for which at least half as many firms have reported as in the best of the three
months before it. So a sheet that has only begun to come in alarms nobody, and a firm that is not in
a sheet that has come in is known to be missing. Official goes before reported where a firm has as
many months of both; the two are never mixed within one series, and an estimate never counts.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from xiaoer.base.copying import FLAG, NUMBER, WHOLE, copied
from xiaoer.base.words import Word
from xiaoer.facts.columns import DIVISORS, SCALE
from xiaoer.facts.models import Metric

Floats = NDArray[np.float64]
SPAN = 40
"""So many months are looked at: this one, and two years with the months they are compared with."""
FRESH = 4
YEAR, QUARTER = 12, 3
LEAST_RANGE = 8
"""So many earlier months make a range of the firm's own."""
NARROWEST = 0.01
"""A firm steadier than a point either way is held to have a range of a point."""
TO_SIGMA = 1.4826
METRICS: Mapping[str, str] = {
    "electricity": "electricity_use",
    "tax": "tax_paid",
    "revenue": "operating_revenue",
    "export": "export_value",
}
NAMES: Mapping[str, tuple[str, str]] = {
    "electricity": ("用电量", "electricity"),
    "tax": ("入库税金", "tax paid"),
    "revenue": ("营业收入", "revenue"),
    "export": ("出口额", "exports"),
}
UNITS = {"electricity": "kWh"}
GROUP = "watching"


@dataclass(frozen=True, slots=True)
class Months:
    """One figure of all firms by month, oldest first; ``at`` is the month of reference."""

    values: Floats
    at: int | None


Making = Callable[[Months], Floats]


def _nothing(of: Months) -> Floats:
    return np.full(len(of.values), np.nan)


def _change(new: Floats, old: Floats) -> Floats:
    """A change as a share; from nothing, or from a loss, there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(old > 0, new / old - 1, np.nan)


def _mom(of: Months) -> Floats:
    if of.at is None:
        return _nothing(of)
    return _change(of.values[:, of.at], of.values[:, of.at - 1])


def _yoy(of: Months) -> Floats:
    if of.at is None:
        return _nothing(of)
    return _change(of.values[:, of.at], of.values[:, of.at - YEAR])


def _quarter_yoy(of: Months) -> Floats:
    """Three months against the same three a year before; each of the six must be known."""
    if of.at is None:
        return _nothing(of)
    end = of.at + 1
    now = of.values[:, end - QUARTER : end].sum(axis=1)
    before = of.values[:, end - QUARTER - YEAR : end - YEAR].sum(axis=1)
    return _change(now, before)


def _year_yoy(of: Months) -> Floats:
    if of.at is None:
        return _nothing(of)
    end = of.at + 1
    return _change(
        of.values[:, end - YEAR : end].sum(axis=1),
        of.values[:, end - 2 * YEAR : end - YEAR].sum(axis=1),
    )


def _year_sum(of: Months) -> Floats:
    if of.at is None:
        return _nothing(of)
    return np.asarray(of.values[:, of.at + 1 - YEAR : of.at + 1].sum(axis=1))


def _against_range(of: Months) -> Floats:
    """How far this month's change on a year before lies from what is usual for the firm.

    The changes of the twelve months before, each on its own month a year earlier, are the yardstick:
    their median, and their median distance from it. What comes every summer is no surprise.
    """
    if of.at is None:
        return _nothing(of)
    end = of.at + 1
    changes = _change(
        of.values[:, end - YEAR - 1 : end], of.values[:, end - 2 * YEAR - 1 : end - YEAR]
    )
    before, now = changes[:, :-1], changes[:, -1]
    enough = np.isfinite(before).sum(axis=1) >= LEAST_RANGE
    found = _nothing(of)
    if enough.any():
        middle = np.nanmedian(before[enough], axis=1)
        spread = np.nanmedian(np.abs(before[enough] - middle[:, None]), axis=1) * TO_SIGMA
        found[enough] = (now[enough] - middle) / np.maximum(spread, NARROWEST)
    return found


def _of_usual(of: Months) -> Floats:
    """This month as a share of the middle of the two years before."""
    if of.at is None:
        return _nothing(of)
    before = of.values[:, of.at - 2 * YEAR : of.at]
    enough = np.isfinite(before).sum(axis=1) >= LEAST_RANGE
    found = _nothing(of)
    if enough.any():
        usual = np.nanmedian(before[enough], axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            found[enough] = np.where(usual > 0, of.values[enough, of.at] / usual, np.nan)
    return found


def _at_nothing(of: Months) -> Floats:
    """Months at nothing in a row, up to this one; unknown where this one is."""
    if of.at is None:
        return _nothing(of)
    streak = of.values[:, : of.at + 1][:, ::-1] == 0
    found = np.where(streak.all(axis=1), streak.shape[1], streak.argmin(axis=1)).astype(float)
    return np.where(np.isfinite(of.values[:, of.at]), found, np.nan)


def _unreported(of: Months) -> Floats:
    """Months since the last figure; of a firm that never had one it is unknown."""
    if of.at is None:
        return _nothing(of)
    known = np.isfinite(of.values[:, : of.at + 1])[:, ::-1]
    return np.where(known.any(axis=1), known.argmax(axis=1), np.nan).astype(float)


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of word: its ending, its words, and how it is made of the months."""

    ending: str
    zh: str
    en: str
    unit: str
    make: Making
    meaning_zh: str
    meaning_en: str
    of: tuple[str, ...] = ("electricity", "tax", "revenue", "export")


FORMS = (
    Form("mom", "环比", "on the month before", "share", _mom, "本月比上月的变化", "change on the month before"),
    Form("yoy", "同比", "on a year before", "share", _yoy, "本月比上年同月的变化", "change on the same month a year before"),
    Form(
        "3m_yoy", "近三月同比", "of three months on a year before", "share", _quarter_yoy,
        "近三个月合计比上年同期的变化，六个月数据须齐全",
        "three months together against the same three a year before; all six must be known",
    ),
    Form(
        "12m_yoy", "近一年同比", "of twelve months on the twelve before", "share", _year_yoy,
        "近十二个月合计比之前十二个月的变化", "twelve months together against the twelve before them",
    ),
    Form("12m", "近一年合计", "of twelve months", "", _year_sum, "近十二个月合计，须逐月齐全", "twelve months together; each must be known"),
    Form(
        "against_range", "偏离自身规律", "against its own range", "", _against_range,
        "本月同比与该企业过去十二个月同比的中位数之差，除以其离散程度（MAD）；季节性停歇不会触发",
        "this month's change on a year before, less the median of the firm's own twelve before, in"
        " units of their spread (MAD)",
    ),
    Form(
        "of_usual", "相当于平时", "of what is usual", "share", _of_usual,
        "本月相当于前两年月度中位数的比例", "this month as a share of the median of the two years before",
    ),
)  # fmt: skip


def _word(stem: str, form: Form) -> Word:
    zh, en = NAMES[stem]
    unit = form.unit or (UNITS.get(stem, "CNY") if form.ending == "12m" else "")
    return Word(
        name=_name(stem, form),
        zh=f"{zh}{form.zh}",
        en=f"{en} {form.en}",
        unit=unit,
        group=GROUP,
        period="month" if not form.ending.startswith("12m") else "12 months",
        meaning_zh=form.meaning_zh,
        meaning_en=form.meaning_en,
        sources=("official", "tax", "declared"),
    )


def _name(stem: str, form: Form) -> str:
    if form.ending != "12m":
        return f"{stem}_{form.ending}"
    return f"{stem}_12m_{UNITS.get(stem, 'CNY').lower()}"


MADE: Mapping[str, tuple[str, Making]] = {
    _name(stem, form): (stem, form.make) for stem in METRICS for form in FORMS
} | {
    "months_without_power": ("electricity", _at_nothing),
    "months_without_report": ("revenue", _unreported),
}
GAP = "power_tax_gap"
WORDS = (
    *(_word(stem, form) for stem in METRICS for form in FORMS),
    Word(
        "months_without_power", "连续零用电月数", "months without power", unit="month", group=GROUP,
        meaning_zh="截至本月连续用电量为零的月数", meaning_en="months in a row, up to this one, at no power",
    ),
    Word(
        "months_without_report", "未报送月数", "months without a report", unit="month", group=GROUP,
        meaning_zh="距最近一次报送营业收入的月数；从未报送的为未知",
        meaning_en="months since revenue was last reported; unknown of a firm that never did",
    ),
    Word(
        GAP, "电税背离", "power against tax", unit="share", group=GROUP,
        meaning_zh="近三月用电同比减近三月税收同比",
        meaning_en="power of three months on a year before, less tax likewise",
    ),
)  # fmt: skip

# What was known at a moment, the entry kept before entries merged into it. ``month`` counts back from
# the last whole month before the day, which is 0.
_ROWS = """
select distinct on (coalesce(d.merged_into_id, v.party_id), v.metric_id, v."column", v.ends_on)
       coalesce(d.merged_into_id, v.party_id), v.metric_id, v."column" = 'official',
       ((extract(year from %(last)s::date) - extract(year from v.ends_on)) * 12
        + extract(month from %(last)s::date) - extract(month from v.ends_on))::int,
       case when v.low = v.high then v.low end
from value v
left join party d on d.id = v.party_id and d.zone_id = %(zone)s and d.merged_into_id is not null
where v.zone_id = %(zone)s and v.metric_id = any(%(metrics)s) and v.ends_on = any(%(ends)s)
  and v.starts_on = date_trunc('month', v.ends_on)::date
  and v.aspect = 'value' and v.dimension = '' and v."column" in ('official', 'reported')
  and v.party_id is not null and v.known_at <= %(at)s
  and (v.withdrawn_at is null or v.withdrawn_at > %(at)s)
order by coalesce(d.merged_into_id, v.party_id), v.metric_id, v."column", v.ends_on,
         d.id is not null, v.known_at desc, v.id desc
"""
_TYPES = {"firm": WHOLE, "metric": WHOLE, "is_official": FLAG, "month": WHOLE, "low": NUMBER}


class WatchLender:
    """Lends the words of monitoring."""

    subject = "party"

    def words(self, zone_id: int) -> Sequence[Word]:
        return WORDS

    def columns(
        self,
        *,
        zone_id: int,
        names: Collection[str],
        as_of: date,
        known_at: datetime,
        ids: Sequence[int] | None = None,
    ) -> pa.Table:
        asked = [name for name in names if name in MADE or name == GAP]
        stems = {MADE[name][0] for name in asked if name != GAP}
        stems |= {"electricity", "tax"} if GAP in asked else set()
        firms, months = series(zone_id=zone_id, stems=stems, as_of=as_of, known_at=known_at)
        found: dict[str, Floats] = {}
        for name in asked:
            if name == GAP:
                found[name] = _quarter_yoy(months["electricity"]) - _quarter_yoy(months["tax"])
            else:
                stem, make = MADE[name]
                found[name] = make(months[stem])
        if ids is not None:
            chosen = np.isin(firms, np.asarray(ids, np.int64))
            firms, found = firms[chosen], {name: one[chosen] for name, one in found.items()}
        return pa.table(
            {"id": pa.array(firms, pa.int64())}
            | {name: pa.array(one, pa.float64(), from_pandas=True) for name, one in found.items()}
        )


def series(
    *, zone_id: int, stems: Collection[str], as_of: date, known_at: datetime
) -> tuple[NDArray[np.int64], dict[str, Months]]:
    """The firms with any month of some figures, and the months of each figure, in its base unit."""
    codes = {METRICS[stem]: stem for stem in stems}
    metrics = {one.pk: one for one in Metric.objects.filter(code__in=codes)}
    ends = month_ends(as_of)
    rows = copied(
        _ROWS,
        {
            "zone": zone_id,
            "metrics": sorted(metrics),
            "ends": ends,
            "last": ends[-1],
            "at": known_at,
        },
        _TYPES,
    )
    firm, place = np.unique(rows["firm"].to_numpy(), return_inverse=True)
    column = rows["is_official"].to_numpy(zero_copy_only=False).astype(np.int64)
    month = SPAN - 1 - rows["month"].to_numpy()
    low, metric = rows["low"].to_numpy(zero_copy_only=False), rows["metric"].to_numpy()
    found = {stem: Months(np.full((len(firm), SPAN), np.nan), None) for stem in stems}
    for pk, one in metrics.items():
        of = metric == pk
        both = np.full((2, len(firm), SPAN), np.nan)
        both[column[of], place[of], month[of]] = low[of] / DIVISORS.get(one.unit, SCALE)
        found[codes[one.code]] = _one_column(both)
    return firm, found


def _one_column(both: Floats) -> Months:
    """Of each firm the column with more months; of as many, the official one."""
    counts = np.isfinite(both).sum(axis=2)
    values = np.where((counts[1] >= counts[0])[:, None], both[1], both[0])
    return Months(values, _reference(np.isfinite(values).sum(axis=0)))


def _reference(reported: NDArray[np.int64]) -> int | None:
    """The month of reference; None where nothing is known of the last months."""
    for at in range(SPAN - 1, SPAN - 1 - FRESH, -1):
        if reported[at] and 2 * reported[at] >= reported[at - QUARTER : at].max():
            return at
    return None


def month_ends(as_of: date) -> list[date]:
    """The last days of the whole months before a day, oldest first."""
    firsts = [as_of.replace(day=1)]
    for _step in range(SPAN - 1):
        before = firsts[-1]
        firsts.append(
            before.replace(month=before.month - 1)
            if before.month > 1
            else before.replace(year=before.year - 1, month=12)
        )
    return [date.fromordinal(first.toordinal() - 1) for first in reversed(firsts)]
