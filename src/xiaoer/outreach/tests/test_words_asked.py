"""A question whose key is a word of the dictionary: its answer becomes that fact."""

from datetime import date, timedelta

from tests.town import NOW
from xiaoer.base.scope import acting
from xiaoer.facts import queries as facts
from xiaoer.facts.models import Attribute
from xiaoer.outreach.tests.conftest import Town
from xiaoer.work import actions as work
from xiaoer.work.models import Question


def ask(town: Town, key: str, expects: str, answer: str, **more: object) -> Question:
    """As a room above asks it, and an officer hears it on a visit."""
    desk, officer = town.of("east-desk"), town.of("east-officer")
    with acting(desk):
        question = work.ask_question(
            by=desk, now=NOW, party=town.party, room="growth", key=key, text=key, expects=expects,
            **more,  # type: ignore[arg-type]  # unit, choices
        )  # fmt: skip
    with acting(officer):
        return work.answer_question(by=officer, now=NOW, question=question, answer=answer)


def known(town: Town, name: str) -> facts.Known:
    with acting(town.of("east-desk")):
        return facts.provenance(
            zone_id=town.party.zone_id, party_id=town.party.pk, names=[name],
            as_of=date(2026, 11, 20), known_at=NOW + timedelta(hours=1),
        )[name]  # fmt: skip


def test_an_answer_becomes_the_fact_its_key_names(town: Town) -> None:
    ask(town, "revenue_cny_y1", "number", "1.2亿", unit="元")
    ask(town, "rd_ledger_kept", "yes_no", "有")
    ask(town, "production_started_on", "day", "2024年5月6日")
    ask(town, "taxation_mode", "choice", "查账征收", choices=["查账征收", "核定征收"])
    revenue = known(town, "revenue_cny_y1")
    assert (revenue.value, revenue.source, revenue.column) == (
        1.2e8, "企业答复（走访）", "reported",
    )  # fmt: skip
    assert known(town, "rd_ledger_kept").value is True
    assert known(town, "production_started_on").value == date(2024, 5, 6)
    mode = known(town, "taxation_mode")
    assert (mode.value, mode.source_kind) == ("audited", "declared")


def test_what_only_a_person_judges_is_the_officers_word_and_never_the_enterprises(
    town: Town,
) -> None:
    ask(town, "market_position_confirmed", "yes_no", "是")
    assert known(town, "market_position_confirmed").source_kind == "staff"
    desk, own = town.of("east-desk"), town.spokesman()
    with acting(desk):
        question = work.ask_question(
            by=desk, now=NOW, party=town.party, room="growth", key="six_bases_or_key_link",
            text="属六基领域吗", expects="yes_no",
        )  # fmt: skip
    with acting(own):
        answered = work.answer_question(by=own, now=NOW, question=question, answer="是")
    assert answered.answer == "yes"
    with acting(desk):
        assert not Attribute.objects.filter(word="six_bases_or_key_link").exists()
