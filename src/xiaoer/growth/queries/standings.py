"""梯队 Where firms stand: a ladder with its rungs, lists by rung, who moved, one firm's own."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from xiaoer.base.scope import Actor
from xiaoer.growth.models import EvidenceItem, HandedPaper, Ladder, Standing
from xiaoer.growth.queries.climbs import Rung, rungs
from xiaoer.growth.shipped.rungs import ABOVE_SCALE, REACHED
from xiaoer.registry.models import Party, Stewardship
from xiaoer.registry.queries import SECTIONS
from xiaoer.registry.queries.searching import found_ids
from xiaoer.work.models import Question

PAGE = 50
LONGEST_AGO = timedelta(days=92)
"""How far back the month before may lie; where nobody evaluated for longer, nobody rose or fell."""

ROSE, FELL = "rose", "fell"
NONE = "none"
ABOUT_TO_ENTER = (REACHED, "l1_near")
SORTS: Mapping[str, tuple[str, ...]] = {
    "gap": ("gap_fen",),
    "cutoff": ("cutoff_on", "gap_fen"),
    "forecast": ("-forecast_fen",),
    "crosses": ("crosses_on", "gap_fen"),
    "name": (),
}


@dataclass(frozen=True, slots=True)
class RungCount:
    """How many stand on a rung now and a month ago, surely or at least; how many came and went."""

    rung: Rung | None
    now: int
    before: int | None
    unsure: int

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.now - self.before


@dataclass(frozen=True, slots=True)
class Overview:
    """A ladder of a zone in the month evaluated last."""

    ladder: str
    month: date | None
    month_before: date | None
    as_of: date | None
    counts: tuple[RungCount, ...]
    firms: int
    rose: int
    fell: int
    unsure: int


@dataclass(frozen=True, slots=True)
class StandingFilter:
    """What a list of standings is narrowed to."""

    ladder: str = Ladder.BUSINESS
    rung: str = ""
    moved: str = ""
    told: str = ""
    falling_out: bool = False
    text: str = ""
    cell: int | None = None
    park: int | None = None
    officer: int | None = None
    section: str = ""
    sort: str = "gap"


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One firm of a list: where it stands and what it takes to the next rung."""

    standing: Standing
    party_id: int
    enterprise: str
    credit_code: str
    industry: str
    cell: str
    park: str
    officer: str
    rung: Rung | None
    previous: Rung | None
    papers_missing: tuple[EvidenceItem, ...]
    asked: frozenset[str]

    @property
    def not_asked(self) -> tuple[str, ...]:
        return tuple(name for name in self.standing.missing if name not in self.asked)


@dataclass(frozen=True, slots=True)
class StandingPage:
    rows: tuple[StandingRow, ...]
    page: int
    pages: int
    total: int


def last_months(zone_id: int) -> tuple[date | None, date | None]:
    """The month evaluated last, and the one before it."""
    rows = Standing.objects.filter(zone_id=zone_id, ladder=Ladder.BUSINESS).order_by("-month")
    last = rows.values_list("month", flat=True).first()
    if last is None:
        return None, None
    earlier = rows.filter(month__lt=last, month__gte=last - LONGEST_AGO)
    return last, earlier.values_list("month", flat=True).first()


def overview(*, by: Actor, ladder: str) -> Overview:
    """A ladder's rungs from the highest down, with the firms on none last."""
    zone_id = by.zone_id or 0
    month, before = last_months(zone_id)
    own = rungs(zone_id)[ladder]
    rows = Standing.objects.filter(zone_id=zone_id, ladder=ladder, month=month or date.min)
    now = Counter[str]()
    unsure = Counter[str]()
    for rung, told, count in (
        rows.order_by().values_list("rung", "told").annotate(count=Count("pk"))
    ):
        now[rung] += count
        if told == Standing.Told.AT_LEAST:
            unsure[rung] += count
    earlier = dict(
        Standing.objects.filter(zone_id=zone_id, ladder=ladder, month=before or date.min)
        .order_by()
        .values_list("rung")
        .annotate(count=Count("pk"))
    )
    moves = rows.aggregate(
        rose=Count("pk", filter=Q(step__gt=F("previous_step"))),
        fell=Count("pk", filter=Q(step__lt=F("previous_step"))),
    )
    lines = [
        RungCount(
            rung,
            now[rung.code if rung else ""],
            None if before is None else earlier.get(rung.code if rung else "", 0),
            unsure[rung.code if rung else ""],
        )
        for rung in (*reversed(own), None)
    ]
    return Overview(
        ladder=ladder,
        month=month,
        month_before=before,
        as_of=rows.values_list("as_of", flat=True).first(),
        counts=tuple(lines),
        firms=now.total(),
        rose=moves["rose"],
        fell=moves["fell"],
        unsure=unsure.total(),
    )


