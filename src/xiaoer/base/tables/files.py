"""What is this file? Decided by content; the name says nothing."""

from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext as _

from xiaoer.base import sniffing
from xiaoer.base.refusals import Refused
from xiaoer.base.tables.archives import check_archive
from xiaoer.base.tables.limits import Limits, encrypted_words, macro_words


class Kind(StrEnum):
    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"
    JSON = "json"


_SORTS = {
    Kind.XLSX: sniffing.XLSX,
    Kind.XLS: sniffing.XLS,
    Kind.CSV: sniffing.CSV,
    Kind.JSON: sniffing.JSON,
}


def look_at_sheet(path: Path, _name: str) -> sniffing.Sort:
    """The sort of an uploaded sheet by its content; refuses macros, bombs and what is no sheet."""
    return _SORTS[sniff_kind(path, Limits())]


def sniff_kind(path: Path, limits: Limits) -> Kind:
    """The kind of a file by its first bytes; raises Refused for what is no sheet."""
    size = path.stat().st_size
    if size == 0:
        raise Refused(_("The file is empty (0 bytes). Save the sheet again and upload it."))
    if size > limits.file_bytes:
        raise Refused(
            _(
                "The file has %(size)s MB, more than the %(limit)s MB allowed. Remove pictures "
                "or split it, and upload again."
            )
            % {"size": round(size / 2**20, 1), "limit": round(limits.file_bytes / 2**20, 1)}
        )
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"PK\x03\x04"):
        check_archive(path, limits)
        return Kind.XLSX
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        _check_compound(path)
        return Kind.XLS
    _refuse_strangers(head)
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = head.decode(encoding, "ignore")
    return Kind.JSON if text.lstrip()[:1] in ("{", "[") else Kind.CSV


_STRANGERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


def _refuse_strangers(head: bytes) -> None:
    if head.startswith((*_STRANGERS, b"PK\x05\x06", b"\x7fELF", b"MZ")):
        raise Refused(
            _(
                "This is a picture, document or packed file, not a table. Upload an Excel "
                "workbook (.xlsx, .xls), a CSV or a JSON file."
            )
        )
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:300].lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head")):
        raise Refused(
            _(
                "This is a web page saved under the name of a sheet. Open it in Excel, save it "
                "as .xlsx and upload that."
            )
        )


def _check_compound(path: Path) -> None:
    """Old Excel, but also encrypted new Excel, Word and whatever else lives in this container."""
    content = path.read_bytes()

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise Refused(encrypted_words())
    if holds("_VBA_PROJECT") or holds("VBA\0"):
        raise Refused(macro_words())
    if not (holds("Workbook") or holds("Book")):
        raise Refused(
            _(
                "This Office file is not an Excel workbook. Copy the table into Excel and save "
                "it as .xlsx."
            )
        )
