"""Pages of investment and entry: what staff see and do, and an enterprise's month in two minutes."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.town import NOW, PASSWORD
from xiaoer.base import actions as base
from xiaoer.base.models import Attachment, Post, Role
from xiaoer.base.scope import Actor, acting, system
from xiaoer.projects import actions as projects
from xiaoer.projects import queries
from xiaoer.projects.models import (
    InvestmentMonth,
    Project,
    Series,
    StatEntry,
    StatPaperKind,
    YearPlan,
)
from xiaoer.projects.queries import months_offered
from xiaoer.projects.tests.invested import WAN, Site, build_site

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


@pytest.fixture
def site(of: Of) -> Site:
    return build_site(of)


@pytest.fixture
def firm(site: Site, sign_in: SignIn) -> Client:
    """A browser of somebody who speaks for the firm."""
    by = system(site.zone_id)
    with acting(by):
        person = base.add_person(by=by, now=NOW, name="赵一")
        base.give_account(
            by=by, now=NOW, person=person, username="firm", password=PASSWORD, must_change=False
        )
        Post.objects.create(
            zone_id=site.zone_id, person=person, role=Role.ENTERPRISE, party_ref=site.party.pk,
            since=NOW.date(),
        )  # fmt: skip
    return sign_in("firm")


def said(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def rows(site: Site) -> list[tuple[str, str, int]]:
    with acting(site.admin):
        return list(
            InvestmentMonth.objects.filter(is_current=True)
            .order_by("id")
            .values_list("series", "reporter", "amount")
        )


def photo() -> SimpleUploadedFile:
    body = BytesIO()
    Image.new("RGB", (40, 30), "green").save(body, "JPEG")
    return SimpleUploadedFile("现场.jpg", body.getvalue(), content_type="image/jpeg")


# Staff --------------------------------------------------------------------------------------------


def test_the_office_reports_and_the_figure_has_its_page(site: Site, sign_in: SignIn) -> None:
    office, bureau = sign_in("east-economy"), sign_in("east-statistics")
    project = site.project.pk
    told = {"reporter": "zone", "series": "physical", "month": "2026-10", "amount": "1.2亿元"}
    again = office.post(f"/projects/{project}/money/report/", told)
    assert again.status_code == 422 and "计划总投资" in again.content.decode()
    done = office.post(f"/projects/{project}/money/report/", told | {"amount": "1200"}, follow=True)
    assert done.status_code == 200 and "1,200" in done.content.decode()
    other = {"reporter": "statistics", "series": "fixed_asset", "month": "2026-10", "amount": "900"}
    assert bureau.post(f"/projects/{project}/money/report/", other).status_code == 302
    assert office.post(f"/projects/{project}/money/report/", other).status_code == 422
    assert rows(site) == [
        ("physical", "zone", 1200 * WAN),
        ("fixed_asset", "statistics", 900 * WAN),
    ]
    tab = said(office, f"/projects/{project}/money/?year=2026")
    assert "1,200" in tab and "不计" in tab
    part = office.get(f"/projects/{project}/money/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()


def test_a_figure_is_corrected_on_its_page_and_both_are_read(site: Site, sign_in: SignIn) -> None:
    with acting(site.office):
        row = projects.report_month(
            by=site.office, now=NOW, project=site.project, series=Series.IN_PLACE,
            month=date(2026, 9, 1), amount=300 * WAN, reporter="zone", note="",
        )  # fmt: skip
    office = sign_in("east-economy")
    path = f"/projects/months/{row.pk}/"
    assert "300" in said(office, path)
    assert office.post(path, {"amount": "280", "note": ""}).status_code == 422
    page = office.post(path, {"amount": "280", "note": "重复计入"}, follow=True).content.decode()
    assert "280" in page and "300" in page and "重复计入" in page
    assert "现行的数" in said(office, path)
    assert sign_in("west-economy").get(path).status_code == 404


def test_the_overview_lists_completion_beside_time_and_leaves_as_a_sheet(
    site: Site, sign_in: SignIn
) -> None:
    office = sign_in("east-economy")
    plan = {
        "year": "2026", "series": "physical", "amount": "5000", "document": "计划", "why": "",
    }  # fmt: skip
    assert office.post(f"/projects/{site.project.pk}/money/plan/", plan).status_code == 302
    with acting(site.admin):
        assert YearPlan.objects.get().amount == 5000 * WAN
    page = said(office, "/projects/investment/?year=2026&series=physical&until=10&sort=-percent")
    assert "高压油缸项目" in page and "下限" in page and "83.33" in page
    sheet = office.get("/projects/investment/?year=2026&series=physical&until=10&export=csv")
    assert "高压油缸项目" in b"".join(sheet).decode("utf-8-sig")
    assert "没有项目" in said(sign_in("west-economy"), "/projects/investment/?year=2026")


def test_the_work_list_begins_an_entry_and_its_page_goes_to_the_library(
    site: Site, sign_in: SignIn
) -> None:
    office, bureau = sign_in("east-economy"), sign_in("east-statistics")
    assert "高压油缸项目" in said(office, "/projects/entries/")
    assert office.post(f"/projects/{site.project.pk}/entry/", {}).status_code == 302
    with acting(site.admin):
        entry = StatEntry.objects.get()
    path = f"/projects/entries/{entry.pk}/"
    page = said(office, path)
    assert "营业执照" in page and "施工合同" in page
    with acting(site.admin):
        from_papers = {kind.pk: kind.code for kind in StatPaperKind.objects.all()}
    for pk, code in from_papers.items():
        if code in ("licence", "filing", "contract", "site_photo"):
            assert "材料日期" in said(office, f"{path}?paper={pk}")
            done = office.post(
                path,
                {"what_to_do": "paper", "kind": str(pk), "taken_on": "2026-11-20",
                 "made_on": "2026-11-0" + ("1" if code == "filing" else "2"),
                 "name_on_it": "高压油缸项目", "party_on_it": site.party.name,
                 "code_on_it": "2601", "place_on_it": "七路东"},
            )  # fmt: skip
            assert done.status_code == 302

    def version() -> int:
        with acting(site.admin):
            return StatEntry.objects.get().version

    done = office.post(path, {"what_to_do": "hand_in", "on": "2026-11-20", "version": version()})
    assert done.status_code == 302, done.content.decode()
    entered = {
        "what_to_do": "enter", "entered_on": "2026-11-20", "document": "入库通知",
        "version": version(),
    }  # fmt: skip
    assert office.post(path, entered).status_code == 422
    assert bureau.post(path, entered).status_code == 302
    assert "入库通知" in said(office, path)
    assert "高压油缸项目" not in said(office, "/projects/entries/")


def test_rules_of_entry_are_changed_on_their_page(site: Site, sign_in: SignIn) -> None:
    office = sign_in("east-economy")
    page = said(office, "/projects/entries/rules/")
    assert "5000000" in page.replace(",", "") and "营业执照" in page
    new = {
        "what_to_do": "cutoff",
        "name": "每月 8 日",
        "day": "8",
        "source": "通知",
        "is_used": "yes",
    }
    assert office.post("/projects/entries/rules/", new).status_code == 302
    assert sign_in("east-officer").post("/projects/entries/rules/", new).status_code == 422


# The enterprise -----------------------------------------------------------------------------------


def test_an_enterprise_reports_its_month_with_one_number_a_series_and_a_photo(
    site: Site, firm: Client
) -> None:
    page = said(firm, "/my/projects/")
    assert "高压油缸项目" in page and "填报本月" in page
    assert "高压油缸项目" in said(firm, "/my/projects/card/")
    path = f"/my/projects/{site.project.pk}/month/"
    assert "本月到位资金" in said(firm, path)
    month = months_offered(timezone.localdate())[0]
    assert firm.post(path, {"month": f"{month:%Y-%m}"}).status_code == 422
    done = firm.post(
        path,
        {"month": f"{month:%Y-%m}", "in_place": "800", "physical": "0", "photo": photo()},
        follow=True,
    )
    assert done.status_code == 200 and "已填报" in done.content.decode()
    assert rows(site) == [("in_place", "firm", 800 * WAN), ("physical", "firm", 0)]
    with acting(site.firm()):
        assert Attachment.objects.filter(subject_type="investment_month").count() == 1
    assert "更正" in said(firm, path)


def test_last_month_s_number_stands_beside_the_field(site: Site, firm: Client) -> None:
    months = months_offered(timezone.localdate())
    with acting(site.firm()):
        projects.report_own_month(
            by=site.firm(), now=timezone.now(), project=site.project, month=months[1],
            amounts={"physical": 456 * WAN},
        )  # fmt: skip
    assert "456" in said(firm, f"/my/projects/{site.project.pk}/month/")


def test_a_firm_corrects_its_own_figure_and_opens_no_other_page(site: Site, firm: Client) -> None:
    with acting(site.firm()):
        row = projects.report_month(
            by=site.firm(), now=NOW, project=site.project, series=Series.PHYSICAL,
            month=date(2026, 9, 1), amount=300 * WAN, reporter="firm",
        )  # fmt: skip
    with acting(site.office):
        zones = projects.report_month(
            by=site.office, now=NOW, project=site.project, series=Series.PHYSICAL,
            month=date(2026, 9, 1), amount=300 * WAN, reporter="zone",
        )  # fmt: skip
        foreign = Project.objects.create(
            zone_id=site.zone_id, name="别家项目", party=site.other, kind="upgrade",
            stage="started", stage_on=date(2026, 3, 1), opened_at=NOW,
        )  # fmt: skip
    path = f"/projects/months/{row.pk}/"
    assert "300" in said(firm, path)
    assert firm.post(path, {"amount": "310", "note": "漏报一笔"}).status_code == 302
    for closed in (
        f"/projects/months/{zones.pk}/", f"/my/projects/{foreign.pk}/month/",
        "/projects/investment/", "/projects/entries/", f"/projects/{site.project.pk}/money/",
    ):  # fmt: skip
        assert firm.get(closed).status_code == 404


def test_own_projects_ask_the_same_however_many_there_are(
    site: Site, django_assert_num_queries: Any
) -> None:
    for count in (1, 8):
        with acting(site.admin):
            for n in range(count):
                Project.objects.create(
                    zone_id=site.zone_id, name=f"第{count}-{n}号", party=site.party, kind="upgrade",
                    stage="started", stage_on=date(2026, 3, 1), opened_at=NOW,
                )  # fmt: skip
        with acting(site.firm()), django_assert_num_queries(7):
            queries.own_projects(by=site.firm(), today=date(2026, 11, 20))
