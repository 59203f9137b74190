"""What is asked of projects: the register, one project, where it stands and what it still needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from xiaoer.base.models import Post
from xiaoer.projects import conditions, lights
from xiaoer.projects.conditions import Judged, Standing
from xiaoer.projects.lights import Shown
from xiaoer.projects.models import (
    ConditionProof,
    ForceMember,
    Light,
    ListPlace,
    Project,
    ProjectList,
    Stage,
    StageCondition,
    StagePassage,
)
from xiaoer.work.models import Plan

PAGE = 50
ORDER = tuple(Stage)
# Where a project may go from each stage. The reserve may be left out; a start, never.
NEXT: dict[str, tuple[Stage, ...]] = {
    Stage.PLANNED: (Stage.RESERVE, Stage.SIGNED),
    Stage.RESERVE: (Stage.SIGNED,),
    Stage.SIGNED: (Stage.STARTED,),
    Stage.STARTED: (Stage.BUILDING,),
    Stage.BUILDING: (Stage.COMPLETED,),
    Stage.COMPLETED: (Stage.PRODUCING,),
    Stage.PRODUCING: (Stage.FULL,),
    Stage.FULL: (),
}
SORTS: dict[str, tuple[str | OrderBy, ...]] = {
    "name": ("name", "id"),
    "-name": ("-name", "-id"),
    "stage": ("stage_on", "id"),
    "-stage": ("-stage_on", "-id"),
    "total": (F("total_fen").asc(nulls_last=True), "id"),
    "-total": (F("total_fen").desc(nulls_last=True), "-id"),
    "promised": (F("promised_on").asc(nulls_last=True), "id"),
    "-promised": (F("promised_on").desc(nulls_last=True), "-id"),
}


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """What a list of projects is narrowed by. ``stage`` empty: all; ``ended``: given up or moved."""

    stage: str = ""
    on_list: int | None = None
    leader: int | None = None
    officer: int | None = None
    kind: str = ""
    light: str = ""
    party: int | None = None
    text: str = ""
    ended: bool = False

    @property
    def folded(self) -> int:
        chosen = (self.on_list, self.leader, self.officer, self.kind, self.light, self.text)
        return sum(map(bool, chosen))


def projects(*, zone_id: int, filters: ProjectFilter | None = None, on: date) -> QuerySet[Project]:
    """The projects of a zone that pass the filters."""
    asked = filters or ProjectFilter()
    rows = Project.objects.filter(zone_id=zone_id, ended_on__isnull=not asked.ended)
    rows = rows.select_related("party", "leader__person", "officer__person", "matter__plan")
    for name in ("stage", "kind"):
        if getattr(asked, name):
            rows = rows.filter(**{name: getattr(asked, name)})
    for name in ("leader", "officer", "party"):
        if getattr(asked, name):
            rows = rows.filter(**{f"{name}_id": getattr(asked, name)})
    if asked.on_list:
        rows = rows.filter(
            pk__in=ListPlace.objects.filter(
                zone_id=zone_id, list_id=asked.on_list, until__isnull=True
            ).values("project_id")
        )
    if asked.light:
        rows = rows.filter(_of_light(asked.light, on))
    if asked.text:
        rows = rows.filter(
            Q(name__icontains=asked.text)
            | Q(short_name__icontains=asked.text)
            | Q(code__icontains=asked.text)
            | Q(owner_name__icontains=asked.text)
            | Q(party__name__icontains=asked.text)
        )
    return rows


def _of_light(light: str, on: date) -> Q:
    """The light people see: one set by hand counts until its day."""
    by_hand = ~Q(hand_light="") & Q(hand_until__gte=on)
    return (by_hand & Q(hand_light=light)) | (~by_hand & Q(light=light))


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project in a list, with the light people see and its plan's figures."""

    project: Project
    shown: Shown

    @property
    def plan(self) -> Plan | None:
        return plan_of(self.project)

    @property
    def promised_on(self) -> date | None:
        plan = self.plan
        return plan.promised_on if plan else self.project.promised_on

    @property
    def owner(self) -> str:
        return self.project.party.name if self.project.party else self.project.owner_name


def plan_of(project: Project) -> Plan | None:
    """The plan of a project, if one was made."""
    if project.matter is None:
        return None
    plan: Plan | None = getattr(project.matter, "plan", None)
    return plan


def rows_of(found: Sequence[Project], on: date) -> list[ProjectRow]:
    return [ProjectRow(one, lights.shown(one, on)) for one in found]


def project(*, zone_id: int, project_id: int) -> Project | None:
    """One project of the zone with what its page shows at the head."""
    return (
        Project.objects.filter(zone_id=zone_id, pk=project_id)
        .select_related(
            "party", "leader__person", "officer__person", "office", "park", "matter__plan"
        )
        .first()
    )


@dataclass(frozen=True, slots=True)
class ProjectHead:
    """The head of a project's page (look 05): state, light, promised, likely, chance, who."""

    project: Project
    shown: Shown
    plan: Plan | None
    leader: str
    officer: str
    force: int
    lists: tuple[ProjectList, ...]

    @property
    def promised_on(self) -> date | None:
        return self.plan.promised_on if self.plan else self.project.promised_on


def project_head(*, project: Project, on: date) -> ProjectHead:
    """What everybody sees first of a project."""
    places = ListPlace.objects.filter(zone_id=project.zone_id, project=project, until__isnull=True)
    return ProjectHead(
        project=project,
        shown=lights.shown(project, on),
        plan=plan_of(project),
        leader=_who(project.leader),
        officer=_who(project.officer),
        force=ForceMember.objects.filter(
            zone_id=project.zone_id, project=project, until__isnull=True
        ).count(),
        lists=tuple(place.list for place in places.select_related("list")),
    )


