"""入驻通知书 and 不予入驻决定书; an approval whose time to settle is over, or is extended before."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.models import MoveIn, Occupancy
from xiaoer.assets.queries import move_ins as queries
from xiaoer.assets.tests.moving import TODAY, Park, build_park
from xiaoer.base.files import bytes_of
from xiaoer.base.models import JournalLine, StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.papers import actions as papers
from xiaoer.papers.models import OfficialNotice
from xiaoer.work.models import Task

Of = Callable[[str], Actor]
DAY = timedelta(days=1)


@pytest.fixture
def park(of: Of) -> Park:
    return build_park(of)


def decided(
    park: Park, verdict: str = "conditional", words: str = "行车自备", **more: Any
) -> MoveIn:
    row = park.all_said(park.in_review(**more))
    made: MoveIn = park.do(
        "east-leader", assets.decide_move_in, move_in=row, verdict=verdict, words=words, chores=[]
    )
    return made


def by_job(park: Park, row: MoveIn, now: datetime = NOW) -> list[OfficialNotice]:
    by = system(park.zone_id)
    with acting(by):
        return assets.make_move_in_papers(by=by, now=now, move_in=row)


def lapsed(park: Park, now: datetime) -> list[MoveIn]:
    by = system(park.zone_id)
    with acting(by):
        return assets.lapse_move_ins(by=by, now=now)


def kept(park: Park, row: MoveIn) -> Any:
    fresh = park.fresh(row)
    with acting(park.of("east-admin")):
        return queries.kept_until([fresh]).get(row.pk)


def tasks(park: Park, row: MoveIn, kind: str) -> list[Task]:
    with acting(park.of("east-admin")):
        return list(Task.objects.filter(matter=row.matter_id, kind=kind, state="open"))


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What each paper says, as it goes to the press."""
    given: list[dict[str, Any]] = []
    make = papers.make_notice

    def listening(**said: Any) -> StoredFile:
        given.append(said)
        return make(**said)

    monkeypatch.setattr(papers, "make_notice", listening)
    return given


def test_an_approval_is_a_signed_paper_the_firm_finds_and_nobody_else(
    park: Park, said: list[dict[str, Any]]
) -> None:
    row = decided(park)
    with acting(park.of("east-admin")):
        assert ProcrastinateJob.objects.filter(
            task_name="make_move_in_papers", args__move_in_id=row.pk
        ).exists()
    [notice] = by_job(park, row)
    assert (notice.title, notice.addressee) == ("入驻通知书", "示范热场科技有限公司")
    words = "".join(said[0]["paragraphs"])
    assert "附条件" in words and "行车自备" in words and "标准厂房一号楼1-1" in words
    assert "由经发局、自然资源分局、示范园区运营有限公司联合审查" in words
    assert f"预留至{kept(park, row).year}年" in words
    assert not by_job(park, row)
    with acting(park.outside(park.firm)):
        file = OfficialNotice.objects.get().file
        assert bytes_of(file).startswith(b"%PDF")
    for who in (park.outside(park.stranger), park.runs(), park.of("west-economy")):
        with acting(who):
            assert not OfficialNotice.objects.filter(zone_id=park.zone_id).exists()


def test_a_refusal_gives_its_reasons_and_the_ways_to_object(
    park: Park, said: list[dict[str, Any]]
) -> None:
    row = decided(park, "refused", "不符合园区规划环评准入清单")
    [notice] = by_job(park, row)
    assert notice.title == "不予入驻决定书"
    words = "".join(said[0]["paragraphs"])
    for part in ("不符合园区规划环评准入清单", "申请复核", "六十日内依法申请行政复议", "六个月内"):
        assert part in words


def test_what_is_not_decided_has_no_paper(park: Park) -> None:
    row = park.in_review()
    with pytest.raises(Refused, match="还没有决定"):
        by_job(park, row)


def test_a_firm_registered_after_the_decision_gets_a_paper_of_its_own(park: Park) -> None:
    row = park.do(
        "east-economy", assets.open_move_in, units=park.units,
        facts=park.facts(party=None, who="待注册热场公司"),
    )  # fmt: skip
    park.with_paper(row)
    park.do("east-economy", assets.start_review, move_in=row, asks=park.asks())
    park.all_said(row)
    park.do("east-leader", assets.decide_move_in, move_in=row, verdict="conditional", words="自备", chores=[])  # fmt: skip
    [first] = by_job(park, row)
    assert first.party_id is None
    park.do("east-economy", assets.name_party, move_in=row, party=park.firm)
    [second] = by_job(park, row)
    assert second.party_id == park.firm.pk and second.number == f"{first.number}-2"
    assert kept(park, row) is not None


