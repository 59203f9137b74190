"""The end of a hall whose time is over, whether anybody watches or not."""

import asyncio
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.db import Error, close_old_connections, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from xiaoer.assets.live.links import TROUBLE
from xiaoer.assets.live.views import Views

log = logging.getLogger(__name__)
# Each process asks twice a second; the database lets one of them end a hall, once.
EVERY_S = 0.5
DUE = "select * from end_due_halls()"
# The job that makes results of what ended. It comes by itself every minute too, so that an end
# nobody was told of is taken over all the same.
JOB = "take_results"


class Ends:
    """Asks the database to end what is over, and has the results taken at once."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ends")

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._thread.shutdown(wait=False)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                rows = await self._views.ask(DUE, [])
            except TROUBLE as error:
                log.warning("halls could not be ended: %s", error)
                continue
            if rows:
                zones = {zone for _lot, zone, _result in rows}
                await loop.run_in_executor(self._thread, _have_taken, zones)


def _have_taken(zones: Iterable[int]) -> None:
    """Ask for the job of each zone; in a thread, since Django waits for its database."""
    close_old_connections()
    for zone_id in zones:
        named = f"{JOB}:{zone_id}"
        try:
            with suppress(AlreadyEnqueued), transaction.atomic():
                app.configure_task(JOB, lock=named, queueing_lock=named).defer(zone_id=zone_id)
        except (Error, ConnectorException) as error:
            log.warning("the job of a hall that ended comes later: %s", error)
