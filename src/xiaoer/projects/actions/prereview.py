"""Verbs of 拿地即开工: papers are judged before the land contract and turn final on its day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import end_of, must_have_been, must_say, said, today
from xiaoer.base.models import Office, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import element_access as access
from xiaoer.projects.actions.living import living, locked
from xiaoer.projects.models import (
    PreReview,
    PreReviewBar,
    PreReviewItem,
    PreReviewTrack,
    Project,
)
from xiaoer.work import actions as work
from xiaoer.work import queries as questions
from xiaoer.work.models import Task

State, TrackState = PreReview.State, PreReviewTrack.State
REVIEW = "pre_review"
_LAW = "工业项目审批事项一览；建设单位申请、部门模拟审批，文本未见，供园区修改"
_DRAFT = "黔东南州“拿地即开工”实施方案（征求意见稿，2022年）"


@dataclass(frozen=True, slots=True)
class Seed:
    """What a new zone begins with: name, who judges, working days, source, mark."""

    name: str
    name_en: str
    office_name: str
    days: int
    source: str
    mark: str


ITEMS: dict[str, Seed] = {
    "land_use": Seed("建设用地规划许可证", "land-use planning permit", "自然资源", 5, "城乡规划法第三十八条；天数为建议值", "D"),
    "title": Seed("不动产权证", "title of the land", "不动产登记", 3, _LAW, "U"),
    "works": Seed("建设工程规划许可证", "works planning permit", "自然资源", 10, "城乡规划法第四十条（法定二十个工作日）；天数为建议值", "D"),
    "drawings": Seed("施工图审查", "review of the drawings", "住建", 10, _LAW, "U"),
    "construction": Seed("建筑工程施工许可证", "construction permit", "住建", 5, "建筑法第八条（法定七日）；天数为建议值", "D"),
}  # fmt: skip
BARS: dict[str, Seed] = {
    "dangerous": Seed("易燃易爆、危险化学品项目", "explosives and hazardous chemicals", "", 0, _DRAFT, "V"),
    "secret": Seed("涉及国家秘密的项目", "projects that touch state secrets", "", 0, _DRAFT, "V"),
    "restricted": Seed("限制类、禁止类产业项目", "restricted or forbidden industries", "", 0, _DRAFT, "V"),
}  # fmt: skip


@transaction.atomic
def seed_pre_review(*, by: Actor, now: datetime) -> int:
    """Add the items and the bars a zone does not have yet; what it changed stays."""
    access.must_run_project(by)
    items = set(PreReviewItem.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    bars = set(PreReviewBar.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    fresh = [
        PreReviewItem(
            zone_id=by.zone_id, code=code, name=seed.name, name_en=seed.name_en,
            office_name=seed.office_name, working_days=seed.days, order=place,
            source=seed.source, mark=seed.mark,
        )
        for place, (code, seed) in enumerate(ITEMS.items())
        if code not in items
    ]  # fmt: skip
    barred = [
        PreReviewBar(
            zone_id=by.zone_id, code=code, name=seed.name, name_en=seed.name_en,
            source=seed.source, mark=seed.mark,
        )
        for code, seed in BARS.items()
        if code not in bars
    ]  # fmt: skip
    PreReviewItem.objects.bulk_create(fresh)
    PreReviewBar.objects.bulk_create(barred)
    if fresh or barred:
        journal.record(
            by=by,
            now=now,
            verb="seed_pre_review",
            subject=Zone.objects.get(pk=by.zone_id),
            count=len(fresh) + len(barred),
        )
    return len(fresh) + len(barred)


@transaction.atomic
def keep_pre_review_item(
    *,
    by: Actor,
    now: datetime,
    item: PreReviewItem,
    name: str,
    office_name: str,
    working_days: int,
    source: str,
    is_used: bool = True,
    version: int,
) -> PreReviewItem:
    """Change an item of the zone's own list; tracks that run keep theirs."""
    access.must_run_project(by)
    row = locked(PreReviewItem, by, item.pk)
    journal.must_be_fresh(row, version)
    if not 1 <= working_days <= 250:
        raise Refused(_("Type working days from 1 to 250."), field="working_days")
    changed = journal.changes(
        row,
        {
            "name": must_say(name, "name", most=80),
            "office_name": said(office_name, "office_name", most=60),
            "working_days": working_days,
            "source": must_say(source, "source", most=200, why=_("Say where it stands.")),
            "mark": "D",
            "ended_on": None if is_used else row.ended_on or today(now),
        },
    )
    row.version += 1
    row.save()
    journal.record(by=by, now=now, verb="keep_pre_review_item", subject=row, **changed)
    return row


