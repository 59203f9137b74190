"""Evaluating the ladders: every firm, every month."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import access
from xiaoer.growth.climbing import Before, Hold, Settled, crossing, settle
from xiaoer.growth.entering import (
    ALL_YEAR,
    Cutoff,
    builds_big_project,
    next_cutoff,
    path_of,
)
from xiaoer.growth.models import EntryCutoff, Ladder, Standing
from xiaoer.growth.queries.climbs import BESIDE, Climbs, Rung, Said
from xiaoer.growth.queries.standings import LONGEST_AGO
from xiaoer.growth.shipped.rungs import LINES, REACHED
from xiaoer.web.words import local_date

FEN = 100
MOST_FEN = 2**62
DEADLINE_SLACK = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What an evaluation came to: firms, and of each ladder how many rose, fell, cannot be told."""

    month: date
    firms: int
    rose: Mapping[str, int]
    fell: Mapping[str, int]
    unsure: Mapping[str, int]


@dataclass(slots=True)
class _Line:
    """A standing about to be written, in the order of its columns."""

    party: int
    ladder: str
    settled: Settled
    rung: str
    computed: str
    previous: str
    previous_step: int | None
    since: date
    missing: Sequence[str]
    sector: str = ""
    forecast: int | None = None
    year: int | None = None
    threshold: int | None = None
    gap: int | None = None
    crosses: date | None = None
    path: str = ""
    cutoff: date | None = None
    may_fall_out: bool | None = None
    gaps: int | None = None
    blockers: int | None = None
    told: str = field(init=False)

    def __post_init__(self) -> None:
        told = Standing.Told
        if not self.settled.is_sure:
            self.told = told.AT_LEAST
        else:
            self.told = told.HELD if self.settled.is_held else told.EXACT


@transaction.atomic
def evaluate_ladders(*, by: Actor, now: datetime, as_of: date | None = None) -> Evaluated:
    """Find where every firm stands on the three ladders and write the month's rows anew.

    Up at once, down one rung and late; see ``climbing``. A month that is over is not written again.
    """
    access.must_keep_ladders(by)
    today = local_date(now)
    day = as_of or today
    if day.replace(day=1) != today.replace(day=1):
        raise Refused(
            _("Only the month that runs is evaluated; those before stay as they were."),
            field="as_of",
        )
    zone_id = by.zone_id or 0
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('ladders'), %s)", [zone_id])
    climbs = Climbs(zone_id=zone_id, as_of=day, known_at=now)
    month = day.replace(day=1)
    lines = [
        line
        for ladder in Ladder.values
        for line in _Making(climbs, ladder, month, _before(zone_id, ladder, month)).lines()
    ]
    _write(zone_id, month, day, now, lines)
    found = Evaluated(
        month=month,
        firms=len(climbs.ids),
        rose=_moved(lines, up=True),
        fell=_moved(lines, up=False),
        unsure=Counter(line.ladder for line in lines if not line.settled.is_sure),
    )
    journal.record(
        by=by,
        now=now,
        verb="evaluate_ladders",
        subject=Zone.objects.get(pk=zone_id),
        as_of=str(day),
        count=found.firms,
        rose=dict(found.rose),
        fell=dict(found.fell),
        unsure=dict(found.unsure),
    )
    return found


def _moved(lines: Iterable[_Line], *, up: bool) -> Counter[str]:
    return Counter(
        line.ladder
        for line in lines
        if line.previous_step is not None
        and (
            line.settled.step > line.previous_step if up else line.settled.step < line.previous_step
        )
    )


def _before(zone_id: int, ladder: str, month: date) -> dict[int, tuple[Before, str]]:
    """Where each firm stood in the month evaluated last before this one; long ago is not before."""
    rows = Standing.objects.filter(
        zone_id=zone_id, ladder=ladder, month__lt=month, month__gte=month - LONGEST_AGO
    )
    last = rows.order_by("-month").values_list("month", flat=True).first()
    if last is None:
        return {}
    return {
        party: (Before(step, below, since), rung)
        for party, step, below, since, rung in rows.filter(month=last).values_list(
            "party_id", "step", "months_below", "since", "rung"
        )
    }


