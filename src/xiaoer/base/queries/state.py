"""Questions of whoever looks after the installation: backup, journal, jobs, what needs a hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils.functional import Promise
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from xiaoer.base.models import ApiToken, Installation
from xiaoer.base.scope import Actor, as_web


@dataclass(frozen=True, slots=True)
class JobState:
    """The queue: what waits and since when, what failed in the last day, whether a worker lives."""

    waiting: int
    oldest: datetime | None
    running: int
    failed: int
    last_failed: tuple[str, ...]
    worker_seen_at: datetime | None

    def is_well(self, now: datetime) -> bool:
        alive = self.worker_seen_at and now - self.worker_seen_at < timedelta(minutes=2)
        stuck = self.oldest and now - self.oldest > timedelta(minutes=10)
        return bool(alive) and not stuck and not self.failed


@dataclass(frozen=True, slots=True)
class Notice:
    """Something of a higher room the administrator should know: what, and where to act."""

    words: str | Promise
    address: str
    verb: str | Promise


NoticeOf = Callable[[Actor, datetime], list[Notice]]
_tellers: list[NoticeOf] = []


def tell_with(teller: NoticeOf) -> None:
    """Lend the administrator's page a room's own notices; called where all rooms are known."""
    if teller not in _tellers:
        _tellers.append(teller)


def notices(*, by: Actor, now: datetime) -> list[Notice]:
    return [notice for teller in _tellers for notice in teller(by, now)]


def job_state(*, now: datetime) -> JobState:
    """How the queue does; read outside the scope, because jobs belong to no zone."""
    with as_web():
        due = Q(status="todo") & (Q(scheduled_at__isnull=True) | Q(scheduled_at__lte=now))
        counts = ProcrastinateJob.objects.aggregate(
            waiting=Count("id", filter=due),
            oldest=Min("procrastinateevent__at", filter=due),
            running=Count("id", filter=Q(status="doing"), distinct=True),
        )
        failed = ProcrastinateJob.objects.filter(
            status="failed",
            procrastinateevent__type="failed",
            procrastinateevent__at__gte=now - timedelta(days=1),
        )
        seen = ProcrastinateWorker.objects.order_by("-last_heartbeat").first()
        return JobState(
            waiting=ProcrastinateJob.objects.filter(due).count(),
            oldest=counts["oldest"],
            running=counts["running"],
            failed=failed.distinct().count(),
            last_failed=tuple(sorted(set(failed.values_list("task_name", flat=True)[:20]))),
            worker_seen_at=seen.last_heartbeat if seen else None,
        )


def backup_is_old(installation: Installation | None, now: datetime) -> bool:
    """Older than two days, or never made."""
    at = installation.backed_up_at if installation else None
    return at is None or now - at > timedelta(days=2)


def tokens_of(*, account_id: int) -> list[ApiToken]:
    """An account's tokens, the newest first."""
    with as_web():
        return list(ApiToken.objects.filter(account_id=account_id).order_by("-made_at"))
