"""Whatever is typed, pasted or sent by a machine: said no to in words, or kept as plain text."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiaoer.base.scope import acting, system
from xiaoer.outreach.models import Appeal, Visit
from xiaoer.outreach.pages.speaking import SAID
from xiaoer.outreach.pages.verbs import DONE
from xiaoer.outreach.tests.conftest import Town

SignIn = Callable[[str], Client]
SCRIPT = "<script>alert(1)</script>"
JUNK = (
    "a\x00b",
    SCRIPT,
    "'; drop table appeal; --",
    "9" * 40,
    "-1e999",
    "٣",
    "2026-02-30",
    "99999-01-01",
    "🏭" * 4100,
)
WORST = ("", "\x00", SCRIPT, "9" * 40, "2026-02-30", "🏭" * 4100)
ADDRESS_FIELDS = (
    "state", "light", "ball", "kind", "channel", "office", "urgency", "handler", "party", "programme",
    "mine", "supervised", "q", "since", "until", "sort", "after", "grid", "cell", "officer", "do", "story",
    "page", "added",
)  # fmt: skip
FIELDS = (
    "kind", "urgency", "is_hard", "money", "contact_name", "contact_phone", "words", "reason", "into",
    "to", "external_ref", "office", "handler", "joint", "offices", "is_public", "promised_on", "result",
    "text", "new_due_on", "decision", "outcome", "spoke_with", "satisfaction", "version",
)  # fmt: skip
FILED = {
    "title": "厂区变压器增容",
    "body": "没有电开不了。",
    "urgency": "normal",
    "channel": "phone",
    "contact_phone": "13900000001",
}
BEGAN = 500


def row_of(town: Town) -> Appeal:
    with acting(system(town.zone_id)):
        return Appeal.objects.latest("pk")


def fine(answer: Any) -> bool:
    """Done, led on, not found or refused in words; and nothing typed comes back as markup."""
    return answer.status_code < BEGAN and (
        answer.streaming or SCRIPT not in answer.content.decode("utf-8", "replace")
    )


@pytest.mark.parametrize("junk", WORST)
def test_no_verb_breaks_over_what_is_typed_into_its_form(
    town: Town, sign_in: SignIn, junk: str
) -> None:
    row = town.now_of(town.working().appeal)
    desk, power = sign_in("east-desk"), sign_in("east-power")
    typed = dict.fromkeys(FIELDS, junk)
    for verb in DONE:
        address = reverse("appeal_do", args=[row.pk, verb])
        assert fine(desk.post(address, typed)), verb
        for client in (desk, power):
            version = town.now_of(row).version
            assert fine(client.post(address, typed | {"version": version})), verb
    assert fine(desk.get(reverse("appeal", args=[row.pk])))


def test_no_verb_of_a_page_is_done_to_what_somebody_else_changed(
    town: Town, sign_in: SignIn
) -> None:
    row = town.now_of(town.working().appeal)
    clients = [sign_in(who) for who in ("east-desk", "east-power", "east-leader")]
    given = {
        "version": row.version - 1, "words": "话", "reason": "因为", "text": "答复",
        "result": "solved", "to": "法院", "office": town.land.pk, "offices": town.land.pk,
        "kind": town.kind.pk, "urgency": "normal", "promised_on": "2027-01-05",
        "new_due_on": "2027-01-05",
    }  # fmt: skip
    # A leader's word stands beside the request and changes nothing of it.
    for verb in DONE.keys() - {"instruct"}:
        for client in clients:
            client.post(reverse("appeal_do", args=[row.pk, verb]), given)
        assert (town.now_of(row).version, town.now_of(row).state) == (row.version, row.state), verb


@pytest.mark.parametrize("junk", JUNK)
def test_no_form_of_filing_breaks_over_what_is_typed(
    town: Town, sign_in: SignIn, junk: str
) -> None:
    card = reverse("card", args=[town.card.code])
    staff = reverse("appeal_new_for", args=[town.party.pk])
    officer = sign_in("east-officer")
    for names in (
        ("title",),
        ("body", "once"),
        ("same", "channel"),
        ("money", "urgency"),
        ("kind", "programme", "contact_name", "contact_phone"),
    ):
        given = FILED | dict.fromkeys(names, junk)
        assert fine(Client().post(card, given)), names
        assert fine(officer.post(staff, given)), names
    assert fine(officer.get(reverse("appeal_list")))


@pytest.mark.parametrize("said", [*sorted(SAID), "nothing", SCRIPT])
def test_no_word_of_the_enterprise_breaks_its_link(town: Town, said: str) -> None:
    link = reverse("track", args=[town.answered().token])
    for junk in WORST:
        given = dict.fromkeys(("words", "why", "body", "satisfaction", "version"), junk)
        version = str(row_of(town).version)
        assert fine(Client().post(link, given | {"do": said, "version": version})), junk
    assert fine(Client().get(link))


@pytest.mark.parametrize("junk", JUNK)
def test_no_form_of_visits_and_cards_breaks(town: Town, sign_in: SignIn, junk: str) -> None:
    desk = sign_in("east-desk")
    forms = {
        reverse("visit_new_for", args=[town.party.pk]): (
            "programme", "visited_on", "met", "said", "post", "companions", "title", "body"),
        reverse("programme_open"): ("name", "code", "kind", "source"),
        reverse("day_open"): ("programme", "day", "place", "note"),
        reverse("cards_hand_out"): ("card", "handed_out_on"),
        reverse("cards_print"): ("card",),
        reverse("card_do", args=[town.card.pk, "withdraw"]): ("reason",),
    }  # fmt: skip
    for address, names in forms.items():
        assert fine(desk.post(address, dict.fromkeys(names, junk))), address
    assert fine(desk.get(reverse("programmes"))) and fine(desk.get(reverse("visit_list")))


@pytest.mark.parametrize("junk", JUNK)
def test_no_list_breaks_over_its_address(town: Town, sign_in: SignIn, junk: str) -> None:
    filed = town.answered()
    row = town.now_of(filed.appeal)
    desk, asked = sign_in("east-desk"), dict.fromkeys(ADDRESS_FIELDS, junk[:300])
    for address in (
        reverse("appeal_list"),
        reverse("visit_list"),
        reverse("card_list"),
        reverse("appeal_figures"),
        reverse("appeals_behind", args=["filed"]),
        reverse("appeal", args=[row.pk]),
        reverse("appeal_new"),
        reverse("visit_new"),
    ):
        assert fine(desk.get(address, asked)), address
        assert fine(desk.get(address, asked | {"export": "xlsx"})), address
    assert fine(Client().get(reverse("track", args=[filed.token]), asked))
    assert fine(Client().get(reverse("card", args=[town.card.code]), asked))


@pytest.mark.parametrize("number", [0, 2**31, 2**63 - 1, 2**63, 10**30])
def test_a_number_nothing_has_is_not_there(town: Town, sign_in: SignIn, number: int) -> None:
    desk = sign_in("east-desk")
    for address in (f"/appeals/{number}/", f"/visits/{number}/", f"/cards/{number}/",
                    f"/cards/prints/{number}/", f"/appeals/new/{number}/",
                    f"/appeals/{number}/transfer-sheet.pdf"):  # fmt: skip
        assert desk.get(address).status_code == 404, address


def test_bytes_that_are_no_text_are_not_kept(town: Town) -> None:
    body = b"title=%ff%fe&body=%ed%a0%80&urgency=normal"
    answer = Client().post(
        reverse("card", args=[town.card.code]), body, "application/x-www-form-urlencoded"
    )
    assert fine(answer)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'{"title": 1}', b"\xff", b"[" * 5000])
def test_the_api_says_what_is_wrong_with_a_body(town: Town, body: bytes) -> None:
    answer = Client().post(
        f"/api/v1/public/cards/{town.card.code}/appeals", body, content_type="application/json"
    )
    assert answer.status_code == 422 and answer.json()["message"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "长" * 81),
        ("title", "\x00"),
        ("title", 7),
        ("body", "长" * 4001),
        ("kind", 2**70),
        ("kind", "power"),
        ("money_fen", 2**63),
        ("money_fen", -1),
        ("money_fen", 0.5),
        ("urgency", "fire"),
        ("contact_phone", "1" * 41),
        ("contact_name", ["赵"]),
    ],
)
def test_the_api_names_the_field_that_is_wrong(town: Town, field: str, value: object) -> None:
    asked = {"title": "增容", "body": "没有电。"} | {field: value}
    answer = Client().post(
        f"/api/v1/public/cards/{town.card.code}/appeals",
        json.dumps(asked),
        content_type="application/json",
    )
    assert answer.status_code == 422
    assert field in (answer.json()["field"] or "")
    with acting(system(town.zone_id)):
        assert not Appeal.objects.exists()


def test_forms_sent_twice_have_one_result(town: Town, sign_in: SignIn) -> None:
    officer, once = sign_in("east-officer"), {"once": str(uuid.uuid4())}
    staff = reverse("appeal_new_for", args=[town.party.pk])
    answers = [officer.post(staff, FILED | once) for _time in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    row = row_of(town)
    noted = {"version": row.version, "words": "去看了", "once": str(uuid.uuid4())}
    for _time in range(2):
        answer = officer.post(reverse("appeal_do", args=[row.pk, "note_progress"]), noted)
        assert answer.status_code == 302
    with acting(system(town.zone_id)):
        assert Appeal.objects.count() == 1
        assert row.events.filter(verb="note_progress").count() == 1
        assert not Visit.objects.exists()


def test_a_link_ends_a_year_after_its_request(town: Town) -> None:
    filed = town.confirmed()
    link = reverse("track", args=[filed.token])
    assert Client().get(link).status_code == 200
    with acting(system(town.zone_id)):
        Appeal.objects.filter(receipt_no=filed.receipt_no).update(
            closed_at=timezone.now() - timedelta(days=366)
        )
    assert Client().get(link).status_code == 404
    assert Client().post(link, {"do": "reopen_appeal", "version": "1"}).status_code == 404
    again = Client().get(f"/api/v1/public/links/{filed.token}")
    assert again.status_code == 404
