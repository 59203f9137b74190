"""A sheet of units as parks send it: looked at, taken over once, completed by the next."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets import unit_sheets
from xiaoer.assets.models import Building, Lease, Occupancy, Unit, UnitSheet
from xiaoer.assets.queries import standings
from xiaoer.assets.tests.carriers import Workshop, build
from xiaoer.base.models import JournalLine
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
HEAD = (
    "楼宇名称",
    "单元编号",
    "楼层",
    "面积（平方米）",
    "净高",
    "荷载",
    "天然气",
    "租金（元/㎡·月）",
    "消防等级",
)
ROWS = (
    ("3号厂房", "101", "1F", "1,500㎡", "8.1米", "1.5吨", "是", "15", "丙类"),
    ("3 号厂房", "１０３", "一层", 900, 7.2, 2000, "", "15元", "丁"),
    ("8#厂房", "A-1", "B1", "2000", "", "", "不通", "", ""),
    ("8号厂房", "A-1", "1", "300", "", "", "", "", ""),
    ("8号厂房", "A-2", "1-2层", "300", "", "", "", "", ""),
    ("8号厂房", "A-3", "1", "", "", "", "", "", ""),
    ("8号厂房", "A-4", "1", "300", "", "1.5", "", "", ""),
    ("8号厂房", "A-5", "1", "300", "", "", "", "0.5元/㎡·天", ""),
    ("合计", "", "", "5000", "", "", "", "", ""),
)


def sheet(rows: tuple[tuple[object, ...], ...] = ROWS) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["园区载体台账（2026 年 11 月）"])
    page.append(HEAD)
    for row in rows:
        page.append(list(row))
    kept = io.BytesIO()
    book.save(kept)
    return SimpleUploadedFile("载体台账.xlsx", kept.getvalue())


@pytest.fixture
def ground(of: Of) -> Workshop:
    return build(of)


def test_each_row_is_told_its_fate_and_nothing_is_written_before(ground: Workshop) -> None:
    with acting(ground.by):
        look = assets.look_at_units(by=ground.by, now=NOW, upload=sheet())
        assert (Unit.objects.count(), Building.objects.count()) == (3, 1)
        fates = {fate.row.row_no: fate.outcome for fate in look.fates}
        assert fates == {
            3: "changed", 4: "created", 5: "created", 6: "rejected", 7: "rejected", 8: "rejected",
            9: "rejected", 10: "rejected",
        }  # fmt: skip
        assert len(look.new_buildings) == 1
        taken = assets.import_units(by=ground.by, now=NOW, file=look.file)
        assert (taken.count("created"), taken.count("changed")) == (2, 1)
        first = Unit.objects.get(building=ground.building, code="101")
        assert (first.load_kg_m2, first.fire_class, first.power_kva) == (1500, "c", 400)
        cellar = Unit.objects.get(code="A-1")
        assert (cellar.floor, cellar.has_gas, cellar.height_m) == (-1, False, None)
        assert cellar.building.area_m2 == Decimal(2300)
        again = assets.import_units(by=ground.by, now=NOW, file=look.file)
        assert (again.count("created"), again.count("changed"), again.count("unchanged")) == (
            0,
            0,
            3,
        )


def test_a_change_names_what_changes_as_people_write_it_and_a_no_names_its_column(
    ground: Workshop,
) -> None:
    lines = (
        "楼宇名称,单元编号,面积(㎡),净高,荷载,天然气,租金（元/㎡·月）,消防等级,排水量\n"
        "3号厂房,101,1500,9.5,2000,有,14,丙,30\n"
        "3号厂房,102,-5,9,2000,有,14,丙,30\n"
        "3号厂房,103,900,9,1.5,有,14,丙,30\n"
    )
    with acting(ground.by), override("zh-hans"):
        assets.change_unit(
            by=ground.by, now=NOW, unit=ground.units[0], version=1,
            facts=replace(
                assets.unit_facts(ground.units[0]), height_m=Decimal("7.20"), load_kg_m2=1500,
                rent_fen=1250, has_gas=None, fire_class="d", drains_t_day=None,
            ),
        )  # fmt: skip
        upload = SimpleUploadedFile("台账.csv", lines.encode())
        look = assets.look_at_units(by=ground.by, now=NOW, upload=upload)
        changed, of_area, of_load = look.fates
        assert changed.outcome == "changed"
        for words in (
            "净高 7.2 m → 9.5 m", "楼面荷载 1,500 kg/m² → 2,000 kg/m²", "天然气 – → 是",
            "租金 12.5\u2009元/m²·月 → 14\u2009元/m²·月", "火灾危险性 丁类 → 丙类", "排水量 – → 30 吨/日",
        ):  # fmt: skip
            assert words in changed.words
        assert "True" not in changed.words
        assert (of_area.outcome, of_area.words[:3]) == ("rejected", "面积：")
        assert not of_load.advice.endswith("。。")


def test_an_area_nobody_can_mean_is_left_out_and_spoils_no_other_row(ground: Workshop) -> None:
    lines = "楼宇名称,单元编号,面积(㎡)\n9号厂房,1,300\n9号厂房,2,1000000000000000000\n10号厂房,1,9e30\n"
    with acting(ground.by):
        upload = SimpleUploadedFile("台账.csv", lines.encode())
        look = assets.look_at_units(by=ground.by, now=NOW, upload=upload)
        assert [fate.outcome for fate in look.fates] == ["created", "rejected", "rejected"]
        assets.import_units(by=ground.by, now=NOW, file=look.file)
        assert Building.objects.get(name="9号厂房").area_m2 == Decimal(300)


def test_a_sheet_of_nothing_and_a_stranger_are_refused(ground: Workshop) -> None:
    with acting(ground.by):
        look = assets.look_at_units(by=ground.by, now=NOW, upload=sheet(ROWS[4:6]))
        with pytest.raises(Refused):
            assets.import_units(by=ground.by, now=NOW, file=look.file)
    for who in ("east-power", "west-economy"):
        with pytest.raises(Refused):
            ground.do(who, assets.import_units, file=look.file)


def test_the_page_shows_the_rows_and_takes_them(
    ground: Workshop, sign_in: Callable[[str], Client]
) -> None:
    staff = sign_in("east-economy")
    answer = staff.post("/carriers/import/", {"sheet": sheet()})
    words = answer.content.decode()
    assert answer.status_code == 200
    assert "8#厂房" in words
    number = re.search(r'name="file" value="(\d+)"', words)
    assert number is not None
    assert staff.post("/carriers/import/", {"file": number[1]}).status_code in (204, 302)
    with acting(ground.by):
        assert Unit.objects.count() == 5


# Who rents a unit ---------------------------------------------------------------------------------

LETTING = (
    "序号", "厂房名称", "房号", "面积(㎡)", "企业名称", "统一社会信用代码", "合同编号", "起租日期", "到期日",
    "租期", "月租金（元）", "押金（万元）", "备注",
)  # fmt: skip
CODE = "91370800MA3C7XQT4R"


def letting(ground: Workshop, merged: bool = True) -> SimpleUploadedFile:
    """A sheet of tenants as parks keep it: merged cells, dates in four writings, words for nothing."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["工业园厂房出租情况表", *[None] * 12])
    page.append(["单位：元", *[None] * 12])
    page.append(LETTING)
    party, other = ground.party.name, ground.other.name
    for row in (
        # 4: a clean one, with a date Excel keeps as such.
        (
            1,
            "3号厂房",
            "101",
            1500,
            party,
            None,
            "HT-1",
            datetime(2025, 1, 1),
            "2027-12-31",
            None,
            "22,500",
            "4.5",
            "",
        ),
        # 5 and 6: one lease of two units, its cells merged.
        (
            2,
            "3#厂房",
            "102",
            "1200㎡",
            f" {other}　",
            None,
            None,
            "2025.3.1",
            "2028年2月29日",
            None,
            30000,
            None,
            "",
        ),
        (3, "3号厂房", "201", 1500, other, None, None, None, None, None, None, None, ""),
        # 7: a term in one cell, rent by the square metre; 8: in months.
        (
            4,
            "5号厂房",
            "A1",
            300,
            party,
            None,
            "HT-3",
            None,
            None,
            "2024.7.1～2026.6.30",
            "15元/㎡·月",
            None,
            "已到期未退",
        ),
        (5, "5号厂房", "A2", 300, party, None, "HT-4", "2026/6/1", None, "36个月", 4800, "/", ""),
        # 9: nobody; 10: not in the register; 11: no term; 12: no rent; 13: a day that does not exist.
        (6, "5号厂房", "A3", 300, "空置", None, None, None, None, None, None, None, ""),
        (
            7,
            "5号厂房",
            "A4",
            300,
            "查无此企业有限公司",
            None,
            "HT-6",
            "2026-1-1",
            "2026-12-31",
            None,
            3000,
            None,
            "",
        ),
        (8, "5号厂房", "A5", 300, party, None, "HT-7", None, None, "长期", 3000, None, ""),
        (
            9,
            "5号厂房",
            "A6",
            300,
            party,
            None,
            "HT-8",
            "2026-1-1",
            "2027-12-31",
            None,
            None,
            None,
            "",
        ),
        (
            10,
            "5号厂房",
            "A7",
            300,
            party,
            None,
            "HT-9",
            "2026-1-1",
            "2026-02-30",
            None,
            3000,
            None,
            "",
        ),
        # 14: the code of one firm, the name of another; 15: backwards; 16: a number taken above.
        (
            11,
            "5号厂房",
            "A8",
            300,
            other,
            CODE,
            "HT-10",
            "2026-1-1",
            "2026-12-31",
            None,
            3000,
            None,
            "",
        ),
        (
            12,
            "5号厂房",
            "A9",
            300,
            party,
            None,
            "HT-11",
            "2026-12-31",
            "2026-1-1",
            None,
            3000,
            None,
            "",
        ),
        (
            13,
            "5号厂房",
            "B1",
            300,
            None,
            CODE.lower(),
            "HT-12",
            "2026-1-1",
            "2026-12-31",
            None,
            "3 000",
            None,
            "",
        ),
        ("合计", None, None, 6900, None, None, None, None, None, None, 66300, None, ""),
    ):
        page.append(row)
    if merged:
        for column in "EFGHIJKL":
            page.merge_cells(f"{column}5:{column}6")
    kept = io.BytesIO()
    book.save(kept)
    return SimpleUploadedFile("出租情况表.xlsx", kept.getvalue())


