"""Pages, API and command: what a person or another system meets."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from tests.town import NOW
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts.models import FactImport, Metric, Value
from xiaoer.facts.periods import months_of
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
RECORDS = "?metric=gdp&from=2022-01-01&to=2022-06-30"


@pytest.fixture
def filled(of: Of, published: Path) -> Actor:
    """The east with the published sheet brought in."""
    by = of("east-statistics")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        facts.import_values(by=by, now=NOW, path=published, file_name="公布指标.xlsx")
    return by


@pytest.mark.parametrize(
    "address",
    [
        "/indicators/",
        "/indicators/?year=2022&q=%E7%94%9F%E4%BA%A7",
        "/indicators/?as_of=2022-10-01&metric=1",
        "/indicators/?year=x&after=-3&metric=99999999999999999999&as_of=0001-01-01&q=%00%25",
        f"/indicators/records/{RECORDS}",
        "/indicators/gdp/",
        "/indicators/gdp/?shape=nonsense",
        "/indicators/add/",
        "/indicators/add/?metric=gdp",
        "/indicators/metrics/",
        "/indicators/metrics/add/",
        "/indicators/import/",
    ],
)
def test_every_page_opens_whatever_its_address_says(
    filled: Actor, sign_in: SignIn, address: str
) -> None:
    assert sign_in("east-statistics").get(address).status_code == 200


def test_the_table_shows_the_figure_and_opens_to_its_records(
    filled: Actor, sign_in: SignIn
) -> None:
    browser = sign_in("east-leader")
    table = browser.get("/indicators/?q=%E5%9C%B0%E5%8C%BA").content.decode()
    assert "43.31" in table
    opened = browser.get(f"/indicators/records/{RECORDS}", headers={"HX-Request": "true"})
    assert opened.content.decode().startswith('<tr class="opened">')
    assert "001-001" in opened.content.decode()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_export_is_what_is_filtered(filled: Actor, sign_in: SignIn, kind: str) -> None:
    with acting(filled):
        metric = Metric.objects.get(code="gdp").pk
    answer = sign_in("east-leader").get(f"/indicators/?metric={metric}&export={kind}")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a streamed answer
    if kind == "csv":
        assert content.decode("utf-8-sig").count("\n") == 2
    else:
        assert content.startswith(b"PK")


def test_a_page_of_another_zone_is_not_there(filled: Actor, sign_in: SignIn) -> None:
    with acting(filled):
        run = FactImport.objects.get()
    west = sign_in("west-statistics")
    for address in (
        f"/indicators/records/{RECORDS}",
        reverse("fact_import", args=[run.pk]),
    ):
        assert west.get(address).status_code == 404


def test_an_officer_of_the_grid_reads_and_does_not_import(filled: Actor, sign_in: SignIn) -> None:
    officer = sign_in("east-officer")
    assert officer.get("/indicators/").status_code == 200
    assert officer.get("/indicators/import/").status_code == 404


def test_a_sheet_is_uploaded_previewed_written_and_taken_back(
    of: Of, sign_in: SignIn, published: Path
) -> None:
    by = of("east-statistics")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
    browser = sign_in("east-statistics")
    with published.open("rb") as sheet:
        answer = browser.post("/indicators/import/", {"paper": sheet, "column": "reported"})
    page = answer.headers["Location"]
    assert "写入" in browser.get(page).content.decode()
    browser.post(f"{page}commit/")
    with acting(by):
        assert Value.objects.count() == 21
    kept = browser.get(f"{page}file/")
    assert b"".join(kept.streaming_content) == published.read_bytes()  # type: ignore[attr-defined]  # a streamed answer
    opened = browser.get(f"/indicators/records/{RECORDS}").content.decode()
    assert f"{page}file/" in opened
    assert sign_in("west-statistics").get(f"{page}file/").status_code == 404
    assert sign_in("east-leader").get(f"{page}file/").status_code == 404
    leaders = sign_in("east-leader").get(f"/indicators/records/{RECORDS}").content.decode()
    assert page not in leaders
    rejected = browser.get(f"{page}?export=csv")
    text = b"".join(rejected.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # a streamed answer
    assert text.count("不是本区的") == 19
    browser.post(f"{page}undo/")
    with acting(by):
        assert not Value.objects.filter(withdrawn_at__isnull=True).exists()


def test_a_file_that_is_no_sheet_is_refused_with_words(sign_in: SignIn, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"%PDF-1.7 no sheet")
    with path.open("rb") as sheet:
        answer = sign_in("east-statistics").post("/indicators/import/", {"paper": sheet})
    assert answer.status_code == 422


def test_a_figure_is_added_and_a_bad_period_is_refused_beside_its_field(
    filled: Actor, sign_in: SignIn
) -> None:
    browser = sign_in("east-statistics")
    with acting(filled):
        metric = Metric.objects.get(code="gdp").pk
    said = {
        "metric": metric, "period": "2023年1-6月", "number": "45.1亿元", "column": "official",
        "aspect": "value", "source": "月报",
    }  # fmt: skip
    assert browser.post("/indicators/add/", said).status_code == 302
    refused = browser.post(
        "/indicators/add/", said | {"period": "去年"}, headers={"HX-Request": "true"}
    )
    assert refused.status_code == 422
    assert refused.headers["HX-Retarget"] == "#error-period"


def test_the_city_sees_zones_side_by_side_and_nobody_else_does(
    filled: Actor, sign_in: SignIn
) -> None:
    assert "43.31" in sign_in("city").get("/indicators/zones/?year=2022").content.decode()
    assert sign_in("east-leader").get("/indicators/zones/").status_code == 404


def test_an_enterprise_reads_its_own_figures_with_their_source(filled: Actor) -> None:
    with acting(filled):
        party = Party.objects.create(zone_id=filled.zone_id, name="甲厂")
        facts.record_value(
            by=filled, now=NOW, metric=Metric.objects.get(code="operating_revenue"),
            period=months_of(2026, 1, 1), number="12万元", party=party, column="reported",
            source="企业月报",
        )  # fmt: skip
    firm = Actor(zone_id=filled.zone_id, role=Role.ENTERPRISE, party_ref=party.pk, name="厂")
    with acting(firm):
        assert Value.objects.select_related("source").get().source.name == "企业月报"


# API ---------------------------------------------------------------------------------------------


def test_the_api_answers_as_the_page_does(filled: Actor, sign_in: SignIn) -> None:
    browser = sign_in("east-leader")
    rows = browser.get("/api/v1/indicators?metric=gdp").json()
    assert rows[0]["official"]["low"] == "43.31"
    assert rows[0]["growth_printed"]["low"] == "4.7"
    stated = browser.get("/api/v1/values/by-reference?reference=001-035").json()
    assert (stated["metric"], stated["low"]) == ("fixed_asset_investment", "7.7")
    assert len(browser.get(f"/api/v1/indicators/records?metric=gdp&{_SPAN}").json()) == 3
    assert len(browser.get("/api/v1/metrics").json()) > 30


_SPAN = "starts_on=2022-01-01&ends_on=2022-06-30"


def test_the_api_records_a_bound_and_refuses_in_the_pages_words(
    filled: Actor, sign_in: SignIn
) -> None:
    browser = sign_in("east-statistics")
    said = {"metric": "gdp", "period": "2024年", "number": "≥90", "column": "estimated",
            "source": "预计", "unit": "亿元"}  # fmt: skip
    kept = browser.post("/api/v1/values", json.dumps(said), content_type="application/json")
    assert (kept.status_code, kept.json()["low"], kept.json()["high"]) == (200, "90", None)
    for wrong in ({"period": "去年"}, {"number": "-"}, {"source": ""}, {"number": "x\u0000"}):
        answer = browser.post(
            "/api/v1/values", json.dumps(said | wrong), content_type="application/json"
        )
        assert answer.status_code in (404, 422), wrong


def test_the_api_brings_in_a_sheet(of: Of, sign_in: SignIn, published: Path) -> None:
    by = of("east-statistics")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
    browser = sign_in("east-statistics")
    with published.open("rb") as sheet:
        run = browser.post("/api/v1/values/imports", {"sheet": sheet}).json()
    assert (run["read"], run["created"], run["state"]) == (41, 21, "previewed")
    done = browser.post(f"/api/v1/values/imports/{run['id']}/commit").json()
    assert done["state"] == "committed"
    west = sign_in("west-statistics").get(f"/api/v1/values/imports/{run['id']}")
    assert west.status_code == 404


# Command -----------------------------------------------------------------------------------------


def test_the_command_tells_what_became_of_each_row(of: Of, published: Path) -> None:
    by = of("east-statistics")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
    told = StringIO()
    call_command("import_values", str(published), zone="east", dry_run=True, json=True, stdout=told)
    with acting(by):
        assert not Value.objects.exists()
    call_command(
        "import_values", str(published), zone="east", json=True, stdout=(out := StringIO())
    )
    answer = json.loads(out.getvalue())
    assert answer == json.loads(told.getvalue())
    assert (answer["read"], answer["created"], answer["rejected"]) == (41, 21, 19)
    assert sum(answer["reasons"].values()) == 19
    with pytest.raises(CommandError):
        call_command("import_values", str(published), zone="nowhere")


def test_the_day_of_a_record_is_the_zones_own(filled: Actor) -> None:
    with acting(filled):
        value = Value.objects.get(metric__code="gdp", aspect="value")
    assert value.known_at.astimezone(NOW.tzinfo).date() == date(2022, 9, 29)  # 16:00 UTC
