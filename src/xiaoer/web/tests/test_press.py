"""The press prints what it is given, in its own fonts, and runs nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from xiaoer.web import press

SAYING = """
#import "/web/templates/web/press.typ": data, sans, serif
#set text(font: sans, fallback: false, lang: "zh", region: "cn")
#data.said
#text(font: serif, data.said)
"""


def say(text: str) -> str:
    return " ".join(
        page.extract_text() for page in pages(press.compile_pdf(SAYING, {"said": text}))
    )


def pages(pdf: bytes) -> Any:
    return PdfReader(BytesIO(pdf)).pages


def fonts(pdf: bytes) -> dict[str, bool]:
    """The name of each font of a PDF, and whether the font itself is inside."""
    found = {}
    for page in pages(pdf):
        for reference in page["/Resources"]["/Font"].values():
            descendant = reference.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            found[str(descriptor["/FontName"])] = "/FontFile3" in descriptor
    return found


@pytest.mark.parametrize(
    "text",
    [
        "#panic()",
        "#eval(1+1)",
        "$x^2$",
        "*重*",
        "_斜_",
        "<标记>",
        "\\u{41}\\",
        "//注释",
        "= 标题",
        "@引用",
        "`raw`",
        '"引号"',
        "#(",
        "]",
    ],
)
def test_what_people_type_prints_as_it_stands_and_is_never_run(text: str) -> None:
    assert say(text).count(text) == 2


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_text_whatever_stops_the_press(text: str) -> None:
    assert press.compile_pdf(SAYING, {"said": text}).startswith(b"%PDF")


def test_both_fonts_are_ours_and_embedded() -> None:
    found = fonts(press.compile_pdf(SAYING, {"said": "有求必应"}))
    assert {name.partition("+")[2].partition("-")[0] for name in found} == {
        "NotoSansSC",
        "NotoSerifSC",
    }
    assert all(found.values())


def test_a_font_that_is_not_there_is_an_error_and_not_another_font() -> None:
    with pytest.raises(press.PaperError, match="unknown font family"):
        press.compile_pdf('#set text(font: "FangSong_GB2312")\n#sys.inputs.data', {})


def test_a_broken_template_names_the_place() -> None:
    with pytest.raises(press.PaperError, match="unknown variable: nothing"):
        press.compile_pdf("#nothing", {})


def test_a_character_no_font_has_is_printed_as_the_printers_mark() -> None:
    assert "张〓😀".replace("😀", "〓") in say("张\U0003134a😀")


def test_a_mark_that_would_reverse_the_line_is_taken_out() -> None:
    assert "收款人甲" in say("收款\u202e人甲")


def test_lines_of_a_text_stay_lines() -> None:
    assert press.legible("一\r\n二\r三\t四\x00五") == "一\n二\n三 四五"


def test_the_archive_standard_is_declared() -> None:
    pdf = press.compile_pdf(SAYING, {"said": "档案"})
    metadata = PdfReader(BytesIO(pdf)).metadata
    assert metadata is not None
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf


def test_the_same_paper_at_the_same_time_is_the_same_bytes() -> None:
    now = datetime(2025, 11, 4, 9, 5, tzinfo=UTC)
    one = press.compile_pdf(SAYING, {"said": "同"}, made_at=now)
    assert one == press.compile_pdf(SAYING, {"said": "同"}, made_at=now)


def test_papers_made_at_once_do_not_mix() -> None:
    words = [f"第{number}号" for number in range(24)]
    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(say, words))
    assert ["".join(text.split()) for text in said] == [word * 2 for word in words]


@given(st.text(min_size=1, max_size=80))
def test_a_drawn_code_has_the_modules_of_the_code(text: str) -> None:
    matrix = segno.make(text, error="m", micro=False, mask=press.QR_MASK).matrix
    drawn = [[0] * len(matrix) for _row in matrix]
    path = press.qr_svg(text).partition(' d="')[2].partition('"')[0]
    for stroke in path.split("M")[1:]:
        start, rest = stroke.split(" ")
        row, length = rest.split(".5h")
        for column in range(int(start), int(start) + int(length)):
            drawn[int(row)][column] = 1
    assert drawn == [list(row) for row in matrix]


def test_word_opens_what_the_press_writes_and_controls_are_gone() -> None:
    def write(document: Any) -> None:
        document.add_paragraph(press.legible("正文\x0b\x00<w:p>"))
        press.write_page_foot(document, "脚\x01注")

    made = docx.Document(BytesIO(press.compile_docx(write, title="标题")))
    assert made.paragraphs[0].text == "正文<w:p>"
    assert "脚注" in made.sections[0].footer.paragraphs[0].text
    assert made.core_properties.title == "标题"


def test_an_unknown_day_is_a_dash() -> None:
    assert press.paper_date(None) == press.paper_time(None) == "–"


def test_a_time_on_paper_is_the_time_on_the_wall_of_the_zone() -> None:
    assert press.paper_time(datetime(2025, 11, 4, 9, 5, tzinfo=UTC)) == "2025年11月4日 17:05"
    assert press.paper_time(datetime(2025, 11, 4, 17, 18, tzinfo=UTC)) == "2025年11月5日 01:18"
