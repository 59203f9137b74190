"""Pages of routes: the board, the search in sight, changes, files, the rules, the first page's part."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from xiaoer.base.scope import acting, system
from xiaoer.outreach import jobs
from xiaoer.outreach.models import RouteRule, RouteSearch
from xiaoer.outreach.tests.conftest import Town
from xiaoer.outreach.tests.outing import Field, built
from xiaoer.work import actions as work
from xiaoer.work.models import Contact

SignIn = Callable[[str], Client]
LOCAL = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def field(town: Town) -> Field:
    return built(town)


@pytest.fixture
def today(field: Field) -> list[Contact]:
    """Visits of the very day these pages are opened on."""
    return [plan_today(field, number) for number in range(3)]


def plan_today(field: Field, number: int, **given: Any) -> Contact:
    now = timezone.now()
    by = field.of("east-desk")
    with acting(by):
        return work.plan_contact(
            by=by, now=now, party=field.firms[number], kind="visit", purpose=f"事由{number}",
            planned_on=now.astimezone(LOCAL).date(), post=field.officer, **given,
        )  # fmt: skip


def searched(client: Client, field: Field, **form: Any) -> RouteSearch:
    day = timezone.now().astimezone(LOCAL).date()
    answer: Any = client.post(reverse("rounds_ask"), {"day": day, "span": "day", **form})
    assert answer.status_code == 302, answer.content.decode()
    with acting(system(field.zone_id)):
        search = RouteSearch.objects.latest("pk")
    assert answer.headers["Location"] == reverse("route_search", args=[search.pk])
    return search


def run(search: RouteSearch) -> None:
    jobs.find_routes(zone_id=search.zone_id, search_id=search.pk, post_id=search.post_id)


def keep(client: Client, field: Field) -> None:
    row = field.round()
    client.post(reverse("rounds_keep"), {"day": row.day, "round": f"{row.pk}:{row.version}"})


def test_an_officer_searches_watches_and_keeps_the_own_day(
    field: Field, today: list[Contact], sign_in: SignIn
) -> None:
    officer = sign_in("east-officer")
    search = searched(officer, field)
    page = reverse("route_search", args=[search.pk])
    waiting = officer.get(page).content.decode()
    assert "every 500ms" in waiting and "<progress" in waiting and "停下" in waiting
    run(search)
    part: Any = officer.get(page, headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"].startswith(reverse("rounds"))
    board = officer.get(reverse("rounds")).content.decode()
    assert all(contact.party.name in board for contact in today)
    assert 'class="route-map"' in board and "草稿" in board
    keep(officer, field)
    assert "已采用" in officer.get(reverse("rounds")).content.decode()


def test_a_search_that_stands_still_offers_its_best(
    field: Field, today: list[Contact], sign_in: SignIn
) -> None:
    officer = sign_in("east-officer")
    search = searched(officer, field)
    best = [[search.since.isoformat(), field.officer.pk, [today[0].pk]]]
    with acting(system(field.zone_id)):
        RouteSearch.objects.filter(pk=search.pk).update(
            state="running", best=best, told_at=timezone.now() - timedelta(minutes=2)
        )
    page = officer.get(reverse("route_search", args=[search.pk])).content.decode()
    assert "服务器中断过" in page and "every 500ms" not in page
    answer: Any = officer.post(reverse("route_search_stop", args=[search.pk]))
    assert answer.headers["Location"].startswith(reverse("rounds"))
    assert field.order(field.round()) == [today[0].pk]


def test_stops_are_moved_locked_and_taken_out_by_their_buttons(
    field: Field, today: list[Contact], sign_in: SignIn
) -> None:
    officer = sign_in("east-officer")
    run(searched(officer, field))

    def act(contact: int, act: str, **more: Any) -> Any:
        row = field.round()
        address = reverse("stop_do", args=[row.pk, contact])
        return officer.post(address, {"act": act, "version": row.version, **more})

    first, second, third = field.order(field.round())
    act(second, "up")
    assert field.order(field.round()) == [second, first, third]
    act(second, "down")
    assert field.order(field.round()) == [first, second, third]
    act(third, "lock_hour")
    assert field.stops(field.round())[2].lock == "hour"
    act(third, "free")
    act(first, "out")
    assert field.order(field.round()) == [second, third]
    page = officer.get(reverse("rounds")).content.decode()
    assert "没排进路线" in page
    row = field.round()
    officer.post(
        reverse("stop_place"),
        {"contact": first, "post": field.officer.pk, "place": 2, "version": row.version},
    )
    assert field.order(field.round()) == [second, first, third]
    assert act(first, "fly").status_code == 404
    assert act(first, "give", post=field.steward.pk).status_code == 422
    stale = officer.post(
        reverse("stop_do", args=[row.pk, first]), {"act": "up", "version": row.version}
    )
    assert stale.status_code == 422


def test_the_desk_plans_for_several_and_gives_a_visit_to_another(
    field: Field, today: list[Contact], sign_in: SignIn
) -> None:
    desk = sign_in("east-desk")
    run(searched(desk, field, posts=[field.officer.pk], also=field.steward.pk))
    row = field.round()
    contact = field.order(row)[0]
    desk.post(
        reverse("stop_do", args=[row.pk, contact]),
        {"act": "give", "post": field.steward.pk, "version": row.version},
    )
    assert field.order(field.round(field.steward)) == [contact]
    assert "包一" in desk.get(reverse("rounds")).content.decode()


def test_a_route_of_somebody_else_is_not_there(
    field: Field, today: list[Contact], sign_in: SignIn
) -> None:
    search = searched(sign_in("east-officer"), field)
    run(search)
    row = field.round()
    for stranger in ("east-steward", "west-desk"):
        client = sign_in(stranger)
        assert client.get(reverse("route_search", args=[search.pk])).status_code == 404
        address = reverse("stop_do", args=[row.pk, today[0].pk])
        assert client.post(address, {"act": "out", "version": row.version}).status_code == 404
        assert today[0].party.name not in client.get(reverse("rounds")).content.decode()
        assert client.get(reverse("rounds_calendar")).status_code == 422


def test_the_calendar_file_keeps_its_names_and_the_zone_s_time(
    field: Field, today: list[Contact], sign_in: SignIn
) -> None:
    officer = sign_in("east-officer")
    run(searched(officer, field))

    def events() -> dict[str, Any]:
        body = officer.get(reverse("rounds_calendar")).content
        found = icalendar.Calendar.from_ical(body)
        assert b"BEGIN:VTIMEZONE" in body and b"TZID=Asia/Shanghai" in body
        return {str(event["uid"]): event for event in found.walk("VEVENT")}

    before = events()
    assert set(before) == {f"visit-{contact.pk}@east.xiaoer" for contact in today}
    row = field.round()
    stops = field.stops(row)
    officer.post(
        reverse("stop_do", args=[row.pk, stops[1].contact_id]),
        {"act": "up", "version": row.version},
    )
    after = events()
    assert set(after) == set(before)
    moved = f"visit-{stops[1].contact_id}@east.xiaoer"
    assert after[moved]["sequence"] > before[moved]["sequence"]
    assert after[moved].decoded("dtstart") < before[moved].decoded("dtstart")


def test_the_paper_names_every_stop(field: Field, today: list[Contact], sign_in: SignIn) -> None:
    officer = sign_in("east-officer")
    run(searched(officer, field))
    body = officer.get(reverse("rounds_paper")).content
    pages = PdfReader(BytesIO(body)).pages
    text = "".join(page.extract_text() for page in pages)
    assert len(pages) == 1
    assert all(contact.party.name in text for contact in today)
    assert "草稿" in text and "网一" in text


def test_the_first_page_shows_the_day_out_in_order(
    field: Field, today: list[Contact], sign_in: SignIn
) -> None:
    officer = sign_in("east-officer")
    assert reverse("rounds_today") in officer.get(reverse("inbox")).content.decode()
    before = officer.get(reverse("rounds_today")).content.decode()
    assert "今天走访 3 家" in before and "去排路线" in before
    run(searched(officer, field))
    keep(officer, field)
    with acting(system(field.zone_id)):
        party = today[0].party
        party.contact_phone = "0537-2200000"
        party.save()
    part = officer.get(reverse("rounds_today")).content.decode()
    order = field.order(field.round(state="kept"))
    names = [next(c.party.name for c in today if c.pk == number) for number in order]
    assert sorted(names, key=part.index) == names
    assert "公里" in part and part.count("到了，记走访") == 1
    first = next(c for c in today if c.pk == order[0])
    address = reverse("visit_new_for", args=[first.party_id])
    assert f"{address}?contact={first.pk}" in part
    assert f"geo:{first.party.latitude:.6f},{first.party.longitude:.6f}" in part


def test_the_first_page_says_who_is_absent_and_why(
    field: Field, today: list[Contact], sign_in: SignIn
) -> None:
    by = field.of("east-desk")
    extra = plan_today(field, 1, into=today[1])
    with acting(by):
        work.cancel_contact(by=by, now=timezone.now(), contact=today[2], reason="企业停电检修")
    part = sign_in("east-officer").get(reverse("rounds_today")).content.decode()
    assert "今天走访 2 家" in part and "停电检修" in part
    assert extra.purpose in part and "第 2 家" in part


def test_nothing_today_says_when_the_next_is(field: Field, sign_in: SignIn) -> None:
    now = timezone.now()
    by = field.of("east-desk")
    with acting(by):
        work.plan_contact(
            by=by, now=now, party=field.firms[0], kind="visit", purpose="看看",
            planned_on=now.astimezone(LOCAL).date() + timedelta(days=3), post=field.officer,
        )  # fmt: skip
    part = sign_in("east-officer").get(reverse("rounds_today")).content.decode()
    assert "今天没有要走访的" in part and "下一次" in part
    assert sign_in("east-power").get(reverse("rounds_today")).content == b""


def test_the_rules_are_read_by_all_and_changed_by_the_desk(field: Field, sign_in: SignIn) -> None:
    assert "服务台" in sign_in("east-officer").get(reverse("route_rules")).content.decode()
    desk = sign_in("east-desk")
    form = {
        "version": 1, "start_longitude": "116.6", "start_latitude": "35.4", "end_longitude": "",
        "end_latitude": "", "works_from": "09:00", "works_until": "17:00", "lunch_from": "",
        "lunch_until": "", "speed_kmh": "30", "road_percent": "150", "visit_minutes": "30",
        "source": "现场测得", "mark": "B",
    }  # fmt: skip
    assert desk.post(reverse("route_rules"), form).status_code == 302
    with acting(system(field.zone_id)):
        rule = RouteRule.objects.get()
    assert (rule.speed_kmh, rule.lunch_from, rule.version) == (30, None, 2)
    for name, wrong in (("works_from", "8点半"), ("speed_kmh", "快"), ("start_longitude", "nan")):
        answer = desk.post(reverse("route_rules"), {**form, "version": 2, name: wrong})
        assert answer.status_code == 422, name
    assert desk.post(reverse("route_rules"), form).status_code == 422, "a stale form"


def test_a_sheet_of_roads_is_brought_in_and_its_bad_rows_are_read(
    field: Field, sign_in: SignIn
) -> None:
    desk = sign_in("east-desk")
    name = field.firms[0].name
    text = f"起点,终点,里程（公里）\n驻地,{name},3.5\n驻地,没有这家,2\n"
    sheet = SimpleUploadedFile("里程.csv", text.encode(), "text/csv")
    assert desk.post(reverse("roads_import"), {"file": sheet}).status_code == 302
    page = desk.get(reverse("route_rules")).content.decode()
    assert "里程.csv" in page and "没有这家" in page
    assert desk.post(reverse("roads_import"), {}).status_code == 422


def test_days_are_read_from_the_address_and_nonsense_is_today(
    field: Field, sign_in: SignIn
) -> None:
    officer = sign_in("east-officer")
    for day in ("2026-11-25", "never", "", "9999-12-31"):
        assert officer.get(reverse("rounds"), {"day": day}).status_code == 200, day
    wide = {"since": "2026-01-01", "until": "2026-12-31"}
    assert officer.get(reverse("rounds_calendar"), wide).status_code == 422
