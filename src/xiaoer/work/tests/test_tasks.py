"""Who does what until when: tasks change hands with their clock, and never silently."""

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.town import NOW
from xiaoer.base.models import Deputy, JournalLine, Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.web.marks import Colour
from xiaoer.work import actions as work
from xiaoer.work import jobs, kinds, queries
from xiaoer.work.models import Matter, Task
from xiaoer.work.queries import InboxFilter, Whose

Of = Callable[[str], Actor]
LIGHTS: tuple[Colour, ...] = ("red", "amber", "green", "grey")
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def post_of(who: Actor) -> Post:
    return Post.objects.get(pk=who.post_id or 0)


def office_of(who: Actor) -> Office:
    return Office.objects.get(pk=who.office_id or 0)


def make_matter(by: Actor, subject_id: int = 1) -> Matter:
    return work.open_matter(
        by=by,
        now=NOW,
        kind="appeal",
        subject_id=subject_id,
        title="厂门口货车掉头难",
        address=f"/appeals/{subject_id}/",
    )


def make_task(by: Actor, to: Actor, matter: Matter | None = None, kind: str = "solve") -> Task:
    return work.give_task(
        by=by,
        now=NOW,
        matter=matter or make_matter(by),
        kind=kind,
        title="厂门口货车掉头难",
        post=post_of(to),
        limit=queries.limit(by.zone_id, "appeal.start"),
    )


def for_office(by: Actor, to: Actor) -> Task:
    return work.give_task(
        by=by,
        now=NOW,
        matter=make_matter(by),
        kind="solve",
        title="厂门口货车掉头难",
        office=office_of(to),
        limit=queries.limit(by.zone_id, "appeal.start"),
    )


def test_a_task_given_on_friday_with_one_working_day_is_due_on_monday_night(of: Of) -> None:
    desk, officer = of("east-desk"), of("east-officer")
    with acting(desk):
        task = make_task(desk, officer)
    assert task.due_at == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert queries.task_light(task, NOW) == "amber"
    assert queries.task_light(task, MONDAY) == "red"


def test_a_task_of_an_office_is_in_the_inbox_of_all_its_people_until_one_takes_it(of: Of) -> None:
    desk, officer, power = of("east-desk"), of("east-officer"), of("east-power")
    with acting(power):
        task = for_office(power, desk)
        assert [row.task_id for row in queries.inbox(officer, NOW)] == [task.pk]
        assert [row.task_id for row in queries.inbox(desk, NOW)] == [task.pk]
        work.take_task(by=officer, now=NOW, task=task)
        assert queries.inbox(desk, NOW) == ()
        assert [row.holder for row in queries.inbox(officer, NOW)] == ["网一"]
        with pytest.raises(Refused, match="网一"):
            work.take_task(by=desk, now=NOW, task=task)


def test_a_transferred_task_keeps_its_clock(of: Of) -> None:
    desk, officer, power = of("east-desk"), of("east-officer"), of("east-power")
    with acting(officer):
        task = make_task(desk, officer)
        later = NOW + timedelta(hours=5)
        new = work.transfer_task(
            by=officer,
            now=later,
            task=task,
            office=office_of(power),
            reason="供电的事",
        )
        task.refresh_from_db()
        assert (new.started_at, new.due_at) == (task.started_at, task.due_at)
        assert task.state == Task.State.TRANSFERRED
        assert [row.task_id for row in queries.inbox(power, later)] == [new.pk]
        assert queries.inbox(officer, later) == ()


def test_a_task_is_not_moved_by_somebody_it_does_not_concern(of: Of) -> None:
    desk, officer, land = of("east-desk"), of("east-officer"), of("east-land")
    with acting(land):
        task = make_task(desk, officer)
        with pytest.raises(Refused, match="不是您的"):
            work.transfer_task(
                by=land,
                now=NOW,
                task=task,
                office=office_of(land),
                reason="我来",
            )


def test_a_task_is_returned_once_with_a_reason_and_then_the_desk_decides(of: Of) -> None:
    desk, power = of("east-desk"), of("east-power")
    with acting(power):
        matter = make_matter(desk)
        task = make_task(desk, power, matter)
        with pytest.raises(Refused):
            work.return_task(by=power, now=NOW, task=task, reason=" ")
        back = work.return_task(by=power, now=NOW, task=task, reason="不归供电管")
        assert back.post_id == desk.post_id
        again = work.transfer_task(
            by=desk,
            now=NOW,
            task=back,
            office=office_of(power),
            reason="核实过，归供电管",
        )
        with pytest.raises(Refused):
            work.return_task(by=power, now=NOW, task=again, reason="还是不归")


