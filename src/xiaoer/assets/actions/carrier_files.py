"""Pictures, plans and papers of parcels, buildings and units."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import carriers as access
from xiaoer.assets.actions.leases import change_lease, lease_facts
from xiaoer.assets.actions.reaching import reached_building, reached_unit
from xiaoer.assets.models import Building, CarrierFile, Lease, Parcel, Unit
from xiaoer.base import checking, files, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.base.sniffing import PDF, PICTURES, Sort, sniff, sniff_picture

MOST_FILES = 40


@transaction.atomic
def add_carrier_file(
    *,
    by: Actor,
    now: datetime,
    of: Parcel | Building | Unit,
    upload: files.Named,
    kind: str,
    name: str = "",
) -> CarrierFile:
    """Hang a picture, a plan or a paper on a parcel, a building or a unit.

    A picture is drawn anew, so that it carries no script and no place; what is neither a picture nor
    a PDF (an SVG, say) is refused.
    """
    if kind not in CarrierFile.Kind.values:
        raise Refused(_("Choose one of the list."), field="kind")
    look = sniff_picture if kind == CarrierFile.Kind.PICTURE else _drawing
    with on_behalf(by):
        where = _reached(by, of)
        there = CarrierFile.objects.filter(**where, removed_at__isnull=True)
        if there.count() >= MOST_FILES:
            raise Refused(
                _("There are %(most)d files already; take one off first.") % {"most": MOST_FILES},
                field="file",
            )
        kept = files.keep_file(by=by, now=now, stream=upload, name=upload.name or "", look=look)
        row = CarrierFile.objects.create(
            zone_id=by.zone_id, kind=kind, file=kept, order=there.count(), **where,
            name=checking.said(name, "name", most=120) or Path(upload.name or "").name[:120] or kind,
        )  # fmt: skip
        journal.record(
            by=by, now=now, verb="add_carrier_file", subject=row, kind=kind, name=row.name
        )
    return row


@transaction.atomic
def remove_carrier_file(*, by: Actor, now: datetime, file: CarrierFile) -> CarrierFile:
    """Take a file off; its bytes stay, and who did it stands in the journal."""
    with on_behalf(by):
        row = checking.locked(CarrierFile, by, file.pk)
        of = row.unit or row.building or row.parcel
        if of is not None:
            _reached(by, of)
        if row.removed_at is not None:
            raise Refused(_("It was taken off already."))
        row.removed_at = now
        row.save(update_fields=["removed_at"])
        journal.record(by=by, now=now, verb="remove_carrier_file", subject=row, name=row.name)
    return row


@transaction.atomic
def keep_lease_paper(*, by: Actor, now: datetime, lease: Lease, upload: files.Named) -> Lease:
    """Put the signed lease beside its record; a later one takes the place of the former."""
    with on_behalf(by):
        kept = files.keep_file(by=by, now=now, stream=upload, name=upload.name or "", look=_drawing)
        row = Lease.objects.select_related("party").get(zone_id=by.zone_id, pk=lease.pk)
        return change_lease(
            by=by, now=now, lease=row, facts=replace(lease_facts(row), file=kept),
            version=row.version,
        )  # fmt: skip


def _reached(by: Actor, of: Parcel | Building | Unit) -> dict[str, Parcel | Building | Unit]:
    """The one thing it hangs on, of which the asker may say something."""
    if isinstance(of, Unit):
        return {"unit": reached_unit(by, of, living=False)}
    if isinstance(of, Building):
        return {"building": reached_building(by, of)}
    access.must_keep_carriers(by)
    return {"parcel": checking.locked(Parcel, by, of.pk)}


def _drawing(path: Path, name: str) -> Sort:
    """A plan or a paper is a picture or a PDF."""
    sort = sniff(path, name)
    if sort is not PDF and sort not in PICTURES:
        raise Refused(_("A plan or a paper is a picture or a PDF."), field="file")
    return sort
