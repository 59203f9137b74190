"""The register of titles: what it keeps, what it refuses, what it lends to the rules."""

from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from tests.town import NOW
from xiaoer.base.models import JournalLine, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.base.words import Kind, Word
from xiaoer.growth import actions as growth
from xiaoer.growth import queries
from xiaoer.growth.actions import TitleFacts
from xiaoer.growth.models import Application, RenewalNotice, TechContract, Title, TitleSheet
from xiaoer.growth.tests.register import Of, Register, built
from xiaoer.growth.vocabulary.titles import NONE, TitleLender
from xiaoer.rules import vocabularies
from xiaoer.work.models import Task

TODAY = date(2026, 11, 20)


@pytest.fixture
def register(of: Of) -> Register:
    return built(of)


@pytest.fixture(autouse=True)
def in_english() -> None:
    translation.activate("en")


def word(
    register: Register, name: str, *, as_of: date = TODAY, known_at: datetime = NOW
) -> list[object]:
    table = TitleLender().columns(
        zone_id=register.by.zone_id,
        names=[name],
        as_of=as_of,
        known_at=known_at,
        ids=[register.party.pk, register.other.pk],
    )
    return list(table[name].to_pylist())


def test_a_title_holds_as_long_as_its_kind_says(register: Register) -> None:
    with acting(register.by):
        title = register.grant("hnte", date(2024, 12, 7))
        assert title.valid_to == date(2027, 12, 6)
        assert (
            register.grant("green_factory_provincial", date(2024, 1, 1), name="绿厂").valid_to
            is None
        )


def test_one_title_of_a_kind_at_a_time(register: Register) -> None:
    with acting(register.by):
        register.grant("hnte", date(2024, 12, 7))
        with pytest.raises(Refused, match="in force on a day of this period"):
            register.grant("hnte", date(2026, 1, 1))
        # Plants and platforms may be many.
        register.grant("smart_factory_provincial", date(2024, 1, 1), name="一车间")
        register.grant("smart_factory_provincial", date(2024, 1, 1), name="二车间")


def test_the_database_itself_refuses_a_second_title_of_the_period(register: Register) -> None:
    with acting(register.by):
        title = register.grant("hnte", date(2024, 12, 7))
        title.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            title.save(force_insert=True)


def test_a_renewal_ends_the_period_before_it(register: Register) -> None:
    with acting(register.by):
        old = register.grant("hnte", date(2023, 12, 7))
        new = growth.renew_title(
            by=register.by, now=NOW, title=old, facts=TitleFacts(granted_on=date(2026, 11, 1))
        )
        old.refresh_from_db()
        assert (old.ended_on, old.ended_how) == (date(2026, 10, 31), "renewed")
        assert (new.renews_id, new.valid_to) == (old.pk, date(2029, 10, 31))


def test_a_correction_keeps_what_was_known_before(register: Register) -> None:
    later = NOW + timedelta(days=1)
    with acting(register.by):
        title = register.grant("hnte", date(2022, 11, 20))
        assert word(register, "hnte_valid_to") == [date(2025, 11, 19), None]
        growth.correct_title(
            by=register.by,
            now=later,
            title=title,
            facts=TitleFacts(granted_on=date(2024, 11, 20)),
            reason="证书日期录错",
        )
        assert word(register, "hnte_valid_to", known_at=later)[0] == date(2027, 11, 19)
        assert word(register, "hnte_valid_to", known_at=NOW)[0] == date(2025, 11, 19)
        assert Title.objects.filter(current=title).count() == 1
        with pytest.raises(Refused, match="says already"):
            growth.correct_title(
                by=register.by,
                now=later,
                title=title,
                facts=TitleFacts(granted_on=date(2024, 11, 20)),
                reason="又一次",
            )


