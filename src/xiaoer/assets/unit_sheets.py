"""What a sheet of buildings, units and their tenants says, row by row. No database here.

One row a unit, with the name of its building and who rents it; what is left empty is not known and
changes nothing.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.assets.models import Building, FireClass
from xiaoer.base.dates import parse_date
from xiaoer.base.reading import Unreadable, take_apart
from xiaoer.base.refusals import Refused
from xiaoer.base.tables import Converter, Field, Header, clean_table, find_header, read_table
from xiaoer.base.tables.cells import Cell, show_cell

MOST = 5000
KINDS = {
    "标准厂房": Building.Kind.WORKSHOP, "厂房": Building.Kind.WORKSHOP, "企业厂房": Building.Kind.OWN_WORKSHOP,
    "自建厂房": Building.Kind.OWN_WORKSHOP, "研发楼": Building.Kind.RESEARCH, "研发": Building.Kind.RESEARCH,
    "办公楼": Building.Kind.OFFICE, "写字楼": Building.Kind.OFFICE, "办公": Building.Kind.OFFICE,
    "仓库": Building.Kind.WAREHOUSE, "仓储": Building.Kind.WAREHOUSE, "宿舍": Building.Kind.DORMITORY,
    "公寓": Building.Kind.DORMITORY,
}  # fmt: skip
FIRE = {
    **{f"{sign}{tail}": code for sign, code in zip("甲乙丙丁戊", FireClass, strict=True)
       for tail in ("", "类", "级", "类厂房")},
    **{code.value: code for code in FireClass},
    "丙1": FireClass.C, "丙2": FireClass.C, "丙一类": FireClass.C, "丙二类": FireClass.C,
}  # fmt: skip
YES = {
    **dict.fromkeys(("有", "是", "通", "已通", "√", "✓", "y", "yes", "1"), True),
    **dict.fromkeys(("否", "不通", "未通", "×", "x", "n", "no", "0"), False),
}
FIELDS = (
    Field("building", "楼宇名称", "Building", ("楼宇", "厂房", "厂房名称", "楼栋", "楼号", "建筑名称", "栋号", "所在楼宇"),
          required=True, max_length=80),
    Field("code", "单元编号", "Unit", ("单元", "房号", "跨号", "单元号", "车间", "载体编号", "铺位号"), required=True, max_length=40),
    Field("floor", "楼层", "Floor", ("所在楼层", "层", "层数位置"), kind="floor"),
    Field("area_m2", "面积", "Area", ("建筑面积", "可租面积", "单元面积", "租赁面积", "面积平方米"), kind="area",
          required=True, unit="平方米"),
    Field("height_m", "净高", "Clear height", ("层高", "净空高度", "高度"), kind="metres"),
    Field("load_kg_m2", "楼面荷载", "Floor load", ("荷载", "承重", "地面荷载", "楼板荷载", "承载"), kind="load"),
    Field("column_m", "柱距", "Column spacing", ("柱网", "最小柱距"), kind="metres"),
    Field("crane_t", "行车吨位", "Crane", ("行车", "吊车", "起重", "起重吨位"), kind="tonnes"),
    Field("power_kva", "电力容量", "Power", ("电力", "变压器容量", "配电", "用电容量", "供电"), kind="kva"),
    Field("has_gas", "天然气", "Gas", ("燃气", "通气"), kind="choice", choices=YES),
    Field("has_steam", "蒸汽", "Steam", ("供汽", "蒸汽供应"), kind="choice", choices=YES),
    Field("drains_t_day", "排水量", "Waste water", ("排污", "污水排放", "允许排水量"), kind="tonnes"),
    Field("fire_class", "火灾危险性", "Fire class", ("消防等级", "火灾类别", "生产火灾危险性", "消防类别"), kind="choice",
          choices=FIRE),
    Field("rent", "租金", "Rent", ("租金单价", "租金报价", "租金标准"), kind="rent"),
    Field("kind", "楼宇类型", "Kind of building", ("建筑类型", "载体类型", "类型"), kind="choice", choices=KINDS),
    Field("building_m2", "楼宇面积", "Floor area", ("总建筑面积", "楼宇建筑面积", "整栋面积"), kind="area", unit="平方米"),
    Field("floors", "总层数", "Floors", ("层数", "地上层数"), kind="floor"),
    Field("note", "备注", "Note", ("说明",), max_length=300),
    Field("tenant", "企业名称", "Tenant", ("承租企业", "承租方", "承租人", "承租单位", "入驻企业", "入驻企业名称", "租户",
          "租户名称", "现租户", "使用企业", "乙方"), max_length=120),
    Field("tenant_code", "统一社会信用代码", "Credit code", ("信用代码", "社会信用代码", "税号"), max_length=30),
    Field("lease_number", "合同编号", "Number of the lease", ("租赁合同编号", "租约编号", "合同号"), max_length=40),
    Field("lease_term", "租期", "Term of the lease", ("租赁期限", "租赁期", "合同期限", "起止日期", "租赁起止日期"), kind="term"),
    Field("lease_since", "租期起", "Let from", ("起租日", "起租日期", "租赁起始日", "租赁开始日期", "租期开始", "合同起始日",
          "合同开始日期"), kind="date"),
    Field("lease_until", "租期止", "Let until", ("止租日", "到期日", "到期日期", "租赁到期日", "租赁截止日期", "租期结束",
          "合同到期日", "合同截止日期"), kind="date"),
    Field("lease_rent", "月租金", "Rent a month", ("合同租金", "合同月租金", "实际租金", "租金总额", "月租金总额", "年租金"),
          kind="rent"),
    Field("deposit", "押金", "Deposit", ("保证金", "租赁押金", "租赁保证金", "履约保证金"), kind="money"),
)  # fmt: skip
_FLOOR = re.compile(
    r"(?:第|地上)?(-?\d{1,3}|[一二三四五六七八九十]{1,3})(?:层|楼|f)?", re.IGNORECASE
)
_BELOW = re.compile(r"(?:b|负|地下|-)(\d|[一二三四五])(?:层|楼|f)?", re.IGNORECASE)
_DIGITS = {sign: number for number, sign in enumerate("一二三四五六七八九", start=1)}
_EACH_DAY = re.compile(r"[/每·.]?(天|日)")
_EACH_M2 = re.compile(r"m2|平方|平米|/平|单价", re.IGNORECASE)
_OF_WHOLE = re.compile(r"[总年万]|合同|[（(]元[)）]|元/月")
_DAY = r"\d{4}[年./-]\d{1,2}[月./-]\d{1,2}日?|\d{8}"
_FROM_TO = re.compile(rf"[自从]?({_DAY})(?:起?(?:至|到|~|-|—|–|_)+)({_DAY})止?")
_YEARS = re.compile(r"(\d{1,2}|[一二三四五六七八九十])(年|个?月)")
# Columns that say of a row who rents it.
OF_LEASE = (
    "tenant", "tenant_code", "lease_number", "lease_term", "lease_since", "lease_until",
    "lease_rent", "deposit",
)  # fmt: skip
# What a cell of the tenant says of a unit nobody rents.
NOBODY = frozenset(
    {"空置", "空", "闲置", "待租", "招租中", "待招商", "未出租", "未租", "无租户", "vacant"}
)
DEAREST_FEN = 300_00
"""For a square metre a month; a bare rent above it is one of the whole unit."""


@dataclass(frozen=True, slots=True)
class Rent:
    """A rent a month as a sheet says it: for a square metre, for the whole unit, or one cannot tell."""

    fen: int
    of: str

    def whole(self, area_m2: Decimal) -> int:
        return round(self.fen * area_m2) if self.of == "m2" else self.fen


@dataclass(frozen=True, slots=True)
class Tenancy:
    """Who rents a unit by the sheet, from when until when, for how much. ``None``: not said."""

    name: str = ""
    code: str = ""
    number: str = ""
    since: date | None = None
    until: date | None = None
    rent: Rent | None = None
    deposit_fen: int | None = None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A row of the sheet: what it says, or why it cannot be read.

    ``is_empty``: the sheet says in words that nobody rents it.
    """

    row_no: int
    said: dict[str, Any] = field(default_factory=dict)
    what: str = ""
    reason: str = ""
    advice: str = ""
    tenancy: Tenancy | None = None
    is_empty: bool = False


