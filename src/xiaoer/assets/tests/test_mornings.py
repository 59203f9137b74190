"""Jobs of the morning in a zone where somebody is missing: they go on, and the record says for what."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.actions.moving_space import let_units_go
from xiaoer.assets.models import Hall, Lease, Lot, MoveIn
from xiaoer.assets.tests.carriers import build
from xiaoer.assets.tests.halls import a_hall, call
from xiaoer.assets.tests.land import a_parcel, supplied
from xiaoer.assets.tests.moving import TODAY, Park, build_park
from xiaoer.assets.tests.sold import exchange
from xiaoer.base import actions as base
from xiaoer.base.models import JournalLine, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.work.models import Task

Of = Callable[[str], Actor]
DAY = timedelta(days=1)


def nobody_left(by: Actor, *, administrator: bool = False) -> None:
    """Everybody's post in the zone ends; an administrator without an office may be left."""
    with acting(by):
        for post in Post.objects.filter(zone_id=by.zone_id, until__isnull=True):
            base.end_post(by=by, now=NOW, post=post, until=TODAY - DAY)
        if administrator:
            person = base.add_person(
                by=by, now=NOW, name="管二", phone="13800000002", work_no="east-admin-2"
            )
            base.give_post(
                by=by, now=NOW, person=person, role=Role.ADMINISTRATOR, since=date(2026, 1, 1)
            )


def approved(park: Park) -> MoveIn:
    made: MoveIn = park.do(
        "east-leader", assets.decide_move_in, move_in=park.all_said(park.in_review()),
        verdict="approved", words="行车自备，同意入驻", chores=[],
    )  # fmt: skip
    return made


def lapse(by: Actor) -> list[MoveIn]:
    with acting(by):
        return assets.lapse_move_ins(by=by, now=NOW + 400 * DAY)


def left(by: Actor) -> list[dict[str, Any]]:
    with acting(by):
        lines = JournalLine.objects.filter(verb="leave_tasks").order_by("id")
        return [line.detail for line in lines]


def test_an_approval_nobody_keeps_waits_for_somebody_and_is_told(of: Of) -> None:
    park = build_park(of)
    row, by = approved(park), system(park.zone_id)
    nobody_left(by)
    assert not lapse(by)
    [said] = left(by)
    assert row.name in said["names"][0] and "请先安排岗位" in said["why"]
    with acting(by):
        assert Task.objects.get(kind="settle_move_in").state == Task.State.OPEN


def test_an_administrator_without_an_office_is_asked_until_there_is_one(of: Of) -> None:
    park = build_park(of)
    row, by = approved(park), system(park.zone_id)
    nobody_left(by, administrator=True)
    assert [one.pk for one in lapse(by)] == [row.pk]
    assert not left(by)
    with acting(by):
        task = Task.objects.select_related("post").get(kind="move_in_lapsed")
        assert task.post is not None and task.post.role == Role.ADMINISTRATOR
        assert task.title.startswith(row.name) and "没有科室" in task.title


def test_one_approval_that_cannot_lapse_keeps_no_other_back(
    of: Of, monkeypatch: pytest.MonkeyPatch
) -> None:
    park = build_park(of)
    first, second = (approved(replace(park, units=[unit])) for unit in park.units)

    def not_the_first(by: Actor, now: datetime, row: MoveIn, why: str) -> None:
        if row.pk == first.pk:
            raise Refused("房间锁着")
        let_units_go(by, now, row, why)

    monkeypatch.setattr("xiaoer.assets.actions.lapsing.let_units_go", not_the_first)
    by = system(park.zone_id)
    assert [one.pk for one in lapse(by)] == [second.pk]
    [said] = left(by)
    assert (said["count"], said["why"]) == (1, "房间锁着")
    with acting(by):
        assert Task.objects.get(kind="settle_move_in", state="open").matter_id == first.matter_id


@pytest.mark.parametrize("somebody", [False, True])
def test_leases_and_land_are_asked_about_or_the_record_says_that_nobody_is_there(
    of: Of, somebody: bool
) -> None:
    ground = build(of)
    with acting(ground.by):
        ground.let(ground.units[0], since=date(2025, 1, 1), until=date(2027, 1, 10))
    by = system(ground.by.zone_id)
    nobody_left(by, administrator=somebody)
    with acting(by):
        parcel = a_parcel(by, standard=False)
        supplied(by, parcel)
        assert Lease.objects.get().state == Lease.State.IN_FORCE
        assert assets.give_lease_tasks(by=by, now=NOW) == (1 if somebody else 0)
        given = Task.objects.filter(zone_id=by.zone_id, state="open").select_related("post")
        assert {task.post and task.post.role for task in given} == (
            {Role.ADMINISTRATOR} if somebody else set()
        )
    told = left(by)
    assert bool(told) is not somebody
    if told:
        assert any("ZL-1" in one["names"] for one in told)


def test_the_last_opinion_is_heard_though_who_was_to_decide_has_left(of: Of) -> None:
    park = build_park(of)
    row = park.in_review()
    park.say("east-economy", row, "产业政策", "yes")
    park.say("east-land", row, "用地", "yes")
    by, number = system(park.zone_id), park.fresh(row).post_id
    with acting(by):
        post = Post.objects.get(pk=number or 0)
        base.end_post(by=by, now=NOW, post=post, until=TODAY - DAY)
    park.say(park.runs(), row, "园区承载", "yes")
    with acting(by):
        task = Task.objects.select_related("office").get(kind="decide_move_in")
        assert task.office is not None and task.office.name == "管委会"


def test_a_result_nobody_can_be_asked_to_confirm_waits_and_is_told(of: Of) -> None:
    desk = exchange(of)
    by = system(desk.zone_id)
    with acting(desk):
        hall = a_hall(desk, 0, ends=0.2)
        while call("hall_now", desk.zone_id) < Hall.objects.get(lot=hall.lot).ends_at:
            time.sleep(0.05)
    nobody_left(by)
    with acting(by):
        assert assets.take_results(by=by, now=NOW + 2 * DAY) == []
        assert Lot.objects.get(pk=hall.lot.pk).state == Lot.State.LIVE
    assert left(by)[-1]["names"] == [hall.lot.number]