def test_only_a_person_withdraws_and_says_why(register: Register) -> None:
    with acting(register.by):
        title = register.grant("hnte", date(2024, 12, 7))
        with pytest.raises(Refused, match="Say why"):
            growth.withdraw_title(by=register.by, now=NOW, title=title, ended_on=TODAY, reason=" ")
        with pytest.raises(Refused, match="Only a person"):
            growth.withdraw_title(
                by=system(register.by.zone_id), now=NOW, title=title, ended_on=TODAY, reason="x"
            )
        growth.withdraw_title(
            by=register.by, now=NOW, title=title, ended_on=date(2026, 6, 1), reason="未报年报两年"
        )
        assert word(register, "hnte_valid_to")[0] == date(2026, 6, 1)
        before = NOW - timedelta(days=1)
        assert word(register, "hnte_valid_to", known_at=before)[0] is None
        register.grant("hnte", date(2026, 6, 2))


def test_who_is_not_on_the_register_is_unknown_until_it_is_complete(register: Register) -> None:
    with acting(register.by):
        register.grant("hnte", date(2024, 12, 7))
        assert word(register, "hnte_valid_to") == [date(2027, 12, 6), None]
        growth.declare_complete(
            by=register.by, now=NOW, kind=register.kind("hnte"), complete_on=date(2026, 11, 1)
        )
        assert word(register, "hnte_valid_to") == [date(2027, 12, 6), NONE]
        assert word(register, "hnte_valid_to", as_of=date(2026, 10, 1))[1] is None


def test_the_later_of_two_titles_decides_even_where_one_is_unknown(register: Register) -> None:
    with acting(register.by):
        register.grant("tsme", date(2026, 8, 1))
        register.grant("tsme", date(2024, 8, 1), party=register.other)
        assert word(register, "tech_innovative_sme_valid_to") == [date(2027, 7, 31), None]
        for code in ("tsme", "innovative"):
            growth.declare_complete(
                by=register.by, now=NOW, kind=register.kind(code), complete_on=date(2026, 1, 1)
            )
        assert word(register, "tech_innovative_sme_valid_to")[1] == date(2025, 7, 31)


def test_a_research_body_in_force_is_yes_and_none_is_missing(register: Register) -> None:
    with acting(register.by):
        register.grant("key_laboratory_provincial", date(2025, 1, 1), name="变压器重点实验室")
        assert word(register, "provincial_rd_org") == [True, None]


def test_a_list_answers_for_every_firm_of_its_year(register: Register) -> None:
    with acting(register.by):
        assert word(register, "on_adv_mfg_list") == [None, None]
        kept = growth.open_list(
            by=register.by,
            now=NOW,
            code="adv_mfg",
            name="先进制造业企业名单",
            level="provincial",
            year=2026,
            feeds="on_adv_mfg_list",
        )
        growth.add_member(
            by=register.by, now=NOW, firm_list=kept, party=register.party, since=date(2026, 6, 1)
        )
        assert word(register, "on_adv_mfg_list") == [True, False]


def test_an_application_granted_makes_the_title(register: Register) -> None:
    with acting(register.by):
        plan = growth.plan_application(
            by=register.by, now=NOW, party=register.party, kind=register.kind("srdi")
        )
        with pytest.raises(Refused, match="is running"):
            growth.plan_application(
                by=register.by, now=NOW, party=register.party, kind=register.kind("srdi")
            )
        growth.submit_application(by=register.by, now=NOW, application=plan, on=date(2026, 6, 1))
        done = growth.grant_application(
            by=register.by,
            now=NOW,
            application=plan,
            facts=TitleFacts(granted_on=date(2026, 11, 1), document_no="鲁工信发〔2026〕1号"),
        )
        assert done.title is not None
        assert done.title.valid_to == date(2029, 10, 31)
        assert [step.state for step in done.steps.all()] == ["planned", "submitted", "granted"]


def test_a_refusal_is_a_persons_with_the_authoritys_reason(register: Register) -> None:
    with acting(register.by):
        plan = growth.plan_application(
            by=register.by, now=NOW, party=register.party, kind=register.kind("srdi")
        )
        with pytest.raises(Refused, match="reason the authority gave"):
            growth.refuse_application(
                by=register.by, now=NOW, application=plan, on=TODAY, reason=""
            )
        with pytest.raises(Refused, match="Only a person"):
            growth.refuse_application(
                by=system(register.by.zone_id), now=NOW, application=plan, on=TODAY, reason="x"
            )
        growth.refuse_application(
            by=register.by, now=NOW, application=plan, on=TODAY, reason="研发费用占比不足"
        )
        with pytest.raises(Refused, match="is over"):
            growth.submit_application(by=register.by, now=NOW, application=plan, on=TODAY)


