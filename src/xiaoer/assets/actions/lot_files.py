"""Pictures of a lot, and the papers that show whose it is."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.lot_rows import locked_lot, record, seen_lot
from xiaoer.assets.models import Lot, LotFile
from xiaoer.base import files
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.base.sniffing import SORTS, sniff, sniff_picture

Kind = LotFile.Kind
MOST_FILES = 20
# What whoever prepares a lot adds; what was checked, and then announced, stays as it was.
OWNERS = (Kind.PICTURE, Kind.TITLE, Kind.PAPER)


@transaction.atomic
def add_lot_file(*, by: Actor, now: datetime, lot: Lot, kind: str, upload: files.Named) -> LotFile:
    """Add a picture, drawn anew so that nothing hides in it, or a paper nobody outside sees."""
    kept = seen_lot(by, lot)
    access.must_keep_lot(by, kept)
    if kind not in OWNERS:
        raise Refused(_("Choose what this file is."), field="kind")
    name = upload.name or ""
    look = sniff_picture if kind == Kind.PICTURE else sniff
    stored = files.keep_file(by=by, now=now, stream=upload, name=name, look=look)
    with on_behalf(by):
        row = locked_lot(by, kept, *access.preparing_states(by))
        standing = LotFile.objects.filter(lot=row, removed_at__isnull=True)
        known = standing.filter(file=stored, kind=kind).first()
        if known is not None:
            return known
        if standing.count() >= MOST_FILES:
            raise Refused(
                _("At most %(limit)d files of one lot; take one off first.")
                % {"limit": MOST_FILES},
                field="paper",
            )
        last = LotFile.objects.filter(lot=row).aggregate(last=Max("order"))["last"] or 0
        file = LotFile.objects.create(
            zone_id=by.zone_id, lot=row, kind=kind, file=stored, order=last + 1,
            name=files.tidy_name(name, SORTS[stored.media_type])[-120:],
        )  # fmt: skip
        record(by, now, "add_lot_file", row, kind=kind, name=file.name)
    return file


@transaction.atomic
def remove_lot_file(*, by: Actor, now: datetime, file: LotFile) -> LotFile:
    """Take a file off a lot that is not announced yet."""
    seen = LotFile.objects.filter(zone_id=by.zone_id, pk=file.pk).first()
    if seen is None:
        raise Refused(_("There is no such file here."))
    kept = seen_lot(by, seen.lot_id)
    access.must_keep_lot(by, kept)
    with on_behalf(by):
        row = locked_lot(by, kept, *access.preparing_states(by))
        if seen.kind not in OWNERS:
            raise Refused(_("This paper belongs to the sale and stays."))
        seen.refresh_from_db()
        if seen.removed_at is None:
            seen.removed_at = now
            seen.save(update_fields=["removed_at"])
            record(by, now, "remove_lot_file", row, kind=seen.kind, name=seen.name)
    return seen
