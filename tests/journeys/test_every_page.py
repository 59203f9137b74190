"""Every page of the demo zone, seen by whoever may open it: no axe violation, no English left over.

No page is left out: an address that nobody of the demo can open fails the test.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import requests
from playwright.sync_api import Page, TimeoutError

from tests.journeys.conftest import People
from tests.server import Server, served
from tests.test_hostile import addresses
from xiaoer.config.serving import run_django

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
SHEETS = Path(__file__).parents[2] / "src" / "xiaoer" / "demo" / "sheets"
PATIENCE_MS = 10_000
WHOLE = re.compile(r"<html[^>]*\blang=")
# Who opens pages, in the order they are tried.
DESKS = ("吴桐", "钟望舒", "韩立群", "赵砚", "何允", "章明澈")
TABLES = {
    "paper_kind_id": "select id from paper_kind where zone_id = {zone} and code = 'waste_contract'",
    "reading_id": "select id from reading where zone_id = {zone} order by id desc limit 1",
    "my_case_id": "select c.id from permit_case c join party p on p.id = c.party_id"
    " where p.name like '%%泗源新材料%%' and c.state = 'draft' order by c.id desc limit 1",
    "thing_id": "select id from thing where zone_id = {zone} order by id limit 1",
    "thing_version_id": "select id from thing_version where zone_id = {zone} and state = 'live' order by id limit 1",
    "thing_draft_id": "select id from thing_version where zone_id = {zone} and state = 'draft' order by id desc limit 1",
    "space_need_id": "select n.id from space_need n join showing s on s.need_id = n.id"
    " where n.zone_id = {zone} and n.state = 'open' order by n.id limit 1",
    "my_space_need_id": "select n.id from space_need n join party p on p.id = n.party_id"
    " where p.name like '%%泗源新材料%%' order by n.id desc limit 1",
    "my_appeal_id": "select a.id from appeal a join party p on p.id = a.party_id"
    " where p.name like '%%泗源新材料%%' order by a.id desc limit 1",
    "appeal_id": "select id from appeal where zone_id = {zone} and handler_id is not null order by id desc limit 1",
    "device_id": "select id from field_device where zone_id = {zone} order by id limit 1",
    "enterprise_id": "select party_id from appeal where zone_id = {zone} order by id desc limit 1",
    "party_id": "select party_id from appeal where zone_id = {zone} order by id desc limit 1",
    "card_id": "select id from contact_card where zone_id = {zone} order by id limit 1",
    "cell_id": "select id from cell where zone_id = {zone} order by id limit 1",
    "grid_id": "select id from grid where zone_id = {zone} order by id limit 1",
    "office_id": "select id from office where zone_id = {zone} order by id limit 1",
    "person_id": "select person_id from post where zone_id = {zone} and role = 'grid_officer' order by person_id limit 1",
    "post_id": "select id from post where zone_id = {zone} and role = 'grid_officer' order by id limit 1",
    "correction_id": "select id from correction where zone_id = {zone} order by id desc limit 1",
    "day_id": "select g.id from gathering g join day_visit v on v.gathering_id = g.id"
    " where g.zone_id = {zone} order by g.day desc limit 1",
    "line_id": "select id from day_visit where zone_id = {zone} order by id desc limit 1",
    "booking_id": "select id from booking where zone_id = {zone} order by id desc limit 1",
    "visit_id": "select id from visit where zone_id = {zone} order by id desc limit 1",
    "contact_id": "select id from contact where zone_id = {zone} and state = 'planned' order by id desc limit 1",
    "question_id": "select id from question where zone_id = {zone} and state = 'open' order by id desc limit 1",
    "permit_case_id": "select id from permit_case where zone_id = {zone} and state = 'running' order by id desc limit 1",
    "case_step_id": "select id from case_step where zone_id = {zone} and state = 'open' order by id desc limit 1",
    "case_item_id": "select id from case_item where zone_id = {zone} order by id desc limit 1",
    "visit_part_id": "select id from case_visit_part where zone_id = {zone} order by id desc limit 1",
    "case_notice_id": "select id from case_notice where zone_id = {zone} order by id desc limit 1",
    "material_id": "select m.id from case_material m join permit_case c on c.id = m.case_id"
    " where m.zone_id = {zone} and m.file_id is not null and c.submitted_at is not null order by m.id desc limit 1",
    "task_id": "select id from task where zone_id = {zone} and state = 'open' order by id limit 1",
    "import_id": "select id from import_run where zone_id = {zone} order by id limit 1",
    "print_id": "select id from card_print where zone_id = {zone} order by id limit 1",
    "robot_id": "select id from hook where zone_id = {zone} and office_id is not null order by id limit 1",
    "delivery_id": "select id from delivery where zone_id = {zone} and office_id is not null order by id limit 1",
    "redrawing_id": "select id from redrawing where zone_id = {zone} order by id limit 1",
    "pin_id": "select id from redrawing_pin where zone_id = {zone} order by id limit 1",
    "search_id": "select id from route_search where zone_id = {zone} order by id limit 1",
    "resource_id": "select id from resource where zone_id = {zone} order by id limit 1",
    "levelling_id": "select id from levelling where zone_id = {zone} order by id desc limit 1",
    "round_id": "select id from visit_round where zone_id = {zone} order by id limit 1",
    "target_id": "select id from target where zone_id = {zone} order by id limit 1",
    "week_id": "select id from dispatch_week where zone_id = {zone} order by id limit 1",
    "item_id": "select id from dispatch_line where zone_id = {zone} order by id limit 1",
    "alert_id": "select id from alert where zone_id = {zone} order by id limit 1",
    "need_id": "select id from element_need where zone_id = {zone} order by id limit 1",
    "promise_id": "select id from zone_promise where zone_id = {zone} order by id limit 1",
    "site_visit_id": "select id from site_visit where zone_id = {zone} order by id limit 1",
    "ambassador_id": "select id from ambassador where zone_id = {zone} order by id limit 1",
    "track_id": "select id from pre_review_track where zone_id = {zone} order by id limit 1",
    "review_id": "select id from pre_review where zone_id = {zone} order by id limit 1",
    "pre_item_id": "select id from pre_review_item where zone_id = {zone} order by id limit 1",
    "cage_site_id": "select id from cage_site where zone_id = {zone} order by id desc limit 1",
    "move_in_id": "select id from move_in where zone_id = {zone} and state = 'review' order by id desc limit 1",
    "my_move_in_id": "select m.id from move_in m join party p on p.id = m.party_id"
    " where p.name like '%%泗源新材料%%' order by m.id desc limit 1",
    "move_in_item_id": "select id from move_in_item where zone_id = {zone} order by id limit 1",
    "move_in_paper_id": "select id from move_in_paper where zone_id = {zone} order by id limit 1",
    "consultation_id": "select id from consultation where zone_id = {zone} order by id limit 1",
    "resolution_id": "select id from resolution where zone_id = {zone} order by id limit 1",
    "decision_id": "select id from decision_ask where zone_id = {zone} order by id limit 1",
    "project_week_id": "select id from project_week where zone_id = {zone} order by id limit 1",
    "project_line_id": "select id from project_line where zone_id = {zone} order by id limit 1",
    "matter_id": "select id from matter where zone_id = {zone} and kind = 'appeal' order by id limit 1",
    "month_id": "select id from investment_month where zone_id = {zone} order by id desc limit 1",
    "entry_id": "select id from stat_entry where zone_id = {zone} order by id desc limit 1",
    "my_project_id": "select r.id from project r join party p on p.id = r.party_id"
    " where p.name like '%%泗源新材料%%' and r.ended_on is null order by r.id limit 1",
    "watch_id": "select id from watch_list where zone_id = {zone} order by id limit 1",
    "campaign_id": "select id from campaign where zone_id = {zone} order by id limit 1",
    "rule_id": "select id from rule where zone_id = {zone} and code = 'zone_nursery'",
    "version_id": "select id from rule_version where zone_id = {zone} and state = 'draft' order by id desc limit 1",
    "case_id": "select id from rule_case where zone_id = {zone} order by id desc limit 1",
    "designation_id": "select id from designation where zone_id = {zone} order by id limit 1",
    "run_id": "select id from fact_import where zone_id = {zone} order by id limit 1",
    "title_id": "select id from title where zone_id = {zone} and party_id is not null"
    " and current_id is null order by id desc limit 1",
    "title_kind_id": "select id from title_kind where zone_id = {zone} order by id limit 1",
    "title_sheet_id": "select id from title_sheet where zone_id = {zone} order by id limit 1",
    "application_id": "select id from application where zone_id = {zone} order by id limit 1",
    "batch_id": "select id from batch where zone_id = {zone} order by id limit 1",
    "firm_list_id": "select id from firm_list where zone_id = {zone} order by id limit 1",
    "member_id": "select id from list_member where zone_id = {zone} order by id limit 1",
    "livelihood_id": "select i.id from livelihood_item i where i.zone_id = {zone} order by i.year desc, i.number limit 1",
    "project_id": "select id from project where zone_id = {zone} and ended_on is null order by id limit 1",
    "stage_batch_id": "select id from stage_batch where zone_id = {zone} order by id limit 1",
    "project_list_id": "select id from project_list where zone_id = {zone} order by id limit 1",
    "list_sheet_id": "select id from list_sheet where zone_id = {zone} order by id limit 1",
    "list_place_id": "select id from list_place where zone_id = {zone} and until is null order by id limit 1",
    "passage_id": "select id from stage_passage where zone_id = {zone} order by id limit 1",
    "condition_id": "select id from stage_condition where zone_id = {zone} order by id limit 1",
    "plan_id": "select id from plan where zone_id = {zone} and closed_at is null order by id limit 1",
    "plan_step_id": "select s.id from step s join plan p on p.id = s.plan_id"
    " where s.zone_id = {zone} and s.code = 'build_permit' and s.finished_on is null"
    " and p.party_id is not null and p.closed_at is null order by s.id limit 1",
    "template_id": "select id from plan_template where zone_id = {zone} order by id limit 1",
    "point_id": "select id from service_point where zone_id = {zone} and code = 'yungu'",
    "service_record_id": "select id from service_record where zone_id = {zone} order by id limit 1",
    "mandate_id": "select id from agency_mandate where zone_id = {zone} order by id limit 1",
    "auto_review_id": "select id from auto_review where zone_id = {zone} order by done_at nulls first, id limit 1",
    "auto_decision_id": "select id from auto_decision where zone_id = {zone} order by id limit 1",
    "post_check_id": "select id from post_check where zone_id = {zone} order by id limit 1",
    "pack_id": "select id from auto_pack where zone_id = {zone} order by id limit 1",
    "register_id": "select id from shared_register where zone_id = {zone} order by id limit 1",
    "acceptance_id": "select id from acceptance where zone_id = {zone} order by id desc limit 1",
    "my_acceptance_id": "select a.id from acceptance a join party p on p.id = a.party_id"
    " where p.name like '%%泗源新材料%%' order by a.id limit 1",
    "building_id": "select b.id from building b join carrier_unit u on u.building_id = b.id"
    " where b.zone_id = {zone} order by b.id limit 1",
    "unit_id": "select unit_id from occupancy where zone_id = {zone} and kind = 'let' order by id limit 1",
    "lease_id": "select id from lease where zone_id = {zone} and state = 'in_force' order by id limit 1",
    "my_lease_id": "select l.id from lease l join party p on p.id = l.party_id"
    " where p.name like '%%泗源新材料%%' order by l.id desc limit 1",
    "parcel_id": "select id from parcel where zone_id = {zone} order by id limit 1",
    "licence_id": "select id from licence where zone_id = {zone} order by id desc limit 1",
    "licence_kind_id": "select id from licence_kind where zone_id = {zone} order by id limit 1",
    "hall_lot_id": "select lot_id from auction_hall where zone_id = {zone} order by lot_id limit 1",
    "ended_lot_id": "select id from auction_lot where zone_id = {zone} and ended_at is not null"
    " order by id desc limit 1",
    "chance_id": "select id from lot_second_chance where zone_id = {zone} order by id limit 1",
    "shown_lot_id": "select lot_id from auction_hall where zone_id = {zone} order by ends_at desc limit 1",
    "open_lot_id": "select lot_id from auction_hall where zone_id = {zone} and ended_at is null"
    " order by ends_at desc limit 1",
    "my_lot_id": "select b.lot_id from auction_bidder b join party p on p.id = b.party_id"
    " where p.name like '%%泗源新材料%%' and b.state = 'admitted' order by b.id desc limit 1",
    "land_id": "select parcel_id from land_indicator where zone_id = {zone} and is_signed order by id limit 1",
    "land_indicator_id": "select id from land_indicator where zone_id = {zone} and is_signed order by id limit 1",
    "place_id": "select id from parcel where zone_id = {zone} and stage = 'in_use' order by id limit 1",
    "occupied_id": "select id from park where zone_id = {zone} order by id limit 1",
    "lot_id": "select id from auction_lot where zone_id = {zone} and noticed_at is not null order by id desc limit 1",
    "own_lot_id": "select l.id from auction_lot l join party p on p.id = l.seller_id"
    " where p.name like '%%泗源新材料%%' order by l.id desc limit 1",
    "statement_id": "select id from deposit_statement where zone_id = {zone} order by id desc limit 1",
    "tech_contract_id": "select id from tech_contract where zone_id = {zone} order by id limit 1",
}
WORDS = {
    "part": "general",
    "part_code": "all",
    "figure_id": "002-002",
    "figure": "filed",
    "zone_code": "jhtz",
    "paper_code": "lease",
    "code": "foreign_trade_total",
    "kind": "pdf",
    "act": "move",
    "table": "appeal",
    "verb": "register",
    "word": "revenue_cny_y1",
    "point_code": "yungu",
    "place_level": "parcel",
    "occupied_level": "park",
}
# Verbs answer to a form only; downloads and data are no pages; keys are walked by the journeys.
NO_PAGE = re.compile(
    r"(\.txt|\.py$|\.pdf|\.png|\.json|transfer-sheet|/file/|/export|/print/|/example/|/rejects/|^/r/|^/t/|^/papers/|/reasons|/crop/|^/public/appointments/"
    r"|^/plans/.*/(sheet|papers|preview)/|^/indicators/records/|^/field/words/|^/field-worker|^/manifest"
    r"|^/check/.|^/held-papers/|^/notices-made/|^/licences/.*/(preview|sealed)/"
    r"|^/land/\d+/(stage|act)/|^/move-ins/papers/"
    r"|^/services/apply/|^/my/cases/.*/results/|^/cases/\d+/archive/|^/cases/notices/)"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served("demo", "pages", XIAOER_DEMO="1") as server:
        sheet = str(SHEETS / "企业名录（样例）.xlsx")
        run_django(server.database.web, ["import_registry", sheet, "--zone", "jhtz"])
        yield server


def numbers(server: Server) -> dict[str, str]:
    """The number of one record of each kind in the demo's largest zone."""
    with psycopg.connect(server.database.owner) as link:
        link.execute("select set_config('x.maintenance', 'on', true)")
        zone = link.execute("select id from zone where code = 'jhtz'").fetchone()
        assert zone is not None
        found = {
            name: link.execute(ask.format(zone=zone[0])).fetchone() for name, ask in TABLES.items()
        }
    return {name: str(row[0]) if row else "1" for name, row in found.items()}


