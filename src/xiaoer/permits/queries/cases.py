"""Questions of the staff's side: the queue of an office, the desk, one case with its branches.

Each asks a fixed number of queries, whatever the size and age of a case.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Literal

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from xiaoer.permits import clocks
from xiaoer.permits.branches import Place, places_of
from xiaoer.permits.definition import JOINTLY, Decides, Definition, Period
from xiaoer.permits.models import (
    Case,
    CaseEvent,
    CaseItem,
    CaseMaterial,
    CaseNotice,
    CaseStep,
    CaseVisit,
    ItemPause,
    Supplement,
    Thing,
)
from xiaoer.permits.wording import read_definition, read_limit
from xiaoer.web.marks import Colour
from xiaoer.work.calendar import DAY, LOCAL, WorkCalendar
from xiaoer.work.clocks import Face
from xiaoer.work.queries import calendar_of
from xiaoer.work.queries import limit as limit_rule

Whose = Literal["mine", "office", "all"]
PAGE = 60
OPEN_STEPS = ("open", "held")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a queue shows: whose items, of which thing and office, under which light."""

    whose: Whose = "office"
    thing: int | None = None
    office: int | None = None
    light: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Borders:
    """The moments at which lights turn, so that a list needs no clock a row."""

    now: datetime
    red_until: datetime
    amber_until: datetime

    @classmethod
    def of(cls, now: datetime, calendar: WorkCalendar) -> "Borders":
        today = now.astimezone(LOCAL).date()
        end = datetime.combine(today + DAY, time(), LOCAL)
        near = calendar.add_working_days(today, 1)
        return cls(now, end, datetime.combine(near + DAY, time(), LOCAL))

    def light(self, due_at: datetime | None, *, paused: bool = False) -> Colour:
        if due_at is None or paused:
            return "grey"
        if due_at <= self.red_until:
            return "red"
        return "amber" if due_at <= self.amber_until else "green"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One branch that runs, as a list shows it."""

    item: CaseItem
    light: Colour
    steps: tuple[CaseStep, ...]
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of a queue, with the counts of its lights."""

    rows: tuple[QueueRow, ...]
    counts: dict[str, int]
    total: int
    page: int
    pages: int
    things: tuple[tuple[int, str], ...]


