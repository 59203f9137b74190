"""A dirty sheet of a month: names matched with candidates, units of headings, looked at first."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from xiaoer.base.scope import Actor, acting
from xiaoer.projects.models import InvestmentMonth
from xiaoer.projects.tests.invested import WAN, Site, build_site, project_of

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


@pytest.fixture
def site(of: Of) -> Site:
    found = build_site(of)
    with acting(found.admin):
        project_of(found.admin, found.other, "水泥熟料一期项目")
        project_of(found.admin, found.other, "水泥熟料二期项目")
    return found


def sheet(*rows: tuple[object, ...]) -> SimpleUploadedFile:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    body = BytesIO()
    book.save(body)
    return SimpleUploadedFile("十月月报.xlsx", body.getvalue())


def test_a_sheet_is_looked_at_and_then_reported(site: Site, sign_in: SignIn) -> None:
    office = sign_in("east-economy")
    told = {"reporter": "zone", "series": "physical", "month": "2026-10", "unit": "万元"}
    page = office.post(
        "/projects/months/sheet/",
        told
        | {
            "sheet": sheet(
                ("十月重点项目投资",),
                ("序号", "项目名称", "本月完成投资（亿元）", "备注"),
                (1, "高压油缸 项目", "0.12", ""),
                (2, "水泥熟料项目", 0.3, "含设备"),
                (3, "没有的项目", "x", ""),
            )
        },
    )
    text = page.content.decode()
    assert page.status_code == 200, text
    assert "1,200" in text and "水泥熟料二期项目" in text
    with acting(site.admin):
        assert not InvestmentMonth.objects.exists()
    row = {"row": "3", "project-3": str(site.project.pk), "amount-3": str(1200 * WAN), "note-3": ""}
    done = office.post("/projects/months/sheet/", told | row | {"what_to_do": "report"})
    assert done.status_code == 302
    again = office.post(
        "/projects/months/sheet/", told | row | {"what_to_do": "report", "amount-3": "7"}
    )
    assert again.status_code == 422 and "高压油缸项目" in again.content.decode()
    with acting(site.admin):
        assert InvestmentMonth.objects.get().amount == 1200 * WAN


def test_only_those_who_keep_the_figures_bring_in_a_sheet(site: Site, sign_in: SignIn) -> None:
    assert sign_in("east-officer").get("/projects/months/sheet/").status_code == 404
    assert sign_in("east-statistics").get("/projects/months/sheet/").status_code == 200
