"""The acceptance desk: accept, ask once for what is missing, not accept; and acceptance by silence."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from xiaoer.base.models import Office
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.permits import case_access as access
from xiaoer.permits import clocks
from xiaoer.permits.actions.branching import ACCEPT, begin, open_first
from xiaoer.permits.actions.case_rows import locked_case, matter_of, must_say, said, tell
from xiaoer.permits.actions.noticing import order_notice
from xiaoer.permits.branches import path_of, written
from xiaoer.permits.definition import Definition, Item
from xiaoer.permits.listing import period_words
from xiaoer.permits.models import Case, CaseItem, CaseMaterial, CaseNotice, Supplement
from xiaoer.permits.scenario import Outline, lay_out
from xiaoer.permits.wording import read_definition, read_limit
from xiaoer.work import actions as work
from xiaoer.work import queries as works
from xiaoer.work.calendar import WorkCalendar
from xiaoer.work.models import Task

MOST_GAPS = 60
NOT_TAKEN = (Case.State.NOT_NEEDED, Case.State.WRONG_PLACE, Case.State.NOT_ACCEPTED)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to be supplemented. ``code`` of a paper or a field; ``office``: who asks for it."""

    what: str
    why: str
    code: str = ""
    office: str = ""


@transaction.atomic
def accept_case(*, by: Actor, now: datetime, case: Case) -> Case:
    """Accept an application: its items begin, each with its clocks and its first tasks.

    Accepted later than the law lets a desk be silent, it counts as accepted from the day of receipt
    (Licensing Law, article 32 (4)). The system accepts only what is decided with nobody in between.
    """
    row = locked_case(by, case)
    if not (access.is_system(by) and row.is_automatic):
        access.must_accept(by, row)
    _must_lie_at_the_desk(row)
    definition = _definition(row)
    materials = _materials(row)
    _must_be_whole(materials, definition)
    return _accept(row, definition, materials, by=by, now=now)


def _definition(case: Case) -> Definition:
    return read_definition(case.thing_version.body)


def _materials(case: Case) -> list[CaseMaterial]:
    return list(case.materials.order_by("order", "id"))


def _must_lie_at_the_desk(case: Case) -> None:
    if case.state == Case.State.SUPPLEMENT:
        raise Refused(
            _("Case %(number)s waits for its applicant to supplement it.") % {"number": case.number}
        )
    if case.state != Case.State.SUBMITTED:
        raise Refused(
            _("Case %(number)s is %(state)s; it does not lie at the acceptance desk.")
            % {"number": case.number or case.pk, "state": Case.State(case.state).label}
        )


def _must_be_whole(materials: Sequence[CaseMaterial], definition: Definition) -> None:
    """Papers that are needed are here or promised; an absent one is asked for, not overlooked."""
    needed = {one.paper for one in definition.materials if one.is_needed}
    missing = [
        one.name
        for one in materials
        if one.state == CaseMaterial.State.MISSING and one.paper_code in needed
    ]
    if missing:
        raise Refused(
            _("These papers are missing: %(names)s. Ask for them with the supplement notice.")
            % {"names": "、".join(missing)}
        )


def silence_ends(
    case: Case, definition: Definition, calendar: WorkCalendar | None = None
) -> datetime:
    """The moment after which a desk that said nothing has accepted."""
    start = case.received_at or case.submitted_at
    if start is None:
        raise ValueError("A case that was never submitted has no clock.")
    return clocks.period_face(
        definition.supplement_limit,
        start=start,
        calendar=calendar or works.calendar_of(case.zone_id),
        now=start,
    ).due_at


def _accept(
    case: Case,
    definition: Definition,
    materials: Sequence[CaseMaterial],
    *,
    by: Actor,
    now: datetime,
) -> Case:
    calendar = works.calendar_of(case.zone_id)
    case.is_deemed = now > silence_ends(case, definition, calendar)
    case.accepted_at = (case.received_at or now) if case.is_deemed else now
    case.state = Case.State.RUNNING
    case.version += 1
    case.save(update_fields=["is_deemed", "accepted_at", "state", "version"])
    _end_desk_tasks(case, by=by, now=now)
    outline = lay_out(definition, case.answers, case.form)
    _must_have_items(outline)
    items = _lay(case, outline, definition, now=now, calendar=calendar)
    event = tell(
        case,
        "deem_accepted" if case.is_deemed else "accept_case",
        by=by,
        now=now,
        items=[item.name for item in items],
        promised=[
            [one.name, str(one.promised_until)]
            for one in materials
            if one.state == CaseMaterial.State.PROMISED
        ],
    )
    order_notice(event, CaseNotice.Kind.ACCEPTED, now=now)
    first = [item for item in items if not item.after]
    open_first(first, by=by, now=now, calendar=calendar)
    return case


