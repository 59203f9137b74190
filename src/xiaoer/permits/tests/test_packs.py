"""Packs as shipped: what they ask stands where they say, their rules say what they should."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.papers.shipped import KINDS
from xiaoer.permits import actions as permits
from xiaoer.permits.actions.pack_seeds import EntryFacts
from xiaoer.permits.automatic.packs import read_terms, write_terms
from xiaoer.permits.automatic.registers import Registers
from xiaoer.permits.models import AutoPack, SharedEntry, SharedRegister
from xiaoer.permits.shipped.automatic import PACKS, REGISTERS, THINGS
from xiaoer.permits.shipped.packs import ShippedPack
from xiaoer.registry.models import Party
from xiaoer.rules.language.compiling import compile_rule
from xiaoer.rules.models import RuleVersion
from xiaoer.rules.queries.checking import case_results, compiled_version, lacking_for_release
from xiaoer.rules.queries.evaluating import in_force
from xiaoer.rules.queries.texts import text_of
from xiaoer.rules.vocabularies import vocabulary
from xiaoer.web.words import local_date

Of = Callable[[str], Actor]
TODAY = local_date(NOW)
ALL = pytest.mark.parametrize("pack", PACKS, ids=[one.code for one in PACKS])


@pytest.fixture
def admin(of: Of) -> Iterator[Actor]:
    with acting(by := of("east-admin")):
        yield by


@ALL
def test_every_source_stands_where_the_pack_says(pack: ShippedPack) -> None:
    thing = next(one for one in THINGS if one.code == pack.thing)
    fields = {one.code for one in thing.definition.fields}
    papers = {one.paper for one in thing.definition.materials}
    read = {kind.code: {field.code for field in kind.fields} for kind in KINDS}
    registers = {one.code: {field.code for field in one.fields} for one in REGISTERS}
    names = {value.name for value in pack.terms.values}
    columns = {field.name for field in Party._meta.get_fields()}
    for value in pack.terms.values:
        assert value.sources, value.name
        for source in value.sources:
            kind, *rest = source.split(".")
            match kind:
                case "form":
                    assert rest[0] in fields, source
                case "paper":
                    assert rest[0] in papers, source
                    assert rest[1] in read[rest[0]], source
                case "registry":
                    assert rest[0] in columns, source
                case "register":
                    assert rest[1] in names, source
                    assert not rest[2] or rest[2] in registers[rest[0]], source
                case _:
                    assert source == "promise."
        assert set(value.over) <= names
        assert not value.takes or value.takes in names
    assert set(pack.terms.same_case) <= names


@ALL
def test_every_paper_and_every_field_asked_for_is_used(pack: ShippedPack) -> None:
    thing = next(one for one in THINGS if one.code == pack.thing)
    used = {source for value in pack.terms.values for source in value.sources}
    for paper in thing.definition.materials:
        assert any(source.startswith(f"paper.{paper.paper}.") for source in used), paper.paper
    for field in thing.definition.fields:
        assert f"form.{field.code}" in used, field.code


@ALL
def test_its_rule_says_what_its_cases_say(pack: ShippedPack) -> None:
    words = {word.name: word for word in pack.terms.words()}
    for version in pack.rule.versions:
        compile_rule(pack.rule.code, [text_of(one) for one in version.clauses], words)
        assert version.cases


@ALL
def test_its_terms_survive_their_keeping(pack: ShippedPack) -> None:
    assert read_terms(write_terms(pack.terms)) == pack.terms


def test_a_zone_begins_with_five_packs_all_off(admin: Actor) -> None:
    found = list(AutoPack.objects.select_related("thing").order_by("id"))
    assert [one.code for one in found] == [one.code for one in PACKS]
    assert {one.state for one in found} == {AutoPack.State.OFF}
    assert len({one.sample_secret for one in found}) == len(found)
    assert permits.seed_packs(by=system(admin.zone_id), now=NOW) == 0


def test_shipped_rules_pass_their_cases_and_unread_ones_wait_for_people(admin: Actor) -> None:
    for pack in AutoPack.objects.all():
        version = RuleVersion.objects.get(rule__code=pack.rule_code)
        words = vocabulary(admin.zone_id, version.rule.subject).words
        results = case_results(version.cases.all(), compiled_version(version, words), words)
        assert results
        assert [one.case.name for one in results if not one.passes] == []
        is_live = version.state == RuleVersion.State.LIVE
        assert is_live is (version.mark == "D")
        if version.mark == "U":
            assert lacking_for_release(version)
        found = in_force(
            zone_id=admin.zone_id, as_of=TODAY, codes=[pack.rule_code],
            subject=version.rule.subject,
        )  # fmt: skip
        assert bool(found) is is_live
    # Rules of packs are not asked of enterprises.
    assert not in_force(zone_id=admin.zone_id, as_of=TODAY, codes=["auto_waste"])


def test_a_pack_is_not_switched_on_without_two_persons_and_a_document(admin: Actor) -> None:
    pack = AutoPack.objects.get(code="waste")
    with pytest.raises(IntegrityError), transaction.atomic():
        AutoPack.objects.filter(pk=pack.pk).update(state="on")
    with pytest.raises(IntegrityError), transaction.atomic():
        AutoPack.objects.filter(pk=pack.pk).update(
            state="on", authorised_by=admin.post_id, authorised_second=admin.post_id,
            authorised_at=NOW, document="一号文",
            authorised_version=RuleVersion.objects.get(rule__code="auto_waste"),
        )  # fmt: skip


def site(**changed: object) -> EntryFacts:
    said = {
        "key": "城北建筑垃圾消纳场",
        "content": {"capacity_left_m3": 5000, "is_used_before": True},
    }
    return EntryFacts(**{**said, **changed})  # type: ignore[arg-type]  # fields by name


def test_a_register_speaks_while_fresh_and_for_the_days_it_holds(admin: Actor) -> None:
    register = SharedRegister.objects.get(code="waste_site")
    days = (TODAY, TODAY + timedelta(days=30))

    def answer(later: timedelta = timedelta(0)) -> tuple[object, str]:
        registers = Registers.of(admin.zone_id, NOW + later, ["waste_site"])
        registers.fetch([("waste_site", "城北建筑垃圾消纳场")])
        found = registers.listed("waste_site", ["城北建筑垃圾消纳场"], days)
        return found.value, found.why

    assert answer() == (None, "missing")
    permits.bring_entries(by=admin, now=NOW, register=register, entries=[site()])
    assert answer() == (True, "")
    assert answer(timedelta(hours=25)) == (None, "stale")
    assert answer(-timedelta(hours=1)) == (None, "stale")
    SharedRegister.objects.filter(pk=register.pk).update(is_stopped=True)
    assert answer() == (None, "stopped")
    SharedRegister.objects.filter(pk=register.pk).update(is_stopped=False)
    ends = site(valid_until=days[1] - timedelta(days=1))
    permits.bring_entries(by=admin, now=NOW, register=register, entries=[ends])
    assert answer() == (False, "")
    permits.bring_entries(by=admin, now=NOW, register=register, entries=[])
    assert answer() == (False, "")
    assert SharedEntry.objects.get(register=register).ended_at == NOW


def test_a_part_of_a_register_does_not_make_it_fresh(admin: Actor) -> None:
    register = SharedRegister.objects.get(code="waste_site")
    permits.bring_entries(by=admin, now=NOW, register=register, entries=[site()], is_whole=False)
    assert Registers.of(admin.zone_id, NOW, ["waste_site"]).why_not("waste_site") == "missing"


def test_entries_say_only_what_the_register_has(admin: Actor) -> None:
    register = SharedRegister.objects.get(code="waste_site")
    for content in ({"colour": "red"}, {"capacity_left_m3": True}, {"is_used_before": "yes"}):
        with pytest.raises(Refused):
            permits.bring_entries(
                by=admin, now=NOW, register=register, entries=[site(content=content)]
            )
    with pytest.raises(Refused):
        permits.bring_entries(by=admin, now=NOW, register=register, entries=[site(), site()])


def test_another_zone_sees_no_pack_and_an_officer_brings_no_entries(of: Of) -> None:
    with acting(east := of("east-admin")):
        register = SharedRegister.objects.get(code="waste_site")
        assert AutoPack.objects.count() == len(PACKS)
        mine = set(AutoPack.objects.values_list("pk", flat=True))
    assert east.zone_id
    with acting(west := of("west-admin")):
        assert not AutoPack.objects.filter(pk__in=mine).exists()
        with pytest.raises(SharedRegister.DoesNotExist):
            permits.bring_entries(by=west, now=NOW, register=register, entries=[site()])
    with acting(officer := of("east-officer")), pytest.raises(Refused):
        permits.bring_entries(by=officer, now=NOW, register=register, entries=[site()])