def many_tenants(ground: Workshop, many: int) -> SimpleUploadedFile:
    """A clean sheet of as many units, each let."""
    lines = ["楼宇名称,单元编号,面积(㎡),企业名称,合同编号,起租日期,到期日,月租金（元）"]
    lines += [
        f"9号厂房,{n:04},300,{ground.party.name},HT-{n:04},2025-01-01,2027-12-31,4500"
        for n in range(1, many + 1)
    ]
    return SimpleUploadedFile("台账.csv", "\n".join(lines).encode())


def coded(ground: Workshop, of: Of) -> None:
    admin = of("east-admin")
    with acting(admin):
        row = Party.objects.get(pk=ground.party.pk)
        facts = registry.PartyFacts(name=row.name, credit_code=CODE)
        registry.change_party(by=admin, now=NOW, party=row, facts=facts, version=row.version)


def test_tenants_of_a_dirty_sheet_are_told_their_fate_before_anything_is_written(
    ground: Workshop, of: Of
) -> None:
    coded(ground, of)
    with acting(ground.by):
        look = assets.look_at_units(by=ground.by, now=NOW, upload=letting(ground))
        assert (Lease.objects.count(), Unit.objects.count()) == (0, 3)
        tenants = {fate.row.row_no: fate.tenant and fate.tenant.outcome for fate in look.fates}
        assert tenants == {
            4: "let", 5: "let", 6: "let", 7: "let", 8: "let", 9: None, 10: "left", 11: None, 12: "left",
            13: None, 14: "left", 15: "left", 16: "let",
        }  # fmt: skip
        rejected = {fate.row.row_no for fate in look.fates if fate.outcome == "rejected"}
        assert rejected == {11, 13}
        words = {fate.row.row_no: fate.tenant.words for fate in look.fates if fate.tenant}
        assert "查无此企业有限公司" in words[10]
        assert ground.party.name in words[14] and ground.other.name in words[14]

        assets.import_units(by=ground.by, now=NOW, file=look.file)
        kept = {row.number: row for row in Lease.objects.select_related("party")}
        assert len(kept) == 5
        first = kept["HT-1"]
        assert (first.rent_fen, first.deposit_fen) == (22_500_00, 45_000_00)
        assert (first.since, first.until) == (date(2025, 1, 1), date(2027, 12, 31))
        both = next(row for row in kept.values() if row.party_id == ground.other.pk)
        assert both.rent_fen == 30_000_00
        assert {one.unit.code for one in both.occupancies.select_related("unit")} == {"102", "201"}
        assert kept["HT-3"].rent_fen == 300 * 15_00
        assert kept["HT-4"].until == date(2029, 5, 31)
        assert kept["HT-12"].party_id == ground.party.pk
        assert {row.state for row in kept.values()} == {Lease.State.IN_FORCE}
        on = date(2026, 11, 20)
        states = {
            one.unit.code: one.state
            for one in standings(Unit.objects.select_related("building"), on)
        }
        assert (states["101"], states["A1"], states["A3"]) == ("let", "overdue", "vacant")
        assert Unit.objects.get(code="A3").rent_fen is None


