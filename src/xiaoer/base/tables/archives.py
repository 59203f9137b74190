"""Is this workbook safe to open? Measured before the reader sees it.

A sheet is opened in this process, and the reader reserves memory for the whole rectangle up to
the farthest cell: one stray cell in XFD1048576 would ask for 512 GB and kill the server. A long
text named by a hundred thousand cells would be copied as often. Neither shows in the size of the
file, so the parts are read once here; that also proves the sizes the directory claims.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.tables.limits import (
    Limits,
    damaged_words,
    encrypted_words,
    macro_words,
    swollen_words,
    too_large_words,
)


def check_archive(path: Path, limits: Limits) -> None:
    """Refuse a workbook that is damaged, locked, has macros, or would unfold beyond the limits."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_directory(parts, limits)
            cells = 0
            for part in parts:
                with archive.open(part) as stream:
                    cells += _check_part(stream, limits)
            _check_texts(archive, cells, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise Refused(damaged_words()) from error
    except RuntimeError as error:  # zipfile's word for "encrypted, password required"
        raise Refused(encrypted_words()) from error


def _check_directory(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > 2**20 and part.file_size > limits.ratio * max(part.compress_size, 1)
        for part in parts
    )
    if len(parts) > limits.parts or unpacked > limits.unpacked_bytes or swollen:
        raise Refused(swollen_words(unpacked))
    names = {part.filename.lower() for part in parts}
    if any(
        PurePosixPath(name).name == "vbaproject.bin" or "macrosheets/" in name for name in names
    ):
        raise Refused(macro_words())
    if "xl/workbook.xml" not in names:
        raise Refused(
            _(
                "This packed file is not an .xlsx workbook. If it is a sheet of another program, "
                "save it as .xlsx; if it is an archive, unpack it first."
            )
        )


# An ordinary cell is <c r="B12"; "<co", "<cf", "<cu" begin other elements. The first pattern fails
# fast on anything beyond column Z or row 399,999; the second allows columns up to ZZ.
_BEYOND_Z = re.compile(rb'<c(?! r="[A-Z][1-3]?[0-9]{1,5}"|o|f|u)')
_ODD = re.compile(rb'<c(?! r="[A-Z]{1,2}[1-3]?[0-9]{1,5}"|o|f|u)')
_WITH_PREFIX = re.compile(rb":c[ >/\t\r\n]")
_WIDE = re.compile(rb'<c r="([A-Z]{2})')
_TALL = re.compile(rb'<c r="[A-Z]+([0-9]{6})')
_CHUNK = 1 << 22


def _check_part(stream: IO[bytes], limits: Limits) -> int:
    """Bound the rectangle of one part by cheap patterns; measure it exactly where they fail.

    All parts are looked at, whatever their name, because the workbook says which one is a sheet.
    Returns the number of cells.
    """
    cells, widest, odd = 0, 26, False
    for chunk in _whole_tags(stream):
        if b"\0" in chunk or _WITH_PREFIX.search(chunk):
            odd = True
        elif _BEYOND_Z.search(chunk):
            odd = odd or bool(_ODD.search(chunk))
            widest = max(widest, *map(column_of, set(_WIDE.findall(chunk))), 0)
        cells += chunk.count(b"<c ")
    if not odd and widest > 26:
        stream.seek(0)
        odd = widest > limits.columns or widest * _tallest(stream) > limits.cells
    if odd:
        stream.seek(0)
        cells = _measure_part(stream, limits)
    return cells


def _whole_tags(stream: IO[bytes]) -> Iterator[bytes]:
    """Chunks cut before a tag, so that no pattern is torn."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        chunk = rest + chunk
        cut = chunk.rfind(b"<")
        if cut < len(chunk) - 2**20:
            cut = len(chunk)
        yield chunk[:cut]
        rest = chunk[cut:]
    yield rest


def _tallest(stream: IO[bytes]) -> int:
    return max(
        (int(row) for chunk in _whole_tags(stream) for row in set(_TALL.findall(chunk))),
        default=99_999,
    )


def column_of(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


class _Sheet:
    """Measures the rectangle of filled cells as the reader would see it."""

    _REFERENCE = re.compile(r"([A-Za-z]{1,6})([0-9]{1,9})\Z")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.row = self.column = self.bottom = self.right = self.cells = 0

    def open_tag(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                given = attributes.get("r", "")
                self.row = int(given) if given.isdecimal() and len(given) < 10 else self.row + 1
                self.column = 0
            case "c":
                self.cells += 1
                self._place(attributes.get("r", ""))
            case "v" | "is" | "f" if self.column:
                self._grow()

    def _place(self, reference: str) -> None:
        if found := self._REFERENCE.match(reference):
            self.column = column_of(found[1].upper().encode())
            self.row = int(found[2])
        else:
            self.column += 1

    def _grow(self) -> None:
        self.bottom = max(self.bottom, self.row)
        self.right = max(self.right, self.column)
        limits = self.limits
        if (
            self.bottom > limits.rows + 100
            or self.right > limits.columns
            or self.bottom * self.right > limits.cells
        ):
            raise Refused(too_large_words(self.bottom, self.right, limits))

    def refuse_doctype(self, *_args: object) -> None:
        raise Refused(damaged_words())


def _measure_part(stream: IO[bytes], limits: Limits) -> int:
    """Parse a part as XML and refuse a sheet that is spread too far; returns its cells."""
    sheet = _Sheet(limits)
    parser = expat.ParserCreate()
    parser.StartElementHandler = sheet.open_tag
    parser.StartDoctypeDeclHandler = sheet.refuse_doctype
    try:
        parser.ParseFile(stream)
    except expat.ExpatError as error:
        stream.seek(0)
        # A picture is no XML and no harm; a sheet the reader might still accept is.
        if any(b"sheetData" in chunk for chunk in _whole_tags(stream)):
            raise Refused(damaged_words()) from error
    return sheet.cells


_LONG = 1000
_ITEM = re.compile(rb"</(?:[A-Za-z0-9_.-]+:)?si>")
_INDEX = re.compile(rb"<(?:[A-Za-z0-9_.-]+:)?v>([0-9]{1,9})</")


def _check_texts(archive: zipfile.ZipFile, cells: int, limits: Limits) -> None:
    """Refuse texts that are kept once and named so often that they would fill the memory."""
    lengths: list[int] = []
    for part in archive.infolist():
        if "sharedstrings" in part.filename.lower():
            lengths = [len(item) for item in _ITEM.split(archive.read(part))]
    if max(lengths, default=0) * cells <= 2 * limits.unpacked_bytes:
        return
    long = {index: length for index, length in enumerate(lengths) if length > _LONG}
    total = 0
    for part in archive.infolist():
        with archive.open(part) as stream:
            for chunk in _whole_tags(stream):
                total += sum(long.get(int(index), 0) for index in _INDEX.findall(chunk))
        if total > limits.unpacked_bytes:
            raise Refused(swollen_words(total))
