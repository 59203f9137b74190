"""How large a sheet may be, and the words for one that is refused unread."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a sheet may be; the defaults keep one import under about 600 MB of memory."""

    file_bytes: int = 50 * 2**20
    unpacked_bytes: int = 600 * 2**20
    ratio: int = 200
    parts: int = 5_000
    rows: int = 300_000
    columns: int = 300
    cells: int = 8_000_000

    def allow(self, rows: int, columns: int) -> bool:
        """A few rows more than the limit are titles and headings."""
        return rows <= self.rows + 100 and columns <= self.columns and rows * columns <= self.cells


def encrypted_words() -> str:
    return _(
        "The workbook is protected by a password. Remove the password in Excel (File, Info, "
        "Protect) and upload it again."
    )


def macro_words() -> str:
    return _(
        "The workbook contains macros, which are not accepted. Save it as .xlsx (without macros) "
        "and upload that."
    )


def damaged_words() -> str:
    return _(
        "The file is damaged and cannot be read. Open it in Excel, save it again as .xlsx and "
        "upload that."
    )


def far_words() -> str:
    return _(
        "The workbook asks for more memory or time than a table needs, most often because of a "
        "stray cell far below or right of it. Copy the table alone into a new workbook and upload "
        "that."
    )


def swollen_words(unpacked: int) -> str:
    return _(
        "The workbook unpacks to %(size)s MB, far more than a table needs. Copy the table alone "
        "into a new workbook and upload that."
    ) % {"size": round(unpacked / 2**20)}


def too_large_words(rows: int, columns: int, limits: Limits) -> str:
    return _(
        "The sheet reaches to row %(rows)s and column %(columns)s or beyond; up to %(row_limit)s "
        "rows and %(column_limit)s columns are read at once. Delete stray cells beyond the table, "
        "or split it."
    ) % {
        "rows": rows,
        "columns": columns,
        "row_limit": limits.rows,
        "column_limit": limits.columns,
    }