@transaction.atomic
def open_pre_review(
    *,
    by: Actor,
    now: datetime,
    project: Project,
    agreement: str,
    risk_letter_on: date,
    is_not_barred: bool,
    items: Sequence[PreReviewItem] = (),
    offices: dict[int, Office] | None = None,
) -> PreReviewTrack:
    """Let a project prepare its papers before the land contract; ``offices`` by the item's number.

    The firm's letter that it bears the risk comes first. That nothing bars the project only a person
    can say; a machine reads no secret off an industry.
    """
    row = living(by, project)
    access.must_run_project(by, row)
    if row.land_signed_on is not None:
        raise Refused(
            _("The land contract was signed on %(day)s; papers are applied for as usual.")
            % {"day": row.land_signed_on.isoformat()}
        )
    if PreReviewTrack.objects.filter(project=row).exclude(state=TrackState.VOID).exists():
        raise Refused(_("“%(name)s” has its pre-review already.") % {"name": row.name})
    if not is_not_barred:
        bars = PreReviewBar.objects.filter(zone_id=by.zone_id, ended_on__isnull=True)
        raise Refused(
            _("Say first that none of these holds: %(bars)s.")
            % {"bars": "；".join(one.name for one in bars)},
            field="is_not_barred",
        )
    track = PreReviewTrack.objects.create(
        zone_id=by.zone_id,
        project=row,
        agreement=must_say(
            agreement, "agreement", most=200, why=_("Name the investment agreement.")
        ),
        risk_letter_on=must_have_been(risk_letter_on, "risk_letter_on", now),
        checked_by_id=by.post_id,
        opened_at=now,
    )
    chosen = list(items) or list(
        PreReviewItem.objects.filter(zone_id=by.zone_id, ended_on__isnull=True)
    )
    for item in chosen:
        _begin(by, now, track, item, (offices or {}).get(item.pk))
    Project.objects.filter(pk=row.pk).update(is_land_first=True)
    _record(by, now, "open_pre_review", track, count=len(chosen))
    return track


def _begin(
    by: Actor, now: datetime, track: PreReviewTrack, item: PreReviewItem, office: Office | None
) -> PreReview:
    """One item: the office that judges it has a task of so many working days."""
    task = None
    if track.project.matter is not None and office is not None:
        calendar = questions.calendar_of(by.zone_id)
        task = work.give_task(
            by=by,
            now=now,
            matter=track.project.matter,
            kind=REVIEW,
            title=item.name,
            office=office,
            due_at=end_of(calendar.add_working_days(today(now), item.working_days)),
        )
    return PreReview.objects.create(
        zone_id=by.zone_id, track=track, item=item, office=office, task=task
    )


@transaction.atomic
def add_pre_review(
    *,
    by: Actor,
    now: datetime,
    track: PreReviewTrack,
    item: PreReviewItem,
    office: Office | None = None,
) -> PreReview:
    """Put one more item on a track that runs."""
    row = _running(by, track)
    access.must_run_project(by, row.project)
    if PreReview.objects.filter(track=row, item=item).exists():
        raise Refused(_("“%(name)s” is on this track already.") % {"name": item.name})
    review = _begin(by, now, row, item, office)
    _record(by, now, "add_pre_review", row, name=item.name)
    return review


@transaction.atomic
def give_conditional(
    *,
    by: Actor,
    now: datetime,
    review: PreReview,
    on: date,
    conditions: str,
    version: int | None = None,
) -> PreReview:
    """Give the result under the condition that the land is won; until then it has no legal force."""
    row = locked(PreReview, by, review.pk)
    _running(by, row.track)
    if version is not None:
        journal.must_be_fresh(row, version)
    if by.role is not None and by.office_id != row.office_id:
        access.must_run_project(by, row.track.project)
    if row.state != State.PREPARED:
        raise Refused(
            _("“%(name)s” is “%(state)s” already.")
            % {"name": row.item.name, "state": State(row.state).label}
        )
    row.state, row.conditional_on = State.CONDITIONAL, must_have_been(on, "on", now)
    row.conditions = must_say(
        conditions, "conditions", most=300, why=_("Say what the result depends on.")
    )
    _save(row)
    _end_task(by, now, row, _("conditional result"))
    _record(by, now, "give_conditional", row.track, name=row.item.name, day=str(on))
    return row