def test_the_same_sheet_of_tenants_twice_makes_nothing_twice(ground: Workshop, of: Of) -> None:
    coded(ground, of)
    with acting(ground.by):
        look = assets.look_at_units(by=ground.by, now=NOW, upload=letting(ground))
        assets.import_units(by=ground.by, now=NOW, file=look.file)
        before = set(Lease.objects.values_list("pk", "version"))
        again = assets.import_units(by=ground.by, now=NOW, file=look.file)
        assert (again.tenants("let"), again.tenants("same")) == (0, 6)
        assert set(Lease.objects.values_list("pk", "version")) == before
        # A lease a person ended is not begun again by the sheet.
        lease = Lease.objects.get(number="HT-1")
        assets.end_lease(by=ground.by, now=NOW, lease=lease, on=date(2026, 11, 1), why="提前退租")
        third = assets.import_units(by=ground.by, now=NOW, file=look.file)
        assert third.tenants("let") == 0
        fate = next(one.tenant for one in third.fates if one.row.row_no == 4)
        assert fate is not None and fate.outcome == "left" and "HT-1" in fate.words


def test_a_unit_let_to_somebody_else_is_named_not_overwritten(ground: Workshop, of: Of) -> None:
    coded(ground, of)
    with acting(ground.by):
        ground.let(ground.units[0], number="ZL-9", since=date(2026, 1, 1), party=ground.other)
        look = assets.look_at_units(by=ground.by, now=NOW, upload=letting(ground))
        fate = next(one.tenant for one in look.fates if one.row.row_no == 4)
        assert fate is not None
        assert fate.outcome == "left" and "ZL-9" in fate.words and ground.other.name in fate.words
        assert assets.import_units(by=ground.by, now=NOW, file=look.file).tenants("let") == 5
        assert not Lease.objects.filter(number="HT-1").exists()


