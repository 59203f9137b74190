"""The API of investment and entry says and does what the pages do, for the same people."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.town import NOW, PASSWORD
from xiaoer.base import actions as base
from xiaoer.base.models import Post, Role
from xiaoer.base.scope import Actor, acting, system
from xiaoer.projects.models import StatPaperKind
from xiaoer.projects.tests.invested import WAN, Site, build_site

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
API = "/api/v1"


@pytest.fixture
def site(of: Of) -> Site:
    return build_site(of)


@pytest.fixture
def firm(site: Site, sign_in: SignIn) -> Client:
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


def send(client: Client, path: str, /, **said: Any) -> Any:
    return client.post(f"{API}{path}", said, content_type="application/json")


def test_months_are_reported_corrected_and_read(site: Site, sign_in: SignIn) -> None:
    office: Any = sign_in("east-economy")
    path = f"/projects/{site.project.pk}/months"
    told = {"series": "physical", "month": "2026-10-31", "reporter": "zone", "amount": 5 * WAN}
    made = send(office, path, **told).json()
    assert (made["month"], made["amount"]) == ("2026-10-01", 5 * WAN)
    again = send(office, path, **told)
    assert (again.status_code, again.json()["field"]) == (422, "month")
    new = send(
        office, f"/investment-months/{made['id']}/correct", amount=4 * WAN, note="多报"
    ).json()
    assert new["replaces_id"] == made["id"]
    rows = office.get(f"{API}{path}?year=2026").json()
    assert [row["is_current"] for row in rows] == [True, False]
    west: Any = sign_in("west-economy")
    assert west.get(f"{API}{path}?year=2026").status_code == 404
    assert (
        send(west, f"/investment-months/{new['id']}/correct", amount=1, note="x").status_code == 404
    )


def test_completion_is_read_with_what_is_not_known(site: Site, sign_in: SignIn) -> None:
    office: Any = sign_in("east-economy")
    plan = {"year": 2026, "series": "physical", "amount": 8 * WAN, "document": "计划"}
    assert send(office, f"/projects/{site.project.pk}/year-plans", **plan).status_code == 200
    asked = f"{API}/investment?year=2026&until_month=10&series=physical"
    whole = office.get(asked).json()["whole"]
    assert (whole["percent"], whole["missing"]) == (None, [site.project.pk])
    rows = [
        {"project_id": site.project.pk, "series": "physical", "month": f"2026-{n:02}-01",
         "amount": WAN} for n in (9, 10)
    ]  # fmt: skip
    done = send(office, "/investment-months", reporter="zone", source="月报", rows=rows).json()
    assert done == {"reported": 2}
    whole = office.get(asked).json()["whole"]
    assert (float(whole["percent"]), whole["is_whole"]) == (25.0, True)


def test_an_enterprise_reports_its_month_and_reads_no_list(site: Site, firm: Client) -> None:
    path = f"/projects/{site.project.pk}/own-month"
    made = send(firm, path, month="2026-10-01", amounts={"physical": WAN, "in_place": 0})
    assert [row["reporter"] for row in made.json()] == ["firm", "firm"]
    assert send(firm, path, month="2026-10-01", amounts={}).status_code == 422
    for closed in ("investment?year=2026", "stat-entries/waiting", "stat-rules"):
        assert firm.get(f"{API}/{closed}").status_code == 422
    plan = {"year": 2026, "amount": WAN, "document": "x"}
    assert send(firm, f"/projects/{site.project.pk}/year-plans", **plan).status_code == 422


def test_an_entry_goes_its_way_by_the_api(site: Site, sign_in: SignIn) -> None:
    office: Any = sign_in("east-economy")
    bureau: Any = sign_in("east-statistics")
    entry = send(office, f"/projects/{site.project.pk}/stat-entry", path="construction").json()
    with acting(site.office):
        kinds = {kind.code: kind.pk for kind in StatPaperKind.objects.all()}
    for code in ("licence", "filing", "contract", "site_photo"):
        entry = send(
            office, f"/stat-entries/{entry['id']}/papers", kind_id=kinds[code],
            taken_on="2026-11-20", made_on="2026-11-01", name_on_it="高压油缸项目",
        ).json()  # fmt: skip
    assert entry["contradictions"] == []
    asked = {"on": "2026-11-20", "version": entry["version"]}
    entry = send(office, f"/stat-entries/{entry['id']}/hand-in", **asked).json()
    assert entry["state"] == "handed_in"
    enter = {"entered_on": "2026-11-20", "document": "通知", "version": entry["version"]}
    assert send(office, f"/stat-entries/{entry['id']}/enter", **enter).status_code == 422
    stale = send(bureau, f"/stat-entries/{entry['id']}/enter", **{**enter, "version": 1})
    assert stale.status_code == 422
    assert send(bureau, f"/stat-entries/{entry['id']}/enter", **enter).json()["state"] == "entered"
    assert office.get(f"{API}/stat-entries/waiting").json() == []


def test_rules_cut_offs_and_papers_are_rows(site: Site, sign_in: SignIn) -> None:
    office: Any = sign_in("east-economy")
    rule = next(
        row for row in office.get(f"{API}/stat-rules").json() if row["code"] == "least_total"
    )
    assert rule["mark"] == "A"
    new = send(
        office, f"/stat-rules/{rule['id']}", value=6_000_000, source="市局通知",
        version=rule["version"],
    ).json()  # fmt: skip
    assert (new["value"], new["mark"]) == (6_000_000, "D")
    kept = send(office, "/stat-cutoffs", name="每月 8 日", day=8, source="通知", is_used=True)
    assert kept.json()["day"] == 8
    assert len(office.get(f"{API}/stat-cutoffs").json()) == 5
    kind = office.get(f"{API}/stat-paper-kinds").json()[0]
    asked = send(
        office, f"/stat-paper-kinds/{kind['id']}", is_required=False, version=kind["version"]
    )
    assert asked.json()["is_required"] is False
