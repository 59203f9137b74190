"""印 The press: what people hold in their hands is made here, as PDF by typst and as Word.

Templates are ours; everything people typed travels beside them as JSON and is only ever set as
text, so that a ``#`` or a ``$`` in a name prints as itself. Only the two fonts shipped with the
product are used: a paper looks the same from every machine.
"""

import json
import struct
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import docx
import pylopdf_fonts_zh_cn
import segno
import typst
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from xiaoer.web import words

PACKAGE = Path(__file__).resolve().parent.parent
"""The root of every template: ``#import "/web/templates/web/press.typ"``."""

Standard = Literal["a-2a", "a-2b", "a-2u", "a-3b", "ua-1"]

SANS = "Noto Sans SC"
SERIF = "Noto Serif SC"
WORD_FONT = "仿宋"
WORD_LATIN_FONT = "Times New Roman"

MISSING_SORT = "〓"
"""What a Chinese printer sets for a character his type case lacks. PDF/A allows no empty box."""

KEPT_COMPILATIONS = 10

QR_MASK = 2
"""One of the eight masks, always. Trying all eight costs six times as much for codes that score
6 % better on average; a reader accepts every one of them."""


class PaperError(Exception):
    """A template of ours is wrong, or one of its fonts is not there. Never the fault of a text."""


def compile_pdf(
    template: Path | str,
    data: Mapping[str, Any],
    *,
    standard: Standard | None = "a-2b",
    made_at: datetime | None = None,
) -> bytes:
    """Set one paper. ``template`` is a file under the package, or typst source written by us.

    ``data`` is what JSON can carry. ``made_at`` goes into the file's own date, so that the same
    paper made twice is the same bytes.
    """
    source: Any = template.encode() if isinstance(template, str) else template
    try:
        pdf, warnings = _compiler().compile_with_warnings(
            source,
            format="pdf",
            sys_inputs={"data": json.dumps(_settable(data), ensure_ascii=False)},
            pdf_standards=standard or [],
            timestamp=None if made_at is None else int(made_at.timestamp()),
        )
    except typst.TypstError as error:
        raise PaperError(error.diagnostic) from error
    if warnings:  # An unknown font family is only a warning to typst, and silently another font.
        raise PaperError("; ".join(warning.message for warning in warnings))
    if not isinstance(pdf, bytes):
        raise PaperError("typst returned no document")
    return pdf


def forget_papers() -> None:
    """Give back what typst remembers of a large paper, some 0.2 MB a sheet. Takes 0.1 s.

    typst keeps every laid-out piece for the next ten compilations in case they share it; after a
    bulk print none does, so ten empty sheets push it out.
    """
    for _ in range(KEPT_COMPILATIONS + 1):
        compile_pdf("", {}, standard=None)


def qr_svg(text: str) -> str:
    """A QR code as a picture of vectors, without its quiet zone: leave four modules of white.

    One path of strokes, a module high and a shade more, so that no viewer shows seams between
    rows.
    """
    matrix = segno.make(text, error="m", micro=False, mask=QR_MASK).matrix
    size = len(matrix)
    strokes = "".join(
        f"M{start} {row}.5h{length}"
        for row, modules in enumerate(matrix)
        for start, length in _dark_runs(modules)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path d="{strokes}" stroke="#000" stroke-width="1.04"/></svg>'
    )


