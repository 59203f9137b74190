"""Finding parties by what people type."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
from xiaoer.registry.names import normalise, read_query

MOST = 500
EVERYTHING = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """A party that was found, and by what: 1 head of the name, 2 inside it, 3 initials, 4 code,
    5 the name of its officer."""

    id: int
    name: str
    credit_code: str
    cell: str | None
    status: str
    tier: int


def found_ids(*, text: str, most: int = MOST) -> dict[int, int]:
    """Numbers of the parties the asker may see, best first, each with the tier it was found in.

    Asks ``search_parties``, which filters by the scope itself and may use indexes that row security
    would shut off.
    """
    query = read_query(text)
    if query.is_empty:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, min(tier) from search_parties(%s, %s, %s, %s, %s, %s)"
            " group by id order by min(tier), min(length), id limit %s",
            [
                list(query.fragments),
                query.words,
                query.letters,
                query.code,
                query.person,
                most,
                most,
            ],
        )
        return dict(cursor.fetchall())


def search_parties(*, by: Actor, text: str, most: int = 20) -> list[Found]:
    """The best matches for a search box, read from the guarded table."""
    tiers = found_ids(text=text, most=most)
    rows = Party.objects.filter(zone_id=by.zone_id, pk__in=tiers).select_related("cell")
    found = [
        Found(
            id=party.pk,
            name=party.name,
            credit_code=party.credit_code,
            cell=party.cell.name if party.cell else None,
            status=party.status,
            tier=tiers[party.pk],
        )
        for party in rows
    ]
    order = {pk: place for place, pk in enumerate(tiers)}
    return sorted(found, key=lambda row: order[row.id])


def likely_duplicates(*, party: Party, most: int = 5) -> Sequence[Found]:
    """Other entries that may be the same firm: one name inside the other, or the same code tail."""
    by = Actor(zone_id=party.zone_id)
    others = search_parties(by=by, text=normalise(party.name), most=most + 1)
    return [row for row in others if row.id != party.pk][:most]
