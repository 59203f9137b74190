"""A visit uses up the quota, answers questions on the spot, and what was asked becomes a fact."""

from datetime import date
from typing import Any

import pytest

from tests.town import NOW
from xiaoer.base.models import JournalLine, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts import queries as facts_queries
from xiaoer.facts.models import Column, Value
from xiaoer.facts.periods import months_of
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import Programme
from xiaoer.outreach.tests.conftest import Town
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work import queries as work_queries
from xiaoer.work.models import Contact, Question

TODAY = date(2026, 11, 20)
YEAR = months_of(2025, 1, 12)


def log(town: Town, who: str = "east-officer", **given: Any) -> outreach.Logged:
    by = town.of(who)
    with acting(by):
        kind = given.pop("kind", Programme.Kind.ROUTINE)
        programme = Programme.objects.filter(zone_id=by.zone_id, kind=kind).first()
        assert programme is not None
        return outreach.log_visit(
            **{
                "by": by, "now": NOW, "party": town.party, "programme": programme,
                "visited_on": TODAY, "met": "赵一", "another_reason": "另一件事", **given,
            }
        )  # fmt: skip


def plan(town: Town, who: str = "east-officer", day: date = TODAY, **given: Any) -> Contact:
    by = town.of(who)
    with acting(by):
        return work.plan_contact(
            by=by, now=NOW, party=town.party, kind="visit", purpose="季度走访", planned_on=day,
            post=post(by), **given,
        )  # fmt: skip


def post(by: Actor) -> Post:
    return Post.objects.select_related("office").get(pk=by.post_id or 0)


def used(town: Town, day: date = TODAY) -> int:
    by = town.of("east-desk")
    with acting(by):
        return work_queries.contact_budget(by, town.party.pk, day).used


def test_a_logged_visit_finishes_the_contact_planned_for_it(town: Town) -> None:
    planned = plan(town)
    logged = log(town)
    assert logged.visit.contact_id == planned.pk
    with acting(town.of("east-desk")):
        assert Contact.objects.get(pk=planned.pk).state == "done"
    assert used(town) == 1


def test_a_visit_planned_for_another_day_is_finished_on_the_day_it_was_made(town: Town) -> None:
    planned = plan(town, day=date(2026, 12, 3))
    log(town, contact=planned)
    assert (used(town), used(town, date(2026, 12, 1))) == (1, 0)


def test_an_unplanned_visit_is_recorded_and_above_the_quota_its_reason_is_asked(
    town: Town,
) -> None:
    for _n in range(2):
        assert log(town).warnings == ()
    logged = log(town)
    assert any("额度" in warning for warning in logged.warnings)
    assert logged.visit.contact is not None
    assert logged.visit.contact.is_above_quota
    assert used(town) == 3


def test_who_comes_to_a_problem_day_was_not_disturbed(town: Town) -> None:
    assert log(town, kind=Programme.Kind.PROBLEM_DAY).visit.contact is None
    assert used(town) == 0


def test_two_who_went_together_and_both_log_disturbed_the_enterprise_once(town: Town) -> None:
    power_actor = town.of("east-power")
    with acting(power_actor):
        power = post(power_actor)
    first = log(town, companions=[power])
    second = log(town, "east-power")
    assert first.visit.contact_id == second.visit.contact_id
    assert used(town) == 1


def test_a_corrected_day_moves_the_contact(town: Town) -> None:
    logged = log(town)
    by = town.of("east-officer")
    with acting(by):
        new = outreach.correct_visit(
            by=by, now=NOW, visit=logged.visit, visited_on=date(2026, 10, 30)
        ).visit
    assert new.contact_id == logged.visit.contact_id
    assert (used(town), used(town, date(2026, 10, 1))) == (0, 1)


def test_a_contact_of_another_firm_is_refused(town: Town) -> None:
    planned = plan(town)
    with pytest.raises(Refused):
        log(town, party=town.other, contact=planned)


def ask(town: Town, party: Party | None = None, **given: Any) -> Question:
    by = town.of("east-officer")
    with acting(by):
        return work.ask_question(
            **{
                "by": by, "now": NOW, "party": party or town.party, "room": "test", "key": "staff",
                "text": "现有职工？", **given,
            }
        )  # fmt: skip


def test_questions_are_answered_on_the_visit_and_a_wrong_answer_names_its_field(
    town: Town,
) -> None:
    one, two = ask(town, expects="number", unit="人"), ask(town, key="rent")
    with pytest.raises(Refused) as no:
        log(town, told=[outreach.Told(one, "好多")])
    assert no.value.field == f"told_{one.pk}"
    assert used(town) == 0
    log(town, told=[outreach.Told(one, "320"), outreach.Told(two, is_declined=True)])
    with acting(town.of("east-desk")):
        states = dict(Question.objects.values_list("key", "state"))
    assert states == {"staff": "answered", "rent": "declined"}
    with pytest.raises(Refused):
        log(town, told=[outreach.Told(ask(town, town.other), "1")])