def _must_have_items(outline: Outline) -> None:
    if not outline.items:
        raise Refused(
            _("By its answers this case needs no item at all; say that no licence is needed.")
        )


def _end_desk_tasks(case: Case, *, by: Actor, now: datetime) -> None:
    tasks = (
        Task.objects.select_for_update(of=("self",))
        .select_related("matter")
        .filter(zone_id=case.zone_id, matter=matter_of(case), kind=ACCEPT, state=Task.State.OPEN)
    )
    work.end_tasks(
        by=by, now=now, tasks=list(tasks.order_by("id")), is_done=True, outcome=case.number
    )


def _lay(
    case: Case, outline: Outline, definition: Definition, *, now: datetime, calendar: WorkCalendar
) -> list[CaseItem]:
    """A row for each item that applies, with what it waits for and its path; of one that waits for
    nothing the clocks run.

    An item nobody could rule out yet begins as well: its people see what is not known.
    """
    open_items = [
        one
        for one in definition.items
        if one.code in {unknown.code for unknown in outline.unknown if unknown.part == "items"}
    ]
    codes = {one.code for one in (*outline.items, *open_items)}
    offices = {
        one.name: one
        for one in Office.objects.filter(
            zone_id=case.zone_id, name__in={item.office for item in definition.items}
        )
    }
    rows = []
    for order, item in enumerate((*outline.items, *open_items)):
        row = _row(case, item, order, codes)
        row.office = offices.get(item.office)
        if not row.after:
            begin(row, now=now, started_at=case.accepted_at or now, calendar=calendar)
        rows.append(row)
    made = CaseItem.objects.bulk_create(rows)
    for row in made:
        row.case = case
    return made


def _row(case: Case, item: Item, order: int, codes: set[str]) -> CaseItem:
    return CaseItem(
        zone_id=case.zone_id,
        case=case,
        code=item.code,
        name=item.name[:80],
        decides=str(item.decides),
        after=[code for code in item.after if code in codes],
        path=written(path_of(item)),
        authority=item.authority[:120],
        licence_code=item.licence,
        extend_most=item.statutory.extend_by,
        by_promise=item.promise_route and case.promised_signed_at is not None,
        statutory_count=item.statutory.count,
        statutory_unit=item.statutory.unit,
        promised_count=item.promised.count,
        promised_unit=item.promised.unit,
        order=order,
    )


@transaction.atomic
def ask_supplement(*, by: Actor, now: datetime, case: Case, gaps: Sequence[Gap]) -> Supplement:
    """Tell the applicant everything that is missing, of all departments, in one notice.

    Once, and within five working days of receipt; after that the case counts as accepted and
    nothing can be asked any more as a condition of acceptance.
    """
    row = locked_case(by, case)
    access.must_accept(by, row)
    access.must_be_person(by)
    _must_lie_at_the_desk(row)
    definition = _definition(row)
    if Supplement.objects.filter(case=row).exists():
        raise Refused(
            _("What is missing was told once already; the law allows no second notice. Accept it, or"
              " do not accept it with reasons.")
        )  # fmt: skip
    if now > silence_ends(row, definition):
        raise Refused(
            _("The time to ask has passed (%(limit)s); the case counts as accepted since its"
              " receipt. Accept it.")
            % {"limit": period_words(definition.supplement_limit)}
        )  # fmt: skip
    kept = _sound(gaps)
    due = clocks.period_face(
        definition.answer_limit, start=now, calendar=works.calendar_of(row.zone_id), now=now
    ).due_at
    supplement = Supplement.objects.create(
        zone_id=row.zone_id,
        case=row,
        gaps=[asdict(gap) for gap in kept],
        asked_at=now,
        asked_by_id=by.post_id,
        due_at=due,
    )
    _mark_wrong(row, kept)
    row.state = Case.State.SUPPLEMENT
    row.version += 1
    row.save(update_fields=["state", "version"])
    _end_desk_tasks(row, by=by, now=now)
    event = tell(
        row, "ask_supplement", by=by, now=now, gaps=supplement.gaps, due_at=due.isoformat()
    )
    order_notice(event, CaseNotice.Kind.SUPPLEMENT, now=now)
    return supplement


