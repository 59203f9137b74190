"""Questions about move-ins: the register, one with all that is said of it, and those outside see theirs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from xiaoer.assets.access import moving as access
from xiaoer.assets.models import MoveIn, MoveInOpinion, MoveInPaper, MoveInUnit, Occupancy
from xiaoer.base.checking import end_of, today
from xiaoer.base.models import StoredFile
from xiaoer.base.scope import Actor
from xiaoer.papers.models import OfficialNotice
from xiaoer.web.marks import Colour
from xiaoer.work import queries as work
from xiaoer.work.calendar import DAY, WorkCalendar
from xiaoer.work.models import Task
from xiaoer.work.queries.matters import TaskLine, task_line

State = MoveIn.State
APPROVED = (State.APPROVED, State.CONDITIONAL)
OPEN = (State.DRAFT, State.REVIEW, *APPROVED)
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class MoveInFilter:
    """What is filtered; the same for the page and its export. ``state``: one, or open or all."""

    state: str = "open"
    text: str = ""
    way: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class MoveInRow:
    """A move-in as a line of the register: how many have spoken, and its light."""

    row: MoveIn
    said: int
    asked: int
    light: Colour
    kept_until: date | None

    @property
    def units(self) -> str:
        """Their codes; in several buildings each with its own."""
        units = [one.unit for one in self.row.of_units.all()]
        if self.place:
            return "、".join(unit.code for unit in units)
        return "、".join(f"{unit.building.name} {unit.code}" for unit in units)

    @property
    def place(self) -> str:
        """The building its units stand in, if it is one."""
        names = {one.unit.building.name for one in self.row.of_units.all()}
        return names.pop() if len(names) == 1 else ""


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """One opinion with its clock; ``may_say``: the asker says it."""

    opinion: MoveInOpinion
    whom: str
    light: Colour
    remaining: str
    may_say: bool


@dataclass(frozen=True, slots=True)
class MoveInWhole:
    """One move-in with everything its page shows."""

    row: MoveIn
    units: tuple[MoveInUnit, ...]
    opinions: tuple[OpinionLine, ...]
    papers: tuple[MoveInPaper, ...]
    chores: tuple[TaskLine, ...]
    light: Colour
    kept_until: date | None
    is_lapsed: bool
    notices: tuple[OfficialNotice, ...]

    @property
    def lacks_paper(self) -> bool:
        """It is decided, and its firm has no signed paper of that yet."""
        return self.row.state in (*APPROVED, State.REFUSED, State.SETTLED) and not any(
            one.kind == "move_in_decision" and one.party_id == self.row.party_id
            for one in self.notices
        )

    @property
    def said(self) -> int:
        return sum(one.opinion.says != MoveInOpinion.Says.OPEN for one in self.opinions)

    @property
    def missing(self) -> list[str]:
        """Who has not spoken yet."""
        open_ones = [one for one in self.opinions if one.opinion.says == MoveInOpinion.Says.OPEN]
        return [f"{one.opinion.topic}（{one.whom}）" for one in open_ones]


def light_of(due_at: datetime | None, is_done: bool, now: datetime) -> Colour:
    """Done is green, past its end red, within a day of it amber."""
    if is_done:
        return "green"
    if due_at is None:
        return "grey"
    if now > due_at:
        return "red"
    return "amber" if now > due_at - DAY else "green"


def move_ins(*, by: Actor, filters: MoveInFilter) -> "QuerySet[MoveIn]":
    """The register, the latest first."""
    rows = MoveIn.objects.filter(zone_id=by.zone_id)
    if filters.state == "open":
        rows = rows.filter(state__in=OPEN)
    elif filters.state in State.values:
        rows = rows.filter(state=filters.state)
    if filters.way:
        rows = rows.filter(way=filters.way)
    if filters.text:
        rows = rows.filter(
            Q(name__icontains=filters.text) | Q(who__icontains=filters.text)
            | Q(number__icontains=filters.text) | Q(party__name__icontains=filters.text)
        )  # fmt: skip
    if filters.mine:
        rows = rows.filter(
            Q(post=by.post_id or 0)
            | Q(state=State.REVIEW, opinions__says="open", opinions__office=by.office_id or 0)
        ).distinct()
    return rows.order_by("-opened_at", "-id")


def move_in_rows(
    rows: "QuerySet[MoveIn]", now: datetime, *, most: int | None = MOST_ROWS
) -> list[MoveInRow]:
    """Lines of the register, in three questions however many they are."""
    of_units = MoveInUnit.objects.select_related("unit__building").order_by("id")
    found = rows.select_related("party", "post__person", "matter").prefetch_related(
        Prefetch("of_units", queryset=of_units)
    )[:most]
    lines = list(found)
    counts = {
        one["move_in"]: (one["said"], one["asked"])
        for one in MoveInOpinion.objects.filter(move_in__in=[row.pk for row in lines])
        .values("move_in")
        .annotate(asked=Count("id"), said=Count("id", filter=~Q(says="open")))
    }
    kept = kept_until(lines)
    return [
        MoveInRow(
            row, *counts.get(row.pk, (0, 0)), _light(row, now, kept.get(row.pk)), kept.get(row.pk)
        )
        for row in lines
    ]


def kept_until(rows: Iterable[MoveIn]) -> dict[int, date]:
    """Through which day the units of approvals are kept for their firms, by the number of the move-in.

    The first unit that is no longer kept ends it. What the firm holds already needs no keeping, and
    by cage-change nothing is kept.
    """
    chosen = {row.pk: row for row in rows if row.state in APPROVED and row.way == MoveIn.Way.NEW}
    if not chosen:
        return {}
    asked = list(MoveInUnit.objects.filter(move_in__in=chosen).values_list("move_in", "unit"))
    lasts: dict[tuple[int, int | str], date] = {}
    held = set()
    for unit, party, name, kind, until in Occupancy.objects.filter(
        unit__in={unit for _move_in, unit in asked}, is_struck=False
    ).values_list("unit", "party", "name", "kind", "until"):
        key = (unit, party or name)
        if kind != Occupancy.Kind.RESERVED:
            held.add(key)
        elif until is not None:
            lasts[key] = max(until, lasts.get(key, until))
    found: dict[int, date] = {}
    for move_in, unit in asked:
        key = (unit, chosen[move_in].party_id or chosen[move_in].who)
        if key not in held and key in lasts:
            found[move_in] = min(lasts[key], found.get(move_in, lasts[key]))
    return found


def is_lapsed(until: date | None, now: datetime) -> bool:
    return until is not None and until < today(now)


def _light(row: MoveIn, now: datetime, kept: date | None) -> Colour:
    if row.state == State.REVIEW:
        return light_of(row.review_due_at, is_done=False, now=now)
    if kept is not None:
        return light_of(end_of(kept), is_done=False, now=now)
    return "grey" if row.state in (State.DRAFT, State.WITHDRAWN) else "green"


def move_in_of(*, by: Actor, move_in_id: int) -> MoveIn | None:
    """One, as far as the asker sees it."""
    return (
        MoveIn.objects.filter(zone_id=by.zone_id, pk=move_in_id)
        .select_related("party", "post__person", "decided_by__person", "lease", "matter", "need")
        .first()
    )


def own_move_in(*, by: Actor, move_in_id: int) -> MoveIn | None:
    """One, of what somebody outside reads: the need and the lease are the zone's."""
    return MoveIn.objects.filter(zone_id=by.zone_id, pk=move_in_id).first()


