"""What a sheet of one month's figures says, row by row, and which project each row means.

No database here. The unit is the heading's or the cell's; where neither says, the one the person
chose, which the preview shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.tables import Field, clean_table, find_header, read_table
from xiaoer.base.tables.cells import show_cell
from xiaoer.base.units import Money
from xiaoer.projects.list_sheets import Known, Read, match_rows

MOST = 400
UNITS = ("万元", "亿元", "元", "万美元")


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A row of the sheet: the project it means (or candidates), its amount, or why it has none."""

    row_no: int
    what: str
    project_id: int | None
    name: str
    candidates: tuple[tuple[int, str], ...]
    amount: int | None
    note: str
    reason: str


def _fields(unit: str) -> tuple[Field, ...]:
    return (
        Field("name", "项目名称", "Project", ("项目", "名称", "建设项目", "重点项目名称"),
              required=True, max_length=200),
        Field("code", "项目代码", "Code", ("国家代码", "备案代码", "统一项目代码"), max_length=40),
        Field("amount", "本月完成投资", "Amount",
              ("本月完成", "当月完成", "本月投资", "完成投资", "到位资金", "本月到位资金", "实物工作量",
               "本月实物工作量", "固定资产投资", "金额", "本月"), kind="money", unit=unit, required=True),
        Field("note", "备注", "Note", ("说明",), max_length=500),
    )  # fmt: skip


def read_months(path: Path, *, unit: str, currency: str, known: Sequence[Known]) -> list[MonthRow]:
    """The rows of a sheet in its order; rows nobody can read are there with the reason."""
    fields = _fields(unit)
    table = read_table(path, wanted=fields)
    header = find_header(table.rows, fields)
    cleaned = clean_table(table, header, {})
    if cleaned.read > MOST:
        raise Refused(
            _("The sheet has more than %(most)s rows; bring it in in parts.") % {"most": MOST},
            field="sheet",
        )
    keys = [one.key for one in cleaned.fields]
    reads: list[Read] = []
    said: dict[int, dict[str, Any]] = {}
    for row_no, values in zip(cleaned.row_nos, cleaned.rows(), strict=True):
        row = dict(zip(keys, values, strict=True))
        said[row_no] = row
        reads.append(
            Read(row_no, str(row.get("name") or "").strip(), str(row.get("code") or "").strip())
        )
    for problem in cleaned.problems:
        if problem.row_no in set(cleaned.rejected) and problem.row_no not in said:
            cells = table.rows[problem.row_no - table.first_row_no]
            shown = {match.field.key: show_cell(cells[at]) for at, match in header.mapping.items()}
            said[problem.row_no] = {}
            reads.append(Read(problem.row_no, shown.get("name", ""), reason=problem.reason))
    lines = match_rows(sorted(reads, key=lambda one: one.row_no), known)
    return [_row(line, said[line["row_no"]], currency) for line in lines]


def _row(line: dict[str, Any], said: dict[str, Any], currency: str) -> MonthRow:
    money = said.get("amount")
    reason = str(line["reason"])
    amount = None
    if isinstance(money, Money):
        if money.currency == currency:
            amount = money.fen
        else:
            reason = _("the amount is of another currency than this series")
    elif not reason:
        reason = _("no amount")
    return MonthRow(
        row_no=line["row_no"],
        what=line["what"],
        project_id=line["project"],
        name=line["name"],
        candidates=tuple((one["id"], one["name"]) for one in line["candidates"]),
        amount=amount,
        note=str(said.get("note") or "")[:500],
        reason=reason,
    )