def test_officers_do_not_keep_the_register(register: Register) -> None:
    officer = register.officer
    with acting(officer), pytest.raises(Refused, match="keeps the register"):
        growth.register_title(
            by=officer,
            now=NOW,
            kind=register.kind("hnte"),
            facts=TitleFacts(granted_on=date(2024, 1, 1)),
            party=register.party,
        )


def test_the_officer_is_told_once_at_each_stage(register: Register) -> None:
    robot = system(register.by.zone_id)
    with acting(register.by):
        title = register.grant("hnte", date(2024, 3, 1))
    with acting(robot):
        # It lapses on 28 February 2027: told a year, half a year and a quarter before, once each.
        for day, told in ((-266, 0), (-265, 1), (-264, 0), (-84, 1), (8, 1), (9, 0)):
            assert growth.give_renewal_tasks(by=robot, now=NOW + timedelta(days=day)) == told
        assert list(
            RenewalNotice.objects.filter(title=title).order_by("id").values_list("stage", flat=True)
        ) == ["m12", "m6", "m3"]
        task = Task.objects.filter(kind="renew_title").order_by("id").last()
        assert task is not None
        assert task.post_id == register.officer.post_id


def test_a_title_that_comes_late_is_told_at_its_nearest_stage_only(register: Register) -> None:
    robot = system(register.by.zone_id)
    with acting(register.by):
        title = register.grant("hnte", date(2024, 1, 1))
    with acting(robot):
        assert growth.give_renewal_tasks(by=robot, now=NOW) == 1
        assert RenewalNotice.objects.get(title=title).stage == "m3"
        assert growth.give_renewal_tasks(by=robot, now=NOW) == 0


def test_one_title_that_nobody_can_be_asked_about_keeps_no_other_back(register: Register) -> None:
    robot = system(register.by.zone_id)
    with acting(register.by):
        first = register.grant("hnte", date(2024, 1, 1))
        second = register.grant("hnte", date(2024, 1, 1), party=register.other)
        # No officer, and in no office anybody who could take it.
        Post.objects.filter(zone_id=robot.zone_id).exclude(pk=register.officer.post_id or 0).update(
            until=TODAY - timedelta(days=1)
        )
    with acting(robot):
        assert growth.give_renewal_tasks(by=robot, now=NOW) == 1
        assert RenewalNotice.objects.get().title_id == first.pk
        [told] = JournalLine.objects.filter(verb="leave_tasks")
        assert register.other.name in told.detail["names"][0]
        assert not RenewalNotice.objects.filter(title=second).exists(), "asked again tomorrow"


def test_a_renewed_title_asks_nothing_of_anybody(register: Register) -> None:
    robot = system(register.by.zone_id)
    with acting(register.by):
        title = register.grant("hnte", date(2024, 1, 1))
    with acting(robot):
        growth.give_renewal_tasks(by=robot, now=NOW)
    with acting(register.by):
        growth.renew_title(by=register.by, now=NOW, title=title, facts=TitleFacts(granted_on=TODAY))
        assert not Task.objects.filter(matter__subject_id=title.pk, state="open").exists()


def test_the_update_of_the_year_is_a_task_of_spring(register: Register) -> None:
    robot = system(register.by.zone_id)
    with acting(register.by):
        register.grant("srdi", date(2026, 6, 1))
    with acting(robot):
        assert not queries.titles_due(zone_id=robot.zone_id, on=date(2027, 3, 1))
        (due,) = queries.titles_due(zone_id=robot.zone_id, on=date(2027, 4, 10))
        assert (due.stage, due.last_on) == ("update-2027", date(2027, 5, 31))


