"""What people meet on the pages of outreach, asked through a browser without scripts."""

import re
import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from xiaoer.base.models import Account, Role
from xiaoer.base.scope import acting, system
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import Appeal, ContactCard, Programme, Visit
from xiaoer.outreach.tests.conftest import Town
from xiaoer.registry import actions as registry

State = Appeal.State
SignIn = Callable[[str], Client]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ASKED = {
    "title": "厂区变压器增容",
    "body": "两台磨床到了，没有电开不了。",
    "urgency": "normal",
    "money": "120万",
    "contact_name": "赵一",
    "contact_phone": "13900000001",
}


def text(response: Any) -> str:
    """The page as words; the test client's answer has no type of its own."""
    return str(response.content.decode())


def card_address(town: Town) -> str:
    return reverse("card", args=[town.card.code])


def all_of(town: Town) -> list[Appeal]:
    with acting(system(town.zone_id)):
        return list(Appeal.objects.filter(zone_id=town.zone_id).order_by("id"))


def now_of(town: Town, appeal: Appeal) -> Appeal:
    return next(row for row in all_of(town) if row.pk == appeal.pk)


# Without signing in ------------------------------------------------------------------------------


def test_whoever_scans_a_card_files_and_gets_a_number_and_a_link(town: Town) -> None:
    client = Client()
    assert town.party.name in text(client.get(card_address(town)))
    answer = client.post(card_address(town), ASKED)
    assert answer.status_code == 302
    (row,) = all_of(town)
    assert (row.channel, row.money_fen) == (Appeal.Channel.CARD, 120_000_000)
    receipt = client.get(answer["Location"])
    assert row.receipt_no in text(receipt)
    assert answer["Location"].split("?")[0] in text(receipt)


def test_a_form_sent_twice_from_a_card_is_one_request(town: Town) -> None:
    client, key = Client(), uuid.uuid4().hex
    first = client.post(card_address(town), ASKED | {"once": key})
    second = client.post(card_address(town), ASKED | {"once": key})
    assert len(all_of(town)) == 1
    assert first["Location"] == second["Location"]


def test_without_scripts_a_refusal_keeps_what_was_typed(town: Town) -> None:
    answer = Client().post(card_address(town), ASKED | {"money": "很多"})
    assert answer.status_code == 422
    assert ASKED["body"] in text(answer)
    assert 'id="error-money"' in text(answer)
    assert all_of(town) == []


def test_a_request_that_resembles_one_is_asked_about_before_it_is_filed(town: Town) -> None:
    client = Client()
    client.post(card_address(town), ASKED)
    (row,) = all_of(town)
    again = client.post(card_address(town), ASKED)
    assert again.status_code == 200
    assert row.receipt_no in text(again)
    assert len(all_of(town)) == 1
    client.post(card_address(town), ASKED | {"same": "new"})
    assert len(all_of(town)) == 2


def test_who_scanned_a_card_can_add_to_a_request_but_not_read_it(town: Town) -> None:
    client = Client()
    filed = town.file("厂区变压器增容")
    shown = client.post(card_address(town), ASKED)
    assert "两台磨床到了，没有电开不了。" in text(shown)  # what was just typed, sent back
    same = str(now_of(town, filed.appeal).pk)
    answer = client.post(card_address(town), ASKED | {"same": same, "body": "今天又跳闸了。"})
    assert filed.receipt_no in text(client.get(answer["Location"]))
    with acting(system(town.zone_id)):
        told = Appeal.objects.get(pk=same).events.order_by("-id").first()
    assert told is not None and told.text == "今天又跳闸了。"


def test_an_unknown_a_withdrawn_and_an_expired_link_look_the_same(town: Town) -> None:
    by = town.of("east-desk")
    with acting(by):
        outreach.withdraw_card(by=by, now=timezone.now(), card=town.card, reason="丢了")
    pages = [
        Client().get(reverse("card", args=["nothing"])),
        Client().get(card_address(town)),
        Client().get(reverse("track", args=["nothing"])),
    ]
    assert [page.status_code for page in pages] == [404, 404, 404]
    bodies = {re.sub(r"[0-9a-f]{32}|value=\"[^\"]*\"", "", text(page)) for page in pages}
    assert len(bodies) == 1


