"""Elements: who answers has a task, a day that moves is not lost, land is counted to the metre."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.projects import actions as projects
from xiaoer.projects import queries
from xiaoer.projects.models import DayMove, ElementNeed, ZonePromise
from xiaoer.projects.queries import NeedFilter, PromiseFilter
from xiaoer.projects.tests.built import TODAY, Ground, build
from xiaoer.registry import actions as registry
from xiaoer.work import actions as work
from xiaoer.work.models import Matter, Task

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
SOON, LATER = TODAY + timedelta(days=20), TODAY + timedelta(days=40)


@pytest.fixture
def ground(of: Of) -> Ground:
    return build(of)


def ask(ground: Ground, **given: Any) -> ElementNeed:
    need: ElementNeed = ground.do(
        "east-desk",
        projects.ask_element,
        **{
            "project": ground.project,
            "kind": "power",
            "what": "10 kV 接入",
            "amount": Decimal(8000),
            "needed_on": SOON,
            "office": ground.office("供电服务中心"),
            **given,
        },
    )
    return need


def light(ground: Ground, need: ElementNeed, on: date = TODAY) -> str:
    with acting(ground.of("east-desk")):
        return queries.need_light(need, on, queries.near_days(need.zone_id))


def open_task(need: ElementNeed | ZonePromise, kind: str) -> Task | None:
    return Task.objects.filter(
        matter__kind=kind, matter__subject_id=need.pk, state=Task.State.OPEN
    ).first()


def test_whoever_answers_has_a_task_until_the_day_it_is_needed(ground: Ground) -> None:
    need = ask(ground)
    with acting(ground.of("east-power")):
        task = open_task(need, "element_need")
        assert task is not None and task.office_id == need.office_id
        assert task.due_at is not None and task.due_at.date() == SOON
        assert "变压器" in task.matter.title
    assert need.party_id == ground.party.pk


def test_a_need_without_anybody_who_answers_is_refused(ground: Ground) -> None:
    with pytest.raises(Refused) as no:
        ask(ground, office=None)
    assert no.value.field == "office"
    with pytest.raises(Refused):
        ask(ground, project=None)
    with pytest.raises(Refused):
        ask(ground, kind="air")


def test_the_officer_presses_where_somebody_outside_answers(ground: Ground) -> None:
    officer = ground.post("east-officer")
    with acting(ground.of("east-desk")):
        ground.project.officer = officer
        ground.project.save()
    need = ask(ground, office=None, answerer="市供电公司")
    with acting(ground.of("east-desk")):
        task = open_task(need, "element_need")
        assert task is not None and task.post_id == officer.pk


def test_lights_say_no_day_too_late_near_and_past(ground: Ground) -> None:
    need = ask(ground)
    assert light(ground, need) == "grey", "nobody has promised a day"
    assert light(ground, need, SOON + timedelta(days=1)) == "red"
    need = ground.do("east-power", projects.promise_element, need=need, on=SOON)
    assert light(ground, need) == "green"
    assert light(ground, need, SOON - timedelta(days=7)) == "amber", "near"
    assert light(ground, need, SOON + timedelta(days=1)) == "red"
    need = ground.do(
        "east-power", projects.promise_element, need=need, on=LATER, reason="主变到货推迟"
    )
    assert light(ground, need) == "amber", "promised later than needed"
    need = ground.do("east-power", projects.ready_element, need=need, on=TODAY)
    assert light(ground, need) == "green"


def test_another_day_needs_its_reason_and_the_first_is_kept(ground: Ground) -> None:
    need = ground.do("east-power", projects.promise_element, need=ask(ground), on=SOON)
    with pytest.raises(Refused) as no:
        ground.do("east-power", projects.promise_element, need=need, on=LATER)
    assert no.value.field == "reason"
    ground.do("east-power", projects.promise_element, need=need, on=LATER, reason="主变到货推迟")
    with acting(ground.of("east-desk")):
        move = DayMove.objects.get(need=need)
        assert (move.before_on, move.promised_on) == (SOON, LATER)
    with pytest.raises(Refused):
        ground.do("east-power", projects.promise_element, need=need, on=TODAY - timedelta(days=1))


def test_only_who_answers_promises(ground: Ground) -> None:
    need = ask(ground)
    with pytest.raises(Refused):
        ground.do("east-land", projects.promise_element, need=need, on=SOON)
    with pytest.raises(Refused):
        ground.do("east-power", projects.drop_need, need=need, reason="不需要")


def test_what_is_there_ends_the_task_and_is_not_opened_again(ground: Ground) -> None:
    need = ground.do("east-power", projects.ready_element, need=ask(ground), on=TODAY)
    assert need.ready_amount == 8000
    with acting(ground.of("east-desk")):
        task = Task.objects.get(matter__kind="element_need", matter__subject_id=need.pk)
        assert task.state == Task.State.DONE
        assert Matter.objects.get(pk=task.matter_id).closed_at is not None
    with pytest.raises(Refused):
        ground.do("east-power", projects.promise_element, need=need, on=SOON)
    with pytest.raises(Refused):
        ground.do("east-power", projects.ready_element, need=ask(ground), on=SOON)


def test_the_task_goes_to_the_new_answerer(ground: Ground) -> None:
    need = ask(ground)
    changed = ground.do(
        "east-desk", projects.change_need, need=need, what=need.what, needed_on=LATER,
        amount=need.amount, office=ground.office("自然资源分局"), version=need.version,
    )  # fmt: skip
    with acting(ground.of("east-desk")):
        task = open_task(changed, "element_need")
        assert task is not None and task.office_id == changed.office_id
        assert task.due_at is not None and task.due_at.date() == LATER
    with pytest.raises(Refused):
        ground.do("east-desk", projects.drop_need, need=need, reason="不需要", version=need.version)


def test_whoever_takes_the_task_answers_from_then_on(ground: Ground) -> None:
    need = ask(ground)
    with acting(ground.of("east-power")):
        task = open_task(need, "element_need")
    ground.do("east-power", work.take_task, task=task)
    taker = ground.of("east-power").post_id
    with acting(ground.of("east-desk")):
        need.refresh_from_db()
        assert need.post_id == taker


def test_land_for_seven_firms_is_counted_to_the_last_decimal(ground: Ground) -> None:
    """The published 244.359 mu for 7 firms: one firm twice, one with a project, one dropped."""
    amounts = ("36.125", "52.4", "18.034", "61.2", "29.6", "20", "17", "10")
    by = ground.of("east-admin")
    with acting(by):
        firms = [ground.party] + [
            registry.add_party(
                by=by, now=NOW, facts=registry.PartyFacts(name=f"用地企业{n}有限公司", industry="3824"),
                cell=ground.party.cell,
            )
            for n in range(6)
        ]  # fmt: skip
    assert sum(map(Decimal, amounts)) == Decimal("244.359")
    for place, amount in enumerate(amounts):
        firm = firms[place % 7]
        given = {"project": ground.project} if place == 0 else {"project": None, "party": firm}
        need = ask(
            ground, kind="land", what="工业用地", amount=Decimal(amount),
            office=ground.office("自然资源分局"), **given,
        )  # fmt: skip
        ground.do("east-land", projects.ready_element, need=need, on=TODAY, is_standard_land=True)
    dropped = ask(ground, kind="land", what="工业用地", amount=Decimal(99))
    ground.do("east-desk", projects.drop_need, need=dropped, reason="不再扩建")
    with acting(ground.of("east-desk")):
        year = (date(2026, 1, 1), date(2026, 12, 31))
        firms_counted, mu = queries.solved_elements(ground.zone_id, "land", *year)
        assert (firms_counted, mu) == (7, Decimal("244.359"))
        assert queries.solved_elements(ground.zone_id, "money", *year) == (0, Decimal(0))
        assert ElementNeed.objects.filter(is_standard_land=True).count() == 8


def test_what_is_finer_than_three_decimals_is_refused_not_rounded(ground: Ground) -> None:
    with pytest.raises(Refused) as no:
        ask(ground, kind="land", amount=Decimal("24.3591"))
    assert no.value.field == "amount"
    for amount in ("0", "-3", "NaN"):
        with pytest.raises(Refused):
            ask(ground, amount=Decimal(amount))
    need = ask(ground, kind="money", what="流动资金贷款", amount=None)
    with pytest.raises(Refused):
        ground.do("east-power", projects.ready_element, need=need, on=TODAY)


def test_a_need_can_be_heard_in_a_request(ground: Ground) -> None:
    by = ground.of("east-desk")
    with acting(by):
        matter = work.open_matter(
            by=by, now=NOW, kind="appeal", subject_id=1, title="用地诉求", address="/appeals/1/",
            party=ground.other,
        )  # fmt: skip
    need = ask(ground, project=None, party=ground.other, origin=matter)
    with acting(by):
        assert [one.pk for one in queries.needs_of_matter(ground.zone_id, matter.pk)] == [need.pk]


# The zone's own promises --------------------------------------------------------------------------


def promise(ground: Ground, **given: Any) -> ZonePromise:
    row: ZonePromise = ground.do(
        "east-leader",
        projects.promise_for_zone,
        **{
            "project": ground.project,
            "what": "厂区北侧道路通车",
            "promised_on": SOON,
            "document": "投资协议第五条",
            "office": ground.office("自然资源分局"),
            **given,
        },
    )
    return row


def test_the_first_day_of_a_promise_is_never_lost(ground: Ground) -> None:
    row = promise(ground)
    with pytest.raises(Refused):
        ground.do("east-leader", projects.move_zone_promise, promise=row, on=LATER, reason=" ")
    row = ground.do(
        "east-leader", projects.move_zone_promise, promise=row, on=LATER, reason="雨季停工"
    )
    assert (row.first_promised_on, row.promised_on) == (SOON, LATER)
    with acting(ground.of("east-desk")):
        assert DayMove.objects.get(promise=row).reason == "雨季停工"
        task = open_task(row, "zone_promise")
        assert task is not None and task.due_at is not None and task.due_at.date() == LATER
        assert queries.promise_light(row, TODAY, 7) == "amber", "moved beyond the first day"
        assert queries.promise_light(row, LATER + timedelta(days=1), 7) == "red"


def test_a_promise_is_kept_or_withdrawn_once(ground: Ground) -> None:
    row = promise(ground)
    kept = ground.do("east-land", projects.keep_promise, promise=row, on=TODAY)
    assert kept.kept_on == TODAY
    with pytest.raises(Refused):
        ground.do("east-leader", projects.withdraw_promise, promise=kept, reason="不再需要")
    other = promise(ground)
    with pytest.raises(Refused):
        ground.do("east-land", projects.withdraw_promise, promise=other, reason="不再需要")
    ground.do("east-leader", projects.withdraw_promise, promise=other, reason="规划调整")
    by = ground.of("east-desk")
    with acting(by):
        states = {
            state: len(queries.zone_promises(by=by, filters=PromiseFilter(state), today=TODAY))
            for state in ("open", "kept", "withdrawn", "all")
        }
    assert states == {"open": 0, "kept": 1, "withdrawn": 1, "all": 2}


# Walls --------------------------------------------------------------------------------------------


def test_another_zone_sees_and_changes_nothing(ground: Ground) -> None:
    need, row = ask(ground), promise(ground)
    west = ground.of("west-leader")
    with acting(west):
        assert queries.needs(by=west, filters=NeedFilter("all"), today=TODAY) == []
        assert ElementNeed.objects.count() == ZonePromise.objects.count() == 0
        assert ElementNeed.objects.filter(pk=need.pk).update(what="x") == 0
    with pytest.raises(Refused):
        ground.do(west, projects.ready_element, need=need, on=TODAY)
    with pytest.raises(Refused):
        ground.do(west, projects.keep_promise, promise=row, on=TODAY)


def test_an_enterprise_reads_its_own_and_writes_nothing(ground: Ground) -> None:
    need, row = ask(ground), promise(ground)
    ground.do("east-power", projects.promise_element, need=need, on=SOON)
    ground.do("east-power", projects.promise_element, need=need, on=LATER, reason="推迟")
    with acting(ground.spokesman()):
        assert [one.pk for one in ElementNeed.objects.all()] == [need.pk]
        assert [one.pk for one in ZonePromise.objects.all()] == [row.pk]
        assert DayMove.objects.count() == 1
        with pytest.raises(ProgrammingError), transaction.atomic():
            ElementNeed.objects.filter(pk=need.pk).update(what="x")
    with acting(ground.spokesman(ground.other)):
        assert ElementNeed.objects.count() == ZonePromise.objects.count() == 0
        assert DayMove.objects.count() == 0
    with pytest.raises(Refused):
        ground.do(
            ground.spokesman(), projects.ask_element, project=ground.project, kind="power",
            what="增容", needed_on=SOON, answerer="供电",
        )  # fmt: skip


def test_the_database_holds_what_must_always_hold(ground: Ground) -> None:
    need = ask(ground)
    with acting(ground.of("east-desk")):
        for wrong in ({"amount": 0}, {"state": "ready"}, {"state": "promised"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ElementNeed.objects.filter(pk=need.pk).update(**wrong)


# Pages and API ------------------------------------------------------------------------------------


def test_the_pages_show_and_do_it(ground: Ground, sign_in: SignIn) -> None:
    client = sign_in("east-desk")
    office = ground.of("east-power").office_id
    answer = client.post(
        "/projects/elements/new/",
        {
            "project": ground.project.pk, "kind": "land", "what": "二期用地", "amount": "24.359",
            "needed_on": "2099-06-30", "office": office,
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer.url).content.decode()  # type: ignore[attr-defined]  # a redirect
    assert "24.359" in page and "二期用地" in page
    for address in ("/projects/elements/", f"/projects/{ground.project.pk}/elements/"):
        assert "二期用地" in client.get(address).content.decode()
    assert client.get("/projects/elements/?export=csv").status_code == 200
    act = answer.url + "act/"  # type: ignore[attr-defined]  # a redirect
    done = client.post(act, {"what_to_do": "ready", "on": "2026-11-20", "amount": "24.359"})
    assert done.status_code == 302, done.content.decode()
    assert client.post(act, {"what_to_do": "drop", "reason": "x"}).status_code == 422
    assert sign_in("west-desk").get(answer.url).status_code == 404  # type: ignore[attr-defined]  # a redirect


def test_the_page_of_promises(ground: Ground, sign_in: SignIn) -> None:
    row = promise(ground)
    client = sign_in("east-leader")
    assert "北侧道路" in client.get("/projects/promises/").content.decode()
    assert "投资协议" in client.get(f"/projects/promises/{row.pk}/").content.decode()
    sheet = b"".join(client.get("/projects/promises/?export=csv"))
    assert "北侧道路" in sheet.decode("utf-8-sig")
    assert sign_in("west-leader").get(f"/projects/promises/{row.pk}/").status_code == 404


def test_the_api_does_what_the_pages_do(ground: Ground, sign_in: SignIn) -> None:
    client = sign_in("east-desk")

    def post(address: str, **given: object) -> Any:
        return client.post(
            f"/api/v1/projects/{address}", json.dumps(given), content_type="application/json"
        )

    made = post(
        "elements", project_id=ground.project.pk, kind="land", what="用地", amount="24.359",
        needed_on="2099-06-30", answerer="自然资源分局",
    )  # fmt: skip
    assert made.status_code == 200, made.content
    key = made.json()["id"]
    assert post(f"elements/{key}/promise", on="2099-06-01").json()["state"] == "promised"
    assert post(f"elements/{key}/promise", on="2099-07-01").status_code == 422
    assert post(f"elements/{key}/ready", on="2026-11-01").json()["ready_amount"] == "24.359"
    solved = client.get(
        "/api/v1/projects/elements/solved?kind=land&since=2026-01-01&until=2026-12-31"
    ).json()
    assert (solved["firms"], solved["amount"]) == (1, "24.359")
    assert len(client.get("/api/v1/projects/elements?state=ready").json()) == 1
