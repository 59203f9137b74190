"""From a file to its pages: the words of a PDF where they can be believed, else its pictures."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2

from xiaoer.papers.ocr.lines import Line
from xiaoer.papers.ocr.pictures import LARGEST_SIDE, Picture, decode

MOST_PAGES = 12
PDF = "application/pdf"
_LEAST_WORDS = 12
_LARGE_PICTURE = 0.12
_DPI = 150
_INVISIBLE = 3
# How far a sign may reach into the one before: wide marks that meet are set half a sign closer.
_CLOSER = 0.75


class Unreadable(Exception):
    """Why a file cannot be read, as a code the reader of it translates."""


@dataclass(frozen=True, slots=True)
class Source:
    """A page to be read: its picture, and its words where the file carries them."""

    number: int
    picture: Picture
    lines: tuple[Line, ...] = ()


def sources(content: bytes, media_type: str) -> tuple[list[Source], int]:
    """The pages of a file, at most ``MOST_PAGES``, and how many there are."""
    if media_type != PDF:
        picture = decode(content)
        if picture is None:
            raise Unreadable("damaged")
        return [Source(1, picture)], 1
    with _opened(content) as document:
        count = len(document)
        if not count:
            raise Unreadable("no_pages")
        return [
            _source(document[number], number + 1) for number in range(min(count, MOST_PAGES))
        ], count


def pages_in(content: bytes, media_type: str) -> int:
    """How many pages a file has; nought where it has no pictures of pages at all."""
    if media_type != PDF:
        return 1 if media_type.startswith("image/") else 0
    try:
        with _opened(content) as document:
            return len(document)
    except Unreadable:
        return 0


def picture_of(content: bytes, media_type: str, number: int) -> Picture:
    """One page's picture, as it was before it was made flat."""
    if media_type != PDF:
        return sources(content, media_type)[0][0].picture
    with _opened(content) as document:
        return _rendered(document[number - 1])


# PDFium serves one thread of a process at a time; pages are asked for by several.
_one_at_a_time = threading.Lock()


@contextmanager
def _opened(content: bytes) -> Iterator[Any]:
    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise Unreadable("damaged") from error
        try:
            yield document
        except pypdfium2.PdfiumError as error:
            raise Unreadable("damaged") from error
        finally:
            document.close()


def _source(page: Any, number: int) -> Source:
    picture = _rendered(page)
    return Source(number, picture, _words(page, number))


def _rendered(page: Any) -> Picture:
    width, height = page.get_size()
    scale = min(_DPI / 72, LARGEST_SIDE / max(width, height, 1))
    seen = page.render(scale=scale, rev_byteorder=False).to_numpy()
    return np.ascontiguousarray(seen[..., :3])


def _words(page: Any, number: int) -> tuple[Line, ...]:
    """The lines of the text layer; none where a large picture or hidden words make it doubtful."""
    width, height = page.get_size()
    if page.get_rotation():
        return ()
    for one in page.get_objects():
        kind = one.type
        if kind == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = one.get_bounds()
            if (right - left) * (top - bottom) > _LARGE_PICTURE * width * height:
                return ()
        if kind == pypdfium2.raw.FPDF_PAGEOBJ_TEXT and (
            pypdfium2.raw.FPDFTextObj_GetTextRenderMode(one.raw) == _INVISIBLE
        ):
            return ()
    words = page.get_textpage()
    signs = _signs(words, width, height)
    if sum(not sign[0].isspace() for sign in signs) < _LEAST_WORDS:
        return ()
    return tuple(_as_line(row, number) for row in _rows(signs))


Sign = tuple[str, float, float, float, float]


def _signs(words: Any, width: float, height: float) -> list[Sign]:
    """Every visible sign with its box in parts of the page."""
    text = words.get_text_range()
    count = words.count_chars()
    found: list[Sign] = []
    for number in range(min(count, len(text))):
        sign = text[number]
        if sign.isspace():
            continue
        left, bottom, right, top = words.get_charbox(number, loose=True)
        found.append((sign, left / width, 1 - top / height, right / width, 1 - bottom / height))
    return found


def _rows(signs: list[Sign]) -> list[list[Sign]]:
    """Signs on one height, broken where a column's gap lies between."""
    rows: list[list[Sign]] = []
    for sign in signs:
        row = rows[-1] if rows else None
        if row is not None:
            _text, _left, top, right, bottom = row[-1]
            size = bottom - top
            if abs(sign[2] - top) < 0.5 * size and -_CLOSER * size < sign[1] - right < 1.6 * size:
                row.append(sign)
                continue
        rows.append([sign])
    return rows


def _as_line(row: list[Sign], number: int) -> Line:
    left, right = row[0][1], row[-1][3]
    top, bottom = min(one[2] for one in row), max(one[4] for one in row)
    width = max(right - left, 1e-6)
    return Line(
        number,
        "".join(one[0] for one in row),
        ((left, top), (right, top), (right, bottom), (left, bottom)),
        (1.0,) * len(row),
        tuple(((one[1] + one[3]) / 2 - left) / width for one in row),
    )
