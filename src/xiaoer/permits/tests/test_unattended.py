"""Decided with nobody in between: granted where all is proved, else a person with what is in doubt."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from tests.paper_set import draw, sample
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, holder_of_key, system
from xiaoer.papers import signing
from xiaoer.papers.models import HeldPaper, Licence, Reading
from xiaoer.permits import actions as permits
from xiaoer.permits import keys
from xiaoer.permits.actions.automatic import _granted as granted
from xiaoer.permits.actions.automatic import left_cases
from xiaoer.permits.actions.pack_seeds import EntryFacts
from xiaoer.permits.automatic.deciding import Said, decide
from xiaoer.permits.models import (
    AutoDecision,
    AutoPack,
    AutoReview,
    Case,
    CaseItem,
    CaseMaterial,
    PostCheck,
    SharedRegister,
    SharedUse,
    Thing,
)
from xiaoer.permits.queries.automatic import public_decisions
from xiaoer.permits.tests.unattended import (
    NOW,
    PLATES,
    SITE,
    TODAY,
    Ground,
    built,
    drawn_once,
    enterprise,
    upload_of,
    waste_form,
    waste_papers,
)
from xiaoer.registry.models import Party
from xiaoer.rules.models import RuleClause

Of = Callable[[str], Actor]
Outcome = AutoDecision.Outcome


@pytest.fixture
def admin(of: Of) -> Actor:
    return of("east-admin")


@pytest.fixture
def stranger(of: Of) -> Actor:
    """The administrator of the other zone."""
    return of("west-admin")


@pytest.fixture
def ground(of: Of, admin: Actor, stranger: Actor) -> Iterator[Ground]:
    second = of("east-leader")
    with acting(system(admin.zone_id)):
        yield built(admin, second)


def doubts_of(decision: AutoDecision | None) -> set[str]:
    assert decision is not None
    assert decision.outcome != Outcome.GRANTED
    return {str(one["field"]) for one in decision.doubts}


def test_all_met_is_granted_signed_and_published_with_nobody(ground: Ground) -> None:
    decision = ground.decide(ground.waste())
    assert decision is not None
    assert decision.doubts == []
    assert decision.outcome == Outcome.GRANTED
    case = Case.objects.get(pk=decision.case_id)
    assert (case.state, case.is_automatic) == (Case.State.ISSUED, True)
    item = CaseItem.objects.select_related("licence__file").get(case=case)
    assert item.state == CaseItem.State.GRANTED
    assert item.decided_by_id is None
    licence = item.licence
    assert licence is not None
    assert licence.is_automatic
    assert licence.file is not None
    assert licence.signed_with
    assert licence.content["receiving_site"] == SITE
    assert "700立方米" in licence.content["waste_kinds"]
    assert licence.valid_until is not None
    assert {one["state"] for one in decision.clauses} == {"met"}
    assert all(len(paper["sha256"]) == 64 for paper in decision.papers)
    assert decision.engines
    assert [one.licence for one in public_decisions(zone_id=ground.zone.pk)] == [licence.number]
    check = PostCheck.objects.get(decision=decision)
    assert check.task is not None
    assert check.due_at > NOW
    assert SharedUse.objects.get(decision=decision).amount == 1200.0


def test_a_promise_stands_for_the_check_before_and_is_looked_at_after(ground: Ground) -> None:
    decision = ground.decide(ground.hygiene())
    assert decision is not None
    assert decision.doubts == []
    assert decision.outcome == Outcome.GRANTED
    licence = CaseItem.objects.get(case=decision.case_id).licence
    assert licence is not None
    assert licence.content["place_type"] == "住宿"
    assert PostCheck.objects.filter(decision=decision).exists()


def test_decided_once_however_often_it_is_asked(ground: Ground) -> None:
    case = ground.waste()
    first = ground.decide(case)
    assert ground.decide(case) == first
    assert AutoDecision.objects.filter(case=case).count() == 1
    assert Licence.objects.filter(is_automatic=True).count() == 1


def test_no_person_decides_in_the_rule_s_name(ground: Ground, admin: Actor) -> None:
    case = ground.waste()
    with acting(admin), pytest.raises(Refused):
        permits.decide_case(by=admin, now=NOW, case=case)


# Every field of every paper wrong in turn ------------------------------------------------------------

WRONG = {
    "volume": "1300", "starts_on": "2026-11-24", "ends_on": "2026-12-29",
    "soil": "710", "concrete": "410", "metal": "61", "wood": "41",
}  # fmt: skip
UNREAD = {"number", "fee", "signed_on", "reused"}  # not asked: no condition rests on them


def _fields() -> list[tuple[str, str]]:
    return [
        (code, name)
        for code, values in waste_papers("甲").items()
        for name in values
        if name not in UNREAD
    ]


@pytest.mark.parametrize(("code", "name"), _fields())
def test_a_field_wrong_on_a_paper_goes_to_a_person(ground: Ground, code: str, name: str) -> None:
    said = waste_papers(ground.party.name)
    old = said[code][name]
    said[code][name] = WRONG.get(name) or f"{old[:-1]}乙{old[-1]}"
    decision = ground.decide(ground.waste(papers=said))
    doubts = doubts_of(decision)
    assert doubts
    assert Case.objects.get().state == Case.State.SUBMITTED
    assert AutoReview.objects.get(decision=decision).why == AutoReview.Why.DOUBT


@pytest.mark.parametrize(
    ("code", "name", "value"),
    [
        ("business_licence", "credit_code", "91370800DEM0000Q0X"),
        ("business_licence", "name", "东区瑞侨建设工程有限公司"),
        ("business_licence", "legal_person", "泰若川"),
        ("business_licence", "domicile", "济宁高新区望岳街18号"),
        ("floor_plan", "address", "济宁高新区望岳路13号"),
        ("floor_plan", "area", "326"),
        ("hygiene_report", "client", "东区瑞桥建设工程有根公司"),
        ("hygiene_report", "address", "济宁高新区望岳路19号"),
        ("hygiene_report", "tester", "山东去裳检测技术有限公司"),
        ("hygiene_report", "tester_number", "201512345673"),
        ("hygiene_report", "tested_on", "2026-11-19"),
        ("hygiene_report", "reported_on", "2025-11-11"),
        ("hygiene_report", "carbon_dioxide", "0.16"),
        ("hygiene_report", "formaldehyde", "0.15"),
        ("hygiene_report", "bacteria", "1800"),
        ("hygiene_report", "verdict", "不合格"),
    ],
)
def test_a_field_wrong_for_a_hygiene_licence(
    ground: Ground, code: str, name: str, value: str
) -> None:
    assert doubts_of(ground.decide(ground.hygiene(papers={code: {name: value}})))


@pytest.mark.parametrize("name", waste_form())
def test_a_field_typed_wrong_goes_to_a_person(ground: Ground, name: str) -> None:
    wrong = {
        "waste_kind": "demolition", "is_at_night": "yes", "crosses_city": "yes",
        "plates": "鲁H12345、鲁H99999", "starts_on": "2026-11-24", "ends_on": "2026-12-28",
    }.get(name)  # fmt: skip
    value = wrong or (f"{waste_form()[name]}1" if name.endswith("_m3") else "别的")
    assert doubts_of(ground.decide(ground.waste(form={name: value})))


# What was applied for before, by others, or is not what it seems --------------------------------------


def test_two_applications_of_the_same_are_one(ground: Ground) -> None:
    first = ground.decide(ground.waste())
    assert first is not None
    again = waste_papers(ground.party.name)
    again["waste_contract"]["number"] = "HT-2026-00099"
    assert "case_alone" in doubts_of(ground.decide(ground.waste(papers=again)))


def test_one_paper_in_two_applications_goes_to_a_person(ground: Ground) -> None:
    drawn = {
        code: drawn_once(code, values) for code, values in waste_papers(ground.party.name).items()
    }
    first = ground.submit(ground.draft("waste_disposal", waste_form(), drawn))
    assert ground.decide(first) is not None
    again = ground.submit(ground.draft("waste_disposal", waste_form(), drawn))
    assert {"papers_alone", "case_alone"} <= doubts_of(ground.decide(again))


def test_a_paper_of_another_firm_goes_to_a_person(ground: Ground) -> None:
    other, _speaker = enterprise(ground.zone, 2, "东区青荷建设工程有限公司")
    said = waste_papers(other.name)
    assert {"builder"} <= doubts_of(ground.decide(ground.waste(papers=said)))


def test_the_same_bytes_held_for_another_firm(ground: Ground) -> None:
    _party, speaker = enterprise(ground.zone, 2, "东区青荷建设工程有限公司")
    drawn = {
        code: drawn_once(code, values) for code, values in waste_papers(ground.party.name).items()
    }
    other = ground.draft("waste_disposal", waste_form(), drawn, speaker=speaker)
    ground.submit(other, speaker)
    case = ground.submit(ground.draft("waste_disposal", waste_form(), drawn))
    assert "papers_alone" in doubts_of(ground.decide(case))


@pytest.mark.parametrize(
    "became", [{"valid_until": TODAY - timedelta(days=1)}, {"withdrawn_at": NOW}]
)
def test_a_paper_withdrawn_or_expired_goes_to_a_person(
    ground: Ground, became: dict[str, object]
) -> None:
    case = ground.hygiene()
    HeldPaper.objects.filter(kind__code="business_licence").update(**became)
    decision = ground.decide(case)
    assert "papers_hold" in doubts_of(decision)
    said = next(one for one in decision.doubts if one["field"] == "papers_hold")  # type: ignore[union-attr]  # not None
    assert said["values"][0]["others"] == ["business_licence"]


def test_without_the_promise_nothing_is_granted_on_it(ground: Ground) -> None:
    doubts = doubts_of(ground.decide(ground.hygiene(promises=False)))
    assert {"promise_given"} <= doubts
    assert not Licence.objects.filter(is_automatic=True).exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"building": "residential"}, {"building": "basement"}, {"place_type": "bookshop"},
        {"has_central_air": "yes"}, {"area_m2": "321"}, {"address": "济宁高新区望岳路81号"},
        {"staff_numbers": "JK202600001、JK202699999"},
    ],
    ids=str,
)  # fmt: skip
def test_a_field_typed_wrong_for_a_hygiene_licence(ground: Ground, typed: dict[str, str]) -> None:
    assert doubts_of(ground.decide(ground.hygiene(form=typed)))


@pytest.mark.parametrize(("day", "holds"), [("2024-11-21", True), ("2024-11-20", False)])
def test_a_month_a_paper_holds_is_a_month_of_the_calendar(
    ground: Ground, day: str, *, holds: bool
) -> None:
    """A report of 24 months, two years later; by months of thirty days it had run out before."""
    case = ground.hygiene(
        papers={"hygiene_report": {"reported_on": day, "tested_on": "2024-11-10"}}
    )
    decision = ground.decide(case)
    assert ("papers_hold" not in doubts_of(decision)) is holds


def test_signs_of_editing_are_told_and_never_help(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edited(*_said: object) -> list[dict[str, str]]:
        return [{"code": "edited", "words": "由编辑软件保存"}]

    monkeypatch.setattr("xiaoer.papers.actions.reading._signs", edited)
    case = ground.waste()
    decision = ground.decide(case)
    assert doubts_of(decision) == {"papers_unedited"}
    assert AutoReview.objects.get(decision=decision).why == AutoReview.Why.RISK


def test_an_applicant_not_in_operation_or_with_a_violation(ground: Ground) -> None:
    Party.objects.filter(pk=ground.party.pk).update(status=Party.Status.SUSPENDED)
    ground.bring("violation", EntryFacts(ground.party.credit_code, content={"what": "未清运"}))
    assert {"applicant_known", "no_violation"} <= doubts_of(ground.decide(ground.waste()))


def test_who_holds_no_post_of_the_firm_is_not_surely_the_applicant(ground: Ground) -> None:
    drawn = {
        code: drawn_once(code, values) for code, values in waste_papers(ground.party.name).items()
    }
    case = ground.draft("waste_disposal", waste_form(), drawn)
    nobody = replace(ground.speaker, post_id=None)
    assert doubts_of(ground.decide(ground.submit(case, nobody))) == {"applicant_sure"}


# Registers -------------------------------------------------------------------------------------------


def test_a_register_down_or_stale_is_unknown(ground: Ground) -> None:
    SharedRegister.objects.filter(code="waste_site").update(fetched_at=NOW - timedelta(hours=25))
    decision = ground.decide(ground.waste())
    assert {"site_is_approved", "site_capacity_left_m3"} <= doubts_of(decision)
    assert decision is not None
    assert {one["why"] for one in decision.doubts if one["field"] == "site_is_approved"} == {
        "stale"
    }


def test_what_a_site_has_left_is_given_once(ground: Ground) -> None:
    until = TODAY + timedelta(days=400)
    content: dict[str, Said] = {"capacity_left_m3": 2000, "is_used_before": True}
    ground.bring("waste_site", EntryFacts(SITE, SITE, content, valid_until=until))
    first, second = ground.waste(1), ground.waste(2)
    decision = ground.decide(first)
    assert decision is not None
    assert decision.outcome == Outcome.GRANTED
    assert "clause:1" in doubts_of(ground.decide(second))


def test_a_vehicle_whose_licence_ends_within_the_period(ground: Ground) -> None:
    said: dict[str, Said] = {
        "carrier": "东区顺达渣土运输有限公司", "is_closed": True, "is_recorder_online": True,
        "has_sorting": True,
    }  # fmt: skip
    ground.bring(
        "waste_vehicle",
        EntryFacts(PLATES[0], content=said, valid_until=TODAY + timedelta(days=400)),
        EntryFacts(PLATES[1], content=said, valid_until=TODAY + timedelta(days=10)),
    )
    assert "clause:4" in doubts_of(ground.decide(ground.waste()))


# Switch, law, limits, seal ----------------------------------------------------------------------------


def test_the_switch_stops_an_item_at_once(ground: Ground) -> None:
    case = ground.waste()
    AutoPack.objects.filter(code="waste").update(state=AutoPack.State.OFF)
    assert ground.decide(case) is None
    assert not Licence.objects.filter(is_automatic=True).exists()


def test_in_shadow_a_person_decides(ground: Ground) -> None:
    AutoPack.objects.filter(code="waste").update(state=AutoPack.State.SHADOW)
    decision = ground.decide(ground.waste())
    assert decision is not None
    assert decision.outcome == Outcome.SHADOW
    assert AutoReview.objects.get(decision=decision).why == AutoReview.Why.SHADOW
    assert Case.objects.get().state == Case.State.SUBMITTED


@pytest.mark.parametrize(
    ("changed", "guard"),
    [
        ({"law_checked_until": TODAY - timedelta(days=1)}, "law_checked"),
        ({"law_checked_until": None}, "law_checked"),
        ({"daily_limit": 0}, "within_limits"),
        ({"applicant_limit": 0}, "within_limits"),
    ],
)
def test_a_pack_out_of_its_terms_grants_nothing(
    ground: Ground, changed: dict[str, object], guard: str
) -> None:
    AutoPack.objects.filter(code="waste").update(**changed)
    assert doubts_of(ground.decide(ground.waste())) == {guard}


def test_a_rule_other_than_the_authorised_one_grants_nothing(ground: Ground) -> None:
    other = ground.pack("hygiene").authorised_version
    AutoPack.objects.filter(code="waste").update(authorised_version=other)
    assert doubts_of(ground.decide(ground.waste())) == {"rule_authorised"}


def test_no_unsigned_licence_leaves(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_said: object, **_more: object) -> None:
        raise Refused("签章密钥文件不存在")

    monkeypatch.setattr(signing, "must_hold", missing)
    decision = ground.decide(ground.waste())
    assert doubts_of(decision) == {"sealing"}
    assert Case.objects.get().state == Case.State.SUBMITTED
    assert not Licence.objects.filter(is_automatic=True).exists()
    assert not SharedUse.objects.exists()


def test_a_paper_that_cannot_be_read_goes_to_a_person(ground: Ground) -> None:
    said = waste_papers(ground.party.name)
    drawn = {"waste_contract": draw("waste_contract", said["waste_contract"], way="pdf")}
    drawn["waste_plan"] = draw("floor_plan", sample("floor_plan"), way="pdf")
    case = ground.submit(ground.draft("waste_disposal", waste_form(), drawn))
    assert {"builder", "project", "volume_m3"} <= doubts_of(ground.decide(case))


# Kept and decided again -------------------------------------------------------------------------------


def test_a_worker_killed_halfway_leaves_nothing_half_and_the_next_decides_once(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the licence was signed: nothing of it stays, and the case is found again."""
    case = ground.waste()
    with monkeypatch.context() as killed:
        killed.setattr("xiaoer.permits.actions.automatic._granted", _killed)
        with pytest.raises(SystemExit), transaction.atomic():
            ground.decide(case)
    assert not AutoDecision.objects.filter(case=case).exists()
    assert Case.objects.get(pk=case.pk).state == Case.State.SUBMITTED
    later = NOW + timedelta(minutes=4)
    assert left_cases(zone_id=ground.zone.pk, now=later) == [case.pk]
    decision = ground.decide(case, now=later)
    assert decision is not None and decision.outcome == Outcome.GRANTED
    assert left_cases(zone_id=ground.zone.pk, now=later) == []
    assert Licence.objects.filter(is_automatic=True).count() == 1