def read_units(path: Path) -> list[UnitRow]:
    """The rows of a sheet in its order; rows nobody can read are there with the reason."""
    table = read_table(path, wanted=FIELDS)
    header = find_header(table.rows, FIELDS)
    header = find_header(table.rows, FIELDS, units=dict(_rent_headings(header)))
    cleaned = clean_table(table, header, CONVERTERS)
    if cleaned.read > MOST:
        raise Refused(
            _("The sheet has more than %(most)s rows; bring it in in parts.") % {"most": MOST},
            field="sheet",
        )
    keys = [one.key for one in cleaned.fields]
    rows = [
        _row(row_no, dict(zip(keys, values, strict=True)))
        for row_no, values in zip(cleaned.row_nos, cleaned.rows(), strict=True)
    ]
    bad: dict[int, UnitRow] = {}
    rejected = set(cleaned.rejected)
    for problem in cleaned.problems:
        if problem.row_no in rejected and problem.row_no not in bad:
            cells = table.rows[problem.row_no - table.first_row_no]
            shown = {match.field.key: show_cell(cells[at]) for at, match in header.mapping.items()}
            what = f"{shown.get('building', '')} {shown.get('code', '')}".strip()
            bad[problem.row_no] = UnitRow(
                problem.row_no, {}, what[:120], f"{problem.field.label if problem.field else ''}：{problem.reason}",
                problem.advice,
            )  # fmt: skip
    return sorted([*rows, *bad.values()], key=lambda row: row.row_no)


