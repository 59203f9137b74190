"""What a week of projects was: what changed, what is red, what was decided, what is overdue."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xiaoer.base.scope import Actor
from xiaoer.projects.models import (
    DayMove,
    DecisionAsk,
    ElementNeed,
    Light,
    Project,
    ProjectLine,
    ProjectWeek,
    Resolution,
    Stage,
    StagePassage,
    ZonePromise,
)
from xiaoer.projects.queries.elements import (
    near_days,
    need_light,
    open_needs,
    open_promises,
    promise_light,
)
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import PromiseChange, Step, Task

Topic = ProjectLine.Topic
ORDER = ("red", "amber", "grey", "green")
# Topics in the order of the minutes.
TOPICS = tuple(Topic)
# Matters of this room, whose tasks are watched together.
MATTERS = ("project", "element_need", "zone_promise")
NAMES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Found:
    """One thing worth a line; ``source`` names the record, so that it is one line however often found."""

    topic: str
    source: str
    project: Project | None
    what: str
    since: date
    light: str
    owner_id: int | None = None
    due_on: date | None = None


def project_weeks(*, by: Actor) -> list[ProjectWeek]:
    """The last year of weeks, the newest first."""
    return list(ProjectWeek.objects.filter(zone_id=by.zone_id).order_by("-monday")[:60])


def project_week(by: Actor, week_id: int) -> ProjectWeek | None:
    return ProjectWeek.objects.filter(zone_id=by.zone_id, pk=week_id).first()


def project_lines(*, week: ProjectWeek) -> list[ProjectLine]:
    """By topic, red first, what is done last."""
    rows = ProjectLine.objects.filter(week=week).select_related(
        "project", "owner__person", "owner__office", "before"
    )
    return sorted(
        rows,
        key=lambda one: (
            TOPICS.index(Topic(one.topic)), one.is_done, ORDER.index(one.light), one.who, one.pk,
        ),
    )  # fmt: skip


def found_in_week(*, zone_id: int, monday: date, now: datetime) -> list[Found]:
    """Everything the minutes of a week are made from."""
    first = datetime.combine(monday, time(), LOCAL)
    last = min(now, first + timedelta(days=7))
    today = last.astimezone(LOCAL).date()
    span = (first, last)
    return [
        *_red(zone_id, today),
        *_needs(zone_id, today),
        *_promises(zone_id, today),
        *_overdue(zone_id, now),
        *_stages(zone_id, span),
        *_moved(zone_id, span),
        *_steps(zone_id, monday, today),
        *_decided(zone_id, span),
    ]


def _living(zone_id: int) -> QuerySet[Project]:
    return Project.objects.filter(zone_id=zone_id, ended_on__isnull=True)


def _red(zone_id: int, today: date) -> Iterator[Found]:
    for one in _living(zone_id).filter(Q(light=Light.RED) | Q(hand_light=Light.RED)):
        by_hand = bool(one.hand_light) and one.hand_until is not None and one.hand_until >= today
        if (one.hand_light if by_hand else one.light) != Light.RED:
            continue
        since = one.lit_at.astimezone(LOCAL).date() if one.lit_at else one.stage_on
        why = one.hand_why if by_hand else one.light_why
        yield Found(
            Topic.RED, f"light:{one.pk}", one, why or _("red light"), since, "red",
            one.officer_id or one.leader_id,
        )  # fmt: skip


def _needs(zone_id: int, today: date) -> Iterator[Found]:
    near = near_days(zone_id)
    for one in open_needs(zone_id):
        light = need_light(one, today, near)
        if light not in ("red", "amber"):
            continue
        promised = (
            _("promised for %(day)s") % {"day": f"{one.promised_on:%m-%d}"}
            if one.promised_on
            else _("no day promised")
        )
        yield Found(
            Topic.NEED, f"need:{one.pk}", one.project, f"{_whose(one)}{one.what}，{promised}",
            one.needed_on, light, one.post_id, one.promised_on or one.needed_on,
        )  # fmt: skip


def _whose(row: ElementNeed | ZonePromise) -> str:
    """A firm by itself is named; a project stands in its own column."""
    return "" if row.project or not row.party else f"{row.party.name}："


def _promises(zone_id: int, today: date) -> Iterator[Found]:
    near = near_days(zone_id)
    for one in open_promises(zone_id):
        light = promise_light(one, today, near)
        if light == "red":
            yield Found(
                Topic.OVERDUE, f"promise:{one.pk}", one.project,
                _("%(whose)sthe zone promised: %(what)s") % {"whose": _whose(one), "what": one.what},
                one.promised_on, "red", one.post_id, one.promised_on,
            )  # fmt: skip


def _overdue(zone_id: int, now: datetime) -> Iterator[Found]:
    """Tasks of projects beyond their end; needs and promises have lines of their own."""
    rows = list(
        Task.objects.filter(
            zone_id=zone_id, state=Task.State.OPEN, due_at__lt=now, matter__kind="project"
        )
        .exclude(kind="oversee")
        .select_related("matter")
        .order_by("due_at")
    )
    projects = _living(zone_id).in_bulk([one.matter.subject_id for one in rows])
    for one in rows:
        project = projects.get(one.matter.subject_id)
        if project is None or one.due_at is None:
            continue
        due = (one.due_at - timedelta(seconds=1)).astimezone(LOCAL).date()
        yield Found(
            Topic.OVERDUE, f"task:{one.pk}", project, one.title, due, "red", one.post_id, due
        )


def _stages(zone_id: int, span: tuple[datetime, datetime]) -> Iterator[Found]:
    rows = StagePassage.objects.filter(
        zone_id=zone_id, state=StagePassage.State.GRANTED, reported_at__range=span
    ).select_related("project")
    for one in rows:
        yield Found(
            Topic.STAGE, f"passage:{one.pk}", one.project,
            _("entered “%(stage)s” on %(day)s")
            % {"stage": Stage(one.stage).label, "day": f"{one.fact_on:%m-%d}"},
            one.fact_on, "green",
        )  # fmt: skip


def _moved(zone_id: int, span: tuple[datetime, datetime]) -> Iterator[Found]:
    changes = PromiseChange.objects.filter(
        zone_id=zone_id, at__range=span, before_on__isnull=False
    ).select_related("plan")
    rows = list(changes)
    by_matter = {
        one.matter_id: one
        for one in _living(zone_id).filter(matter_id__in=[row.plan.matter_id for row in rows])
    }
    for row in rows:
        project = by_matter.get(row.plan.matter_id)
        if project is not None and row.before_on is not None:
            yield Found(
                Topic.PROMISE, f"change:{row.pk}", project,
                _move_words(_("start of production"), row.before_on, row.promised_on, row.reason),
                row.at.astimezone(LOCAL).date(), "amber",
            )  # fmt: skip
    moves = DayMove.objects.filter(zone_id=zone_id, at__range=span).select_related(
        "need__project", "need__party", "promise__project", "promise__party"
    )
    for move in moves:
        answer = move.need or move.promise
        if answer is None:
            continue
        what = f"{_whose(answer)}{answer.what}"
        yield Found(
            Topic.PROMISE, f"move:{move.pk}", answer.project,
            _move_words(what, move.before_on, move.promised_on, move.reason),
            move.at.astimezone(LOCAL).date(), "amber",
        )  # fmt: skip


def _move_words(what: str, before: date, after: date, reason: str) -> str:
    words = _("%(what)s moved from %(before)s to %(after)s") % {
        "what": what, "before": f"{before:%Y-%m-%d}", "after": f"{after:%Y-%m-%d}",
    }  # fmt: skip
    return f"{words}（{reason}）" if reason else words


def _steps(zone_id: int, monday: date, today: date) -> Iterator[Found]:
    """One line a project for what was finished this week, one for what should have begun or ended."""
    done = Step.objects.filter(
        zone_id=zone_id, finished_on__range=(monday, today), dropped_at__isnull=True
    )
    late = Step.objects.filter(
        Q(late_finish__lt=today) | Q(late_start__lt=today, started_on__isnull=True),
        zone_id=zone_id,
        finished_on__isnull=True,
        dropped_at__isnull=True,
        plan__closed_at__isnull=True,
    )
    finished = list(done.select_related("plan").order_by("plan_id", "finished_on", "order"))
    slipped = list(late.select_related("plan").order_by("plan_id", "late_finish", "order"))
    matters = {one.plan.matter_id for one in (*finished, *slipped)}
    projects = {one.matter_id: one for one in _living(zone_id).filter(matter_id__in=matters)}
    yield from _by_project(finished, projects, "done", _("finished: %(steps)s"), "green", today)
    yield from _by_project(slipped, projects, "late", _("behind the plan: %(steps)s"), "red", today)


def _by_project(
    steps: Iterable[Step],
    projects: dict[int | None, Project],
    key: str,
    words: str,
    light: str,
    today: date,
) -> Iterator[Found]:
    gathered: dict[int, list[Step]] = {}
    for step in steps:
        gathered.setdefault(step.plan.matter_id, []).append(step)
    for matter_id, rows in gathered.items():
        project = projects.get(matter_id)
        if project is None:
            continue
        names = "、".join(_step_words(one) for one in rows[:NAMES_SHOWN])
        if len(rows) > NAMES_SHOWN:
            names += _(" and %(count)d more") % {"count": len(rows) - NAMES_SHOWN}
        since = min((one.late_finish or today for one in rows), default=today)
        yield Found(
            Topic.STEP, f"{key}:{project.pk}", project, words % {"steps": names},
            since if light == "red" else today, light, project.officer_id,
        )  # fmt: skip


def _step_words(step: Step) -> str:
    return f"{step.name}（{step.blocked_by}）" if step.blocked_by else step.name


def _decided(zone_id: int, span: tuple[datetime, datetime]) -> Iterator[Found]:
    rows = Resolution.objects.filter(zone_id=zone_id, decided_at__range=span).select_related(
        "project"
    )
    for one in rows:
        yield Found(
            Topic.DECISION, f"resolution:{one.pk}", one.project, one.text,
            one.decided_at.astimezone(LOCAL).date(), "grey", one.post_id, one.due_on,
        )  # fmt: skip
    asks = DecisionAsk.objects.filter(zone_id=zone_id, decided_at__range=span)
    for ask in asks.select_related("project"):
        if ask.decided_at is not None:
            yield Found(
                Topic.DECISION, f"ask:{ask.pk}", ask.project, f"{ask.question}：{ask.decision}",
                ask.decided_at.astimezone(LOCAL).date(), "green",
            )  # fmt: skip


def supervised_tasks(zone_id: int) -> QuerySet[Task]:
    """督办: open tasks of projects, needs and promises under supervision, the earliest end first."""
    return (
        Task.objects.filter(
            zone_id=zone_id,
            state=Task.State.OPEN,
            is_supervised=True,
            matter__kind__in=MATTERS,
        )
        .select_related("matter__party", "office", "post__person")
        .order_by("due_at", "id")
    )