def whole(*, by: Actor, row: MoveIn, now: datetime) -> MoveInWhole:
    """Everything of one, for staff and city."""
    calendar = work.calendar_of(row.zone_id)
    units = row.of_units.select_related("unit__building").order_by("id")
    opinions = row.opinions.select_related("office", "operator", "post__person", "task").order_by(
        "id"
    )
    kept = kept_until([row]).get(row.pk)
    return MoveInWhole(
        row=row,
        units=tuple(units),
        opinions=tuple(_line(by, row, one, now, calendar) for one in opinions),
        papers=tuple(row.papers.filter(removed_at__isnull=True).select_related("file").order_by("id")),
        chores=_chores(row, now, calendar),
        light=_light(row, now, kept),
        kept_until=kept,
        is_lapsed=is_lapsed(kept, now),
        notices=tuple(notices_of([row])),
    )  # fmt: skip


def notices_of(rows: Iterable[MoveIn]) -> "QuerySet[OfficialNotice]":
    """Signed papers of these, as far as the asker sees them: a firm and an operator their own."""
    return OfficialNotice.objects.filter(
        subject_type="move_in", subject_id__in=[row.pk for row in rows]
    ).order_by("id")


def _line(
    by: Actor, row: MoveIn, one: MoveInOpinion, now: datetime, calendar: WorkCalendar
) -> OpinionLine:
    is_done = one.says != MoveInOpinion.Says.OPEN
    whom = one.office.name if one.office else one.operator.name if one.operator else ""
    remaining = ""
    if not is_done and one.task is not None:
        remaining = work.remaining_words(
            one.due_at, one.task.limit_unit, now=now, calendar=calendar
        )
    return OpinionLine(
        opinion=one,
        whom=whom,
        light=light_of(one.due_at, is_done, now),
        remaining=remaining,
        may_say=row.state == State.REVIEW and access.may_say(by, one, now),
    )


