"""No visit too many: one calendar for all offices, a quota a month, and every exception with a reason."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.town import NOW
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.work import queries
from xiaoer.work.models import Contact
from xiaoer.work.tests.conftest import TODAY, Firms

NEXT_MONTH = date(2026, 12, 1)


def budget(firms: Firms, day: date = TODAY) -> queries.Budget:
    by = firms.of("east-desk")
    with acting(by):
        return queries.contact_budget(by, firms.party.pk, day)


def test_the_third_contact_of_a_month_is_refused_with_what_stands_and_the_next_free_day(
    firms: Firms,
) -> None:
    firms.plan("east-officer", purpose="季度走访")
    firms.plan("east-power", date(2026, 11, 24), purpose="用电检修说明")
    with pytest.raises(Refused) as no:
        firms.plan("east-land", date(2026, 11, 25), purpose="用地调查", kind="survey")
    said = str(no.value)
    assert no.value.field == "planned_on"
    for words in ("季度走访", "用电检修说明", "供电服务中心", "12月1日"):
        assert words in said
    assert budget(firms).used == 2
    assert budget(firms).left == 0


def test_a_zone_leader_goes_beyond_with_a_reason_that_is_kept_and_counted(firms: Firms) -> None:
    firms.plan("east-officer")
    firms.plan("east-power")
    with pytest.raises(Refused) as no:
        firms.plan("east-leader", reason=" ")
    assert no.value.field == "reason"
    third = firms.plan("east-leader", reason="市领导调研，企业已同意")
    assert third.is_above_quota
    assert third.allowed_by_id == firms.of("east-leader").post_id
    by = firms.of("east-desk")
    with acting(by):
        line = JournalLine.objects.get(verb="plan_contact", subject_id=third.pk)
        assert line.detail["reason"] == "市领导调研，企业已同意"
        figures = queries.contact_figures(by, TODAY)
    assert (figures.above, figures.firms_above, figures.without_leave) == (1, 1, 0)
    assert budget(firms).used == 3
    assert budget(firms).left == 0


def test_a_quota_of_zero_always_needs_a_leader(firms: Firms) -> None:
    firms.rule(0)
    with pytest.raises(Refused, match="0"):
        firms.plan("east-desk")
    assert firms.plan("east-leader", reason="安全隐患告知").is_above_quota
    by = firms.of("east-desk")
    with acting(by):
        assert queries.next_free_day(by=by, party=firms.party, since=TODAY) is None


def test_a_quiet_day_is_refused_and_the_next_free_day_lies_behind_the_quiet_ones(
    firms: Firms,
) -> None:
    firms.rule(2, 1, 24)
    with pytest.raises(Refused, match="11月25日"):
        firms.plan("east-officer", TODAY)
    assert not firms.plan("east-officer", date(2026, 11, 25)).is_on_quiet_day
    allowed = firms.plan("east-leader", TODAY, reason="企业来电请求上门")
    assert (allowed.is_on_quiet_day, allowed.is_above_quota) == (True, False)


def test_quiet_days_at_the_end_of_a_month_are_none_in_a_february_without_them(
    firms: Firms,
) -> None:
    firms.rule(2, 29, 31)
    assert firms.plan("east-officer", date(2027, 2, 26)).state == "planned"
    assert not budget(firms, date(2027, 2, 28)).is_quiet(date(2027, 2, 28))
    assert budget(firms, date(2028, 2, 1)).is_quiet(date(2028, 2, 29))
    assert queries.last_of_month(date(2028, 2, 3)) == date(2028, 2, 29)
    assert queries.month_after(date(2026, 12, 31)) == date(2027, 1, 1)


def test_the_next_free_day_is_a_working_day(firms: Firms) -> None:
    by = firms.of("east-desk")
    saturday = date(2026, 11, 21)
    with acting(by):
        assert queries.next_free_day(by=by, party=firms.party, since=saturday) == date(2026, 11, 23)


def test_a_merged_contact_costs_nothing_and_its_purpose_goes_along(firms: Firms) -> None:
    first = firms.plan("east-officer", date(2026, 11, 24), purpose="季度走访")
    second = firms.plan("east-power", date(2026, 11, 25), purpose="用电调查")
    firms.do("east-power", "merge_contacts", contact=second, into=first)
    assert budget(firms).used == 1
    by = firms.of("east-officer")
    with acting(by):
        [row] = queries.merged_into(first)
        assert row.purpose == "用电调查"
        assert queries.contact_figures(by, TODAY).merged == 1
    with acting(by):
        [told] = queries.page_reminders(by, NOW)
        assert "用电调查" in told.words
    power = firms.of("east-power")
    with acting(power):
        assert not queries.page_reminders(power, NOW), "who merged them needs no word of it"
    third = firms.plan("east-land", date(2026, 11, 24), purpose="用地", into=first)
    assert third.state == "merged"
    assert budget(firms).used == 1


def test_what_was_merged_into_a_merged_contact_goes_along(firms: Firms) -> None:
    firms.rule(3)
    first, second, third = (firms.plan("east-desk", purpose=str(n)) for n in range(3))
    firms.do("east-desk", "merge_contacts", contact=third, into=second)
    firms.do("east-desk", "merge_contacts", contact=second, into=first)
    with acting(firms.of("east-desk")):
        assert {row.id for row in queries.merged_into(first)} == {second.pk, third.pk}
    firms.do("east-desk", "cancel_contact", contact=first, reason="设备检修")
    with acting(firms.of("east-desk")):
        states = {row.pk: row.state for row in Contact.objects.all()}
        assert states == {first.pk: "cancelled", second.pk: "planned", third.pk: "merged"}
        assert Contact.objects.get(pk=third.pk).merged_into_id == second.pk


@pytest.mark.parametrize("wrong", ["other firm", "next month", "itself"])
def test_contacts_are_merged_with_the_same_firm_in_one_month_only(firms: Firms, wrong: str) -> None:
    first = firms.plan("east-desk")
    second = {
        "other firm": lambda: firms.plan("east-desk", party=firms.other),
        "next month": lambda: firms.plan("east-desk", NEXT_MONTH),
        "itself": lambda: first,
    }[wrong]()
    with pytest.raises(Refused):
        firms.do("east-desk", "merge_contacts", contact=second, into=first)


def test_an_inspection_names_its_law_is_nobodys_visit_never_merged_and_never_counts(
    firms: Firms,
) -> None:
    given: dict[str, Any] = {"tag": "inspection", "kind": "inspection", "purpose": "特种设备"}
    with pytest.raises(Refused) as no:
        firms.plan("east-land", **given)
    assert no.value.field == "origin"
    given["origin"] = "《特种设备安全法》第五十七条"
    with pytest.raises(Refused, match="54号"):
        firms.plan("east-desk", post=firms.post("east-desk"), **given)
    inspection = firms.plan("east-land", **given)
    visit = firms.plan("east-land")
    for one, two in ((inspection, visit), (visit, inspection)):
        with pytest.raises(Refused):
            firms.do("east-desk", "merge_contacts", contact=one, into=two)
    assert budget(firms).used == 1
    with pytest.raises(Refused, match="自然资源分局"):
        firms.do(firms.spokesman(), "refuse_contact", contact=inspection)


def test_moving_to_another_month_counts_there(firms: Firms) -> None:
    first = firms.plan("east-officer")
    firms.plan("east-officer")
    above = firms.plan("east-leader", reason="急")
    firms.do("east-desk", "move_contact", contact=first, planned_on=NEXT_MONTH)
    assert (budget(firms).used, budget(firms, NEXT_MONTH).used) == (2, 1)
    firms.do("east-desk", "move_contact", contact=above, planned_on=date(2026, 11, 27))
    with acting(firms.of("east-desk")):
        assert not Contact.objects.get(pk=above.pk).is_above_quota
    firms.plan("east-officer", NEXT_MONTH)
    with pytest.raises(Refused):
        firms.do("east-desk", "move_contact", contact=above, planned_on=NEXT_MONTH)


def test_the_enterprise_does_not_want_a_contact_and_nobody_else_says_so_for_it(
    firms: Firms,
) -> None:
    contact = firms.plan("east-officer")
    with pytest.raises(Refused):
        firms.do(firms.spokesman(firms.other), "refuse_contact", contact=contact)
    firms.do(firms.spokesman(), "refuse_contact", contact=contact, reason="盘点，月底再来")
    with acting(firms.of("east-desk")):
        kept = Contact.objects.get(pk=contact.pk)
        line = JournalLine.objects.get(verb="refuse_contact")
    assert (kept.state, kept.outcome, line.who) == ("refused", "盘点，月底再来", "赵一")
    assert budget(firms).used == 0


def test_what_was_made_is_a_fact_and_its_reason_is_asked_afterwards(firms: Firms) -> None:
    for _n in range(3):
        last = firms.do(
            "east-officer", "record_contact", party=firms.party, kind="call",
            purpose="问订单", on=TODAY,
        )  # fmt: skip
    assert isinstance(last, Contact)
    by = firms.of("east-officer")
    with acting(by):
        [row] = queries.contacts_between(by=by, since=TODAY, until=TODAY, beyond=True)
        assert (row.id, row.lacks_reason) == (last.pk, True)
        assert queries.contact_figures(by, TODAY).without_leave == 1
    firms.do("east-officer", "explain_contact", contact=last, reason="企业来电后回电")
    with acting(by):
        assert queries.contact_figures(by, TODAY).without_leave == 1
    firms.do("east-leader", "explain_contact", contact=last, reason="同意")
    with acting(by):
        assert queries.contact_figures(by, TODAY).without_leave == 0
    with pytest.raises(Refused):
        firms.do("east-leader", "explain_contact", contact=last, reason="再同意")


def test_only_whoever_plans_for_an_office_records_what_it_made(firms: Firms) -> None:
    """Else anybody could use up an enterprise's quota in the name of others."""
    made: dict[str, Any] = {"party": firms.party, "kind": "call", "purpose": "问订单", "on": TODAY}
    power = firms.post("east-power")
    for who in ("east-officer", firms.spokesman()):
        with pytest.raises(Refused):
            firms.do(who, "record_contact", post=power, **made)
    assert budget(firms).used == 0
    contact = firms.do("east-desk", "record_contact", post=power, **made)
    with pytest.raises(Refused):
        firms.do(firms.spokesman(), "redate_contact", contact=contact, on=date(2026, 10, 30))
    assert budget(firms).used == 1


