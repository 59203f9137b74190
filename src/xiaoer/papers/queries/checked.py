"""What the public check page says of a paper: enough to rely on it or not, and nothing else."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from xiaoer.base.models import Zone
from xiaoer.base.scope import Actor
from xiaoer.papers.masking import masked_name
from xiaoer.papers.models import Licence, OfficialNotice
from xiaoer.papers.queries.licences import Standing, said, standing
from xiaoer.web.words import local_date


@dataclass(frozen=True, slots=True)
class Checked:
    """One paper as a stranger sees it. ``holds``: it may be relied on today."""

    is_notice: bool
    zone_name: str
    title: str
    title_en: str
    number: str
    holder: str
    issuer: str
    issued_on: date
    standing: Standing
    fields: tuple[tuple[str, str, str], ...]
    valid_from: date | None = None
    valid_until: date | None = None
    changed_on: date | None = None
    is_automatic: bool = False
    identifier: str = ""

    @property
    def holds(self) -> bool:
        return self.standing.holds


def checked(*, by: Actor, on: date) -> Checked | None:
    """The paper whose code ``by`` holds: row security lets no other be found."""
    zone_name = Zone.objects.values_list("name", flat=True).get(pk=by.zone_id)
    licence = (
        Licence.objects.filter(zone_id=by.zone_id, code_hash=by.key).select_related("kind").first()
    )
    if licence is not None:
        return _licence(licence, zone_name, on)
    notice = OfficialNotice.objects.filter(zone_id=by.zone_id, code_hash=by.key).first()
    return None if notice is None else _notice(notice, zone_name)


def _licence(row: Licence, zone_name: str, on: date) -> Checked:
    now = standing(row, on)
    # Of what no longer holds, only that it does not, and since when.
    gone = row.state in (Licence.State.REPLACED, *_ENDED)
    return Checked(
        is_notice=False,
        zone_name=zone_name,
        title=row.kind.name,
        title_en=row.kind.name_en,
        number=row.number,
        holder=masked_name(row.holder_name) if row.is_person else row.holder_name,
        issuer=row.issuer,
        issued_on=row.issued_on,
        standing=now,
        fields=() if gone else tuple(one for one in said(row, only_public=True) if one[2]),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        changed_on=row.changed_on if row.state != Licence.State.VALID else None,
        is_automatic=row.is_automatic,
        identifier=row.identifier,
    )


_ENDED = (Licence.State.REVOKED, Licence.State.DEREGISTERED)


def _notice(row: OfficialNotice, zone_name: str) -> Checked:
    return Checked(
        is_notice=True,
        zone_name=zone_name,
        title=row.title,
        title_en="",
        number=row.number,
        holder=masked_name(row.addressee) if row.is_person else row.addressee,
        issuer=row.office_name,
        issued_on=local_date(row.made_at),
        standing=Standing("in_force", _("issued here"), "green"),
        fields=(),
    )


def find_by_number(number: str, holder: str) -> Actor | None:
    """Whoever knows number and holder of a licence exactly, as they stand on it."""
    with connection.cursor() as cursor:
        cursor.execute("select * from code_of_licence(%s, %s)", [number, holder])
        row = cursor.fetchone()
    return None if row is None else Actor(zone_id=row[0], key=row[1])