def test_a_task_that_ended_meanwhile_says_who_ended_it(of: Of) -> None:
    desk, officer = of("east-desk"), of("east-officer")
    with acting(desk):
        task = make_task(desk, officer)
        work.finish_task(by=officer, now=NOW, task=task, outcome="修好了")
        with pytest.raises(Refused, match="网一"):
            work.transfer_task(
                by=desk,
                now=NOW,
                task=task,
                office=office_of(desk),
                reason="换人",
            )


def test_a_deputy_has_the_tasks_of_the_absent_and_may_move_them(of: Of) -> None:
    desk, officer, steward = of("east-desk"), of("east-officer"), of("east-steward")
    with acting(desk):
        task = make_task(desk, officer)
        assert queries.inbox(steward, NOW) == ()
        Deputy.objects.create(
            zone_id=desk.zone_id,
            post=post_of(officer),
            deputy=post_of(steward),
            since=date(2026, 11, 20),
            until=date(2026, 11, 23),
        )
        [row] = queries.inbox(steward, NOW)
        assert row.deputising_for == "网一"
        assert queries.inbox(steward, NOW, InboxFilter(whose=Whose.DEPUTY)) == (row,)
        assert queries.inbox(steward, NOW + timedelta(days=5)) == ()
        work.return_task(by=steward, now=NOW, task=task, reason="人不在")


def test_closing_a_matter_frees_everybody(of: Of) -> None:
    desk, officer, power = of("east-desk"), of("east-officer"), of("east-power")
    with acting(desk):
        matter = make_matter(desk)
        make_task(desk, officer, matter)
        make_task(desk, power, matter, kind="joint")
        work.close_matter(by=desk, now=NOW, matter=matter)
        assert queries.inbox(officer, NOW) == queries.inbox(power, NOW) == ()
        with pytest.raises(Refused):
            make_task(desk, officer, Matter.objects.get(pk=matter.pk))
        work.reopen_matter(by=desk, now=NOW, matter=matter)
        make_task(desk, officer, Matter.objects.get(pk=matter.pk))


def test_only_a_leader_writes_instructions_and_naming_an_office_makes_a_task(of: Of) -> None:
    leader, desk, land = of("east-leader"), of("east-desk"), of("east-land")
    with acting(desk):
        matter = make_matter(desk)
        office = office_of(land)
        with pytest.raises(Refused):
            work.instruct(by=desk, now=NOW, matter=matter, text="请速办", office=office)
        work.instruct(by=leader, now=NOW, matter=matter, text="请土地口三天内拿方案", office=office)
        [row] = queries.inbox(land, NOW)
        assert "请土地口三天内拿方案" in row.why
        work.carry_out(by=land, now=NOW, task=Task.objects.get(pk=row.task_id), words="方案已报")
        [line] = queries.instructions_on(matter)
        assert line.is_carried_out


def test_a_task_of_another_room_is_not_done_from_the_inbox(of: Of) -> None:
    desk, officer = of("east-desk"), of("east-officer")
    with acting(officer):
        task = make_task(desk, officer)
        with pytest.raises(Refused):
            work.carry_out(by=officer, now=NOW, task=task, words="办了")


def test_supervision_is_seen_in_the_inbox_and_rings_the_bell(of: Of) -> None:
    leader, desk, officer = of("east-leader"), of("east-desk"), of("east-officer")
    with acting(desk):
        task = make_task(desk, officer)
        with pytest.raises(Refused):
            work.supervise_task(by=officer, now=NOW, task=task, words="快")
        work.supervise_task(by=leader, now=NOW, task=task, words="周一前必须联系上")
        [row] = queries.inbox(officer, NOW)
        assert row.is_supervised
        assert queries.notice_count(officer, NOW) == 1
        [notice] = queries.notices(officer, NOW)
        assert notice.words == "周一前必须联系上"
        assert notice.is_new
        work.see_notices(by=officer, now=NOW + timedelta(minutes=1))
        assert queries.notice_count(officer, NOW + timedelta(minutes=2)) == 0
        assert queries.notice_count(leader, NOW) == 0, "nobody is told of what they did"


