"""Reminders: told once, at their hour, not on days off; and nobody reads another's."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from tests.town import NOW
from xiaoer.base import actions as base
from xiaoer.base.models import Account, JournalLine, Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, as_web, system
from xiaoer.work import actions as work
from xiaoer.work import jobs, queries, reminding
from xiaoer.work.actions import Choice
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Delivery, Hook, Reminder, Subscription, Task

Of = Callable[[str], Actor]
URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=3f"
# 2026: National Day is off from Thursday the first to Wednesday the seventh of October; Sunday,
# 20 September and Saturday, 10 October are worked instead.
HOLIDAY = date(2026, 10, 1)
SWAPPED = date(2026, 10, 10)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LOCAL)


def post_of(who: Actor) -> Post:
    return Post.objects.get(pk=who.post_id or 0)


def give(
    by: Actor, to: Actor, due_at: datetime, number: int = 1, *, title: str = "门口货车掉头难"
) -> Task:
    """A task of a matter of its own, with an end fixed by somebody."""
    began = due_at - timedelta(days=10)
    matter = work.open_matter(
        by=by,
        now=began,
        kind="appeal",
        subject_id=number,
        title=title,
        address=f"/appeals/{number}/",
    )
    return work.give_task(
        by=by, now=began, matter=matter, kind="solve", title=title, post=post_of(to), due_at=due_at
    )


def choose(by: Actor, *choices: Choice, now: datetime = NOW) -> list[Subscription]:
    with acting(by):
        return work.choose_reminders(by=by, now=now, choices=choices)


def run(by: Actor, now: datetime) -> int:
    everybody = system(by.zone_id)
    with acting(everybody):
        return work.make_reminders(by=everybody, now=now)


def told(by: Actor) -> list[str]:
    with acting(by):
        return sorted(
            f"{row.kind} {row.title}"
            for row in Reminder.objects.filter(post_id=by.post_id or 0, way="page")
        )


def add_robot(by: Actor, office: Office | None = None) -> Hook:
    with acting(by):
        return work.add_hook(
            by=by, now=NOW, name="服务中心群", style="wecom", url=URL, office=office
        ).hook


@pytest.fixture
def late(of: Of) -> Task:
    """A task of the officer that was due yesterday, Thursday, at midnight."""
    desk, officer = of("east-desk"), of("east-officer")
    with acting(desk):
        return give(desk, officer, at(date(2026, 11, 20), 0))


def test_a_thing_is_told_once_however_often_the_job_runs(of: Of, late: Task) -> None:
    officer = of("east-officer")
    choose(officer, Choice("overdue", "page"))
    assert run(officer, NOW) == 1
    assert run(officer, NOW + timedelta(minutes=5)) == 0
    assert run(officer, NOW + timedelta(days=3)) == 0
    assert told(officer) == ["overdue 门口货车掉头难"]


def test_switched_off_and_on_again_it_tells_nothing_twice(of: Of, late: Task) -> None:
    officer = of("east-officer")
    choose(officer, Choice("overdue", "page"))
    assert run(officer, NOW) == 1
    choose(officer)
    choose(officer, Choice("overdue", "page"))
    assert run(officer, NOW) == 0


def test_a_deadline_that_was_moved_is_told_anew(of: Of, late: Task) -> None:
    officer, desk = of("east-officer"), of("east-desk")
    choose(officer, Choice("overdue", "page"))
    assert run(officer, NOW) == 1
    with acting(desk):
        work.move_due(
            by=desk, now=NOW, task=late, due_at=NOW + timedelta(days=3), reason="企业要求"
        )
    assert run(officer, NOW + timedelta(days=2)) == 0
    assert run(officer, NOW + timedelta(days=4)) == 1


def test_what_is_soon_due_is_told_so_many_working_days_before(of: Of) -> None:
    officer, desk = of("east-officer"), of("east-desk")
    with acting(desk):
        give(desk, officer, at(date(2026, 11, 25), 0))  # ends with Tuesday, 24 November
    choose(officer, Choice("due", "page", days=1))
    assert run(officer, at(date(2026, 11, 20), 10)) == 0  # Friday: two working days before
    assert run(officer, at(date(2026, 11, 22), 10)) == 0  # Sunday is quiet
    assert run(officer, at(date(2026, 11, 23), 10)) == 1
    with acting(officer):
        assert "11月24日" in Reminder.objects.get().words


def test_nobody_is_reminded_on_a_holiday_and_everybody_on_a_weekend_worked_for_it(of: Of) -> None:
    officer, desk = of("east-officer"), of("east-desk")
    choose(officer, Choice("overdue", "page"), now=at(date(2026, 9, 20), 9))
    with acting(desk):
        give(desk, officer, at(HOLIDAY, 0))
    for day in range(7):
        assert run(officer, at(HOLIDAY + timedelta(days=day), 10)) == 0
    assert run(officer, at(date(2026, 10, 8), 10)) == 1
    with acting(desk):
        give(desk, officer, at(date(2026, 10, 9), 18), 2)
    assert SWAPPED.weekday() == 5
    assert run(officer, at(SWAPPED, 10)) == 1
    assert run(officer, at(date(2026, 10, 11), 10)) == 0


def test_a_red_light_under_supervision_breaks_the_quiet_only_for_whoever_chose_so(of: Of) -> None:
    head, leader, officer = of("east-desk"), of("east-leader"), of("east-officer")
    with acting(head):
        plain = give(head, officer, at(HOLIDAY, 0), 1, title="一般的事")
        watched = give(head, officer, at(HOLIDAY, 0), 2, title="督办的事")
        assert plain.office_id == head.office_id
    with acting(leader):
        work.supervise_task(by=leader, now=at(date(2026, 9, 29), 10), task=watched, words="盯住")
    choose(head, Choice("red_light", "page"))
    assert run(head, at(HOLIDAY, 10)) == 0
    choose(head, Choice("red_light", "page", pierces=True))
    assert run(head, at(HOLIDAY, 3)) == 0
    assert run(head, at(HOLIDAY, 10)) == 1
    assert told(head) == ["red_light 督办的事"]
    assert run(head, at(date(2026, 10, 8), 10)) == 1
    assert told(head) == ["red_light 一般的事", "red_light 督办的事"]


def test_a_digest_comes_at_its_hour_as_one_message_and_not_before(of: Of, late: Task) -> None:
    officer, desk = of("east-officer"), of("east-desk")
    robot = add_robot(officer)
    with acting(desk):
        give(desk, officer, at(date(2026, 11, 20), 0), 2, title="断电")
    choose(officer, Choice("overdue", "hook", hook_id=robot.pk, hour=8))
    friday = date(2026, 11, 20)
    assert run(officer, at(friday, 7, 55)) == 0
    assert run(officer, at(friday, 8)) == 2
    with acting(desk):
        give(desk, officer, at(friday, 9), 3, title="新的事")
    assert run(officer, at(friday, 10)) == 0
    assert run(officer, at(date(2026, 11, 23), 8, 5)) == 1
    with acting(officer):
        first, second = Delivery.objects.order_by("id")
        assert "2 件" in first.title
        assert "断电" in first.text and "门口货车掉头难" in first.text
        assert "http://127.0.0.1:8000/appeals/2/" in first.text
        assert "新的事" in second.text


def test_at_once_does_not_ring_at_night(of: Of, late: Task) -> None:
    officer = of("east-officer")
    robot = add_robot(officer)
    choose(officer, Choice("overdue", "hook", hook_id=robot.pk))
    assert run(officer, at(date(2026, 11, 20), 3)) == 0
    assert run(officer, at(date(2026, 11, 20), 7)) == 1


def test_a_message_is_in_the_language_of_its_reader(of: Of, late: Task) -> None:
    officer = of("east-officer")
    with as_web():
        Account.objects.filter(pk=officer.account_id or 0).update(language="en")
    choose(officer, Choice("overdue", "page"))
    with translation.override("zh-hans"):
        run(officer, NOW)
    with acting(officer):
        assert "was due 19 Nov" in Reminder.objects.get().words


def test_who_stands_in_is_reminded_of_what_belongs_to_the_absent(of: Of, late: Task) -> None:
    officer, steward = of("east-officer"), of("east-steward")
    choose(steward, Choice("overdue", "page"))
    assert run(steward, NOW) == 0
    with acting(officer):
        base.name_deputy(
            by=officer,
            now=NOW,
            post=post_of(officer),
            deputy=post_of(steward),
            since=NOW.date(),
            until=NOW.date(),
            reason="培训",
        )
    assert run(steward, NOW) == 1


def test_an_office_s_robot_is_told_of_the_office_s_tasks(of: Of, late: Task) -> None:
    desk = of("east-desk")
    with acting(desk):
        office = Office.objects.get(pk=desk.office_id or 0)
    robot = add_robot(desk, office)
    with acting(desk):
        work.choose_for_office(
            by=desk, now=NOW, hook=robot, choices=[Choice("overdue", "hook", hook_id=robot.pk)]
        )
        with pytest.raises(Refused, match="不推送"):
            work.choose_for_office(
                by=desk,
                now=NOW,
                hook=robot,
                choices=[Choice("no_contact", "hook", hook_id=robot.pk, days=30)],
            )
    assert run(desk, NOW) == 1
    with acting(desk):
        assert Delivery.objects.get().office_id == desk.office_id


def test_a_thousand_subscribers_cost_as_many_questions_as_one(
    of: Of, late: Task, django_assert_max_num_queries: Any
) -> None:
    choose(of("east-officer"), Choice("overdue", "page"), Choice("due", "page", days=1))
    for who in ("east-desk", "east-leader", "east-power", "east-land", "east-steward"):
        choose(of(who), Choice("overdue", "page"), Choice("due", "page", days=3))
    by = system(of("east-officer").zone_id)
    with acting(by), django_assert_max_num_queries(24):
        work.make_reminders(by=by, now=NOW)


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (Choice("gossip", "page"), "kind"),
        (Choice("undelivered", "page", days=3), "kind"),
        (Choice("overdue", "pigeon"), "way"),
        (Choice("overdue", "hook"), "way"),
        (Choice("overdue", "hook", hook_id=1), "hook"),
        (Choice("overdue", "page", days=3), "days"),
        (Choice("due", "page"), "days"),
        (Choice("due", "page", days=21), "days"),
        (Choice("no_contact", "page", days=0), "days"),
        (Choice("overdue", "page", hour=24), "hour"),
        (Choice("overdue", "page", pierces=True), "pierces"),
        (Choice("overdue", "email"), "way"),
    ],
)
def test_what_cannot_be_chosen_is_refused_at_its_field(of: Of, choice: Choice, field: str) -> None:
    with pytest.raises(Refused) as refused:
        choose(of("east-officer"), choice)
    assert refused.value.field == field


def test_a_kind_is_offered_only_where_a_room_knows_such_things() -> None:
    codes = [kind.code for kind in reminding.offered()]
    assert codes == [
        "due",
        "overdue",
        "red_light",
        "no_contact",
        "title_expiring",
        "licence_expiring",
    ]


def test_nobody_reads_or_takes_what_another_is_told(of: Of, late: Task) -> None:
    officer, desk, west = of("east-officer"), of("east-desk"), of("west-officer")
    robot = add_robot(officer)
    choose(officer, Choice("overdue", "page"), Choice("overdue", "hook", hook_id=robot.pk))
    run(officer, NOW)
    for stranger in (desk, west, of("east-admin")):
        with acting(stranger):
            assert not Subscription.objects.exists()
            assert not Reminder.objects.exists()
            assert not Delivery.objects.exists()
            assert queries.hook_of(stranger, robot.pk) is None
            assert Hook.objects.filter(pk=robot.pk).update(name="x") == 0
        with pytest.raises(Refused):
            choose(stranger, Choice("overdue", "hook", hook_id=robot.pk))
    with acting(desk), pytest.raises(Exception, match="row-level security"), transaction.atomic():
        Subscription.objects.create(
            zone_id=officer.zone_id, post_id=officer.post_id, kind="due", way="page", chosen_at=NOW
        )


def test_an_enterprise_and_a_city_see_no_table_of_reminders(of: Of) -> None:
    tables = ("subscription", "reminder", "hook", "delivery", "delivery_attempt", "mail_address")
    with connection.cursor() as cursor:
        for role in ("xiaoer_outside", "xiaoer_city"):
            for table in tables:
                cursor.execute(
                    "select has_table_privilege(%s, %s, 'SELECT,INSERT,UPDATE,DELETE')",
                    [role, table],
                )
                assert cursor.fetchone() == (False,)


def test_what_was_told_stands_in_the_database_once(of: Of, late: Task) -> None:
    officer = of("east-officer")
    choose(officer, Choice("overdue", "page"))
    run(officer, NOW)
    with acting(officer):
        row = Reminder.objects.get()
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_the_job_of_a_zone_tells_nothing_of_another(of: Of, late: Task) -> None:
    choose(of("east-officer"), Choice("overdue", "page"))
    jobs.remind_zone(zone_id=of("west-officer").zone_id)
    assert told(of("east-officer")) == []


def test_a_new_reminder_rings_the_bell_until_it_was_seen(of: Of, late: Task) -> None:
    officer = of("east-officer")
    choose(officer, Choice("overdue", "page"))
    with acting(officer):
        work.see_notices(by=officer, now=NOW - timedelta(hours=1))
        before = queries.notice_count(officer, NOW)
    run(officer, NOW)
    with acting(officer):
        assert queries.notice_count(officer, NOW) == before + 1
        assert [line.is_new for line in queries.page_reminders(officer, NOW)] == [True]
        work.see_notices(by=officer, now=NOW + timedelta(minutes=1))
        assert queries.notice_count(officer, NOW + timedelta(minutes=2)) == 0


def test_what_was_chosen_and_told_stands_in_the_audit_trail(of: Of, late: Task) -> None:
    officer = of("east-officer")
    choose(officer, Choice("overdue", "page"))
    run(officer, NOW)
    with acting(officer):
        verbs = set(JournalLine.objects.values_list("verb", flat=True))
    assert {"choose_reminders", "make_reminders"} <= verbs
