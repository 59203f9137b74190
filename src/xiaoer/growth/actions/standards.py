"""Verbs about the standards of the state and about forecasts people know better."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.units import YUAN, parse_money
from xiaoer.growth import access
from xiaoer.growth.actions.standard_seeds import (
    SIZE_STANDARDS,
    SIZES,
    SIZES_FROM,
    STATISTICS,
    STATISTICS_FROM,
    THRESHOLDS,
    WAN_FEN,
    SeededSize,
)
from xiaoer.growth.models import ForecastOverride, SizeStandard, StatThreshold
from xiaoer.growth.models.ladders import MARKS
from xiaoer.growth.standards import Unclear, industries
from xiaoer.registry import access as registry
from xiaoer.registry.models import Party

Row = TypeVar("Row", StatThreshold, SizeStandard)
BOUNDS = tuple(
    f"{size}_{what}"
    for size in ("large", "medium", "small")
    for what in ("employees", "revenue_fen", "assets_fen")
)


@transaction.atomic
def seed_standards(*, by: Actor, now: datetime) -> int:
    """Give a zone the standards it does not have yet; how many rows."""
    access.must_keep_ladders(by)
    known = set(StatThreshold.objects.filter(zone_id=by.zone_id).values_list("sector", flat=True))
    lines = StatThreshold.objects.bulk_create(
        StatThreshold(
            zone_id=by.zone_id,
            sector=seed.sector,
            industries=seed.industries,
            basis=seed.basis,
            threshold_fen=seed.wan * WAN_FEN if seed.wan else None,
            effective_from=STATISTICS_FROM,
            mark="A",
            source=STATISTICS,
        )
        for seed in THRESHOLDS
        if seed.sector not in known
    )
    there = set(SizeStandard.objects.filter(zone_id=by.zone_id).values_list("sector", flat=True))
    sizes = SizeStandard.objects.bulk_create(
        _size(by, seed, order)
        for order, seed in enumerate(SIZE_STANDARDS, start=1)
        if seed.sector not in there
    )
    added = [*(row.sector for row in lines), *(row.sector for row in sizes)]
    if added:
        journal.record(
            by=by,
            now=now,
            verb="seed_standards",
            subject=Zone.objects.get(pk=by.zone_id),
            codes=added,
        )
    return len(added)


def _size(by: Actor, seed: SeededSize, order: int) -> SizeStandard:
    bounds: dict[str, int | None] = {}
    for size in ("large", "medium", "small"):
        employees, revenue, assets = getattr(seed, size)
        bounds[f"{size}_employees"] = employees
        bounds[f"{size}_revenue_fen"] = revenue * WAN_FEN if revenue else None
        bounds[f"{size}_assets_fen"] = assets * WAN_FEN if assets else None
    return SizeStandard(
        zone_id=by.zone_id,
        sector=seed.sector,
        name=seed.name,
        name_en=seed.name_en,
        industries=seed.industries,
        order=order,
        effective_from=SIZES_FROM,
        mark="B",
        source=SIZES,
        **bounds,
    )


@dataclass(frozen=True, slots=True)
class StandardFacts:
    """What a change of a standard says: the new bounds, since when, and who says so."""

    effective_from: date
    mark: str
    source: str
    industries: str = ""
    threshold: str = ""
    bounds: Mapping[str, int | None] = field(default_factory=dict)


@transaction.atomic
def set_stat_threshold(
    *, by: Actor, now: datetime, threshold: StatThreshold, facts: StandardFacts, version: int
) -> StatThreshold:
    """Put the line of a sector from a day on; what held before stays and ends the day before.

    The same first day again mends the row itself.
    """
    row = _in_force(by, StatThreshold, threshold, facts, version)
    before = row.threshold_fen
    if row.basis in (StatThreshold.Basis.MAIN_REVENUE, StatThreshold.Basis.REVENUE):
        row.threshold_fen = _money(facts.threshold, "threshold")
    _save_since(row, facts)
    journal.record(
        by=by,
        now=now,
        verb="set_stat_threshold",
        subject=row,
        code=row.sector,
        before=before,
        after=row.threshold_fen,
        reason=row.source,
    )
    return row


@transaction.atomic
def set_size_standard(
    *, by: Actor, now: datetime, standard: SizeStandard, facts: StandardFacts, version: int
) -> SizeStandard:
    """Put the bounds of a sector from a day on; what held before stays and ends the day before."""
    row = _in_force(by, SizeStandard, standard, facts, version)
    before = {name: getattr(row, name) for name in BOUNDS}
    for name in BOUNDS:
        if name in facts.bounds:
            setattr(row, name, facts.bounds[name])
    _check_bounds(row)
    _save_since(row, facts)
    journal.record(
        by=by,
        now=now,
        verb="set_size_standard",
        subject=row,
        code=row.sector,
        before={name: value for name, value in before.items() if value != getattr(row, name)},
        after={name: getattr(row, name) for name in BOUNDS if before[name] != getattr(row, name)},
        reason=row.source,
    )
    return row


def _check_bounds(row: SizeStandard) -> None:
    """A larger size asks at least as much, of the same things; something is asked for."""
    for what in ("employees", "revenue_fen", "assets_fen"):
        steps = [getattr(row, f"{size}_{what}") for size in ("large", "medium", "small")]
        stated = [step for step in steps if step is not None]
        if stated and (len(stated) < len(steps) or stated != sorted(stated, reverse=True)):
            raise Refused(
                _("Give a bound for large, medium and small, each at least as high as the next."),
                field=f"large_{what}",
            )
    if all(getattr(row, name) is None for name in BOUNDS):
        raise Refused(_("Give at least one bound; else every firm would be large."), field="bounds")


def _in_force(by: Actor, model: type[Row], row: Row, facts: StandardFacts, version: int) -> Row:
    access.must_keep_ladders(by)
    fresh = (
        model._default_manager.select_for_update()
        .filter(zone_id=by.zone_id, pk=row.pk, effective_to__isnull=True)
        .first()
    )
    if fresh is None:
        raise Refused(_("This row is no longer in force; change the one that is."))
    journal.must_be_fresh(fresh, version)
    if facts.effective_from < fresh.effective_from:
        raise Refused(
            _("The row in force begins on %(day)s; a new one cannot begin earlier.")
            % {"day": fresh.effective_from.isoformat()},
            field="effective_from",
        )
    if facts.mark not in dict(MARKS):
        raise Refused(_("Choose how well it was verified: A, B, C, U or D."), field="mark")
    if not facts.source.strip():
        raise Refused(_("Name the document it stands in."), field="source")
    if facts.industries:
        try:
            industries(facts.industries)
        except Unclear as no:
            raise Refused(
                _("“%(part)s” names no industry; write divisions and classes, such as 06-46, 7020.")
                % {"part": no},
                field="industries",
            ) from no
        fresh.industries = facts.industries
    return fresh


def _save_since(row: StatThreshold | SizeStandard, facts: StandardFacts) -> None:
    """A new row from a later day on; the row itself where it begins the same day."""
    row.mark, row.source = facts.mark, facts.source.strip()[:200]
    if facts.effective_from == row.effective_from:
        row.version += 1
        row.save()
        return
    type(row)._default_manager.filter(pk=row.pk).update(
        effective_to=facts.effective_from - timedelta(days=1), version=row.version + 1
    )
    row.pk, row.version, row.effective_from = None, 1, facts.effective_from
    row.save(force_insert=True)


def _money(text: str, name: str) -> int:
    try:
        money = parse_money(text, YUAN)
    except Unreadable as no:
        raise Refused(str(no), field=name) from no
    if money is None or money.fen <= 0 or money.currency != "CNY":
        raise Refused(_("Type an amount with its unit, such as 2000万."), field=name)
    return money.fen


# Forecasts ---------------------------------------------------------------------------------------


@transaction.atomic
def override_forecast(
    *,
    by: Actor,
    now: datetime,
    party: Party,
    year: int,
    amount: str,
    reason: str,
    computed_fen: int | None = None,
) -> ForecastOverride:
    """Say what a firm's year will come to where staff know better, with the reason.

    What is computed is shown beside it. A later word replaces an earlier one.
    """
    _must_know_better(by, party, now)
    if year not in (timezone.localdate(now).year, timezone.localdate(now).year + 1):
        raise Refused(_("A forecast is of this year or the next."), field="year")
    if not reason.strip():
        raise Refused(_("Say why you expect another figure."), field="reason")
    row = ForecastOverride.objects.create(
        zone_id=by.zone_id,
        party=party,
        year=year,
        forecast_fen=_money(amount, "amount"),
        computed_fen=computed_fen,
        reason=reason.strip()[:300],
        post_id=by.post_id,
        known_at=now,
        recorded_at=now,
    )
    journal.record(
        by=by,
        now=now,
        verb="override_forecast",
        subject=row,
        party_ref=party.pk,
        year=year,
        reason=row.reason,
    )
    return row


@transaction.atomic
def withdraw_override(*, by: Actor, now: datetime, party: Party, year: int) -> int:
    """Let the computed forecast count again; how many words were taken back."""
    _must_know_better(by, party, now)
    rows = list(
        ForecastOverride.objects.select_for_update().filter(
            zone_id=by.zone_id, party=party, year=year, withdrawn_at__isnull=True
        )
    )
    if not rows:
        raise Refused(_("No forecast of this year was set by hand."))
    for row in rows:
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
    journal.record(
        by=by,
        now=now,
        verb="withdraw_override",
        subject=rows[-1],
        party_ref=party.pk,
        year=year,
    )
    return len(rows)


def _must_know_better(by: Actor, party: Party, now: datetime) -> None:
    if access.keeps_ladders(by) or registry.answers_for(by, party, timezone.localdate(now)):
        return
    raise Refused(
        _(
            "Only the officer who answers for %(name)s, economic operations or statistics set its"
            " forecast; ask them."
        )
        % {"name": party.name}
    )
