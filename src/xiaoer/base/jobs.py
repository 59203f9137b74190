"""Jobs of the base."""

from pathlib import Path

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from xiaoer.base import sealing


@app.periodic(cron="*/10 * * * * *")
@app.task(queueing_lock="seal_journal", name="seal_journal")
def seal_journal(timestamp: int) -> None:
    """Seal the journal's new lines every ten seconds."""
    sealing.seal_journal(heads_file=Path(settings.JOURNAL_HEADS), now=timezone.now())