def _rent_headings(header: Header) -> Iterator[tuple[int, str]]:
    """What a rent is for stands in its heading, in more ways than units are written elsewhere."""
    for column, match in header.mapping.items():
        if match.field.kind == "rent":
            yield column, header.names[column]


def _row(row_no: int, said: dict[str, Any]) -> UnitRow:
    known = {key: value for key, value in said.items() if value not in (None, "")}
    what = f"{known.get('building', '')} {known.get('code', '')}".strip()
    let = {key: known.pop(key) for key in OF_LEASE if key in known}
    if bare(let.get("tenant", "")) in NOBODY:
        return UnitRow(row_no, _asked_rent(known, let), what, is_empty=True)
    named = let.get("tenant") or let.get("tenant_code")
    asked: Rent | None = known.get("rent")
    if asked is not None and asked.of == "unit" and "lease_rent" not in let:
        let["lease_rent"] = asked
    elif asked is not None and asked.of == "either":
        text = f"{asked.fen / 100:g}"
        return UnitRow(row_no, {}, what, _("rent %(rent)s: for a square metre or for the whole unit?") % {"rent": text},
                       _("Write 15元/㎡·月 or 22500元/月."))  # fmt: skip
    known = _asked_rent(known, {} if named else let)
    if not named:
        return UnitRow(row_no, known, what)
    since, until = _days(let)
    rent = let.get("lease_rent") or (asked if asked is not None and asked.of == "m2" else None)
    deposit = let.get("deposit")
    return UnitRow(
        row_no, known, what,
        tenancy=Tenancy(
            let.get("tenant", ""), re.sub(r"\s", "", let.get("tenant_code", "")).upper(),
            let.get("lease_number", ""), since, until, rent,
            None if deposit is None else deposit.fen,
        ),
    )  # fmt: skip


def _asked_rent(known: dict[str, Any], let: dict[str, Any]) -> dict[str, Any]:
    """The rent asked for a square metre, in fen; of a unit nobody rents it may stand as its monthly rent."""
    rents = [one for one in (known.pop("rent", None), let.get("lease_rent")) if one is not None]
    asked = next((one for one in rents if one.of == "m2"), None)
    return known if asked is None else {**known, "rent": asked.fen}


def _days(let: dict[str, Any]) -> tuple[date | None, date | None]:
    """The first and the last day, from columns of their own or from a term such as 3年."""
    since, until, term = let.get("lease_since"), let.get("lease_until"), let.get("lease_term")
    if isinstance(term, tuple):
        return since or term[0], until or term[1]
    if until is None and since is not None and isinstance(term, int):
        until = _months_on(since, term) - timedelta(days=1)
    return since, until


def _months_on(day: date, months: int) -> date:
    """The same day so many months later; of a shorter month its last."""
    ahead = day.month - 1 + months
    year, month = day.year + ahead // 12, ahead % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def bare(name: str) -> str:
    """A name without what people write differently: spaces, brackets, stops, case, # for 号."""
    return "".join(sign for sign in name.casefold().replace("#", "号") if sign.isalnum())


# What cells of these columns hold ----------------------------------------------------------------


