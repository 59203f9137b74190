"""Calendars and limits as data: everybody sees a changed day at once, promises given stay."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.town import NOW
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.clocks import LimitUnit, PauseReason
from xiaoer.work.models import LimitRule, Matter, Task

Of = Callable[[str], Actor]
MONDAY = date(2026, 11, 23)


def post_of(who: Actor) -> Post:
    return Post.objects.get(pk=who.post_id or 0)


def one_day_task(by: Actor, code: str = "appeal.start") -> Task:
    matter = Matter.objects.filter(kind="permit").first() or work.open_matter(
        by=by, now=NOW, kind="permit", subject_id=1, title="建筑垃圾处置", address="/permits/1/"
    )
    return work.give_task(
        by=by,
        now=NOW,
        matter=matter,
        kind="decide",
        title="决定",
        post=post_of(by),
        limit=queries.limit(by.zone_id, code),
    )


def test_the_notices_years_are_known_and_the_next_is_provisional(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        this = queries.calendar_year(zone_id=by.zone_id, year=2026)
        following = queries.calendar_year(zone_id=by.zone_id, year=2027)
    assert not this.is_provisional
    assert this.source
    assert len(this.months) == 12
    assert following.is_provisional
    cells = [cell for month in this.months for week in month.weeks for cell in week if cell]
    assert len(cells) == 365
    states = {cell.day: cell.state for cell in cells}
    assert states[date(2026, 10, 1)] == "holiday"
    assert "swapped" in states.values()
    assert this.working_days == sum(cell.is_working for cell in cells)


def test_only_an_administrator_changes_a_day(of: Of) -> None:
    desk = of("east-desk")
    with acting(desk), pytest.raises(Refused):
        work.set_calendar_day(by=desk, now=NOW, day=MONDAY, is_working=False, seen=True)


def test_a_changed_day_moves_open_deadlines_and_undoing_moves_them_back(of: Of) -> None:
    admin, desk, west = of("east-admin"), of("east-desk"), of("west-desk")
    with acting(desk):
        task = one_day_task(desk)
        done = one_day_task(desk)
        work.finish_task(by=desk, now=NOW, task=done)
        before = task.due_at
        assert before is not None
        work.set_calendar_day(
            by=admin, now=NOW, day=MONDAY, is_working=False, seen=True, name="区庆"
        )
        assert not queries.calendar_of(desk.zone_id).is_working(MONDAY)
        task.refresh_from_db()
        done.refresh_from_db()
        assert task.due_at == before + timedelta(days=1)
        assert done.due_at == before, "what is done keeps the end it was judged by"
        work.remove_calendar_day(by=admin, now=NOW, day=MONDAY)
        task.refresh_from_db()
        assert task.due_at == before
    with acting(west):
        assert queries.calendar_of(west.zone_id).is_working(MONDAY)


def test_two_who_edit_the_same_day_are_told_of_each_other(of: Of) -> None:
    admin = of("east-admin")
    with acting(admin):
        work.set_calendar_day(by=admin, now=NOW, day=MONDAY, is_working=False, seen=True)
        with pytest.raises(Refused, match="管一"):
            work.set_calendar_day(by=admin, now=NOW, day=MONDAY, is_working=True, seen=True)


def test_a_zone_may_confirm_the_notice_of_a_provisional_year_itself(of: Of) -> None:
    admin = of("east-admin")
    day = date(2027, 2, 8)
    with acting(admin):
        work.set_calendar_day(by=admin, now=NOW, day=day, is_working=False, seen=True, name="春节")
        calendar = queries.calendar_of(admin.zone_id)
        assert not calendar.is_working(day), "its own days count before the notice too"
        assert calendar.is_provisional(day)
        work.confirm_calendar_year(by=admin, now=NOW, year=2027, source="国办发明电〔2026〕0号")
        assert not queries.calendar_of(admin.zone_id).is_provisional(day)
        with pytest.raises(Refused):
            work.confirm_calendar_year(by=admin, now=NOW, year=2027, source="又一次")


def test_a_changed_limit_counts_for_what_begins_later_only(of: Of) -> None:
    admin = of("east-admin")
    with acting(admin):
        old = one_day_task(admin)
        rule = queries.limit(admin.zone_id, "appeal.start")
        work.set_limit(
            by=admin,
            now=NOW,
            code="appeal.start",
            version=rule.version,
            count=2,
            unit=LimitUnit.WORKING_DAY,
            amber_share=50,
            source="区管委会 2026 年第 3 次会议",
        )
        work.recompute_deadlines(by=admin, now=NOW)
        was = old.due_at
        old.refresh_from_db()
        assert old.due_at == was
        assert was is not None
        assert one_day_task(admin).due_at == was + timedelta(days=1)
        kept = queries.limit(admin.zone_id, "appeal.start")
        assert kept.mark == "D", "the zone's own word is no longer the text that was read"


def test_a_stale_edit_of_a_limit_names_who_changed_it(of: Of) -> None:
    admin = of("east-admin")
    with acting(admin):
        rule = queries.limit(admin.zone_id, "appeal.start")

        def edit(count: int) -> LimitRule:
            return work.set_limit(
                by=admin,
                now=NOW,
                code=rule.code,
                version=rule.version,
                count=count,
                unit=rule.unit,
                amber_share=75,
                source="会议",
            )

        edit(2)
        with pytest.raises(Refused, match="管一"):
            edit(3)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("count", {"count": 0}),
        ("count", {"count": 99999}),
        ("unit", {"unit": "year"}),
        ("amber_share", {"amber_share": 101}),
        ("source", {"source": " "}),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_at_its_field(
    of: Of, field: str, wrong: dict[str, object]
) -> None:
    admin = of("east-admin")
    good: dict[str, object] = {
        "count": 1, "unit": "working_day", "amber_share": 75, "source": "会议"
    }  # fmt: skip
    with acting(admin), pytest.raises(Refused) as refusal:
        work.set_limit(
            by=admin, now=NOW, code="appeal.start", version=1, **{**good, **wrong}  # type: ignore[arg-type]  # mixed on purpose
        )  # fmt: skip
    assert refusal.value.field == field


def test_seeding_twice_adds_nothing_and_keeps_what_the_zone_changed(of: Of) -> None:
    admin = of("east-admin")
    with acting(admin):
        assert work.seed_limits(by=admin, now=NOW) == 0
        LimitRule.objects.filter(code="appeal.start").update(count=9)
        work.seed_limits(by=admin, now=NOW)
        assert queries.limit(admin.zone_id, "appeal.start").count == 9


def test_a_clock_stops_only_where_the_law_lets_it(of: Of) -> None:
    desk = of("east-desk")
    with acting(desk):
        task = one_day_task(desk)
        with pytest.raises(Refused, match="不能暂停"):
            work.pause_matter(
                by=desk, now=NOW, matter=task.matter, reason=PauseReason.HEARING, note="已书面告知"
            )


def test_a_lawful_stop_moves_the_end_by_what_it_took(of: Of) -> None:
    admin = of("east-admin")
    with acting(admin):
        LimitRule.objects.filter(code="appeal.reply").update(is_pausable=True)
        task = one_day_task(admin, "appeal.reply")
        before = task.due_at
        assert before is not None
        with pytest.raises(Refused):
            work.pause_matter(
                by=admin, now=NOW, matter=task.matter, reason="site_visit", note="现场踏勘"
            )
        work.pause_matter(
            by=admin, now=NOW, matter=task.matter, reason=PauseReason.EXPERT_REVIEW, note="告知书 1"
        )
        task.refresh_from_db()
        assert queries.task_light(task, NOW) == "grey", "a clock that stands has no end to show"
        resumed = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # two working days later
        work.resume_matter(by=admin, now=resumed, matter=task.matter)
        task.refresh_from_db()
        assert task.due_at == before + timedelta(days=2)


def test_a_paused_task_is_not_escalated(of: Of) -> None:
    admin = of("east-admin")
    with acting(admin):
        LimitRule.objects.filter(code="appeal.reply").update(is_pausable=True)
        task = one_day_task(admin, "appeal.reply")
        work.pause_matter(
            by=admin, now=NOW, matter=task.matter, reason=PauseReason.HEARING, note="告知书 1"
        )
        assert work.escalate_overdue(by=admin, now=NOW + timedelta(days=60)) == 0


def test_the_words_of_what_is_left_follow_the_unit(of: Of) -> None:
    desk = of("east-desk")
    friday = NOW
    with acting(desk):
        calendar = queries.calendar_of(desk.zone_id)
    midnight = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)  # ends Tuesday

    def said(due: datetime, now: datetime, unit: str = LimitUnit.WORKING_DAY) -> str:
        return queries.remaining_words(due, unit, now=now, calendar=calendar)

    assert said(midnight, friday) == "剩 2 个工作日"
    assert said(midnight, friday, LimitUnit.CALENDAR_DAY) == "剩 4 天"
    assert said(midnight, midnight - timedelta(hours=3)) == "今天到期"
    assert said(friday + timedelta(hours=3), friday, LimitUnit.WORKING_HOUR) == "今天 13:00"
    assert said(midnight, midnight + timedelta(hours=20)) == "逾期 1 个工作日"
    assert said(friday, friday + timedelta(hours=1)) == "10:00 起已逾期"