def monitored(town: Town) -> None:
    by = town.of("east-admin")
    with acting(by):
        for party in (town.party, town.other):
            registry.name_monitoring_firm(by=by, now=NOW, party=party)


def ask_all(town: Town) -> int:
    by = town.of("east-economy")
    with acting(by):
        metric = facts_queries.metrics()[0]
        return outreach.ask_for_figures(by=by, now=NOW, metric=metric, period=YEAR, worth=30)


def test_a_missing_figure_is_asked_of_the_monitored_firms_and_the_answer_is_a_fact(
    town: Town,
) -> None:
    monitored(town)
    assert (ask_all(town), ask_all(town)) == (2, 0)
    by = town.spokesman()
    with acting(by):
        [question] = work_queries.open_questions(by, [town.party.pk])
        assert question.worth == 30
        with pytest.raises(Refused) as no:
            work.answer_question(by=by, now=NOW, question=question, answer="说不清")
        assert no.value.field == "answer"
        work.answer_question(by=by, now=NOW, question=question, answer="4331")
    desk = town.of("east-desk")
    with acting(desk):
        value = Value.objects.select_related("source").get(party=town.party)
        assert (value.column, value.source.name) == (Column.REPORTED, "企业答复（企业页面）")
        assert (value.starts_on, value.ends_on) == (date(2025, 1, 1), date(2025, 12, 31))
        assert queries.asked_though_known(desk, TODAY) == []


def test_an_officer_who_keeps_no_figures_still_brings_an_answer_home(town: Town) -> None:
    monitored(town)
    ask_all(town)
    by = town.of("east-officer")
    with acting(by):
        [question] = work_queries.open_questions(by, [town.party.pk])
    log(town, told=[outreach.Told(question, "4331")])
    with acting(by):
        assert Value.objects.get(party=town.party).post_id == by.post_id
        with pytest.raises(Refused):
            outreach.ask_for_figures(by=by, now=NOW, metric=facts_queries.metrics()[0], period=YEAR)


def test_a_figure_that_came_in_by_another_way_is_not_asked_for_any_more(town: Town) -> None:
    monitored(town)
    ask_all(town)
    by = town.of("east-economy")
    with acting(by):
        [question] = work_queries.open_questions(by, [town.other.pk])
        metric = facts_queries.metric_by_code(question.key.partition(":")[0])
        assert metric is not None
        facts.record_value(
            by=by, now=NOW, metric=metric, period=YEAR, number="12", column=Column.REPORTED,
            source="月报", party=town.other,
        )  # fmt: skip
        assert outreach.drop_known_questions(by=by, now=NOW) == 1
        assert work_queries.open_questions(by, [town.other.pk]) == []
    assert ask_all(town) == 0


def test_one_question_that_cannot_be_dropped_keeps_no_other_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitored(town)
    ask_all(town)
    by = town.of("east-economy")
    with acting(by):
        questions = [
            work_queries.open_questions(by, [party.pk])[0] for party in (town.party, town.other)
        ]
        metric = facts_queries.metric_by_code(questions[0].key.partition(":")[0])
        assert metric is not None
        for party in (town.party, town.other):
            facts.record_value(
                by=by, now=NOW, metric=metric, period=YEAR, number="12", column=Column.REPORTED,
                source="月报", party=party,
            )  # fmt: skip
    drop = work.drop_question

    def not_the_first(**given: Any) -> object:
        if given["question"].pk == questions[0].pk:
            raise Refused("刚刚答过")
        return drop(**given)

    monkeypatch.setattr("xiaoer.outreach.actions.figures.work.drop_question", not_the_first)
    with acting(by):
        assert outreach.drop_known_questions(by=by, now=NOW) == 1
        assert work_queries.open_questions(by, [town.other.pk]) == []
        assert JournalLine.objects.get(verb="leave_tasks").detail["why"] == "刚刚答过"


def test_a_question_for_what_the_zone_held_already_is_counted(town: Town) -> None:
    monitored(town)
    by = town.of("east-economy")
    with acting(by):
        metric = facts_queries.metrics()[0]
        facts.record_value(
            by=by, now=NOW, metric=metric, period=YEAR, number="12", column=Column.REPORTED,
            source="月报", party=town.party, known_on=date(2026, 11, 1),
        )  # fmt: skip
    assert ask_all(town) == 1
    with acting(by):
        work.ask_question(
            by=by, now=NOW, party=town.party, room="facts",
            key=queries.key_of(metric, YEAR), text="再问一次",
        )  # fmt: skip
        assert len(queries.asked_though_known(by, TODAY)) == 1
