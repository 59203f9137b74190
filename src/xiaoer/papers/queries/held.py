"""Papers held: which stand on a day, and what each was used for."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from xiaoer.papers.models import HeldPaper


def holds(paper: HeldPaper, on: date) -> bool:
    """Whether a paper holds on a day; one without a last day holds until it is said otherwise."""
    return paper.valid_until is None or paper.valid_until >= on


def held_papers(*, zone_id: int, party_id: int, on: date) -> "QuerySet[HeldPaper]":
    """Papers of a party that may be used on a day, newest first."""
    return (
        HeldPaper.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on),
            zone_id=zone_id,
            party_id=party_id,
            withdrawn_at__isnull=True,
            replaced_by__isnull=True,
        )
        .select_related("kind", "file")
        .order_by("-id")
    )


def standing_papers(
    *, zone_id: int, party_id: int, codes: Collection[str], on: date
) -> dict[str, HeldPaper]:
    """The paper to use for each kind asked for; kinds of which none stands are left out."""
    found: dict[str, HeldPaper] = {}
    rows = held_papers(zone_id=zone_id, party_id=party_id, on=on).filter(
        kind__code__in=list(codes), kind__is_reusable=True
    )
    for paper in rows:
        found.setdefault(paper.kind.code, paper)
    return found
