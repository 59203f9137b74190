"""Questions about joint acceptance: lists, one with all its parts, what is blocked, what was saved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum

from xiaoer.base.models import Attachment, Post
from xiaoer.base.scope import Actor, may_read
from xiaoer.permits.models import (
    Acceptance,
    AcceptanceCheck,
    AcceptanceKind,
    AcceptanceRule,
    Defect,
    Inspector,
    InspectorAbsence,
    SiteDay,
    SiteInspector,
)
from xiaoer.web.marks import Colour
from xiaoer.work.calendar import DAY, LOCAL
from xiaoer.work.models import Task
from xiaoer.work.queries import TaskFace, last_day

Check, Blocks = AcceptanceCheck.State, AcceptanceKind.Blocks


def kinds(*, zone_id: int) -> list[AcceptanceKind]:
    return list(AcceptanceKind.objects.filter(zone_id=zone_id).select_related("office"))


def kind_of(*, by: Actor, kind_id: int) -> AcceptanceKind | None:
    return AcceptanceKind.objects.filter(zone_id=by.zone_id, pk=kind_id).first()


def rule(*, zone_id: int) -> AcceptanceRule | None:
    return AcceptanceRule.objects.filter(zone_id=zone_id).first()


@dataclass(frozen=True, slots=True)
class AcceptanceFilter:
    """``group`` is open, closed, all, or one state."""

    group: str = "open"
    office: int | None = None
    project: int | None = None
    words: str = ""


def acceptances(*, by: Actor, wanted: AcceptanceFilter) -> QuerySet[Acceptance]:
    """Those the asker may see, latest first, with their checks."""
    rows = Acceptance.objects.filter(zone_id=by.zone_id).select_related("project", "party")
    if wanted.group == "open":
        rows = rows.exclude(state__in=Acceptance.CLOSED)
    elif wanted.group == "closed":
        rows = rows.filter(state__in=Acceptance.CLOSED)
    elif wanted.group != "all":
        rows = rows.filter(state=wanted.group)
    if wanted.office is not None:
        rows = rows.filter(checks__office_id=wanted.office).distinct()
    if wanted.project is not None:
        rows = rows.filter(project_id=wanted.project)
    if wanted.words:
        rows = rows.filter(
            Q(project__name__icontains=wanted.words) | Q(number__icontains=wanted.words)
        )
    return rows.prefetch_related(
        Prefetch(
            "checks",
            AcceptanceCheck.objects.exclude(state=Check.DROPPED)
            .select_related("kind", "office")
            .order_by("kind__order", "id"),
        ),
        Prefetch("site_days", SiteDay.objects.filter(state__in=("fixed", "held")).order_by("id")),
    )


def acceptance_of(*, by: Actor, acceptance_id: int) -> Acceptance | None:
    """One the asker may see."""
    return (
        Acceptance.objects.filter(zone_id=by.zone_id, pk=acceptance_id)
        .select_related("project", "party")
        .first()
    )


def check_of(*, by: Actor, check_id: int) -> AcceptanceCheck | None:
    return (
        AcceptanceCheck.objects.filter(zone_id=by.zone_id, pk=check_id)
        .select_related("acceptance__project", "acceptance__party", "kind", "office")
        .first()
    )


def defect_of(*, by: Actor, defect_id: int) -> Defect | None:
    return (
        Defect.objects.filter(zone_id=by.zone_id, pk=defect_id)
        .select_related("acceptance", "check_row__kind", "check_row__office")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Line:
    """An acceptance as lists show it: its light is the worst of what is to be done now."""

    row: Acceptance
    checks: tuple[AcceptanceCheck, ...]
    day: SiteDay | None
    light: Colour
    due_at: datetime | None

    @property
    def due_on(self) -> date | None:
        """The last day of what is due first."""
        return last_day(self.due_at)

    @property
    def decided(self) -> int:
        return sum(one.state == Check.DECIDED for one in self.checks)


ORDER: tuple[Colour, ...] = ("red", "amber", "green", "grey")


def lines(rows: Iterable[Acceptance], now: datetime) -> list[Line]:
    """With the lights of their open tasks, asked once for all."""
    found = list(rows)
    tasks: dict[int, list[Task]] = {}
    keys = [one.matter_id for one in found if one.matter_id]
    # What the zone asks of its own people is not the owner's to read: it sees no light.
    asked = Task.objects.filter(matter_id__in=keys, state=Task.State.OPEN)
    for task in asked if may_read("task") else ():
        tasks.setdefault(task.matter_id, []).append(task)
    return [_line(one, tasks.get(one.matter_id or 0, []), now) for one in found]


def _line(row: Acceptance, tasks: Sequence[Task], now: datetime) -> Line:
    faces = [
        (TaskFace(one.started_at, one.due_at, one.amber_at, None).light(now), one.due_at)
        for one in tasks
        if one.due_at is not None
    ]
    light: Colour = min((face[0] for face in faces), key=ORDER.index, default="grey")
    days = list(row.site_days.all())
    return Line(
        row=row,
        checks=tuple(row.checks.all()),
        day=days[-1] if days else None,
        light=light,
        due_at=min((due for _light, due in faces if due), default=None),
    )


def checks_of(row: Acceptance) -> list[AcceptanceCheck]:
    """The departments' parts; for the zone and the city with who said what."""
    rows = (
        AcceptanceCheck.objects.filter(zone_id=row.zone_id, acceptance=row)
        .exclude(state=Check.DROPPED)
        .select_related("kind", "office")
        .order_by("kind__order", "id")
    )
    if may_read("person"):
        rows = rows.select_related("signed_by__person", "seconded_by__person")
    return list(rows)


