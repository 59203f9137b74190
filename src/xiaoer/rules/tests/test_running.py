"""Evaluating the rules of a zone: what is written, when, and that it comes out the same again."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections
from django.test import Client

from conftest import point_django_at
from tests import database as databases
from tests.town import NOW, actor
from xiaoer.base import journal
from xiaoer.base.models import JournalLine, Role, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.config import database
from xiaoer.registry import actions as registry
from xiaoer.registry.actions.parties import PartyFacts
from xiaoer.registry.models import Cell, Party
from xiaoer.rules import actions as rules
from xiaoer.rules import jobs, vocabularies
from xiaoer.rules.actions import running
from xiaoer.rules.models import Rule, RuleRun, RuleVersion, Verdict
from xiaoer.rules.queries import evaluating
from xiaoer.rules.shipping import ShippedClause, ShippedRule, ShippedVersion

TODAY = NOW.date()
MILLION = 100_000_000
"""A million yuan in fen."""


def shipped(code: str, *texts: str, number: int = 1, **more: Any) -> ShippedRule:
    clauses = tuple(ShippedClause(f"第{at}条", "", text) for at, text in enumerate(texts, start=1))
    version = ShippedVersion(
        number=number, mark="A", effective_from=date(2026, 1, 1), clauses=clauses, is_live=True,
        **more,
    )  # fmt: skip
    return ShippedRule(code, f"规则{code}", "", kind="other", versions=(version,))


LARGE = shipped("large", "capital_cny >= 1000000", "registered_on <= as_of - interval 3 year")
KNOWN_DAY = shipped("known_day", "registered_on <= as_of")


def firm(by: Actor, name: str, capital_fen: int | None = None, since: date | None = None) -> Party:
    cell = Cell.objects.filter(zone_id=by.zone_id).first()
    if cell is None:
        grid = registry.open_grid(by=by, now=NOW, code="1", name="一网格")
        cell = registry.open_cell(by=by, now=NOW, grid=grid, code="01", name="一单元")
    facts = PartyFacts(name=name, capital_fen=capital_fen, registered_on=since)
    return registry.add_party(by=by, now=NOW, facts=facts, cell=cell)


@pytest.fixture
def admin(of: Callable[[str], Actor]) -> Iterator[Actor]:
    """The administrator of the east, in scope, with two rules in force and three firms."""
    by = of("east-admin")
    with acting(by):
        furnish(by)
        yield by


@pytest.fixture
def officer(of: Callable[[str], Actor]) -> Actor:
    return of("east-officer")


@pytest.fixture
def west(of: Callable[[str], Actor]) -> Actor:
    return of("west-admin")


def furnish(by: Actor) -> None:
    RuleVersion.objects.filter(zone_id=by.zone_id).update(state=RuleVersion.State.RETIRED)
    rules.seed_rules(by=by, now=NOW, rules=[LARGE, KNOWN_DAY])
    firm(by, "大厂", MILLION, date(2020, 1, 1))
    firm(by, "小厂", 1, date(2020, 1, 1))
    firm(by, "新厂", MILLION)


def run(by: Actor, as_of: date = TODAY, **more: Any) -> RuleRun:
    return rules.run_rules(by=by, now=NOW, as_of=as_of, **more)


def said(code: str = "large") -> dict[str, tuple[str, str]]:
    """What is in force of a rule, by the firm's name."""
    rows = Verdict.objects.filter(rule__code=code, until__isnull=True)
    return {
        name: (state, clauses)
        for name, state, clauses in rows.values_list("party__name", "state", "clauses")
    }


def test_a_run_writes_what_each_rule_says_of_each_firm(admin: Actor) -> None:
    kept = run(admin)
    assert said() == {
        "大厂": ("met", "mm"),
        "小厂": ("not_met", "nm"),
        "新厂": ("needs_data", "md"),
    }
    assert (kept.subjects, kept.changed, len(kept.versions)) == (3, 6, 2)
    line = JournalLine.objects.get(verb="run_rules", subject_id=kept.pk)
    assert (line.detail["rules"], line.detail["subjects"], line.detail["changed"]) == (2, 3, 6)


def test_only_what_changed_is_written(admin: Actor) -> None:
    first = run(admin, TODAY - timedelta(days=1))
    party = Party.objects.get(name="新厂")
    registry.change_party(
        by=admin, now=NOW, party=party, facts=PartyFacts(registered_on=date(2025, 1, 1)),
        version=party.version,
    )  # fmt: skip
    second = run(admin)
    assert second.changed == 2
    assert said()["新厂"] == ("not_met", "mn")
    history = evaluating.history(
        zone_id=admin.zone_id, party_id=party.pk, rule_id=Rule.objects.get(code="large").pk
    )
    assert [(v.state, v.since, v.until, v.run_id, v.ended_by_id) for v in history] == [
        ("not_met", TODAY, None, second.pk, None),
        ("needs_data", TODAY - timedelta(days=1), TODAY, first.pk, second.pk),
    ]
    assert run(admin).changed == 0