def test_a_term_or_a_rent_that_reads_two_ways_is_not_guessed() -> None:
    assert unit_sheets.CONVERTERS["rent"]("15", "租金（元/㎡·月）") == unit_sheets.Rent(15_00, "m2")
    assert unit_sheets.CONVERTERS["rent"]("15", "租金") == unit_sheets.Rent(15_00, "m2")
    assert unit_sheets.CONVERTERS["rent"]("280", "月租金（元）") == unit_sheets.Rent(280_00, "unit")
    assert unit_sheets.CONVERTERS["rent"](22500, "月租金") == unit_sheets.Rent(22_500_00, "unit")
    assert unit_sheets.CONVERTERS["rent"]("27", "年租金（万元）") == unit_sheets.Rent(
        22_500_00, "unit"
    )
    assert unit_sheets.CONVERTERS["rent"](22500, "租金") == unit_sheets.Rent(22_500_00, "either")
    term = unit_sheets.CONVERTERS["term"]
    assert term("2024年1月1日起至2026年12月31日止", None) == (date(2024, 1, 1), date(2026, 12, 31))
    assert term("三年", None) == 36
    for text in ("长期", "2024年", "2024.1-2026.12", "2024.13.1-2026.1.1"):
        with pytest.raises(Unreadable):
            term(text, None)


# Taken back ---------------------------------------------------------------------------------------


def brought(ground: Workshop, of: Of) -> UnitSheet:
    coded(ground, of)
    with acting(ground.by):
        known = UnitSheet.objects.count()
        look = assets.look_at_units(by=ground.by, now=NOW, upload=letting(ground))
        assert UnitSheet.objects.count() == known
        assets.import_units(by=ground.by, now=NOW, file=look.file, name="出租情况表.xlsx")
        return UnitSheet.objects.get(name="出租情况表.xlsx")


def taken_back(ground: Workshop, sheet: UnitSheet) -> UnitSheet:
    row: UnitSheet = ground.do("east-economy", assets.take_back_units, sheet=sheet)
    return row


