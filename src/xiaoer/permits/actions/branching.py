"""What moves a branch: a place opened, its steps done, the next begun, the item decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, system
from xiaoer.permits import clocks
from xiaoer.permits.actions.case_rows import matter_of, tell
from xiaoer.permits.actions.handing_out import ISSUE, hand_out
from xiaoer.permits.actions.noticing import order_notice
from xiaoer.permits.branches import Place, place_of
from xiaoer.permits.definition import StepKind
from xiaoer.permits.models import Case, CaseItem, CaseNotice, CaseStep, ItemPause
from xiaoer.work import actions as work
from xiaoer.work import queries as works
from xiaoer.work.calendar import LOCAL, WorkCalendar
from xiaoer.work.models import Task

OPEN = (CaseStep.State.OPEN, CaseStep.State.HELD)
# Signed by each office named; other steps are done by the first.
SIGNED = (StepKind.COUNTERSIGN, StepKind.ANY_SIGN)
ACCEPT = "accept_case"


# Beginning -----------------------------------------------------------------------------------------


def begin(item: CaseItem, *, now: datetime, started_at: datetime, calendar: WorkCalendar) -> None:
    """Let an item's clocks begin, in its row as it stands in memory."""
    item.state = CaseItem.State.RUNNING
    item.started_at = started_at
    dues = clocks.dues_of(item, calendar=calendar, now=now, pauses=())
    item.statutory_due_at, item.promised_due_at = dues.statutory_at, dues.promised_at


def start_item(
    item: CaseItem, *, by: Actor, now: datetime, started_at: datetime, calendar: WorkCalendar
) -> None:
    """Let an item that waited begin, and open its first place."""
    begin(item, now=now, started_at=started_at, calendar=calendar)
    item.version += 1
    item.save(
        update_fields=["state", "started_at", "statutory_due_at", "promised_due_at", "version"]
    )
    open_first([item], by=by, now=now, calendar=calendar)


def due_of(item: CaseItem) -> datetime | None:
    """What its tasks are due by: the promise; once more time was granted, the law's end."""
    return item.statutory_due_at if item.extended_by else item.promised_due_at


def open_first(
    items: Sequence[CaseItem], *, by: Actor, now: datetime, calendar: WorkCalendar
) -> list[CaseStep]:
    """Open the first place of items of one case that begin together, in a few statements for all."""
    places = [(item, place_of(item, 0), 1) for item in items]
    return _open(places, by=by, now=now, calendar=calendar)


def open_place(item: CaseItem, order: int, *, by: Actor, now: datetime) -> list[CaseStep]:
    """Open one place of the branch: a row a signer, with the next turn, each with its task."""
    last = (
        CaseStep.objects.filter(item=item, order=order)
        .order_by("-turn")
        .values_list("turn", flat=True)
        .first()
    )
    return _open([(item, place_of(item, order), (last or 0) + 1)], by=by, now=now)


