"""Rules are drafted by one person and put in force by another; what is in force is never edited."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.town import NOW
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.registry.models import Party
from xiaoer.rules import actions as rules
from xiaoer.rules import queries
from xiaoer.rules.models import Rule, RuleClause, RuleVersion
from xiaoer.rules.queries import Moment
from xiaoer.rules.shipping import ShippedClause
from xiaoer.rules.tests.conftest import REVENUE, SHARE, asked, drafted, firm, head, released

Of = Callable[[str], Actor]
WRONG = ShippedClause("营收", "", "revenu_cny_y1 >= 15000000")


def release(by: Actor, version: RuleVersion, **said: bool) -> RuleVersion:
    with acting(by):
        return rules.release_version(
            by=by, now=NOW, version_id=version.pk, version=version.version, **said
        )


# Two people ----------------------------------------------------------------------------------------


def test_a_second_person_releases_what_the_first_wrote(economy: Actor, second: Actor) -> None:
    version = released(economy, second, REVENUE, SHARE)
    assert version.state == RuleVersion.State.LIVE
    assert (version.author_id, version.approver_id) == (economy.post_id, second.post_id)
    assert JournalLine.objects.filter(verb="release_version", subject_id=version.pk).exists()


def test_nobody_releases_what_they_wrote(economy: Actor) -> None:
    version = asked(economy, REVENUE)
    with pytest.raises(Refused, match="第二个人"):
        release(economy, version)


def test_whoever_edited_before_is_no_second_person_either(economy: Actor, second: Actor) -> None:
    version = drafted(economy, REVENUE)
    with acting(second):
        version = rules.edit_draft(
            by=second, now=NOW, version_id=version.pk, version=version.version, head=head(),
            clauses=[REVENUE, SHARE],
        )  # fmt: skip
        version = rules.ask_release(
            by=second, now=NOW, version_id=version.pk, version=version.version
        )
    with pytest.raises(Refused, match="第二个人"):
        release(economy, version)


def test_the_database_refuses_one_person_for_both(economy: Actor) -> None:
    version = asked(economy, REVENUE)
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        RuleVersion.objects.filter(pk=version.pk).update(approver_id=economy.post_id)


def test_an_officer_outside_the_offices_of_rules_writes_none(of: Of) -> None:
    by = of("east-officer")
    with acting(by), pytest.raises(Refused, match="规则由"):
        rules.open_rule(by=by, now=NOW, code="mine", name="我的", kind="other")


# What keeps a version from being released ------------------------------------------------------------


def test_a_mistake_is_kept_in_a_draft_but_never_released(economy: Actor) -> None:
    version = drafted(economy, WRONG)
    with pytest.raises(Refused, match="revenu_cny_y1"):
        rules.ask_release(by=economy, now=NOW, version_id=version.pk, version=version.version)


@pytest.mark.parametrize(
    "text",
    [
        "revenue_cny_y1 > 0; drop table rule",
        "exists (select 1 from account)",
        "pg_sleep(10) = 1",
        "revenue_cny_y1 > (select 1)",
        "revenue_cny_y1 > 0 -- '",
        "__import__('os')",
        "1 = 1 union select 1",
    ],
)
def test_an_injection_is_told_in_words_and_never_released(economy: Actor, text: str) -> None:
    version = drafted(economy, ShippedClause("注入", "", text))
    lacking = queries.lacking_for_release(version)
    assert lacking
    assert all("Traceback" not in words for words in lacking)
    trial = queries.try_clauses(
        zone_id=economy.zone_id,
        clauses=queries.texts_of(version),
        moment=Moment(date(2026, 11, 20), NOW),
    )
    assert trial.total is None
    with pytest.raises(Refused):
        rules.ask_release(by=economy, now=NOW, version_id=version.pk, version=version.version)


def test_a_failing_case_keeps_it_from_being_released(economy: Actor) -> None:
    version = drafted(economy, REVENUE)
    rules.add_case(
        by=economy, now=NOW, version_id=version.pk, name="差一元", as_of=date(2026, 11, 20),
        facts={"revenue_cny_y1": 14_999_999}, expected="met",
    )  # fmt: skip
    with pytest.raises(Refused, match="差一元"):
        rules.ask_release(by=economy, now=NOW, version_id=version.pk, version=version.version)


def test_a_case_with_a_missing_fact_needs_data(economy: Actor) -> None:
    version = drafted(economy, REVENUE)
    rules.add_case(
        by=economy, now=NOW, version_id=version.pk, name="没填", as_of=date(2026, 11, 20),
        facts={}, expected="needs_data",
    )  # fmt: skip
    assert queries.lacking_for_release(version) == []


def test_a_case_names_only_words_there_are(economy: Actor) -> None:
    version = drafted(economy, REVENUE)
    with pytest.raises(Refused, match="revenue_cny_y"):
        rules.add_case(
            by=economy, now=NOW, version_id=version.pk, name="写错", as_of=date(2026, 11, 20),
            facts={"revenue_cny_y": 1}, expected="met",
        )  # fmt: skip


def test_mark_u_stays_a_draft_until_somebody_read_the_document(economy: Actor) -> None:
    version = drafted(economy, REVENUE, mark="U")
    with pytest.raises(Refused, match="核验"):
        rules.ask_release(by=economy, now=NOW, version_id=version.pk, version=version.version)


def test_a_benefit_needs_its_basis_and_its_fair_competition_review(
    economy: Actor, second: Actor
) -> None:
    version = drafted(economy, REVENUE, kind="benefit")
    assert len(queries.lacking_for_release(version)) == 2
    version = rules.edit_draft(
        by=economy, now=NOW, version_id=version.pk, version=version.version, clauses=[REVENUE],
        head=head(document="扶持办法", review_no="公审〔2026〕3号", reviewed_on=date(2026, 3, 1)),
    )  # fmt: skip
    assert queries.lacking_for_release(version) == []


def test_days_that_contradict_one_another_are_refused(economy: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        drafted(economy, REVENUE, effective_to=date(2025, 12, 31))
    assert refusal.value.field == "effective_to"


# Two versions ----------------------------------------------------------------------------------------


def next_version(by: Actor, of: RuleVersion, since: date, *clauses: ShippedClause) -> RuleVersion:
    version = rules.draft_version(by=by, now=NOW, rule_id=of.rule_id, effective_from=since)
    version = rules.edit_draft(
        by=by, now=NOW, version_id=version.pk, version=version.version,
        head=head(effective_from=since), clauses=clauses or [REVENUE],
    )  # fmt: skip
    return rules.ask_release(by=by, now=NOW, version_id=version.pk, version=version.version)


def test_the_older_version_ends_the_day_before_if_one_says_so(
    economy: Actor, second: Actor
) -> None:
    older = released(economy, second, REVENUE)
    newer = next_version(economy, older, date(2026, 12, 1))
    with pytest.raises(Refused, match="2026-11-30"):
        release(second, newer)
    release(second, newer, ends_older=True)
    older.refresh_from_db()
    assert older.effective_to == date(2026, 11, 30)
    assert older.state == RuleVersion.State.LIVE


def test_a_version_that_begins_before_the_older_one_is_refused(
    economy: Actor, second: Actor
) -> None:
    older = released(economy, second, REVENUE)
    newer = next_version(economy, older, date(2025, 12, 1))
    with pytest.raises(Refused, match="2026-01-01"):
        release(second, newer, ends_older=True)


def test_the_database_refuses_two_versions_in_force_for_one_applicant(
    economy: Actor, second: Actor
) -> None:
    older = released(economy, second, REVENUE)
    newer = next_version(economy, older, date(2026, 12, 1))
    with pytest.raises(IntegrityError, match="one_live"), transaction.atomic():
        RuleVersion.objects.filter(pk=newer.pk).update(state="live", released_at=NOW)


def test_new_applicants_and_those_under_review_have_a_version_each(
    economy: Actor, second: Actor
) -> None:
    older = released(economy, second, REVENUE, applicant="review")
    version = rules.draft_version(
        by=economy, now=NOW, rule_id=older.rule_id, effective_from=date(2026, 4, 1)
    )
    version = rules.edit_draft(
        by=economy, now=NOW, version_id=version.pk, version=version.version, clauses=[SHARE],
        head=head(effective_from=date(2026, 4, 1), applicant="new"),
    )  # fmt: skip
    version = rules.ask_release(by=economy, now=NOW, version_id=version.pk, version=version.version)
    assert release(second, version).state == "live"


# What is released stays ------------------------------------------------------------------------------


def test_a_released_version_is_never_edited(economy: Actor, second: Actor) -> None:
    version = released(economy, second, REVENUE)
    with pytest.raises(Refused, match="新版"):
        rules.edit_draft(
            by=economy, now=NOW, version_id=version.pk, version=version.version, head=head(),
            clauses=[SHARE],
        )  # fmt: skip


def test_a_stale_edit_is_told_who_was_first(economy: Actor, second: Actor) -> None:
    version = drafted(economy, REVENUE)
    with acting(second):
        rules.edit_draft(
            by=second, now=NOW, version_id=version.pk, version=version.version, head=head(),
            clauses=[SHARE],
        )  # fmt: skip
    with pytest.raises(Refused, match="统一"):
        rules.edit_draft(
            by=economy, now=NOW, version_id=version.pk, version=version.version, head=head(),
            clauses=[REVENUE],
        )  # fmt: skip
    assert [c.text for c in RuleClause.objects.filter(rule_version=version)] == [SHARE.text]


def test_a_waiting_version_is_sent_back_with_a_reason_before_it_changes(
    economy: Actor, second: Actor
) -> None:
    version = asked(economy, REVENUE)
    with pytest.raises(Refused):
        rules.edit_draft(
            by=economy, now=NOW, version_id=version.pk, version=version.version, head=head(),
            clauses=[SHARE],
        )  # fmt: skip
    with acting(second):
        version = rules.send_back(
            by=second, now=NOW, version_id=version.pk, version=version.version, reason="看附件 2"
        )
    assert (version.state, version.reason) == ("draft", "看附件 2")


def test_a_version_is_retired_with_a_reason_and_stays_readable(
    economy: Actor, second: Actor
) -> None:
    version = released(economy, second, REVENUE)
    with pytest.raises(Refused):
        rules.retire_version(
            by=economy, now=NOW, version_id=version.pk, version=version.version, reason=""
        )
    version = rules.retire_version(
        by=economy, now=NOW, version_id=version.pk, version=version.version, reason="文件废止"
    )
    assert (version.state, version.retired_at) == ("retired", NOW)
    assert version.clauses.count() == 1


def test_the_next_version_begins_as_a_copy_of_the_latest(economy: Actor, second: Actor) -> None:
    older = released(economy, second, REVENUE, SHARE)
    copy = rules.draft_version(
        by=economy, now=NOW, rule_id=older.rule_id, effective_from=date(2026, 12, 1)
    )
    assert copy.number == 2
    assert [c.text for c in copy.clauses.all()] == [REVENUE.text, SHARE.text]
    assert older.clauses.count() == 2


def test_a_draft_given_up_keeps_its_number(economy: Actor) -> None:
    version = drafted(economy, REVENUE)
    rules.withdraw_draft(
        by=economy, now=NOW, version_id=version.pk, version=version.version, reason="不做了"
    )
    again = rules.draft_version(
        by=economy, now=NOW, rule_id=version.rule_id, effective_from=date(2026, 1, 1)
    )
    assert again.number == 2


# Others ----------------------------------------------------------------------------------------------


def test_another_zone_sees_and_changes_nothing(economy: Actor, west: Actor) -> None:
    version = drafted(economy, REVENUE)
    with acting(west):
        assert not Rule.objects.filter(pk=version.rule_id).exists()
        assert not RuleVersion.objects.filter(pk=version.pk).exists()
        with pytest.raises(RuleVersion.DoesNotExist):
            rules.ask_release(by=west, now=NOW, version_id=version.pk, version=version.version)


def test_an_enterprise_reads_rules_in_force_and_no_drafts(economy: Actor, second: Actor) -> None:
    version = released(economy, second, REVENUE)
    drafted(economy, SHARE, code="other")
    party = Party.objects.create(zone_id=economy.zone_id, name="甲厂")
    firm_itself = replace(economy, role=None, post_id=None, party_ref=party.pk)
    with acting(firm_itself):
        assert set(RuleVersion.objects.values_list("state", flat=True)) == {"live"}
        assert RuleVersion.objects.filter(pk=version.pk).exists()
        assert RuleClause.objects.filter(rule_version=version).exists()
        assert not RuleClause.objects.filter(rule_version__rule__code="other").exists()


# What a rule says ------------------------------------------------------------------------------------


def test_the_four_counts_of_a_draft_come_from_what_is_known(economy: Actor) -> None:
    firm(economy, "大厂", revenue_cny_y1=20_000_000, rd_expense_cny_y1=700_000)
    firm(economy, "小厂", revenue_cny_y1=10_000_000, rd_expense_cny_y1=200_000)
    firm(economy, "没填的厂")
    version = drafted(economy, REVENUE, SHARE)
    trial = queries.try_clauses(
        zone_id=economy.zone_id,
        clauses=queries.texts_of(version),
        moment=Moment(date(2026, 11, 20), NOW),
    )
    revenue = trial.clauses[0]
    assert revenue is not None
    assert (revenue.met, revenue.not_met) == (1, 1)
    assert revenue.total == trial.subjects
    assert trial.total is not None
    assert trial.total.met == 1


def test_a_clause_without_mistakes_is_counted_beside_one_with(economy: Actor) -> None:
    firm(economy, "大厂", revenue_cny_y1=20_000_000)
    version = drafted(economy, REVENUE, WRONG)
    trial = queries.try_clauses(
        zone_id=economy.zone_id,
        clauses=queries.texts_of(version),
        moment=Moment(date(2026, 11, 20), NOW),
    )
    assert trial.clauses[0] is not None
    assert trial.clauses[0].met == 1
    assert trial.clauses[1] is None
    assert trial.total is None


def test_two_versions_say_who_gains_and_who_loses(economy: Actor, second: Actor) -> None:
    firm(economy, "大厂", revenue_cny_y1=20_000_000)
    middle = firm(economy, "中厂", revenue_cny_y1=12_000_000)
    old = released(economy, second, REVENUE)
    lower = replace(REVENUE, text="revenue_cny_y1 >= 10000000")
    new = next_version(economy, old, date(2026, 12, 1), lower)
    moment = Moment(date(2026, 11, 20), NOW)
    compared = queries.compare_versions(old=old, new=new, moment=moment)
    assert compared.change.gains == (middle.pk,)
    assert compared.change.loses == ()
    assert compared.difference.met == 1


def test_a_firm_is_told_why_as_of_any_day(economy: Actor, second: Actor) -> None:
    party = firm(economy, "小厂", revenue_cny_y1=10_000_000)
    version = released(economy, second, REVENUE)
    moment = Moment(date(2026, 11, 20), NOW)
    result = queries.firm_outcome(version=version, party_id=party.pk, moment=moment)
    assert result.outcome.state == "not_met"
    assert result.outcome.clauses[0].read == {"revenue_cny_y1": 10_000_000}
    a_year_on = Moment(date(2027, 11, 20), NOW)
    later = queries.firm_outcome(version=version, party_id=party.pk, moment=a_year_on)
    assert later.outcome.state == "needs_data"
