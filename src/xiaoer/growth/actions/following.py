"""What is judged anew after figures were brought in or taken back."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

# The jobs of a zone, and the lock each shares with the one that runs at night.
FOLLOWING: Mapping[str, str] = {"evaluate_rules": "rules", "evaluate_ladders_of": "ladders"}


def follow_figures(*, zone_id: int, **_signal: Any) -> None:
    """Have the rules and the ladders of the zone evaluated once the figures stand.

    Not before they are committed: a job that waited already could begin sooner and not see them,
    while it still kept this one out of the queue. Several sheets in a row make one job of each kind.
    """
    transaction.on_commit(lambda: _ask(zone_id))


def _ask(zone_id: int) -> None:
    for task, lock in FOLLOWING.items():
        named = f"{lock}:{zone_id}"
        with suppress(AlreadyEnqueued), transaction.atomic():
            app.configure_task(task, lock=named, queueing_lock=named).defer(zone_id=zone_id)
