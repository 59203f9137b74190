"""One request as its page shows it: clocks, story, people, similar ones, what the asker may do."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from xiaoer.base.models import Post
from xiaoer.base.scope import Actor
from xiaoer.outreach.models import Appeal, AppealEvent, DateChange, ReturnVisit
from xiaoer.outreach.queries.alike import Alike, similar_appeals
from xiaoer.outreach.queries.offered import NOT_BEGUN, UNDER_WAY, verbs_for
from xiaoer.outreach.queries.pool import begin_of, running_light, running_words
from xiaoer.outreach.words import verb_words
from xiaoer.registry.queries import masked_phone
from xiaoer.web.marks import Colour
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL, WorkCalendar
from xiaoer.work.clocks import LimitUnit
from xiaoer.work.models import LimitRule
from xiaoer.work.queries.deadlines import TaskFace

State = Appeal.State
Ball = Appeal.Ball


@dataclass(frozen=True, slots=True)
class ClockFace:
    """One clock of a request, in working days: what was promised, what is used, how it stands.

    ``code`` is start, reply, solve or rule (上级规定). ``done_at`` is when it stopped for good;
    ``was_kept`` is false where it stopped because the request ended, not because it was done.
    """

    code: str
    name: str
    days: int | None
    started_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    was_kept: bool
    used: int
    light: Colour
    remaining: str


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One line of the story."""

    at: datetime
    who: str
    verb: str
    verb_words: str
    text: str
    result_words: str
    is_public: bool
    is_between_offices: bool


@dataclass(frozen=True, slots=True)
class Joint:
    """An office that helps, and what it said it did."""

    office_id: int
    office: str
    asked_at: datetime
    done_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class LaterDate:
    """A later date asked for; ``granted`` is None while nobody decided."""

    asked_at: datetime
    asked_by: str
    old_due_at: datetime
    new_due_at: datetime
    reason: str
    granted: bool | None
    decided_by: str
    words: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A request that was merged into this one."""

    appeal_id: int
    receipt_no: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a part in the request: a person and the office."""

    post_id: int
    name: str
    office: str


@dataclass(frozen=True, slots=True)
class Year:
    """The enterprise's requests of the year, and how many it confirmed."""

    filed: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class AppealPage:
    """Everything the page of one request shows to this asker."""

    appeal: Appeal
    state_words: str
    ball_words: str
    channel_words: str
    urgency_words: str
    result_words: str
    enterprise: str
    kind: str
    phone: str | None
    office: str
    handler: Holder | None
    first: Holder | None
    light: Colour
    remaining: str
    working_day: int
    clocks: tuple[ClockFace, ...]
    story: tuple[StoryLine, ...]
    joint: tuple[Joint, ...]
    later_dates: tuple[LaterDate, ...]
    tasks: tuple[work.TaskLine, ...]
    instructions: tuple[work.InstructionLine, ...]
    similar: tuple[Alike, ...]
    year: Year | None
    merged_into: str
    joined: tuple[Joined, ...]
    may: frozenset[str]

    @property
    def asks_for_later_date(self) -> LaterDate | None:
        """The open question for a later date."""
        return next((line for line in self.later_dates if line.granted is None), None)

    @property
    def promised_until(self) -> datetime | None:
        """The end the zone promised; what ended without an answer is promised nothing."""
        row = self.appeal
        ended = row.closed_at is not None and row.state not in (State.CONFIRMED, State.UNCONFIRMED)
        return None if ended else row.solve_due_at


def appeal(*, by: Actor, appeal_id: int) -> Appeal | None:
    """A request of the asker's zone, for a verb; None when it is not there for the asker."""
    return Appeal.objects.filter(zone_id=by.zone_id, pk=appeal_id).first()


def appeal_of_link(*, by: Actor) -> Appeal | None:
    """The one request whose link the asker holds."""
    return Appeal.objects.filter(zone_id=by.zone_id, track_hash=by.key).first() if by.key else None


def appeal_page(*, by: Actor, appeal_id: int, now: datetime) -> AppealPage | None:
    """A request as the asker may see it; None when it is not there for the asker.

    The enterprise and the holder of the link see public lines only; similar requests and tasks are
    for staff.
    """
    row = (
        Appeal.objects.filter(zone_id=by.zone_id, pk=appeal_id)
        .select_related("kind", "office", "merged_into", "matter" if by.is_staff else "kind")
        .first()
    )
    if row is None:
        return None
    calendar = work.calendar_of(row.zone_id)
    matter = row.matter if by.is_staff and row.matter_id else None
    return AppealPage(
        appeal=row,
        state_words=str(State(row.state).label),
        ball_words=str(Ball(row.ball).label),
        channel_words=str(Appeal.Channel(row.channel).label),
        urgency_words=str(Appeal.Urgency(row.urgency).label),
        result_words=_result(row.result),
        enterprise=row.party.name if not by.key else by.name,
        kind=row.kind.label if row.kind else "",
        phone=masked_phone(row.contact_phone),
        office=row.office.name if row.office else "",
        handler=_holder(row.handler_id),
        first=_holder(row.first_post_id),
        light=running_light(row, now),
        remaining=running_words(row, now, calendar),
        working_day=_working_day(row, calendar, now),
        clocks=_clocks(row, calendar, now),
        story=_story(row),
        joint=_joint(row),
        later_dates=_later_dates(row),
        tasks=tuple(work.tasks_of_matter(matter, now)) if matter else (),
        instructions=tuple(work.instructions_on(matter)) if matter else (),
        similar=similar_appeals(by=by, appeal=row),
        year=_year(row, now) if not by.key else None,
        merged_into=row.merged_into.receipt_no if row.merged_into else "",
        joined=_joined(row),
        may=verbs_for(by=by, appeal=row, now=now),
    )


