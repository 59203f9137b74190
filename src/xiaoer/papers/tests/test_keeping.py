"""Kinds of paper are the zone's to change; a file kept apart is a person's to judge."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client

from tests.town import NOW
from xiaoer.base import apart, files
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.papers import actions as papers
from xiaoer.papers.jobs import collect_quarantine
from xiaoer.papers.models import PaperKind, Quarantine

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_FOLDER = tmp_path / "files"
    settings.FILES_KEY = tmp_path / "files.key"
    return tmp_path


def locked() -> bytes:
    kept = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(200, 200))
        document.save(kept, encryption=pikepdf.Encryption(owner="o", user="u"))
    return kept.getvalue()


def bring(by: Actor, content: bytes, name: str = "加密.pdf") -> StoredFile:
    return files.keep_file(by=by, now=NOW, stream=io.BytesIO(content), name=name)


def held(of: Of, content: bytes | None = None) -> Quarantine:
    by = of("east-officer")
    with acting(by), pytest.raises(Refused):
        bring(by, content or locked())
    collect_quarantine(0)
    with acting(of("east-admin")):
        return Quarantine.objects.get(zone_id=by.zone_id)


def test_a_file_kept_apart_comes_into_the_register_once(of: Of) -> None:
    one, officer = held(of), of("east-officer")
    collect_quarantine(0)
    with acting(of("east-admin")):
        assert list(Quarantine.objects.all()) == [one]
        assert one.came_from_id == officer.post_id
    with acting(of("west-admin")):
        assert not Quarantine.objects.exists()


def test_who_let_a_file_in_may_send_it_again(
    of: Of, django_capture_on_commit_callbacks: Any
) -> None:
    content = locked()
    one, by = held(of, content), of("east-admin")
    with django_capture_on_commit_callbacks(execute=True), acting(by):
        file = papers.release_quarantined(by=by, now=NOW, held=one)
    assert not list(apart.waiting())
    with acting(by):
        assert files.bytes_of(file) == content
        assert bring(by, content) == file
        with pytest.raises(Refused):
            papers.drop_quarantined(by=by, now=NOW, held=one)


def test_what_was_thrown_away_is_gone_and_its_line_stays(
    of: Of, django_capture_on_commit_callbacks: Any
) -> None:
    one, by = held(of), of("east-desk")
    with django_capture_on_commit_callbacks(execute=True), acting(by):
        papers.drop_quarantined(by=by, now=NOW, held=one)
    assert not list(apart.waiting())
    with acting(by):
        assert Quarantine.objects.get().state == Quarantine.State.DROPPED


def test_neither_an_officer_nor_the_system_lets_a_file_in(of: Of) -> None:
    one = held(of)
    for by in (of("east-officer"), system(of("east-admin").zone_id)):
        with acting(by), pytest.raises(Refused):
            papers.release_quarantined(by=by, now=NOW, held=one)


def facts(**changes: Any) -> papers.FieldFacts:
    return papers.FieldFacts(**{"name": "车号", "sort": "plate", "labels": ("车牌",), **changes})


def test_a_kind_is_changed_by_whoever_saw_it_as_it_is(of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        papers.seed_paper_kinds(by=by, now=NOW)
        kind = PaperKind.objects.get(zone_id=by.zone_id, code="vehicle_list")
        field = papers.keep_paper_field(
            by=by, now=NOW, kind=kind, code="plate", facts=facts(), version=kind.version
        )
        with pytest.raises(Refused):
            papers.keep_paper_field(
                by=by, now=NOW, kind=kind, code="plate", facts=facts(), version=kind.version
            )
        kind.refresh_from_db()
        papers.drop_paper_field(by=by, now=NOW, field=field, version=kind.version)
        field.refresh_from_db()
        assert (field.labels, field.is_needed) == ([], False)


@pytest.mark.parametrize(
    "wrong",
    [{"pattern": "("}, {"pattern": "abc"}, {"pattern": "(a)(b)"}, {"sort": "colour"},
     {"labels": ()}, {"least_confidence": 20}, {"name": ""}],
)  # fmt: skip
def test_a_field_that_makes_no_sense_is_refused(of: Of, wrong: dict[str, Any]) -> None:
    by = of("east-admin")
    with acting(by):
        kind = papers.keep_paper_kind(
            by=by, now=NOW, code="gate_photo", facts=papers.KindFacts("门头照片")
        )
        with pytest.raises(Refused):
            papers.keep_paper_field(
                by=by, now=NOW, kind=kind, code="one", facts=facts(**wrong), version=1
            )


def test_the_pages_show_kinds_fields_and_files_kept_apart(of: Of, sign_in: SignIn) -> None:
    one = held(of)
    client = sign_in("east-admin")
    by = of("east-admin")
    with acting(by):
        papers.seed_paper_kinds(by=by, now=NOW)
        kind = PaperKind.objects.get(zone_id=by.zone_id, code="waste_contract")
    assert "建筑垃圾处置运输合同" in client.get("/paper-kinds/").content.decode()
    shown = client.get(f"/paper-kinds/{kind.pk}/?field=volume").content.decode()
    assert "运输总量为" in shown
    assert one.name in client.get("/quarantine/").content.decode()
    assert sign_in("east-officer").get("/quarantine/").status_code == 404
    answer = client.post("/quarantine/", {"held": one.pk, "what_to_do": "drop"})
    assert answer.status_code in (200, 302)
    assert client.get("/api/v1/quarantine").json()[0]["decided_at"] is not None
