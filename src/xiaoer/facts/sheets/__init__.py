"""What a sheet of figures says, before anything is compared with what is known. No database here.

Three layouts: a list (a line a figure), enterprises by months of one metric, and enterprises by
indicators of one period.
"""

from django.utils.translation import gettext_lazy

from xiaoer.base.tables import Table, find_header
from xiaoer.facts.sheets.firms import FIRM_FIELDS, Ask, read_firms
from xiaoer.facts.sheets.lists import LIST_FIELDS, read_list
from xiaoer.facts.sheets.parts import (
    STAGED,
    ColumnSeen,
    Known,
    Layout,
    Question,
    Shape,
    SheetRead,
    Trouble,
    columns_seen,
)

WANTED = (*LIST_FIELDS, *FIRM_FIELDS)
LAYOUT_WORDS = {
    Layout.LIST: gettext_lazy("a list, one figure a row"),
    Layout.MONTHS: gettext_lazy("enterprises by months"),
    Layout.INDICATORS: gettext_lazy("enterprises by indicators"),
}

__all__ = [
    "FIRM_FIELDS",
    "LAYOUT_WORDS",
    "LIST_FIELDS",
    "STAGED",
    "WANTED",
    "Ask",
    "ColumnSeen",
    "Known",
    "Layout",
    "Question",
    "Shape",
    "SheetRead",
    "Trouble",
    "read_sheet",
]


def read_sheet(table: Table, ask: Ask) -> SheetRead:
    """Take a sheet apart in the layout it has; one that has none says which columns it lacks."""
    keys = {field.key for field in LIST_FIELDS}
    chosen = {at: key for at, key in ask.chosen.items() if key is None or key in keys}
    header = find_header(table.rows, LIST_FIELDS, chosen=chosen)
    if not header.missing:
        return read_list(table, header, ask.known, ask.now)
    firms = read_firms(table, ask)
    if firms is not None:
        return firms
    missing = tuple(field.label for field in header.missing)
    return SheetRead(
        Layout.LIST, header, header.fingerprint, columns_seen(table, header), missing=missing
    )
