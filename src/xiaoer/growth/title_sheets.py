"""What a sheet of titles or technology contracts says, row by row, before anything is matched.

No database here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.tables import Field, clean_table, find_header, read_table
from xiaoer.base.tables.cells import show_cell

TITLE_FIELDS = (
    Field("firm", "企业", "Enterprise", ("企业名称", "单位名称", "依托单位", "公司名称"), max_length=120),
    Field("credit_code", "统一社会信用代码", "Credit code", ("信用代码", "社会信用代码"), max_length=18),
    Field("kind", "称号", "Title", ("称号名称", "类别", "平台类别", "荣誉类别"), required=True, max_length=80),
    Field("name", "名称", "Name", ("平台名称", "工厂名称", "产品名称", "荣誉名称"), max_length=120),
    Field("granted_on", "认定日期", "Granted on", ("发证日期", "认定时间", "批准日期"), kind="date", required=True),
    Field("valid_to", "有效期至", "Valid until", ("到期日期", "有效期止"), kind="date"),
    Field("document", "文件", "Document", ("认定文件", "批准文件"), max_length=200),
    Field("document_no", "文号", "Document number", ("文件号",), max_length=80),
    Field("certificate_no", "证书编号", "Certificate number", ("证书号", "登记编号"), max_length=80),
)  # fmt: skip
CONTRACT_FIELDS = (
    Field("firm", "企业", "Enterprise", ("卖方名称", "企业名称", "单位名称"), max_length=120),
    Field("credit_code", "统一社会信用代码", "Credit code", ("信用代码",), max_length=18),
    Field("number", "合同登记编号", "Contract number", ("登记编号", "合同编号"), required=True, max_length=40),
    Field("registered_on", "登记日期", "Registered on", ("认定登记日期", "登记时间"), kind="date", required=True),
    Field("amount", "合同成交金额", "Amount", ("成交额", "合同金额", "金额"), kind="money", required=True),
    Field("name", "合同名称", "Name", ("项目名称",), max_length=200),
    Field("counterpart", "买方名称", "Counterpart", ("买方", "对方单位"), max_length=120),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as far as it can be read alone; ``reason`` and ``advice`` say why it cannot."""

    row_no: int
    said: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""
    advice: str = ""

    def text(self, key: str) -> str:
        value = self.said.get(key)
        return "" if value is None else str(value).strip()

    def day(self, key: str) -> date | None:
        value = self.said.get(key)
        return value if isinstance(value, date) else None

    @property
    def pair(self) -> tuple[str, str]:
        """Credit code and name, as firms are matched."""
        return self.text("credit_code").upper(), self.text("firm")


def read_rows(path: Path, wanted: Sequence[Field], *, most: int = 5000) -> list[SheetRow]:
    """The rows of a sheet in its order; rows nobody can read are there with the reason."""
    table = read_table(path, wanted=wanted)
    header = find_header(table.rows, wanted)
    cleaned = clean_table(table, header, {})
    if cleaned.read > most:
        raise Refused(
            _("The sheet has more than %(most)s rows; bring it in in parts.") % {"most": most},
            field="paper",
        )
    keys = [one.key for one in cleaned.fields]
    good = [
        SheetRow(row_no, dict(zip(keys, values, strict=True)))
        for row_no, values in zip(cleaned.row_nos, cleaned.rows(), strict=True)
    ]
    rejected = set(cleaned.rejected)
    bad: dict[int, SheetRow] = {}
    for problem in cleaned.problems:
        if problem.row_no in rejected and problem.row_no not in bad:
            row = table.rows[problem.row_no - table.first_row_no]
            cells = {match.field.key: show_cell(row[at]) for at, match in header.mapping.items()}
            bad[problem.row_no] = SheetRow(problem.row_no, cells, problem.reason, problem.advice)
    return sorted([*good, *bad.values()], key=lambda row: row.row_no)


def texts_of(row: SheetRow) -> Iterator[str]:
    """What the row says, for the list of outcomes."""
    for value in row.said.values():
        if value not in (None, ""):
            yield value.isoformat() if isinstance(value, date) else str(value)
