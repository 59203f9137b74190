"""The transfer sheet says the same on paper and in Word."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import docx
import pytest
from pypdf import PdfReader

from xiaoer.outreach.papers import (
    TransferSheet,
    transfer_lines,
    transfer_sheet_docx,
    transfer_sheet_pdf,
)

CHINA = ZoneInfo("Asia/Shanghai")
SHEET = TransferSheet(
    number="东诉转〔2025〕第 0318 号",
    zone_name="东岭开发区",
    receipt_no="DL-20251118-0042",
    received_at=datetime(2025, 11, 18, 9, 12, tzinfo=CHINA),
    channel="联系卡扫码",
    enterprise="东岭精密机械有限公司",
    contact_masked="李经理 139****0007",
    kind="用电",
    title="二期厂房增容迟迟未排上计划",
    body="设备下月到货。\n至今没有现场查勘。",
    from_office="企业服务中心",
    to_office="经济发展部",
    joint_offices=("建设管理部", "供电所"),
    start_by=date(2025, 11, 19),
    reply_by=date(2025, 11, 21),
    solve_by=None,
    instruction=None,
    printed_at=datetime(2025, 11, 20, 10, 4, tzinfo=CHINA),
)


def paper(sheet: TransferSheet) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(transfer_sheet_pdf(sheet))).pages]


def word(sheet: TransferSheet) -> str:
    document = docx.Document(BytesIO(transfer_sheet_docx(sheet)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_paper_and_word_carry_every_line() -> None:
    (page,) = paper(SHEET)
    text = word(SHEET)
    for line in transfer_lines(SHEET):
        for field in line.fields:
            for part in field.value.split("\n"):
                assert part.replace("　", "") in page.replace("　", "").replace(" ", " ")
                assert part in text


def test_each_clock_has_its_day_and_an_unknown_day_is_a_dash() -> None:
    assert "开始办理　2025年11月19日前\n答复企业　2025年11月21日前\n办理完毕　–" in word(SHEET)


def test_the_foot_tells_number_time_and_page() -> None:
    (page,) = paper(SHEET)
    assert "编号 东诉转〔2025〕第 0318 号" in page
    assert "印制时间 2025年11月20日 10:04" in page
    assert "第 1 / 1 页" in page


def test_a_long_request_runs_over_and_the_signatures_stay_whole() -> None:
    pages = paper(replace(SHEET, body="\n".join(["设备下月到货，至今没有现场查勘。"] * 120)))
    assert len(pages) > 2
    assert all(page.startswith("东岭开发区企业诉求转办单") for page in pages)
    assert f"第 {len(pages)} / {len(pages)} 页" in pages[-1]


@pytest.mark.parametrize("text", ["#panic()", "$", "*重*", "<a>&amp;", "\\", "]", "\x00\x0b控制"])
def test_a_request_is_printed_and_never_run(text: str) -> None:
    sheet = replace(SHEET, body=text, title=text, enterprise=text)
    shown = text.replace("\x00", "").replace("\x0b", "")
    assert "".join(paper(sheet)).count(shown) >= 3
    assert word(sheet).count(shown) >= 3


def test_names_of_people_and_times_are_not_left_in_the_file() -> None:
    properties = docx.Document(BytesIO(transfer_sheet_docx(SHEET))).core_properties
    assert properties.author == ""
    assert properties.title == "东岭开发区企业诉求转办单"