def test_a_rule_that_is_retired_says_nothing_more(admin: Actor) -> None:
    run(admin)
    RuleVersion.objects.filter(rule__code="large").update(state=RuleVersion.State.RETIRED)
    assert run(admin).changed == 3
    assert said() == {}
    assert said("known_day")


def test_some_rules_are_run_without_touching_the_others(admin: Actor) -> None:
    run(admin)
    kept = run(admin, codes=["known_day"])
    assert (len(kept.versions), kept.changed) == (1, 0)
    assert len(said()) == 3


def test_an_entry_merged_into_another_is_no_firm_any_more(admin: Actor) -> None:
    run(admin)
    kept = Party.objects.get(name="大厂")
    Party.objects.filter(name="小厂").update(merged_into=kept)
    run(admin)
    assert set(said()) == {"大厂", "新厂"}


def test_of_two_versions_the_one_for_new_applicants_speaks(admin: Actor) -> None:
    new = replace(shipped("two", "capital_cny >= 1").versions[0], applicant="new")
    review = replace(shipped("two", "capital_cny >= 2", number=2).versions[0], applicant="review")
    rules.seed_rules(
        by=admin, now=NOW, rules=[ShippedRule("two", "两版", "", "other", versions=(new, review))]
    )
    found = evaluating.compiled(admin.zone_id, TODAY, codes=["two"])
    assert [rule.key for rule in found] == ["two/1"]
    ids = RuleVersion.objects.filter(rule__code="two").values_list("pk", flat=True)
    both = evaluating.compiled(admin.zone_id, TODAY, version_ids=list(ids))
    assert [rule.key for rule in both] == ["two/1", "two/2"]


def test_a_version_that_cannot_be_read_keeps_nobody_from_being_judged(admin: Actor) -> None:
    rules.seed_rules(by=admin, now=NOW, rules=[shipped("gone", "a_word_taken_away >= 1")])
    assert len(run(admin).versions) == 2


def test_a_day_before_one_evaluated_or_one_to_come_is_refused(admin: Actor) -> None:
    run(admin)
    with pytest.raises(Refused, match=TODAY.isoformat()):
        run(admin, TODAY - timedelta(days=1))
    with pytest.raises(Refused):
        run(admin, TODAY + timedelta(days=1))


def test_a_run_comes_out_the_same_after_the_register_and_the_rules_moved_on(admin: Actor) -> None:
    kept = run(admin, TODAY - timedelta(days=1))
    party = Party.objects.get(name="大厂")
    registry.change_party(
        by=admin, now=NOW, party=party, facts=PartyFacts(capital_fen=1), version=party.version
    )
    later = run(admin)
    RuleVersion.objects.filter(rule__code="large").update(state=RuleVersion.State.RETIRED)
    last = run(admin)
    for one in (kept, later, last):
        replayed = rules.replay(by=admin, run_id=one.pk)
        assert replayed.is_same
        assert replayed.verdicts == 3 * len(one.versions)


def test_a_verdict_that_was_tampered_with_is_found(admin: Actor) -> None:
    kept = run(admin)
    row = Verdict.objects.get(rule__code="large", party__name="小厂")
    Verdict.objects.filter(pk=row.pk).update(state="met", clauses="mm")
    assert rules.replay(by=admin, run_id=kept.pk).unlike == ((row.rule_id, row.party_id),)


def test_facts_that_did_not_change_are_kept_once(admin: Actor) -> None:
    one, other = run(admin, TODAY - timedelta(days=1)), run(admin)
    assert one.facts_digest == other.facts_digest
    assert other.facts is None
    assert rules.replay(by=admin, run_id=other.pk).is_same


