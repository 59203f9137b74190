"""Kinds of licence for a new zone; what the zone changed since stays as it is."""

from datetime import datetime

from django.db import transaction

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.scope import Actor
from xiaoer.papers import access
from xiaoer.papers.licence_kinds import KINDS
from xiaoer.papers.models import LicenceKind, PaperKind


@transaction.atomic
def seed_licence_kinds(*, by: Actor, now: datetime) -> int:
    """Add the kinds that are not there yet, each with the kind of paper it is held as; how many."""
    access.must_set_kinds(by)
    known = set(LicenceKind.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    new = [kind for kind in KINDS if kind.code not in known]
    held = _paper_kinds(by)
    LicenceKind.objects.bulk_create(
        LicenceKind(
            zone_id=by.zone_id,
            code=kind.code,
            name=kind.name,
            name_en=kind.name_en,
            number_form=kind.form,
            fields=kind.fields(),
            valid_months=kind.months,
            paper_kind=held[kind.code],
            source=kind.source,
            mark=kind.mark,
        )
        for kind in new
    )
    if new:
        journal.record(
            by=by,
            now=now,
            verb="seed_licence_kinds",
            subject=Zone.objects.get(pk=by.zone_id),
            kinds=len(new),
        )
    return len(new)


def _paper_kinds(by: Actor) -> dict[str, PaperKind]:
    """Kinds of paper under the licences' own codes; one that nobody reads yet is only held."""
    rows = PaperKind.objects.filter(zone_id=by.zone_id, code__in=[kind.code for kind in KINDS])
    known = {row.code: row for row in rows}
    return {
        kind.code: known.get(kind.code)
        or PaperKind.objects.create(
            zone_id=by.zone_id,
            code=kind.code,
            name=kind.name,
            name_en=kind.name_en,
            marks=[kind.name],
            source=kind.source,
            mark=kind.mark,
        )
        for kind in KINDS
    }