def pages_of(server: Server) -> list[str]:
    all_numbers = numbers(server)
    found = set()
    for path, names in addresses():
        known = all_numbers | WORDS
        if path.startswith("imports/"):
            known["run_id"] = all_numbers["import_id"]
        if path.startswith("cards/"):
            known["run_id"] = all_numbers["print_id"]
        if path.startswith("cases/"):
            known["case_id"] = all_numbers["permit_case_id"]
        if path.startswith("my/"):
            known["appeal_id"] = all_numbers["my_appeal_id"]
        if path.startswith("services/"):
            known["code"] = "open_restaurant"
        if path.startswith("my/cases/"):
            known["case_id"] = all_numbers["my_case_id"]
        for name in names:
            path = re.sub(rf"<(\w+:)?{name}>", known.get(name, "1"), path)
        address = "/" + path.lstrip("^")
        if not NO_PAGE.search(address):
            found.add(address)
    return sorted(found)


def sit_down(server: Server, person: People, name: str, *, phone: bool = False) -> Page:
    page = person.stranger(phone=phone)
    page.goto(f"{server.address}/accounts/login/")
    page.get_by_role("button", name=re.compile(f"^{name}")).click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    return page


def have_all_cards_printed(server: Server, person: People) -> None:
    """More cards than anybody waits for: their print has a page of its own."""
    page = sit_down(server, person, DESKS[0])
    page.goto(f"{server.address}/cards/")
    page.get_by_role("button", name="打印本列表全部").click()
    page.wait_for_url("**/cards/prints/*/")


