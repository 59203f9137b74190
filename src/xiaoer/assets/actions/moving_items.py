"""What a joint review asks of whom: shipped once, then the zone's own list."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import moving as access
from xiaoer.assets.models import MoveInItem
from xiaoer.assets.shipped.moving import ITEMS
from xiaoer.base import journal
from xiaoer.base.checking import locked, must_say, said, today
from xiaoer.base.models import Office, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

Kind = MoveInItem.Kind
MOST_DAYS = 250


@transaction.atomic
def seed_move_in_items(*, by: Actor, now: datetime) -> int:
    """Add the items a zone does not have yet; what it changed stays. How many were added."""
    access.must_set_review(by)
    known = set(MoveInItem.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    fresh = [
        MoveInItem(
            zone_id=by.zone_id, kind=seed.kind, code=code, name=seed.name, name_en=seed.name_en,
            office_name=seed.office_name, to_operator=seed.to_operator, working_days=seed.days,
            order=place, source=seed.source, mark=seed.mark,
        )
        for place, (code, seed) in enumerate(ITEMS.items())
        if code not in known
    ]  # fmt: skip
    MoveInItem.objects.bulk_create(fresh)
    if fresh:
        zone = Zone.objects.get(pk=by.zone_id)
        journal.record(by=by, now=now, verb="seed_move_in_items", subject=zone, count=len(fresh))
    return len(fresh)


@transaction.atomic
def add_move_in_item(
    *,
    by: Actor,
    now: datetime,
    kind: str,
    name: str,
    office: Office | None = None,
    to_operator: bool = False,
    working_days: int,
    source: str = "",
) -> MoveInItem:
    """Put something on the zone's list that no other zone asks."""
    access.must_set_review(by)
    if kind not in Kind.values:
        raise Refused(_("Choose whether it is an opinion or a task."), field="kind")
    if to_operator and kind != Kind.OPINION:
        raise Refused(
            _("A task after the decision is an office's; the operator gives an opinion."),
            field="to_operator",
        )
    last = MoveInItem.objects.filter(zone_id=by.zone_id).select_for_update().order_by("-order")
    order = max((row.order for row in last), default=0) + 1
    row = MoveInItem.objects.create(
        zone_id=by.zone_id,
        kind=kind,
        code=f"own-{order}",
        name=_name(name),
        office=None if to_operator else office,
        to_operator=to_operator,
        working_days=_days(working_days),
        order=order,
        source=said(source, "source", most=200),
        mark="D",
    )
    journal.record(by=by, now=now, verb="add_move_in_item", subject=row, name=row.name)
    return row


@transaction.atomic
def keep_move_in_item(
    *,
    by: Actor,
    now: datetime,
    item: MoveInItem,
    name: str,
    office: Office | None,
    working_days: int,
    source: str,
    is_used: bool = True,
    version: int,
) -> MoveInItem:
    """Change an item of the zone's own list; reviews that run keep theirs."""
    access.must_set_review(by)
    row = locked(MoveInItem, by, item.pk)
    journal.must_be_fresh(row, version)
    changed = journal.changes(
        row,
        {
            "name": _name(name),
            "office": None if row.to_operator else office,
            "working_days": _days(working_days),
            "source": said(source, "source", most=200),
            "mark": "D",
            "ended_on": None if is_used else row.ended_on or today(now),
        },
    )
    row.version += 1
    row.save()
    journal.record(by=by, now=now, verb="keep_move_in_item", subject=row, **changed)
    return row


def _name(name: str) -> str:
    return must_say(name, "name", most=60, why=_("Say what is asked."))


def _days(count: int) -> int:
    if not 1 <= count <= MOST_DAYS:
        raise Refused(_("Type working days from 1 to 250."), field="working_days")
    return count
