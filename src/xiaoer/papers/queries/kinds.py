"""Kinds of paper as lists show them, and what lies in quarantine."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from xiaoer.base.harmless import why_words as doubt_words
from xiaoer.papers.models import FieldRead, PaperField, PaperKind, Quarantine, Reading

NEWEST = 200


def paper_kinds(*, zone_id: int) -> QuerySet[PaperKind]:
    """Every kind, those that are read first, with how many fields each has."""
    return (
        PaperKind.objects.filter(zone_id=zone_id)
        .annotate(count_of_fields=Count("fields"))
        .order_by("-count_of_fields", "code")
    )


def paper_fields(kind: PaperKind) -> QuerySet[PaperField]:
    return PaperField.objects.filter(kind=kind)


def quarantined(*, zone_id: int) -> list[Quarantine]:
    """What is kept apart first, then what was decided lately."""
    rows = Quarantine.objects.filter(zone_id=zone_id).select_related(
        "came_from__person", "decided_by__person"
    )
    held = list(rows.filter(state=Quarantine.State.HELD)[:NEWEST])
    return held + list(rows.exclude(state=Quarantine.State.HELD)[: NEWEST - len(held)])


def held_words(held: Quarantine) -> str:
    """Why a file is kept apart."""
    code, _blank, told = held.why.partition(" ")
    return doubt_words(code, told)


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A field of the kind beside what was read of it; ``read`` None: it was not found."""

    field: PaperField
    read: FieldRead | None

    @property
    def percent(self) -> int | None:
        return None if self.read is None else int(self.read.confidence * 100)

    @property
    def is_sure(self) -> bool:
        return (
            self.read is not None
            and bool(self.read.value)
            and self.read.confidence * 100 >= self.field.least_confidence
        )


def fields_shown(reading: Reading) -> list[FieldShown]:
    """The fields of a reading's kind as they stand now, each with what was read."""
    read = {one.code: one for one in FieldRead.objects.filter(reading=reading)}
    return [
        FieldShown(field, read.get(field.code))
        for field in PaperField.objects.filter(kind_id=reading.kind_id)
    ]
