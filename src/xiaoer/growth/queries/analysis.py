"""Monthly analysis: a figure of a period by industry, park and rung, each beside the year before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from xiaoer.facts import queries as facts
from xiaoer.facts.models import Metric
from xiaoer.facts.periods import Period
from xiaoer.growth.models import Ladder, Standing
from xiaoer.growth.queries.contribution import Contribution, Pull, growth_of, rounded_share
from xiaoer.growth.queries.firm_figures import FirmFigure, months_in
from xiaoer.registry.models import Park

BY = ("section", "division", "park", "rung")
NO_RUNG = "none"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the zone: its figure, growth, share and points, and how its firms fare."""

    pull: Pull
    share: int | None
    """Of the zone's figure, in hundredths of a per cent."""
    up: int
    down: int
    stopped: int

    @property
    def firms(self) -> int:
        return len(self.pull.firms)


def parts_of(
    found: Contribution, key: Callable[[FirmFigure], object], name: Callable[[object], str]
) -> tuple[Part, ...]:
    """The parts of the zone by what ``key`` says of a firm, the largest first."""
    parts = [_part(pull, found.now) for pull in found.grouped(key, name)]
    return tuple(sorted(parts, key=lambda part: (-part.pull.now, part.pull.name)))


def whole_of(found: Contribution) -> Part:
    """The zone itself as one line."""
    firms = tuple(one.firms[0] for one in found.firms)
    return _part(Pull(None, "", found.now, found.before, found.growth, firms), found.now)


def _part(pull: Pull, whole: int) -> Part:
    return Part(
        pull=pull,
        share=rounded_share(pull.now, whole) if whole > 0 else None,
        up=sum(one.change > 0 for one in pull.firms),
        down=sum(one.change < 0 and not one.stopped for one in pull.firms),
        stopped=sum(one.stopped for one in pull.firms),
    )


def key_of(
    by: str, rungs: Mapping[int, str] = MappingProxyType({})
) -> Callable[[FirmFigure], object]:
    """What a firm is put together by; an empty key is “not known”. ``rungs`` of firms, for rungs."""
    return {
        "section": lambda one: one.section,
        "division": lambda one: one.industry[:2],
        "park": lambda one: one.park_id,
        "rung": lambda one: rungs.get(one.party_id, ""),
    }[by]


def rungs_in(*, zone_id: int, month: date) -> dict[int, str]:
    """The rung of the business ladder each firm stood on in a month, or in the last one evaluated
    before; of one evaluated and on none, ``NO_RUNG``. Who was not evaluated is not among them."""
    rows = Standing.objects.filter(zone_id=zone_id, ladder=Ladder.BUSINESS)
    last = rows.filter(month__lte=month).order_by("-month").values_list("month", flat=True).first()
    found = rows.filter(month=last or date.min).values_list("party_id", "rung")
    return {party_id: rung or NO_RUNG for party_id, rung in found}


def park_names(*, zone_id: int) -> dict[int, str]:
    return dict(Park.objects.filter(zone_id=zone_id).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class MonthOfAll:
    """A month's sum over the firms, and that of the year before; a missing sum is missing."""

    period: Period
    total: int | None
    before: int | None
    parties: int

    @property
    def growth(self) -> int | None:
        if self.total is None or self.before is None:
            return None
        return growth_of(self.total, self.before)


def months_of_all(
    *, zone_id: int, metric: Metric, column: str, last: date, months: int = 24
) -> list[MonthOfAll]:
    """The sums of the months up to one, from the rollups."""
    first = date(last.year - (months - 1) // 12 - 2, 1, 1)
    ends = months_in(Period(first, last))
    sums = {
        one.period: one
        for one in facts.sums(
            zone_id=zone_id, metric_ids=[metric.pk], ends=[month.ends_on for month in ends]
        )
        if one.column == column
    }
    found = []
    for month in ends[-months:]:
        now, before = sums.get(month), sums.get(month.year_before())
        found.append(
            MonthOfAll(
                month,
                now.total if now else None,
                before.total if before else None,
                now.parties if now else 0,
            )
        )
    return found