def _who(post: Post | None) -> str:
    return post.person.name if post is not None else ""


# Stages -------------------------------------------------------------------------------------------


def passages_of(project: Project) -> list[StagePassage]:
    """Every passage, the latest first: granted, asked, refused, taken back."""
    return list(
        StagePassage.objects.filter(zone_id=project.zone_id, project=project)
        .select_related("post__person", "decided_by__person", "undone_by__person")
        .order_by("-id")
    )


def conditions_of(*, project: Project, stage: str) -> list[Judged]:
    """What the zone asks before a project enters a stage, and how each stands for this one."""
    rows = StageCondition.objects.filter(zone_id=project.zone_id, stage=stage, is_active=True)
    proofs = {
        proof.condition_id: proof
        for proof in ConditionProof.objects.filter(
            zone_id=project.zone_id, project=project, is_current=True, condition__stage=stage
        ).select_related("paper", "post__person")
    }
    return [
        conditions.judge(project, row, proofs.get(row.pk))
        for row in rows
        if not row.kinds or project.kind in row.kinds
    ]


def lacking(judged: Sequence[Judged]) -> list[Judged]:
    return [one for one in judged if one.standing != Standing.MET]


def asked_passages(*, zone_id: int) -> QuerySet[StagePassage]:
    """Back-dated passages that wait for a decision."""
    return (
        StagePassage.objects.filter(zone_id=zone_id, state=StagePassage.State.ASKED)
        .select_related("project", "post__person")
        .order_by("reported_at")
    )


@dataclass(frozen=True, slots=True)
class StageColumn:
    """One column of the board by stage."""

    stage: Stage
    count: int
    total_fen: int
    lights: dict[str, int]
    rows: tuple[ProjectRow, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def stage_board(
    *, zone_id: int, filters: ProjectFilter, on: date, most: int = 12
) -> list[StageColumn]:
    """Columns by stage with counts, money and lights; of each the first few cards."""
    found = projects(zone_id=zone_id, filters=filters, on=on)
    counted: dict[str, dict[str, tuple[int, int]]] = {}
    groups = (
        found.order_by()
        .values("stage", "light", "hand_light", "hand_until")
        .annotate(n=Count("id"), money=Coalesce(Sum("total_fen"), 0))
    )
    for row in groups:
        until = row["hand_until"]
        by_hand = until is not None and until >= on
        light = row["hand_light"] if by_hand else row["light"]
        column = counted.setdefault(row["stage"], {})
        count, money = column.get(light, (0, 0))
        column[light] = (count + row["n"], money + row["money"])
    columns = []
    for stage in ORDER:
        cells = counted.get(stage, {})
        count = sum(one[0] for one in cells.values())
        shown = found.filter(stage=stage).order_by("-stage_on", "-id")[:most] if count else ()
        columns.append(
            StageColumn(
                stage=stage,
                count=count,
                total_fen=sum(one[1] for one in cells.values()),
                lights={str(light): cells[light][0] for light in Light.values if light in cells},
                rows=tuple(rows_of(list(shown), on)),
            )
        )
    return columns


# Lists --------------------------------------------------------------------------------------------


def project_lists(*, zone_id: int, ended: bool = False) -> QuerySet[ProjectList]:
    """The lists of the zone with how many stand on each and their planned investment."""
    standing = Q(places__until__isnull=True, places__id__isnull=False)
    rows = ProjectList.objects.filter(zone_id=zone_id, ended_on__isnull=not ended).annotate(
        standing=Count("places", filter=standing),
        money=Coalesce(Sum("places__project__total_fen", filter=standing), 0),
    )
    # Said again: rows that are counted together forget the order of their table.
    return rows.order_by("-year", "level", "code")


def project_list(*, zone_id: int, list_id: int) -> ProjectList | None:
    return ProjectList.objects.filter(zone_id=zone_id, pk=list_id).first()


def places_of(project_list: ProjectList) -> QuerySet[ListPlace]:
    """Who stands on a list and who left it, those on it first."""
    return (
        ListPlace.objects.filter(zone_id=project_list.zone_id, list=project_list)
        .select_related("project__party", "project__leader__person", "project__matter__plan")
        .order_by(F("until").asc(nulls_first=True), "project__name", "id")
    )


def lists_of(project: Project) -> QuerySet[ListPlace]:
    return (
        ListPlace.objects.filter(zone_id=project.zone_id, project=project)
        .select_related("list")
        .order_by(F("until").asc(nulls_first=True), "-since", "id")
    )


def projects_of_firm(*, zone_id: int, party_id: int, on: date) -> list[ProjectRow]:
    """A firm's projects, those that go on first."""
    rows = (
        Project.objects.filter(zone_id=zone_id, party_id=party_id)
        .select_related("party", "leader__person", "officer__person", "matter__plan")
        .prefetch_related(
            Prefetch("places", ListPlace.objects.filter(until__isnull=True).select_related("list"))
        )
        .order_by(F("ended_on").asc(nulls_first=True), "-stage_on", "-id")
    )
    return rows_of(list(rows[:100]), on)


def search_projects(*, zone_id: int, text: str, most: int) -> list[Project]:
    """The best matches for a search box: living ones first."""
    called = Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code__icontains=text)
    rows = Project.objects.filter(called, zone_id=zone_id).select_related("party")
    return list(rows.order_by(F("ended_on").asc(nulls_first=True), "name", "id")[:most])


def leaders(*, zone_id: int) -> list[tuple[int, str]]:
    """The posts that answer for projects as leaders."""
    posts = Post.objects.filter(
        pk__in=Project.objects.filter(zone_id=zone_id, leader__isnull=False).values("leader_id")
    ).select_related("person")
    return [(post.pk, post.person.name) for post in posts.order_by("person__name")]
