"""Field work that arrives from a phone: once, in order, with what differs told; phones wiped."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from tests.town import NOW
from xiaoer.base import actions as base
from xiaoer.base import files
from xiaoer.base.models import Attachment, JournalLine, Person, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.actions import clocks
from xiaoer.outreach.models import (
    Appeal,
    Companion,
    FieldDevice,
    FieldLog,
    FieldRule,
    Programme,
    Visit,
)
from xiaoer.outreach.tests.conftest import Town
from xiaoer.registry import actions as registry
from xiaoer.work import actions as work
from xiaoer.work.models import Question, Task

DAY = date(2026, 11, 20)
SignIn = Callable[[str], Client]


def kept(town: Town, who: str = "east-officer", name: str = "工作手机") -> outreach.Released:
    by = town.of(who)
    with acting(by):
        return outreach.keep_device(by=by, now=NOW, name=name)


def noted(town: Town, **given: Any) -> outreach.Noted:
    with acting(system(town.zone_id)):
        programme = Programme.objects.get(code="routine")
    facts: dict[str, Any] = {
        "client_key": uuid4(),
        "claimed_at": NOW - timedelta(hours=1),
        "sent_at": NOW,
        "party": town.party,
        "programme": programme,
        "visited_on": DAY,
        "met": "赵一 总经理助理",
        "said": "新磨床已到货。",
    } | given
    return outreach.Noted(**facts)


def send(
    town: Town, device: FieldDevice, what: outreach.Noted, who: str = "east-officer", **given: Any
) -> outreach.Arrived:
    by = town.of(who)
    with acting(by):
        return outreach.take_in_visit(by=by, now=given.get("now", NOW), device=device, noted=what)


def test_a_visit_sent_three_times_is_there_once_with_its_request(town: Town) -> None:
    device = kept(town).device
    what = noted(town, requests=[outreach.Raised(title="缺电", body="增容")])
    first = send(town, device, what)
    again = [send(town, device, what), send(town, device, replace(what, met="别人"))]
    assert all(one.is_again and one.visit.pk == first.visit.pk for one in again)
    assert not first.is_again
    with acting(town.of("east-officer")):
        assert Visit.objects.filter(party=town.party).count() == 1
        assert Appeal.objects.filter(visit=first.visit).count() == 1
        assert JournalLine.objects.filter(verb="log_visit", subject_id=first.visit.pk).count() == 1


def test_two_officers_on_one_day_stand_side_by_side_until_one_chooses(town: Town) -> None:
    mine, theirs = kept(town).device, kept(town, "east-steward").device
    first = send(town, mine, noted(town))
    second = noted(town, said="他们还缺两名电工。")
    with pytest.raises(outreach.Clash) as clash:
        send(town, theirs, second, "east-steward")
    assert clash.value.kind == "same_day"
    assert clash.value.other is not None
    assert clash.value.other.pk == first.visit.pk
    joined = send(town, theirs, replace(second, choice="companion"), "east-steward")
    assert joined.is_companion
    assert joined.visit.pk == first.visit.pk
    steward = town.of("east-steward")
    with acting(steward):
        assert Visit.objects.filter(party=town.party).count() == 1
        assert Companion.objects.get(visit=first.visit).post_id == steward.post_id
        assert FieldLog.objects.get(is_companion=True).said == "他们还缺两名电工。"
    assert send(town, theirs, replace(second, choice="companion"), "east-steward").is_again


def test_a_second_visit_of_the_day_may_be_meant(town: Town) -> None:
    device = kept(town).device
    send(town, device, noted(town))
    second = noted(town, choice="separate")
    assert not send(town, device, second).is_again
    with acting(town.of("east-officer")):
        assert Visit.objects.filter(party=town.party).count() == 2


def test_nobody_is_companion_on_a_visit_of_their_own(town: Town) -> None:
    device = kept(town).device
    send(town, device, noted(town))
    with pytest.raises(Refused):
        send(town, device, noted(town, choice="companion"))


@pytest.mark.parametrize("off", [timedelta(days=3), timedelta(days=-3)])
def test_a_clock_wrong_by_days_is_corrected_and_the_day_is_asked(
    town: Town, off: timedelta
) -> None:
    device = kept(town).device
    what = noted(
        town,
        claimed_at=NOW - timedelta(hours=1) + off,
        sent_at=NOW + off,
        visited_on=DAY + off,
    )
    with pytest.raises(outreach.Clash) as clash:
        send(town, device, what)
    assert (clash.value.kind, clash.value.corrected_on) == ("clock", DAY)
    arrived = send(town, device, replace(what, visited_on=DAY, is_day_sure=True))
    with acting(town.of("east-officer")):
        row = FieldLog.objects.get(visit=arrived.visit)
    assert row.claimed_at == NOW - timedelta(hours=1) + off
    assert row.corrected_at == NOW - timedelta(hours=1)
    assert arrived.visit.visited_on == DAY


def test_a_day_to_come_is_asked_even_of_somebody_sure(town: Town) -> None:
    device = kept(town).device
    with pytest.raises(outreach.Clash):
        send(town, device, noted(town, visited_on=DAY + timedelta(days=1), is_day_sure=True))


def test_a_firm_that_moved_meanwhile_is_told_and_the_visit_stays(town: Town) -> None:
    device = kept(town).device
    what = noted(town, cell_id=town.party.cell_id)
    admin = town.of("east-admin")
    with acting(admin):
        assert town.party.cell
        grid = town.party.cell.grid
        cell = registry.open_cell(by=admin, now=NOW, grid=grid, code="C2", name="二单元")
        registry.move_to_cell(by=admin, now=NOW, party=town.party, cell=cell)
    arrived = send(town, device, what)
    assert any("二单元" in words for words in arrived.told)
    assert arrived.visit.party_id == town.party.pk


def test_a_visit_to_a_firm_that_was_merged_stands_at_the_one_that_remains(town: Town) -> None:
    device = kept(town).device
    what = noted(town, party=town.other)
    admin = town.of("east-admin")
    with acting(admin):
        registry.merge_parties(by=admin, now=NOW, kept=town.party, duplicate=town.other)
    arrived = send(town, device, what)
    assert arrived.visit.party_id == town.party.pk
    assert arrived.told


def test_a_phone_works_for_one_post_of_one_account(town: Town) -> None:
    device = kept(town).device
    with pytest.raises(Refused):
        send(town, device, noted(town), "east-steward")


def test_a_wiped_phone_opens_nothing_and_sends_nothing(town: Town) -> None:
    released = kept(town)
    officer, admin, steward = (town.of(f"east-{who}") for who in ("officer", "admin", "steward"))
    with acting(steward), pytest.raises(Refused):
        outreach.wipe_device(by=steward, now=NOW, device=released.device)
    with acting(admin):
        device = outreach.wipe_device(by=admin, now=NOW, device=released.device)
        assert device.secret == ""
    with acting(officer), pytest.raises(Refused):
        outreach.open_device(by=officer, now=NOW, device=device)
    with pytest.raises(Refused):
        send(town, device, noted(town))
    phone = queries.find_device(released.token)
    assert phone is not None
    with acting(phone):
        own = queries.device_of_key(by=phone)
        assert own is not None
        assert queries.must_go(own)
        assert outreach.confirm_wiped(by=phone, now=NOW).confirmed_at == NOW


def test_the_secret_is_the_same_after_each_sign_in_and_lies_sealed(town: Town) -> None:
    released = kept(town)
    officer = town.of("east-officer")
    later = NOW + timedelta(days=2)
    with acting(officer):
        again = outreach.open_device(by=officer, now=later, device=released.device)
        assert again.secret == released.secret
        assert again.device.allowed_until == later + timedelta(days=again.days)
        assert released.secret not in FieldDevice.objects.get(pk=released.device.pk).secret


def test_a_phone_of_somebody_who_left_is_to_be_emptied(town: Town) -> None:
    released = kept(town)
    admin, officer = town.of("east-admin"), town.of("east-officer")
    with acting(admin):
        person = Person.objects.get(pk=officer.person_id or 0)
        base.close_account(by=admin, now=NOW, person=person)
    phone = queries.find_device(released.token)
    assert phone is not None
    with acting(phone):
        own = queries.device_of_key(by=phone)
        assert own is not None
        assert queries.must_go(own)


def test_another_zone_and_an_enterprise_see_no_phone(town: Town) -> None:
    released = kept(town)
    send(town, released.device, noted(town))
    west = town.of("west-admin")
    with acting(west):
        assert not FieldDevice.objects.exists()
        assert not FieldLog.objects.exists()
        assert queries.device_of_token(by=west, token=released.token) is None
        assert FieldRule.objects.get().zone_id == west.zone_id
    with acting(town.spokesman()):
        assert not FieldDevice.objects.exists()
    assert queries.find_device("wrong") is None


def test_the_zone_says_how_many_days(town: Town) -> None:
    admin, officer = town.of("east-admin"), town.of("east-officer")
    with acting(admin):
        rule = FieldRule.objects.get()
        assert (rule.days, rule.mark) == (7, "D")
        outreach.set_field_days(by=admin, now=NOW, days=2, source="管委会办公室通知", version=1)
        for wrong in (0, 32):
            with pytest.raises(Refused):
                outreach.set_field_days(by=admin, now=NOW, days=wrong, version=2)
    with acting(officer), pytest.raises(Refused):
        outreach.set_field_days(by=officer, now=NOW, days=30, version=2)
    assert kept(town).device.allowed_until == NOW + timedelta(days=2)


def test_the_package_asks_as_much_for_twenty_firms_as_for_one(town: Town) -> None:
    officer, admin = town.of("east-officer"), town.of("east-admin")

    def asked() -> int:
        with acting(officer), CaptureQueriesContext(connection) as seen:
            queries.field_package(by=officer, now=NOW)
        return len(seen)

    send(town, kept(town).device, noted(town))
    town.file()
    before = asked()
    with acting(admin):
        post = Post.objects.get(pk=officer.post_id or 0)
        for number in range(20):
            party = registry.add_party(
                by=admin,
                now=NOW,
                facts=registry.PartyFacts(name=f"东区第{number}机械厂", industry="3511"),
                cell=town.party.cell,
            )
            registry.assign_steward(by=admin, now=NOW, party=party, post=post)
    assert asked() == before
    with acting(officer):
        package = queries.field_package(by=officer, now=NOW)
    assert len(package.firms) == 21
    firm = next(one for one in package.firms if one.id == town.party.pk)
    assert firm.requests
    assert firm.visits[0].met == "赵一 总经理助理"


def test_what_was_asked_answered_and_promised_comes_along(town: Town) -> None:
    officer, device = town.of("east-officer"), kept(town).device
    with acting(officer):
        asked = [
            work.ask_question(
                by=officer, now=NOW, party=town.party, room="facts", key=key, text=f"{key}吗？"
            )
            for key in ("扩产", "停产")
        ]
        question = queries.field_questions(by=officer).filter(expects="choice").first()
        assert question is not None
        choice = question.choices.first()
        work.answer_question(by=officer, now=NOW, question=asked[1], answer="没有停产")
        asked[1].refresh_from_db()
        package = queries.field_package(by=officer, now=NOW)
    assert question.pk in {one.id for one in package.answers}
    firm = next(one for one in package.firms if one.id == town.party.pk)
    assert [one.id for one in firm.questions] == [asked[0].pk]
    arrived = send(
        town,
        device,
        noted(
            town,
            told=[outreach.Told(one, "明年扩产") for one in asked],
            answers=[outreach.Heard(question, choice)],
            steps=[outreach.Step("送政策清单", DAY + timedelta(days=3))],
        ),
    )
    assert any("没有停产" in words for words in arrived.told), "what was heard first stands"
    with acting(officer):
        asked[0].refresh_from_db()
        assert asked[0].answer == "明年扩产"
        assert arrived.visit.answers.get().choice == choice
        assert Task.objects.filter(title="送政策清单").exists()


def test_a_companion_adds_only_what_the_colleague_did_not_hear(town: Town) -> None:
    mine, theirs = kept(town).device, kept(town, "east-steward").device
    officer = town.of("east-officer")
    with acting(officer):
        one, two = queries.field_questions(by=officer).filter(expects="choice")[:2]
        first, second = one.choices.all()[:2]
        other = two.choices.all()[0]
    step = outreach.Step("送政策清单", DAY + timedelta(days=3))
    send(town, mine, noted(town, answers=[outreach.Heard(one, first)], steps=[step]))
    answers = [outreach.Heard(one, second), outreach.Heard(two, other)]
    late = noted(town, answers=answers, steps=[step], choice="companion")
    visit = send(town, theirs, late, "east-steward").visit
    with acting(officer):
        assert set(visit.answers.values_list("choice", flat=True)) == {first.pk, other.pk}
        assert Task.objects.filter(title="送政策清单").count() == 2


def test_a_step_promised_for_a_day_that_passed_is_due_on_the_next_working_day(town: Town) -> None:
    device = kept(town).device
    saturday = NOW + timedelta(days=1)
    promised = [
        outreach.Step("送政策清单", DAY),
        outreach.Step("约电工", DAY + timedelta(days=10)),
        outreach.Step("长" * 120, DAY),
    ]
    arrived = send(town, device, noted(town, sent_at=saturday, steps=promised), now=saturday)
    assert [words for words in arrived.told if "送政策清单" in words] == [
        "“送政策清单”原定2026-11-20，这一天已过，现改为2026-11-23前办。"
    ]
    assert len(arrived.told) == 2
    with acting(town.of("east-officer")):
        tasks = {task.title: task.due_at for task in Task.objects.filter(kind="step")}
    monday = clocks.end_of(date(2026, 11, 23))
    assert tasks == {
        "送政策清单（原定2026-11-20）": monday,
        "约电工": clocks.end_of(DAY + timedelta(days=10)),
        "长" * 120: monday,
    }


def test_a_companions_step_of_a_day_that_passed_is_kept_too(town: Town) -> None:
    mine, theirs = kept(town).device, kept(town, "east-steward").device
    send(town, mine, noted(town))
    later = NOW + timedelta(days=3)
    step = outreach.Step("送政策清单", DAY)
    late = noted(town, sent_at=later, steps=[step], choice="companion")
    assert send(town, theirs, late, "east-steward", now=later).told
    with acting(town.of("east-steward")):
        task = Task.objects.get(kind="step")
    assert (task.title, task.due_at) == (
        "送政策清单（原定2026-11-20）",
        clocks.end_of(date(2026, 11, 23)),
    )


def test_beyond_the_quota_the_visit_arrives_and_its_reason_is_asked(town: Town) -> None:
    device = kept(town).device
    for _n in range(2):
        assert send(town, device, noted(town, choice="separate")).contact_to_explain is None
    what = noted(town, choice="separate")
    arrived = send(town, device, what)
    contact = arrived.visit.contact
    assert contact is not None
    assert arrived.contact_to_explain == contact.pk
    assert any("额度" in words for words in arrived.warnings)
    assert send(town, device, what).contact_to_explain == contact.pk, "the answer was lost"
    officer = town.of("east-officer")
    with acting(officer):
        work.explain_contact(by=officer, now=NOW, contact=contact, reason="企业来电请我们去")
    assert send(town, device, what).contact_to_explain is None


def test_what_the_enterprise_does_not_say_is_not_asked_again(town: Town, sign_in: SignIn) -> None:
    officer = town.of("east-officer")
    with acting(officer):
        question = work.ask_question(
            by=officer, now=NOW, party=town.party, room="facts", key="k", text="明年扩产吗？"
        )
    client = sign_in("east-officer")
    phone = phone_of(client)
    told = [{"question": question.pk, "is_declined": True}]
    answer = call(client, "/field/visits", {**body_of(noted(town)), "told": told}, **phone)
    assert answer.status_code == 200, answer.content
    with acting(officer):
        question.refresh_from_db()
    assert (question.state, question.answer) == (Question.State.DECLINED, "")
    package = client.get("/api/v1/field/package", **phone).json()
    assert package["firms"][0]["questions"] == []


def picture(kind: str = "JPEG", **more: Any) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(drawn, kind, **more)
    return drawn.getvalue()


def test_of_a_visits_photos_the_bad_are_refused_by_name_and_the_rest_arrive(
    town: Town, sign_in: SignIn, settings: Any, tmp_path: Path
) -> None:
    settings.FILES_FOLDER = tmp_path
    client = sign_in("east-officer")
    phone = phone_of(client)
    first = call(client, "/field/visits", body_of(noted(town)), **phone).json()["visit_id"]
    turned = Image.Exif()
    turned[0x0112] = 6
    photos = {
        "太大.jpg": picture() + b"\0" * (50 * 2**20),
        "不是照片.jpg": b"no photo at all",
        "横拍.jpg": picture(exif=turned),
        "大门.HEIC": picture("HEIF"),
        "坏的.heic": picture("HEIF")[:60],
    }
    answers = {
        name: client.post(
            f"/api/v1/attachments/visit/{first}", {"paper": SimpleUploadedFile(name, content)}
        )
        for name, content in photos.items()
    }
    for name in ("太大.jpg", "不是照片.jpg", "坏的.heic"):
        assert answers[name].status_code == 422
        assert name in answers[name].json()["message"]
    with acting(town.of("east-officer")):
        pins = Attachment.objects.filter(subject_type="visit", subject_id=first).order_by("id")
        kept_photos = [files.bytes_of(pin.file) for pin in pins.select_related("file")]
    sizes = []
    for plain in kept_photos:
        with Image.open(BytesIO(plain)) as photo:
            sizes.append((photo.format, photo.size))
    assert sizes == [("JPEG", (48, 64)), ("JPEG", (64, 48))], "upright; HEIC drawn anew"
    other = {**body_of(noted(town)), "choice": "separate"}
    assert call(client, "/field/visits", other, **phone).status_code == 200


HEADER, CLOCK = "HTTP_X_FIELD_DEVICE", "HTTP_X_FIELD_CLOCK"


def call(client: Client, path: str, body: object, **headers: Any) -> Any:
    return client.post(
        f"/api/v1{path}", json.dumps(body), content_type="application/json", **headers
    )


def phone_of(client: Client) -> dict[str, Any]:
    """The headers of a phone kept anew."""
    token = call(client, "/field/devices", {"name": "手机"}).json()["token"]
    return {HEADER: token, CLOCK: NOW.isoformat()}


def body_of(what: outreach.Noted) -> dict[str, Any]:
    return {
        "client_key": str(what.client_key),
        "claimed_at": what.claimed_at.isoformat(),
        "party_id": what.party.pk,
        "programme": what.programme.pk,
        "visited_on": what.visited_on.isoformat(),
        "met": what.met,
        "said": what.said,
        "is_day_sure": True,
    }


def test_over_the_api_a_visit_arrives_once_and_a_clash_is_told(town: Town, sign_in: SignIn) -> None:
    client = sign_in("east-officer")
    released = call(client, "/field/devices", {"name": "手机"}).json()
    phone: dict[str, Any] = {HEADER: released["token"], CLOCK: NOW.isoformat()}
    what = body_of(noted(town))
    first = call(client, "/field/visits", what, HTTP_IDEMPOTENCY_KEY="a", **phone)
    assert first.status_code == 200, first.content
    same = call(client, "/field/visits", what, HTTP_IDEMPOTENCY_KEY="a", **phone)
    assert same.json() == first.json()
    later = call(client, "/field/visits", what, HTTP_IDEMPOTENCY_KEY="b", **phone)
    assert later.json()["is_again"]
    clash = call(client, "/field/visits", body_of(noted(town)), **phone)
    assert clash.status_code == 409
    assert clash.json()["other"]["met"] == "赵一 总经理助理"
    package = client.get("/api/v1/field/package", **phone)
    assert package.status_code == 200
    tag = package.headers["ETag"]
    assert client.get("/api/v1/field/package", HTTP_IF_NONE_MATCH=tag, **phone).status_code == 304
    state = f"/api/v1/public/field/{released['token']}"
    assert not Client().get(state).json()["must_go"]
    call(client, f"/field/devices/{released['id']}/wipe", {})
    assert client.get("/api/v1/field/package", **phone).status_code == 410
    assert Client().get(state).json()["must_go"]
    assert Client().post(f"{state}/wiped").status_code == 204


def test_without_a_phone_there_is_no_package(town: Town, sign_in: SignIn) -> None:
    client = sign_in("east-officer")
    assert client.get("/api/v1/field/package").status_code == 422
    unknown: dict[str, Any] = {HEADER: "unknown"}
    assert client.get("/api/v1/field/package", **unknown).status_code == 422
