"""Visits, programmes, contact cards: counted as made, corrected by new versions."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError
from django.db.models import Model

from tests.town import NOW
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal, ContactCard, Programme, Visit
from xiaoer.outreach.tests.conftest import Town
from xiaoer.registry.merging import Relation, rows_of
from xiaoer.registry.models import Party

DAY = date(2026, 11, 16)
YEAR = queries.Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def programme(town: Town) -> Programme:
    desk = town.of("east-desk")
    with acting(desk):
        programme = outreach.open_programme(
            by=desk, now=NOW, code="visit_day", name="企业走访日", kind="leaders_day"
        )
        outreach.open_day(by=desk, now=NOW, programme=programme, day=DAY)
    return programme


def _log(town: Town, programme: Programme, who: str = "east-officer", **given: Any) -> Any:
    by = town.of(who)
    facts: dict[str, Any] = {
        "party": town.party,
        "programme": programme,
        "visited_on": DAY,
        "met": "赵一 总经理助理",
        "said": "新磨床已到货。",
    } | given
    with acting(by):
        return outreach.log_visit(by=by, now=NOW, **facts)


def test_requests_raised_on_the_spot_are_filed_at_once(town: Town, programme: Programme) -> None:
    logged = _log(town, programme, requests=[outreach.Raised(title="缺电", body="增容")])
    (filed,) = logged.filed
    row = town.now_of(filed.appeal)
    assert (row.channel, row.programme_id) == (Appeal.Channel.VISIT, programme.pk)
    assert row.first_post_id == town.of("east-officer").post_id
    assert queries.find_track(filed.token) is not None


def test_a_visit_belongs_to_the_day_of_its_programme(town: Town, programme: Programme) -> None:
    assert _log(town, programme).visit.gathering_id is not None
    assert _log(town, programme, visited_on=DAY + timedelta(days=1)).visit.gathering_id is None


def test_a_visit_of_tomorrow_is_not_logged_today(town: Town, programme: Programme) -> None:
    with pytest.raises(Refused):
        _log(town, programme, visited_on=date(2026, 11, 21))


@pytest.mark.parametrize("said", ["检查发现消防通道堵塞", "已责令整改", "拟处罚"])
def test_words_of_inspections_bring_a_warning(town: Town, programme: Programme, said: str) -> None:
    logged = _log(town, programme, said=said)
    assert logged.warnings
    assert logged.visit.pk, "warned, not refused: what was said is kept"


def test_plain_words_bring_none(town: Town, programme: Programme) -> None:
    assert not _log(town, programme).warnings


def test_the_desk_logs_for_a_leader_others_for_themselves(town: Town, programme: Programme) -> None:
    desk, leader = town.of("east-desk"), town.of("east-leader")
    with acting(desk):
        post = Post.objects.get(pk=leader.post_id or 0)
    assert _log(town, programme, "east-desk", post=post).visit.post_id == leader.post_id
    with pytest.raises(Refused):
        _log(town, programme, "east-officer", post=post)


def test_a_correction_is_a_new_version_and_counts_once(town: Town, programme: Programme) -> None:
    officer = town.of("east-officer")
    first = _log(town, programme, requests=[outreach.Raised(title="缺电", body="增容")])
    with acting(officer):
        new = outreach.correct_visit(by=officer, now=NOW, visit=first.visit, met="钱二").visit
        assert (new.met, new.said) == ("钱二", first.visit.said)
        assert queries.visits_of_period(zone_id=town.zone_id, period=YEAR).count() == 1
        assert Visit.objects.count() == 2
        assert Appeal.objects.get(pk=first.filed[0].appeal.pk).visit_id == new.pk
        assert [v.pk for v in queries.versions_of(new)] == [new.pk, first.visit.pk]
    with acting(officer), pytest.raises(Refused):
        outreach.correct_visit(by=officer, now=NOW, visit=first.visit, met="孙三")


def test_somebody_elses_visit_is_not_corrected(town: Town, programme: Programme) -> None:
    logged, power = _log(town, programme), town.of("east-power")
    with acting(power), pytest.raises(Refused):
        outreach.correct_visit(by=power, now=NOW, visit=logged.visit, met="别人")


def test_another_visit_moves_the_figure(town: Town, programme: Programme) -> None:
    def figures() -> queries.VisitFigures:
        with acting(town.of("east-desk")):
            return queries.visit_figures(zone_id=town.zone_id, period=YEAR, programme="visit_day")

    assert (figures().coverage.part, figures().coverage.whole) == (0, 2)
    desk, leader = town.of("east-desk"), town.of("east-leader")
    with acting(desk):
        posts = [Post.objects.get(pk=leader.post_id or 0)]
    _log(town, programme, companions=posts)
    _log(town, programme, visited_on=DAY + timedelta(days=1))
    now = figures()
    assert (now.visits, now.visited, now.days, now.leaders) == (2, 1, 1, 1)
    assert now.coverage.percent == 50
    _log(town, programme, party=town.other)
    assert figures().coverage.percent == 100


def test_of_no_enterprise_there_is_no_coverage() -> None:
    assert queries.Share(0, 0).percent is None


def test_what_visits_solved_is_what_enterprises_confirmed(town: Town, programme: Programme) -> None:
    logged = _log(town, programme, requests=[outreach.Raised(title="缺电", body="增容")])
    (filed,) = logged.filed
    desk = town.of("east-desk")

    def solved() -> tuple[int, int]:
        with acting(desk):
            figures = queries.visit_figures(
                zone_id=town.zone_id, period=YEAR, programme="visit_day"
            )
        return figures.appeals_solved, figures.appeals

    town.do("east-officer", "register_appeal", filed.appeal, kind=town.kind)
    town.do("east-desk", "dispatch_appeal", filed.appeal, office=town.power)
    town.do("east-power", "sign_appeal", filed.appeal)
    town.do("east-power", "answer_appeal", filed.appeal, result="solved", text="已送电")
    assert solved() == (0, 1)
    town.do(town.spokesman(), "confirm_solved", filed.appeal)
    assert solved() == (1, 1)


def test_an_enterprise_sees_its_own_visits_only(town: Town, programme: Programme) -> None:
    _log(town, programme)
    _log(town, programme, party=town.other)
    with acting(town.spokesman()):
        assert set(Visit.objects.values_list("party_id", flat=True)) == {town.party.pk}


def test_cards_are_made_once_for_each_enterprise(town: Town) -> None:
    desk = town.of("east-desk")
    with acting(desk):
        parties = list(Party.objects.all())
        assert [c.party_id for c in outreach.make_cards(by=desk, now=NOW, parties=parties)] == [
            town.other.pk
        ]
        assert outreach.make_cards(by=desk, now=NOW, parties=parties) == []
        cards = list(ContactCard.objects.all())
        outreach.print_cards(by=desk, now=NOW, cards=cards)
        outreach.hand_out_cards(by=desk, now=NOW, cards=cards[:1])
        cover = queries.card_cover(by=desk)
    assert (cover.enterprises, cover.made, cover.printed, cover.handed_out) == (2, 2, 2, 1)


def test_a_new_card_follows_a_withdrawn_one(town: Town) -> None:
    desk = town.of("east-desk")
    with acting(desk):
        outreach.withdraw_card(by=desk, now=NOW, card=town.card, reason="丢失")
        (new,) = outreach.make_cards(by=desk, now=NOW, parties=[town.party])
        with pytest.raises(Refused):
            outreach.withdraw_card(by=desk, now=NOW, card=town.card, reason="再丢")
    assert new.code != town.card.code


def test_an_officer_keeps_the_cards_of_own_enterprises_only(town: Town) -> None:
    officer = town.of("east-officer")
    with acting(officer):
        outreach.hand_out_cards(by=officer, now=NOW, cards=[town.card])
        with pytest.raises(Refused):
            outreach.make_cards(by=officer, now=NOW, parties=[town.other])


@pytest.mark.parametrize("table", [Appeal, Visit, ContactCard])
def test_what_an_enterprise_has_here_may_move_when_firms_are_merged(
    town: Town, programme: Programme, table: type[Model]
) -> None:
    town.file()
    _log(town, programme)
    with acting(town.of("east-admin")):
        moved = rows_of(Relation(table, "party"), [town.party.pk]).update(party=town.other)
    assert moved == 1


def test_the_words_of_a_visit_are_never_changed(town: Town, programme: Programme) -> None:
    _log(town, programme)
    with pytest.raises(ProgrammingError, match="permission denied"), acting(town.of("east-admin")):
        Visit.objects.update(said="别的话")
