"""What verbs after the hall share: who is asked next and by when, the matter taken up again."""

from datetime import datetime

from django.utils.translation import gettext as _

from xiaoer.assets.actions.lot_rows import give, working_day
from xiaoer.assets.models import Lot, LotHost, LotObjection, SecondChance
from xiaoer.base.checking import end_of, today
from xiaoer.base.queries import posts_in_force
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import actions as work

KIND = "auction_lot"


def ask(lot: Lot, kind: str, title: str, *, by: Actor, now: datetime, days: int) -> None:
    """Give the next thing to do to whoever hosts the lot and is still there, else to the exchange centre."""
    in_hand(by, now, lot)
    host = LotHost.objects.filter(lot=lot).select_related("office").first()
    there = posts_in_force(zone_id=lot.zone_id, on=today(now))
    give(
        lot, kind, title, by=by, now=now, days=days,
        post=there.filter(pk=host.post_id).first() if host and host.post_id else None,
        office=host.office if host else None,
    )  # fmt: skip


def in_hand(by: Actor, now: datetime, lot: Lot) -> None:
    """The lot's matter, open: one taken back still has deposits to give back."""
    if lot.matter is None:
        lot.matter = work.open_matter(
            by=by, now=now, kind=KIND, subject_id=lot.pk, title=f"闲置资产竞价：{lot.title}",
            address=f"/lots/{lot.pk}/", party=lot.seller,
        )  # fmt: skip
        lot.save(update_fields=["matter"])
    elif lot.matter.closed_at is not None:
        lot.matter = work.reopen_matter(by=by, now=now, matter=lot.matter)


def drop_tasks(lot: Lot, *kinds: str, by: Actor, now: datetime) -> None:
    """Take back tasks nobody needs any longer; without kinds, all of the lot."""
    if lot.matter is not None and lot.matter.closed_at is None:
        work.drop_tasks(by=by, now=now, matter=lot.matter, kinds=kinds or None)


def close(lot: Lot, *, by: Actor, now: datetime) -> None:
    """Take a lot off the zone's hands."""
    if lot.matter is not None and lot.matter.closed_at is None:
        work.close_matter(by=by, now=now, matter=lot.matter)


def day_after(zone_id: int, start: datetime, days: int) -> datetime:
    """The end of so many working days of the zone."""
    return end_of(working_day(zone_id, today(start), days))


def must_not_be_asking(lot: Lot, now: datetime) -> None:
    """An offer that names the day by which it is answered is not taken back before (民法典 art. 476)."""
    asked = SecondChance.objects.filter(lot=lot, state=SecondChance.State.ASKED, due_at__gt=now)
    if asked.exists():
        raise Refused(_("Another bidder is being asked; wait for its answer."))


def is_disputed(lot: Lot) -> bool:
    """Whether somebody objects to what came of a lot, and nobody has decided it yet."""
    rows = LotObjection.objects.filter(zone_id=lot.zone_id, lot=lot, state=LotObjection.State.OPEN)
    return rows.exists()


def must_be_undisputed(lot: Lot) -> None:
    """Nothing that could not be undone is done while somebody objects."""
    if is_disputed(lot):
        raise Refused(
            _("Somebody objects to the result of “%(lot)s”; decide that first.")
            % {"lot": lot.title}
        )
