"""Jobs of the base."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from xiaoer.base import files, sealing
from xiaoer.base.models import OnceKey


@app.periodic(cron="*/10 * * * * *")
@app.task(queueing_lock="seal_journal", name="seal_journal")
def seal_journal(timestamp: int) -> None:
    """Seal the journal's new lines every ten seconds."""
    sealing.seal_journal(heads_file=Path(settings.JOURNAL_HEADS), now=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="forget_once_keys", name="forget_once_keys")
def forget_once_keys(timestamp: int) -> None:
    """Forget the answers of forms after a day: an answer may hold a secret link."""
    OnceKey.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="forget_unfinished", name="forget_unfinished")
def forget_unfinished(timestamp: int) -> None:
    """Throw away what servers killed in the middle of receiving a paper left behind."""
    files.forget_unfinished(now=timezone.now())


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="seal_files", name="seal_files")
def seal_files(timestamp: int) -> None:
    """Seal what was kept before files were sealed, some thousand a night."""
    files.seal_plain(limit=20_000)