class _Making:
    """The standings of one ladder."""

    def __init__(
        self,
        climbs: Climbs,
        ladder: str,
        month: date,
        before: Mapping[int, tuple[Before, str]],
    ) -> None:
        self.climbs, self.ladder, self.month, self.before = climbs, ladder, month, before
        self.rungs: dict[int, Rung] = {rung.step: rung for rung in climbs.rungs[ladder]}
        self.hold = self._hold()

    def _hold(self) -> Hold:
        set_to = self.climbs.parameters
        lines = {
            step: set_to.get(LINES[rung.code], 1.0)
            for step, rung in self.rungs.items()
            if rung.code in LINES
        }
        return Hold(
            months=max(1, int(set_to.get("p_hold", 2))),
            points=set_to.get("p_hold_points", 0.05),
            lines=lines,
        )

    def lines(self) -> list[_Line]:
        said = self.climbs.ladder(self.ladder)
        if self.ladder == Ladder.BUSINESS:
            return _Entering(self, said).lines()
        gaps = self.climbs.gaps()
        lines = [self.line(at, one, None) for at, one in enumerate(said)]
        if self.ladder == Ladder.TECHNOLOGY:
            for line, counted in zip(lines, gaps, strict=True):
                line.gaps, line.blockers = counted.gaps, counted.blockers
        return lines

    def line(self, at: int, said: Said, share: float | None) -> _Line:
        party = self.climbs.ids[at]
        before, rung_before = self.before.get(party, (None, ""))
        settled = settle(said.computed, before, share=share, hold=self.hold)
        stays = before is not None and settled.step == before.step and before.since is not None
        return _Line(
            party=party,
            ladder=self.ladder,
            settled=settled,
            rung=self._code(settled.step),
            computed=self._code(said.computed.step),
            previous=rung_before,
            previous_step=before.step if before else None,
            since=before.since if stays and before and before.since else self.month,
            missing=said.missing,
        )

    def _code(self, step: int) -> str:
        return self.rungs[step].code if step in self.rungs else ""


class _Entering:
    """The business ladder: what lies between a firm and the statistical register."""

    def __init__(self, making: _Making, said: Sequence[Said]) -> None:
        self.making, self.said = making, said
        climbs = making.climbs
        self.today = climbs.as_of
        self.cutoffs = [
            Cutoff(row.path, row.day, row.month, row.year, row.sector, row.name)
            for row in EntryCutoff.objects.filter(zone_id=climbs.zone_id, removed_at__isnull=True)
        ]
        self.warn = climbs.parameters.get("p_exit_warn", 1.1)
        self.columns = {name: climbs.values(name) for name in BESIDE}
        self._days: dict[tuple[str, str, date, bool], date | None] = {}

    def number(self, name: str, at: int) -> float | None:
        value = self.columns[name][at]
        return float(value) if isinstance(value, (int, float)) else None

    def day(self, name: str, at: int) -> date | None:
        value = self.columns[name][at]
        return value if isinstance(value, date) else None

    def lines(self) -> list[_Line]:
        return [self._line(at, said) for at, said in enumerate(self.said)]

    def _line(self, at: int, said: Said) -> _Line:
        forecast = self.number("metric_forecast_cny", at)
        threshold = self.number("stat_threshold_cny", at)
        share = forecast / threshold if forecast is not None and threshold else None
        line = self.making.line(at, said, share)
        line.sector = str(self.columns["stat_sector"][at] or "")
        line.forecast, line.threshold = _fen(forecast), _fen(threshold)
        line.year = _fen(self.number("metric_12m_cny", at))
        line.may_fall_out = self._may_fall_out(at, line)
        if self.columns["in_stat_register"][at] is True:
            return line
        if line.forecast is not None and line.threshold is not None:
            line.gap = max(0, line.threshold - line.forecast)
        line.crosses = crossing(
            year=self.today.year,
            months=int(self.number("metric_months_known", at) or 0),
            so_far=self.number("metric_cny_ytd", at),
            forecast=forecast,
            threshold=threshold,
        )
        self._enter(at, line)
        return line

    def _may_fall_out(self, at: int, line: _Line) -> bool | None:
        member = self.columns["in_stat_register"][at]
        if member is not True:
            return False if member is False else None
        if line.sector in ALL_YEAR:
            return False
        if line.year is None or line.threshold is None:
            return None
        return line.year < self.warn * line.threshold

    def _enter(self, at: int, line: _Line) -> None:
        """By which path, and until when: papers are taken once the figures up to the month before
        have reached the line."""
        builds_big = builds_big_project(
            planned_cny=self.number("planned_investment_cny", at),
            started_on=self.day("main_works_started_on", at),
            finishes_on=self.day("project_finishes_on", at),
            today=self.today,
        )
        line.path = path_of(
            builds_big=builds_big,
            sector=line.sector,
            started_on=self.day("production_started_on", at),
            registered_on=self.day("registered_on", at),
            today=self.today,
        )
        if line.rung != REACHED and not line.crosses:
            return
        after = self.today
        if line.crosses is not None:
            after = max(after, (line.crosses + DEADLINE_SLACK).replace(day=1))
        key = (line.path, line.sector, after, builds_big)
        if key not in self._days:
            found = next_cutoff(
                self.cutoffs,
                path=line.path,
                sector=line.sector,
                not_before=after,
                builds_big=builds_big,
            )
            self._days[key] = found[0] if found else None
        line.cutoff = self._days[key]


