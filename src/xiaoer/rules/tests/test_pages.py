"""Pages of rules: both languages, what is told while typing, two people, others kept out."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.registry.models import Party
from xiaoer.rules import actions as rules
from xiaoer.rules.models import RuleVersion
from xiaoer.rules.tests.conftest import REVENUE, SHARE, drafted, firm, released

SignIn = Callable[[str], Client]


@pytest.fixture
def writer(sign_in: SignIn) -> Client:
    return sign_in("east-economy")


@pytest.fixture
def other(sign_in: SignIn) -> Client:
    return sign_in("east-statistics")


@pytest.fixture
def west_writer(sign_in: SignIn) -> Client:
    return sign_in("west-economy")


@pytest.fixture
def outsiders(sign_in: SignIn) -> dict[str, Client]:
    return {name: sign_in(name) for name in ("city", "east-officer")}


@pytest.fixture
def by(of: Callable[[str], Actor]) -> Actor:
    return of("east-economy")


@pytest.fixture
def draft(by: Actor) -> RuleVersion:
    with acting(by):
        firm(by, "大厂", revenue_cny_y1=20_000_000, rd_expense_cny_y1=700_000)
        firm(by, "小厂", revenue_cny_y1=10_000_000)
        return drafted(by, REVENUE, SHARE)


def typed(version: RuleVersion, *clauses: tuple[str, str], **said: str) -> dict[str, object]:
    """The editor's form as a browser sends it."""
    form: dict[str, object] = {
        "version": str(version.version),
        "mark": "A",
        "applicant": "any",
        "effective_from": "2026-01-01",
        "key": [str(n) for n in range(len(clauses))],
        **said,
    }
    for n, (name, text) in enumerate(clauses):
        form |= {f"name-{n}": name, f"text-{n}": text, f"kind-{n}": "condition"}
    return form


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_reads_in_both_languages(
    writer: Client, draft: RuleVersion, by: Actor, language: str
) -> None:
    with acting(by):
        rules.draft_version(by=by, now=NOW, rule_id=draft.rule_id, effective_from=date(2027, 1, 1))
        party = Party.objects.get(name="大厂")
        case = rules.add_case(
            by=by, now=NOW, version_id=draft.pk, name="恰好", as_of=date(2026, 11, 20),
            facts={"revenue_cny_y1": 15_000_000}, expected="met",
        )  # fmt: skip
    assert case.pk
    writer.cookies["django_language"] = language
    rule = reverse("rule", args=[draft.rule_id])
    for address in (
        reverse("rule_list"),
        reverse("rule_list") + "?kind=title&mark=A&q=专",
        rule,
        f"{rule}?version=1&clause=1",
        reverse("rule_words"),
        reverse("rule_word_pick") + "?q=revenue",
        reverse("rule_add"),
        reverse("rule_case_add", args=[draft.pk]),
        reverse("rule_firms", args=[draft.rule_id]) + "?version=1&clause=1&letter=n&within=500",
        reverse("rule_firm", args=[draft.rule_id, party.pk]) + "?version=1&as_of=2026-11-20",
        reverse("rule_compare", args=[draft.rule_id]) + "?old=1&new=2&as_of=2026-06-30",
        reverse("enterprise_rules", args=[party.pk]),
    ):
        answer = writer.get(address)
        assert answer.status_code == 200, address
        if language == "en" and "words" not in address:
            text = re.sub(r"<title>.*?</title>", "", answer.content.decode())
            assert "Met" in text or "Rule" in text or "Name" in text, address


@pytest.mark.parametrize("address", ["rule_list", "rule_words"])
def test_lists_leave_the_house_as_sheets(writer: Client, address: str) -> None:
    for kind in ("xlsx", "csv"):
        assert writer.get(reverse(address) + f"?export={kind}").status_code == 200


