"""How figures are written down: judged against what is known, added, never changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts.ledger import History, Key, Outcome
from xiaoer.facts.measuring import Scaled
from xiaoer.facts.models import FactImport, Source, Value, ValueReference

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure ready to be judged: everything it names has been found."""

    key: Key
    figure: Scaled
    known_at: datetime
    source: str
    known_on: date | None = None
    external_ref: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of an entry. ``value_id`` is the version it agrees or clashes with, if any."""

    entry: Entry
    outcome: str
    value_id: int | None


def lock_figures(by: Actor) -> int:
    """One writer of figures a zone at a time, until the transaction ends; which zone.

    Two sheets judged at once would each find nothing there and write the same figure twice.
    """
    if by.zone_id is None:
        raise Refused(_("Choose a zone first; figures belong to a zone."))
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('figures'), %s)", [by.zone_id])
    return by.zone_id


def judge(zone_id: int, entries: Sequence[Entry]) -> list[Judged]:
    """Judge entries in their order; an entry sees those before it."""
    histories = _histories(zone_id, [entry.key for entry in entries])
    judged = []
    for number, entry in enumerate(entries):
        history = histories.setdefault(entry.key, History())
        outcome = history.judge(entry.known_at, entry.figure)
        before = history.as_known(entry.known_at)
        judged.append(Judged(entry, outcome, before[1] if before else None))
        if outcome in (Outcome.CREATED, Outcome.UPDATED):
            history.add(entry.known_at, entry.figure, -number - 1)  # not written yet
    return judged


def _histories(zone_id: int, keys: Sequence[Key]) -> dict[Key, History]:
    if not keys:
        return {}
    rows = Value.objects.filter(
        zone_id=zone_id,
        withdrawn_at__isnull=True,
        metric_id__in={key.metric_id for key in keys},
        ends_on__in={key.ends_on for key in keys},
    )
    parties = {key.party_id for key in keys if key.party_id is not None}
    of_zone = any(key.party_id is None for key in keys)
    if not of_zone:
        rows = rows.filter(party_id__in=parties)
    elif not parties:
        rows = rows.filter(party__isnull=True)
    histories: dict[Key, History] = {}
    wanted = set(keys)
    for row in rows.order_by("known_at", "id").values_list(
        "metric_id", "aspect", "party_id", "dimension", "starts_on", "ends_on", "column",
        "known_at", "id", "low", "high", "is_open",
    ).iterator(BATCH):  # fmt: skip
        key = Key(*row[:7])
        if key in wanted:
            histories.setdefault(key, History()).add(row[7], Scaled(*row[9:]), row[8])
    return histories


def write(
    *, by: Actor, now: datetime, judged: Sequence[Judged], run: FactImport | None = None
) -> list[Value]:
    """Add what is new or corrects; note every reference, also of what was known already."""
    sources = _sources(by, [one.entry for one in judged if one.outcome != Outcome.REJECTED])
    fresh = {
        -number - 1: _value(by, now, one.entry, sources, run)
        for number, one in enumerate(judged)
        if one.outcome in (Outcome.CREATED, Outcome.UPDATED)
    }
    Value.objects.bulk_create(fresh.values(), batch_size=BATCH)
    ValueReference.objects.bulk_create(
        _references(by, judged, fresh, sources, run), batch_size=BATCH, ignore_conflicts=True
    )
    return list(fresh.values())


def _value(
    by: Actor, now: datetime, entry: Entry, sources: dict[str, Source], run: FactImport | None
) -> Value:
    key = entry.key
    return Value(
        zone_id=by.zone_id,
        metric_id=key.metric_id,
        aspect=key.aspect,
        party_id=key.party_id,
        dimension=key.dimension,
        starts_on=key.starts_on,
        ends_on=key.ends_on,
        column=key.column,
        low=entry.figure.low,
        high=entry.figure.high,
        is_open=entry.figure.is_open,
        source=sources[entry.source],
        external_ref=entry.external_ref,
        known_at=entry.known_at,
        recorded_at=now,
        post_id=by.post_id,
        import_run=run,
        note=entry.note,
    )


def _references(
    by: Actor,
    judged: Iterable[Judged],
    fresh: dict[int, Value],
    sources: dict[str, Source],
    run: FactImport | None,
) -> list[ValueReference]:
    references = []
    for number, one in enumerate(judged):
        if not one.entry.external_ref or one.outcome == Outcome.REJECTED:
            continue
        written = fresh.get(-number - 1) or fresh.get(one.value_id or 0)
        value_id = written.pk if written else one.value_id
        if value_id is None:
            raise ValueError("a figure judged unchanged agrees with a value")
        references.append(
            ValueReference(
                zone_id=by.zone_id,
                value_id=value_id,
                external_ref=one.entry.external_ref,
                source=sources[one.entry.source],
                import_run=run,
                note=one.entry.note,
            )
        )
    return references


def _sources(by: Actor, entries: Iterable[Entry]) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for entry in entries:
        if entry.source not in found:
            found[entry.source], _made = Source.objects.get_or_create(
                zone_id=by.zone_id,
                name=entry.source,
                defaults={"published_on": entry.known_on},
            )
    return found
