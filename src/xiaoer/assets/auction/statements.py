"""What the statement of an account says, row by row, as banks write them. No database here.

Every bank has its own columns: one amount with a mark of direction, or two columns; the time in the
day's column, beside it, or not at all. What cannot be read is kept with its reason.
"""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.dates import parse_date
from xiaoer.base.refusals import Refused
from xiaoer.base.tables import Field, clean_table, find_header, read_table
from xiaoer.base.tables.cells import show_cell
from xiaoer.base.units import Money

FIELDS = (
    Field("bank_number", "流水号", "Bank's number",
          ("交易流水号", "银行流水号", "核心流水号", "凭证号", "交易序号", "业务编号", "参考号"),
          required=True, max_length=60),
    Field("day", "交易日期", "Day", ("记账日期", "入账日期", "日期", "交易日"), kind="moment"),
    Field("clock", "交易时间", "Time", ("时间", "入账时间", "交易时刻", "交易日期时间"), kind="clock"),
    Field("income", "收入金额", "Money in",
          ("贷方发生额", "贷方金额", "收入", "转入金额", "贷方", "来账金额"), kind="money"),
    Field("outgo", "支出金额", "Money out",
          ("借方发生额", "借方金额", "支出", "转出金额", "借方", "往账金额"), kind="money"),
    Field("amount", "交易金额", "Amount", ("发生额", "金额"), kind="money"),
    Field("direction", "借贷标志", "Direction", ("收支", "借贷", "收付标志", "交易方向"), max_length=20),
    Field("payer", "对方户名", "Payer",
          ("付款人名称", "付款方名称", "付款人", "对方名称", "对方单位", "交易对手"), max_length=80),
    Field("payer_account", "对方账号", "Payer's account",
          ("付款人账号", "付款账号", "对方帐号", "交易对手账号"), max_length=40),
    Field("remark", "附言", "Remark", ("用途", "备注", "交易附言", "附言及用途", "交易备注"), max_length=200),
    Field("note", "摘要", "Summary", ("交易摘要", "摘要说明", "用途说明"), max_length=200),
)  # fmt: skip
MOST_ROWS = 20_000
_ACCOUNT = re.compile(r"(?:账|帐)号\D{0,4}(\d[\d -]{6,36}\d)")
_MOMENT = re.compile(
    r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?[ T]*(\d{1,2})[:时]?(\d{2})[:分]?(\d{2})?(?:\.\d+)?秒?"
)
_CLOCK = re.compile(r"(\d{1,2}):?(\d{2}):?(\d{2})?")
# Words of the direction in which money went out of the account.
_OUT = ("借", "支", "付", "出", "往", "d", "dr")
_SIGNS = re.compile(r"[^0-9A-Z]+")


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A row as read; ``reason`` says why it cannot be counted, ``is_out`` that money went out."""

    row_no: int
    bank_number: str = ""
    at: datetime | None = None
    amount_fen: int = 0
    payer: str = ""
    payer_account: str = ""
    remark: str = ""
    is_out: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StatementRead:
    """The rows of a sheet, and the account its head names."""

    account: str
    rows: tuple[StatementRow, ...]


def read_statement(path: Path) -> StatementRead:
    """The rows of a bank's statement in its order; what nobody can read is there with the reason."""
    table = read_table(path, wanted=FIELDS)
    header = find_header(table.rows, FIELDS)
    cleaned = clean_table(table, header, {"moment": _moment, "clock": _time})
    if cleaned.read > MOST_ROWS:
        raise Refused(
            _("The statement has more than %(most)s rows; bring it in in parts.")
            % {"most": MOST_ROWS},
            field="paper",
        )
    if not {"income", "amount"} & {one.key for one in cleaned.fields}:
        raise Refused(
            _("No column says what came in, such as 收入金额 or 贷方发生额."), field="paper"
        )
    keys = [one.key for one in cleaned.fields]
    rows = [
        _row(row_no, dict(zip(keys, values, strict=True)))
        for row_no, values in zip(cleaned.row_nos, cleaned.rows(), strict=True)
    ]
    rejected = set(cleaned.rejected)
    for problem in cleaned.problems:
        if problem.row_no in rejected:
            rejected.discard(problem.row_no)
            rows.append(StatementRow(problem.row_no, reason=problem.reason))
    above = " ".join(
        show_cell(cell) for row in table.rows[: header.first_index] for cell in row if cell
    )
    account = _ACCOUNT.search(above)
    return StatementRead(
        re.sub(r"\D", "", account[1]) if account else "",
        tuple(sorted(rows, key=lambda one: one.row_no)),
    )