def _sound(gaps: Sequence[Gap]) -> list[Gap]:
    kept = [
        Gap(
            what=said(gap.what, "what", most=200),
            why=said(gap.why, "why", most=300),
            code=gap.code,
            office=said(gap.office, "office", most=60),
        )
        for gap in gaps
    ]
    if not kept or not all(gap.what and gap.why for gap in kept):
        raise Refused(
            _("Name each thing that is missing and say what is to be brought or corrected."),
            field="gaps",
        )
    if len(kept) > MOST_GAPS:
        raise Refused(
            _("At most %(most)d things go on one notice; join what belongs together.")
            % {"most": MOST_GAPS},
            field="gaps",
        )
    return kept


def _mark_wrong(case: Case, gaps: Sequence[Gap]) -> None:
    wrong = {gap.code: gap.why for gap in gaps if gap.code}
    for material in case.materials.select_for_update().filter(paper_code__in=wrong):
        material.is_wrong, material.wrong_why = True, wrong[material.paper_code]
        material.save(update_fields=["is_wrong", "wrong_why"])


@transaction.atomic
def refuse_acceptance(
    *, by: Actor, now: datetime, case: Case, why: Case.State, reason: str
) -> Case:
    """Do not accept, in writing: no licence is needed, another authority's, or not acceptable.

    A person says so, with the reason; for another authority's case the reason says whose.
    """
    row = locked_case(by, case)
    access.must_accept(by, row)
    access.must_be_person(by)
    if row.state not in (Case.State.SUBMITTED, Case.State.SUPPLEMENT):
        _must_lie_at_the_desk(row)
    if why not in NOT_TAKEN:
        raise Refused(_("Choose why it is not accepted."), field="why")
    words = must_say(
        reason,
        _("Say why, and where the applicant should go, in words the applicant understands."),
        "reason",
        most=500,
    )
    definition = _definition(row)
    if row.state == Case.State.SUBMITTED and now > silence_ends(row, definition):
        raise Refused(
            _("The time for it has passed (%(limit)s); the case counts as accepted since its receipt."
              " Accept it and decide each item.")
            % {"limit": period_words(definition.supplement_limit)}
        )  # fmt: skip
    row.state, row.closed_at, row.closed_why = why, now, words
    row.version += 1
    row.save(update_fields=["state", "closed_at", "closed_why", "version"])
    event = tell(row, "refuse_acceptance", by=by, now=now, why=str(why), words=words)
    order_notice(event, CaseNotice.Kind.NOT_ACCEPTED, now=now)
    work.close_matter(by=by, now=now, matter=matter_of(row))
    return row


def deem_accepted(*, by: Actor, now: datetime) -> int:
    """Accept every case the desk was silent about for five working days, from its day of receipt.

    A job; each case in a transaction of its own, so that one that cannot begin keeps none back. It
    is told on that case and tried again the next time. How many were accepted.
    """
    access.must_be_system(by)
    done = 0
    waiting = Case.objects.filter(
        zone_id=by.zone_id,
        state=Case.State.SUBMITTED,
        received_at__lt=now,
        is_automatic=False,
    )
    for number in _silent(waiting, by.zone_id, now):
        try:
            with acting(by):
                done += _deem(by, now, number)
        except Refused as refusal:
            _tell_stuck(by, now, number, str(refusal))
    return done


def _silent(waiting: QuerySet[Case], zone_id: int, now: datetime) -> list[int]:
    """Those whose time to be asked about has passed, by the one limit of their definitions."""
    calendar = works.calendar_of(zone_id)
    usual = Definition().supplement_limit
    rows = waiting.annotate(limit=F("thing_version__body__supplement_limit"))
    return [
        number
        for number, received, raw in rows.order_by("received_at", "id").values_list(
            "pk", "received_at", "limit"
        )
        if received is not None
        and now
        > clocks.period_face(
            read_limit(raw, usual), start=received, calendar=calendar, now=received
        ).due_at
    ]


def _deem(by: Actor, now: datetime, number: int) -> int:
    row = locked_case(by, Case(pk=number))
    if row.state != Case.State.SUBMITTED:
        return 0
    definition = _definition(row)
    if now <= silence_ends(row, definition):
        return 0
    _accept(row, definition, _materials(row), by=by, now=now)
    return 1


def _tell_stuck(by: Actor, now: datetime, number: int, why: str) -> None:
    row = locked_case(by, Case(pk=number))
    if not row.events.filter(verb="deem_stuck").exists():
        tell(row, "deem_stuck", by=by, now=now, is_shown=False, words=why[:300])