def defects_of(row: Acceptance) -> list[Defect]:
    return list(
        Defect.objects.filter(zone_id=row.zone_id, acceptance=row)
        .select_related("check_row__kind", "check_row__office")
        .order_by("check_row__kind__order", "id")
    )


def photos_of(*, by: Actor, defects: Sequence[Defect]) -> dict[int, list[Attachment]]:
    """The photographs of each point, asked once for all."""
    found: dict[int, list[Attachment]] = {}
    for one in Attachment.objects.filter(
        zone_id=by.zone_id,
        subject_type="defect",
        subject_id__in=[one.pk for one in defects],
        removed_at=None,
    ).order_by("id"):
        found.setdefault(one.subject_id, []).append(one)
    return found


def site_day_of(row: Acceptance) -> SiteDay | None:
    """The day fixed or held, the latest."""
    return (
        SiteDay.objects.filter(
            zone_id=row.zone_id, acceptance=row, state__in=(SiteDay.State.FIXED, SiteDay.State.HELD)
        )
        .order_by("-id")
        .first()
    )


def goers_of(day: SiteDay) -> list[SiteInspector]:
    return list(
        SiteInspector.objects.filter(zone_id=day.zone_id, site_day=day)
        .select_related("inspector__post__person", "inspector__office", "check_row__kind")
        .order_by("check_row__kind__order", "id")
    )


@dataclass(frozen=True, slots=True)
class Block:
    """What a check that has not passed holds up by its own law, and nothing besides."""

    check: AcceptanceCheck

    @property
    def what(self) -> str:
        return str(Blocks(self.check.kind.blocks).label)

    @property
    def law(self) -> str:
        return self.check.kind.statute


def blocks_of(checks: Iterable[AcceptanceCheck]) -> list[Block]:
    return [
        Block(one)
        for one in checks
        if one.state != Check.DECIDED and one.kind.blocks != Blocks.NOTHING
    ]


# People and days ---------------------------------------------------------------------------------


def inspectors(*, zone_id: int, office_id: int | None = None) -> list[Inspector]:
    """Those authorised now, with their coming absences."""
    rows = Inspector.objects.filter(zone_id=zone_id, ended_on__isnull=True)
    if office_id is not None:
        rows = rows.filter(office_id=office_id)
    away = InspectorAbsence.objects.filter(removed_at__isnull=True).order_by("since")
    return list(
        rows.select_related("post__person", "office")
        .prefetch_related(Prefetch("absences", away))
        .order_by("office__order", "office_id", "id")
    )


def inspector_of(*, by: Actor, inspector_id: int) -> Inspector | None:
    return (
        Inspector.objects.filter(zone_id=by.zone_id, pk=inspector_id)
        .select_related("post__person", "office")
        .first()
    )


def days_between(*, by: Actor, since: date, until: date) -> list[SiteDay]:
    """Visits of these days with who goes, in the order of the way."""
    return list(
        SiteDay.objects.filter(
            zone_id=by.zone_id, day__gte=since, day__lte=until, state__in=("proposed", "fixed", "held")
        )
        .select_related("acceptance__project", "acceptance__party")
        .prefetch_related(
            Prefetch(
                "goers",
                SiteInspector.objects.select_related("inspector__post__person", "inspector__office"),
            )
        )
        .order_by("day", "starts_at", "id")
    )  # fmt: skip


