"""Filing: receipts, first-contact duty, clocks, mistaken filings."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal, AppealEvent
from xiaoer.outreach.tests.conftest import Town
from xiaoer.work.calendar import LOCAL

Channel = Appeal.Channel


def _by_phone(town: Town, **given: Any) -> outreach.Filed:
    by = town.of("east-economy")
    facts: dict[str, Any] = {
        "party": town.party,
        "channel": Channel.PHONE,
        "title": "招不到电工",
        "body": "缺两名持证电工。",
    } | given
    with acting(by):
        return outreach.file_appeal(by=by, now=NOW, **facts)


def test_receipts_run_without_a_gap_also_over_refused_filings(town: Town) -> None:
    first = town.file()
    with pytest.raises(Refused):
        _by_phone(town, title=" ")
    second = _by_phone(town)
    assert [first.receipt_no, second.receipt_no] == ["SQ-2026-0001", "SQ-2026-0002"]


def test_receipts_begin_anew_each_local_year(town: Town) -> None:
    by = town.of("east-economy")
    new_year = datetime(2027, 1, 1, 0, 30, tzinfo=LOCAL)
    town.file()
    with acting(by):
        filed = outreach.file_appeal(
            by=by, now=new_year, party=town.party, channel=Channel.HALL, title="办证", body="办证"
        )
    assert filed.receipt_no == "SQ-2027-0001"


def test_only_the_hash_of_the_token_is_kept(town: Town) -> None:
    filed = town.file()
    row = town.now_of(filed.appeal)
    assert filed.token not in str(row.__dict__)
    assert len(filed.token) >= 24
    holder = queries.find_track(filed.token)
    assert holder is not None
    assert holder.key == row.track_hash


def test_who_takes_a_call_is_first_to_answer_for_it(town: Town) -> None:
    filed = _by_phone(town)
    row = town.now_of(filed.appeal)
    assert row.first_post_id == town.of("east-economy").post_id


def test_an_enterprise_without_an_officer_is_the_desks(town: Town) -> None:
    by = town.spokesman(town.other)
    with acting(by):
        filed = outreach.file_appeal(
            by=by, now=NOW, party=town.other, channel=Channel.ENTERPRISE, title="缺地", body="扩建"
        )
    row = town.now_of(filed.appeal)
    desk = town.of("east-desk")
    assert row.first_post_id is None
    with acting(desk):
        contact = town.tasks_of(row).get()
        assert contact.office_id == desk.office_id


def test_the_three_clocks_run_in_working_days_from_the_filing(town: Town) -> None:
    row = town.now_of(town.file().appeal)

    def last_day(moment: datetime | None) -> str:
        assert moment is not None
        return str((moment - timedelta(seconds=1)).astimezone(LOCAL).date())

    assert last_day(row.start_due_at) == "2026-11-23"  # filed on a Friday
    assert last_day(row.reply_due_at) == "2026-11-25"
    assert last_day(row.solve_due_at) == "2026-12-11"
    assert last_day(row.rule_due_at) == "2027-01-04"  # 1 January is a holiday
    town.do("east-officer", "register_appeal", row, kind=town.kind, is_hard=True)
    assert town.now_of(row).solve_due_at == row.rule_due_at


def test_a_phone_is_stated_until_somebody_called_back(town: Town) -> None:
    filed = town.file()
    assert not town.now_of(filed.appeal).is_phone_verified
    town.do("east-officer", "verify_phone", filed.appeal)
    row = town.now_of(filed.appeal)
    assert row.is_phone_verified
    assert row.started_at == NOW, "calling back is the first contact"


def test_a_corrected_phone_is_stated_again(town: Town) -> None:
    filed = town.file()
    town.do("east-officer", "verify_phone", filed.appeal)
    town.do("east-officer", "register_appeal", filed.appeal, kind=town.kind, contact_phone="139")
    assert not town.now_of(filed.appeal).is_phone_verified


def test_who_filed_takes_back_within_ten_minutes(town: Town) -> None:
    filed = town.file()
    with pytest.raises(Refused):
        town.do(
            town.holder(filed.token),
            "take_back_appeal",
            filed.appeal,
            now=NOW + timedelta(minutes=11),
        )
    town.do(town.holder(filed.token), "take_back_appeal", filed.appeal)
    row = town.now_of(filed.appeal)
    assert row.state == Appeal.State.TAKEN_BACK
    with acting(system(town.zone_id)):
        assert not town.tasks_of(row).exists()


def test_somebody_elses_filing_is_not_taken_back(town: Town) -> None:
    filed = _by_phone(town)
    for who in ("east-desk", town.spokesman(), town.holder(filed.token)):
        with pytest.raises(Refused):
            town.do(who, "take_back_appeal", filed.appeal)


def test_staff_do_not_file_in_the_enterprises_name(town: Town) -> None:
    for channel in (Channel.CARD, Channel.ENTERPRISE):
        with pytest.raises(Refused):
            _by_phone(town, channel=channel)


def test_a_card_files_for_its_own_enterprise_only(town: Town) -> None:
    by = town.card_holder
    with acting(by), pytest.raises(Refused):
        outreach.file_appeal(
            by=by, now=NOW, party=town.other, channel=Channel.CARD, title="甲", body="乙"
        )


@pytest.mark.parametrize(
    "given",
    [
        {"title": ""},
        {"title": "长" * 81},
        {"body": " "},
        {"body": "长" * 4001},
        {"money_fen": -1},
        {"money_fen": 10**18},
        {"urgency": "now!"},
        {"channel": "pigeon"},
    ],
)
def test_a_wrong_filing_is_refused_in_words(town: Town, given: dict[str, object]) -> None:
    with pytest.raises(Refused):
        _by_phone(town, **given)


def test_control_characters_do_not_reach_the_database(town: Town) -> None:
    filed = _by_phone(town, title="电\x00力\x07", body="线路\x00断")
    assert town.now_of(filed.appeal).title == "电力"


def test_nobody_fills_the_pool_with_a_card(town: Town) -> None:
    for number in range(20):
        town.file(f"第{number}件")
    with pytest.raises(Refused):
        town.file("再来一件")
    assert _by_phone(town).receipt_no == "SQ-2026-0021"


def test_the_same_thing_filed_again_is_shown_before_filing(town: Town) -> None:
    filed = town.file()
    officer = town.of("east-officer")
    with acting(officer):
        near = queries.duplicates_near(
            by=officer, party_id=town.party.pk, title="变压器增容后无法通电", now=NOW
        )
        assert [line.receipt_no for line in near] == [filed.receipt_no]
        assert near[0].title
        assert not queries.duplicates_near(
            by=officer, party_id=town.party.pk, title="招不到电工", now=NOW
        )
        assert not queries.duplicates_near(
            by=officer, party_id=town.other.pk, title="变压器增容后无法通电", now=NOW
        )


def test_whoever_scans_a_card_learns_that_a_request_exists_not_what_it_says(town: Town) -> None:
    filed = town.file()
    by = town.card_holder
    with acting(by):
        near = queries.duplicates_near(
            by=by, party_id=town.party.pk, title="变压器增容后无法通电", now=NOW
        )
        assert [line.receipt_no for line in near] == [filed.receipt_no]
        assert near[0].title is None
        assert not queries.duplicates_near(
            by=by, party_id=town.other.pk, title="变压器增容后无法通电", now=NOW
        )


def test_a_new_zone_begins_with_kinds_of_request_and_keeps_its_own_names(town: Town) -> None:
    desk = town.of("east-desk")
    with acting(desk):
        outreach.keep_kind(by=desk, now=NOW, code="labour", name="招工")
        assert outreach.seed_outreach(by=desk, now=NOW) == 0, "the town was furnished before"
        names = dict(queries.kinds(by=desk).values_list("code", "name"))
    assert (names["labour"], names["land"]) == ("招工", "用地与不动产")
    power = town.of("east-power")
    with acting(power), pytest.raises(Refused):
        outreach.keep_kind(by=power, now=NOW, code="x", name="甲")


def test_every_verb_writes_one_line_of_the_story(town: Town) -> None:
    filed = town.confirmed()
    with acting(town.of("east-desk")):
        verbs = list(
            AppealEvent.objects.filter(appeal_id=filed.appeal.pk)
            .order_by("id")
            .values_list("verb", flat=True)
        )
    assert verbs == [
        "file_appeal",
        "register_appeal",
        "dispatch_appeal",
        "sign_appeal",
        "answer_appeal",
        "confirm_solved",
    ]