def _killed(*said: object) -> object:
    """What is done up to the very end, then the process goes."""
    granted(*said)  # type: ignore[arg-type]  # the very arguments
    raise SystemExit


def test_a_reader_killed_each_time_sends_the_case_to_a_person_with_the_reason(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reading process dies at both papers, and is started again for the next case."""
    case = ground.waste(number=7)
    with monkeypatch.context() as dying:
        dying.setattr("xiaoer.papers.ocr.process.ReadingProcess._ask", _dead)
        decision = ground.decide(case)
    assert "papers_read" in doubts_of(decision)
    assert Case.objects.get(pk=case.pk).state == Case.State.SUBMITTED
    assert {one.state for one in Reading.objects.all()} == {Reading.State.UNREADABLE}


def _dead(*_said: object) -> dict[str, object]:
    return {"why": "died"}


def test_what_was_decided_is_never_changed(ground: Ground) -> None:
    decision = ground.decide(ground.waste())
    assert decision is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        AutoDecision.objects.filter(pk=decision.pk).update(outcome=Outcome.TO_PERSON)
    with pytest.raises(DatabaseError), transaction.atomic():
        decision.delete()


def replayed(ground: Ground, *more: str) -> str:
    out = StringIO()
    call_command("replay_decisions", "--zone", ground.zone.code, *more, stdout=out)
    return out.getvalue()


def test_every_decision_comes_out_the_same_again(ground: Ground) -> None:
    ground.decide(ground.waste())
    ground.decide(ground.waste(2, form={"volume_m3": "1300"}))
    ground.decide(ground.hygiene())
    assert "All 3 decisions" in replayed(ground)
    assert "All 3 decisions" in replayed(ground, "--read-again")
    assert "All 0 decisions" in replayed(ground, "--since", "2027-01-01")


def test_a_changed_rule_or_engine_is_told(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.decide(ground.waste())
    clause = RuleClause.objects.get(rule_version__rule__code="auto_waste", text="volume_m3 > 20000")
    RuleClause.objects.filter(pk=clause.pk).update(text="volume_m3 > 1000")
    with pytest.raises(CommandError, match="1 differences in 1"):
        replayed(ground)
    RuleClause.objects.filter(pk=clause.pk).update(text=clause.text)

    def stricter(inputs: object, *more: object) -> object:
        found = decide(inputs, *more)  # type: ignore[arg-type]  # handed through
        return replace(found, clauses=found.clauses[1:])

    monkeypatch.setattr("xiaoer.permits.automatic.replaying.decide", stricter)
    with pytest.raises(CommandError, match="differences in 1"):
        replayed(ground)


def test_another_zone_and_an_enterprise_see_no_decision(ground: Ground, stranger: Actor) -> None:
    decision = ground.decide(ground.waste())
    assert decision is not None
    with acting(stranger):
        assert not AutoDecision.objects.filter(pk=decision.pk).exists()
    with acting(ground.speaker), pytest.raises(DatabaseError), transaction.atomic():
        AutoDecision.objects.filter(pk=decision.pk).exists()


def test_the_sample_is_the_same_whenever_it_is_drawn(ground: Ground) -> None:
    AutoPack.objects.filter(code="waste").update(sample_percent=100)
    decision = ground.decide(ground.waste())
    review = AutoReview.objects.get(decision=decision)
    assert review.why == AutoReview.Why.SAMPLE
    assert review.task is not None


def test_a_strangers_papers_are_read_though_nobody_holds_them(ground: Ground) -> None:
    """Whoever names a firm without a sign-in is left to a person, with everything read all the same."""
    secret = "stranger-of-the-waste"
    drawn = {
        code: drawn_once(code, values)
        for code, values in waste_papers(ground.party.name, 7).items()
    }
    anybody = Actor(zone_id=ground.zone.pk, key="public", name="somebody")
    holder = holder_of_key(zone_id=ground.zone.pk, key_hash=keys.hash_of(secret))
    thing = Thing.objects.get(zone=ground.zone, code="waste_disposal")
    with acting(anybody):
        case = permits.open_case(
            by=anybody, now=NOW, thing=thing, key=secret, contact_name="赵一",
            contact_phone="13900000001", applicant_name=ground.party.name,
        )  # fmt: skip
    with acting(holder):
        permits.fill_case(by=holder, now=NOW, case=case, form=waste_form(7))
        for code, content in drawn.items():
            upload = upload_of(code, content)
            permits.give_material(by=holder, now=NOW, case=case, paper_code=code, upload=upload)
        permits.submit_case(by=holder, now=NOW, case=case)
    decision = ground.decide(case)
    assert doubts_of(decision) == {"applicant_sure"}
    materials = list(CaseMaterial.objects.filter(case=case))
    assert all(one.paper_id is None and one.reading_id is not None for one in materials)
    assert decision is not None
    assert {one["sha256"] for one in decision.papers} == {
        one.file.sha256 for one in materials if one.file
    }