def _open(
    places: Sequence[tuple[CaseItem, Place, int]],
    *,
    by: Actor,
    now: datetime,
    calendar: WorkCalendar | None = None,
) -> list[CaseStep]:
    if not places:
        return []
    known = staffed_offices(
        by.zone_id, now,
        names=[name for _item, place, _turn in places for name in _signers(place)],
        numbers=[item.office_id for item, _place, _turn in places],
    )  # fmt: skip
    return give_steps(
        [
            Opening(item, place, office, turn)
            for item, place, turn in places
            for office in _offices(item, place, known, by=by, now=now)
        ],
        by=by,
        now=now,
        calendar=calendar,
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """One row of a place to be opened, and for whom."""

    item: CaseItem
    place: Place
    office: Office | None
    turn: int
    post: Post | None = None
    parent: CaseStep | None = None

    def errand(self) -> work.Errand:
        return work.Errand(
            kind=self.place.kind,
            title=f"{self.item.case.applicant_name}：{self.item.name} · {self.place.name}",
            post=self.post,
            office=self.office,
            due_at=due_of(self.item),
        )


def give_steps(
    openings: Sequence[Opening],
    *,
    by: Actor,
    now: datetime,
    calendar: WorkCalendar | None = None,
) -> list[CaseStep]:
    """Rows of places of one case, each with its task in somebody's inbox where there is anybody."""
    given = [one for one in openings if one.office is not None or one.post is not None]
    tasks: dict[int, Task] = {}
    if given:
        matter = matter_of(given[0].item.case)
        made = work.give_tasks(
            by=by, now=now, matter=matter, errands=[one.errand() for one in given],
            calendar=calendar,
        )  # fmt: skip
        tasks = {id(one): task for one, task in zip(given, made, strict=True)}
    return CaseStep.objects.bulk_create(
        CaseStep(
            zone_id=one.item.zone_id, item=one.item, kind=one.place.kind, name=one.place.name,
            order=one.place.order, turn=one.turn, parent=one.parent,
            office_id=one.office.pk if one.office else (one.post.office_id if one.post else None),
            post=one.post, task=tasks.get(id(one)), opened_at=now,
        )
        for one in openings
    )  # fmt: skip


def _signers(place: Place) -> Sequence[str]:
    return place.offices if place.kind in SIGNED else place.offices[:1]


def _offices(
    item: CaseItem, place: Place, known: Sequence[Office], *, by: Actor, now: datetime
) -> Sequence[Office | None]:
    """Who does a place, of the offices where somebody is. One that is not among them cannot: the
    lead office gets the step, and everybody can read why."""
    names = _signers(place)
    wanted: list[Office | None] = [_called(known, name) for name in names] or [
        next((one for one in known if one.pk == item.office_id), None)
    ]
    if all(wanted):
        return wanted
    lead = _lead(item.case, now)
    if item.office is None and lead is not None:
        item.office = lead
        item.save(update_fields=["office"])
    tell(
        item.case, "step_without_staff", by=by, now=now, item=item, is_shown=False,
        step_name=place.name,
        office_name="、".join(names) or (item.office.name if item.office else ""),
        to=lead.name if lead else "",
    )  # fmt: skip
    # Two empty offices make one step of the lead office, not two.
    found = {one.pk if one else None: one for one in (office or lead for office in wanted)}
    return list(found.values())


def _called(offices: Iterable[Office], name: str) -> Office | None:
    return next((one for one in offices if one.name == name), None)


def staffed_offices(
    zone_id: int, now: datetime, *, names: Iterable[str] = (), numbers: Iterable[int | None] = ()
) -> list[Office]:
    """Those of the offices where somebody holds a post today."""
    today = now.astimezone(LOCAL).date()
    posts = Post.objects.filter(office=OuterRef("pk"), since__lte=today).filter(
        Q(until__isnull=True) | Q(until__gte=today)
    )
    wanted = [number for number in numbers if number is not None]
    return list(
        Office.objects.filter(zone_id=zone_id)
        .filter(Q(name__in=list(names)) | Q(pk__in=wanted))
        .filter(Q(until__isnull=True) | Q(until__gte=today))
        .filter(Exists(posts))
    )


def _lead(case: Case, now: datetime) -> Office | None:
    """The lead office of the thing, or the desk that accepted; where nobody is either, none."""
    thing = case.thing_version.thing
    known = staffed_offices(case.zone_id, now, numbers=[thing.office_id, case.desk_id])
    for wanted in (thing.office_id, case.desk_id):
        for one in known:
            if one.pk == wanted:
                return one
    return None


# Going on ------------------------------------------------------------------------------------------


def end_step(
    step: CaseStep,
    state: CaseStep.State,
    *,
    by: Actor,
    now: datetime,
    agrees: bool | None = None,
    words: str = "",
) -> None:
    """End one row and its task: done by somebody, or no longer needed."""
    _mark(step, state, by=by, now=now, agrees=agrees, words=words)
    work.end_tasks(
        by=by, now=now, tasks=_open_tasks([step]), is_done=state == CaseStep.State.DONE,
        outcome=words,
    )  # fmt: skip


def send_back(
    step: CaseStep, others: Sequence[CaseStep], *, by: Actor, now: datetime, words: str
) -> None:
    """End the row whose holder returns the branch, and with it all that were open beside it."""
    _mark(step, CaseStep.State.RETURNED, by=by, now=now, words=words)
    drop_steps(others, by=by, now=now, beside=step)


def _mark(
    step: CaseStep,
    state: CaseStep.State,
    *,
    by: Actor,
    now: datetime,
    agrees: bool | None = None,
    words: str = "",
) -> None:
    step.state = state
    step.done_at = now
    step.done_by_id = by.post_id
    step.agrees = agrees
    step.words = words
    step.version += 1
    step.save(update_fields=["state", "done_at", "done_by", "agrees", "words", "version"])


def drop_steps(
    steps: Sequence[CaseStep], *, by: Actor, now: datetime, beside: CaseStep | None = None
) -> None:
    """End rows of a branch that nobody needs any longer, and their tasks, freed all at once; with
    them the task of a row that ended ``beside`` them."""
    if steps:
        CaseStep.objects.filter(zone_id=by.zone_id, pk__in=[step.pk for step in steps]).update(
            state=CaseStep.State.DROPPED, done_at=now, done_by_id=by.post_id, agrees=None,
            words="", version=F("version") + 1,
        )  # fmt: skip
    ended = [*steps, beside] if beside is not None else steps
    work.end_tasks(by=by, now=now, tasks=_open_tasks(ended), is_done=False)


def _open_tasks(steps: Iterable[CaseStep]) -> list[Task]:
    tasks = (step.task for step in steps)
    return [task for task in tasks if task is not None and task.state == Task.State.OPEN]


def open_steps(item: CaseItem) -> list[CaseStep]:
    """The rows of a branch that are still to be done, locked; their tasks first.

    None of a locked case means none: only what holds the case opens one.
    """
    tasks = list(
        CaseStep.objects.filter(item=item, state__in=OPEN)
        .order_by("id")
        .values_list("task_id", flat=True)
    )
    if not tasks:
        return []
    list(
        Task.objects.select_for_update(of=("self",))
        .filter(zone_id=item.zone_id, pk__in=tasks)
        .order_by("id")
        .values_list("id")
    )
    rows = (
        CaseStep.objects.select_for_update(of=("self",), no_key=True)
        .select_related("task__matter", "office")
        .filter(item=item, state__in=OPEN)
        .order_by("id")
    )
    return list(rows)


def go_on(step: CaseStep, *, by: Actor, now: datetime) -> None:
    """After a step was done: close its place when it is complete, and begin the next.

    A countersignature waits for all, whatever they say: who decides hears every voice. Of any-sign
    one agreement suffices and the others fall away; signers who were added are always waited for.
    """
    item = step.item
    others = [
        one
        for one in open_steps(item)
        if one.order == step.order and one.turn == step.turn and one.pk != step.pk
    ]
    if step.kind == StepKind.ANY_SIGN and step.parent_id is None and step.agrees:
        drop_steps([one for one in others if one.parent_id is None], by=by, now=now)
        others = [one for one in others if one.parent_id is not None]
    if others:
        return
    _next(item, step.order + 1, by=by, now=now)


def _next(item: CaseItem, order: int, *, by: Actor, now: datetime) -> None:
    if order < len(item.path):
        open_place(item, order, by=by, now=now)
    elif disagreeing(item):
        # Nobody but a person who decides ends a branch against somebody's word.
        open_place(item, len(item.path), by=by, now=now)
    else:
        close_item(item, CaseItem.State.FILED, by=by, now=now)


_LATEST = """
    select s.* from generate_series(0, %(last)s) place
    cross join lateral (
        select max(turn) as turn from case_step where item_id = %(item)s and "order" = place
    ) latest
    join case_step s on s.item_id = %(item)s and s."order" = place and s.turn = latest.turn
    where s.state = 'done' and s.agrees is not null
    order by s."order", s.id
"""


def latest_words(item: CaseItem) -> list[CaseStep]:
    """What was said in the latest turn of each place; earlier turns are history."""
    return list(CaseStep.objects.raw(_LATEST, {"item": item.pk, "last": len(item.path)}))


def disagreeing(item: CaseItem) -> list[CaseStep]:
    """Who stands against: one of those who must all agree, all of those of whom one suffices."""
    places: dict[int, list[CaseStep]] = {}
    for one in latest_words(item):
        places.setdefault(one.order, []).append(one)
    against: list[CaseStep] = []
    for rows in places.values():
        is_carried = rows[0].kind == StepKind.ANY_SIGN and any(
            one.agrees for one in rows if one.parent_id is None
        )
        against += [
            one for one in rows if not one.agrees and not (is_carried and one.parent_id is None)
        ]
    return against


# Ending --------------------------------------------------------------------------------------------


def close_item(
    item: CaseItem,
    state: CaseItem.State,
    *,
    by: Actor,
    now: datetime,
    words: str = "",
    verb: str = "file_item",
    remedies: str = "",
) -> None:
    """Give an item its end; what waited for it begins or is barred; the case follows."""
    end_pause(item, now=now)
    item.state = state
    item.decided_at = now
    item.decided_by_id = by.post_id
    item.decision = words
    item.version += 1
    item.save(update_fields=["state", "decided_at", "decided_by", "decision", "granted", "version"])
    event = tell(
        item.case, verb, by=by, now=now, item=item,
        state=str(state), words=words, remedies=remedies,
    )  # fmt: skip
    if state == CaseItem.State.REFUSED:
        order_notice(event, CaseNotice.Kind.REFUSED, now=now)
    elif state == CaseItem.State.GRANTED:
        order_notice(event, CaseNotice.Kind.GRANTED, now=now)
    follow_dependants(item, by=by, now=now)
    follow_case(item.case, by=by, now=now)


POSITIVE = (CaseItem.State.GRANTED, CaseItem.State.FILED)


def follow_dependants(item: CaseItem, *, by: Actor, now: datetime) -> None:
    """Begin what waited for the item alone, or bar all that depends on what will not come."""
    waiting = list(
        CaseItem.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office")
        .filter(case=item.case, state=CaseItem.State.WAITING, after__contains=[item.code])
        .order_by("order", "id")
    )
    if not waiting:
        return
    calendar = works.calendar_of(item.zone_id)
    for one in waiting:
        one.case = item.case
        if item.state not in POSITIVE:
            _bar(one, item, by=by, now=now)
        elif not (
            CaseItem.objects.filter(case=item.case, code__in=one.after)
            .exclude(state__in=POSITIVE)
            .exists()
        ):
            start_item(one, by=by, now=now, started_at=now, calendar=calendar)
            tell(item.case, "start_item", by=by, now=now, item=one)


def _bar(item: CaseItem, why: CaseItem, *, by: Actor, now: datetime) -> None:
    item.state = CaseItem.State.BARRED
    item.version += 1
    item.save(update_fields=["state", "version"])
    tell(item.case, "bar_item", by=by, now=now, item=item, after=why.name)
    follow_dependants(item, by=by, now=now)


def follow_case(case: Case, *, by: Actor, now: datetime) -> None:
    """When nothing is open any more, all is decided: the desk hands out what was decided, by a clock
    of its own (Licensing Law, article 44); what each had as it was ready needs no desk."""
    if case.state != Case.State.RUNNING:
        return
    if CaseItem.objects.filter(case=case, state__in=CaseItem.OPEN).exists():
        return
    case.state = Case.State.DECIDED
    case.decided_at = now
    case.version += 1
    case.save(update_fields=["state", "decided_at", "version"])
    tell(case, "all_decided", by=by, now=now)
    if case.is_early_release and _hands_out_itself(case, now=now):
        return
    if case.desk is not None:
        work.give_task(
            by=by,
            now=now,
            matter=matter_of(case),
            kind=ISSUE,
            title=_("%(name)s: hand out the results together") % {"name": case.applicant_name},
            office=case.desk,
            limit=works.limit(case.zone_id, "permit.deliver"),
        )


def _hands_out_itself(case: Case, *, now: datetime) -> bool:
    """Where the applicant takes each result as it is ready, nothing is left for a desk to do.

    What cannot be made now, such as without a signing key, lies at the desk like any other.
    """
    try:
        with transaction.atomic():
            hand_out(case, by=system(case.zone_id), now=now)
    except Refused:
        case.refresh_from_db(fields=["state", "issued_at", "closed_at", "version"])
        return False
    return True


# Pauses --------------------------------------------------------------------------------------------


def end_pause(item: CaseItem, *, now: datetime) -> ItemPause | None:
    """Let the clocks of an item run on, where they stand still; its ends move by what it took.

    Where the machine's clock was set back meanwhile, the pause took no time at all.
    """
    pause = ItemPause.objects.filter(item=item, until__isnull=True).first()
    if pause is None:
        return None
    pause.until = max(now, pause.since)
    pause.save(update_fields=["until"])
    reckon_dues(item, now=now)
    return pause


def reckon_dues(item: CaseItem, *, now: datetime, calendar: WorkCalendar | None = None) -> None:
    """Compute both ends anew from what happened, and keep them for lists."""
    if item.started_at is None:
        return
    dues = clocks.dues_of(
        item,
        calendar=calendar or works.calendar_of(item.zone_id),
        now=now,
        pauses=list(ItemPause.objects.filter(item=item).order_by("id")),
    )
    item.statutory_due_at, item.promised_due_at = dues.statutory_at, dues.promised_at
    item.save(update_fields=["statutory_due_at", "promised_due_at"])


def move_tasks(item: CaseItem, why: str, *, by: Actor, now: datetime) -> None:
    """Give the open tasks of a branch the end its clocks have now, where it still lies ahead."""
    due = due_of(item)
    if due is None or due <= now:
        return
    for step in open_steps(item):
        if step.task is not None and step.task.due_at != due:
            work.move_due(by=by, now=now, task=step.task, due_at=due, reason=why[:300])
