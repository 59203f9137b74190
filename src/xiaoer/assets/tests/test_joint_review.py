"""联动联审: papers once, opinions in parallel, the operator's half, a person decides, tasks follow."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.models import (
    Lease,
    MoveIn,
    MoveInItem,
    MoveInOpinion,
    MoveInPaper,
    Occupancy,
)
from xiaoer.assets.queries.review_items import review_items
from xiaoer.assets.tests.moving import PAPER, TODAY, Park, build_park
from xiaoer.assets.tests.test_needs import facts
from xiaoer.base import files
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, may_read
from xiaoer.papers import actions as papers
from xiaoer.papers.models import PaperKind
from xiaoer.work import actions as work
from xiaoer.work.models import Task

Of = Callable[[str], Actor]


@pytest.fixture
def park(of: Of) -> Park:
    return build_park(of)


def tasks(park: Park, row: MoveIn, kind: str, state: str = "open") -> list[Task]:
    with acting(park.of("east-admin")):
        return list(
            Task.objects.filter(matter=row.matter_id, kind=kind, state=state)
            .select_related("matter")
            .order_by("id")
        )


def test_all_opinions_are_asked_at_once_each_with_its_clock(park: Park) -> None:
    row = park.in_review()
    said = tasks(park, row, "say_opinion")
    assert {(one.title, one.office_id) for one in said} == {
        ("产业政策", park.office("经发局").pk), ("用地", park.office("自然资源分局").pk),
    }  # fmt: skip
    assert all(one.started_at == NOW and one.due_at for one in said)
    [of_operator] = tasks(park, row, "see_to_operator")
    assert of_operator.post_id == park.of("east-economy").post_id
    assert park.fresh(row).review_due_at == max(one.due_at for one in said if one.due_at)


def test_without_papers_or_units_nothing_is_reviewed(park: Park) -> None:
    bare = park.opened()
    with pytest.raises(Refused, match="先添加材料"):
        park.do("east-economy", assets.start_review, move_in=bare, asks=park.asks())
    empty = park.do("east-economy", assets.open_move_in, facts=park.facts())
    park.with_paper(empty)
    with pytest.raises(Refused, match="先选择"):
        park.do("east-economy", assets.start_review, move_in=empty, asks=park.asks())


def test_the_operator_of_the_units_cannot_be_left_out(park: Park) -> None:
    row = park.with_paper(park.opened())
    with pytest.raises(Refused, match="示范园区运营有限公司"):
        park.do("east-economy", assets.start_review, move_in=row, asks=park.asks()[:2])


def test_a_zones_list_that_names_no_office_says_which(park: Park) -> None:
    row = park.with_paper(park.opened())
    with pytest.raises(Refused, match="安全生产"):
        park.do("east-economy", assets.start_review, move_in=row)


def test_the_zones_list_asks_its_offices_and_the_operator(park: Park) -> None:
    office = park.office("管委会")
    by = park.of("east-admin")
    with acting(by):
        for one in review_items(zone_id=park.zone_id):
            if one.office is None and not one.item.to_operator:
                assets.keep_move_in_item(
                    by=by, now=NOW, item=one.item, name=one.item.name, office=office,
                    working_days=4, source=one.item.source, version=one.item.version,
                )  # fmt: skip
    row = park.with_paper(park.opened())
    park.do("east-economy", assets.start_review, move_in=row)
    with acting(park.of("east-admin")):
        asked = dict(MoveInOpinion.objects.filter(move_in=row).values_list("topic", "operator"))
        listed = MoveInItem.objects.filter(kind="opinion", to_operator=False).count()
    assert asked["园区承载与租赁条件"] == park.operator.pk
    assert len(asked) == listed + 1


def test_the_operator_says_its_half_from_outside_and_nobody_elses(park: Park) -> None:
    row = park.in_review()
    said = park.say(park.runs(), row, "园区承载", "if", "行车由企业自备")
    assert (said.says, said.words) == ("if", "行车由企业自备")
    assert not tasks(park, row, "see_to_operator")
    with pytest.raises(Refused):
        park.say(park.runs(), row, "用地", "yes")
    with pytest.raises(Refused, match="运营方"):
        park.say("east-economy", row, "园区承载", "yes")


def test_an_operator_sees_its_reviews_once_begun_and_only_its_own_opinion(park: Park) -> None:
    draft = park.with_paper(park.opened())
    with acting(park.runs()):
        assert not MoveIn.objects.exists()
        assert not MoveInPaper.objects.exists()
    row = park.in_review()
    park.say("east-land", row, "用地", "no", "不符合规划用途")
    with acting(park.runs()):
        assert [one.pk for one in MoveIn.objects.all()] == [row.pk]
        assert [one.topic for one in MoveInOpinion.objects.all()] == ["园区承载"]
        papers_of_it = MoveInPaper.objects.get()
        assert StoredFile.objects.filter(pk=papers_of_it.file_id).exists()
    assert draft.pk != row.pk


def test_strangers_and_other_zones_find_nothing(park: Park) -> None:
    row = park.in_review()
    for who in (park.outside(park.stranger), park.of("west-economy")):
        with acting(who):
            for model in (MoveIn, MoveInOpinion, MoveInPaper):
                assert not model._default_manager.filter(zone_id=park.zone_id).exists()
            with pytest.raises(Refused):
                assets.withdraw_move_in(by=who, now=NOW, move_in=row, reason="不来了")
    with acting(park.outside(park.firm)):
        assert MoveIn.objects.get().state == "review"
        assert not MoveInOpinion.objects.exists()
        assert not may_read("move_in_item")


def test_only_the_office_that_was_asked_speaks_and_against_needs_words(park: Park) -> None:
    row = park.in_review()
    with pytest.raises(Refused, match="被征求意见"):
        park.say("east-power", row, "用地", "yes")
    with pytest.raises(Refused, match="为什么"):
        park.say("east-land", row, "用地", "no")
    park.say("east-land", row, "用地", "no", "不符合规划用途")
    # Until the decision an office may think again.
    again = park.say("east-land", row, "用地", "yes")
    assert (again.says, again.version) == ("yes", 3)


def test_whoever_an_opinion_is_handed_to_gives_it(park: Park) -> None:
    row = park.in_review()
    task = park.opinion(row, "用地").task
    park.do(
        "east-land", work.transfer_task, task=task, office=park.office("供电服务中心"), reason="转"
    )
    with pytest.raises(Refused):
        park.say("east-land", row, "用地", "yes")
    assert park.say("east-power", row, "用地", "yes").says == "yes"


def test_the_last_opinion_asks_for_the_decision_once(park: Park) -> None:
    row = park.in_review()
    park.say("east-economy", row, "产业政策", "yes")
    park.say("east-land", row, "用地", "yes")
    assert not tasks(park, row, "decide_move_in")
    park.say(park.runs(), row, "园区承载", "yes")
    park.say(park.runs(), row, "园区承载", "if", "行车自备")
    [task] = tasks(park, row, "decide_move_in")
    assert task.due_at is not None


def test_a_decision_without_all_opinions_names_those_missing(park: Park) -> None:
    row = park.in_review()
    park.say("east-economy", row, "产业政策", "yes")
    with pytest.raises(Refused, match=r"用地（自然资源分局）、园区承载（示范园区运营有限公司）"):
        park.do("east-leader", assets.decide_move_in, move_in=row, verdict="approved")
    park.do(
        "east-leader", assets.decide_move_in, move_in=row, verdict="approved", without_missing=True
    )
    assert not tasks(park, row, "say_opinion") and not tasks(park, row, "see_to_operator")
    with pytest.raises(Refused):
        park.say("east-land", row, "用地", "no", "太晚")


def test_only_a_person_who_may_decides_and_against_an_opinion_says_why(park: Park) -> None:
    row = park.all_said(park.in_review())
    with pytest.raises(Refused, match="领导"):
        park.do("east-economy", assets.decide_move_in, move_in=row, verdict="approved")
    with pytest.raises(Refused, match="园区承载"):
        park.do("east-leader", assets.decide_move_in, move_in=row, verdict="approved")
    with pytest.raises(Refused, match="条件"):
        park.do("east-leader", assets.decide_move_in, move_in=row, verdict="conditional")
    with pytest.raises(Refused, match="为什么"):
        park.do("east-leader", assets.decide_move_in, move_in=row, verdict="refused")


def test_after_the_decision_a_task_list_stands_in_the_offices_inboxes(park: Park) -> None:
    row = park.all_said(park.in_review())
    park.do(
        "east-leader", assets.decide_move_in, move_in=row, verdict="conditional",
        words="行车由企业自备", chores=[assets.Chore("用电报装", 15, park.office("供电服务中心"))],
    )  # fmt: skip
    [chore] = tasks(park, row, "do_errand")
    with pytest.raises(Refused):
        park.do("east-land", assets.finish_chore, task=chore, words="好了")
    park.do("east-power", assets.finish_chore, task=chore, words="已送电 400 千伏安")
    assert tasks(park, row, "do_errand", "done")


def test_a_refusal_closes_the_matter(park: Park) -> None:
    row = park.all_said(park.in_review())
    park.do(
        "east-leader", assets.decide_move_in, move_in=row, verdict="refused", words="不符合产业政策"
    )
    matter = park.fresh(row).matter
    assert matter is not None and matter.closed_at is not None


def drafted(park: Park) -> Lease:
    """A lease of the units, drawn up: what was kept for the firm becomes it."""
    facts = assets.LeaseFacts(
        number="ZL-1", party=park.firm, since=TODAY, until=date(2029, 11, 19), rent_fen=100
    )
    lease: Lease = park.do("east-economy", assets.draft_lease, facts=facts, units=park.units)
    return lease


def approved(park: Park) -> MoveIn:
    row = park.all_said(park.in_review())
    chore = assets.Chore("厂房交付查验", 5, park.office("经发局"))
    found: MoveIn = park.do(
        "east-leader", assets.decide_move_in, move_in=row, verdict="conditional",
        words="行车由企业自备", chores=[chore],
    )  # fmt: skip
    return found


def test_a_firm_moves_in_when_it_holds_every_unit(park: Park) -> None:
    row = approved(park)
    with pytest.raises(Refused, match=r"1-1、1-2"):
        park.do("east-economy", assets.settle_move_in, move_in=row, on=TODAY)
    lease = drafted(park)
    park.do("east-economy", assets.settle_move_in, move_in=row, on=TODAY, lease=lease)
    with acting(park.of("east-admin")):
        assert Lease.objects.get(pk=lease.pk).state == "in_force"
    park.do("east-economy", assets.record_production, move_in=row, on=TODAY)
    matter = park.fresh(row).matter
    assert matter is not None and matter.closed_at is None
    [chore] = tasks(park, row, "do_errand")
    park.do("east-economy", assets.finish_chore, task=chore, words="查验合格")
    matter = park.fresh(row).matter
    assert matter is not None and matter.closed_at is not None


def test_a_held_paper_is_used_once_with_consent_and_only_the_firms_own(park: Park) -> None:
    by, row = park.of("east-economy"), park.opened()
    with acting(by):
        kind = PaperKind.objects.filter(is_reusable=True).first()
        assert kind is not None
        file = files.keep_file(by=by, now=NOW, stream=BytesIO(PAPER % b"x"), name="x.pdf")
        mine, other = (
            papers.hold_paper(by=by, now=NOW, party=party, kind=kind, file=file, name="营业执照")
            for party in (park.firm, park.stranger)
        )
    given = park.do(by, assets.add_move_in_paper, move_in=row, name="营业执照", paper=mine)
    again = park.do(by, assets.add_move_in_paper, move_in=row, name="执照", paper=mine)
    assert given.pk == again.pk
    with acting(by):
        assert mine.consents.count() == 1
    with pytest.raises(Refused, match="其他企业"):
        park.do(by, assets.add_move_in_paper, move_in=row, name="执照", paper=other)


def test_a_firm_applies_itself_adds_papers_and_withdraws(park: Park) -> None:
    firm = park.outside(park.firm)
    row = park.do(firm, assets.open_move_in, facts=park.facts())
    with acting(park.of("east-admin")):
        task = Task.objects.get(matter=row.matter_id)
    assert task.kind == "take_on_move_in"
    park.do(
        firm, assets.add_move_in_paper, move_in=row, name="申请表", upload=BytesIO(PAPER % b"a"),
        file_name="a.pdf",
    )  # fmt: skip
    with pytest.raises(Refused):
        park.do(park.outside(park.stranger), assets.open_move_in, facts=park.facts())
    park.do(firm, assets.withdraw_move_in, move_in=row, reason="另选他处")
    assert park.fresh(row).state == "withdrawn"


def test_a_picture_with_a_script_is_no_paper(park: Park) -> None:
    row = park.opened()
    with pytest.raises(Refused):
        park.do(
            "east-economy", assets.add_move_in_paper, move_in=row, name="图",
            upload=BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
            file_name="a.svg",
        )  # fmt: skip


def test_numbers_run_through_the_year(park: Park) -> None:
    assert [park.opened().number, park.opened().number] == ["RZ2026-0001", "RZ2026-0002"]


def test_the_database_itself_knows_who_decides(park: Park) -> None:
    row = park.in_review()
    with acting(park.of("east-admin")), pytest.raises(IntegrityError), transaction.atomic():
        MoveIn.objects.filter(pk=row.pk).update(state="approved")
    with acting(park.of("east-admin")), pytest.raises(IntegrityError), transaction.atomic():
        MoveInOpinion.objects.filter(move_in=row).update(says="no", said_at=NOW)


def test_withdrawn_its_units_are_free_again(park: Park) -> None:
    row = approved(park)
    with acting(park.of("east-admin")):
        assert Occupancy.objects.filter(kind="reserved", party=park.firm).count() == 2
    park.do(park.outside(park.firm), assets.withdraw_move_in, move_in=row, reason="资金未到位")
    with acting(park.of("east-admin")):
        assert not Occupancy.objects.filter(is_struck=False, until__gte=TODAY).exists()


def test_what_was_kept_for_whoever_looked_is_kept_for_the_firm_it_founded(park: Park) -> None:
    need = park.do("east-economy", assets.open_need, facts=facts(who="外地热场投资人"))
    park.do("east-economy", assets.show_units, need=need, units=park.units)
    park.do(
        "east-economy", assets.choose_units, need=need, units=park.units,
        keep_until=TODAY.replace(year=TODAY.year + 1, day=1),
    )  # fmt: skip
    row = park.with_paper(park.opened(need=need))
    park.do("east-economy", assets.start_review, move_in=row, asks=park.asks())
    park.all_said(row)
    park.do(
        "east-leader", assets.decide_move_in, move_in=row, verdict="conditional", words="行车自备"
    )
    with acting(park.of("east-admin")):
        kept = list(Occupancy.objects.filter(kind="reserved", is_struck=False))
    assert {one.unit_id for one in kept} == {unit.pk for unit in park.units}
    assert {(one.party_id, one.name) for one in kept} == {(park.firm.pk, "")}


def test_who_looked_for_space_begins_the_review_once_and_again_when_it_comes_to_nothing(
    park: Park,
) -> None:
    need = park.do("east-economy", assets.open_need, facts=facts(who="外地热场投资人"))
    park.do("east-economy", assets.show_units, need=need, units=park.units)
    park.do("east-economy", assets.choose_units, need=need, units=park.units)

    def begin() -> int:
        with acting(park.of("east-admin")):
            return Task.objects.filter(
                matter__kind="space_need", matter__subject_id=need.pk, kind="begin_move_in",
                state="open",
            ).count()  # fmt: skip

    assert begin() == 1
    row = park.opened(need=need)
    assert begin() == 0
    park.do("east-economy", assets.withdraw_move_in, move_in=row, reason="改投外地")
    assert begin() == 1


def test_what_the_list_gives_to_no_office_is_done_by_that_of_who_sees_it_through(
    park: Park,
) -> None:
    row = park.all_said(park.in_review())
    park.do(
        "east-leader", assets.decide_move_in, move_in=row, verdict="conditional", words="行车自备"
    )
    with acting(park.of("east-admin")):
        listed = MoveInItem.objects.filter(kind="errand", ended_on__isnull=True).count()
    given = tasks(park, row, "do_errand")
    assert len(given) == listed
    assert park.office("经发局").pk in {one.office_id for one in given}
