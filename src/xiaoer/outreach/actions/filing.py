"""Filing a request from every channel, calling the filer back, taking a mistaken one back."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.outreach import access
from xiaoer.outreach.actions import clocks, tasks
from xiaoer.outreach.actions.story import OPEN, in_hand, may_say, must_be, must_say, tell
from xiaoer.outreach.models import Appeal, AppealKind, Booking, ContactCard, Programme, Visit
from xiaoer.outreach.queries.keys import hash_of
from xiaoer.outreach.terms import terms_of
from xiaoer.registry.models import Party

Channel = Appeal.Channel
STAFF_CHANNELS = frozenset(Channel) - {Channel.CARD, Channel.ENTERPRISE}
LONGEST_TITLE, LONGEST_BODY = 80, 4000
MOST_MONEY_FEN = 10**15
MOST_FROM_A_CARD = 20


@dataclass(frozen=True, slots=True)
class Filed:
    """What the filer takes home. The token is shown once; only its hash is kept."""

    appeal: Appeal
    receipt_no: str
    token: str


@transaction.atomic
def file_appeal(
    *,
    by: Actor,
    now: datetime,
    party: Party,
    channel: str,
    title: str,
    body: str,
    contact_name: str = "",
    contact_phone: str = "",
    kind: AppealKind | None = None,
    urgency: str = Appeal.Urgency.NORMAL,
    money_fen: int | None = None,
    visit: Visit | None = None,
    programme: Programme | None = None,
    booking: Booking | None = None,
) -> Filed:
    """File a request (提交诉求). Whoever receives it first answers for it to the end (首接负责).

    From a card or an enterprise's page the first post is the officer of the enterprise; from every
    other channel it is who took it. The number is given last: its counter is the one row all
    filings of a zone share, and is held only until the end of the transaction.
    """
    _must_file(by, party, channel)
    title, body = _checked(title, body, money_fen, urgency)
    token = secrets.token_urlsafe(24)
    with on_behalf(by):
        if channel == Channel.CARD:
            _must_not_flood(party, now)
        row = Appeal(
            zone_id=by.zone_id,
            party=party,
            channel=channel,
            title=title,
            body=body,
            contact_name=may_say(contact_name, "contact_name", 60),
            contact_phone=may_say(contact_phone, "contact_phone", 40),
            kind=kind,
            urgency=urgency,
            money_fen=money_fen,
            visit=visit,
            programme=programme or (visit.programme if visit else None),
            booking=booking,
            filed_by_id=by.post_id,
            filed_at=now,
            track_hash=hash_of(token),
            terms=terms_of(title, body),
        )
        row.receipt_no = row.track_hash[:20]
        row.first_post_id = (
            by.post_id if channel in STAFF_CHANNELS else tasks.steward_of(party, now)
        )
        clocks.start_clocks(row)
        clocks.set_running(row)
        row.save()
        tasks.open_thread(row, by=by, now=now)
        tasks.ask_contact(row, by=by, now=now)
        tell(row, by=by, now=now, verb="file_appeal", text=body, channel=channel)
        _give_number(row)
    return Filed(appeal=row, receipt_no=row.receipt_no, token=token)


def _must_file(by: Actor, party: Party, channel: str) -> None:
    if not _may_file(by, party, channel):
        raise Refused(_("You cannot file a request for this enterprise in this way."))
    if not Party.objects.filter(pk=party.pk, zone_id=by.zone_id, merged_into__isnull=True).exists():
        raise Refused(_("There is no such enterprise here for you."))


def _may_file(by: Actor, party: Party, channel: str) -> bool:
    if by.is_staff:
        return by.post_id is not None and channel in STAFF_CHANNELS
    if by.party_ref != party.pk:
        return False
    if by.role is None:
        return channel == Channel.CARD and _card_in_force(by)
    return by.role == Role.ENTERPRISE and channel == Channel.ENTERPRISE


def _card_in_force(by: Actor) -> bool:
    return ContactCard.objects.filter(
        zone_id=by.zone_id, code_hash=by.key, withdrawn_at__isnull=True
    ).exists()


def _must_not_flood(party: Party, now: datetime) -> None:
    """A card lies about where anybody may scan it; nobody fills the pool with it."""
    day = Appeal.objects.filter(
        zone_id=party.zone_id,
        party=party,
        channel=Channel.CARD,
        filed_at__gt=now - timedelta(days=1),
    )
    if day.count() >= MOST_FROM_A_CARD:
        raise Refused(
            _("More than %(most)d requests came from this card in a day; please telephone us.")
            % {"most": MOST_FROM_A_CARD}
        )


def _checked(title: str, body: str, money_fen: int | None, urgency: str) -> tuple[str, str]:
    title = must_say(title, "title", _("Say in a few words what is the matter."), LONGEST_TITLE)
    body = must_say(body, "body", _("Describe what happened and what you need."), LONGEST_BODY)
    must_be_money(money_fen)
    if urgency not in Appeal.Urgency.values:
        raise Refused(_("Choose how urgent it is from the list."), field="urgency")
    return title, body


def must_be_money(money_fen: int | None, field: str = "money_fen") -> None:
    """An amount somebody could mean, or none; a form calls the field by its own name."""
    if money_fen is not None and not 0 <= money_fen <= MOST_MONEY_FEN:
        raise Refused(_("The amount of money cannot be right; check it."), field=field)


def _give_number(row: Appeal) -> None:
    year = clocks.local_day(row.filed_at).year
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into receipt_counter (zone_id, year, last) values (%s, %s, 1)"
            " on conflict (zone_id, year) do update set last = receipt_counter.last + 1"
            " returning last",
            [row.zone_id, year],
        )
        (number,) = cursor.fetchone()
    row.receipt_no = f"SQ-{year}-{number:04d}"
    row.save(update_fields=["receipt_no"])


@transaction.atomic
def verify_phone(
    *, by: Actor, now: datetime, appeal: Appeal, version: int, words: str = ""
) -> Appeal:
    """Say that the stated telephone was called back and answers; this is the first contact."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        if not access.leads(by, row, now):
            access.must_triage(by, row, now)
        must_be(row, *OPEN)
        if not row.contact_phone:
            raise Refused(_("No telephone was stated; ask the enterprise for one."))
        if row.is_phone_verified:
            raise Refused(_("The telephone was called back already; note what was said."))
        row.is_phone_verified = True
        tasks.started(row, by=by, now=now)
        if row.state == Appeal.State.RECEIVED:
            tasks.ask_registration(row, by=by, now=now)
        tell(
            row, by=by, now=now, verb="verify_phone", text=may_say(words, "words"), is_public=False
        )
    return row


@transaction.atomic
def take_back_appeal(*, by: Actor, now: datetime, appeal: Appeal, version: int) -> Appeal:
    """Take back one's own mistaken filing, within ten minutes and before anybody worked on it."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        if not access.filed(by, row):
            raise Refused(_("Only who filed the request can take it back."))
        must_be(row, Appeal.State.RECEIVED)
        if now > row.filed_at + access.TAKE_BACK:
            raise Refused(
                _("It was filed more than ten minutes ago; the enterprise may withdraw it instead.")
            )
        row.state, row.ball, row.closed_at = Appeal.State.TAKEN_BACK, Appeal.Ball.NOBODY, now
        tasks.close_thread(row, by=by, now=now)
        tell(row, by=by, now=now, verb="take_back_appeal")
    return row
