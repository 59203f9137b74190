"""One reading of one file: pages, fields, and a second look only where the first needs it."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from xiaoer.papers.ocr import normal, pictures
from xiaoer.papers.ocr.documents import Source, sources
from xiaoer.papers.ocr.engine import Engine
from xiaoer.papers.ocr.fields import UNSURE, Found, Span, Wanted, doubted, find, is_gainsaid
from xiaoer.papers.ocr.lines import Line, Page
from xiaoer.papers.ocr.pictures import Picture

SURE = 0.9
"""Below this a line is looked at a second time."""
Mask = NDArray[np.bool_] | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it was read, with what a second look needs."""

    page: Page
    picture: Picture  # flat and upright, with its seals
    seals: Mask
    glare: Mask
    strips: tuple[tuple[Line, Picture], ...]
    is_text: bool


@dataclass(frozen=True, slots=True)
class Read:
    """The whole: as it travels to whoever asked."""

    way: str
    pages: int
    turned: int
    lines: tuple[Line, ...]
    fields: tuple[Found, ...]
    signs: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        return {
            "way": self.way,
            "pages": self.pages,
            "turned": self.turned,
            "lines": [line.told() for line in self.lines],
            "fields": [found.told() for found in self.fields],
            "signs": list(self.signs),
        }


def read(engine: Engine, content: bytes, media_type: str, wanted: Sequence[Wanted]) -> Read:
    """Read a file as a paper with these fields."""
    found, count = sources(content, media_type)
    sheets = [_sheet(engine, source) for source in found]
    fields = [
        _looked_at_again(engine, sheets, one, wanted)
        for one in find([sheet.page for sheet in sheets], wanted)
    ]
    signs = []
    if any(sheet.glare is not None for sheet in sheets):
        signs.append("glare")
    if any(sheet.seals is not None for sheet in sheets):
        signs.append("seal")
    if count > len(found):
        signs.append("more_pages")
    return Read(
        "text_layer" if all(sheet.is_text for sheet in sheets) else "ocr",
        count,
        sheets[0].page.turned,
        tuple(line for sheet in sheets for line in sheet.page.lines),
        tuple(fields),
        tuple(signs),
    )


def _sheet(engine: Engine, source: Source) -> Sheet:
    if source.lines:
        height, width = source.picture.shape[:2]
        page = Page(source.number, width, height, source.lines)
        return Sheet(page, source.picture, None, None, (), is_text=True)
    flat = pictures.flatten(source.picture)
    mask, light = pictures.seals(flat), pictures.glare(flat)
    clean = flat if mask is None else pictures.without_seals(flat, mask)
    page, strips = engine.read(clean, source.number)
    if page.turned:
        flat = pictures.turn(flat, page.turned)
        mask, light = (
            None if one is None else np.rot90(one, -page.turned // 90 % 4) for one in (mask, light)
        )
    pairs = tuple(zip(page.lines, strips, strict=True))
    return Sheet(page, flat, mask, light, pairs, is_text=False)


def _looked_at_again(
    engine: Engine, sheets: Sequence[Sheet], found: Found, wanted: Sequence[Wanted]
) -> Found:
    """A field under a seal, of a text layer or not sure is read once more, another way."""
    if not found.value or not found.spans or is_gainsaid(found):
        return found  # a clearer look at the same signs settles nothing
    sheet = next(one for one in sheets if one.page.number == found.page)
    if pictures.share_inside(sheet.glare, found.box) > 0:
        return replace(found, confidence=min(found.confidence, UNSURE))
    is_sealed = pictures.share_inside(sheet.seals, found.box) > 0
    if not (is_sealed or sheet.is_text or found.confidence < SURE):
        return found
    asked = next(one for one in wanted if one.code == found.code)
    strips = [_strip(sheet, span, enhance=not (is_sealed or sheet.is_text)) for span in found.spans]
    told = engine.signs(strips)
    surer = min((one for text, sure, _at in told for sign, one in zip(text, sure, strict=True)
                 if sign.isalnum()), default=0.0)  # fmt: skip
    again = _compared(found, asked, "".join(text for text, _sure, _at in told))
    if is_sealed or sheet.is_text or again.others != found.others:
        return again
    # Hard to read at first, the same once it was made clear: as sure as the clear reading.
    return replace(again, confidence=max(again.confidence, surer))


def _compared(found: Found, asked: Wanted, again: str) -> Found:
    """The same value read twice stands; another one is kept beside it, and neither is sure."""
    value = normal.normal(asked.sort, "".join(again.split()), asked.unit)
    first = "".join(span.text for span in found.spans)
    if value == found.value or _same_signs(first, again):
        return found
    return doubted(found, (value or again.strip() or "?",))


def _same_signs(first: str, second: str) -> bool:
    """Equal but for blanks and the width of punctuation."""
    one, other = (
        "".join(sign for sign in normal.normal(normal.TEXT, text) if sign.isalnum())
        for text in (_narrow(first), _narrow(second))
    )
    return bool(one) and one == other


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _strip(sheet: Sheet, span: Span, *, enhance: bool) -> Picture:
    """The signs of a span cut from the page as it came, with a margin."""
    height, width = sheet.picture.shape[:2]
    quad = np.array(span.placed.line.quad, np.float32) * (width, height)
    a, b, c, d = (quad[corner] for corner in range(4))
    signs = span.placed.signs
    at = span.placed.line.at
    half = 0.62 / max(len(span.placed.line.text), 1)
    first = max(0.0, at[signs[span.begin]] - half)
    last = min(1.0, at[signs[span.end - 1]] + half)
    start = np.array(
        [a + (b - a) * first, a + (b - a) * last, d + (c - d) * last, d + (c - d) * first],
        np.float32,
    )
    wide = max(8, int(np.linalg.norm(start[1] - start[0])))
    high = max(8, int(np.linalg.norm(start[3] - start[0])))
    goal = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    strip = cv2.warpPerspective(
        sheet.picture, cv2.getPerspectiveTransform(start, goal), (wide, high),
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return _enhanced(strip) if enhance else np.asarray(strip, np.uint8)


def _enhanced(strip: Any) -> Picture:
    """Larger and of more contrast, for what was hard to read."""
    grey = cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY)
    even = cv2.createCLAHE(2.0, (4, 4)).apply(
        cv2.resize(grey, None, fx=1.6, fy=1.6, interpolation=cv2.INTER_CUBIC)
    )
    return np.asarray(cv2.cvtColor(even, cv2.COLOR_GRAY2BGR), np.uint8)