def standings(*, by: Actor, filters: StandingFilter) -> QuerySet[Standing]:
    """The month evaluated last, narrowed and ordered."""
    zone_id = by.zone_id or 0
    month, _before = last_months(zone_id)
    rows = Standing.objects.filter(zone_id=zone_id, ladder=filters.ladder, month=month or date.min)
    if filters.rung:
        rows = rows.filter(rung="" if filters.rung == NONE else filters.rung)
    if filters.told in Standing.Told.values:
        rows = rows.filter(told=filters.told)
    if filters.falling_out:
        rows = rows.filter(may_fall_out=True)
    if filters.moved == ROSE:
        rows = rows.filter(step__gt=F("previous_step"))
    elif filters.moved == FELL:
        rows = rows.filter(step__lt=F("previous_step"))
    rows = _of_firms(rows, filters, zone_id)
    order = [
        F(name.removeprefix("-")).desc(nulls_last=True)
        if name.startswith("-")
        else F(name).asc(nulls_last=True)
        for name in SORTS.get(filters.sort, SORTS["gap"])
    ]
    return rows.order_by(*order, "party__name", "pk").select_related("party__cell", "party__park")


def _of_firms(
    rows: QuerySet[Standing], filters: StandingFilter, zone_id: int
) -> QuerySet[Standing]:
    plain: dict[str, object] = {
        "party__cell_id": filters.cell,
        "party__park_id": filters.park,
        "party__section": filters.section if filters.section in SECTIONS else None,
    }
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if filters.text:
        rows = rows.filter(party_id__in=list(found_ids(text=filters.text)))
    if filters.officer:
        held = Stewardship.objects.filter(
            zone_id=zone_id, post_id=filters.officer, until__isnull=True
        )
        rows = rows.filter(party_id__in=held.values("party_id"))
    return rows


def standing_page(*, by: Actor, filters: StandingFilter, page: int = 1) -> StandingPage:
    """One page of a list, by number."""
    rows = standings(by=by, filters=filters)
    total = rows.order_by().count()
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    shown = list(rows[(page - 1) * PAGE : page * PAGE])
    return StandingPage(tuple(standing_rows(by=by, standings=shown)), page, pages, total)


def every_standing(*, by: Actor, filters: StandingFilter) -> list[StandingRow]:
    """The whole list, for a sheet."""
    return standing_rows(by=by, standings=list(standings(by=by, filters=filters)))


def standing_rows(*, by: Actor, standings: Sequence[Standing]) -> list[StandingRow]:
    """Rows with officers, papers and questions, each asked once for all of them."""
    zone_id = by.zone_id or 0
    parties = [row.party_id for row in standings]
    named = {rung.code: rung for own in rungs(zone_id).values() for rung in own}
    officers = dict(
        Stewardship.objects.filter(
            zone_id=zone_id,
            party_id__in=parties,
            kind=Stewardship.Kind.OFFICER,
            until__isnull=True,
        ).values_list("party_id", "post__person__name")
    )
    papers = papers_missing(zone_id, standings)
    asked = _asked(zone_id, parties)
    return [
        StandingRow(
            standing=row,
            party_id=row.party_id,
            enterprise=row.party.name,
            credit_code=row.party.credit_code,
            industry=row.party.industry,
            cell=row.party.cell.name if row.party.cell else "",
            park=row.party.park.name if row.party.park else "",
            officer=officers.get(row.party_id, ""),
            rung=named.get(row.rung),
            previous=named.get(row.previous),
            papers_missing=papers[row.pk],
            asked=asked.get(row.party_id, frozenset()),
        )
        for row in standings
    ]


