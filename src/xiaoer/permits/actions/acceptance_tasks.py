"""What verbs of joint acceptance share: the row locked, the clock checked, tasks given and ended."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Office, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits.models import Acceptance, AcceptanceCheck
from xiaoer.work import actions as work
from xiaoer.work import queries as work_queries
from xiaoer.work.models import Task

KIND = "acceptance"
# Machines of one server agree within this; one further back had its clock set back.
DRIFT = timedelta(minutes=5)


def words(text: str, field: str, most: int, needed: str = "") -> str:
    """Words as typed, trimmed; ``needed`` is what to say when there are none."""
    text = text.replace("\x00", "").strip()
    if needed and not text:
        raise Refused(needed, field=field)
    if len(text) > most:
        raise Refused(
            _("This is too long: at most %(longest)d characters.") % {"longest": most}, field=field
        )
    return text


def locked(
    by: Actor, acceptance: Acceptance | int, now: datetime, *states: str, version: int | None = None
) -> Acceptance:
    """The acceptance, locked, in one of these states; a clock set back is told, not written."""
    row = (
        Acceptance.objects.select_for_update(of=("self",))
        .select_related("project", "party", "matter")
        .filter(zone_id=by.zone_id, pk=acceptance if isinstance(acceptance, int) else acceptance.pk)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such acceptance here; it may be of another zone."))
    if now < row.moved_at - DRIFT:
        raise Refused(
            _(
                "The clock says %(now)s, but %(number)s was moved at %(moved)s. Set the clock right,"
                " then do it again."
            )
            % {
                "now": timezone.localtime(now).strftime("%Y-%m-%d %H:%M"),
                "number": row.number,
                "moved": timezone.localtime(row.moved_at).strftime("%Y-%m-%d %H:%M"),
            }
        )
    if states and row.state not in states:
        raise Refused(
            _("%(number)s is now: %(state)s. Load the page again to see what can be done.")
            % {"number": row.number, "state": row.get_state_display()}
        )
    if version is not None:
        journal.must_be_fresh(row, version)
    return row


def locked_check(by: Actor, check: AcceptanceCheck) -> AcceptanceCheck:
    """A check, locked after its acceptance, with its department."""
    return (
        AcceptanceCheck.objects.select_for_update(of=("self",))
        .select_related("kind", "office")
        .get(zone_id=by.zone_id, pk=check.pk)
    )


def checks_of(row: Acceptance) -> list[AcceptanceCheck]:
    return list(
        AcceptanceCheck.objects.filter(zone_id=row.zone_id, acceptance=row)
        .exclude(state=AcceptanceCheck.State.DROPPED)
        .select_related("kind", "office")
        .order_by("kind__order", "id")
    )


def move(row: Acceptance, now: datetime, *changed: str) -> None:
    row.version += 1
    row.moved_at = max(now, row.moved_at)
    row.save(update_fields=[*changed, "moved_at", "version"])


def record(by: Actor, now: datetime, verb: str, row: Acceptance, **detail: object) -> None:
    journal.record(by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, **detail)


def window(zone_id: int) -> Office:
    """The office of the window: where the service desk sits."""
    post = (
        Post.objects.filter(
            zone_id=zone_id,
            role__in=(Role.SERVICE_DESK, Role.ADMINISTRATOR),
            until__isnull=True,
            office__isnull=False,
        )
        .select_related("office")
        .order_by("-role", "id")
        .first()
    )
    if post is None or post.office is None:
        raise Refused(_("No office is the window here; an administrator names a service desk."))
    return post.office


def give_window(
    row: Acceptance, kind: str, title: str, *, by: Actor, now: datetime, limit: str = "",
    due_at: datetime | None = None,
) -> None:  # fmt: skip
    """A task of the window; one at a time of a kind."""
    if row.matter is None or _open(row, [kind]).exists():
        return
    work.give_task(
        by=by, now=now, matter=row.matter, kind=kind, title=_title(row, title),
        office=window(row.zone_id), due_at=due_at,
        limit=work_queries.limit(row.zone_id, limit) if limit else None,
    )  # fmt: skip


def give_check(
    row: Acceptance, check: AcceptanceCheck, kind: str, *, by: Actor, now: datetime,
    limit: str = "", due_at: datetime | None = None, started_at: datetime | None = None,
) -> None:  # fmt: skip
    """What a department has to do now; the task before it is done or falls away."""
    end_check(check, by=by, now=now)
    if row.matter is None or check.office is None:
        return
    check.task = work.give_task(
        by=by, now=now, matter=row.matter, kind=kind, title=_title(row, check.kind.name),
        office=check.office, due_at=due_at, started_at=started_at,
        limit=work_queries.limit(row.zone_id, limit) if limit else None,
    )  # fmt: skip
    check.save(update_fields=["task"])


def end_check(check: AcceptanceCheck, *, by: Actor, now: datetime, outcome: str = "") -> None:
    """Its task is done; the column is emptied, saved by whoever changes the check."""
    task = Task.objects.filter(pk=check.task_id or 0, state=Task.State.OPEN).first()
    if task is not None:
        work.finish_task(by=by, now=now, task=task, outcome=outcome)
    check.task = None


def end_window(row: Acceptance, kinds: Iterable[str], *, by: Actor, now: datetime) -> None:
    for task in _open(row, kinds):
        work.finish_task(by=by, now=now, task=task)


def _open(row: Acceptance, kinds: Iterable[str]) -> QuerySet[Task]:
    return Task.objects.filter(
        zone_id=row.zone_id,
        matter_id=row.matter_id or 0,
        kind__in=list(kinds),
        state=Task.State.OPEN,
    ).select_related("matter")


def _title(row: Acceptance, what: str) -> str:
    return f"{row.project.name}{row.part}：{what}"[:120]


def follow_task(*, old: Task, task: Task, **_signal: object) -> None:
    """A task handed on within a department stays the check's."""
    if task.matter.kind == KIND and old.pk != task.pk:
        AcceptanceCheck.objects.filter(zone_id=task.zone_id, task=old).update(task=task)
