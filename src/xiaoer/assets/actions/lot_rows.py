"""What verbs of lots share: the row locked, the state asked, the moments reckoned, tasks given."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from xiaoer.assets.actions.whose import whose
from xiaoer.assets.auction import terms
from xiaoer.assets.models import Bidder, Hall, Lot
from xiaoer.base import journal
from xiaoer.base.checking import end_of, must_say, today
from xiaoer.base.models import Office, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import actions as work
from xiaoer.work import queries as work_queries
from xiaoer.work.models import Task

KIND = "auction_lot"
# Of a telephone number; fewer tell no two firms apart.
LEAST_DIGITS = 7
# What happens in time happens by this clock, which in a demo may run ahead.
_CLOCK = "select hall_now(%s)"


def hall_now(zone_id: int) -> datetime:
    """What time it is in the halls of a zone: the database's own clock."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOCK, [zone_id])
        moment: datetime = cursor.fetchone()[0]
    return moment


def ask_hall(function: str, *values: Any) -> str:
    """Call one of the hall's functions of the database; what it answers."""
    places = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"select {function}({places})", list(values))
        return str(cursor.fetchone()[0])


def tell_who_is_in(bidder: Bidder) -> None:
    """Write into the ledger that a bidder was let in, or no longer is; after its end nothing is.

    Asked after the hall was called, which holds it: nobody ends it before this is committed.
    """
    ask_hall("admit_to_hall", bidder.pk)
    if Hall.objects.filter(lot=bidder.lot_id, ended_at__isnull=False).exists():
        raise Refused(
            _(
                "The bidding on “%(lot)s” is over; who was let in and who was not stands in its ledger."
            )
            % {"lot": bidder.lot.title}
        )


def stop_hall(lot: Lot, why: str) -> str:
    """End a hall before its time; what it answers, ``late`` where its own clock was before.

    Whoever bid last has won when the time is over, also in the moment before the server writes that
    down. Called inside a verb that refuses then, so that the end is not written after all.
    """
    was_paused = Hall.objects.filter(lot=lot, paused_at__isnull=False).exists()
    said = ask_hall("end_hall", lot.pk, True, why)
    if said != "stopped" or was_paused:
        return said
    return "late" if Hall.objects.filter(lot=lot, ended_at__gte=F("ends_at")).exists() else said


def seen_lot(by: Actor, lot: Lot | int) -> Lot:
    """The lot as the asker sees it; what is not seen is not there."""
    number = lot if isinstance(lot, int) else lot.pk
    row = Lot.objects.filter(zone_id=by.zone_id, pk=number).select_related("rules").first()
    if row is None:
        raise Refused(_("There is no such lot here; it may be of another zone."))
    return row