def test_a_mistaken_filing_is_taken_back_by_its_link(town: Town) -> None:
    client = Client()
    address = client.post(card_address(town), ASKED)["Location"].split("?")[0]
    client.post(address, {"do": "take_back_appeal", "version": "1"})
    assert all_of(town)[0].state == State.TAKEN_BACK


def test_the_link_confirms_with_a_mark_and_words(town: Town) -> None:
    filed = town.answered()
    address = reverse("track", args=[filed.token])
    row = now_of(town, filed.appeal)
    said = {"do": "confirm_solved", "version": row.version, "satisfaction": "5", "words": "快"}
    assert Client().post(address, said).status_code == 302
    row = now_of(town, filed.appeal)
    assert (row.state, row.satisfaction, row.satisfaction_words) == (State.CONFIRMED, 5, "快")


def test_the_link_shows_no_line_between_offices(town: Town, sign_in: SignIn) -> None:
    filed = town.working()
    town.do("east-power", "note_progress", filed.appeal, words="内部：等料。", is_public=False)
    shown = text(Client().get(reverse("track", args=[filed.token])))
    assert "内部：等料。" not in shown
    assert "内部：等料。" in text(
        sign_in("east-power").get(reverse("appeal", args=[filed.appeal.pk]))
    )


def test_a_signed_in_officer_can_open_a_card_and_a_link_too(town: Town, sign_in: SignIn) -> None:
    client = sign_in("east-officer")
    filed = town.file()
    assert client.get(card_address(town)).status_code == 200
    assert client.get(reverse("track", args=[filed.token])).status_code == 200


# Staff -------------------------------------------------------------------------------------------

WALK: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("east-officer", "register_appeal", {"urgency": "urgent", "is_hard": "yes", "money": "3.5亿"}),
    ("east-desk", "dispatch_appeal", {"words": "请牵头"}),
    ("east-power", "sign_appeal", {}),
    ("east-power", "note_progress", {"words": "已勘查。", "is_public": "yes"}),
    ("east-land", "finish_help", {"words": "管沟可用。"}),
    ("east-power", "answer_appeal", {"result": "solved", "text": "已送电。"}),
    (
        "east-officer",
        "record_return_visit",
        {"outcome": "confirmed", "spoke_with": "赵一", "words": "解决了", "satisfaction": "4"},
    ),
)


def test_a_request_walks_through_the_forms_of_its_page(town: Town, sign_in: SignIn) -> None:
    filed = town.file()
    for who, verb, given in WALK:
        row = now_of(town, filed.appeal)
        form = {**given, "version": row.version, "kind": town.kind.pk}
        if verb == "dispatch_appeal":
            form |= {"office": town.power.pk, "joint": [town.land.pk]}
        client = sign_in(who)
        shown = text(client.get(reverse("appeal", args=[row.pk])))
        assert reverse("appeal_do", args=[row.pk, verb]) in shown or f"do={verb}" in shown, verb
        answer = client.post(reverse("appeal_do", args=[row.pk, verb]), form)
        assert answer.status_code == 302, (verb, text(answer))
    row = now_of(town, filed.appeal)
    assert (row.state, row.is_hard, row.money_fen) == (State.CONFIRMED, True, 35_000_000_000)


def test_a_form_opened_before_somebody_elses_change_is_told_so(town: Town, sign_in: SignIn) -> None:
    filed = town.working()
    stale = now_of(town, filed.appeal).version
    town.do("east-power", "note_progress", filed.appeal, words="已勘查。", is_public=True)
    answer = sign_in("east-power").post(
        reverse("appeal_do", args=[filed.appeal.pk, "answer_appeal"]),
        {"version": stale, "result": "solved", "text": "已送电。"},
    )
    assert answer.status_code == 422
    assert "电一" in text(answer)
    assert now_of(town, filed.appeal).state == State.WORKING


