"""What a job does one by one: a record it cannot deal with is left, told, and keeps no other back.

The zone's record says each time what was left and why, for whoever can mend it; the next run tries again.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from xiaoer.base import journal
from xiaoer.base.checking import end_of, today
from xiaoer.base.models import JournalLine, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

VERB = "leave_tasks"
SHOWN = 20
DAY = timedelta(days=1)


@contextmanager
def going_on(left: dict[str, str], name: str) -> Iterator[None]:
    """One of many things a job does: refused, it is undone alone and kept in ``left`` with the reason."""
    try:
        with transaction.atomic():
            yield
    except Refused as no:
        left[name] = str(no)


def tell_left(*, by: Actor, now: datetime, left: Mapping[str, str]) -> None:
    """Write down what a job had to leave: by name of the thing, why. The same once a day."""
    if not left:
        return
    told: dict[str, Any] = {
        "count": len(left),
        "names": list(left)[:SHOWN],
        "why": "；".join(list(dict.fromkeys(left.values()))[:SHOWN]),
    }
    known = JournalLine.objects.filter(
        zone_id=by.zone_id, verb=VERB, at__gte=end_of(today(now)) - DAY, detail=told
    )
    if not known.exists():
        zone = Zone.objects.get(pk=by.zone_id)
        journal.record(by=by, now=now, verb=VERB, subject=zone, **told)