def _asked(zone_id: int, parties: Sequence[int]) -> dict[int, frozenset[str]]:
    """Which words an enterprise was asked for already; a figure is asked for by its indicator."""
    rows = Question.objects.filter(
        zone_id=zone_id, party_id__in=parties, room="growth", state=Question.State.OPEN
    )
    found: dict[int, set[str]] = {}
    for party, key in rows.values_list("party_id", "key"):
        found.setdefault(party, set()).add(key)
    return {party: frozenset(keys) for party, keys in found.items()}


def entry_year(standing: Standing) -> int:
    """The year whose entry a firm prepares: that of its cut-off, else of the month."""
    return (standing.cutoff_on or standing.month).year


def papers_of(standing: Standing, items: Iterable[EvidenceItem]) -> list[EvidenceItem]:
    """The papers asked of a firm: by its path and sector."""
    return [
        item
        for item in items
        if item.path in ("", standing.path) and item.sector in ("", standing.sector)
    ]


def papers_missing(
    zone_id: int, standings: Sequence[Standing]
) -> dict[int, tuple[EvidenceItem, ...]]:
    """Which papers of entry are not here, of firms that reached the line; of others none is asked."""
    wanted = [row for row in standings if row.rung == REACHED]
    found: dict[int, tuple[EvidenceItem, ...]] = dict.fromkeys((row.pk for row in standings), ())
    if not wanted:
        return found
    items = list(EvidenceItem.objects.filter(zone_id=zone_id, removed_at__isnull=True))
    handed = set(
        HandedPaper.objects.filter(
            zone_id=zone_id,
            party_id__in=[row.party_id for row in wanted],
            withdrawn_at__isnull=True,
        ).values_list("party_id", "item_id", "year")
    )
    for row in wanted:
        year = entry_year(row)
        found[row.pk] = tuple(
            item for item in papers_of(row, items) if (row.party_id, item.pk, year) not in handed
        )
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of a firm's ladder: since which month it stood there, whether it is passed or next."""

    rung: Rung
    since: date | None
    place: str  # done, now, next, later


@dataclass(frozen=True, slots=True)
class FirmLadder:
    """One firm on one ladder."""

    ladder: str
    standing: Standing
    rung: Rung | None
    steps: tuple[Step, ...]

    @property
    def rose(self) -> int:
        """How many rungs up since the month before; negative: down; 0: none, or not known."""
        before = self.standing.previous_step
        return 0 if before is None else self.standing.step - before


def firm_ladders(*, by: Actor, party: Party) -> dict[str, FirmLadder]:
    """Where one firm stands on each ladder in the month evaluated last; also for the firm itself."""
    zone_id = by.zone_id or 0
    rows = list(
        Standing.objects.filter(party=party, zone_id=zone_id)
        .order_by("ladder", "-month")
        .distinct("ladder")
    )
    reached = {
        (ladder, rung): month
        for ladder, rung, month in Standing.objects.filter(party=party, zone_id=zone_id)
        .exclude(rung="")
        .order_by()
        .values_list("ladder", "rung")
        .annotate(first=Min("since"))
    }
    named = rungs(zone_id)
    return {
        row.ladder: FirmLadder(
            ladder=row.ladder,
            standing=row,
            rung=next((rung for rung in named[row.ladder] if rung.code == row.rung), None),
            steps=tuple(_steps(row, named[row.ladder], reached)),
        )
        for row in rows
        if row.ladder in named
    }


def _steps(
    row: Standing, own: Sequence[Rung], reached: Mapping[tuple[str, str], date]
) -> Iterable[Step]:
    for rung in own:
        if rung.step == row.step:
            place = "now"
        elif rung.step < row.step:
            place = "done"
        else:
            place = "next" if rung.step == row.step + 1 else "later"
        since = row.since if place == "now" else reached.get((row.ladder, rung.code))
        yield Step(rung, since, place)


