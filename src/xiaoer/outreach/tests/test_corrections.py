"""What is held about an enterprise is its own to read, and corrected by a person's decision."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.facts import actions as facts
from xiaoer.facts.models import Column, Metric, Value
from xiaoer.facts.periods import Period
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import Correction
from xiaoer.outreach.queries import Held
from xiaoer.outreach.tests.conftest import Town
from xiaoer.registry.models import Party
from xiaoer.work.models import Task

LATER = NOW + timedelta(hours=3)


def ask(town: Town, by: Actor | None = None, **given: Any) -> Correction:
    by = by or town.spokesman()
    words: dict[str, Any] = {
        "field": "address",
        "stated": "崇文大道 8 号",
        "reason": "去年已迁入，见营业执照",
    } | given
    with acting(by):
        return outreach.ask_correction(by=by, now=NOW, **words)


def decide(town: Town, verb: str, row: Correction, who: str = "east-desk", words: str = "") -> Any:
    by = town.of(who)
    with acting(by):
        fresh = Correction.objects.get(pk=row.pk)
        return getattr(outreach, verb)(
            by=by, now=LATER, correction=fresh, version=fresh.version, words=words
        )


def held(town: Town, party: Party | None = None) -> Held:
    by = town.spokesman(party)
    with acting(by):
        found = queries.held_about(by=by)
    assert found is not None
    return found


def a_figure(town: Town, column: str = Column.OFFICIAL) -> Value:
    by = town.of("east-statistics")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        metric = Metric.objects.filter(unit="CNY_10k", kind=Metric.Kind.FLOW).first()
        metric = metric or Metric.objects.filter(kind=Metric.Kind.FLOW).order_by("code")[0]
        return facts.record_value(
            by=by,
            now=NOW,
            metric=metric,
            period=Period(date(2025, 1, 1), date(2025, 12, 31)),
            number="100",
            column=column,
            source="统计年报",
            party=town.party,
        )


def test_each_datum_stands_with_its_source_and_what_is_missing_is_said(town: Town) -> None:
    a_figure(town)
    found = held(town)
    by_field = {one.field: one for one in found.facts}
    assert by_field["name"].words == town.party.name
    assert by_field["address"].words is None
    assert all(one.source for one in found.facts)
    assert [one.source for one in found.figures] == ["统计年报"]
    assert held(town, town.other).figures == ()


def test_asking_changes_nothing_and_gives_a_task_to_whoever_keeps_it(town: Town) -> None:
    row = ask(town)
    with acting(system(town.zone_id)):
        assert Party.objects.get(pk=town.party.pk).address == ""
        task = Task.objects.get(matter_id=row.matter_id or 0)
    assert task.post_id == town.of("east-officer").post_id
    assert next(one for one in held(town).facts if one.field == "address").is_asked


def test_a_granted_datum_is_changed_and_names_the_enterprise_as_its_source(town: Town) -> None:
    row = ask(town)
    assert decide(town, "grant_correction", row, "east-officer").state == Correction.State.GRANTED
    found = held(town)
    address = next(one for one in found.facts if one.field == "address")
    assert address.words == "崇文大道 8 号"
    assert "2026-11-20" in address.source
    with acting(system(town.zone_id)):
        assert not Task.objects.filter(matter_id=row.matter_id or 0, state="open").exists()
    with pytest.raises(Refused):
        decide(town, "grant_correction", row)


def test_it_is_declined_only_with_words_the_enterprise_reads(town: Town) -> None:
    row = ask(town)
    with pytest.raises(Refused):
        decide(town, "decline_correction", row)
    decide(town, "decline_correction", row, words="与营业执照不符")
    (shown,) = held(town).corrections
    assert (shown.state, shown.words) == (Correction.State.DECLINED, "与营业执照不符")
    assert ask(town).pk, "it may be asked again"


def test_a_figure_gets_a_reported_version_and_the_official_one_stays(town: Town) -> None:
    value = a_figure(town)
    row = ask(town, field="", value=value, stated="120", reason="漏报一条线")
    with pytest.raises(Refused):
        decide(town, "grant_correction", row, "east-officer")
    done = decide(town, "grant_correction", row, "east-statistics")
    with acting(town.of("east-statistics")):
        official = Value.objects.get(pk=value.pk)
        fresh = Value.objects.get(pk=done.recorded_id)
    assert (official.low, official.column) == (value.low, Column.OFFICIAL)
    assert (fresh.column, fresh.low != value.low) == (Column.REPORTED, True)
    assert {one.source for one in held(town).figures} == {
        "统计年报",
        "企业更正申请（2026-11-20）",
    }


def test_a_reported_figure_keeps_its_old_version(town: Town) -> None:
    value = a_figure(town, Column.REPORTED)
    row = ask(town, field="", value=value, stated="120", reason="漏报")
    decide(town, "grant_correction", row, "east-statistics")
    with acting(town.of("east-statistics")):
        assert Value.objects.filter(party=town.party).count() == 2


def test_the_same_is_asked_once_and_may_be_withdrawn(town: Town) -> None:
    row, own, other = ask(town), town.spokesman(), town.spokesman(town.other)
    with pytest.raises(Refused):
        ask(town, stated="另一处")
    with acting(other), pytest.raises(Refused):
        outreach.withdraw_correction(by=other, now=LATER, correction=row, version=row.version)
    with acting(own):
        outreach.withdraw_correction(by=own, now=LATER, correction=row, version=row.version)
    assert ask(town, stated="另一处").pk


def test_nobody_else_sees_asks_or_decides(town: Town) -> None:
    value = a_figure(town)
    row = ask(town)
    for by in (town.spokesman(town.other), town.of("west-desk"), town.card_holder):
        with acting(by):
            assert queries.correction(by=by, correction_id=row.pk) is None
            assert not Correction.objects.exists()
    with pytest.raises(Refused):
        ask(town, town.spokesman(town.other), field="", value=value, stated="1", reason="x")
    for who in ("east-desk", "east-officer"):
        with pytest.raises(Refused):
            ask(town, town.of(who))
    for who in ("east-power", "west-desk"):
        by = town.of(who)
        with acting(by), pytest.raises(Refused):
            outreach.decline_correction(
                by=by, now=LATER, correction=row, version=row.version, words="不"
            )


@pytest.mark.parametrize(
    "given",
    [
        {"stated": " "},
        {"reason": "\x00"},
        {"stated": "长" * 501},
        {"field": "merged_into"},
        {"field": "version"},
        {"field": "registered_on", "stated": "某一天"},
        {"field": "capital_fen", "stated": "很多"},
        {"field": "credit_code", "stated": "1" * 19},
        {"field": "name", "stated": "东区变压器有限公司"},
    ],
)
def test_garbage_is_refused_at_its_field(town: Town, given: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        ask(town, **given)
    assert refused.value.field


def test_a_figure_that_is_no_number_is_refused(town: Town) -> None:
    with pytest.raises(Refused):
        ask(town, field="", value=a_figure(town), stated="很多", reason="x")


def test_staff_decide_on_the_page(town: Town, sign_in: Any) -> None:
    row = ask(town)
    client: Client = sign_in("east-desk")
    assert "崇文大道 8 号" in client.get(reverse("correction_list")).content.decode()
    page = client.get(reverse("correction", args=[row.pk]))
    assert "崇文大道 8 号" in page.content.decode()
    answer = client.post(
        reverse("correction_do", args=[row.pk, "grant"]), {"version": row.version, "words": "好"}
    )
    assert answer.status_code == 302
    assert sign_in("west-desk").get(reverse("correction", args=[row.pk])).status_code == 404
