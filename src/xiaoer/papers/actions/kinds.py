"""Kinds of paper and their fields: furnishing a zone with them."""

from datetime import datetime

from django.db import transaction

from xiaoer.base import journal
from xiaoer.base.scope import Actor
from xiaoer.papers import access
from xiaoer.papers.models import PaperField, PaperKind
from xiaoer.papers.shipped import KINDS, SeededKind


@transaction.atomic
def seed_paper_kinds(*, by: Actor, now: datetime) -> int:
    """Kinds of paper a zone begins with; what the zone has under a code already stays its own."""
    access.must_set_kinds(by)
    known = set(PaperKind.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    fresh = [kind for kind in KINDS if kind.code not in known]
    if not fresh:
        return 0
    made = PaperKind.objects.bulk_create(_kind(by, kind) for kind in fresh)
    PaperField.objects.bulk_create(
        field for row, kind in zip(made, fresh, strict=True) for field in _fields(row, kind)
    )
    journal.record(by=by, now=now, verb="seed_paper_kinds", subject=made[0], count=len(made))
    return len(made)


def _kind(by: Actor, kind: SeededKind) -> PaperKind:
    return PaperKind(
        zone_id=by.zone_id,
        code=kind.code,
        name=kind.name,
        name_en=kind.name_en,
        marks=list(kind.marks),
        valid_months=kind.valid_months,
        is_reusable=kind.is_reusable,
        source=kind.source,
        mark=kind.mark,
    )


def _fields(row: PaperKind, kind: SeededKind) -> list[PaperField]:
    return [
        PaperField(
            zone_id=row.zone_id,
            kind=row,
            code=field.code,
            name=field.name,
            name_en=field.name_en,
            sort=field.sort,
            unit=field.unit,
            labels=list(field.labels),
            pattern=field.pattern,
            least_confidence=field.least,
            is_needed=field.is_needed,
            order=order,
        )
        for order, field in enumerate(kind.fields, start=1)
    ]
