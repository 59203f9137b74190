"""Notice before a lease runs out: somebody is asked to ask, and is freed when it is settled."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets import queries
from xiaoer.assets.access import carriers as access
from xiaoer.assets.actions.whose import Whose, whose
from xiaoer.assets.models import Lease
from xiaoer.assets.queries import LeaseFilter
from xiaoer.base import checking
from xiaoer.base.leaving import going_on, tell_left
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import actions as work
from xiaoer.work.models import Task
from xiaoer.work.queries import matter_of

MATTER, ASK = "lease", "lease_ask"
# Whose office asks, the first that the zone has.
ASKED = (Role.INVESTMENT, Role.ECONOMY, Role.SERVICE_DESK, Role.ADMINISTRATOR)


@transaction.atomic
def give_lease_tasks(*, by: Actor, now: datetime) -> int:
    """Ask of each lease within its days of notice whether it goes on; run every morning.

    Due with the last day: one that ran out without a word climbs as every task does. Where nobody is
    there to be asked, the zone's record says so, and tomorrow asks again. How many were asked of.
    """
    access.must_keep_carriers(by)
    today = checking.today(now)
    due = queries.leases(
        zone_id=by.zone_id, filters=LeaseFilter(running_out=True), on=today
    ).order_by("until", "pk")
    told = set(
        Task.objects.filter(
            zone_id=by.zone_id, matter__kind=MATTER, kind=ASK,
            matter__subject_id__in=due.values("pk"),
        ).values_list("matter__subject_id", flat=True)
    )  # fmt: skip
    missing = [lease for lease in due.select_related("party") if lease.pk not in told]
    left: dict[str, str] = {}
    asked = whose(zone_id=by.zone_id, on=today, roles=ASKED) if missing else None
    for lease in missing:
        with going_on(left, lease.number):
            _ask(by, now, lease, asked)
    tell_left(by=by, now=now, left=left)
    return len(missing) - len(left)


def _ask(by: Actor, now: datetime, lease: Lease, asked: Whose | None) -> None:
    if asked is None:
        raise Refused(_("No office of this zone keeps its carriers; give somebody a post there."))
    matter = matter_of(by, kind=MATTER, subject_id=lease.pk) or work.open_matter(
        by=by, now=now, kind=MATTER, subject_id=lease.pk, party=lease.party,
        title=_("Lease %(number)s of %(tenant)s")
        % {"number": lease.number, "tenant": lease.party.name},
        address=f"/carriers/leases/{lease.pk}/",
    )  # fmt: skip
    title = _("Ask %(tenant)s whether lease %(number)s goes on after %(day)s") % {
        "tenant": lease.party.name, "number": lease.number, "day": lease.until.isoformat()
    }  # fmt: skip
    work.give_task(
        by=by, now=now, matter=matter, kind=ASK, post=asked.post, office=asked.office,
        title=asked.title(title), due_at=checking.end_of(lease.until),
    )  # fmt: skip


def settle_lease(by: Actor, now: datetime, lease: Lease, outcome: str) -> None:
    """A lease was renewed or is over: who was to ask has done so."""
    matter = matter_of(by, kind=MATTER, subject_id=lease.pk)
    if matter is None or matter.closed_at is not None:
        return
    for task in matter.tasks.filter(state=Task.State.OPEN, kind=ASK):
        work.finish_task(by=by, now=now, task=task, outcome=outcome)
    work.close_matter(by=by, now=now, matter=matter)
