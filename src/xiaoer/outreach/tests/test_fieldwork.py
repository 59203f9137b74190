"""What is asked and promised on visits; a visit is logged once, and late only with a reason."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError

from tests.town import NOW
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import (
    Companion,
    FieldQuestion,
    FindingWord,
    Phrase,
    Programme,
    Visit,
    VisitAnswer,
    VisitInterval,
)
from xiaoer.outreach.tests.conftest import Town
from xiaoer.registry import actions as registry
from xiaoer.work.models import Matter, Task

DAY = date(2026, 11, 19)


@pytest.fixture
def programme(town: Town) -> Programme:
    with acting(town.of("east-desk")):
        return Programme.objects.get(zone_id=town.zone_id, code="routine")


def log(town: Town, programme: Programme, who: str = "east-officer", **given: Any) -> Any:
    by = town.of(who)
    facts: dict[str, Any] = {
        "party": town.party,
        "programme": programme,
        "visited_on": DAY,
        "met": "赵一",
        "said": "订单饱满。",
    } | given
    with acting(by):
        return outreach.log_visit(by=by, now=NOW, **facts)


def heard(town: Town, code: str, words: str = "", day: date | None = None) -> outreach.Heard:
    with acting(town.of("east-officer")):
        question = FieldQuestion.objects.get(zone_id=town.zone_id, code=code)
        choice = question.choices.get(words=words) if words else None
    return outreach.Heard(question, choice, day)


def told(town: Town, visit: Visit) -> dict[str, str]:
    with acting(town.of("east-officer")):
        return {one.code: one.words for one in queries.answers_of([visit])[visit.pk]}


def test_a_new_zone_visits_under_five_names_and_asks_a_set_with_its_source(town: Town) -> None:
    desk = town.of("east-desk")
    with acting(desk):
        kinds = set(Programme.objects.values_list("kind", flat=True))
        asked = list(queries.field_questions(by=desk))
    assert {"consultation", "survey", "leaders_day", "problem_day", "routine"} <= kinds
    assert [one.code for one in asked][:3] == ["sales_trend", "orders", "expansion"]
    assert all(one.mark == "D" and one.source for one in asked)


def test_answers_are_kept_in_the_words_of_their_day(town: Town, programme: Programme) -> None:
    answers = [
        heard(town, "sales_trend", "小幅增长"),
        heard(town, "lease_end", day=date(2027, 3, 1)),
    ]
    visit = log(town, programme, answers=answers).visit
    assert told(town, visit)["sales_trend"] == "小幅增长"
    desk = town.of("east-desk")
    with acting(desk):
        row = FieldQuestion.objects.get(code="sales_trend")
        facts = [
            outreach.ChoiceFacts(words="好", growth=1),
            outreach.ChoiceFacts(words="坏", growth=0),
        ]
        outreach.keep_field_question(
            by=desk, now=NOW, code="sales_trend", text="销售？", choices=facts,
            version=row.version,
        )  # fmt: skip
        kept = VisitAnswer.objects.get(visit=visit, question=row)
    assert (kept.asked, kept.words) == ("销售比去年同期怎么样？", "小幅增长")


@pytest.mark.parametrize(
    "bad", ["twice", "choice of another question", "day for a choice", "nothing"]
)
def test_an_answer_that_cannot_be_is_refused(town: Town, programme: Programme, bad: str) -> None:
    sales, orders = heard(town, "sales_trend", "小幅增长"), heard(town, "orders", "没有订单")
    answers = {
        "twice": [sales, sales],
        "choice of another question": [outreach.Heard(sales.question, orders.choice)],
        "day for a choice": [outreach.Heard(sales.question, None, DAY)],
        "nothing": [outreach.Heard(sales.question)],
    }[bad]
    with pytest.raises(Refused):
        log(town, programme, answers=answers)
    with acting(town.of("east-officer")):
        assert not Visit.objects.exists()


def test_a_correction_keeps_the_answers_it_says_nothing_of(
    town: Town, programme: Programme
) -> None:
    first = log(town, programme, answers=[heard(town, "orders", "没有订单")]).visit
    officer = town.of("east-officer")
    with acting(officer):
        second = outreach.correct_visit(by=officer, now=NOW, visit=first, met="钱二").visit
    assert told(town, second) == {"orders": "没有订单"}
    better = heard(town, "orders", "一到三个月")
    with acting(officer):
        third = outreach.correct_visit(by=officer, now=NOW, visit=second, answers=[better]).visit
    assert told(town, third) == {"orders": "一到三个月"}
    assert told(town, first) == {"orders": "没有订单"}, "the old version stays"


def test_promised_steps_become_tasks_of_a_post_until_a_day(
    town: Town, programme: Programme
) -> None:
    officer, power = town.of("east-officer"), town.of("east-power")
    with acting(officer):
        electrician = Post.objects.get(pk=power.post_id or 0)
    steps = [
        outreach.Step("发申报通知", DAY + timedelta(days=3)),
        outreach.Step("查线路", DAY + timedelta(days=5), electrician),
    ]
    logged = log(town, programme, steps=steps)
    assert [task.post_id for task in logged.steps] == [officer.post_id, power.post_id]
    with acting(officer):
        matter = Matter.objects.get(kind="visit", subject_id=logged.visit.pk)
        assert matter.party_id == town.party.pk
    with acting(power):
        outreach.finish_step(by=power, now=NOW, task=logged.steps[1], words="线路正常")
    with acting(power), pytest.raises(Refused):
        outreach.finish_step(by=power, now=NOW, task=logged.steps[0], words="替人做")
    with acting(officer):
        outreach.finish_step(by=officer, now=NOW, task=logged.steps[0], words="已发")
        assert Matter.objects.get(pk=matter.pk).closed_at is not None
        assert not Task.objects.filter(matter=matter, state="open").exists()


def test_a_step_is_not_promised_for_a_day_that_passed(town: Town, programme: Programme) -> None:
    with pytest.raises(Refused) as refused:
        log(town, programme, steps=[outreach.Step("发通知", NOW.date() - timedelta(days=1))])
    assert refused.value.field == "steps"


def test_the_second_officer_of_a_visit_is_told_and_joins(town: Town, programme: Programme) -> None:
    first = log(town, programme).visit
    with pytest.raises(Refused) as refused:
        log(town, programme, "east-power")
    assert refused.value.field == "another_reason"
    assert str(first.pk) in str(refused.value)
    power = town.of("east-power")
    with acting(power):
        outreach.join_visit(by=power, now=NOW, visit=first)
        outreach.join_visit(by=power, now=NOW, visit=first)
        assert Companion.objects.filter(visit=first, post_id=power.post_id or 0).count() == 1
    other = log(town, programme, "east-power", another_reason="下午为用电的事又去了一次").visit
    assert other.pk != first.pk


def test_nobody_joins_an_own_visit_or_an_old_version(town: Town, programme: Programme) -> None:
    first, officer, power = log(town, programme).visit, town.of("east-officer"), None
    power = town.of("east-power")
    with acting(officer), pytest.raises(Refused):
        outreach.join_visit(by=officer, now=NOW, visit=first)
    with acting(officer):
        outreach.correct_visit(by=officer, now=NOW, visit=first, met="钱二")
    with acting(power), pytest.raises(Refused):
        outreach.join_visit(by=power, now=NOW, visit=first)


def test_a_day_long_past_is_logged_with_a_reason_only(town: Town, programme: Programme) -> None:
    long_ago = NOW.date() - timedelta(days=40)
    with pytest.raises(Refused) as refused:
        log(town, programme, visited_on=long_ago)
    assert refused.value.field == "late_reason"
    assert "40" in str(refused.value)
    assert log(town, programme, visited_on=long_ago, late_reason="住院后补记").visit.pk


def test_whoever_visited_keeps_the_visit_when_the_firm_moves_to_another_cell(
    town: Town, programme: Programme
) -> None:
    visit = log(town, programme).visit
    by, power, officer = (town.of(f"east-{who}") for who in ("admin", "power", "officer"))
    with acting(by):
        town.party.refresh_from_db()
        grid = registry.open_grid(by=by, now=NOW, code="G9", name="第九总网格")
        cell = registry.open_cell(by=by, now=NOW, grid=grid, code="C9", name="九单元")
        registry.move_to_cell(by=by, now=NOW, party=town.party, cell=cell)
        new = Post.objects.get(pk=power.post_id or 0)
        registry.assign_steward(by=by, now=NOW, party=town.party, post=new)
        assert Visit.objects.get(pk=visit.pk).post_id == officer.post_id


def test_the_zone_keeps_the_words_that_warn(town: Town, programme: Programme) -> None:
    desk = town.of("east-desk")
    with acting(desk):
        assert outreach.warnings_about("责令整改", zone_id=town.zone_id)
        word = outreach.add_finding_word(by=desk, now=NOW, word="复核整改")
        assert outreach.warnings_about("下周复核整改", zone_id=town.zone_id)
        outreach.remove_finding_word(by=desk, now=NOW, word=word)
        assert not outreach.warnings_about("下周复核整改", zone_id=town.zone_id)
        assert set(FindingWord.objects.values_list("source", flat=True)) >= {"国办发〔2024〕54号"}


def test_phrases_are_ones_own_the_offices_or_the_zones(town: Town) -> None:
    officer, desk, power = town.of("east-officer"), town.of("east-desk"), town.of("east-power")
    with acting(officer):
        own = outreach.keep_phrase(
            by=officer, now=NOW, text="门卫老王带路", post=Post.objects.get(pk=officer.post_id or 0)
        )
        shown = [one.text for one in queries.phrases(by=officer)]
        with pytest.raises(Refused):
            outreach.keep_phrase(by=officer, now=NOW, text="全区都用")
    assert shown[0] == "门卫老王带路" and len(shown) > 1
    with acting(power):
        outreach.keep_phrase(
            by=power, now=NOW, text="已看配电房", office=Office.objects.get(pk=power.office_id or 0)
        )
        assert "门卫老王带路" not in [one.text for one in queries.phrases(by=power)]
        with pytest.raises(Refused):
            outreach.remove_phrase(by=power, now=NOW, phrase=own)
    with acting(desk):
        outreach.keep_phrase(by=desk, now=NOW, text="全区都用")


def test_settings_of_visits_are_the_desks(town: Town) -> None:
    officer, desk = town.of("east-officer"), town.of("east-desk")
    with acting(officer):
        row = VisitInterval.objects.get(code="other")
        with pytest.raises(Refused):
            outreach.keep_visit_interval(
                by=officer, now=NOW, code="other", days=10, version=row.version
            )
        with pytest.raises(Refused):
            outreach.keep_field_question(by=officer, now=NOW, code="x", text="问", choices=[])
        with pytest.raises(Refused):
            outreach.add_finding_word(by=officer, now=NOW, word="复核")
    with acting(desk):
        new = outreach.keep_visit_interval(
            by=desk, now=NOW, code="other", days=60, version=row.version
        )
        assert new.days == 60
        with pytest.raises(Refused):
            outreach.keep_visit_interval(
                by=desk, now=NOW, code="other", days=70, version=row.version
            )


def test_another_zone_and_an_enterprise_see_no_settings(town: Town, programme: Programme) -> None:
    log(town, programme, answers=[heard(town, "orders", "没有订单")])
    log(town, programme, party=town.other, answers=[heard(town, "orders", "没有订单")])
    with acting(town.of("west-desk")):
        assert not FieldQuestion.objects.filter(zone_id=town.zone_id).exists()
        assert not VisitAnswer.objects.exists()
    with acting(town.spokesman()):
        assert VisitAnswer.objects.count() == 1, "the answer it gave itself"
    for table in (FieldQuestion, Phrase, VisitInterval, FindingWord):
        with pytest.raises(ProgrammingError, match="denied"), acting(town.spokesman()):
            table.objects.exists()


def test_what_was_answered_is_never_changed(town: Town, programme: Programme) -> None:
    log(town, programme, answers=[heard(town, "orders", "没有订单")])
    with pytest.raises(ProgrammingError, match="permission denied"), acting(town.of("east-admin")):
        VisitAnswer.objects.update(words="别的话")