def locked_lot(by: Actor, lot: Lot | int, *states: str, version: int | None = None) -> Lot:
    """The lot, locked, in one of these states; called where the zone may write.

    Not against references: a bid holds the hall and writes a line that refers to lot and bidder, and
    a verb that holds the lot asks for the hall; each would wait for the other.
    """
    row = (
        Lot.objects.select_for_update(of=("self",), no_key=True)
        .select_related("rules", "matter", "seller")
        .filter(zone_id=by.zone_id, pk=lot if isinstance(lot, int) else lot.pk)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such lot here; it may be of another zone."))
    if states and row.state not in states:
        raise Refused(
            _("“%(lot)s” is now: %(state)s. Load the page again to see what can be done.")
            % {"lot": row.title, "state": row.get_state_display()}
        )
    if version is not None:
        journal.must_be_fresh(row, version)
    return row


def locked_bidder(by: Actor, bidder: Bidder | int, *states: str) -> Bidder:
    """The bidder, locked after its lot, in one of these states."""
    number = bidder if isinstance(bidder, int) else bidder.pk
    rows = Bidder.objects.filter(zone_id=by.zone_id, pk=number)
    lot = rows.values_list("lot_id", flat=True).first()
    if lot is None:
        raise Refused(_("There is no such bidder here; it may be of another lot."))
    locked_lot(by, lot)
    row = (
        rows.select_for_update(of=("self",), no_key=True)
        .select_related("lot__rules", "party")
        .get()
    )
    if states and row.state not in states:
        raise Refused(
            _("“%(name)s” is now: %(state)s. Load the page again to see what can be done.")
            % {"name": row.party.name, "state": row.get_state_display()}
        )
    return row


def must_be_phone(text: str, field: str) -> str:
    """A telephone number that can be called: by it one also sees who is related to the seller."""
    number = must_say(text, field, most=40, why=_("Give a telephone number."))
    if sum(sign.isdigit() for sign in number) < LEAST_DIGITS:
        raise Refused(
            _("A telephone number has at least %(count)d digits.") % {"count": LEAST_DIGITS},
            field=field,
        )
    return number


def terms_of(lot: Lot) -> terms.Terms:
    """The rules a lot is under."""
    return terms.read(lot.rules.body)


def move(lot: Lot, *changed: str) -> None:
    lot.version += 1
    lot.save(update_fields=[*changed, "version"])


def move_bidder(bidder: Bidder, *changed: str) -> None:
    bidder.version += 1
    bidder.save(update_fields=[*changed, "version"])


def record(by: Actor, now: datetime, verb: str, lot: Lot, **detail: object) -> None:
    journal.record(by=by, now=now, verb=verb, subject=lot, party_ref=lot.seller_id, **detail)


def record_bidder(by: Actor, now: datetime, verb: str, bidder: Bidder, **detail: object) -> None:
    """A line of a bidder is the bidder's own: the seller never reads who bids."""
    journal.record(
        by=by, now=now, verb=verb, subject=bidder, party_ref=bidder.party_id, lot=bidder.lot_id,
        **detail,
    )  # fmt: skip


# Tasks -----------------------------------------------------------------------------------------


# Whose the tasks of the exchange are, the first that the zone has.
EXCHANGES = (Role.EXCHANGE, Role.ADMINISTRATOR)


def exchange_office(zone_id: int) -> Office:
    """Where the exchange centre sits; without one, the administrator's office."""
    posts = Post.objects.filter(
        zone_id=zone_id, role__in=EXCHANGES, until__isnull=True, office__isnull=False
    )
    found = posts.select_related("office").order_by("-role", "id").first()
    if found is None or found.office is None:
        raise Refused(_("No office is the exchange centre here; an administrator names one."))
    return found.office


def give(
    lot: Lot, kind: str, title: str, *, by: Actor, now: datetime, days: int | None = None,
    due_at: datetime | None = None, office: Office | None = None, post: Post | None = None,
) -> None:  # fmt: skip
    """A task of the exchange about a lot; one at a time of a kind. ``days``: working days from now.

    Where neither the exchange centre nor an administrator has an office, one of them stands in.
    """
    if lot.matter is None or _open_tasks(lot, [kind]).exists():
        return
    if days is not None:
        due_at = end_of(working_day(by.zone_id, today(now), days))
    if office is None and post is None:
        asked = whose(zone_id=lot.zone_id, on=today(now), roles=EXCHANGES)
        if asked is None:
            raise Refused(_("Nobody is the exchange centre here; an administrator names somebody."))
        office, post, title = asked.office, asked.post, asked.title(title)
    work.give_task(
        by=by, now=now, matter=lot.matter, kind=kind, title=f"{lot.title}：{title}"[:120],
        office=office, post=post, due_at=due_at,
    )  # fmt: skip


def end_tasks(lot: Lot, kinds: Iterable[str], *, by: Actor, now: datetime) -> None:
    for task in _open_tasks(lot, kinds):
        work.finish_task(by=by, now=now, task=task)


def _open_tasks(lot: Lot, kinds: Iterable[str]) -> QuerySet[Task]:
    return Task.objects.filter(
        zone_id=lot.zone_id, matter=lot.matter_id, kind__in=list(kinds), state=Task.State.OPEN
    )


def working_day(zone_id: int, start: date, days: int) -> date:
    """The day so many working days after ``start``."""
    return work_queries.calendar_of(zone_id).add_working_days(start, days)
