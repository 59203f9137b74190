"""The announcement of a lot, with which its hall is made; and taking a lot back."""

from datetime import datetime, time, timedelta
from io import BytesIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.after_rows import drop_tasks
from xiaoer.assets.actions.auction_rules import deposit_account_in_force
from xiaoer.assets.actions.lot_rows import (
    ask_hall,
    end_tasks,
    exchange_office,
    give,
    hall_now,
    locked_lot,
    move,
    record,
    seen_lot,
    stop_hall,
    terms_of,
    working_day,
)
from xiaoer.assets.actions.refunding import owe_all
from xiaoer.assets.auction.announcement import announcement_pdf
from xiaoer.assets.auction.terms import Terms
from xiaoer.assets.models import Hall, Lot, LotFile, LotHost
from xiaoer.base import files
from xiaoer.base.checking import must_say, today
from xiaoer.base.models import Post, StoredFile, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.base.sniffing import PDF
from xiaoer.web import words
from xiaoer.work import actions as work
from xiaoer.work import queries as work_queries

State = Lot.State
# What is announced stands; a year that was mistyped would stand too.
LATEST_OPENING = timedelta(days=366)


@transaction.atomic
def notice_lot(
    *,
    by: Actor,
    now: datetime,
    lot: Lot,
    opens_at: datetime,
    register_until: datetime | None = None,
    deposit_until: datetime | None = None,
    host: Post | None = None,
    version: int | None = None,
) -> Lot:
    """Announce a lot: when free bidding opens; everything else follows from its rules.

    The hall is made in the same transaction, with its first ledger line; from then on only the hall
    says what time it is. ``host``: who pauses and confirms, else whoever announces.
    """
    access.must_run_exchange(by)
    row = locked_lot(by, lot, State.CHECKED, version=version)
    rules, clock = terms_of(row), hall_now(by.zone_id)
    row.deposit_account = deposit_account_in_force(by.zone_id)
    _must_say_where_to_pay(row)
    free_until = opens_at + timedelta(minutes=rules.free_minutes)
    _must_be_public_long_enough(by, rules, clock, opens_at)
    _must_have_a_host_awake(by, rules, free_until)
    _must_be_viewable(row, rules, clock, opens_at)
    row.noticed_at, row.opens_at, row.free_until = clock, opens_at, free_until
    row.register_until = register_until or free_until - timedelta(
        minutes=rules.register_before_minutes
    )
    row.deposit_until = deposit_until or free_until - timedelta(
        minutes=rules.deposit_before_minutes
    )
    _must_run_forward(row, clock)
    row.state = State.NOTICED
    ask_hall(
        "open_hall", row.pk, opens_at, free_until,
        free_until + timedelta(minutes=rules.timed_minutes), rules.extension_seconds,
        rules.must_bid_free, row.start_fen, row.step_fen, rules.most_fen(row.start_fen),
        row.number, row.reserve_hash,
    )  # fmt: skip
    move(
        row, "state", "noticed_at", "opens_at", "free_until", "register_until", "deposit_until",
        "deposit_account",
    )  # fmt: skip
    _set_host(by, row, host)
    paper = _keep_announcement(by, now, row)
    end_tasks(row, ["notice_lot"], by=by, now=now)
    give(
        row, "host_lot", _("host the bidding"), by=by, now=now, due_at=free_until,
        post=_host_post(row),
    )  # fmt: skip
    record(
        by, now, "notice_lot", row, number=row.number, opens_at=opens_at.isoformat(),
        free_until=free_until.isoformat(), file=paper.sha256,
    )  # fmt: skip
    return row


def _keep_announcement(by: Actor, now: datetime, lot: Lot) -> StoredFile:
    """The paper of the announcement, as it was at the moment it was made."""
    body = announcement_pdf(
        lot, zone_name=Zone.objects.get(pk=by.zone_id).name,
        office=exchange_office(by.zone_id).name, now=lot.noticed_at or now,
    )  # fmt: skip
    file = files.keep_file(
        by=by, now=now, stream=BytesIO(body), name="announcement.pdf", look=lambda *_: PDF
    )
    LotFile.objects.create(
        zone_id=by.zone_id, lot=lot, kind=LotFile.Kind.NOTICE, file=file,
        name=f"竞价公告 {lot.number}.pdf",
    )  # fmt: skip
    return file


def _must_say_where_to_pay(lot: Lot) -> None:
    if lot.deposit_fen and lot.deposit_account is None:
        raise Refused(
            _(
                "No account for deposits is set; under “Rules of the auction” say bank, holder and"
                " number first. The announcement names it."
            ),
            field="deposit_account",
        )


def earliest_opening(by: Actor, rules: Terms, clock: datetime) -> datetime:
    """The first moment a lot announced now may open: after so many full working days."""
    if rules.publicity_days == 0:
        return clock
    day = working_day(by.zone_id, today(clock), rules.publicity_days)
    return timezone.make_aware(datetime.combine(day, time(rules.hours_from)))