def _result(result: str) -> str:
    return str(Appeal.Result(result).label) if result else ""


def _holder(post_id: int | None) -> Holder | None:
    """A post as the asker may see it: an outsider sees those of its own request."""
    if post_id is None:
        return None
    post = Post.objects.filter(pk=post_id).select_related("person", "office").first()
    if post is None:
        return None
    return Holder(post.pk, post.person.name, post.office.name if post.office else post.title)


def _working_day(row: Appeal, calendar: WorkCalendar, now: datetime) -> int:
    """Which working day since the filing it is; the last one once it is closed."""
    return calendar.working_days_between(_day(row.filed_at), _day(row.closed_at or now))


def _day(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()


def _clocks(row: Appeal, calendar: WorkCalendar, now: datetime) -> tuple[ClockFace, ...]:
    rules = {
        rule.code: rule
        for rule in LimitRule.objects.filter(zone_id=row.zone_id, code__startswith="appeal.")
    }
    answered = row.answered_at if row.state not in (*NOT_BEGUN, *UNDER_WAY) else None
    replied = row.replied_at or answered
    solve = "appeal.hard" if row.is_hard else "appeal.solve"
    superior = "appeal.rule" if "appeal.rule" in rules else "appeal.hard"
    faces = (
        ("start", _("Contact"), "appeal.start", row.start_due_at, row.started_at),
        ("reply", _("First reply"), "appeal.reply", row.reply_due_at, replied),
        ("solve", _("Promise of the zone"), solve, row.solve_due_at, answered),
        ("rule", _("Rule from above"), superior, row.rule_due_at, answered),
    )
    return tuple(
        _face(row, code, name, rules.get(rule), due_at, kept_at, calendar, now)
        for code, name, rule, due_at, kept_at in faces
    )


def _face(
    row: Appeal,
    code: str,
    name: str,
    rule: LimitRule | None,
    due_at: datetime | None,
    kept_at: datetime | None,
    calendar: WorkCalendar,
    now: datetime,
) -> ClockFace:
    done_at = kept_at or row.closed_at
    end = work.end_by_date(calendar=calendar, start=row.filed_at, due_at=due_at) if due_at else None
    face = TaskFace(row.filed_at, due_at, end.amber_at if end else None, done_at)
    return ClockFace(
        code=code,
        name=name,
        days=rule.count if rule else None,
        started_at=row.filed_at,
        due_at=due_at,
        done_at=done_at,
        was_kept=kept_at is not None,
        used=calendar.working_days_between(_day(row.filed_at), _day(done_at or now)),
        light=face.light(now),
        remaining=(
            "–"
            if done_at or due_at is None
            else work.remaining_words(due_at, LimitUnit.WORKING_DAY, now=now, calendar=calendar)
        ),
    )


def _story(row: Appeal) -> tuple[StoryLine, ...]:
    """Latest first; row security leaves out what is not public for outsiders.

    A return visit says what the enterprise said then, never the result the office claimed.
    """
    outcomes = {
        visit.at: str(ReturnVisit.Outcome(visit.outcome).label)
        for visit in ReturnVisit.objects.filter(zone_id=row.zone_id, appeal=row)
    }
    return tuple(
        StoryLine(
            at=event.at,
            who=event.who,
            verb=event.verb,
            verb_words=verb_words(event.verb),
            text=event.text,
            result_words=(
                outcomes.get(event.at, "")
                if event.verb == "record_return_visit"
                else _result(event.result)
            ),
            is_public=event.is_public,
            is_between_offices=event.is_between_offices,
        )
        for event in AppealEvent.objects.filter(appeal=row).order_by("-at", "-id")
    )


def _joint(row: Appeal) -> tuple[Joint, ...]:
    return tuple(
        Joint(line.office_id, line.office.name, line.asked_at, line.done_at, line.note)
        for line in row.joint_offices.select_related("office").order_by("id")
    )


def _joined(row: Appeal) -> tuple[Joined, ...]:
    rows = Appeal.objects.filter(zone_id=row.zone_id, merged_into=row).order_by("id")
    return tuple(Joined(*pair) for pair in rows.values_list("id", "receipt_no"))


def _later_dates(row: Appeal) -> tuple[LaterDate, ...]:
    return tuple(
        LaterDate(
            asked_at=change.asked_at,
            asked_by=_name(change.asked_by_id),
            old_due_at=change.old_due_at,
            new_due_at=change.new_due_at,
            reason=change.reason,
            granted=change.granted,
            decided_by=_name(change.decided_by_id),
            words=change.decision_words,
        )
        for change in DateChange.objects.filter(appeal=row).order_by("-id")
    )


def _name(post_id: int | None) -> str:
    holder = _holder(post_id)
    return holder.name if holder else ""


def _year(row: Appeal, now: datetime) -> Year:
    rows = Appeal.objects.filter(
        zone_id=row.zone_id,
        party_id=row.party_id,
        filed_at__gte=begin_of(date(_day(now).year, 1, 1)),
    ).exclude(state=State.TAKEN_BACK)
    return Year(rows.count(), rows.filter(state=State.CONFIRMED).count())