def test_what_is_due_first_stands_first_and_the_counts_agree(of: Of) -> None:
    desk, officer = of("east-desk"), of("east-officer")
    with acting(desk):
        post = post_of(officer)
        for number, hours in enumerate((300, 2, 60, None), start=1):
            work.give_task(
                by=desk,
                now=NOW - timedelta(days=2),
                matter=make_matter(desk, subject_id=number),
                kind="solve",
                title="",
                post=post,
                due_at=NOW + timedelta(hours=hours) if hours else None,
            )
        rows = queries.inbox(officer, NOW)
        assert [row.light for row in rows] == ["red", "amber", "green", "grey"]
        counts = queries.inbox_counts(officer, NOW)
        assert (counts.red, counts.amber, counts.green, counts.grey) == (1, 1, 1, 1)
        for light in LIGHTS:
            [row] = queries.inbox(officer, NOW, InboxFilter(light=light))
            assert row.light == light


def test_a_matter_is_one_line_of_its_holder_with_the_earliest_end(of: Of) -> None:
    desk, officer, power = of("east-desk"), of("east-officer"), of("east-power")
    with acting(desk):
        matter = make_matter(desk)
        for to, kind, hours in (
            (officer, "solve", 300),
            (officer, "promise", 60),
            (power, "solve", 2),
        ):
            work.give_task(
                by=desk,
                now=NOW - timedelta(days=2),
                matter=matter,
                kind=kind,
                title="",
                post=post_of(to),
                due_at=NOW + timedelta(hours=hours),
            )
        [row] = queries.inbox(officer, NOW)
        assert (row.light, row.also) == ("amber", 1)
        assert row.why == kinds.task_name(row.kind, "promise")
        assert queries.inbox_counts(officer, NOW).total == 1
        assert queries.inbox(officer, NOW, InboxFilter(light="green")) == ()
        everything = InboxFilter(whose=Whose.ZONE)
        assert [one.light for one in queries.inbox(desk, NOW, everything)] == ["red", "amber"]
        assert queries.inbox_counts(desk, NOW, everything).total == 2


def test_the_zone_is_seen_whole_only_by_those_who_direct_it(of: Of) -> None:
    desk, officer, power = of("east-desk"), of("east-officer"), of("east-power")
    with acting(desk):
        make_task(desk, officer)
        everything = InboxFilter(whose=Whose.ZONE)
        assert len(queries.inbox(desk, NOW, everything)) == 1
        assert queries.inbox(power, NOW, everything) == ()


def test_tasks_of_one_zone_are_nowhere_in_another(of: Of) -> None:
    desk, officer, west = of("east-desk"), of("east-officer"), of("west-desk")
    with acting(desk):
        task = make_task(desk, officer)
    with acting(west):
        assert queries.inbox(west, NOW, InboxFilter(whose=Whose.ZONE)) == ()
        assert queries.task_of(west, task.pk) is None
        with pytest.raises(Task.DoesNotExist):
            work.finish_task(by=west, now=NOW, task=task)


def test_every_verb_leaves_its_line(of: Of) -> None:
    desk, officer = of("east-desk"), of("east-officer")
    with acting(desk):
        task = make_task(desk, officer)
        work.finish_task(by=officer, now=NOW, task=task)
        lines = JournalLine.objects.filter(subject_type="task", subject_id=task.pk)
        assert list(lines.order_by("id").values_list("verb", flat=True)) == [
            "give_task",
            "finish_task",
        ]


def test_an_overdue_task_goes_to_the_head_at_once_and_to_the_leader_in_time_never_twice(
    of: Of,
) -> None:
    desk, officer, leader = of("east-desk"), of("east-officer"), of("east-leader")
    by = system(desk.zone_id)
    with acting(by):
        task = make_task(by, officer)
        assert work.escalate_overdue(by=by, now=MONDAY) == 0
        tuesday = MONDAY + timedelta(days=1)
        assert work.escalate_overdue(by=by, now=tuesday) == 1
        assert work.escalate_overdue(by=by, now=tuesday) == 0
        [row] = queries.inbox(desk, tuesday)
        assert row.kind == "appeal"
        assert queries.inbox(leader, tuesday) == ()
        later = MONDAY + timedelta(days=9)
        assert work.escalate_overdue(by=by, now=later) == 1
        assert work.escalate_overdue(by=by, now=later + timedelta(days=30)) == 0
        assert len(queries.inbox(leader, later)) == 1
        work.finish_task(by=officer, now=later, task=task)
        assert queries.inbox(leader, later) == queries.inbox(desk, later) == ()