def _must_be_public_long_enough(
    by: Actor, rules: Terms, clock: datetime, opens_at: datetime
) -> None:
    if opens_at <= clock:
        raise Refused(
            _("This moment has passed by the server's clock, %(now)s; choose a later one.")
            % {"now": words.moment(clock)},
            field="opens_at",
        )
    if opens_at > clock + LATEST_OPENING:
        raise Refused(_("Check the year of this day."), field="opens_at")
    earliest = earliest_opening(by, rules, clock)
    if opens_at < earliest:
        raise Refused(
            _("A lot is public for %(days)d working days first: not before %(day)s.")
            % {"days": rules.publicity_days, "day": words.moment(earliest)},
            field="opens_at",
        )


def is_in_hours(by: Actor, rules: Terms, moment: datetime) -> bool:
    """Whether timed bidding may begin at a moment: somebody is there to pause it."""
    local = timezone.localtime(moment)
    if not rules.hours_from <= local.hour < rules.hours_to:
        return False
    calendar = work_queries.calendar_of(by.zone_id)
    return not rules.only_working_days or calendar.is_working(local.date())


def _must_have_a_host_awake(by: Actor, rules: Terms, free_until: datetime) -> None:
    if is_in_hours(by, rules, free_until):
        return
    local = timezone.localtime(free_until)
    if rules.hours_from <= local.hour < rules.hours_to:
        raise Refused(
            _("Timed bidding would begin on %(day)s, a day off; choose another opening.")
            % {"day": local.date().isoformat()},
            field="opens_at",
        )
    raise Refused(
        _(
            "Timed bidding would begin at %(time)s; by the rules it begins between"
            " %(from)d:00 and %(to)d:00."
        )
        % {"time": f"{local:%H:%M}", "from": rules.hours_from, "to": rules.hours_to},
        field="opens_at",
    )


def _must_be_viewable(lot: Lot, rules: Terms, clock: datetime, opens_at: datetime) -> None:
    if rules.viewing_days == 0:
        return
    first, last = lot.viewing_from, lot.viewing_until
    if first is None or last is None:
        raise Refused(_("Say on which days the lot can be looked at."), field="viewing_from")
    days = (min(last, today(opens_at)) - max(first, today(clock))).days + 1
    if days < rules.viewing_days:
        raise Refused(
            _("It can be looked at for %(days)d days at least between the notice and the opening.")
            % {"days": rules.viewing_days},
            field="viewing_from",
        )


def _must_run_forward(lot: Lot, clock: datetime) -> None:
    for field in ("register_until", "deposit_until"):
        moment = getattr(lot, field)
        if not clock < moment <= lot.free_until:
            raise Refused(
                _("This moment lies between the notice and the beginning of timed bidding."),
                field=field,
            )


def _set_host(by: Actor, lot: Lot, host: Post | None) -> None:
    if host is not None and host.zone_id != by.zone_id:
        raise Refused(_("There is no such post here; choose one of the list."), field="host")
    office = (host.office if host else None) or exchange_office(by.zone_id)
    LotHost.objects.update_or_create(
        lot=lot,
        defaults={
            "zone_id": by.zone_id,
            "office": office,
            "post_id": host.pk if host else by.post_id,
        },
    )


def _host_post(lot: Lot) -> Post | None:
    return Post.objects.filter(pk=lot.host.post_id).first() if lot.host.post_id else None


# Taking a lot back -------------------------------------------------------------------------------


@transaction.atomic
def withdraw_lot(*, by: Actor, now: datetime, lot: Lot, reason: str) -> Lot:
    """Take a lot back. Its owner may until the bidding opens; later, after bids too, the exchange.

    The hall is stopped where it stands, in the ledger and with the reason; every deposit is owed
    back. What ended before is no longer taken back: its result stands.
    """
    kept = seen_lot(by, lot)
    access.must_keep_lot(by, kept)
    reason = must_say(reason, "reason", most=500)
    with on_behalf(by):
        row = locked_lot(
            by, kept, State.DRAFT, State.SUBMITTED, State.CHECKED, State.NOTICED, State.LIVE
        )
        _must_stop_in_time(by, row, reason)
        row.state, row.closed_why, row.closed_at = State.WITHDRAWN, reason, now
        move(row, "state", "closed_why", "closed_at")
        drop_tasks(row, by=by, now=now)
        owed = owe_all(by=by, now=now, lot=row, why="标的已撤回")
        # Whoever has deposits to give back finds them in the inbox.
        if row.matter is not None and not owed:
            work.close_matter(by=by, now=now, matter=row.matter)
        record(by, now, "withdraw_lot", row, reason=reason, refunds=owed)
    return row


def _must_stop_in_time(by: Actor, row: Lot, reason: str) -> None:
    if not Hall.objects.filter(lot=row).exists():
        return
    runs = access.runs_exchange(by)
    if not runs and row.opens_at is not None and hall_now(by.zone_id) >= row.opens_at:
        raise Refused(_("Bidding has begun; only the exchange centre takes the lot back. Ask it."))
    said = stop_hall(row, reason[:300])
    if said != "stopped":
        raise Refused(
            _("The bidding on “%(lot)s” is over already; its result stands.") % {"lot": row.title}
        )