def test_an_officer_finds_no_way_to_close_for_the_enterprise(town: Town, sign_in: SignIn) -> None:
    filed = town.answered()
    client = sign_in("east-power")
    shown = text(client.get(reverse("appeal", args=[filed.appeal.pk])))
    assert "confirm_solved" not in shown
    address = reverse("appeal_do", args=[filed.appeal.pk, "confirm_solved"])
    assert client.post(address, {"version": 9}).status_code == 404


def test_a_verb_that_is_not_possible_now_is_not_offered(town: Town, sign_in: SignIn) -> None:
    filed = town.file()
    shown = text(sign_in("east-desk").get(reverse("appeal", args=[filed.appeal.pk])))
    assert "do=dispatch_appeal" not in shown
    assert "do=transfer_elsewhere" in shown


@pytest.mark.parametrize("username", ["east-officer", "east-leader", "city"])
def test_the_pool_and_its_export_hold_the_same(town: Town, sign_in: SignIn, username: str) -> None:
    town.file("=厂门口货车掉头难")
    town.working()
    client = sign_in(username)
    address = reverse("appeal_list")
    assert "货车掉头难" in text(client.get(address))
    only = f"{address}?state=working"
    shown = text(client.get(only))
    assert "货车掉头难" not in shown and "变压器增容" in shown
    sheet = client.get(f"{only}&export=xlsx")
    book = load_workbook(BytesIO(b"".join(sheet.streaming_content)))  # type: ignore[attr-defined]  # a streamed answer
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 2
    plain = b"".join(client.get(f"{address}?export=csv").streaming_content)  # type: ignore[attr-defined]  # a streamed answer
    assert "'=厂门口货车掉头难" in plain.decode("utf-8-sig")


def test_nonsense_in_an_address_is_no_filter_and_no_failure(town: Town, sign_in: SignIn) -> None:
    client = sign_in("east-desk")
    nonsense = "?state=x&light=y&kind=-1&office=99999999999999999999&since=soon&after=%00&q=%00'"
    for name in ("appeal_list", "visit_list", "card_list", "appeal_figures"):
        assert client.get(reverse(name) + nonsense).status_code == 200, name


def test_another_zones_request_is_not_there(town: Town, sign_in: SignIn) -> None:
    filed = town.working()
    client = sign_in("west-desk")
    assert client.get(reverse("appeal", args=[filed.appeal.pk])).status_code == 404
    address = reverse("appeal_do", args=[filed.appeal.pk, "note_progress"])
    assert client.post(address, {"words": "x", "version": 1}).status_code == 404
    assert client.get(reverse("transfer_sheet", args=[filed.appeal.pk, "pdf"])).status_code == 404


def test_filing_for_an_enterprise_shows_its_link_once(town: Town, sign_in: SignIn) -> None:
    client = sign_in("east-officer")
    found = text(client.get(reverse("appeal_new") + "?q=变压器"))
    assert reverse("appeal_new_for", args=[town.party.pk]) in found
    address = reverse("appeal_new_for", args=[town.party.pk])
    answer = client.post(address, ASKED | {"channel": "phone"})
    (row,) = all_of(town)
    assert row.first_post_id == town.of("east-officer").post_id
    assert "/t/" in text(client.get(answer["Location"]))
    assert "/t/" not in text(client.get(answer["Location"]))


def test_a_transfer_sheet_comes_as_pdf_and_word(town: Town, sign_in: SignIn) -> None:
    filed = town.working()
    client = sign_in("east-desk")
    pdf = client.get(reverse("transfer_sheet", args=[filed.appeal.pk, "pdf"]))
    assert filed.receipt_no in PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
    word = client.get(reverse("transfer_sheet", args=[filed.appeal.pk, "docx"]))
    assert word.content.startswith(b"PK")


