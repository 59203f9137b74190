"""A sheet that names enterprises: one a row, by credit code or by full name.

No database here.
"""

from pathlib import Path

from xiaoer.base.tables import Field, find_header, read_table
from xiaoer.base.tables.cells import show_cell

FIELDS = (
    Field("firm", "企业", "Enterprise", ("企业名称", "单位名称", "单位详细名称", "公司名称"), max_length=120),
    Field("credit_code", "统一社会信用代码", "Credit code", ("信用代码", "社会信用代码"), max_length=18),
)  # fmt: skip


def lines_of_sheet(path: Path) -> list[str]:
    """Whom each row names: its code where there is one, else its name; without headings its first
    cell. Raises Refused for a file that cannot be read."""
    table = read_table(path, wanted=FIELDS)
    header = find_header(table.rows, FIELDS)
    columns = {match.field.key: at for at, match in header.mapping.items()}
    order = [columns[key] for key in ("credit_code", "firm") if key in columns]
    rows = table.rows[header.row_index + 1 :] if order else table.rows
    named = (
        next((text for at in order or (0,) if (text := show_cell(row[at]).strip())), "")
        for row in rows
    )
    return [text for text in named if text]