def test_nothing_is_evaluated_on_half_an_import(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Verbs of the zone end while facts are fetched: they are fetched until two agree."""
    fetched: list[int] = []
    moments = iter("abcdefgh")

    def changing(**asked: Any) -> Any:
        fetched.append(1)
        table = vocabularies.facts(**asked)
        return table.slice(0, 1) if len(fetched) == 1 else table

    monkeypatch.setattr(running, "facts", changing)
    monkeypatch.setattr(running._Lines, "counted", lambda _self: next(moments))
    assert run(admin).subjects == 3
    assert len(fetched) == 3


def test_facts_are_fetched_once_unless_something_of_the_zone_was_done_meanwhile(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[int] = []
    noted: list[int] = []

    def counting(**asked: Any) -> Any:
        fetched.append(1)
        if noted:
            zone = Zone.objects.get(pk=noted.pop())
            journal.record(by=admin, now=NOW, verb="run_rules", subject=zone)
        return vocabularies.facts(**asked)

    monkeypatch.setattr(running, "facts", counting)
    run(admin)
    assert len(fetched) == 1
    noted.append(admin.zone_id)
    run(admin)
    assert len(fetched) == 3


def test_facts_that_never_stand_still_are_not_evaluated(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = iter(range(100))
    moments = iter(range(100))
    monkeypatch.setattr(
        running, "facts", lambda **asked: vocabularies.facts(**asked).slice(0, next(sizes) % 2)
    )
    monkeypatch.setattr(running._Lines, "counted", lambda _self: next(moments))
    with pytest.raises(Refused):
        run(admin)


def test_only_those_who_write_rules_evaluate_them(officer: Actor, admin: Actor) -> None:
    with acting(officer), pytest.raises(Refused):
        run(officer)


def test_another_zone_and_an_enterprise_see_nothing_of_it(west: Actor, admin: Actor) -> None:
    run(admin)
    mine, other = Party.objects.get(name="大厂"), Party.objects.get(name="小厂")
    with acting(west):
        assert not Verdict.objects.exists()
        assert not RuleRun.objects.exists()
        assert not evaluating.evaluate_zone(
            zone_id=admin.zone_id, as_of=TODAY, known_at=NOW, rules=[]
        ).ids.size
    enterprise = Actor(zone_id=admin.zone_id, role=Role.ENTERPRISE, party_ref=mine.pk)
    with acting(enterprise):
        assert set(Verdict.objects.values_list("party_id", flat=True)) == {mine.pk} - {other.pk}
        with pytest.raises(Refused):
            run(enterprise)


def test_the_night_s_job_evaluates_a_zone(admin: Actor) -> None:
    jobs.evaluate_rules(admin.zone_id)
    assert len(said()) == 3


def test_the_command_says_whether_a_run_comes_out_the_same(admin: Actor) -> None:
    kept = run(admin)
    told = StringIO()
    call_command("replay_rules", str(kept.pk), zone="east", stdout=told)
    assert "6 verdicts come out the same" in told.getvalue()
    Verdict.objects.filter(rule__code="large", party__name="小厂").update(clauses="mm")
    with pytest.raises(CommandError, match="1 of 6"):
        call_command("replay_rules", "0", zone="east")
    with pytest.raises(CommandError, match="no run"):
        call_command("replay_rules", "99999999", zone="east")


def test_the_api_runs_and_replays(
    of: Callable[[str], Actor], sign_in: Callable[[str], Client]
) -> None:
    by = of("east-admin")
    with acting(by):
        furnish(by)
    browser = sign_in("east-admin")
    made = browser.post("/api/v1/rule-runs", "{}", content_type="application/json")
    assert made.status_code == 200, made.content
    assert (made.json()["subjects"], made.json()["changed"]) == (3, 6)
    number = made.json()["id"]
    assert [one["id"] for one in browser.get("/api/v1/rule-runs").json()] == [number]
    assert browser.get(f"/api/v1/rule-runs/{number}/replay").json()["is_same"]
    assert sign_in("west-admin").get(f"/api/v1/rule-runs/{number}/replay").status_code == 404


# With real commits -------------------------------------------------------------------------------


@pytest.fixture
def real_zone(django_db_setup: None, django_db_blocker: Any) -> Iterator[Actor]:
    """The east in a database of its own where everything is really committed."""
    own = databases.clone(databases.template("town"), f"{databases.PREFIX}_rules_at_once")
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        point_django_at(own.web)
        try:
            by = actor("east-admin")
            with acting(by):
                furnish(by)
            yield by
        finally:
            point_django_at(own.of_database(before).web)
    database.drop_database(own)


def test_two_runs_at_once_do_not_clash(real_zone: Actor) -> None:
    def one(_number: int) -> int:
        try:
            with acting(real_zone):
                return run(real_zone).changed
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(one, range(3))) == [0, 0, 6]
    with acting(real_zone):
        assert Verdict.objects.count() == 6


def test_a_run_killed_half_way_leaves_nothing(
    real_zone: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(**_said: Any) -> None:
        assert Verdict.objects.count() == 6
        connection.connection.pgconn.finish()
        Verdict.objects.count()

    monkeypatch.setattr(journal, "record", killed)
    with pytest.raises(OperationalError), acting(real_zone):
        run(real_zone)
    monkeypatch.undo()
    connections.close_all()
    with acting(system(real_zone.zone_id)):
        assert not Verdict.objects.exists()
        assert not RuleRun.objects.exists()
        assert run(real_zone).changed == 6