def test_units_reserved_for_less_are_kept_through_the_whole_time(park: Park) -> None:
    park.do(
        "east-economy", assets.reserve_unit, unit=park.units[0], party=park.firm,
        until=TODAY + 5 * DAY, why="看房",
    )  # fmt: skip
    row = decided(park)
    assert kept(park, row) > TODAY + 30 * DAY


def test_when_the_time_is_over_units_are_free_and_everybody_is_told(
    park: Park, said: list[dict[str, Any]]
) -> None:
    row = decided(park)
    by_job(park, row)
    until = kept(park, row)
    [watched] = tasks(park, row, "settle_move_in")
    assert watched.post_id == park.of("east-economy").post_id
    last_day = NOW + (until - TODAY)
    assert not lapsed(park, last_day)
    after = last_day + DAY
    assert [one.pk for one in lapsed(park, after)] == [row.pk]
    assert not lapsed(park, after) and not tasks(park, row, "settle_move_in")
    [task] = tasks(park, row, "move_in_lapsed")
    assert task.post_id == park.of("east-economy").post_id
    with acting(park.of("east-admin")):
        line = JournalLine.objects.get(verb="lapse_move_in")
        assert line.subject_id == row.pk and line.detail["units"] == "1-1、1-2"
    park.do("east-economy", assets.reserve_unit, unit=park.units[0], party=park.stranger,
            until=after.date() + DAY, now=after)  # fmt: skip
    made = by_job(park, row, after)
    assert {(one.title, one.party_id) for one in made} == {
        ("载体预留到期告知书", park.firm.pk), ("载体预留到期告知书", park.operator.pk),
    }  # fmt: skip
    for who in (park.outside(park.firm), park.runs()):
        with acting(who):
            one = queries.own_whole(by=who, row=MoveIn.objects.get(), now=after)
            assert one.is_lapsed and one.notices
            assert any(paper.title == "载体预留到期告知书" for paper in one.notices)
    # The machine refuses nobody: a person extends it, or withdraws it.
    assert park.fresh(row).state == "conditional"


def test_a_person_extends_with_a_reason_before_and_after(park: Park) -> None:
    row = decided(park)
    until = kept(park, row)
    give = {"move_in": row, "until": until + 10 * DAY, "reason": "设备到货推迟"}
    with pytest.raises(Refused, match="说明"):
        park.do("east-economy", assets.extend_move_in, **{**give, "reason": " "})
    with pytest.raises(Refused, match=until.isoformat()):
        park.do("east-economy", assets.extend_move_in, **{**give, "until": until})
    with pytest.raises(Refused):
        park.do("east-land", assets.extend_move_in, **give)
    with pytest.raises(Refused):
        park.do(system(park.zone_id), assets.extend_move_in, **give)
    park.do("east-economy", assets.extend_move_in, **give)
    assert kept(park, row) == until + 10 * DAY
    told = {(one.title, one.party_id) for one in by_job(park, row)}
    assert told >= {
        ("载体预留延期告知书", park.firm.pk), ("载体预留延期告知书", park.operator.pk),
    }  # fmt: skip
    assert not by_job(park, row)
    [watched] = tasks(park, row, "settle_move_in")
    assert not lapsed(park, NOW + (until - TODAY + 2 * DAY))
    after = NOW + (until - TODAY + 11 * DAY)
    assert lapsed(park, after)
    park.do("east-economy", assets.extend_move_in, now=after, move_in=row,
            until=after.date() + 20 * DAY, reason="厂房仍空置")  # fmt: skip
    assert not tasks(park, row, "move_in_lapsed") and tasks(park, row, "settle_move_in")
    assert watched.due_at is not None


def test_an_extension_names_who_has_the_unit_by_then(park: Park) -> None:
    row = decided(park)
    until = kept(park, row)
    park.do(
        "east-economy", assets.reserve_unit, unit=park.units[1], party=park.stranger,
        since=until + 3 * DAY, until=until + 30 * DAY, why="排队",
    )  # fmt: skip
    with pytest.raises(Refused, match="示范路人机械有限公司"):
        park.do("east-economy", assets.extend_move_in, move_in=row, until=until + 9 * DAY, reason="推迟")  # fmt: skip
    assert kept(park, row) == until


def test_what_the_firm_holds_already_does_not_lapse(park: Park) -> None:
    row = decided(park)
    until = kept(park, row)
    for unit in park.units:
        park.do("east-economy", assets.sell_unit, unit=unit, on=TODAY, party=park.firm)
    assert not lapsed(park, NOW + (until - TODAY + 2 * DAY))
    park.do("east-economy", assets.settle_move_in, move_in=row, on=TODAY)
    assert not tasks(park, row, "settle_move_in")
    with acting(park.of("east-admin")):
        assert not Occupancy.objects.filter(
            kind="reserved", is_struck=False, until__gte=TODAY
        ).exists()
