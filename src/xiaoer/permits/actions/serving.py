"""Verbs of what was done at a point: services recorded and corrected, uses of an e-licence."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers.models import Licence
from xiaoer.permits import point_access as access
from xiaoer.permits.actions.points import point_in_hand, tidy
from xiaoer.permits.models import (
    Case,
    ExtendedService,
    LicenceUse,
    ServicePoint,
    ServiceRecord,
    Thing,
)
from xiaoer.registry.models import Party

Kind = ServiceRecord.Kind
# A record made later than this is no record of the counter any more.
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Served:
    """What was done for whom; ``party`` where the registry knows them, else ``name`` alone."""

    kind: str
    party: Party | None = None
    name: str = ""
    case: Case | None = None
    thing: Thing | None = None
    extended: ExtendedService | None = None
    words: str = ""
    at: datetime | None = None


@transaction.atomic
def record_service(
    *, by: Actor, now: datetime, point: ServicePoint, served: Served
) -> ServiceRecord:
    """Write down that somebody was served at a point."""
    access.must_serve(by)
    row = _record(by, now, point, served)
    row.save()
    _tell(by, now, "record_service", row)
    return row


@transaction.atomic
def correct_record(
    *,
    by: Actor,
    now: datetime,
    record: ServiceRecord,
    reason: str,
    served: Served | None = None,
) -> ServiceRecord:
    """Put a record right by a further one; without ``served`` it says that it never happened.

    The first stays as it was written. Whoever wrote it, or who keeps the points, corrects it.
    """
    access.must_serve(by)
    old = ServiceRecord.objects.filter(zone_id=by.zone_id, pk=record.pk).first()
    if old is None:
        raise Refused(_("There is no such record here."))
    if old.post_id != by.post_id and not access.keeps_points(by):
        raise Refused(_("Whoever wrote it down, or who keeps the points, corrects it."))
    if old.is_void:
        raise Refused(_("It is struck out; record the service anew."))
    row = _record(by, now, old.point, served or _same(old), is_open=False)
    row.replaces, row.is_void = old, served is None
    row.why = tidy(reason, "reason", 200, _("Say what was wrong."))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as no:
        raise Refused(_("It was corrected already; correct the newer one.")) from no
    _tell(by, now, "correct_record", row, reason=row.why)
    return row


def _same(old: ServiceRecord) -> Served:
    return Served(
        kind=old.kind, party=old.party, name=old.name, case=old.case, thing=old.thing,
        extended=old.extended, words=old.words, at=old.at,
    )  # fmt: skip


def _record(
    by: Actor, now: datetime, point: ServicePoint, served: Served, *, is_open: bool = True
) -> ServiceRecord:
    if served.kind not in Kind.values:
        raise Refused(_("Say what was done."), field="kind")
    if served.kind == Kind.EXTENDED and served.extended is None:
        raise Refused(_("Say which extended service."), field="extended")
    at = served.at or now
    if at > now or at < now - LONGEST:
        raise Refused(_("Check the day: it lies ahead, or more than a year back."), field="at")
    party = served.party or (served.case.party if served.case else None)
    name = party.name if party else served.name
    row = point_in_hand(by, point, is_open=is_open)
    return ServiceRecord(
        zone_id=by.zone_id,
        point=row,
        kind=served.kind,
        party=party,
        name=tidy(name, "name", 120, _("Say who was served.")),
        case=served.case,
        thing=served.thing,
        extended=served.extended if served.kind == Kind.EXTENDED else None,
        words=tidy(served.words, "words", 300),
        at=at,
        recorded_at=now,
        post_id=by.post_id,
    )


def _tell(by: Actor, now: datetime, verb: str, row: ServiceRecord, **more: object) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, kind=row.kind,
        name=row.name, point=row.point.name, **more,
    )  # fmt: skip


@transaction.atomic
def record_licence_use(
    *,
    by: Actor,
    now: datetime,
    service: str,
    party: Party | None = None,
    name: str = "",
    credit_code: str = "",
    licence: Licence | None = None,
    point: ServicePoint | None = None,
    at: datetime | None = None,
) -> LicenceUse:
    """Write down that an e-licence was shown for a service; without ``licence`` the business one.

    One of our register must hold on that day: a revoked one serves for nothing.
    """
    access.must_serve(by)
    when = at or now
    if when > now or when < now - LONGEST:
        raise Refused(_("Check the day: it lies ahead, or more than a year back."), field="at")
    if licence is not None:
        _must_hold(licence, when)
        party, name = licence.party or party, name or licence.holder_name
        credit_code = credit_code or licence.holder_code
    row = LicenceUse.objects.create(
        zone_id=by.zone_id,
        what=LicenceUse.What.OURS if licence else LicenceUse.What.BUSINESS,
        licence=licence,
        party=party,
        name=tidy(party.name if party else name, "name", 120, _("Say whose licence it was.")),
        credit_code=tidy(party.credit_code if party else credit_code, "credit_code", 18),
        service=tidy(service, "service", 80, _("Say what it was shown for.")),
        point=point,
        at=when,
        post_id=by.post_id,
    )
    journal.record(
        by=by, now=now, verb="record_licence_use", subject=row, party_ref=row.party_id,
        name=row.name, purpose=row.service,
    )  # fmt: skip
    return row


def _must_hold(licence: Licence, when: datetime) -> None:
    day = when.date()
    if licence.state != Licence.State.VALID or not (
        licence.valid_from <= day and (licence.valid_until is None or day <= licence.valid_until)
    ):
        raise Refused(
            _("Licence %(number)s does not hold on that day; it cannot be used.")
            % {"number": licence.number},
            field="licence",
        )
