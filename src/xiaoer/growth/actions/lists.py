"""Lists of firms and projects, and technology contracts."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import checking, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import access
from xiaoer.growth.models import FirmList, Level, ListMember, TechContract
from xiaoer.registry.models import Party


@transaction.atomic
def open_list(
    *,
    by: Actor,
    now: datetime,
    code: str,
    name: str,
    level: str,
    year: int,
    name_en: str = "",
    is_of_projects: bool = False,
    feeds: str = "",
    document: str = "",
    document_no: str = "",
) -> FirmList:
    """Open the list of a year: a reserve list, pilots, projects of a plan."""
    access.must_keep_titles(by)
    if level not in Level.values:
        raise Refused(_("Choose whose list it is."), field="level")
    row = FirmList(
        zone_id=by.zone_id,
        code=checking.must_say(code, "code", most=60),
        name=checking.must_say(name, "name", most=100, why=_("Give the list a name.")),
        name_en=checking.said(name_en, "name_en", most=160),
        level=level,
        year=year,
        is_of_projects=is_of_projects,
        feeds=feeds,
        document=checking.said(document, "document", most=200),
        document_no=checking.said(document_no, "document_no", most=80),
        opened_at=now,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(_("This list exists already for this year."), field="code") from error
    journal.record(by=by, now=now, verb="open_list", subject=row, code=row.code, year=year)
    return row


@transaction.atomic
def add_member(
    *,
    by: Actor,
    now: datetime,
    firm_list: FirmList,
    party: Party,
    since: date,
    project: str = "",
) -> ListMember:
    """Put a firm, or a project of it, on a list from a day on."""
    access.must_keep_titles(by)
    kept = checking.locked(FirmList, by, firm_list.pk)
    if party.zone_id != by.zone_id:
        raise Refused(_("There is no such enterprise here for you."), field="party")
    project = checking.said(project, "project", most=120)
    if kept.is_of_projects and not project:
        raise Refused(_("This is a list of projects; name the project."), field="project")
    row = ListMember(
        zone_id=by.zone_id,
        firm_list=kept,
        party=party,
        project=project,
        since=checking.must_have_been(since, "since", now),
        added_at=now,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(
            _("%(name)s is on this list already.") % {"name": party.name}, field="party"
        ) from error
    journal.record(
        by=by, now=now, verb="add_member", subject=kept, party_ref=party.pk, party=party.pk
    )
    return row


@transaction.atomic
def remove_member(
    *, by: Actor, now: datetime, member: ListMember, until: date, reason: str
) -> ListMember:
    """Take a firm off a list as of a day, with the reason; that it stood there stays readable."""
    access.must_keep_titles(by)
    access.must_be_person(by)
    row = checking.locked(ListMember, by, member.pk)
    if row.removed_at is not None:
        raise Refused(_("It left the list already."))
    if checking.must_have_been(until, "until", now) < row.since:
        raise Refused(_("It came onto the list after this day."), field="until")
    row.until, row.removed_at = until, now
    row.reason = checking.must_say(reason, "reason", most=300)
    row.save(update_fields=["until", "removed_at", "reason"])
    journal.record(
        by=by, now=now, verb="remove_member", subject=FirmList.objects.get(pk=row.firm_list_id),
        party_ref=row.party_id, party=row.party_id, reason=row.reason,
    )  # fmt: skip
    return row


@transaction.atomic
def register_contract(
    *,
    by: Actor,
    now: datetime,
    number: str,
    registered_on: date,
    party: Party,
    amount_fen: int,
    kind: str = "",
    name: str = "",
    counterpart: str = "",
) -> TechContract:
    """Enter a technology contract as the market registered it."""
    access.must_keep_titles(by)
    row = enter_contract(
        by=by, now=now, number=number, registered_on=registered_on, party=party,
        amount_fen=amount_fen, kind=kind, name=name, counterpart=counterpart,
    )  # fmt: skip
    journal.record(
        by=by, now=now, verb="register_contract", subject=row, party_ref=party.pk, code=row.number
    )
    return row


def enter_contract(
    *,
    by: Actor,
    now: datetime,
    number: str,
    registered_on: date,
    party: Party,
    amount_fen: int,
    kind: str = "",
    name: str = "",
    counterpart: str = "",
) -> TechContract:
    """Write a contract; the verbs that call this ask who may and write the journal."""
    if party.zone_id != by.zone_id:
        raise Refused(_("There is no such enterprise here for you."), field="party")
    if kind and kind not in TechContract.Kind.values:
        raise Refused(_("Choose the kind of contract."), field="kind")
    if amount_fen < 0:
        raise Refused(_("The amount cannot be below zero."), field="amount")
    row = TechContract(
        zone_id=by.zone_id,
        number=checking.must_say(number, "number", most=40, why=_("Enter the contract's number.")),
        registered_on=checking.must_have_been(registered_on, "registered_on", now),
        kind=kind,
        name=checking.said(name, "name", most=200),
        party=party,
        counterpart=checking.said(counterpart, "counterpart", most=120),
        amount_fen=amount_fen,
        recorded_at=now,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(
            _("A contract with this number is entered already."), field="number"
        ) from error
    return row


@transaction.atomic
def take_back_contract(
    *, by: Actor, now: datetime, contract: TechContract, reason: str
) -> TechContract:
    """Take a contract out of the count that was entered wrongly or dissolved, with the reason."""
    access.must_keep_titles(by)
    row = checking.locked(TechContract, by, contract.pk)
    if row.withdrawn_at is not None:
        raise Refused(_("It was taken back already."))
    row.withdrawn_at = now
    row.reason = checking.must_say(reason, "reason", most=300)
    row.save(update_fields=["withdrawn_at", "reason"])
    journal.record(
        by=by, now=now, verb="take_back_contract", subject=row, party_ref=row.party_id,
        reason=row.reason,
    )  # fmt: skip
    return row