def test_a_sheet_is_taken_back_whole_while_nobody_built_upon_it(ground: Workshop, of: Of) -> None:
    with acting(ground.by):
        before = {
            unit.code: assets.unit_facts(unit) for unit in Unit.objects.filter(until__isnull=True)
        }
        look = assets.look_at_units(by=ground.by, now=NOW, upload=sheet())
        assets.import_units(by=ground.by, now=NOW, file=look.file)
        first = UnitSheet.objects.get()
    assert (first.created, first.changed) == (2, 1)
    taken_back(ground, first)
    second = brought(ground, of)
    assert second.leases == 5
    done = taken_back(ground, second)
    assert (done.stays, done.taken_back_at) == ([], NOW)
    with acting(ground.by):
        units = {one.code: one for one in Unit.objects.select_related("building")}
        assert {code: assets.unit_facts(one) for code, one in units.items()} == before
        assert (Building.objects.count(), Lease.objects.count()) == (1, 0)
        line = JournalLine.objects.filter(verb="take_back_units").order_by("id").last()
        assert line is not None and line.detail["leases"] == 5
        # And what was taken back can be brought in again.
        again = assets.import_units(by=ground.by, now=NOW, file=second.file)
        assert again.tenants("let") == 6
    with pytest.raises(Refused, match="已于"):
        taken_back(ground, second)


def test_what_somebody_built_upon_stays_and_is_named_with_why(ground: Workshop, of: Of) -> None:
    row = brought(ground, of)
    with acting(ground.by):
        kept = Unit.objects.get(code="A3")
        assets.reserve_unit(
            by=ground.by, now=NOW, unit=kept, until=date(2026, 12, 1), party=ground.party
        )
        lease = Lease.objects.get(number="HT-1")
        assets.end_lease(by=ground.by, now=NOW, lease=lease, on=date(2026, 11, 1), why="提前退租")
        marked = Unit.objects.get(code="A2")
        assets.hold_unit(by=ground.by, now=NOW, unit=marked, hold="idle", why="空着")
    stays = {one["what"]: one["why"] for one in taken_back(ground, row).stays}
    assert set(stays) == {
        f"{ground.party.name}的租约 HT-1", "5号厂房 A3", "5号厂房 A2", "5号厂房",
    }  # fmt: skip
    assert "占用" in stays["5号厂房 A3"] and "载体单元" in stays["5号厂房"]
    with acting(ground.by):
        assert {unit.code for unit in Unit.objects.filter(building__name="5号厂房")} == {"A2", "A3"}
        assert {one.number for one in Lease.objects.all()} == {"HT-1"}


def reserved_then_let(ground: Workshop) -> UnitSheet:
    """All three units were kept for the tenant the sheet then names: the first from later on, two from before."""
    who = ground.party.name
    lines = ["楼宇名称,单元编号,面积(㎡),企业名称,合同编号,起租日期,到期日,月租金（元）"]
    with acting(ground.by):
        for unit, since in zip(
            ground.units, ("2025-01-01", "2026-12-16", "2026-12-16"), strict=True
        ):
            assets.reserve_unit(
                by=ground.by,
                now=NOW,
                unit=unit,
                until=date(2027, 3, 1),
                party=ground.party,
                why="看中",
            )
            lines.append(
                f"3号厂房,{unit.code},{unit.area_m2},{who},L-{unit.code},{since},2028-12-31,9000"
            )
        upload = SimpleUploadedFile("出租.csv", "\n".join(lines).encode())
        look = assets.look_at_units(by=ground.by, now=NOW, upload=upload)
        assert assets.import_units(by=ground.by, now=NOW, file=look.file).tenants("let") == 3
        return UnitSheet.objects.get()


def kept_for(ground: Workshop) -> dict[str, tuple[date, date | None]]:
    with acting(ground.by):
        rows = Occupancy.objects.filter(kind="reserved", is_struck=False).select_related("unit")
        return {one.unit.code: (one.since, one.until) for one in rows}


def test_what_was_reserved_before_the_leases_of_a_sheet_is_reserved_again(ground: Workshop) -> None:
    row = reserved_then_let(ground)
    assert kept_for(ground) == {
        code: (date(2026, 11, 20), date(2026, 12, 15)) for code in ("102", "201")
    }
    assert taken_back(ground, row).stays == []
    assert kept_for(ground) == {
        code: (date(2026, 11, 20), date(2027, 3, 1)) for code in ("101", "102", "201")
    }
    with acting(ground.by):
        line = JournalLine.objects.get(verb="take_back_units")
        assert line.detail["reservations"] == 3