def test_typing_tells_mistakes_with_the_nearest_word_and_counts_the_rest(
    writer: Client, draft: RuleVersion
) -> None:
    form = typed(draft, ("营收", "revenue_cny_y1 >= 15000000"), ("研发", "rd_expens_cny_y1 > 0"))
    answer = writer.post(reverse("rule_try", args=[draft.pk]), form)
    page = answer.content.decode()
    assert 'data-with="rd_expense_cny_y1"' in page
    assert "<mark>rd_expens_cny_y1</mark>" in page
    assert re.search(r'id="four-0".*?>1</span>', page, re.DOTALL)


def test_trying_keeps_nothing_and_says_who_gains(
    writer: Client, draft: RuleVersion, by: Actor, of: Callable[[str], Actor]
) -> None:
    second = of("east-statistics")
    with acting(by):
        version = released(by, second, REVENUE, code="b_rule")
    form = typed(version, ("营收", "revenue_cny_y1 >= 5000000"))
    page = writer.post(reverse("rule_try", args=[version.pk]), form).content.decode()
    assert "小厂" in page
    with acting(by):
        assert version.clauses.get().text == REVENUE.text


def test_two_editors_at_once_are_told_of_one_another(
    writer: Client, other: Client, draft: RuleVersion, by: Actor
) -> None:
    form = typed(draft, ("营收", "revenue_cny_y1 >= 1"))
    save = reverse("rule_save", args=[draft.pk])
    assert other.post(save, form).status_code == 302
    late = writer.post(save, typed(draft, ("营收", "revenue_cny_y1 >= 2")))
    assert late.status_code == 422
    assert "统一" in late.content.decode()
    with acting(by):
        assert draft.clauses.get().text == "revenue_cny_y1 >= 1"


def test_one_asks_and_another_releases(writer: Client, other: Client, draft: RuleVersion) -> None:
    ask = reverse("rule_ask", args=[draft.pk])
    assert writer.post(ask, {"version": draft.version}).status_code == 302
    release = reverse("rule_release", args=[draft.pk])
    fresh = {"version": draft.version + 1}
    assert writer.post(release, fresh).status_code == 422
    assert other.post(release, fresh).status_code == 302
    page = other.get(reverse("rule", args=[draft.rule_id])).content.decode()
    assert "现行" in page


def test_an_injection_in_the_editor_is_told_in_words(writer: Client, draft: RuleVersion) -> None:
    for text in (
        "1=1; drop table rule",
        "<script>alert(1)</script>",
        "' or ''='",
        "\x00",
        "(" * 500,
    ):
        answer = writer.post(reverse("rule_try", args=[draft.pk]), typed(draft, ("注入", text)))
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()


def test_another_zone_finds_nothing(west_writer: Client, draft: RuleVersion) -> None:
    for address in (
        reverse("rule", args=[draft.rule_id]),
        reverse("rule_firms", args=[draft.rule_id]),
        reverse("rule_compare", args=[draft.rule_id]),
        reverse("rule_case_add", args=[draft.pk]),
    ):
        assert west_writer.get(address).status_code == 404
    for address in ("rule_try", "rule_save", "rule_ask", "rule_release", "rule_withdraw"):
        answer = west_writer.post(reverse(address, args=[draft.pk]), {"version": 1})
        assert answer.status_code == 404


def test_others_read_and_do_not_write(outsiders: dict[str, Client], draft: RuleVersion) -> None:
    for client in outsiders.values():
        page = client.get(reverse("rule", args=[draft.rule_id]))
        assert page.status_code == 200
        assert "存草稿" not in page.content.decode()
        answer = client.post(reverse("rule_save", args=[draft.pk]), typed(draft))
        assert answer.status_code == 404


def test_the_page_asks_no_more_the_more_rules_and_versions_there_are(
    writer: Client,
    draft: RuleVersion,
    by: Actor,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    with acting(by):
        for n in range(5):
            drafted(by, REVENUE, code=f"rule_{n}")
    with django_assert_max_num_queries(40):  # type: ignore[attr-defined]  # a context manager
        writer.get(reverse("rule_list"))
