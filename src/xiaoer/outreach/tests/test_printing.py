"""A print of many cards: asked for on a page, made by a job, in sight while it is made."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.town import NOW
from xiaoer.base.scope import acting
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import jobs
from xiaoer.outreach.models import CardPrint, ContactCard
from xiaoer.outreach.tests.conftest import Town

SignIn = Callable[[str], Client]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, town: Town) -> Town:
    """A town where already one card is more than one waits for."""
    monkeypatch.setattr(outreach, "MOST_TO_WAIT_FOR", 0)
    return town


def run_of(town: Town) -> CardPrint:
    with acting(town.of("east-desk")):
        return CardPrint.objects.latest("pk")


def work_on(run: CardPrint) -> None:
    jobs.make_card_print(zone_id=run.zone_id, run_id=run.pk, post_id=run.post_id)


def asked(town: Town, client: Client) -> CardPrint:
    client.post(reverse("cards_print"))
    return run_of(town)


def test_a_large_print_is_asked_for_at_once_and_made_by_a_job(few: Town, sign_in: SignIn) -> None:
    desk = sign_in("east-desk")
    answer: Any = desk.post(reverse("cards_print"))
    run = run_of(few)
    page = reverse("card_print", args=[run.pk])
    assert answer.headers["Location"] == page
    shown = desk.get(page).content.decode()
    assert "排队" in shown and 'hx-trigger="every 1s"' in shown
    assert desk.get(reverse("card_print_file", args=[run.pk])).status_code == 404
    work_on(run)
    part = desk.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and reverse("card_print_file", args=[run.pk]) in part
    file: Any = desk.get(reverse("card_print_file", args=[run.pk]))
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    with acting(few.of("east-desk")):
        assert ContactCard.objects.get(pk=few.card.pk).printed_at is not None


def test_a_print_made_twice_is_made_once(few: Town, sign_in: SignIn) -> None:
    run = asked(few, sign_in("east-desk"))
    work_on(run)
    first = run_of(few)
    work_on(run)
    assert run_of(few).finished_at == first.finished_at


def test_no_card_counts_as_printed_before_its_file_is_there(few: Town, sign_in: SignIn) -> None:
    asked(few, sign_in("east-desk"))
    with acting(few.of("east-desk")):
        assert ContactCard.objects.get(pk=few.card.pk).printed_at is None


def test_a_print_that_stands_still_says_so_and_starts_anew(few: Town, sign_in: SignIn) -> None:
    """The server was killed while the job was at it."""
    desk = sign_in("east-desk")
    run = asked(few, desk)
    with acting(few.of("east-desk")):
        CardPrint.objects.filter(pk=run.pk).update(told_at=timezone.now() - timedelta(minutes=5))
    page = desk.get(reverse("card_print", args=[run.pk])).content.decode()
    assert "服务器中断过" in page and "every 1s" not in page
    desk.post(reverse("card_print_again", args=[run.pk]))
    assert run_of(few).pk != run.pk
    work_on(run_of(few))
    assert run_of(few).state == CardPrint.State.DONE


def test_what_a_print_is_refused_for_is_read_on_its_page(few: Town, sign_in: SignIn) -> None:
    desk = sign_in("east-desk")
    run = asked(few, desk)
    by = few.of("east-desk")
    with acting(by):
        outreach.withdraw_card(by=by, now=NOW, card=few.card, reason="丢了")
    work_on(run)
    assert run_of(few).state == CardPrint.State.FAILED
    assert run_of(few).message in desk.get(reverse("card_print", args=[run.pk])).content.decode()


def test_a_print_is_seen_by_who_asked_and_the_desk_alone(few: Town, sign_in: SignIn) -> None:
    run = asked(few, sign_in("east-desk"))
    work_on(run)
    for stranger in ("east-officer", "west-desk"):
        client = sign_in(stranger)
        assert client.get(reverse("card_print", args=[run.pk])).status_code == 404
        assert client.get(reverse("card_print_file", args=[run.pk])).status_code == 404


def test_the_api_asks_for_a_print_and_looks_how_far_it_is(town: Town, sign_in: SignIn) -> None:
    desk = sign_in("east-desk")
    answer = desk.post(
        "/api/v1/cards/prints", {"cards": [town.card.pk]}, content_type="application/json"
    ).json()
    address = f"/api/v1/cards/prints/{answer['id']}"
    assert (answer["state"], desk.get(f"{address}/file").status_code) == ("waiting", 404)
    work_on(run_of(town))
    assert desk.get(address).json()["done"] == 1
    file: Any = desk.get(f"{address}/file")
    assert b"".join(file.streaming_content).startswith(b"%PDF")


def test_a_few_cards_are_printed_at_once(town: Town, sign_in: SignIn) -> None:
    answer = sign_in("east-desk").post(reverse("cards_print"))
    assert answer.content.startswith(b"%PDF")