@transaction.atomic
def sign_land(
    *, by: Actor, now: datetime, project: Project, on: date, numbers: dict[int, str] | None = None
) -> int:
    """The land contract is signed: conditional results turn final on its day. How many did.

    What is still being prepared goes the usual way. ``numbers``: of the final papers, by the number
    of the item. A project without a track only gets its day.
    """
    row = living(by, project)
    access.must_run_project(by, row)
    if row.land_signed_on is not None:
        raise Refused(
            _("The land contract was signed on %(day)s already.")
            % {"day": row.land_signed_on.isoformat()}
        )
    must_have_been(on, "on", now)
    row.land_signed_on = on
    row.version += 1
    row.save(update_fields=["land_signed_on", "version"])
    turned = 0
    for track in PreReviewTrack.objects.select_for_update().filter(
        project=row, state=TrackState.RUNNING
    ):
        turned += _turn_final(track, on, numbers or {})
        track.state, track.ended_on = TrackState.FINAL, on
        track.version += 1
        track.save()
    journal.record(
        by=by, now=now, verb="sign_land", subject=row, party_ref=row.party_id, day=str(on),
        count=turned,
    )  # fmt: skip
    return turned


def _turn_final(track: PreReviewTrack, on: date, numbers: dict[int, str]) -> int:
    rows = list(PreReview.objects.select_for_update().filter(track=track, state=State.CONDITIONAL))
    for row in rows:
        if row.conditional_on is not None and row.conditional_on > on:
            raise Refused(
                _("“%(name)s” has its conditional result only since %(day)s.")
                % {"name": row.item.name, "day": row.conditional_on.isoformat()},
                field="on",
            )
        row.state, row.final_on = State.FINAL, on
        row.number = said(numbers.get(row.item_id, ""), "number", most=60)
        _save(row)
    return len(rows)


@transaction.atomic
def lose_land(*, by: Actor, now: datetime, project: Project, on: date, reason: str) -> int:
    """The land went to somebody else: every result is void, and the firm bears the risk. How many."""
    row = living(by, project)
    access.must_run_project(by, row)
    track = PreReviewTrack.objects.select_for_update().filter(
        project=row, state=TrackState.RUNNING
    ).first()  # fmt: skip
    if track is None:
        raise Refused(_("“%(name)s” has no pre-review that runs.") % {"name": row.name})
    must_have_been(on, "on", now)
    rows = list(PreReview.objects.select_for_update().filter(track=track))
    for review in rows:
        review.state, review.void_on = State.VOID, on
        _save(review)
    track.state, track.ended_on = TrackState.VOID, on
    track.ended_why = must_say(reason, "reason", most=300)
    track.version += 1
    track.save()
    if row.matter is not None and row.matter.closed_at is None:
        work.drop_tasks(by=by, now=now, matter=row.matter, kinds=[REVIEW])
    _record(by, now, "lose_land", track, day=str(on), words=track.ended_why, count=len(rows))
    return len(rows)


def _running(by: Actor, track: PreReviewTrack) -> PreReviewTrack:
    row = locked(PreReviewTrack, by, track.pk)
    if row.state != TrackState.RUNNING:
        raise Refused(
            _("This pre-review is “%(state)s”; nothing more is judged on it.")
            % {"state": TrackState(row.state).label}
        )
    return row


def _save(row: PreReview) -> None:
    row.version += 1
    row.save()


def _end_task(by: Actor, now: datetime, row: PreReview, outcome: str) -> None:
    if row.task is not None and row.task.state == Task.State.OPEN:
        work.finish_task(by=by, now=now, task=row.task, outcome=outcome)


def _record(by: Actor, now: datetime, verb: str, track: PreReviewTrack, **detail: object) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=track.project, party_ref=track.project.party_id, **detail
    )
