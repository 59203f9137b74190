"""What people do with what the machine left open, drew, or granted wrongly; the switch; registers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.papers.models import Licence
from xiaoer.permits import actions as permits
from xiaoer.permits.automatic import replaying
from xiaoer.permits.automatic.packs import SUBJECT
from xiaoer.permits.automatic.replaying import replay
from xiaoer.permits.models import (
    AutoDecision,
    AutoPack,
    AutoReview,
    Case,
    CaseItem,
    PostCheck,
    SharedRegister,
    Supplement,
)
from xiaoer.permits.queries import automatic_desk as queries
from xiaoer.permits.tests.unattended import NOW, TODAY, Ground, built
from xiaoer.rules.models import RuleVersion

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
Outcome = AutoDecision.Outcome


@dataclass(frozen=True)
class Desk:
    """The ground of an application, and two persons of the bureau."""

    ground: Ground
    first: Actor
    second: Actor
    outsider: Actor
    leader: Actor

    def left(self, **form: str) -> AutoReview:
        """A case whose typed volume differs from its papers: left to a person."""
        case = self.ground.waste(form={"volume_m3": "2300", "soil_m3": "1800", **form})
        decision = self.ground.decide(case)
        assert decision is not None and decision.outcome == Outcome.TO_PERSON
        return AutoReview.objects.get(decision=decision)

    def granted(self) -> AutoDecision:
        decision = self.ground.decide(self.ground.waste())
        assert decision is not None and decision.outcome == Outcome.GRANTED
        return decision


@pytest.fixture
def desk(of: Of) -> Iterator[Desk]:
    found = desk_of(of)
    with acting(found.ground.by):
        yield found


def desk_of(of: Of) -> Desk:
    people = {
        name: of(name) for name in ("east-admin", "east-leader", "east-economy", "west-admin")
    }
    with acting(people["east-admin"]):
        ground = built(people["east-admin"], people["east-leader"])
    return Desk(
        ground,
        people["east-admin"],
        replace(people["east-economy"], role=Role.APPROVAL),
        people["west-admin"],
        people["east-leader"],
    )


def adoptable(review: AutoReview, value: str) -> tuple[str, str]:
    """The field in doubt and the source that states a value."""
    shown = queries.shown(review.decision)
    return next(
        (doubt.field, one.source)
        for doubt in shown.doubts
        for one in doubt.statements
        if one.value == value and one.may_adopt
    )


# What was left open ------------------------------------------------------------------------------


def test_the_odd_value_stands_beside_the_others_and_the_crop_is_of_the_paper(desk: Desk) -> None:
    review = desk.left(soil_m3="700")
    shown = queries.shown(review.decision)
    doubt = next(one for one in shown.doubts if one.crop and len(one.statements) > 1)
    odd = [one.source for one in doubt.statements if one.is_odd]
    assert odd == ["form.volume_m3"]
    assert [one.id for one in queries.waiting(by=desk.first)] == [review.pk]
    assert doubt.name in queries.waiting(by=desk.first)[0].why


def test_a_value_adopted_goes_to_the_rule_again_and_what_was_typed_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = desk.left(soil_m3="700")
    field, source = adoptable(review, "1200")
    decision = permits.adopt_value(
        by=desk.first, now=NOW, review=review, field=field, source=source
    )
    assert decision is not None and decision.outcome == Outcome.GRANTED
    case = Case.objects.get(pk=review.case_id)
    assert case.form["volume_m3"] == "2300"
    review.refresh_from_db()
    assert (review.outcome, review.adopted[0]["value"]) == ("adopted", "1200")
    assert case.events.filter(verb="adopt_value", is_shown=True).exists()
    assert replay(decision) == []
    figures = queries.pack_figures(pack=desk.ground.pack(), since=NOW - timedelta(days=1))
    assert (figures.granted, figures.with_adopted, figures.to_person) == (1, 1, 1)
    with pytest.raises(Refused, match="已经处理"):
        permits.adopt_value(by=desk.first, now=NOW, review=review, field=field, source=source)
    # What a person settled stays when an engine reads the papers otherwise.
    monkeypatch.setattr(replaying, "_fields_of", lambda *_asked: {"volume": ("900", 1.0, ())})
    changed = {one.part for one in replay(decision, reads_again=True)}
    assert "paper waste_contract.starts_on" in changed
    assert "paper waste_contract.volume" not in changed


def test_nobody_adopts_a_value_that_no_source_states_or_a_machine_for_itself(desk: Desk) -> None:
    review = desk.left(soil_m3="700")
    field, _source = adoptable(review, "1200")
    with pytest.raises(Refused, match="列出的值"):
        permits.adopt_value(by=desk.first, now=NOW, review=review, field=field, source="form.x")
    for by in (desk.ground.by, desk.leader, desk.outsider):
        with pytest.raises(Refused):
            permits.adopt_value(by=by, now=NOW, review=review, field=field, source="form.x")


def test_a_correction_is_asked_once_as_the_law_says(desk: Desk) -> None:
    review = desk.left()
    permits.ask_correction(by=desk.second, now=NOW, review=review, words="运输总量请与合同一致")
    case = Case.objects.get(pk=review.case_id)
    assert case.state == Case.State.SUPPLEMENT
    assert Supplement.objects.get(case=case).gaps
    assert queries.waiting(by=desk.first) == []


def test_two_officers_take_it_in_its_ordinary_branch(desk: Desk) -> None:
    review = desk.left()
    case = permits.to_two_officers(by=desk.second, now=NOW, review=review)
    assert case.state == Case.State.RUNNING and not case.is_automatic
    review.refresh_from_db()
    assert review.outcome == "two_officers"
    assert not Licence.objects.filter(zone=desk.ground.zone).exists()


def test_another_zone_finds_no_review_and_an_enterprise_none_at_all(desk: Desk) -> None:
    review = desk.left()
    with acting(desk.outsider):
        assert queries.review_of(by=desk.outsider, review_id=review.pk) is None
        with pytest.raises(Refused):
            permits.to_two_officers(by=desk.outsider, now=NOW, review=review)
    with acting(desk.ground.speaker):
        with pytest.raises(DatabaseError), transaction.atomic():
            AutoReview.objects.exists()
        with pytest.raises(Refused):
            permits.to_two_officers(by=desk.ground.speaker, now=NOW, review=review)


# What was granted --------------------------------------------------------------------------------


def drawn(desk: Desk) -> AutoReview:
    AutoPack.objects.filter(pk=desk.ground.pack().pk).update(sample_percent=100)
    return AutoReview.objects.get(decision=desk.granted(), why="sample")


def test_a_wrong_grant_is_confirmed_by_another_person_stops_the_item_and_is_revoked(
    desk: Desk,
) -> None:
    review = drawn(desk)
    decision = review.decision
    said = {"reason": "消纳场许可已注销", "document": "东审批撤〔2026〕1号"}
    with pytest.raises(Refused, match="先复核"):
        permits.withdraw_grant(by=desk.second, now=NOW, decision=decision, **said)
    with pytest.raises(Refused, match="哪里不对"):
        permits.review_sample(by=desk.first, now=NOW, review=review, agrees=False)
    permits.review_sample(
        by=desk.first, now=NOW, review=review, agrees=False, words="消纳场许可已注销"
    )
    with pytest.raises(Refused, match="另一人"):
        permits.withdraw_grant(by=desk.first, now=NOW, decision=decision, **said)
    permits.withdraw_grant(by=desk.second, now=NOW, decision=decision, **said)
    assert desk.ground.pack().state == AutoPack.State.OFF
    item = CaseItem.objects.get(case=decision.case)
    assert item.licence is not None and item.licence.state == Licence.State.REVOKED
    looked = queries.disagreement(zone_id=desk.ground.zone.pk, since=NOW - timedelta(days=40))
    assert [(one.looked, one.disagreed) for one in looked] == [(1, 1)]


def test_whoever_agrees_ends_the_task_of_the_look(desk: Desk) -> None:
    review = drawn(desk)
    permits.review_sample(by=desk.first, now=NOW, review=review, agrees=True)
    review.refresh_from_db()
    assert review.outcome == "agreed"
    assert review.task is None or review.task.state == "done"


# The switch --------------------------------------------------------------------------------------


def test_off_holds_at_once_and_on_needs_two_persons_and_the_law(desk: Desk) -> None:
    pack = desk.ground.pack()
    permits.switch_pack(by=desk.leader, now=NOW, pack=pack, state="off", reason="数据存疑")
    assert desk.ground.decide(desk.ground.waste()) is None
    with pytest.raises(Refused, match="审批局"):
        permits.switch_pack(by=desk.leader, now=NOW, pack=pack, state="on", reason="好了")
    AutoPack.objects.filter(pk=pack.pk).update(
        authorised_by=None, authorised_second=None, authorised_version=None
    )
    with pytest.raises(Refused, match="两人授权"):
        permits.switch_pack(by=desk.first, now=NOW, pack=pack, state="on", reason="好了")
    permits.authorise_pack(by=desk.first, now=NOW, pack=pack, document="东审批发〔2026〕2号")
    with pytest.raises(Refused, match="另一位"):
        permits.authorise_pack(by=desk.first, now=NOW, pack=pack)
    permits.authorise_pack(by=desk.second, now=NOW, pack=pack)
    AutoPack.objects.filter(pk=pack.pk).update(law_checked_until=TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="依据核对"):
        permits.switch_pack(by=desk.first, now=NOW, pack=pack, state="on", reason="好了")
    permits.confirm_law(
        by=desk.first, now=NOW, pack=pack, until=TODAY + timedelta(days=30), words="797号令"
    )
    assert (
        permits.switch_pack(by=desk.first, now=NOW, pack=pack, state="on", reason="好了").state
        == "on"
    )


def test_a_newer_version_of_the_rule_needs_its_own_two_signatures(desk: Desk) -> None:
    pack = desk.ground.pack()
    version = RuleVersion.objects.get(rule__subject=f"{SUBJECT}{pack.code}")
    assert permits.rule_in_force(pack, TODAY) == version
    with pytest.raises(Refused, match="两人授权"):
        permits.authorise_pack(by=desk.first, now=NOW, pack=pack, document="x")


def test_thresholds_have_their_bounds(desk: Desk) -> None:
    pack = desk.ground.pack()
    with pytest.raises(Refused):
        permits.change_pack(
            by=desk.first, now=NOW, pack=pack, version=pack.version, values={"least_confidence": 20}
        )
    row = permits.change_pack(
        by=desk.first, now=NOW, pack=pack, version=pack.version, values={"sample_percent": 20}
    )
    assert row.sample_percent == 20


def test_a_stopped_register_says_nothing_so_a_person_decides(desk: Desk) -> None:
    register = SharedRegister.objects.get(zone=desk.ground.zone, code="waste_site")
    permits.stop_register(
        by=desk.first, now=NOW, register=register, is_stopped=True, reason="接口异常"
    )
    decision = desk.ground.decide(desk.ground.waste())
    assert decision is not None and decision.outcome == Outcome.TO_PERSON
    assert any(one["why"] == "stopped" for one in decision.doubts)


# Pages -------------------------------------------------------------------------------------------


def test_the_pages_show_the_paper_beside_the_values_and_no_button_to_refuse(
    of: Of, sign_in: SignIn
) -> None:
    desk = desk_of(of)
    with acting(desk.ground.by):
        review = desk.left(soil_m3="700")
        pack = desk.ground.pack().pk
        register = SharedRegister.objects.get(zone=desk.ground.zone, code="waste_site").pk
        doubt = next(one for one in queries.shown(review.decision).doubts if one.crop)
        reading, field = doubt.crop.split("-", 1)
        check = PostCheck.objects.first()
    client = sign_in("east-admin")
    here = f"/automatic/reviews/{review.pk}/"
    for address in (
        "/automatic/", here, f"{here}?do=correct", f"{here}?do=two", "/automatic/samples/",
        "/automatic/checks/", f"/automatic/decisions/{review.decision_id}/", "/automatic/packs/",
        f"/automatic/packs/{pack}/?do=change", f"/automatic/packs/{pack}/?do=off",
        "/automatic/registers/", f"/automatic/registers/{register}/?q=城",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
    shown = client.get(here).content.decode()
    assert "采用 1200" in shown and "不予许可决定" not in shown
    crop = client.get(f"{here}crop/{reading}/?field={field}")
    assert crop.status_code == 200 and crop["Content-Type"] == "image/png"
    assert client.get(f"{here}crop/{reading}/?field=other").status_code == 404
    assert sign_in("west-admin").get(here).status_code == 404
    assert check is None
    sheet: dict[str, Any] = {"whole": "yes", "source": "城管局"}
    with open_sheet("消纳场,名称\n新场,新场\n") as stream:
        answer = client.post(
            f"/automatic/registers/{register}/do/bring/", {**sheet, "sheet": stream}
        )
    assert answer.status_code in (302, 422)


def open_sheet(text: str) -> Any:
    stream = BytesIO(text.encode("utf-8-sig"))
    stream.name = "名录.csv"
    return stream