def test_a_reservation_that_cannot_come_back_is_named_with_why(ground: Workshop) -> None:
    row = reserved_then_let(ground)
    with acting(ground.by):
        lease = Lease.objects.get(number="L-101")
        assets.end_lease(by=ground.by, now=NOW, lease=lease, on=date(2026, 11, 1), why="提前退租")
        lease = Lease.objects.get(number="L-102")
        kept = Occupancy.objects.get(unit=ground.units[1], kind="reserved")
        assets.release_unit(
            by=ground.by, now=NOW, occupancy=kept, on=date(2026, 12, 1), why="不要了"
        )
        # Somebody took what the lease would have followed on: possible only past the verbs.
        Occupancy.objects.filter(lease__number="L-201").update(since=date(2027, 2, 1))
        assets.reserve_unit(
            by=ground.by, now=NOW, unit=ground.units[2], since=date(2026, 12, 20),
            until=date(2027, 1, 20), party=ground.other,
        )  # fmt: skip
    stays = {one["what"]: one["why"] for one in taken_back(ground, row).stays}
    named = {code: f"为{ground.party.name}预留的3号厂房 {code}" for code in ("101", "102", "201")}
    assert set(stays) == {f"{ground.party.name}的租约 L-101", *named.values()}
    assert "租约" in stays[named["101"]]
    assert stays[named["102"]] == "导入后已被修改"
    assert ground.other.name in stays[named["201"]]
    assert kept_for(ground) == {
        "102": (date(2026, 11, 20), date(2026, 11, 30)), "201": (date(2026, 12, 20), date(2027, 1, 20)),
    }  # fmt: skip


def test_what_was_reserved_for_a_move_in_that_came_to_nothing_stays_free(ground: Workshop) -> None:
    row = reserved_then_let(ground)
    facts = assets.MoveInFacts(name="变压器二期", party=ground.party, content="年产变压器三千台")
    move_in = ground.do(ground.by, assets.open_move_in, facts=facts, units=ground.units[:1])
    ground.do(ground.by, assets.withdraw_move_in, move_in=move_in, reason="不来了")
    [stays] = taken_back(ground, row).stays
    assert stays["what"].endswith("3号厂房 101") and "变压器二期" in stays["why"]
    assert set(kept_for(ground)) == {"102", "201"}


def test_who_does_not_keep_carriers_takes_no_sheet_back(ground: Workshop, of: Of) -> None:
    row = brought(ground, of)
    for who in ("east-power", "west-economy"):
        with pytest.raises(Refused):
            ground.do(who, assets.take_back_units, sheet=row)
    with pytest.raises(Refused):
        ground.do(system(ground.by.zone_id), assets.take_back_units, sheet=row)
    with acting(of("west-economy")):
        assert not UnitSheet.objects.exists()
    with pytest.raises(ProgrammingError), acting(ground.operator):
        UnitSheet.objects.exists()
    # The database itself lets nothing go that no sheet brought in.
    with acting(ground.by):
        Occupancy.objects.all()._raw_delete(using="default")
        assert {unit.code for unit in ground.units} <= {unit.code for unit in Unit.objects.all()}
        with connection.cursor() as cursor:
            cursor.execute("delete from carrier_unit where sheet_id is null")
            assert cursor.rowcount == 0


def test_the_page_and_the_api_list_sheets_and_take_them_back(
    ground: Workshop, of: Of, sign_in: Callable[[str], Client]
) -> None:
    row = brought(ground, of)
    staff = sign_in("east-economy")
    assert "出租情况表.xlsx" in staff.get("/carriers/import/").content.decode()
    assert sign_in("east-power").post("/carriers/import/", {"take_back": row.pk}).status_code == 422
    other = sign_in("west-economy").post("/carriers/import/", {"take_back": row.pk})
    assert other.status_code == 404
    staff.post("/carriers/import/", {"take_back": row.pk})
    assert "已撤回" in staff.get("/carriers/import/").content.decode()


def test_a_sheet_of_many_tenants_asks_the_database_a_fixed_number_of_times(
    ground: Workshop, of: Of
) -> None:
    counts = []
    for many in (5, 60):
        with acting(ground.by):
            file = many_tenants(ground, many)
            with CaptureQueriesContext(connection) as asked:
                look = assets.look_at_units(by=ground.by, now=NOW, upload=file)
            assert look.tenants("let") == many
            counts.append(len(asked))
    assert counts[1] - counts[0] <= 2, counts
