"""Questions about the audit trail: who did what to what, and whether it is sealed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from xiaoer.base.models import AccessMiss, JournalLine, JournalSeal, Post, Role
from xiaoer.base.queries.telling import Teller
from xiaoer.base.scope import OUTSIDE, Actor, as_web
from xiaoer.base.verbs import verb_name


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What of the trail is asked for; empty means all. ``last`` is included."""

    words: str = ""
    verb: str = ""
    subject_type: str = ""
    subject_id: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One act, told: who in which post did what to which record, and what of it.

    ``position`` and ``seal`` are None until the line is sealed.
    """

    pk: int
    at: datetime
    who: str
    person_id: int | None
    post: str
    verb: str
    subject_type: str
    subject_id: int
    subject: str
    detail: dict[str, Any]
    details: str
    position: int | None
    seal: str | None

    @property
    def act(self) -> str:
        return verb_name(self.verb)


@dataclass(frozen=True, slots=True)
class SealState:
    """How far the zone's chain reaches: its last seal, and how many lines wait for the next."""

    position: int | None
    head: str | None
    sealed_at: datetime | None
    waiting: int


# Who reads the trail of the whole zone; everybody else reads what concerns themselves.
READERS = frozenset({Role.ADMINISTRATOR, Role.ZONE_LEADER, Role.ENVIRONMENT, Role.CITY})


def reads_all(by: Actor) -> bool:
    return by.role in READERS


def trail(*, by: Actor, wanted: TrailFilter) -> QuerySet[JournalLine]:
    """Lines the asker may read, newest first.

    Administrators, leaders, the discipline office and the city: all of the zone. Others of the
    staff: their own acts, and acts on themselves and their posts. Outside: what the database shows,
    which is what concerns their party.
    """
    lines = JournalLine.objects.filter(zone_id=by.zone_id)
    if by.is_staff and not reads_all(by):
        mine = Post.objects.filter(zone_id=by.zone_id, person_id=by.person_id or 0).values("pk")
        lines = lines.filter(
            Q(person_id=by.person_id or 0)
            | Q(subject_type="person", subject_id=by.person_id)
            | Q(subject_type="post", subject_id__in=mine)
        )
    return _filtered(lines, wanted, by.zone_id).order_by("-id")


# Everybody who is written in a zone's trail, hopping over the index from one to the next: a thousand
# people are a thousand short steps, however many lines they left.
_ACTORS = """
with recursive actor as (
  (select who from journal_line where zone_id = %(zone)s order by who limit 1)
  union all
  select (select l.who from journal_line l
          where l.zone_id = %(zone)s and l.who > actor.who order by l.who limit 1)
  from actor where actor.who is not null)
select who from actor where who ilike %(like)s limit %(most)s
"""
MOST_ACTORS = 300


def _by(lines: QuerySet[JournalLine], words: str, zone_id: int) -> QuerySet[JournalLine]:
    """Lines of those whose name or office holds the words, without reading everybody's lines.

    Words that fit very many are found among the newest lines soon enough.
    """
    like = "%" + re.sub(r"([%_\\])", r"\\\1", words) + "%"
    with connection.cursor() as cursor:
        cursor.execute(_ACTORS, {"zone": zone_id, "like": like, "most": MOST_ACTORS})
        actors = [row[0] for row in cursor.fetchall()]
    if len(actors) == MOST_ACTORS:
        return lines.filter(who__icontains=words)
    return lines.filter(who__in=actors)


def _filtered(
    lines: QuerySet[JournalLine], wanted: TrailFilter, zone_id: int
) -> QuerySet[JournalLine]:
    if wanted.words:
        lines = _by(lines, wanted.words, zone_id)
    if wanted.verb:
        lines = lines.filter(verb=wanted.verb)
    if wanted.subject_type:
        lines = lines.filter(subject_type=wanted.subject_type)
    if wanted.subject_id is not None:
        lines = lines.filter(subject_id=wanted.subject_id)
    if wanted.first:
        lines = lines.filter(at__gte=_midnight(wanted.first))
    if wanted.last:
        lines = lines.filter(at__lt=_midnight(wanted.last + timedelta(days=1)))
    return lines


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def with_seals(lines: Iterable[JournalLine], *, by: Actor) -> list[TrailLine]:
    """The lines with their seals; outside roles have no right to the chain and see none."""
    found = list(lines)
    seals: dict[int, tuple[int, bytes]] = {}
    if by.database_role != OUTSIDE:
        seals = {
            line_id: (position, bytes(kept))
            for line_id, position, kept in JournalSeal.objects.filter(
                line_id__in=[line.pk for line in found]
            ).values_list("line_id", "position", "hash")
        }
    teller = Teller(found)
    return [_line(line, teller, seals.get(line.pk)) for line in found]


def all_with_seals(lines: QuerySet[JournalLine], *, by: Actor) -> Iterator[TrailLine]:
    """Every line for an export, in portions, without holding them all."""
    batch: list[JournalLine] = []
    for line in lines.iterator(chunk_size=2000):
        batch.append(line)
        if len(batch) == 2000:
            yield from with_seals(batch, by=by)
            batch = []
    yield from with_seals(batch, by=by)


def _line(line: JournalLine, teller: Teller, seal: tuple[int, bytes] | None) -> TrailLine:
    return TrailLine(
        pk=line.pk,
        at=line.at,
        who=teller.who(line),
        person_id=line.person_id,
        post=teller.post(line),
        verb=line.verb,
        subject_type=line.subject_type,
        subject_id=line.subject_id,
        subject=teller.subject(line),
        detail=line.detail,
        details=teller.details(line),
        position=seal[0] if seal else None,
        seal=seal[1].hex() if seal else None,
    )


def seal_state(*, by: Actor) -> SealState:
    """The head of the zone's chain and the lines younger than it."""
    head = JournalSeal.objects.filter(zone_ref=by.zone_id).order_by("-position").first()
    with connection.cursor() as cursor:
        # The index on (transaction, number) finds the young end without reading the rest.
        cursor.execute(
            "select count(*) from journal_line l where l.zone_id = %s"
            " and l.txid >= (select sealed_below from journal_horizon)",
            [by.zone_id],
        )
        waiting = cursor.fetchone()[0]
    if head is None:
        return SealState(None, None, None, waiting)
    return SealState(head.position, bytes(head.hash).hex(), head.sealed_at, waiting)


def trail_verbs(*, by: Actor) -> list[tuple[str, str]]:
    """Verbs that occur in the newest thousand lines, with their words, for the filter."""
    newest = trail(by=by, wanted=TrailFilter()).values_list("verb", flat=True)[:1000]
    return sorted(((verb, verb_name(verb)) for verb in set(newest)), key=lambda pair: pair[1])


def trail_subjects(*, by: Actor) -> list[str]:
    """Kinds of record that occur in the newest thousand lines."""
    newest = trail(by=by, wanted=TrailFilter()).values_list("subject_type", flat=True)[:1000]
    return sorted(set(newest))


def own_misses(*, by: Actor, most: int = 20) -> tuple[int, list[AccessMiss]]:
    """How often this account asked for what is not there for it, and the last times."""
    with as_web():
        misses = AccessMiss.objects.filter(account_id=by.account_id or 0)
        return misses.count(), list(misses.order_by("-at")[:most])
