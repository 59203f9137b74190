"""Entering as a persona: possible in a demo, unknown everywhere else."""

import pytest
from django.test import Client

from xiaoer.base.models import Installation
from xiaoer.demo.models import Persona

pytestmark = [
    pytest.mark.usefixtures("demo_database"),
    pytest.mark.django_db,
    pytest.mark.urls("xiaoer.demo.tests.demo_urls"),
]


@pytest.fixture
def in_demo(settings: pytest.FixtureRequest) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]  # pytest-django's settings


def test_the_page_part_shows_every_persona_with_a_live_line(in_demo: None) -> None:
    text = Client().get("/demo/personas/").content.decode()
    rows = list(Persona.objects.all())
    assert len(rows) >= 13
    for row in rows:
        assert row.name in text
        assert row.job in text
    assert text.count('class="desk-line"') == len(rows)
    assert 'class="desk-line"></span>' not in text


@pytest.mark.parametrize(
    ("chip", "name"), [("jedz", "孟祥宇"), ("canal", "柏若舟"), ("outside", "赵砚")]
)
def test_a_chip_narrows_the_personas_to_its_side(in_demo: None, chip: str, name: str) -> None:
    text = Client().get("/demo/personas/", {"zone": chip}).content.decode()
    assert name in text
    assert "周敏" not in text


def test_every_persona_comes_to_a_page_of_their_own(in_demo: None) -> None:
    for row in Persona.objects.all():
        client = Client()
        answer = client.post("/demo/enter/", {"persona": row.pk})
        assert answer.status_code == 302
        assert client.session["_auth_user_id"] == str(row.account_id)


@pytest.mark.parametrize("number", ["", "0", "abc", "9" * 30, "-1"])
def test_a_guessed_persona_is_not_found(in_demo: None, number: str) -> None:
    assert Client().post("/demo/enter/", {"persona": number}).status_code == 404


def test_entering_is_unknown_where_the_process_is_no_demo() -> None:
    row = Persona.objects.first()
    assert row is not None
    assert Client().post("/demo/enter/", {"persona": row.pk}).status_code == 404
    assert Client().get("/demo/personas/").status_code == 404


def test_entering_is_unknown_where_the_database_holds_real_work(
    in_demo: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Installation(is_demo=False)
    monkeypatch.setattr("xiaoer.demo.pages.base.installation", lambda: real)
    assert Client().get("/demo/personas/").status_code == 404


def test_entering_needs_a_post(in_demo: None) -> None:
    assert Client().get("/demo/enter/").status_code == 405


def test_the_dirty_sheet_can_be_taken_home(in_demo: None) -> None:
    answer = Client().get("/demo/sheet/")
    assert answer.content[:2] == b"PK"
    assert "attachment" in answer["Content-Disposition"]