def test_another_zone_and_another_firm_read_nothing(register: Register) -> None:
    with acting(register.by):
        register.grant("hnte", date(2024, 12, 7))
        growth.plan_application(
            by=register.by, now=NOW, party=register.party, kind=register.kind("srdi")
        )
    with acting(register.of("west-economy")):
        assert not Title.objects.exists()
        assert not Application.objects.exists()
    with acting(register.spokesman(register.other)):
        assert not Title.objects.exists()
    with acting(register.spokesman(register.party)):
        assert Title.objects.count() == 1
        assert Application.objects.count() == 1
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            Title.objects.update(valid_to=None)


def _sheet(path: Path, heads: tuple[str, ...], rows: list[tuple[object, ...]]) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(heads)
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def test_a_sheet_names_firms_and_titles_and_says_what_it_cannot_take(
    register: Register, tmp_path: Path
) -> None:
    path = _sheet(
        tmp_path / "titles.xlsx",
        ("企业名称", "称号", "认定日期", "有效期至", "文号"),
        [
            ("东区变压器有限公司", "高新技术企业", date(2024, 12, 7), date(2027, 12, 6), "a"),
            ("东区水泥有限公司", "高新企业", date(2024, 12, 7), None, "a"),
            ("东区变压", "高新技术企业", date(2024, 12, 7), None, "a"),
            ("东区水泥有限公司", "专精特新中小企业", "不知道", None, "a"),
        ],
    )
    with acting(register.by):
        with path.open("rb") as stream:
            seen = growth.preview_titles(
                by=register.by, now=NOW, stream=stream, file_name="titles.xlsx"
            )
        assert (seen.created, seen.rejected) == (1, 3)
        assert not Title.objects.exists()
        assert "高新技术企业" in seen.rows[1]["advice"]
        assert "东区变压器有限公司" in seen.rows[2]["advice"]
        done = growth.commit_titles(by=register.by, now=NOW, sheet=seen)
        assert (done.state, done.created) == (TitleSheet.State.COMMITTED, 1)
        assert Title.objects.get().valid_to == date(2027, 12, 6)
        with path.open("rb") as stream:
            again = growth.preview_titles(
                by=register.by, now=NOW, stream=stream, file_name="titles.xlsx"
            )
        assert (again.created, again.unchanged) == (0, 1)


def test_contracts_come_by_sheet_in_the_unit_of_its_heading(
    register: Register, tmp_path: Path
) -> None:
    path = _sheet(
        tmp_path / "contracts.xlsx",
        ("卖方名称", "合同登记编号", "登记日期", "合同成交金额（万元）"),
        [("东区变压器有限公司", "2026370800000001", date(2026, 3, 1), 120.5)],
    )
    with acting(register.by):
        with path.open("rb") as stream:
            seen = growth.preview_titles(
                by=register.by, now=NOW, stream=stream, file_name="c.xlsx", holds="contracts"
            )
        growth.commit_titles(by=register.by, now=NOW, sheet=seen)
        assert TechContract.objects.get().amount_fen == 120_500_000


class _Said:
    """A lender that says of each firm what it was told."""

    subject = "firm"

    def __init__(self, *values: bool | None) -> None:
        self.values = values

    def words(self, zone_id: int) -> list[Word]:
        return [Word("provincial_rd_org", "研发机构", "R&D body", Kind.FLAG)]

    def columns(self, **_asked: object) -> pa.Table:
        flags = pa.array(self.values, pa.bool_())
        return pa.table({"id": pa.array([1, 2, 3]), "provincial_rd_org": flags})


def test_of_a_word_lent_twice_the_register_counts_and_what_was_said_where_it_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said, kept = _Said(True, False, True), _Said(None, True, False)
    monkeypatch.setattr(vocabularies, "_lenders", {"firm": [said, kept]})
    table = vocabularies.facts(
        zone_id=1, names={"provincial_rd_org"}, as_of=TODAY, known_at=NOW, subject="firm"
    )
    assert table.column_names == ["id", "provincial_rd_org"]
    assert table["provincial_rd_org"].to_pylist() == [True, True, False]
