"""What verbs of a move-in begin with: the row found by who asks, locked, and in a state that allows it."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from xiaoer.assets.access import moving as access
from xiaoer.assets.models import MoveIn
from xiaoer.base import journal
from xiaoer.base.checking import locked
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import actions as work
from xiaoer.work.models import Matter, Task

State = MoveIn.State
MOVE_IN = "move_in"
TAKE_ON, OPINION, SEE_TO, DECIDE, ERRAND, SETTLE, LAPSED = (
    "take_on_move_in", "say_opinion", "see_to_operator", "decide_move_in", "do_errand",
    "settle_move_in", "move_in_lapsed",
)  # fmt: skip


def seen(by: Actor, move_in: MoveIn) -> MoveIn:
    """The move-in under the asker's own scope: what is not seen is not there."""
    row = MoveIn.objects.filter(zone_id=by.zone_id, pk=move_in.pk).first()
    if row is None:
        raise Refused(_("There is no such record here; it may be of another zone."))
    return row


def must_see_through(by: Actor, row: MoveIn) -> None:
    """Whoever keeps move-ins, or the firm itself."""
    if not access.is_applicant(by, row):
        access.must_keep_move_ins(by)


def in_state(by: Actor, move_in: MoveIn, *states: State, version: int | None = None) -> MoveIn:
    """The move-in, locked, in one of these states, as the asker last saw it."""
    row = locked(MoveIn, by, move_in.pk)
    if version is not None:
        journal.must_be_fresh(row, version)
    if row.state not in states:
        raise Refused(
            _("“%(name)s” is “%(state)s” by now; look at it again.")
            % {"name": row.name, "state": State(row.state).label}
        )
    return row


def save(row: MoveIn) -> None:
    row.version += 1
    row.save()


def tell(by: Actor, now: datetime, verb: str, row: MoveIn, **detail: object) -> None:
    journal.record(by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, **detail)


def matter_of(row: MoveIn) -> Matter:
    """Its matter; one that was put on the zone's hands has it for good."""
    if row.matter is None:
        raise Refused(_("“%(name)s” is not on our hands yet.") % {"name": row.name})
    return row.matter


def open_tasks(row: MoveIn, kinds: Collection[str]) -> list[Task]:
    return list(
        Task.objects.select_for_update(of=("self",))
        .filter(zone_id=row.zone_id, matter=matter_of(row), kind__in=kinds, state="open")
        .select_related("matter")
        .order_by("id")
    )


def close_matter(by: Actor, now: datetime, row: MoveIn) -> None:
    """Take it off the zone's hands; one brought in from an archive never was on them."""
    if row.matter is not None and row.matter.closed_at is None:
        work.close_matter(by=by, now=now, matter=row.matter)


def close_if_over(by: Actor, now: datetime, row: MoveIn) -> None:
    """It produces and nothing is left to do: off the zone's hands."""
    if row.producing_on is not None and row.matter is not None and not open_tasks(row, [ERRAND]):
        close_matter(by, now, row)
