"""What the zone sets for its ladders, and what only people decide."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from tests.town import NOW
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.growth import actions as growth
from xiaoer.growth.models import (
    Designation,
    EntryCutoff,
    EvidenceItem,
    HandedPaper,
    LadderParameter,
    ParameterChange,
    Path,
)
from xiaoer.growth.tests.conftest import Town
from xiaoer.growth.vocabulary.ladders import LadderWords
from xiaoer.rules.models import Rule

TODAY = date(2026, 11, 20)
KIND = Designation.Kind


def facts(kind: str = KIND.IN_REGISTER, **given: object) -> growth.DecisionFacts:
    values = {
        "kind": kind,
        "since": date(2026, 1, 1),
        "document": "2025年年报名录",
        "decided_by": "区统计局",
    }
    return growth.DecisionFacts(**(values | given))  # type: ignore[arg-type]  # of one test


def word(town: Town, name: str, *, as_of: date = TODAY, known_at: object = NOW) -> list[object]:
    ids = [town.party.pk, town.other.pk]
    with acting(town.of("east-economy")):
        table = LadderWords().columns(
            zone_id=town.zone_id,
            names={name},
            as_of=as_of,
            known_at=known_at,  # type: ignore[arg-type]  # a moment
            ids=ids,
        )
    return list(table[name].to_pylist())


def test_a_new_zone_has_ladders_with_marks_and_rungs_in_force(town: Town) -> None:
    with acting(town.of("east-economy")):
        rows = list(LadderParameter.objects.all())
        rungs = Rule.objects.filter(kind="rung", versions__state="live")
        assert rungs.filter(ladder="business").count() == 7
        assert rungs.filter(ladder="technology").count() == 4
        assert rungs.filter(ladder="specialisation").count() == 4
    assert {row.code for row in rows} >= {"p_near", "p_sprout", "p_seed", "p_hold", "climb_mode"}
    assert all(row.mark and row.source for row in rows)


def test_a_parameter_is_changed_with_a_reason_that_stays_readable(town: Town) -> None:
    economy = town.of("east-economy")
    with acting(economy):
        row = LadderParameter.objects.get(code="p_near")
        growth.set_parameter(
            by=economy, now=NOW, code="p_near", value="0.65", reason="人手够", version=row.version
        )
        change = ParameterChange.objects.get()
        assert (change.before, change.after, change.reason) == ("0.7", "0.65", "人手够")
        with pytest.raises(Refused):
            growth.set_parameter(
                by=economy, now=NOW, code="p_near", value="0.6", reason="旧页面", version=1
            )
    assert word(town, "p_near", known_at=NOW) == [0.65, 0.65]
    assert word(town, "p_near", known_at=NOW - timedelta(days=1)) == [0.7, 0.7]


@pytest.mark.parametrize(
    ("code", "value", "reason"),
    [
        ("p_near", "0.7", "一样"),
        ("p_near", "1.2", "太高"),
        ("p_near", "0.4", "不高于幼苗线"),
        ("p_near", "NaN", "不是数"),
        ("p_near", "七成", "不是数"),
        ("p_near", "0.6", " "),
        ("climb_mode", "lottery", "没有"),
        ("allow_individual_industry", "2", "不是是否"),
        ("nothing", "1", "没有"),
    ],
)
def test_a_value_that_cannot_be_is_refused(town: Town, code: str, value: str, reason: str) -> None:
    economy = town.of("east-economy")
    with acting(economy), pytest.raises(Refused):
        growth.set_parameter(by=economy, now=NOW, code=code, value=value, reason=reason, version=1)


def test_lines_are_changed_together(town: Town) -> None:
    economy = town.of("east-economy")
    wanted = {"p_near": "0.3", "p_sprout": "0.2", "p_seed": "0.05"}
    with acting(economy):
        growth.set_parameters(
            by=economy, now=NOW, values=wanted, reason="校准", versions=dict.fromkeys(wanted, 1)
        )
        assert ParameterChange.objects.count() == 3


def test_an_officer_does_not_set_the_ladders(town: Town) -> None:
    officer = town.of("east-officer")
    with acting(officer), pytest.raises(Refused):
        growth.set_parameter(
            by=officer, now=NOW, code="p_near", value="0.6", reason="想改", version=1
        )


def test_a_cutoff_stands_with_its_notice_and_once(town: Town) -> None:
    statistics = town.of("east-statistics")
    typed = growth.CutoffFacts(Path.YEARLY, 30, 11, 2026, source="区统计局通知", name="第一批")
    with acting(statistics):
        row = growth.keep_cutoff(by=statistics, now=NOW, facts=typed)
        with pytest.raises(Refused):
            growth.keep_cutoff(by=statistics, now=NOW, facts=typed)
        moved = growth.CutoffFacts(Path.YEARLY, 28, 11, 2026, source="区统计局通知")
        growth.keep_cutoff(by=statistics, now=NOW, facts=moved, cutoff=row, version=1)
        growth.remove_cutoff(by=statistics, now=NOW, cutoff=row)
        assert EntryCutoff.objects.get(pk=row.pk).removed_at == NOW
        for bad in (
            growth.CutoffFacts("never", 1, source="x"),
            growth.CutoffFacts(Path.YEARLY, 32, source="x"),
            growth.CutoffFacts(Path.YEARLY, 1, 13, source="x"),
            growth.CutoffFacts(Path.YEARLY, 1, 1, 1900, source="x"),
            growth.CutoffFacts(Path.YEARLY, 1, sector="magic", source="x"),
            growth.CutoffFacts(Path.YEARLY, 2, 2),
        ):
            with pytest.raises(Refused):
                growth.keep_cutoff(by=statistics, now=NOW, facts=bad)


def test_only_the_statistics_office_says_who_is_in_the_register(town: Town) -> None:
    economy, statistics = town.of("east-economy"), town.of("east-statistics")
    with acting(economy), pytest.raises(Refused):
        growth.designate(by=economy, now=NOW, party=town.party, facts=facts())
    with acting(statistics):
        growth.designate(by=statistics, now=NOW, party=town.party, facts=facts())
        with pytest.raises(Refused):
            growth.designate(by=statistics, now=NOW, party=town.party, facts=facts())
    with acting(statistics), pytest.raises(Refused):
        growth.designate(by=statistics, now=NOW, party=town.other, facts=facts(KIND.CLIMB))
    with acting(economy):
        growth.designate(by=economy, now=NOW, party=town.party, facts=facts(KIND.CLIMB))


def test_nobody_is_known_to_be_outside_a_register_nobody_kept(town: Town) -> None:
    assert word(town, "in_stat_register") == [None, None]
    assert word(town, "on_climb_list") == [False, False]
    statistics = town.of("east-statistics")
    with acting(statistics):
        growth.designate(by=statistics, now=NOW, party=town.party, facts=facts())
    assert word(town, "in_stat_register") == [True, False]
    assert word(town, "in_stat_register", known_at=NOW - timedelta(days=1)) == [None, None]
    assert word(town, "in_stat_register", as_of=date(2025, 12, 31)) == [False, False]


def test_a_designation_ends_with_a_reason_and_stays_readable(town: Town) -> None:
    statistics = town.of("east-statistics")
    later = NOW + timedelta(days=30)
    with acting(statistics):
        row = growth.designate(by=statistics, now=NOW, party=town.party, facts=facts())
        with pytest.raises(Refused):
            growth.end_designation(
                by=statistics, now=later, designation=row, until=TODAY, reason="", version=1
            )
        with pytest.raises(Refused):
            growth.end_designation(
                by=statistics, now=later, designation=row, until=date(2025, 1, 1), reason="退库",
                version=1,
            )  # fmt: skip
        growth.end_designation(
            by=statistics, now=later, designation=row, until=TODAY, reason="退库", version=1
        )
    day = TODAY + timedelta(days=1)
    assert word(town, "in_stat_register", as_of=day, known_at=later) == [False, False]
    assert word(town, "in_stat_register", as_of=day, known_at=NOW) == [True, False], (
        "an old evaluation can be run again"
    )


def test_a_list_is_recorded_and_lines_that_name_nobody_are_given_back(town: Town) -> None:
    statistics = town.of("east-statistics")
    lines = ["东区变压器有限公司", " 东区水泥有限公司，", "没有这家公司", "", "东区变压器有限公司"]
    with acting(statistics):
        listed = growth.designate_many(by=statistics, now=NOW, lines=lines, facts=facts())
        again = growth.designate_many(by=statistics, now=NOW, lines=lines, facts=facts())
        assert JournalLine.objects.filter(verb="designate_many").count() == 1
    assert (listed.made, listed.unchanged, len(listed.rejected)) == (2, 0, 1)
    assert (again.made, again.unchanged) == (0, 2)


def test_a_paper_of_entry_is_handed_in_once_and_may_be_taken_back(town: Town) -> None:
    officer = town.of("east-officer")
    with acting(officer):
        item = EvidenceItem.objects.get(code="vat_schedule")
        first = growth.hand_in_paper(
            by=officer, now=NOW, party=town.party, item=item, year=2026, handed_on=TODAY
        )
        again = growth.hand_in_paper(
            by=officer, now=NOW, party=town.party, item=item, year=2026, handed_on=TODAY
        )
        assert first.pk == again.pk
        with pytest.raises(Refused):
            growth.hand_in_paper(
                by=officer, now=NOW, party=town.party, item=item, year=2020, handed_on=TODAY
            )
        growth.take_back_paper(by=officer, now=NOW, paper=first)
        assert not HandedPaper.objects.filter(withdrawn_at__isnull=True).exists()


def test_another_zone_and_another_enterprise_see_nothing(town: Town) -> None:
    statistics = town.of("east-statistics")
    with acting(statistics):
        row = growth.designate(by=statistics, now=NOW, party=town.party, facts=facts())
    stranger = town.of("west-statistics")
    with acting(stranger):
        assert not Designation.objects.exists()
        with pytest.raises(Designation.DoesNotExist):
            growth.end_designation(
                by=stranger, now=NOW, designation=row, until=TODAY,
                reason="别区", version=1,
            )  # fmt: skip
    with acting(town.spokesman()):
        assert Designation.objects.count() == 1
        assert LadderParameter.objects.exists()
    with acting(town.spokesman(town.other)):
        assert not Designation.objects.exists()
    with acting(town.spokesman()), pytest.raises(ProgrammingError), transaction.atomic():
        ParameterChange.objects.count()


def test_the_database_itself_holds_what_must_hold(town: Town) -> None:
    with acting(town.of("east-statistics")):
        for row in (
            Designation(document="", decided_by="x"),
            Designation(document="x", decided_by="x", until=date(2020, 1, 1)),
            Designation(document="x", decided_by="x", ended_at=NOW),
        ):
            row.zone_id, row.party, row.kind = town.zone_id, town.party, KIND.CLIMB
            row.since, row.recorded_at = TODAY, NOW
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save()
        near = LadderParameter.objects.get(code="p_near")
        near.number = 7
        with pytest.raises(IntegrityError), transaction.atomic():
            near.save()
