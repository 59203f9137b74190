"""An ambassador looks a draft through before it is submitted: asked for, and deciding nothing."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from tests.town import actor
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.permits import queries
from xiaoer.permits.models import Case
from xiaoer.permits.tests.applying_town import SECRET, Counter, built

DESK = "east-desk"


@pytest.fixture
def counter(db: None) -> Counter:
    translation.activate("en")
    return built()


def test_a_draft_is_its_applicants_own_until_it_asks(
    counter: Counter, sign_in: Callable[[str], Client]
) -> None:
    by, desk = counter.spokesman(), actor(DESK)
    case = counter.opened()
    with pytest.raises(Refused, match="has not asked"):
        counter.do(desk, "pre_check", case, words="the lease is missing")
    assert sign_in(DESK).get(f"/cases/{case.pk}/").status_code == 404
    counter.do(by, "ask_pre_check", case)
    assert sign_in(DESK).get(f"/cases/{case.pk}/").status_code == 200
    assert case.applicant_name in sign_in(DESK).get("/cases/desk/?state=draft").content.decode()
    found = {"what_to_do": "pre_check", "words": "the lease is missing"}
    answer = sign_in(DESK).post(f"/cases/{case.pk}/act/", found)
    assert answer.headers["Location"] == "/cases/desk/?state=draft"
    row = counter.now_of(case)
    assert (row.state, row.check_words) == (Case.State.DRAFT, "the lease is missing")
    with acting(desk):
        left = queries.desk(zone_id=desk.zone_id, state="draft", now=row.drafted_at)
    assert (left.rows, left.to_look_through) == ((), 0)


def test_asked_twice_it_was_asked_at_first_and_a_submitted_one_is_not_asked_for(
    counter: Counter,
) -> None:
    by = counter.spokesman()
    case = counter.filled(by, counter.opened())
    counter.do(by, "ask_pre_check", case)
    first = counter.now_of(case).check_asked_at
    counter.do(by, "ask_pre_check", case)
    assert counter.now_of(case).check_asked_at == first
    # Nobody has to wait for the look.
    counter.do(by, "submit_case", case)
    with pytest.raises(Refused, match="submitted already"):
        counter.do(by, "ask_pre_check", case)


def test_a_stranger_asks_by_its_link_and_reads_what_was_found(
    counter: Counter, client: Client
) -> None:
    case = counter.begun_by_stranger()
    page = f"/services/apply/{SECRET}/"
    assert client.post(f"{page}do/ask_pre_check/").status_code == 302
    counter.do(actor(DESK), "pre_check", case, words="Bring the plan of the kitchen.")
    assert "Bring the plan of the kitchen." in client.get(page).content.decode()


def test_another_firm_asks_for_nobody(counter: Counter) -> None:
    case = counter.opened()
    with pytest.raises(Refused, match="for you"):
        counter.do(counter.spokesman(counter.other), "ask_pre_check", case)