def test_looking_at_a_telephone_leaves_a_line(town: Town, sign_in: SignIn) -> None:
    filed = town.working()
    client = sign_in("east-power")
    assert "13900000001" not in text(client.get(reverse("appeal", args=[filed.appeal.pk])))
    shown = client.post(reverse("appeal_phone", args=[filed.appeal.pk]))
    assert "13900000001" in text(shown)
    refused = sign_in("east-statistics").post(reverse("appeal_phone", args=[filed.appeal.pk]))
    assert refused.status_code == 422


# The enterprise's own ----------------------------------------------------------------------------


@pytest.fixture
def spokesman(town: Town) -> Client:
    """Somebody approved to speak for the enterprise, signed in."""
    officer, now = town.of("east-officer"), timezone.now()
    with acting(officer):
        code = registry.issue_code(by=officer, now=now, party=town.party)
    asker = town.holder("nobody")
    with acting(asker):
        asked = registry.ask_to_represent(
            by=asker, now=now, code=code, name="赵一", phone="13900000001"
        )
    with acting(officer):
        new = registry.approve_representation(by=officer, now=now, representation=asked)
    account = Account.objects.get(username=new.username)
    account.must_change_password = False
    account.save()
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def test_an_enterprise_files_follows_and_confirms_on_its_own_page(
    town: Town, spokesman: Client
) -> None:
    answer = spokesman.post(reverse("my_appeal_new"), ASKED)
    (row,) = all_of(town)
    assert row.channel == Appeal.Channel.ENTERPRISE
    assert row.receipt_no in text(spokesman.get(answer["Location"]))
    town.do("east-officer", "register_appeal", row, kind=town.kind)
    town.do("east-desk", "dispatch_appeal", row, office=town.power)
    town.do("east-power", "sign_appeal", row)
    town.do("east-power", "answer_appeal", row, result="solved", text="已送电。")
    said = {"do": "confirm_solved", "version": now_of(town, row).version, "satisfaction": "5"}
    assert spokesman.post(answer["Location"], said).status_code == 302
    assert now_of(town, row).confirmed_through == Appeal.Through.ENTERPRISE


def test_an_enterprise_sees_no_request_of_another(town: Town, spokesman: Client) -> None:
    desk, now = town.of("east-desk"), timezone.now()
    with acting(desk):
        other = outreach.file_appeal(
            by=desk, now=now, party=town.other, channel="hall", title="水泥路坏了", body="请修。"
        )
    assert spokesman.get(reverse("my_appeal", args=[other.appeal.pk])).status_code == 404
    assert "水泥路坏了" not in text(spokesman.get(reverse("my_appeals")))
    for name in ("appeal_list", "visit_list", "card_list", "appeal_figures", "appeal_new"):
        assert spokesman.get(reverse(name)).status_code == 404, name


def test_staff_have_no_page_of_an_enterprises_own(town: Town, sign_in: SignIn) -> None:
    assert sign_in("east-desk").get(reverse("my_appeals")).status_code == 404
    assert town.of("east-desk").role == Role.SERVICE_DESK


# Visits, cards, figures --------------------------------------------------------------------------


@pytest.fixture
def routine(town: Town) -> Programme:
    by = town.of("east-desk")
    with acting(by):
        return outreach.open_programme(
            by=by, now=timezone.now(), code="routine-1", name="日常走访", kind="routine"
        )


def test_a_visit_is_logged_with_a_request_and_corrected(
    town: Town, sign_in: SignIn, routine: Programme
) -> None:
    client = sign_in("east-officer")
    today = timezone.localdate().isoformat()
    log = {"programme": routine.pk, "visited_on": today, "met": "钱工", "said": "责令整改。"}
    raised = {"r1_title": "路灯不亮", "r1_money": "2万", "r1_urgency": "normal"}
    answer = client.post(reverse("visit_new_for", args=[town.party.pk]), log | raised)
    shown = text(client.get(answer["Location"]))
    assert "路灯不亮" in shown
    assert "责令" in shown
    with acting(system(town.zone_id)):
        first = Visit.objects.get(zone_id=town.zone_id)
    corrected = client.post(
        reverse("visit_correct", args=[first.pk]), log | {"said": "希望修路灯。"}
    )
    assert "希望修路灯。" in text(client.get(corrected["Location"]))
    listed = text(client.get(reverse("visit_list")))
    assert "希望修路灯。" in listed and "责令整改。" not in listed
    assert "希望修路灯。" in text(client.get(reverse("enterprise_visits", args=[town.party.pk])))


