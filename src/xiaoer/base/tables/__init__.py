"""Sheets from outside: read, find the headings, clean, and tell every row's fate. No database."""

from xiaoer.base.tables.cleaning import (
    Cleaned,
    Problem,
    clean_table,
    find_repeats,
)
from xiaoer.base.tables.columns import Severity
from xiaoer.base.tables.converting import Converter, Doubtful
from xiaoer.base.tables.files import Kind, look_at_sheet, sniff_kind
from xiaoer.base.tables.headers import Field, Header, Match, OpenColumn, find_header
from xiaoer.base.tables.left_out import LeftOut, Why
from xiaoer.base.tables.limits import Limits
from xiaoer.base.tables.reading import Table, read_table
from xiaoer.base.tables.reasons import write_reasons
from xiaoer.base.tables.workbooks import OtherSheet

__all__ = [
    "Cleaned",
    "Converter",
    "Doubtful",
    "Field",
    "Header",
    "Kind",
    "LeftOut",
    "Limits",
    "Match",
    "OpenColumn",
    "OtherSheet",
    "Problem",
    "Severity",
    "Table",
    "Why",
    "clean_table",
    "find_header",
    "find_repeats",
    "look_at_sheet",
    "read_table",
    "sniff_kind",
    "write_reasons",
]