def _floor(cell: Cell, _unit: str | None = None, /) -> int:
    """1, 1F, 一层, B1, 地下一层; a floor of several is not one."""
    text = _plain(cell)
    if text.endswith(".0"):
        text = text[:-2]
    if below := _BELOW.fullmatch(text):
        return -_number(below[1])
    if found := _FLOOR.fullmatch(text):
        return _number(found[1])
    raise Unreadable(gettext_lazy("“{value}” is no floor. Type 1, 2 or B1."), value=text)


def _number(text: str) -> int:
    if text.lstrip("-").isdigit():
        return int(text)
    if text == "十":
        return 10
    tens, _ten, ones = text.rpartition("十")
    if not _ten:
        return _DIGITS.get(text, 0)
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)


def _figure(cell: Cell, unit: str | None) -> tuple[Decimal, str]:
    """A figure and the unit the cell or its column names."""
    text = _plain(cell)
    found = take_apart(text)
    if found is None or found.head:
        raise Unreadable(
            gettext_lazy(
                "“{value}” is not a number. Type digits only; the unit stands in the heading."
            ),
            value=text,
        )
    tail = (found.tail or unit or "").casefold().replace("²", "2").replace("㎡", "m2")
    return Decimal(found.digits).scaleb(-found.places), tail


def _plain(cell: Cell) -> str:
    return str(cell).strip().replace("，", ",").replace("：", ":").replace("～", "~")


def _measured(*units: str) -> Converter:
    """A figure that is bare or names one of these units."""

    def convert(cell: Cell, unit: str | None = None, /) -> Decimal:
        value, tail = _figure(cell, unit)
        if tail and not any(tail.startswith(one) for one in units):
            raise Unreadable(
                gettext_lazy("“{value}” is of another unit; this column is in {unit}."),
                value=show_cell(cell), unit=units[0],
            )  # fmt: skip
        return value

    return convert


def _load(cell: Cell, unit: str | None = None, /) -> int:
    """kg/m², also where a cell says tonnes; a bare number that could be either is not guessed."""
    value, tail = _figure(cell, unit)
    if tail.startswith(("t", "吨")):
        return round(value * 1000)
    if tail.startswith(("kn", "千牛")):
        return round(value * 102)
    if not tail and value < 50:
        raise Unreadable(
            gettext_lazy("“{value}”: kilograms or tonnes for a square metre? Write 1500 or 1.5t."),
            value=show_cell(cell),
        )
    return round(value)


def _rent(cell: Cell, heading: str | None = None, /) -> Rent:
    """A rent a month in fen. A rent by the day is not turned into months; one by the year is."""
    value, tail = _figure(cell, "")
    said = tail if "/" in tail or "每" in tail else f"{tail} {heading or ''}"
    said = said.casefold().replace("²", "2").replace("㎡", "m2")
    if _EACH_DAY.search(said):
        raise Unreadable(
            gettext_lazy("“{value}” is a rent by the day. Write it by the month."),
            value=show_cell(cell),
        )
    fen = round(value * (1_000_000 if "万" in said else 100) / (12 if "年" in said else 1))
    if _EACH_M2.search(said):
        return Rent(fen, "m2")
    if re.search("[月年]", tail) or _OF_WHOLE.search(said):
        return Rent(fen, "unit")
    if fen <= DEAREST_FEN:
        return Rent(fen, "m2")
    return Rent(fen, "unit" if "月" in said else "either")


def _term(cell: Cell, _unit: str | None = None, /) -> tuple[date, date] | int:
    """2024.1.1-2026.12.31 as two days; 3年 or 36个月 as months."""
    text = re.sub(r"\s", "", _plain(cell))
    if found := _FROM_TO.fullmatch(text):
        first, last = parse_date(found[1]), parse_date(found[2])
        if first is not None and last is not None:
            return first, last
    if found := _YEARS.fullmatch(text):
        return _number(found[1]) * (12 if found[2] == "年" else 1)
    raise Unreadable(gettext_lazy("“{value}” is no term. Type 2024-01-01至2026-12-31."), value=text)


CONVERTERS: dict[str, Converter] = {
    "floor": _floor,
    "metres": _measured("米", "m"),
    "tonnes": _measured("吨", "t"),
    "kva": _measured("kva", "千伏安"),
    "load": _load,
    "rent": _rent,
    "term": _term,
}
