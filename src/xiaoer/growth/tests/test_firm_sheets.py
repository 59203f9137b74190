"""Sheets that name enterprises, as other offices send them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.growth.firm_sheets import lines_of_sheet
from xiaoer.growth.models import Designation
from xiaoer.growth.tests.conftest import Town
from xiaoer.growth.tests.test_ladder_pages import SignIn

HEAD: list[object] = ["序号", "单位详细名称", "统一社会信用代码"]


def workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    sheet = book.create_sheet("名录", 0)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_a_row_is_named_by_its_code_else_by_its_name(tmp_path: Path) -> None:
    code = "91370800MA3ABCDE5X"
    rows: list[list[object]] = [
        ["规上企业名录"],
        HEAD,
        [1, "东区变压器有限公司", code],
        [2, "东区水泥有限公司", None],
    ]
    found = lines_of_sheet(workbook(tmp_path / "a.xlsx", rows))
    assert found == [code, "东区水泥有限公司"]


def test_without_headings_the_first_cell_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("东区变压器有限公司,x\n东区水泥有限公司,y\n", "utf-8")
    assert lines_of_sheet(path) == ["东区变压器有限公司", "东区水泥有限公司"]


def test_what_is_no_sheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(Refused):
        lines_of_sheet(path)


def test_a_decision_is_recorded_for_a_workbook(town: Town, sign_in: SignIn, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, [1, town.party.name, None]])
    sheet = SimpleUploadedFile("名录.xlsx", path.read_bytes())
    answer = sign_in("east-statistics").post(
        "/designations/new/",
        {
            "kind": "in_register", "since": "2026-01-01", "document": "名录",
            "decided_by": "区统计局", "names": "", "sheet": sheet,
        },
    )  # fmt: skip
    assert answer.status_code in (200, 302)
    with acting(town.of("east-statistics")):
        row = Designation.objects.get(party=town.party)
    assert (row.since, row.recorded_at.date() >= NOW.date()) == (date(2026, 1, 1), True)
