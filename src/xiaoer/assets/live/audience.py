"""How many follow each hall: every process says its own number, and the host's console adds them up."""

import asyncio
import logging
from uuid import uuid4

from xiaoer.assets.live.links import TROUBLE
from xiaoer.assets.live.views import Views

log = logging.getLogger(__name__)
# Said this often; the console counts what was said within three of these.
EVERY_S = 10.0
TELL = "select tell_audience(%s, %s::bigint[], %s::int[])"


class Audience:
    """Tells the database how many streams are open here; silent while nobody watches."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._me = uuid4().hex
        self._has_told = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.tell()
            except TROUBLE as error:
                log.warning("who watches could not be told: %s", error)

    async def tell(self) -> None:
        """Say it now; once more with nothing when the last watcher went away."""
        counts = self._views.audience()
        if counts or self._has_told:
            await self._views.ask(TELL, [self._me, list(counts), list(counts.values())])
        self._has_told = bool(counts)
