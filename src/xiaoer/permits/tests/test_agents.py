"""A firm that acts for another by a power of attorney: what it sees, what it does, and for how long."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.town import actor
from xiaoer.base.models import Account, Office, Person, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.papers.models import HeldPaper
from xiaoer.permits import actions as permits
from xiaoer.permits.actions import Gap
from xiaoer.permits.models import (
    AgencyMandate,
    Case,
    CaseEvent,
    CaseItem,
    CaseMaterial,
    CaseStep,
    Supplement,
    Thing,
)
from xiaoer.permits.queries import applying as queries
from xiaoer.permits.tests.applying_town import Counter, a_thing, built, pdf
from xiaoer.registry.models import Party

DESK = "east-desk"
TODAY = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def counter(db: None) -> Counter:
    return built()


def mandate(counter: Counter, **more: Any) -> AgencyMandate:
    """Of the first firm to the second, around today by the real clock, which the database reads."""
    by = actor(DESK)
    given: dict[str, Any] = {
        "now": TODAY, "party": counter.party, "agent_party": counter.other,
        "upload": pdf("mandate"), "file_name": "委托书.pdf",
        "valid_from": (TODAY - DAY).date(), "valid_until": (TODAY + 30 * DAY).date(),
    }  # fmt: skip
    with acting(by):
        return permits.give_mandate(by=by, **(given | more))


def agent(counter: Counter) -> Actor:
    return counter.spokesman(counter.other)


def seen(by: Actor) -> set[int]:
    with acting(by):
        return set(Case.objects.values_list("pk", flat=True))


def supplemented(counter: Counter) -> Case:
    """A submitted case of the principal that the desk asked to supplement."""
    by = counter.spokesman()
    case = counter.filled(by, counter.opened(by))
    counter.do(by, "submit_case", case)
    gap = Gap("房屋租赁合同", "缺页", "test-lease")
    counter.do(actor(DESK), "ask_supplement", case, gaps=[gap])
    return case


def accepted(counter: Counter) -> Case:
    by = counter.spokesman()
    case = counter.filled(by, counter.opened(by))
    counter.do(by, "submit_case", case)
    counter.do(actor(DESK), "accept_case", case)
    return case


def test_an_agent_sees_its_principals_case_and_all_that_hangs_on_it(counter: Counter) -> None:
    case, by = accepted(counter), agent(counter)
    assert seen(by) == set()
    mandate(counter)
    assert seen(by) == {case.pk}
    with acting(by):
        assert CaseItem.objects.filter(case=case).exists()
        assert CaseStep.objects.filter(item__case=case).exists()
        assert CaseMaterial.objects.filter(case=case).exists()
        shown = CaseEvent.objects.filter(case=case)
        assert shown.exists() and all(one.is_shown for one in shown)
        assert not HeldPaper.objects.exists()  # the firm's own papers stay its own
        rows = queries.my_cases(zone_id=by.zone_id, party_id=by.party_ref or 0)
        assert [one.pk for one in rows] == [case.pk]


@pytest.mark.parametrize("how", ["ended", "over", "not_yet", "other_thing", "other_case"])
def test_a_mandate_that_does_not_stand_or_cover_shows_nothing(counter: Counter, how: str) -> None:
    case, by = accepted(counter), agent(counter)
    more: dict[str, Any] = {}
    if how == "over":
        more = {
            "now": TODAY - 20 * DAY, "valid_from": (TODAY - 20 * DAY).date(),
            "valid_until": (TODAY - 2 * DAY).date(),
        }  # fmt: skip
    elif how == "not_yet":
        more = {"valid_from": (TODAY + 2 * DAY).date()}
    elif how == "other_thing":
        with acting(actor(DESK)):
            more = {"things": [a_thing(counter.zone_id, "another-thing")]}
    elif how == "other_case":
        more = {"case": counter.opened()}
    row = mandate(counter, **more)
    if how == "ended":
        principal = counter.spokesman()
        with acting(principal):
            permits.end_mandate(by=principal, now=TODAY, mandate=row, reason="自己办")
    assert case.pk not in seen(by)
    with acting(by):
        assert not CaseItem.objects.filter(case=case).exists()
        assert not CaseMaterial.objects.filter(case=case).exists()
    with pytest.raises(Refused):
        counter.do(by, "fill_case", case, form={"area": "90"}, now=TODAY)


def test_a_mandate_for_the_very_thing_or_case_covers_it(counter: Counter) -> None:
    case, by = accepted(counter), agent(counter)
    with acting(actor(DESK)):
        thing = Thing.objects.get(pk=counter.thing.pk)
    row = mandate(counter, things=[thing])
    assert seen(by) == {case.pk}
    desk = actor(DESK)
    with acting(desk):
        permits.end_mandate(by=desk, now=TODAY, mandate=row, reason="换一份")
    mandate(counter, case=case)
    assert seen(by) == {case.pk}


def test_neither_another_firm_nor_another_zone_nor_a_link_gains_by_it(counter: Counter) -> None:
    case = accepted(counter)
    mandate(counter)
    third = Actor(zone_id=counter.zone_id, role=agent(counter).role, party_ref=999_999)
    west = actor("west-desk")
    elsewhere = Actor(
        zone_id=west.zone_id, role=agent(counter).role, party_ref=counter.other.pk, name="赵一"
    )
    keyed = Actor(zone_id=counter.zone_id, key="public", party_ref=counter.other.pk)
    for by in (third, elsewhere, keyed, counter.anybody):
        assert case.pk not in seen(by)


def test_an_agent_fills_gives_and_supplements(counter: Counter) -> None:
    case, by = supplemented(counter), agent(counter)
    mandate(counter)
    counter.do(by, "give_material", case, paper_code="test-lease", upload=pdf("anew"), now=TODAY)
    counter.do(by, "fill_case", case, form={"area": "90"}, now=TODAY)
    counter.do(by, "answer_supplement", case, now=TODAY)
    kept = counter.now_of(case)
    assert kept.state == Case.State.SUBMITTED and kept.form["area"] == "90"
    with acting(actor(DESK)):
        assert Supplement.objects.get(case=case).answered_at == TODAY
        given = CaseMaterial.objects.get(case=case, paper_code="test-lease")
        # What an agent brings stays with the case: it is not held for the principal.
        assert given.paper is None and given.file is not None
        last = CaseEvent.objects.filter(case=case, verb="answer_supplement").latest("id")
        assert last.who == "赵一"


def test_an_agent_neither_withdraws_nor_rates_nor_promises(counter: Counter) -> None:
    by, principal = agent(counter), counter.spokesman()
    draft, case = counter.opened(principal), accepted(counter)
    mandate(counter)
    for verb, row, said in (
        ("withdraw_case", case, {"reason": "不办了"}),
        ("rate_case", case, {"score": 5}),
        ("sign_promise", draft, {}),
        ("use_held", draft, {"paper_code": "test-lease"}),
    ):
        with pytest.raises(Refused):
            counter.do(by, verb, row, now=TODAY, **said)
    assert counter.now_of(case).state == Case.State.RUNNING


def spokesman_of(party: Party, sign_in: Callable[[str], Client]) -> Client:
    """The officer's account, given the post of an enterprise and no other, in a browser."""
    account = Account.objects.get(username="east-officer")
    with acting(system(party.zone_id)):
        person = Person.objects.get(account_id=account.pk)
        Post.objects.filter(person=person).update(until="2026-01-02")
        office = Office.objects.filter(zone_id=party.zone_id).first()
        Post.objects.create(
            zone_id=party.zone_id, person=person, role=Role.ENTERPRISE, office=office,
            party_ref=party.pk, since="2026-01-01",
        )  # fmt: skip
    return sign_in("east-officer")


def test_the_agents_pages_offer_what_it_may(
    counter: Counter, sign_in: Callable[[str], Client]
) -> None:
    case = accepted(counter)
    client = spokesman_of(counter.other, sign_in)
    page = f"/my/cases/{case.pk}/"
    assert client.get(page).status_code == 404
    mandate(counter)
    shown = client.get(page).content.decode()
    assert counter.party.name in shown and "do/withdraw" not in shown and "do/rate" not in shown
    assert f"代{counter.party.name}" in client.get("/my/cases/").content.decode()
    assert client.post(f"{page}do/withdraw/", {"reason": "x"}).status_code == 422
    assert client.get(f"{page}papers/test-lease/file/").status_code == 200
    assert client.get(f"/cases/{case.pk}/").status_code in {403, 404}


def test_who_asks_for_the_cases_of_others_is_the_scope(counter: Counter) -> None:
    case = accepted(counter)
    mandate(counter)
    with acting(actor(DESK)), connection.cursor() as cursor:
        cursor.execute("select cases_as_agent()")
        assert cursor.fetchall() == []
    with acting(agent(counter)), connection.cursor() as cursor:
        cursor.execute("select cases_as_agent()")
        assert cursor.fetchall() == [(case.pk,)]
