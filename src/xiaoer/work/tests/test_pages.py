"""Pages and the API of work: the same words at both doors, nothing of another zone at either."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from xiaoer.base import actions as base
from xiaoer.base.models import AccessMiss, Post
from xiaoer.base.scope import Actor, acting
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.models import LimitRule, Task

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


def give(of: Of, title: str = "厂门口货车掉头难", subject_id: int = 1) -> Task:
    """A task from the desk to the officer of the east, given now."""
    desk, officer, now = of("east-desk"), of("east-officer"), timezone.now()
    with acting(desk):
        matter = work.open_matter(
            by=desk,
            now=now,
            kind="appeal",
            subject_id=subject_id,
            title=title,
            address=f"/appeals/{subject_id}/",
        )
        return work.give_task(
            by=desk,
            now=now,
            matter=matter,
            kind="solve",
            title=title,
            post=Post.objects.get(pk=officer.post_id or 0),
            limit=queries.limit(desk.zone_id, "appeal.solve"),
        )


def text_of(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/inbox/",
        "/inbox/?whose=zone&light=red&kind=appeal&office=1",
        "/inbox/?whose=%00&light=purple&office=99999999999999999999&after=-1",
        "/inbox/?after=50",
        "/notices/",
        "/calendar/",
        "/calendar/?year=1&day=2026-02-30",
        "/calendar/?year=2027&day=2027-02-08",
        "/limits/?edit=%00",
        "/limits/?edit=appeal.solve",
    ],
)
@pytest.mark.parametrize("who", ["east-officer", "east-admin", "east-leader"])
def test_every_address_is_answered_whatever_it_asks(
    sign_in: SignIn, of: Of, address: str, who: str
) -> None:
    give(of)
    response = sign_in(who).get(address)
    assert response.status_code == 200
    assert "style=" not in text_of(response)


def test_a_task_of_another_zone_is_not_there_and_the_asking_is_counted(
    sign_in: SignIn, of: Of
) -> None:
    task = give(of)
    west = sign_in("west-desk")
    assert west.get(f"/tasks/{task.pk}/").status_code == 404
    assert west.post(f"/tasks/{task.pk}/take/").status_code == 404
    assert AccessMiss.objects.filter(path=f"/tasks/{task.pk}/").count() == 1


def test_the_row_opens_below_itself_and_the_address_alone_is_a_page(
    sign_in: SignIn, of: Of
) -> None:
    task = give(of)
    officer = sign_in("east-officer")
    part = text_of(officer.get(f"/tasks/{task.pk}/", headers={"HX-Request": "true"}))
    assert part.strip().startswith('<tr class="opened">')
    whole = text_of(officer.get(f"/tasks/{task.pk}/"))
    assert "<!doctype html>" in whole


def test_a_transfer_sent_twice_is_one_transfer(sign_in: SignIn, of: Of) -> None:
    task = give(of)
    power = of("east-power")
    officer = sign_in("east-officer")
    form = {"to": f"office:{power.office_id}", "reason": "供电的事", "once": uuid.uuid4().hex}
    first = officer.post(f"/tasks/{task.pk}/transfer/", form)
    second = officer.post(f"/tasks/{task.pk}/transfer/", form)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    with acting(power):
        assert len(queries.inbox(power, timezone.now())) == 1


@pytest.mark.parametrize("to", ["", "post:x", "office:999999", "post:99999999999999999999", "a:1"])
def test_a_transfer_to_nobody_is_refused_at_its_field(sign_in: SignIn, of: Of, to: str) -> None:
    task = give(of)
    response = sign_in("east-officer").post(
        f"/tasks/{task.pk}/transfer/",
        {"to": to, "reason": "x"},
        headers={"HX-Request": "true"},
    )
    assert response.status_code == 422
    assert response["HX-Retarget"] == "#error-to"


def test_a_post_of_another_zone_is_nobody_here(sign_in: SignIn, of: Of) -> None:
    task = give(of)
    west = of("west-officer")
    response = sign_in("east-officer").post(
        f"/tasks/{task.pk}/transfer/", {"to": f"post:{west.post_id}", "reason": "x"}
    )
    assert response.status_code == 422


def test_the_export_holds_what_is_filtered_and_no_formula(sign_in: SignIn, of: Of) -> None:
    give(of, "=cmd|' /C calc'!A0", 1)
    give(of, "污水管网", 2)
    officer = sign_in("east-officer")
    lines = text_of(officer.get("/inbox/?export=csv")).strip().splitlines()
    assert len(lines) == 3
    assert "'=cmd" in "".join(lines)
    assert len(text_of(officer.get("/inbox/?export=csv&light=red")).strip().splitlines()) == 1
    assert officer.get("/inbox/?export=xlsx").status_code == 200


def test_html_in_a_title_stays_text(sign_in: SignIn, of: Of) -> None:
    task = give(of, "<script>alert(1)</script>")
    officer = sign_in("east-officer")
    for address in ("/inbox/", f"/tasks/{task.pk}/"):
        assert "<script>alert" not in text_of(officer.get(address))


def test_only_an_administrator_changes_limits_and_days(sign_in: SignIn, of: Of) -> None:
    officer = sign_in("east-officer")
    good = {
        "version": "1", "count": "２", "unit": "working_day", "amber_share": "75", "source": "会议"
    }  # fmt: skip
    assert officer.post("/limits/appeal.start/", good).status_code == 422
    day = {"day": "2026-12-31", "is_working": "no", "seen": "yes"}
    assert officer.post("/calendar/days/", day).status_code == 422
    admin = sign_in("east-admin")
    assert admin.post("/limits/appeal.start/", good).status_code == 302
    assert admin.post("/calendar/days/", day).status_code == 302
    by = of("east-admin")
    with acting(by):
        assert queries.limit(by.zone_id, "appeal.start").count == 2
        assert not queries.calendar_of(by.zone_id).is_working(datetime(2026, 12, 31).date())
    assert "2026年12月31日" in text_of(admin.get("/calendar/?year=2026"))
    assert admin.post("/calendar/days/undo/", {"day": "2026-12-31"}).status_code == 302
    with acting(by):
        assert queries.calendar_of(by.zone_id).is_working(datetime(2026, 12, 31).date())


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/limits/appeal.start/", {"version": "x"}),
        ("/limits/appeal.start/", {"version": "1", "count": "-1"}),
        ("/limits/%00/", {"version": "1", "count": "1", "unit": "x", "amber_share": "7"}),
        ("/calendar/days/", {"day": "2026-13-01"}),
        ("/calendar/days/", {"day": "1900-01-01", "seen": "yes"}),
        ("/calendar/days/", {"day": "2026-12-31", "seen": "yes", "name": "\x00"}),
        ("/calendar/years/", {"year": "2027", "source": "长" * 300}),
        ("/calendar/years/", {"year": "9999999999999", "source": "x"}),
    ],
)
def test_wrong_forms_are_refused_never_broken(
    sign_in: SignIn, address: str, form: dict[str, str]
) -> None:
    assert sign_in("east-admin").post(address, form).status_code == 422


def test_the_inbox_asks_the_same_number_of_questions_for_one_row_and_for_thirty(
    of: Of, django_assert_num_queries: Callable[..., object]
) -> None:
    officer = of("east-officer")
    give(of, "一", 1)
    with acting(officer):
        queries.inbox(officer, timezone.now())
        with django_assert_num_queries(2):  # type: ignore[attr-defined]  # a context manager
            assert len(queries.inbox(officer, timezone.now())) == 1
    for n in range(2, 31):
        give(of, str(n), n)
    with acting(officer), django_assert_num_queries(2):  # type: ignore[attr-defined]  # as above
        assert len(queries.inbox(officer, timezone.now())) == 30
    with acting(officer), django_assert_num_queries(1):  # type: ignore[attr-defined]  # as above
        assert queries.inbox_counts(officer, timezone.now()).total == 30


def api(client: Client, method: str, path: str, body: object = None) -> HttpResponse:
    send = getattr(client, method)
    answer = send(f"/api/v1{path}", json.dumps(body), content_type="application/json")
    assert isinstance(answer, HttpResponse)
    return answer


def test_the_api_moves_a_task_with_the_words_of_the_page(sign_in: SignIn, of: Of) -> None:
    task = give(of)
    officer, west = sign_in("east-officer"), sign_in("west-officer")
    rows = officer.get("/api/v1/inbox").json()
    assert [row["task_id"] for row in rows] == [task.pk]
    assert officer.get("/api/v1/inbox/counts").json()["total"] == 1
    assert api(west, "post", f"/tasks/{task.pk}/take").status_code == 404
    refused = api(officer, "post", f"/tasks/{task.pk}/supervise", {"words": "快"})
    assert refused.status_code == 422
    assert "督办" in refused.json()["message"]  # type: ignore[attr-defined]  # test client's answer
    power = of("east-power")
    moved = api(
        officer, "post", f"/tasks/{task.pk}/transfer", {"office": power.office_id, "reason": "供电"}
    )
    assert moved.status_code == 200
    matter = officer.get(f"/api/v1/matters/{task.matter_id}").json()
    assert [line["state"] for line in matter["tasks"]] == ["transferred", "open"]


def test_the_api_keeps_the_calendar_and_the_limits(sign_in: SignIn, of: Of) -> None:
    admin = sign_in("east-admin")
    year = admin.get("/api/v1/calendar/years/2026").json()
    assert len(year["days"]) == 365
    assert admin.get("/api/v1/calendar/years/1").status_code == 422
    day = {"day": "2026-12-31", "is_working": False, "seen": True}
    assert api(admin, "post", "/calendar/days", day).status_code == 200
    assert admin.delete("/api/v1/calendar/days/2026-12-31").status_code == 200
    [first, *_rest] = admin.get("/api/v1/limits").json()
    assert first["code"] == "appeal.start"
    body = {**first, "count": 2, "source": "会议"}
    assert api(admin, "put", "/limits/appeal.start", body).status_code == 200
    assert api(admin, "put", "/limits/appeal.start", body).status_code == 422, "stale"
    assert api(admin, "post", "/calendar/recompute").status_code == 200
    with acting(of("east-admin")):
        assert LimitRule.objects.get(code="appeal.start").count == 2


def test_an_instruction_by_the_api_is_the_leaders_alone(sign_in: SignIn, of: Of) -> None:
    task = give(of)
    land = of("east-land")
    body = {"text": "请三天内拿方案", "office": land.office_id}
    path = f"/matters/{task.matter_id}/instructions"
    assert api(sign_in("east-desk"), "post", path, body).status_code == 422
    assert api(sign_in("east-leader"), "post", path, body).status_code == 200
    with acting(land):
        assert len(queries.inbox(land, timezone.now() + timedelta(minutes=1))) == 1


def test_the_city_reads_the_calendar_and_writes_nothing(sign_in: SignIn) -> None:
    city = sign_in("city")
    assert city.get("/calendar/").status_code == 200
    assert city.get("/limits/").status_code == 200
    assert city.get("/inbox/").status_code == 404
    assert city.post("/limits/appeal.start/", {"version": "1"}).status_code == 404


def test_the_next_act_stands_apart_in_ones_own_day_only(sign_in: SignIn, of: Of) -> None:
    give(of)
    officer, desk = sign_in("east-officer"), sign_in("east-desk")
    assert "next-act" in text_of(officer.get("/inbox/"))
    assert "next-act" not in text_of(officer.get("/inbox/?light=green"))
    assert "next-act" not in text_of(desk.get("/inbox/?whose=zone"))


def test_nobody_is_asked_about_deputising_who_deputises_for_nobody(sign_in: SignIn, of: Of) -> None:
    assert "whose=deputy" not in text_of(sign_in("east-officer").get("/inbox/"))
    desk, officer = of("east-desk"), of("east-officer")
    today = timezone.localdate()
    with acting(desk):
        base.name_deputy(
            by=desk,
            now=timezone.now(),
            post=Post.objects.get(pk=desk.post_id or 0),
            deputy=Post.objects.get(pk=officer.post_id or 0),
            since=today,
            until=today,
        )
    assert "whose=deputy" in text_of(sign_in("east-officer").get("/inbox/"))


def test_a_task_that_ended_is_no_longer_judged(sign_in: SignIn, of: Of) -> None:
    task, desk = give(of), of("east-desk")
    long_ago = timezone.now() - timedelta(days=400)
    with acting(desk):
        Task.objects.filter(pk=task.pk).update(
            state=Task.State.DONE, started_at=long_ago, due_at=long_ago, done_at=long_ago
        )
    page = text_of(sign_in("east-officer").get(f"/tasks/{task.pk}/"))
    head = page[page.index('class="facts"') : page.index("</dl>")]
    assert "结束于" in head
    assert "逾期" not in head