def _fen(yuan: float | None) -> int | None:
    if yuan is None:
        return None
    return max(-MOST_FEN, min(MOST_FEN, round(yuan * FEN)))


_COLUMNS = (
    ("ladder", "text"),
    ("party_id", "bigint"),
    ("rung", "text"),
    ("step", "smallint"),
    ("computed", "text"),
    ("previous", "text"),
    ("previous_step", "smallint"),
    ("told", "text"),
    ("since", "date"),
    ("months_below", "smallint"),
    ("sector", "text"),
    ("forecast_fen", "bigint"),
    ("year_fen", "bigint"),
    ("threshold_fen", "bigint"),
    ("gap_fen", "bigint"),
    ("crosses_on", "date"),
    ("path", "text"),
    ("cutoff_on", "date"),
    ("may_fall_out", "boolean"),
    ("gaps", "smallint"),
    ("blockers", "smallint"),
    ("missing", "jsonb"),
)
_NAMES = ", ".join(name for name, _kind in _COLUMNS)
_KEPT = [name for name, _kind in _COLUMNS if name not in ("ladder", "party_id")]
_WRITE = f"""
insert into standing (zone_id, month, as_of, evaluated_at, {_NAMES})
select %(zone)s, %(month)s, %(as_of)s, %(now)s, {_NAMES}
from unnest({", ".join(f"%({name})s::{kind}[]" for name, kind in _COLUMNS)}) as found ({_NAMES})
on conflict (zone_id, ladder, month, party_id) do update
set {", ".join(f"{name} = excluded.{name}" for name in (*_KEPT, "as_of", "evaluated_at"))}
"""  # noqa: S608  names of this file's own


def _write(zone_id: int, month: date, as_of: date, now: datetime, lines: Sequence[_Line]) -> None:
    """The month's rows in one statement; whoever stands nowhere any more has none."""
    values: dict[str, Any] = {"zone": zone_id, "month": month, "as_of": as_of, "now": now}
    missing = {names: json.dumps(list(names)) for names in {tuple(one.missing) for one in lines}}
    rows = [
        (
            line.ladder, line.party, line.rung, line.settled.step, line.computed, line.previous,
            line.previous_step, line.told, line.since, line.settled.months_below, line.sector,
            line.forecast, line.year, line.threshold, line.gap, line.crosses, line.path,
            line.cutoff, line.may_fall_out, line.gaps, line.blockers, missing[tuple(line.missing)],
        )
        for line in lines
    ]  # fmt: skip
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(_COLUMNS)
    for (name, _kind), column in zip(_COLUMNS, columns, strict=True):
        values[name] = list(column)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        cursor.execute(
            "delete from standing where zone_id = %s and month = %s and not (party_id = any(%s))",
            [zone_id, month, sorted({line.party for line in lines})],
        )