def _row(row_no: int, said: Mapping[str, object]) -> StatementRow:
    def words(key: str) -> str:
        value = said.get(key)
        return "" if value is None else str(value).strip()

    fen, is_out = _fen(said, words("direction"))
    at = _at(said.get("day"), said.get("clock"))
    reason = "" if fen or is_out else _nothing_in(said, words("direction"))
    reason = reason if at or is_out else _("This row does not say when.")
    return StatementRow(
        row_no, words("bank_number"), at, fen,
        words("payer"), words("payer_account"),
        " ".join(part for part in (words("remark"), words("note")) if part)[:200],
        is_out, reason,
    )  # fmt: skip


def _at(day: object, clock: object) -> datetime | None:
    """The moment: in one column, in two, or the beginning of a day that names no time."""
    if isinstance(clock, datetime):
        return clock
    if not isinstance(day, datetime):
        return None
    if isinstance(clock, time):
        return timezone.make_aware(datetime.combine(timezone.localtime(day).date(), clock))
    return day


def _fen(said: Mapping[str, object], direction: str) -> tuple[int, bool]:
    """What came in, in fen, and whether the row is of money that went out."""
    income, outgo, amount = (_of(said.get(key)) for key in ("income", "outgo", "amount"))
    if income is not None and income > 0:
        return income, False
    if outgo and outgo > 0:
        return 0, True
    if amount is None:
        return 0, False
    if direction.casefold().startswith(_OUT) or (amount < 0 and not direction):
        return 0, True
    return max(amount, 0), False


def _nothing_in(said: Mapping[str, object], direction: str) -> str:
    """Why no money came in by a row that is not of money that went out."""
    income, amount = _of(said.get("income")), _of(said.get("amount"))
    if (income is not None and income < 0) or (amount is not None and amount < 0 and direction):
        return _("Money that came was taken back by the bank; look which payment it was.")
    return _("No amount came in by this row.")


def _of(value: object) -> int | None:
    """Fen of yuan; money of another currency is not counted as a deposit."""
    return value.fen if isinstance(value, Money) and value.currency == "CNY" else None


def _moment(cell: object, _unit: str | None = None, /) -> object:
    """A moment; a day alone is its beginning."""
    if isinstance(cell, datetime):
        return cell if timezone.is_aware(cell) else timezone.make_aware(cell)
    if isinstance(cell, str) and (read := _MOMENT.fullmatch(cell.strip())):
        parts = [int(part or 0) for part in read.groups()]
        try:
            return timezone.make_aware(datetime(*parts))  # type: ignore[arg-type]  # six numbers
        except ValueError:  # 25:61 is no beginning of a day, by which a deposit came in time
            return None
    day = parse_date(cell)
    return None if day is None else timezone.make_aware(datetime.combine(day, time()))


def _time(cell: object, _unit: str | None = None, /) -> object:
    """A time of day, or a whole moment, as the column of time holds it."""
    if isinstance(cell, time):
        return cell
    if isinstance(cell, str) and (read := _CLOCK.fullmatch(cell.strip())):
        with suppress(ValueError):
            hour, minute, second = (int(part or 0) for part in read.groups())
            return time(hour, minute, second)
    return _moment(cell)


def plain_signs(text: str) -> str:
    """Letters and digits alone, narrow and great, as codes are looked for in a remark."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text).upper())


def is_same_name(payer: str, name: str) -> bool:
    """Whether a payer is the firm, however wide its brackets and spaces are typed."""
    return _plain_name(payer) == _plain_name(name)


def _plain_name(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def span(rows: tuple[StatementRow, ...]) -> tuple[date, date] | None:
    """The first and the last day of what came in; None where nothing did."""
    days = [timezone.localtime(row.at).date() for row in rows if row.at is not None]
    return (min(days), max(days)) if days else None
