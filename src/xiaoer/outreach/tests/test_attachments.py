"""Papers pinned to requests, visits and enterprises: who brings them, who sees them, who never does."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.town import NOW, coming
from xiaoer.base import actions as base
from xiaoer.base import files
from xiaoer.base.models import Attachment, JournalLine, Person, Post, Role
from xiaoer.base.scope import Actor, acting, system
from xiaoer.base.tokens import READ, WRITE
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal, Programme, Visit
from xiaoer.outreach.tests.conftest import Town
from xiaoer.registry.models import Party

SignIn = Callable[[str], Client]
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
OTHER_PDF = PDF.replace(b"Catalog", b"Catalog/Lang(zh)")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_FOLDER = tmp_path / "files"
    return tmp_path / "files"


def photo() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(kept, "JPEG")
    return kept.getvalue()


def paper(content: bytes = PDF, name: str = "检测报告.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def body_of(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else bytes(answer.content)


def pins(town: Town, table: str, number: int) -> list[Attachment]:
    with acting(system(town.zone_id)):
        rows = Attachment.objects.filter(subject_type=table, subject_id=number, removed_at=None)
        return list(rows.order_by("id"))


def staff_pins(town: Town, who: str, subject: Any, *, is_shown: bool) -> Attachment:
    by = town.of(who)
    with acting(by):
        return files.pin_uploads(
            by=by, now=NOW, uploads=[paper(OTHER_PDF, "会商记录.pdf")], subject=subject,
            is_shown=is_shown,
        )[0]  # fmt: skip


def enterprise_client(town: Town, sign_in: SignIn, party: Party) -> Client:
    """A browser of somebody who speaks for a party, with an account and a post of their own."""
    with acting(system(town.zone_id)):
        person = base.add_person(by=system(town.zone_id), now=NOW, name="赵一")
        username = f"firm-{party.pk}"
        base.give_account(
            by=system(town.zone_id), now=NOW, person=person, username=username,
            password="correct-horse-7", must_change=False,
        )  # fmt: skip
        Post.objects.create(
            zone_id=town.zone_id, person=Person.objects.get(pk=person.pk), role=Role.ENTERPRISE,
            party_ref=party.pk, since=NOW.date(),
        )  # fmt: skip
    return sign_in(username)


def form(**more: object) -> dict[str, object]:
    return {"title": "厂区变压器增容", "body": "新机器没有电", "urgency": "normal", **more}


# A stranger with the card or the link --------------------------------------------------------------


def test_a_stranger_files_a_request_with_a_photo_and_finds_it_behind_the_link(town: Town) -> None:
    client = Client()
    answer = client.post(f"/r/{town.card.code}/", form(paper=[paper(photo(), "现场.jpg"), paper()]))
    assert answer.status_code == 302
    link = answer["Location"].split("?")[0]
    page = client.get(link).content.decode()
    assert "现场.jpg" in page
    assert "检测报告.pdf" in page
    with acting(system(town.zone_id)):
        appeal = Appeal.objects.get(party=town.party)
    first, second = pins(town, "appeal", appeal.pk)
    assert body_of(client.get(f"{link}papers/{second.pk}/")) == PDF
    assert client.get(f"{link}papers/{first.pk}/")["Content-Type"] == "image/jpeg"


def test_a_paper_that_is_refused_files_nothing_and_says_why(town: Town) -> None:
    bad = paper(b"<html><script>alert(1)</script></html>", "x.pdf")
    answer = Client().post(f"/r/{town.card.code}/", form(paper=bad))
    assert answer.status_code == 422
    assert "新机器没有电" in answer.content.decode(), "what was typed is kept"
    with acting(system(town.zone_id)):
        assert not Appeal.objects.filter(party=town.party).exists()
        assert not Attachment.objects.exists()


def test_too_many_papers_at_once_are_refused_in_words(town: Town) -> None:
    many = [paper(PDF + b"%" + bytes(str(n), "ascii"), f"{n}.pdf") for n in range(11)]
    answer = Client().post(f"/r/{town.card.code}/", form(paper=many))
    assert answer.status_code == 422
    assert "10" in answer.content.decode()


def test_the_holder_of_a_link_adds_and_takes_off_papers_until_the_request_is_closed(
    town: Town,
) -> None:
    filed = town.answered()
    client, link = Client(), f"/t/{filed.token}/papers/"
    assert client.post(link, {"paper": paper()})["Location"] == f"/t/{filed.token}/"
    (pin,) = pins(town, "appeal", filed.appeal.pk)
    client.post(f"{link}{pin.pk}/remove/")
    assert client.get(f"{link}{pin.pk}/").status_code == 404
    client.post(f"{link}{pin.pk}/return/")
    assert client.get(f"{link}{pin.pk}/").status_code == 200
    town.do(town.holder(filed.token), "confirm_solved", filed.appeal, satisfaction=5)
    assert client.post(link, {"paper": paper(OTHER_PDF)}).status_code == 422
    assert client.post(f"{link}{pin.pk}/remove/").status_code == 422
    assert client.get(f"{link}{pin.pk}/").status_code == 200


def test_a_link_opens_no_paper_of_another_request_nor_one_between_offices(town: Town) -> None:
    filed, other = town.dispatched(), town.file(title="门口道路坑洼，货车进不来")
    inside = staff_pins(town, "east-power", filed.appeal, is_shown=False)
    shown = staff_pins(town, "east-power", filed.appeal, is_shown=True)
    assert inside.pk == shown.pk, "the same paper is pinned once"
    on_other = staff_pins(town, "east-desk", other.appeal, is_shown=True)
    client = Client()
    assert client.get(f"/t/{filed.token}/papers/{inside.pk}/").status_code == 404
    assert client.get(f"/t/{filed.token}/papers/{on_other.pk}/").status_code == 404
    assert "会商记录" not in client.get(f"/t/{filed.token}/").content.decode()
    assert client.get(f"/t/{other.token}/papers/{on_other.pk}/").status_code == 200
    for wrong in ("x", town.card.code, "a" * 32):
        assert client.get(f"/t/{wrong}/papers/{on_other.pk}/").status_code == 404
        assert client.post(f"/t/{wrong}/papers/", {"paper": paper()}).status_code == 404


def test_the_card_alone_reads_no_paper(town: Town) -> None:
    filed = town.dispatched()
    staff_pins(town, "east-power", filed.appeal, is_shown=True)
    with acting(town.card_holder):
        assert not Attachment.objects.exists()


# The enterprise signed in, and another one ---------------------------------------------------------


def test_an_enterprise_pins_to_its_own_request_and_reads_what_it_is_shown(
    town: Town, sign_in: SignIn
) -> None:
    filed = town.dispatched()
    client = enterprise_client(town, sign_in, town.party)
    answer = client.post(f"/papers/appeal/{filed.appeal.pk}/", {"paper": paper()})
    assert answer.status_code == 302
    (own,) = pins(town, "appeal", filed.appeal.pk)
    inside = staff_pins(town, "east-power", filed.appeal, is_shown=False)
    page = client.get(f"/my/appeals/{filed.appeal.pk}/").content.decode()
    assert "检测报告.pdf" in page
    assert "会商记录" not in page
    assert body_of(client.get(f"/papers/{own.pk}/")) == PDF
    assert client.get(f"/papers/{inside.pk}/").status_code == 404
    assert client.post(f"/papers/{inside.pk}/remove/").status_code == 404
    staff = sign_in("east-power").get(f"/appeals/{filed.appeal.pk}/").content.decode()
    assert "检测报告.pdf" in staff
    assert "会商记录.pdf" in staff


def test_an_enterprise_takes_off_its_own_paper_and_nobody_else_s(
    town: Town, sign_in: SignIn
) -> None:
    filed = town.dispatched()
    shown = staff_pins(town, "east-power", filed.appeal, is_shown=True)
    client = enterprise_client(town, sign_in, town.party)
    assert client.post(f"/papers/{shown.pk}/remove/").status_code == 422
    assert body_of(client.get(f"/papers/{shown.pk}/")) == OTHER_PDF


def test_another_enterprise_and_another_zone_find_no_paper_and_pin_none(
    town: Town, sign_in: SignIn
) -> None:
    filed = town.dispatched()
    pin = staff_pins(town, "east-power", filed.appeal, is_shown=True)
    about = staff_pins(town, "east-desk", town.party, is_shown=True)
    for stranger in (enterprise_client(town, sign_in, town.other), sign_in("west-admin")):
        for each in (pin, about):
            assert stranger.get(f"/papers/{each.pk}/").status_code == 404
            assert stranger.post(f"/papers/{each.pk}/remove/").status_code == 404
            assert stranger.post(f"/papers/{each.pk}/return/").status_code == 404
        for place in (f"appeal/{filed.appeal.pk}", f"party/{town.party.pk}"):
            assert stranger.get(f"/papers/{place}/").status_code == 404
            assert stranger.post(f"/papers/{place}/", {"paper": paper()}).status_code == 404
    with acting(town.spokesman(town.other)):
        assert not Attachment.objects.exists()


def test_an_enterprise_reads_papers_about_it_only_when_staff_show_them(
    town: Town, sign_in: SignIn
) -> None:
    staff_pins(town, "east-desk", town.party, is_shown=False)
    client = enterprise_client(town, sign_in, town.party)
    assert "会商记录" not in client.get("/my/enterprise/").content.decode()
    by = town.of("east-desk")
    with acting(by):
        files.pin_uploads(
            by=by, now=NOW, uploads=[paper(PDF, "政策通知.pdf")], subject=town.party, is_shown=True
        )
    assert "政策通知.pdf" in client.get("/my/enterprise/").content.decode()
    answer = client.post(f"/papers/party/{town.party.pk}/", {"paper": paper(photo(), "a.jpg")})
    assert answer.status_code == 422


@pytest.mark.parametrize("table", ["task", "visit", "office", "import_run", "journal_line"])
def test_tables_an_enterprise_does_not_read_are_not_there_for_it(
    town: Town, sign_in: SignIn, table: str
) -> None:
    client = enterprise_client(town, sign_in, town.party)
    assert client.get(f"/papers/{table}/987654/").status_code == 404
    assert client.get(f"/api/v1/attachments/{table}/987654").status_code == 404


def test_an_enterprise_only_reads_the_tables_of_papers(town: Town) -> None:
    filed = town.dispatched()
    pin = staff_pins(town, "east-power", filed.appeal, is_shown=True)
    by = town.spokesman()
    with acting(by), pytest.raises(Exception, match="permission denied"):
        Attachment.objects.filter(pk=pin.pk).update(name="别的.pdf")


# Visits, versions, the trail -----------------------------------------------------------------------


def test_a_visit_keeps_its_photos_when_its_log_is_corrected(town: Town, sign_in: SignIn) -> None:
    by = town.of("east-officer")
    with acting(by):
        programme = Programme.objects.filter(zone_id=by.zone_id)[0]
    client = sign_in("east-officer")
    answer = client.post(
        f"/visits/new/{town.party.pk}/",
        {"programme": programme.pk, "visited_on": coming(-1), "met": "厂长", "said": "缺电",
         "paper": paper(photo(), "车间.jpg")},
    )  # fmt: skip
    page = client.get(answer["Location"]).content.decode()
    assert "车间.jpg" in page
    with acting(by):
        old = Visit.objects.get(party=town.party)
        new = outreach.correct_visit(
            by=by, now=timezone.now(), visit=old, programme=programme, visited_on=old.visited_on,
            met="副厂长", said="缺电", companions=None,
        ).visit  # fmt: skip
        assert queries.version_numbers(new.pk) == [old.pk]
    assert "车间.jpg" in client.get(f"/visits/{new.pk}/").content.decode()


def test_every_pinned_paper_leaves_a_line_with_who_and_to_what(town: Town) -> None:
    filed = town.dispatched()
    staff_pins(town, "east-power", filed.appeal, is_shown=True)
    with acting(system(town.zone_id)):
        line = JournalLine.objects.get(verb="pin_file")
    assert (line.subject_type, line.subject_id) == ("appeal", filed.appeal.pk)
    assert line.party_ref == town.party.pk


# The API -------------------------------------------------------------------------------------------


class Caller:
    def __init__(self, by: Actor, *scopes: str) -> None:
        with acting(by):
            _token, key = base.make_token(
                by=by, now=timezone.now(), name="tests", scopes=list(scopes), days=1
            )
        self.headers = {"Authorization": f"Bearer {key}"}

    def get(self, address: str) -> Any:
        return Client().get(f"/api/v1{address}", headers=self.headers)

    def send(self, address: str, **given: Any) -> Any:
        return Client().post(f"/api/v1{address}", given, headers=self.headers)


def test_another_system_pins_lists_reads_and_takes_off_papers(town: Town) -> None:
    filed = town.dispatched()
    desk, place = (
        Caller(town.of("east-desk"), READ, WRITE),
        f"/attachments/appeal/{filed.appeal.pk}",
    )
    (told,) = json.loads(desk.send(place, paper=paper(), is_shown="true").content)
    assert told["is_shown"] is True
    assert [one["id"] for one in json.loads(desk.get(place).content)] == [told["id"]]
    assert body_of(desk.get(f"/papers/{told['id']}")) == PDF
    west = Caller(town.of("west-admin"), READ, WRITE)
    assert west.get(place).status_code == 404
    assert west.send(place, paper=paper()).status_code == 404
    assert west.get(f"/papers/{told['id']}").status_code == 404
    assert desk.send(f"/papers/{told['id']}/remove").status_code == 200
    assert desk.get(f"/papers/{told['id']}").status_code == 404
    assert desk.send(f"/papers/{told['id']}/return").status_code == 200
    bad = desk.send(place, paper=paper(b"MZ\x90 program", "a.pdf"))
    assert (bad.status_code, json.loads(bad.content)["field"]) == (422, "paper")


def test_the_link_is_enough_for_the_api_to_add_and_read_papers(town: Town) -> None:
    filed, client = town.file(), Client()
    place = f"/api/v1/public/links/{filed.token}/papers"
    (told,) = json.loads(client.post(place, {"paper": paper()}).content)
    assert body_of(client.get(f"{place}/{told['id']}")) == PDF
    assert [one["id"] for one in json.loads(client.get(place).content)] == [told["id"]]
    other = town.file(title="门口道路坑洼，货车进不来")
    elsewhere = f"/api/v1/public/links/{other.token}/papers/{told['id']}"
    assert client.get(elsewhere).status_code == 404
    assert client.post(f"{elsewhere}/remove").status_code == 404
    assert client.post(f"{place}/{told['id']}/remove").status_code == 200
    assert client.get(f"{place}/{told['id']}").status_code == 404