def papers_of_firm(
    *, by: Actor, standing: Standing
) -> list[tuple[EvidenceItem, HandedPaper | None]]:
    """The papers of entry asked of one firm, with what it handed in."""
    zone_id = by.zone_id or 0
    items = EvidenceItem.objects.filter(zone_id=zone_id, removed_at__isnull=True)
    handed = {
        row.item_id: row
        for row in HandedPaper.objects.filter(
            zone_id=zone_id,
            party_id=standing.party_id,
            year=entry_year(standing),
            withdrawn_at__isnull=True,
        )
    }
    return [(item, handed.get(item.pk)) for item in papers_of(standing, items)]


# Calibration ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """Lines somebody thinks of, and how many firms would stand on each rung by them."""

    near: float
    sprout: float
    seed: float
    counts: Mapping[str, int]

    @property
    def followed(self) -> int:
        """Firms somebody has to follow: all on a rung below the register."""
        return sum(self.counts[name] for name in ("reached", "near", "sprout", "seed"))


@dataclass(frozen=True, slots=True)
class Shares:
    """Forecast over threshold of every firm below the register, and of how many it is not known."""

    shares: tuple[float, ...]
    reached: int
    marked: int
    unknown: int
    members: int

    def choose(self, near: float, sprout: float, seed: float) -> Choice:
        """Counts of a choice. Firms that are seeds whatever their revenue stay seeds."""
        counts = {"reached": self.reached, "near": 0, "sprout": 0, "seed": self.marked, "none": 0}
        for share in self.shares:
            if share >= 1:
                counts["reached"] += 1
            elif share >= near:
                counts["near"] += 1
            elif share >= sprout:
                counts["sprout"] += 1
            elif share >= seed:
                counts["seed"] += 1
            else:
                counts["none"] += 1
        return Choice(near, sprout, seed, counts)


def shares(*, by: Actor, p_seed: float) -> Shares:
    """What calibration counts from: one question over the month evaluated last."""
    zone_id = by.zone_id or 0
    month, _before = last_months(zone_id)
    rows = Standing.objects.filter(
        zone_id=zone_id, ladder=Ladder.BUSINESS, month=month or date.min
    ).values_list("step", "computed", "forecast_fen", "threshold_fen")
    above = next(
        (rung.step for rung in rungs(zone_id)[Ladder.BUSINESS] if rung.code == ABOVE_SCALE), 99
    )
    found: list[float] = []
    reached = marked = unknown = members = 0
    for step, computed, forecast, threshold in rows:
        if step >= above:
            members += 1
        elif forecast is not None and threshold:
            share = forecast / threshold
            if computed == "l1_seed" and share < p_seed:
                marked += 1
            else:
                found.append(share)
        elif computed == REACHED:
            reached += 1
        elif computed == "l1_seed":
            marked += 1
        else:
            unknown += 1
    return Shares(tuple(found), reached, marked, unknown, members)


def officers_of_zone(*, by: Actor) -> int:
    """How many people answer for enterprises."""
    rows: Any = Stewardship.objects.filter(
        zone_id=by.zone_id, kind=Stewardship.Kind.OFFICER, until__isnull=True
    )
    count: int = rows.values("post_id").distinct().count()
    return count


# For other rooms -----------------------------------------------------------------------------------


def in_register(*, zone_id: int, party_ids: Sequence[int], on: date) -> dict[int, bool]:
    """Of which firms it is known whether they are above scale, and whether they are."""
    rows = Standing.objects.filter(
        zone_id=zone_id,
        ladder=Ladder.BUSINESS,
        party_id__in=party_ids,
        month=on.replace(day=1),
    )
    above = next(
        (rung.step for rung in rungs(zone_id)[Ladder.BUSINESS] if rung.code == ABOVE_SCALE), 99
    )
    found: dict[int, bool] = {}
    for party, step, told in rows.values_list("party_id", "step", "told"):
        if step >= above:
            found[party] = True
        elif told != Standing.Told.AT_LEAST:
            found[party] = False
    return found


def on_rungs(*, zone_id: int, codes: Sequence[str]) -> set[int]:
    """Firms that stand on some rungs in the month evaluated last."""
    month, _before = last_months(zone_id)
    rows = Standing.objects.filter(zone_id=zone_id, month=month or date.min, rung__in=codes)
    return set(rows.values_list("party_id", flat=True))