def _dark_runs(modules: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Start and length of each unbroken dark stretch of a row."""
    row = bytes(modules)
    start = row.find(1)
    while start >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        yield start, end - start
        start = row.find(1, end)


# Text ------------------------------------------------------------------------------------------


def legible(text: str) -> str:
    """The text without what has no shape: control characters and marks that reverse the line.

    A direction mark inside a name could make an official paper read otherwise than it is stored.
    """
    if text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in _SHAPELESS)


_SHAPELESS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class _TypeCase(dict[int, str]):
    """Which character is printed for which; learned as they come, since papers repeat."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if _is_variant_mark(code):
            character = ""
        elif code not in _characters() and character != "\n":
            character = MISSING_SORT
        self[code] = character
        return character


def _is_variant_mark(code: int) -> bool:
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


_type_case = _TypeCase()


def _settable(value: Any) -> Any:
    """The same data with every string reduced to what the fonts can print."""
    if isinstance(value, str):
        if value.isascii() and value.isprintable():
            return value
        return legible(value).translate(_type_case)
    if isinstance(value, Mapping):
        return {str(key): _settable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_settable(item) for item in value]
    return value


# Fonts and compiler ----------------------------------------------------------------------------


_FONT_FILES = (pylopdf_fonts_zh_cn.sans_path(), pylopdf_fonts_zh_cn.serif_path())


@cache
def _fonts() -> typst.Fonts:
    """Only the fonts we ship; an installation without them says so at once."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(path.parent) for path in _FONT_FILES],
    )
    lacking = {SANS, SERIF} - set(fonts.families())
    if lacking:
        raise PaperError(f"font families not found: {', '.join(sorted(lacking))}")
    return fonts


@cache
def _characters() -> frozenset[int]:
    """The characters both fonts can print."""
    covered = [frozenset(_mapped_characters(path.read_bytes())) for path in _FONT_FILES]
    return frozenset.intersection(*covered)


def _mapped_characters(font: bytes) -> Iterator[int]:
    """Read an OpenType font's character map: its subtable of format 12, groups of code points."""
    (tables,) = struct.unpack_from(">H", font, 4)
    records = {font[at : at + 4]: at for at in range(12, 12 + 16 * tables, 16)}
    (cmap,) = struct.unpack_from(">I", font, records[b"cmap"] + 8)
    (subtables,) = struct.unpack_from(">H", font, cmap + 2)
    for number in range(subtables):
        (offset,) = struct.unpack_from(">I", font, cmap + 4 + 8 * number + 4)
        subtable = cmap + offset
        if struct.unpack_from(">H", font, subtable) != (12,):
            continue
        (groups,) = struct.unpack_from(">I", font, subtable + 12)
        for first, last, _glyph in struct.iter_unpack(
            ">III", font[subtable + 16 : subtable + 16 + 12 * groups]
        ):
            yield from range(first, last + 1)


_thread = threading.local()


def _compiler() -> typst.Compiler:
    """A warm compiler for each thread: the first paper costs some 50 ms more than the next."""
    if not hasattr(_thread, "compiler"):
        _thread.compiler = typst.Compiler(root=PACKAGE, font_paths=_fonts())
    compiler: typst.Compiler = _thread.compiler
    return compiler


# Word ------------------------------------------------------------------------------------------


def compile_docx(
    write: Callable[[Document], None], *, title: str, made_at: datetime | None = None
) -> bytes:
    """Open an A4 Word document in the fonts of official papers, let ``write`` fill it.

    The fonts are named, not embedded: 仿宋 stands on every Chinese office desktop. Texts of
    people pass through ``legible`` first, for Word's XML carries no control characters.
    """
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(24)
    section.left_margin = section.right_margin = Mm(24)
    normal = document.styles["Normal"]
    normal.font.name = WORD_LATIN_FONT
    normal.font.size = Pt(12)
    look = normal.element.get_or_add_rPr()
    look.get_or_add_rFonts().set(qn("w:eastAsia"), WORD_FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:eastAsia"), "zh-CN")  # Without it commas take the shapes of Taiwan.
    look.append(language)
    properties = document.core_properties
    properties.title = legible(title)
    properties.author = properties.comments = ""
    properties.language = "zh-CN"
    if made_at is not None:
        properties.created = properties.modified = made_at
    write(document)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def set_word_font(run: Run, chinese: str, size: float, *, bold: bool = False) -> None:
    """Word keeps a second font for Chinese; python-docx sets only the first."""
    run.font.size = Pt(size)
    run.font.bold = bold
    run.font.name = WORD_LATIN_FONT
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), chinese)


def write_page_foot(document: Document, text: str) -> None:
    """Centre ``text`` and 第 n / m 页 in the foot of every page; Word counts the pages itself."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for piece in (legible(text) + "　第 ", _PAGE, " / ", _PAGES, " 页"):
        if piece in (_PAGE, _PAGES):
            _add_field(paragraph, piece)
        else:
            set_word_font(paragraph.add_run(piece), WORD_FONT, FOOT_SIZE)


_PAGE, _PAGES = "PAGE", "NUMPAGES"
FOOT_SIZE = 9


def _add_field(paragraph: Paragraph, instruction: str) -> None:
    """A field is four runs to Word; each needs its own font or the number comes out in another."""
    for tag, attribute, content in (
        ("w:fldChar", "begin", None),
        ("w:instrText", None, instruction),
        ("w:fldChar", "separate", None),
        ("w:t", None, "1"),
        ("w:fldChar", "end", None),
    ):
        run = paragraph.add_run()
        set_word_font(run, WORD_FONT, FOOT_SIZE)
        element = OxmlElement(tag)
        if attribute is not None:
            element.set(qn("w:fldCharType"), attribute)
        element.text = content
        run._element.append(element)


# Words of papers -------------------------------------------------------------------------------


def paper_date(day: date | None) -> str:
    """2025年11月4日; an unknown day is a dash. Official papers are always Chinese."""
    return "–" if day is None else f"{day.year}年{day.month}月{day.day}日"


def paper_time(moment: datetime | None) -> str:
    """2025年11月4日 09:05, by the clock on the wall of the zone, whichever the moment carries."""
    if moment is None:
        return "–"
    here = words.local_time(moment)
    return f"{paper_date(here)} {here:%H:%M}"