def test_the_overdue_task_of_a_head_goes_straight_to_the_leader(of: Of) -> None:
    power, leader = of("east-power"), of("east-leader")
    by = system(power.zone_id)
    with acting(by):
        make_task(by, power)
        assert work.escalate_overdue(by=by, now=MONDAY + timedelta(days=1)) == 1
        assert len(queries.inbox(leader, MONDAY + timedelta(days=1))) == 1


def test_a_later_date_granted_frees_the_head_and_may_be_escalated_anew(of: Of) -> None:
    desk, officer = of("east-desk"), of("east-officer")
    by = system(desk.zone_id)
    tuesday = MONDAY + timedelta(days=1)
    with acting(by):
        task = make_task(by, officer)
        work.escalate_overdue(by=by, now=tuesday)
        moved = work.move_due(
            by=desk, now=tuesday, task=task, due_at=tuesday + timedelta(days=3), reason="等配件"
        )
        assert moved.level == 0
        assert queries.inbox(desk, tuesday) == ()
        assert work.escalate_overdue(by=by, now=tuesday) == 0
        assert work.escalate_overdue(by=by, now=tuesday + timedelta(days=4)) == 1


def test_the_light_of_a_row_and_the_filter_by_light_never_disagree(of: Of) -> None:
    desk, officer = of("east-desk"), of("east-officer")
    hour = timedelta(hours=1)
    tonight = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    starts = [NOW - 72 * hour, NOW - 5 * hour, NOW - hour]
    ends = [NOW - 48 * hour, NOW - hour, NOW, NOW + hour, tonight, tonight + hour, NOW + 99 * hour]
    ambers = [NOW - hour, NOW, NOW + hour, None]
    with acting(desk):
        cases = enumerate(itertools.product(starts, [*ends, None], ambers), start=1)
        Task.objects.bulk_create(
            Task(
                zone_id=desk.zone_id,
                matter=make_matter(desk, number),
                kind="solve",
                post=post_of(officer),
                started_at=start,
                due_at=end,
                amber_at=amber,
            )
            for number, (start, end, amber) in cases
        )
        everything = queries.inbox(officer, NOW)
        assert len(everything) == 96
        for light in LIGHTS:
            filtered = queries.inbox(officer, NOW, InboxFilter(light=light))
            assert filtered == tuple(row for row in everything if row.light == light)
            assert getattr(queries.inbox_counts(officer, NOW), light) == len(filtered)


def test_the_job_of_one_zone_leaves_the_other_alone(of: Of) -> None:
    desk, officer, west = of("east-desk"), of("east-officer"), of("west-desk")
    with acting(desk):
        task = make_task(desk, officer)
        Task.objects.filter(pk=task.pk).update(due_at=NOW - timedelta(days=9))
    jobs.escalate_zone(zone_id=west.zone_id)
    with acting(desk):
        assert Task.objects.get(pk=task.pk).level == 0
    jobs.escalate_zone(zone_id=desk.zone_id)
    with acting(desk):
        assert Task.objects.get(pk=task.pk).level == 1


def test_one_act_on_several_tasks_of_a_matter_rings_once(of: Of) -> None:
    desk, officer, leader = of("east-desk"), of("east-officer"), of("east-leader")
    by, later = system(desk.zone_id), NOW + timedelta(days=9)
    with acting(desk):
        matter = make_matter(desk)
        make_task(desk, officer, matter)
        make_task(desk, officer, matter, kind="promise")
    with acting(by):
        assert work.escalate_overdue(by=by, now=later) == 2
    with acting(leader):
        raised = [one for one in queries.notices(officer, later) if one.at == later]
        assert len(raised) == 1
        assert queries.notice_count(officer, later) == 1


def test_one_task_that_cannot_be_raised_keeps_no_other_back(
    of: Of, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, officer = of("east-desk"), of("east-officer")
    by = system(desk.zone_id)
    with acting(by):
        first, second = (make_task(by, officer, make_matter(by, n)) for n in (1, 2))

    def not_the_first(**given: Any) -> Task:
        if given["parent"].pk == first.pk:
            raise Refused("科长的岗位刚结束")
        return work.give_task(**given)

    monkeypatch.setattr("xiaoer.work.actions.escalation.give_task", not_the_first)
    with acting(by):
        assert work.escalate_overdue(by=by, now=MONDAY + timedelta(days=1)) == 1
        levels = dict(Task.objects.filter(parent__isnull=True).values_list("pk", "level"))
        assert (levels[first.pk], levels[second.pk]) == (0, 1)
        told = JournalLine.objects.get(verb="leave_tasks")
        assert told.detail["why"] == "科长的岗位刚结束"