def _chores(row: MoveIn, now: datetime, calendar: WorkCalendar) -> tuple[TaskLine, ...]:
    if row.matter_id is None:
        return ()
    tasks = Task.objects.filter(matter=row.matter_id, kind="do_errand").exclude(
        state=Task.State.TRANSFERRED
    )
    return tuple(
        task_line(task, "move_in", now, calendar)
        for task in tasks.select_related("office", "post__person", "post__office").order_by("id")
    )


# Outside ----------------------------------------------------------------------------------------


def notice_of(*, by: Actor, notice_id: int) -> OfficialNotice | None:
    """A signed paper of a move-in, as far as the asker sees it."""
    rows = OfficialNotice.objects.filter(zone_id=by.zone_id, subject_type="move_in", pk=notice_id)
    return rows.select_related("file").first()


@dataclass(frozen=True, slots=True)
class OwnMoveIn:
    """A move-in as its firm or the operator of its units sees it; ``opinions`` only the operator's own."""

    row: MoveIn
    is_ours: bool
    units: tuple[str, ...]
    papers: tuple[MoveInPaper, ...]
    opinions: tuple[MoveInOpinion, ...]
    light: Colour
    kept_until: date | None
    is_lapsed: bool
    notices: tuple[OfficialNotice, ...]

    @property
    def waits(self) -> bool:
        """Whether the operator still has to say its half."""
        return self.row.state == State.REVIEW and any(
            one.says == MoveInOpinion.Says.OPEN for one in self.opinions
        )


def own_move_ins(*, by: Actor, now: datetime) -> list[OwnMoveIn]:
    """What somebody outside sees, what waits for them first; in seven questions."""
    rows = list(MoveIn.objects.filter(zone_id=by.zone_id).order_by("-opened_at", "-id")[:MOST_ROWS])
    found = _own(by, rows, now)
    return sorted(found, key=lambda one: (not one.waits, -one.row.opened_at.timestamp()))


def own_wholes(*, by: Actor, rows: list[MoveIn], now: datetime) -> list[OwnMoveIn]:
    """Several, with what the asker may read of each; staff read every opinion."""
    return _own(by, rows, now)


def unit_numbers(rows: list[MoveIn]) -> dict[int, list[int]]:
    """The units each asks for."""
    found: dict[int, list[int]] = defaultdict(list)
    for move_in, unit in MoveInUnit.objects.filter(
        move_in__in=[row.pk for row in rows]
    ).values_list("move_in", "unit"):
        found[move_in].append(unit)
    return found


def own_whole(*, by: Actor, row: MoveIn, now: datetime) -> OwnMoveIn:
    return _own(by, [row], now)[0]


def _own(by: Actor, rows: list[MoveIn], now: datetime) -> list[OwnMoveIn]:
    numbers = [row.pk for row in rows]
    of_units = list(
        MoveInUnit.objects.filter(move_in__in=numbers).values_list(
            "move_in", "unit__building__name", "unit__code"
        )
    )
    papers = list(
        MoveInPaper.objects.filter(move_in__in=numbers, removed_at__isnull=True).order_by("id")
    )
    opinions = list(MoveInOpinion.objects.filter(move_in__in=numbers).order_by("id"))
    kept, notices = kept_until(rows), list(notices_of(rows))
    return [
        OwnMoveIn(
            row=row,
            is_ours=row.party_id == by.party_ref,
            units=tuple(f"{building} {code}" for move_in, building, code in of_units if move_in == row.pk),
            papers=tuple(one for one in papers if one.move_in_id == row.pk),
            opinions=tuple(one for one in opinions if one.move_in_id == row.pk),
            light=_own_light(
                row, [one for one in opinions if one.move_in_id == row.pk], now, kept.get(row.pk)
            ),
            kept_until=kept.get(row.pk),
            is_lapsed=is_lapsed(kept.get(row.pk), now),
            notices=tuple(one for one in notices if one.subject_id == row.pk),
        )
        for row in rows
    ]  # fmt: skip


def _own_light(
    row: MoveIn, opinions: list[MoveInOpinion], now: datetime, kept: date | None
) -> Colour:
    open_ones = [one for one in opinions if one.says == MoveInOpinion.Says.OPEN]
    if row.state == State.REVIEW and open_ones:
        return light_of(open_ones[0].due_at, is_done=False, now=now)
    return _light(row, now, kept)


def paper_of(*, by: Actor, paper_id: int) -> tuple[MoveInPaper, StoredFile] | None:
    """A paper of a move-in with its file, as far as the asker sees both."""
    paper = MoveInPaper.objects.filter(
        zone_id=by.zone_id, pk=paper_id, removed_at__isnull=True
    ).first()
    file = paper and StoredFile.objects.filter(zone_id=by.zone_id, pk=paper.file_id).first()
    return (paper, file) if paper and file else None
