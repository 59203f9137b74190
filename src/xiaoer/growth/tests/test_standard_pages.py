"""Pages and API of the standards of the state and of forecasts set by hand."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xiaoer.base.scope import acting
from xiaoer.growth.models import ForecastOverride, SizeStandard, StatThreshold
from xiaoer.growth.tests.conftest import Town

SignIn = Callable[[str], Client]
PAGE = "/ladders/standards/"


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}?line=industry", f"{PAGE}?size=industry"])
def test_staff_read_the_standards_and_those_who_keep_them_see_the_form(
    town: Town, sign_in: SignIn, path: str
) -> None:
    page = sign_in("east-economy").get(path).content.decode()
    assert "四上入统标准" in page and "一套表" in page
    assert ('name="mark"' in page) is ("?" in path)
    assert 'name="mark"' not in sign_in("east-officer").get(path).content.decode()


def test_a_threshold_is_changed_from_a_day_on_and_the_former_stays_readable(
    town: Town, sign_in: SignIn
) -> None:
    economy = town.of("east-economy")
    with acting(economy):
        row = StatThreshold.objects.get(sector="industry")
    said = {
        "id": row.pk, "version": row.version, "threshold": "3000万元", "mark": "A",
        "source": "新制度", "effective_from": "2027-01-01", "industries": row.industries,
    }  # fmt: skip
    client = sign_in("east-economy")
    assert client.post(f"{PAGE}line/", {**said, "source": ""}).status_code == 422
    assert client.post(f"{PAGE}line/", said).status_code == 302
    page = client.get(PAGE).content.decode()
    assert "3,000" in page and "2,000" in page and "新制度" in page
    assert sign_in("east-officer").post(f"{PAGE}line/", said).status_code == 422
    assert sign_in("west-economy").post(f"{PAGE}line/", said).status_code == 404


def test_sizes_are_typed_in_ten_thousand_yuan_and_must_fall(town: Town, sign_in: SignIn) -> None:
    economy = town.of("east-economy")
    with acting(economy):
        row = SizeStandard.objects.get(sector="industry")
    said = {
        "id": row.pk, "version": row.version, "mark": "A", "source": "新划型",
        "effective_from": row.effective_from.isoformat(),
        "large_employees": "1000", "medium_employees": "300", "small_employees": "20",
        "large_revenue_fen": "50000", "medium_revenue_fen": "2000", "small_revenue_fen": "300",
    }  # fmt: skip
    client = sign_in("east-economy")
    assert client.post(f"{PAGE}size/", {**said, "small_employees": "500"}).status_code == 422
    assert client.post(f"{PAGE}size/", {**said, "small_employees": "多"}).status_code == 422
    assert client.post(f"{PAGE}size/", said).status_code == 302
    with acting(economy):
        row.refresh_from_db()
        assert (row.large_revenue_fen, row.source) == (50_000 * 1_000_000, "新划型")


def test_the_officer_of_a_firm_sets_its_forecast_and_lets_the_computed_one_count_again(
    town: Town, sign_in: SignIn
) -> None:
    to = f"/enterprises/{town.party.pk}/forecast/"
    client = sign_in("east-officer")
    assert "没有人工预测" in client.get(to).content.decode()
    year = _year()
    said = {"year": year, "amount": "2300万元", "reason": "新线投产"}
    assert client.post(to, {**said, "reason": ""}).status_code == 422
    assert client.post(to, said).status_code == 302
    assert "新线投产" in client.get(to).content.decode()
    assert sign_in("east-power").post(to, said).status_code == 422
    assert sign_in("west-economy").get(to).status_code == 404
    assert client.post(to, {"what": "withdraw", "year": year}).status_code == 302
    with acting(town.of("east-officer")):
        assert ForecastOverride.objects.get().withdrawn_at is not None


def test_the_api_keeps_standards_and_forecasts(town: Town, sign_in: SignIn) -> None:
    client = sign_in("east-economy")
    line = next(
        one for one in client.get("/api/v1/stat-thresholds").json() if one["sector"] == "industry"
    )
    said: dict[str, object] = {
        "threshold": "2500万元", "mark": "A", "source": "新制度",
        "effective_from": line["effective_from"], "version": line["version"],
    }  # fmt: skip
    to = f"/api/v1/stat-thresholds/{line['id']}"
    answer = _post(client, to, said, "a")
    assert (answer.status_code, answer.json()["threshold_fen"]) == (200, 2_500_000_000)
    assert _post(client, to, said, "b").status_code in (409, 422), "somebody changed it meanwhile"
    assert _post(sign_in("west-economy"), to, said, "c").status_code == 404
    size = client.get("/api/v1/size-standards").json()[0]
    bounds = {name: value for name, value in size["bounds"].items() if value is not None}
    answer = _post(
        client,
        f"/api/v1/size-standards/{size['id']}",
        {"mark": "A", "source": "新划型", "effective_from": size["effective_from"],
         "version": size["version"], "bounds": bounds},
        "d",
    )  # fmt: skip
    assert (answer.status_code, answer.json()["source"]) == (200, "新划型")
    firm = f"/api/v1/enterprises/{town.party.pk}/forecasts"
    word = {"year": _year(), "amount": "2300万元", "reason": "新线投产"}
    assert _post(client, firm, word, "e").json()["forecast_fen"] == 2_300_000_000
    assert _post(sign_in("west-economy"), firm, word, "f").status_code == 404
    answer = _post(client, f"{firm}/withdraw", {"year": _year()}, "g")
    assert answer.json()[0]["withdrawn_at"] and len(client.get(firm).json()) == 1


def _year() -> int:
    return timezone.localdate().year


def _post(client: Client, to: str, said: dict[str, object], key: str) -> Any:
    return client.post(to, said, content_type="application/json", headers={"Idempotency-Key": key})