def violations(page: Page) -> list[object]:
    with suppress(TimeoutError):  # a page drawn by script may take a moment
        page.locator("h1").first.wait_for(state="attached", timeout=PATIENCE_MS)
    found: list[object] = page.evaluate(
        # Every rule runs; only of what it finds wrong are all places described, which is dear.
        "axe.run({resultTypes: ['violations']})"
        ".then(all => all.violations.map(one => [one.id, one.nodes[0].html.slice(0, 160)]))"
    )
    return found


def asking_as(page: Page) -> requests.Session:
    """Asks for addresses as whoever sits at this browser, without what a browser costs."""
    session = requests.Session()
    session.headers["accept"] = "text/html"
    for cookie in page.context.cookies():
        session.cookies.set(cookie["name"], cookie["value"])
    return session


def test_no_page_has_an_axe_violation_and_no_page_is_left_out(
    server: Server, person: People
) -> None:
    have_all_cards_printed(server, person)
    left = pages_of(server)
    wrong: dict[str, list[object]] = {}
    for name in DESKS:
        page = sit_down(server, person, name)
        page.context.add_init_script(AXE)
        asking = asking_as(page)
        for address in list(left):
            answer = asking.get(server.address + address, timeout=PATIENCE_MS / 1000)
            if answer.status_code == 405:
                left.remove(address)
            if not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
                continue
            left.remove(address)
            if not WHOLE.search(answer.text):
                continue  # a part that a page fetches and shows within itself
            page.goto(server.address + address)
            if found := violations(page):
                wrong[address] = found
        page.context.close()
    assert wrong == {}
    assert left == [], "nobody of the demo can open these"


def test_every_menu_entry_leads_to_a_page(server: Server, person: People) -> None:
    for name in DESKS:
        page = sit_down(server, person, name)
        links = page.locator("nav.menu a").evaluate_all("all => all.map(one => one.href)")
        assert links
        asking = asking_as(page)
        for link in links:
            assert asking.get(link, timeout=PATIENCE_MS / 1000).ok, link


def test_the_phone_never_scrolls_sideways(server: Server, person: People) -> None:
    page = sit_down(server, person, "吴桐", phone=True)
    for address in ("/inbox/", "/appeals/", "/enterprises/", "/figures/", "/visits/", "/me/"):
        page.goto(server.address + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
