"""The zone's own list of kinds of request, kept on a page by the desk and administrators."""

from collections.abc import Callable

from django.test import Client
from django.utils import translation

from xiaoer.base.scope import Actor, acting
from xiaoer.outreach.models import AppealKind

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
PAGE = "/kinds-of-request/"
NEW = {"new": "yes", "code": "hydrogen", "name": "用氢", "name_en": "Hydrogen", "order": "20"}


def kind(by: Actor, code: str = "hydrogen") -> AppealKind | None:
    with acting(by):
        return AppealKind.objects.filter(zone_id=by.zone_id, code=code).first()


def test_the_desk_adds_and_changes_a_kind(of: Of, sign_in: SignIn) -> None:
    desk, client = of("east-desk"), sign_in("east-desk")
    assert client.post(PAGE, NEW).status_code == 302
    assert "用氢" in client.get(PAGE).content.decode()
    office = of("east-power").office_id
    change = {"code": "hydrogen", "name": "用氢用气", "order": "3", "office": str(office)}
    assert client.post(PAGE, change).status_code == 302
    changed = kind(desk)
    assert changed is not None
    assert (changed.name, changed.order, changed.office_id) == ("用氢用气", 3, office)
    assert "用氢用气" in client.get(PAGE, {"code": "hydrogen"}).content.decode()


def test_a_new_kind_never_overwrites_one_that_is_there(of: Of, sign_in: SignIn) -> None:
    client = sign_in("east-admin")
    client.post(PAGE, NEW)
    answer = client.post(PAGE, {**NEW, "name": "别的"})
    assert answer.status_code == 422
    kept = kind(of("east-admin"))
    assert kept is not None
    assert kept.name == "用氢"


def test_what_does_not_fit_is_refused_in_words(of: Of, sign_in: SignIn) -> None:
    client = sign_in("east-admin")
    for wrong in (
        {"name": ""}, {"code": ""}, {"code": "a b"}, {"code": "<b>"}, {"order": "x"},
        {"order": "99999"}, {"office": "424242"}, {"name": "长" * 61},
    ):  # fmt: skip
        assert client.post(PAGE, {**NEW, **wrong}).status_code == 422, wrong
    assert kind(of("east-admin")) is None


def test_nobody_else_keeps_kinds_and_no_other_zone_sees_them(of: Of, sign_in: SignIn) -> None:
    assert sign_in("east-officer").get(PAGE).status_code == 404
    assert sign_in("east-officer").post(PAGE, NEW).status_code == 404
    sign_in("east-desk").post(PAGE, NEW)
    assert "用氢" not in sign_in("west-desk").get(PAGE).content.decode()


def test_a_kind_is_named_in_the_readers_language() -> None:
    named = AppealKind(code="power", name="用电", name_en="Power")
    unnamed = AppealKind(code="power", name="用电")
    with translation.override("en"):
        assert (named.label, unnamed.label) == ("Power", "用电")
    with translation.override("zh-hans"):
        assert named.label == "用电"