def test_the_desk_opens_programmes_and_days_and_others_are_refused(
    town: Town, sign_in: SignIn
) -> None:
    form = {"name": "企业走访日", "code": "day-x", "kind": "leaders_day"}
    assert sign_in("east-officer").post(reverse("programme_open"), form).status_code == 422
    desk = sign_in("east-desk")
    assert desk.post(reverse("programme_open"), form).status_code == 302
    with acting(system(town.zone_id)):
        programme = Programme.objects.get(zone_id=town.zone_id, code="day-x")
    day = {"programme": programme.pk, "day": "2026-11-16", "place": "大厦"}
    assert desk.post(reverse("day_open"), day).status_code == 302
    assert "大厦" in text(desk.get(reverse("programmes")))


def test_cards_are_made_printed_handed_out_and_withdrawn(town: Town, sign_in: SignIn) -> None:
    desk = sign_in("east-desk")
    desk.post(reverse("cards_make"))
    with acting(system(town.zone_id)):
        made = list(ContactCard.objects.filter(zone_id=town.zone_id))
    assert len(made) == 2
    pdf = desk.post(reverse("cards_print"))
    assert pdf["Content-Type"] == "application/pdf"
    paper = PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
    assert town.party.name in paper and town.other.name in paper
    desk.post(reverse("cards_hand_out"), {"card": made[0].pk})
    one = desk.post(reverse("card_do", args=[made[0].pk, "print"]))
    assert one.content.startswith(b"%PDF")
    desk.post(reverse("card_do", args=[made[1].pk, "withdraw"]), {"reason": "丢了"})
    with acting(system(town.zone_id)):
        kept = {card.pk: card for card in ContactCard.objects.filter(zone_id=town.zone_id)}
    assert kept[made[0].pk].printed_at and kept[made[0].pk].handed_out_on
    assert kept[made[1].pk].handed_out_on is None
    assert kept[made[1].pk].withdrawn_at


def test_an_officer_sees_and_prints_only_the_cards_in_their_care(
    town: Town, sign_in: SignIn
) -> None:
    sign_in("east-desk").post(reverse("cards_make"))
    officer = sign_in("east-officer")
    shown = text(officer.get(reverse("card_list")))
    assert town.party.name in shown and town.other.name not in shown
    pdf = officer.post(reverse("cards_print"))
    assert town.other.name not in PdfReader(BytesIO(pdf.content)).pages[0].extract_text()


def test_every_figure_opens_to_the_records_it_counts(town: Town, sign_in: SignIn) -> None:
    town.file("厂门口货车掉头难")
    town.answered()
    client = sign_in("east-leader")
    period = "?since=2026-01-01&until=2026-12-31"
    shown = text(client.get(reverse("appeal_figures") + period))
    figures = dict(re.findall(r'data-figure="(\w+)">(\d+)<', shown))
    assert figures["filed"] == "2" and figures["answered"] == "1"
    for name, count in figures.items():
        proof = client.get(reverse("appeals_behind", args=[name]) + period)
        assert text(proof).count('<td class="what"') == int(count), name


def test_the_tabs_of_an_enterprise_hold_its_own(town: Town, sign_in: SignIn) -> None:
    filed = town.file()
    client = sign_in("city")
    tab = text(client.get(reverse("enterprise_appeals", args=[town.party.pk])))
    assert filed.receipt_no in tab
    assert filed.receipt_no not in text(
        client.get(reverse("enterprise_appeals", args=[town.other.pk]))
    )
