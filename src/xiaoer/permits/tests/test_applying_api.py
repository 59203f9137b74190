"""The same by API: what is needed, begun, filled in, submitted; by link, and by an enterprise."""

from typing import Any

import pytest
from django.test import Client

from xiaoer.base.scope import acting, system
from xiaoer.permits.models import Case
from xiaoer.permits.tests.applying_town import Counter, built, pdf

HERE = "/api/v1/public"


@pytest.fixture
def counter(db: None) -> Counter:
    return built()


def _post(client: Client, address: str, said: dict[str, Any], status: int = 200) -> Any:
    answer = client.post(address, said, content_type="application/json")
    assert answer.status_code == status, answer.content.decode()[:800]
    return answer.json()


def test_a_stranger_applies_by_api(counter: Counter, client: Client) -> None:
    listed = client.get(f"{HERE}/services/east").json()
    assert "small-restaurant" in {one["code"] for one in listed}
    need = _post(
        client, f"{HERE}/services/east/small-restaurant/list", {"answers": {"sign": "board"}}
    )
    assert [one["code"] for one in need["items"]] == ["food", "board"]
    begun = _post(
        client,
        f"{HERE}/services/east/small-restaurant/applications",
        {"answers": {"sign": "none"}, "contact_name": "张三", "contact_phone": "13900000009"},
    )
    own = f"{HERE}/permit-applications/{begun['token']}"
    wrong = _post(client, f"{own}/fill", {"form": {"area": "很大"}}, 422)
    assert wrong["field"] == "area"
    filled = _post(client, f"{own}/fill", {"form": {"firm": "张三饭店", "area": "1亩"}})
    assert filled["lacking"] == ["test-lease", "test-plan"]
    given = client.post(f"{own}/papers/test-lease", {"file": pdf("lease")})
    assert given.status_code == 200, given.content.decode()[:800]
    _post(client, f"{own}/papers/test-plan/later", {})
    done = _post(client, f"{own}/submit", {})
    assert done["number"].startswith("BJ-")
    _post(client, f"{own}/submit", {}, 422)
    _post(client, f"{own}/rate", {"score": 4})
    told = _post(
        client,
        f"{HERE}/services/east/track",
        {"number": done["number"], "phone": "13900000009"},
    )
    assert told["state"] == "submitted"
    assert "contact_name" not in told
    unknown = _post(
        client, f"{HERE}/services/east/track", {"number": done["number"], "phone": "13900000001"}
    )
    assert unknown["state"] == "unknown"
    assert client.get(f"{HERE}/permit-applications/no-such-secret").status_code == 404


def test_staff_begin_at_a_counter_by_api(counter: Counter, sign_in: Any) -> None:
    desk = sign_in("east-desk")
    said = {"thing": "small-restaurant", "party": counter.party.pk, "channel": "point"}
    answer = desk.post("/api/v1/permit-applications", said, content_type="application/json")
    # A browser's session alone writes nothing; what it may do by its pages it does there.
    assert answer.status_code in (200, 403), answer.content.decode()[:500]
    with acting(system(counter.zone_id)):
        assert Case.objects.count() == (1 if answer.status_code == 200 else 0)