def to_visit(*, by: Actor, on: date) -> list[SiteDay]:
    """Sites somebody of the asker's office still has to sign at, from a day on."""
    return list(
        SiteDay.objects.filter(
            zone_id=by.zone_id,
            state=SiteDay.State.FIXED,
            acceptance__checks__office_id=by.office_id or 0,
            acceptance__checks__state=Check.READY,
            acceptance__checks__needs_visit=True,
        )
        .filter(day__lte=on)
        .select_related("acceptance__project", "acceptance__party")
        .distinct()
        .order_by("day", "starts_at")
    )


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """A check the asker's department has to sign, as a phone keeps it."""

    id: int
    name: str
    clause: str
    asks_two: bool
    seconds: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class FieldSite:
    """A building to go to, with all one needs there without a network."""

    acceptance_id: int
    number: str
    name: str
    owner: str
    contact: str
    phone: str
    day: date
    starts_at: time
    guidance: str
    checks: tuple[FieldCheck, ...]


FIELD_DAYS = 14


def field_sites(*, by: Actor, today: date) -> list[FieldSite]:
    """The asker's sites of the coming days, and those of before that are not signed yet."""
    days = to_visit(by=by, on=today + FIELD_DAYS * DAY)
    checks: dict[int, list[AcceptanceCheck]] = {}
    for one in AcceptanceCheck.objects.filter(
        zone_id=by.zone_id, acceptance_id__in=[day.acceptance_id for day in days],
        office_id=by.office_id or 0, state=Check.READY, needs_visit=True,
    ).select_related("kind"):  # fmt: skip
        checks.setdefault(one.acceptance_id, []).append(one)
    colleagues = tuple(
        Post.objects.filter(zone_id=by.zone_id, office_id=by.office_id or 0, until__isnull=True)
        .exclude(pk=by.post_id or 0)
        .values_list("pk", "person__name")
    )
    return [_field_site(day, checks.get(day.acceptance_id, []), colleagues) for day in days]


def _field_site(
    day: SiteDay, checks: Sequence[AcceptanceCheck], colleagues: tuple[tuple[int, str], ...]
) -> FieldSite:
    row = day.acceptance
    return FieldSite(
        acceptance_id=row.pk, number=row.number, name=f"{row.project.name}{row.part}",
        owner=row.party.name if row.party else row.project.owner_name,
        contact=row.contact_name, phone=row.contact_phone, day=day.day, starts_at=day.starts_at,
        guidance=row.guidance,
        checks=tuple(
            FieldCheck(
                one.pk, one.kind.name, one.kind.statute, one.kind.inspectors > 1, colleagues
            )
            for one in checks
        ),
    )  # fmt: skip


# Figures -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AcceptanceFigures:
    """Of a period, by the day of the conclusion. ``None`` where nothing was concluded.

    ``share``: joint of all projects concluded. ``steps_cut``: review steps cut in a project, on
    average. ``trips_saved``: of the trips the checks would have taken one by one.
    """

    served: int
    concluded: int
    share: Fraction | None
    steps_cut: Fraction | None
    trips_saved: Fraction | None
    in_work: int


def acceptance_figures(*, zone_id: int, since: date, until: date) -> AcceptanceFigures:
    """Projects served by joint acceptance and what it saved; counted, never typed in."""
    rows = Acceptance.objects.filter(
        zone_id=zone_id,
        concluded_at__gte=datetime.combine(since, time(), LOCAL),
        concluded_at__lt=datetime.combine(until, time(), LOCAL) + DAY,
    )
    got = rows.aggregate(
        served=Count("project", filter=Q(is_joint=True), distinct=True),
        all=Count("project", distinct=True),
        joint=Count("id", filter=Q(is_joint=True)),
        cut=Sum(F("single_steps") - F("joint_steps"), filter=Q(is_joint=True)),
        would=Sum("single_trips", filter=Q(is_joint=True)),
        trips=Sum("trips", filter=Q(is_joint=True)),
    )
    joint, would = got["joint"], got["would"] or 0
    return AcceptanceFigures(
        served=got["served"],
        concluded=got["all"],
        share=Fraction(got["served"], got["all"]) if got["all"] else None,
        steps_cut=Fraction(got["cut"], joint) if joint else None,
        trips_saved=Fraction(would - got["trips"], would) if would else None,
        in_work=Acceptance.objects.filter(zone_id=zone_id, is_joint=True)
        .exclude(state__in=(*Acceptance.CLOSED, *Acceptance.SERVED))
        .count(),
    )