def test_a_contact_made_in_another_month_counts_there(firms: Firms) -> None:
    planned = firms.plan("east-officer", NEXT_MONTH)
    firms.do("east-officer", "finish_contact", contact=planned, on=TODAY)
    assert (budget(firms).used, budget(firms, NEXT_MONTH).used) == (1, 0)
    with pytest.raises(Refused):
        firms.do("east-officer", "redate_contact", contact=planned, on=NEXT_MONTH)
    firms.do("east-officer", "redate_contact", contact=planned, on=date(2026, 10, 30))
    assert budget(firms, date(2026, 10, 1)).used == 1


def test_offices_plan_for_themselves_and_the_desk_for_all(firms: Firms) -> None:
    power = firms.post("east-power")
    with pytest.raises(Refused):
        firms.plan("east-land", post=power)
    assert firms.plan("east-desk", post=power).office_id == power.office_id
    contact = firms.plan("east-officer")
    with pytest.raises(Refused):
        firms.do("east-land", "cancel_contact", contact=contact, reason="不要了")


@pytest.mark.parametrize(
    "given",
    [
        {"day": TODAY - timedelta(days=1)},
        {"day": TODAY + timedelta(days=500)},
        {"purpose": " "},
        {"minutes": 0},
        {"kind": "raid"},
        {"kind": "inspection"},
        {"tag": "inspection"},
    ],
)
def test_nonsense_is_refused_in_words(firms: Firms, given: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        firms.plan("east-officer", **given)


def test_another_zone_sees_and_moves_nothing(firms: Firms) -> None:
    contact = firms.plan("east-officer")
    for who in ("west-desk", "west-leader"):
        by = firms.of(who)
        with acting(by):
            assert queries.contact_of(by=by, contact_id=contact.pk) is None
            assert not Contact.objects.exists()
        for verb, given in (
            ("cancel_contact", {"reason": "不要"}),
            ("move_contact", {"planned_on": NEXT_MONTH}),
            ("finish_contact", {}),
            ("refuse_contact", {}),
        ):
            with pytest.raises(Refused):
                firms.do(by, verb, contact=contact, **given)
        with pytest.raises(Refused):
            firms.plan(who, party=firms.party)


def test_an_enterprise_reads_its_own_contacts_and_who_comes_and_writes_nothing(
    firms: Firms,
) -> None:
    firms.plan("east-officer", post=firms.post("east-officer"))
    firms.plan("east-officer", party=firms.other)
    by = firms.spokesman()
    with acting(by):
        [row] = queries.contacts_between(by=by, since=TODAY, until=TODAY)
        assert (row.person, row.office) == ("网一", "企业服务中心")
        assert queries.contact_budget(by, firms.party.pk, TODAY).words == "已用 1 次，限 2 次"
    with pytest.raises(Refused):
        firms.do(by, "plan_contact", party=firms.party, kind="visit", purpose="x", planned_on=TODAY)
    with pytest.raises(Refused):
        firms.do(
            by, "set_contact_rule", version=1, monthly_quota=9,
            quiet_from=None, quiet_until=None, source="自定",
        )  # fmt: skip


def test_budgets_of_many_enterprises_are_one_query(firms: Firms) -> None:
    by = firms.of("east-desk")
    firms.plan("east-officer")
    with acting(by), CaptureQueriesContext(connection) as asked:
        found = queries.contact_budgets(by, [firms.party.pk, firms.other.pk], TODAY)
    assert len(asked) == 1
    assert [found[p.pk].used for p in (firms.party, firms.other)] == [1, 0]


def test_the_rule_is_the_administrators_and_keeps_source_and_mark(firms: Firms) -> None:
    with pytest.raises(Refused):
        firms.do(
            "east-desk", "set_contact_rule", version=1, monthly_quota=9,
            quiet_from=None, quiet_until=None, source="自定",
        )  # fmt: skip
    firms.rule(3, 1, 20)
    by = firms.of("east-admin")
    with acting(by):
        rule = queries.rule_of(by.zone_id)
        assert rule is not None
        assert (rule.monthly_quota, rule.source, rule.mark) == (3, "党工委会议纪要", "D")
    for wrong in (
        {"monthly_quota": 32},
        {"quiet_from": 1, "quiet_until": None},
        {"quiet_from": 9, "quiet_until": 3},
        {"quiet_from": 0, "quiet_until": 40},
        {"source": ""},
        {"version": 1},
    ):
        given = {
            "version": rule.version, "monthly_quota": 2, "quiet_from": None, "quiet_until": None,
            "source": "纪要", **wrong,
        }  # fmt: skip
        with pytest.raises(Refused):
            firms.do("east-admin", "set_contact_rule", **given)


def test_routes_find_the_visits_of_some_posts(firms: Firms) -> None:
    officer = firms.post("east-officer")
    visit = firms.plan("east-officer", post=officer)
    firms.plan("east-officer", post=officer, kind="call")
    by = firms.of("east-desk")
    with acting(by):
        found = queries.planned_visits(by=by, posts=[officer.pk], since=TODAY, until=TODAY)
    assert [row.pk for row in found] == [visit.pk]
    assert NOW.date() == TODAY