def queue(
    *, zone_id: int, office_id: int | None, post_id: int | None, filters: QueueFilter, now: datetime,
    size: int | None = PAGE,
) -> Queue:  # fmt: skip
    """Branches that run, the promise due first on top."""
    calendar = calendar_of(zone_id)
    borders = Borders.of(now, calendar)
    items = _running(zone_id, office_id, post_id, filters)
    counts = items.aggregate(
        **{
            light: Count("pk", filter=_of_light(light, borders))
            for light in ("grey", "red", "amber", "green")
        }
    )
    wanted = items.filter(_of_light(filters.light, borders)) if filters.light else items
    total = counts[filters.light] if filters.light else sum(counts.values())
    pages = 1 if size is None else max(1, -(-total // size))
    page = min(max(filters.page, 1), pages)
    rows = wanted.order_by(F("promised_due_at").asc(nulls_last=True), "id").select_related(
        "case__thing_version__thing", "office"
    ).defer("case__thing_version__body", "case__form", "case__answers")  # fmt: skip
    shown = list(rows if size is None else rows[(page - 1) * size : page * size])
    steps = _open_steps(shown)
    still = set(
        ItemPause.objects.filter(
            item__in=[one.pk for one in shown], until__isnull=True
        ).values_list("item_id", flat=True)
    )
    return Queue(
        rows=tuple(
            QueueRow(
                one,
                borders.light(one.promised_due_at, paused=one.pk in still),
                tuple(steps.get(one.pk, ())),
                one.pk in still,
            )
            for one in shown
        ),
        counts=counts,
        total=total,
        page=page,
        pages=pages,
        things=things_with_cases(zone_id),
    )


def _running(
    zone_id: int, office_id: int | None, post_id: int | None, filters: QueueFilter
) -> QuerySet[CaseItem]:
    items = CaseItem.objects.filter(zone_id=zone_id, state=CaseItem.State.RUNNING)
    if filters.thing is not None:
        items = items.filter(case__thing_version__thing_id=filters.thing)
    steps = CaseStep.objects.filter(item=OuterRef("pk"), state__in=OPEN_STEPS)
    if filters.whose == "mine":
        return items.filter(Exists(steps.filter(post_id=post_id or 0)))
    wanted = filters.office if filters.whose == "all" else office_id
    if wanted is not None or filters.whose == "office":
        return items.filter(Exists(steps.filter(office_id=wanted or 0)))
    return items


# An item whose clocks stand still now.
PAUSED = Exists(ItemPause.objects.filter(item=OuterRef("pk"), until__isnull=True))


def _of_light(light: str, borders: Borders) -> Q:
    """Which items are under a light."""
    due = {
        "red": Q(promised_due_at__lte=borders.red_until),
        "amber": Q(promised_due_at__gt=borders.red_until, promised_due_at__lte=borders.amber_until),
        "green": Q(promised_due_at__gt=borders.amber_until),
    }
    return Q(PAUSED) if light == "grey" else ~Q(PAUSED) & due[light]


def _open_steps(items: Sequence[CaseItem]) -> dict[int, list[CaseStep]]:
    found: dict[int, list[CaseStep]] = {}
    for step in (
        CaseStep.objects.filter(item__in=[one.pk for one in items], state__in=OPEN_STEPS)
        .select_related("office", "post__person")
        .order_by("id")
    ):
        found.setdefault(step.item_id, []).append(step)
    return found


def things_with_cases(zone_id: int) -> tuple[tuple[int, str], ...]:
    """The things of a zone, for filters."""
    return tuple(
        Thing.objects.filter(zone_id=zone_id).order_by("order", "id").values_list("pk", "name")
    )


# The desk ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A case that lies at the desk or waits for its applicant, with the clock that runs there."""

    case: Case
    light: Colour
    due_at: datetime | None
    asked_at: datetime | None
    missing: int
    limit: Period | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """``silences``: after which a silent desk has accepted, by the definitions; ``deliver``: within
    which results are handed out, by the zone's own limit."""

    rows: tuple[DeskRow, ...]
    silences: tuple[Period, ...]
    deliver: Period
    to_accept: int
    waiting: int
    to_issue: int
    to_look_through: int


def desk(*, zone_id: int, state: str, now: datetime, limit: int = 200) -> Desk:
    """What lies at the acceptance desk: to be accepted, waiting for applicants, to be handed out;
    ``draft``: what applicants asked an ambassador to look through."""
    calendar = calendar_of(zone_id)
    borders = Borders.of(now, calendar)
    cases = Case.objects.filter(zone_id=zone_id)
    counts = cases.filter(state__in=["submitted", "supplement", "decided"]).aggregate(
        to_accept=Count("pk", filter=Q(state="submitted")),
        waiting=Count("pk", filter=Q(state="supplement")),
        to_issue=Count("pk", filter=Q(state="decided")),
    )
    asked = cases.filter(state="draft", check_asked_at__isnull=False)
    shown = (
        (asked if state == "draft" else cases.filter(state=state))
        .select_related("thing_version__thing", "supplement", "matter")
        .defer("thing_version__body", "form", "answers")
        .annotate(
            missing=Count("materials", filter=Q(materials__state="missing")),
            silence=F("thing_version__body__supplement_limit"),
        )
        .order_by("check_asked_at" if state == "draft" else "received_at", "id")[:limit]
    )
    deliver = deliver_limit(zone_id)
    rows = tuple(_desk_row(case, borders, calendar, deliver) for case in shown)
    silences = {one.limit for one in rows if one.limit} or {Definition().supplement_limit}
    return Desk(
        rows=rows,
        silences=tuple(silences),
        deliver=deliver,
        to_look_through=asked.count(),
        **counts,
    )


def deliver_limit(zone_id: int) -> Period:
    """How long what was decided may lie before it is handed out: a limit of the zone's own list."""
    rule = limit_rule(zone_id, "permit.deliver")
    return Period(rule.count, rule.unit, source=rule.source, mark=rule.mark)


def _desk_row(case: Case, borders: Borders, calendar: WorkCalendar, deliver: Period) -> DeskRow:
    limit: Period | None = None
    asked: Supplement | None = getattr(case, "supplement", None)
    if case.state == Case.State.SUPPLEMENT and asked is not None:
        due: datetime | None = asked.due_at
    elif case.state == Case.State.SUBMITTED and case.received_at is not None:
        # Of its definition the one limit that runs here; the body is not read for a list.
        raw = case.silence  # type: ignore[attr-defined]  # annotated
        limit = read_limit(raw, Definition().supplement_limit)
        due = clocks.period_face(
            limit, start=case.received_at, calendar=calendar, now=borders.now
        ).due_at
    elif case.decided_at is not None:
        due = clocks.period_face(
            deliver, start=case.decided_at, calendar=calendar, now=borders.now
        ).due_at
    else:
        due = None
    return DeskRow(
        case,
        borders.light(due),
        due,
        asked.asked_at if asked else None,
        case.missing,  # type: ignore[attr-defined]  # annotated
        limit,
    )


# One case -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LanePlace:
    """A place of a branch as a lane shows it: the latest turn, and who did it or has it."""

    place: Place
    steps: tuple[CaseStep, ...]

    @property
    def mark(self) -> str:
        """done, against, open, held or to come."""
        if not self.steps:
            return "to_come"
        states = {one.state for one in self.steps}
        if states & {"held"}:
            return "held"
        if states & {"open"}:
            return "open"
        if any(one.agrees is False for one in self.steps):
            return "against"
        return "done" if "done" in states else "to_come"


@dataclass(frozen=True, slots=True)
class Lane:
    """One branch: where it stands, its two clocks, its places."""

    item: CaseItem
    clocks: clocks.ItemClocks | None
    places: tuple[LanePlace, ...]
    pause: ItemPause | None
    waits_for: tuple[str, ...]

    @property
    def open_steps(self) -> tuple[CaseStep, ...]:
        return tuple(one for place in self.places for one in place.steps if one.state in OPEN_STEPS)

    @property
    def turns(self) -> int:
        """How often the branch was returned, at most, to one place."""
        return max((one.turn for place in self.places for one in place.steps), default=1)


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as its page shows it."""

    case: Case
    lanes: tuple[Lane, ...]
    items: int
    page: int
    pages: int
    materials: tuple[CaseMaterial, ...]
    notices: tuple[CaseNotice, ...]
    events: tuple[CaseEvent, ...]
    older: int | None
    supplement: Supplement | None
    visit: CaseVisit | None
    definition: Definition
    joint: Face | None
    desk_due: Face | None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def light(self) -> Colour:
        """The worst of the branches shown; of a case at the desk, the desk's own."""
        worst: dict[Colour, int] = {"green": 0, "grey": 1, "amber": 2, "red": 3}
        lights = [
            lane.clocks.light
            for lane in self.lanes
            if lane.clocks and lane.item.state == CaseItem.State.RUNNING
        ]
        if not lights and self.desk_due is not None:
            return clocks.COLOURS[self.desk_due.light]
        if lights and self.joint is not None:
            lights.append(clocks.COLOURS[self.joint.light])
        return max(lights, key=lambda one: worst[one], default="grey")


LANES, EVENTS = 40, 40


def case_by_number(*, zone_id: int, case_id: int) -> Case | None:
    """A submitted case of the zone; a draft is its applicant's own, unless it asked for help."""
    return (
        Case.objects.filter(zone_id=zone_id, pk=case_id)
        .exclude(state=Case.State.DRAFT, check_asked_at=None)
        .select_related("thing_version__thing__office", "party", "desk")
        # Beside the rest: to plan eleven tables at once takes longer than to ask twice.
        .prefetch_related("matter", "checked_by__person", "joint_by__person")
        .first()
    )


def case_view(
    case: Case, *, now: datetime, page: int = 1, before: int | None = None, whole: bool = True
) -> CaseView:
    """Everything its page shows. Of a case with a thousand branches the first forty, of its record
    the latest lines; the rest is further pages."""
    calendar = calendar_of(case.zone_id)
    definition = read_definition(case.thing_version.body)
    counts = dict(
        CaseItem.objects.filter(case=case)
        .values_list("state")
        .annotate(num=Count("pk"))
        .values_list("state", "num")
    )
    total = sum(counts.values())
    pages = max(1, -(-total // LANES))
    page = min(max(page, 1), pages)
    items = list(
        CaseItem.objects.filter(case=case)
        .select_related("office", "licence", "notice")
        .prefetch_related(Prefetch("pauses", queryset=ItemPause.objects.order_by("id")))
        .order_by("order", "id")[(page - 1) * LANES : page * LANES]
    )
    names = {one.code: one.name for one in items}
    steps = _latest_steps(items)
    events = list(_events(case, before)) if whole else []
    return CaseView(
        case=case,
        lanes=tuple(_lane(one, case, steps.get(one.pk, []), names, calendar, now) for one in items),
        items=total,
        page=page,
        pages=pages,
        materials=tuple(
            case.materials.select_related("paper__file", "file").order_by("order", "id")
        )
        if whole
        else (),
        notices=tuple(case.notices.select_related("file", "item").order_by("-id")[:60])
        if whole
        else (),
        events=tuple(events[:EVENTS]),
        older=events[EVENTS - 1].pk if len(events) > EVENTS else None,
        supplement=Supplement.objects.filter(case=case).select_related("notice").first(),
        visit=CaseVisit.objects.filter(case=case)
        .exclude(state=CaseVisit.State.DROPPED)
        .prefetch_related("parts__item", "parts__first__person", "parts__second__person", "defects")
        .order_by("-id")
        .first(),
        definition=definition,
        joint=clocks.joint_face(case, definition.joint_limit, calendar=calendar, now=now)
        if is_joint(case)
        else None,
        desk_due=desk_face(case, calendar, now, definition),
        counts=counts,
    )


def is_joint(case: Case) -> bool:
    """Whether its licences are handled jointly, so that one limit holds for all of them."""
    licences = CaseItem.objects.filter(case=case, decides=Decides.GRANT)
    return len(licences.order_by().values_list("pk")[:JOINTLY]) == JOINTLY


def _events(case: Case, before: int | None) -> QuerySet[CaseEvent]:
    events = CaseEvent.objects.filter(case=case).select_related("item").order_by("-id")
    return (events.filter(pk__lt=before) if before else events)[: EVENTS + 1]


def desk_face(
    case: Case, calendar: WorkCalendar, now: datetime, definition: Definition | None = None
) -> Face | None:
    """The clock of the desk: until accepted, then until handed out."""
    if case.state == Case.State.SUBMITTED and case.received_at is not None:
        limit = (definition or read_definition(case.thing_version.body)).supplement_limit
        return clocks.period_face(limit, start=case.received_at, calendar=calendar, now=now)
    if case.decided_at is not None:
        return clocks.period_face(
            deliver_limit(case.zone_id), start=case.decided_at, calendar=calendar, now=now,
            finished_at=case.issued_at,
        )  # fmt: skip
    return None


_LATEST = """
    select s.* from unnest(%(items)s::bigint[]) wanted (item)
    cross join lateral (
        select distinct "order" as place from generate_series(0, 12) g ("order")
    ) places
    cross join lateral (
        select max(turn) as turn from case_step where item_id = item and "order" = place
    ) latest
    join case_step s on s.item_id = item and s."order" = place and s.turn = latest.turn
    where s.state <> 'handed_on'
    order by s.item_id, s."order", s.id
"""


def _latest_steps(items: Sequence[CaseItem]) -> dict[int, list[CaseStep]]:
    """The latest turn of each place, whatever turns there were before."""
    found: dict[int, list[CaseStep]] = {}
    # Not one statement: joined with five more tables, planning it takes longer than all of these.
    rows = CaseStep.objects.raw(_LATEST, {"items": [one.pk for one in items]}).prefetch_related(
        "office", "post__person", "done_by__person"
    )
    for step in rows:
        found.setdefault(step.item_id, []).append(step)
    return found


def _lane(
    item: CaseItem,
    case: Case,
    steps: Sequence[CaseStep],
    names: dict[str, str],
    calendar: WorkCalendar,
    now: datetime,
) -> Lane:
    item.case = case
    for step in steps:
        step.item = item
    # A place that came after one the branch was returned from is to be done anew: its old turn is
    # history as soon as an earlier place is open.
    first_open = min((one.order for one in steps if one.state in OPEN_STEPS), default=99)
    places = places_of(item)
    shown = [
        LanePlace(
            place,
            tuple(one for one in steps if one.order == place.order and one.order <= first_open),
        )
        for place in places
    ]
    extra = [one for one in steps if one.order >= len(places)]
    if extra:
        last = extra[0]
        shown.append(LanePlace(Place(last.order, last.kind, last.name, ()), tuple(extra)))  # type: ignore[arg-type]  # a StepKind as text
    pause = next((one for one in item.pauses.all() if one.until is None), None)
    return Lane(
        item=item,
        clocks=clocks.clocks_of(item, calendar=calendar, now=now),
        places=tuple(shown),
        pause=pause,
        waits_for=tuple(names.get(code, code) for code in item.after)
        if item.state == CaseItem.State.WAITING
        else (),
    )


# Lists ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases a list shows."""

    state: str = ""
    thing: int | None = None
    party: int | None = None
    text: str = ""
    after: int | None = None


def cases(*, zone_id: int, filters: CaseFilter) -> QuerySet[Case]:
    """Cases that were submitted, the latest first."""
    rows = (
        Case.objects.filter(zone_id=zone_id)
        .exclude(state=Case.State.DRAFT)
        .select_related("thing_version__thing", "party")
        .defer("thing_version__body", "form", "answers")
        .order_by("-id")
    )
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.thing is not None:
        rows = rows.filter(thing_version__thing_id=filters.thing)
    if filters.party is not None:
        rows = rows.filter(party_id=filters.party)
    if filters.after is not None:
        rows = rows.filter(pk__lt=filters.after)
    if filters.text:
        found = Q(number=filters.text) | Q(party__name=filters.text)
        rows = rows.filter(found | Q(applicant_name__startswith=filters.text))
    return rows


def promised_papers(*, zone_id: int, state: str = "promised") -> QuerySet[CaseMaterial]:
    """Papers promised for later, the first due on top; or those that were not brought."""
    return (
        CaseMaterial.objects.filter(zone_id=zone_id, state=state)
        .exclude(case__state__in=[Case.State.DRAFT, Case.State.WITHDRAWN])
        .select_related("case__thing_version__thing")
        .defer("case__thing_version__body", "case__form", "case__answers")
        .order_by("promised_until", "id")
    )
