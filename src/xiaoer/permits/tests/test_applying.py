"""Applying: each datum once, saved as one goes, submitted once, found again by whoever may."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests.town import NOW, actor
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.papers import actions as papers
from xiaoer.papers.models import HeldPaper, PaperConsent
from xiaoer.permits import actions as permits
from xiaoer.permits.definition import (
    Answer,
    Bar,
    Decides,
    Definition,
    Field,
    Item,
    Question,
)
from xiaoer.permits.models import (
    Case,
    CaseEvent,
    CaseItem,
    CaseLookup,
    CaseMaterial,
    Rating,
    Supplement,
    ThingVersion,
)
from xiaoer.permits.queries import applying as queries
from xiaoer.permits.tests.applying_town import (
    RESTAURANT,
    SECRET,
    Counter,
    a_thing,
    built,
    pdf,
)
from xiaoer.permits.wording import write_definition
from xiaoer.registry.models import Party
from xiaoer.work.models import Task

State = Case.State
CODE = "91370800MA0DEMO015"


@pytest.fixture
def counter(db: None) -> Counter:
    return built()


def test_a_firm_finds_its_form_filled_from_the_registry(counter: Counter) -> None:
    case = counter.opened()
    assert case.form["firm"] == "东区餐饮有限公司"
    assert case.form_sources["firm"] == "registry"
    assert case.contact_phone == "13900000001"


def test_a_stranger_is_told_nothing_out_of_the_registry(counter: Counter) -> None:
    case = counter.begun_by_stranger(applicant_name="东区餐饮有限公司")
    assert case.form == {}


def test_what_is_typed_is_made_normal_and_outranks_what_was_known(counter: Counter) -> None:
    by, case = counter.spokesman(), counter.opened()
    counter.do(
        by, "fill_case", case,
        form={"firm": "新名", "area": "1.2亩", "opens": "2026年12月1日", "phone": "139-0000-0001"},
    )  # fmt: skip
    kept = counter.now_of(case)
    assert kept.form == {
        "firm": "新名", "area": "800", "opens": "2026-12-01", "phone": "13900000001",
    } | {k: v for k, v in kept.form.items() if k == "code"}  # fmt: skip
    assert kept.form_sources["firm"] == "typed"
    counter.do(by, "fill_case", case, form={"area": "90"})
    assert counter.now_of(case).form["firm"] == "新名"


@pytest.mark.parametrize(
    ("field", "garbage"),
    [
        ("area", "很大"), ("area", "12月"), ("opens", "下周"), ("opens", "2026-13-45"),
        ("code", "91370800"), ("phone", "call me"), ("firm", "x" * 201), ("firm", "a\x00b"),
        ("firm", ["list"]), ("firm", {"a": 1}), ("nobody", "1"), ("area", "九" * 500),
    ],
)  # fmt: skip
def test_garbage_is_refused_beside_its_field(counter: Counter, field: str, garbage: object) -> None:
    case = counter.opened()
    with pytest.raises(Refused) as refusal:
        counter.do(counter.spokesman(), "fill_case", case, form={field: garbage})
    assert refusal.value.field == field
    assert field not in counter.now_of(case).form or field == "firm"


@pytest.mark.parametrize(
    "answers", [{"cooks": "perhaps"}, {"sign": "neon"}, {"nobody": True}, {"sign": ["board"]}]
)
def test_answers_are_those_that_are_offered(counter: Counter, answers: dict[str, object]) -> None:
    with pytest.raises(Refused):
        counter.do(counter.spokesman(), "fill_case", counter.opened(), answers=answers)


def test_a_stranger_applies_from_beginning_to_number(counter: Counter) -> None:
    case, by = counter.begun_by_stranger(), counter.stranger()
    assert case.number.startswith("CG-")
    counter.filled(by, case)
    counter.do(by, "submit_case", case)
    kept = counter.now_of(case)
    assert kept.state == State.SUBMITTED
    assert kept.number.startswith("BJ-2026-")
    assert kept.party is not None
    assert (kept.party.kind, kept.party.cell_id) == (Party.Kind.PERSON, None)
    with acting(system(counter.zone_id)):
        task = Task.objects.get(matter=kept.matter)
        assert task.kind == "accept_case"
        assert task.due_at is not None
        held = HeldPaper.objects.get(party=kept.party)
        assert held.kind.code == "test-lease"
        assert CaseMaterial.objects.get(case=kept, paper_code="test-lease").paper == held


def test_two_persons_of_one_name_are_two_parties(counter: Counter) -> None:
    numbers = set()
    for secret, phone in (("secret-a", "13900000009"), ("secret-b", "13900000010")):
        case = counter.begun_by_stranger(secret, contact_phone=phone)
        by = counter.stranger(secret)
        counter.do(by, "fill_case", case, form={"firm": "张三饭店", "area": "12"})
        counter.do(by, "give_material", case, paper_code="test-lease", upload=pdf(secret))
        counter.do(by, "promise_material", case, paper_code="test-plan")
        counter.do(by, "submit_case", case)
        numbers.add(counter.now_of(case).party_id)
    assert len(numbers) == 2


def test_a_stranger_who_names_a_known_firm_puts_nothing_among_its_papers(
    counter: Counter,
) -> None:
    case, by = counter.begun_by_stranger(applicant_name=counter.party.name), counter.stranger()
    counter.filled(by, case)
    counter.do(by, "submit_case", case)
    assert counter.now_of(case).party_id == counter.party.pk
    with acting(system(counter.zone_id)):
        assert not HeldPaper.objects.filter(party=counter.party).exists()
        assert CaseMaterial.objects.get(case=case, paper_code="test-lease").file is not None


def test_what_is_lacking_is_named_before_submission(counter: Counter) -> None:
    by = counter.spokesman()
    case = counter.opened(answers={"cooks": True, "sign": "board"})
    with pytest.raises(Refused, match="经营面积") as refusal:
        counter.do(by, "submit_case", case)
    assert "招牌文字" in str(refusal.value)
    assert "房屋租赁合同" in str(refusal.value)
    assert refusal.value.field == "area"
    assert counter.now_of(case).state == State.DRAFT


def test_a_definition_changed_while_a_case_runs_leaves_it_on_its_own(counter: Counter) -> None:
    """Begun before the change, it is submitted and accepted as it was; a new one is on the new."""
    by = counter.spokesman()
    case = counter.filled(by, counter.opened())
    with acting(system(counter.zone_id)):
        old = ThingVersion.objects.get(thing=counter.thing)
        ThingVersion.objects.filter(pk=old.pk).update(valid_until=NOW.date() - timedelta(days=1))
        asks_more = replace(
            RESTAURANT,
            items=(*RESTAURANT.items, Item("new", "新事项", "供电服务中心", Decides.GRANT)),
        )
        ThingVersion.objects.create(
            zone_id=counter.zone_id, thing=counter.thing, number=2, valid_from=NOW.date(),
            state=ThingVersion.State.LIVE, body=write_definition(asks_more),
        )  # fmt: skip
    counter.do(by, "submit_case", case)
    assert counter.now_of(case).thing_version_id == old.pk
    later = counter.opened(by)
    assert later.thing_version.number == 2


def test_an_application_is_submitted_once(counter: Counter) -> None:
    by = counter.spokesman()
    case = counter.filled(by, counter.opened())
    counter.do(by, "submit_case", case)
    number = counter.now_of(case).number
    with pytest.raises(Refused):
        counter.do(by, "submit_case", case)
    assert counter.now_of(case).number == number


def test_whoever_listens_to_a_submission_rolls_it_back_with_an_error(counter: Counter) -> None:
    def fail(**_said: object) -> None:
        raise Refused("no")

    by = counter.spokesman()
    case = counter.filled(by, counter.opened())
    permits.case_submitted.connect(fail)
    try:
        with pytest.raises(Refused):
            counter.do(by, "submit_case", case)
    finally:
        permits.case_submitted.disconnect(fail)
    assert counter.now_of(case).state == State.DRAFT
    counter.do(by, "submit_case", case)


def test_a_paper_held_is_used_again_with_consent_and_said_so(counter: Counter) -> None:
    by = counter.spokesman()
    first = counter.filled(by, counter.opened())
    counter.do(by, "submit_case", first)
    second = counter.opened()
    counter.do(by, "use_held", second, paper_code="test-lease")
    with acting(by):
        material = CaseMaterial.objects.get(case=second, paper_code="test-lease")
        assert material.state == CaseMaterial.State.HELD
        alike = queries.alike_cases(Case.objects.get(pk=second.pk))
    assert alike[0].number == counter.now_of(first).number


def test_a_consent_taken_back_leaves_the_application_without_the_paper(counter: Counter) -> None:
    by = counter.spokesman()
    counter.do(by, "submit_case", counter.filled(by, counter.opened()))
    case = counter.opened()
    counter.do(by, "fill_case", case, form={"firm": "张三饭店", "area": "120 平方米"})
    counter.do(by, "use_held", case, paper_code="test-lease")
    counter.do(by, "promise_material", case, paper_code="test-plan")
    counter.do(by, "submit_case", case)
    with acting(by):
        consent = PaperConsent.objects.get(subject_id=case.pk)
        papers.withdraw_consent(by=by, now=NOW, consent=consent)
        material = CaseMaterial.objects.get(case=case, paper_code="test-lease")
        assert (material.state, material.is_wrong) == (CaseMaterial.State.MISSING, True)
        events = Case.objects.get(pk=case.pk).events.values_list("verb", flat=True)
        assert "lose_paper" in events
        # The paper itself stays, and may be agreed to again.
        assert HeldPaper.objects.get(pk=consent.paper_id).withdrawn_at is None
    with acting(desk := actor("east-desk")), pytest.raises(Refused, match="房屋租赁合同"):
        permits.accept_case(by=desk, now=NOW, case=case)
    counter.do(by, "use_held", case, paper_code="test-lease")
    with acting(desk):
        permits.accept_case(by=desk, now=NOW, case=case)
    with acting(system(counter.zone_id)):
        Case.objects.filter(pk=case.pk).update(state=State.DECIDED)
    with acting(by), pytest.raises(Refused):
        papers.withdraw_consent(
            by=by, now=NOW,
            consent=PaperConsent.objects.get(subject_id=case.pk, withdrawn_at__isnull=True),
        )  # fmt: skip


def test_two_applications_with_one_file_are_told(counter: Counter) -> None:
    by = counter.spokesman()
    first, second = counter.opened(), counter.opened()
    for case in (first, second):
        counter.do(by, "give_material", case, paper_code="test-lease", upload=pdf("same"))
    with acting(by):
        alike = queries.alike_cases(Case.objects.get(pk=second.pk))
    assert any(one.paper == "房屋租赁合同" for one in alike)


def test_a_paper_that_cannot_follow_is_not_promised(counter: Counter) -> None:
    by, case = counter.spokesman(), counter.opened()
    with pytest.raises(Refused):
        counter.do(by, "promise_material", case, paper_code="test-lease")
    material = counter.do(by, "promise_material", case, paper_code="test-plan")
    assert material.promised_until == date(2026, 11, 27)


def test_the_promise_is_signed_by_the_applicant_alone(counter: Counter) -> None:
    case = counter.opened()
    staff = actor("east-desk")
    with pytest.raises(Refused):
        counter.do(staff, "sign_promise", case)
    counter.do(counter.spokesman(), "sign_promise", case)
    kept = counter.now_of(case)
    assert "食品经营许可" in kept.promise_words
    assert kept.promised_signed_at == NOW


def test_another_firm_and_another_link_find_nothing(counter: Counter) -> None:
    case = counter.opened()
    begun = counter.begun_by_stranger()
    rival, thief = counter.spokesman(counter.other), counter.stranger("another-secret")
    for by in (rival, thief, counter.anybody):
        for one in (case, begun):
            for verb, given in (
                ("fill_case", {"form": {"area": "1"}}),
                ("give_material", {"paper_code": "test-lease", "upload": pdf()}),
                ("use_held", {"paper_code": "test-lease"}),
                ("promise_material", {"paper_code": "test-plan"}),
                ("sign_promise", {}),
                ("submit_case", {}),
                ("withdraw_case", {}),
                ("answer_supplement", {}),
                ("rate_case", {"score": 1}),
            ):
                with pytest.raises(Refused):
                    counter.do(by, verb, one, **given)
            with acting(by):
                assert not Case.objects.filter(pk=one.pk).exists()
                assert not CaseEvent.objects.filter(case=one).exists()
                assert not CaseMaterial.objects.filter(case=one).exists()


def test_another_zone_sees_no_case_and_no_lookup(counter: Counter) -> None:
    case = counter.opened()
    with acting(counter.anybody):
        permits.look_up_case(
            by=counter.anybody, now=NOW, asker="10.0.0.1", number="BJ-1", phone="13900000001"
        )
    with acting(actor("west-desk")):
        assert not Case.objects.filter(pk=case.pk).exists()
        assert not CaseLookup.objects.exists()
    for by in (counter.spokesman(), counter.anybody):
        with acting(by), pytest.raises(DatabaseError), transaction.atomic():
            CaseLookup.objects.count()


def test_an_outside_role_writes_nothing_itself(counter: Counter) -> None:
    case, by = counter.opened(), counter.spokesman()
    with acting(by), pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state=State.ISSUED)


def test_a_draft_is_found_by_its_number_and_telephone_and_gets_a_new_link(
    counter: Counter,
) -> None:
    case = counter.begun_by_stranger()
    with acting(counter.anybody):
        holder = permits.look_up_case(
            by=counter.anybody, now=NOW, asker="10.0.0.1",
            number=case.number.lower(), phone="+86 139 0000 0009",
        )  # fmt: skip
        wrong = permits.look_up_case(
            by=counter.anybody, now=NOW, asker="10.0.0.1", number=case.number, phone="13900000008"
        )
    assert wrong is None
    assert holder is not None
    with acting(holder):
        permits.renew_key(by=holder, now=NOW, case=case, key="new-secret")
    assert queries.find_case("new-secret") is not None
    assert queries.find_case(SECRET) is None


def test_guessing_telephones_ends_soon(counter: Counter) -> None:
    with acting(counter.anybody):
        for guess in range(10):
            permits.look_up_case(
                by=counter.anybody, now=NOW, asker="10.0.0.1",
                number=f"BJ-2026-{guess:06}", phone="13900000001",
            )  # fmt: skip
        with pytest.raises(Refused):
            permits.look_up_case(
                by=counter.anybody, now=NOW, asker="10.0.0.1", number="BJ-1", phone="13900000001"
            )
        later = NOW + timedelta(minutes=11)
        permits.look_up_case(
            by=counter.anybody, now=later, asker="10.0.0.1", number="BJ-1", phone="13900000001"
        )


def test_a_draft_is_kept_as_long_as_the_zone_says(counter: Counter) -> None:
    case, by = counter.begun_by_stranger(), system(counter.zone_id)
    with acting(by):
        assert permits.expire_drafts(by=by, now=NOW + timedelta(days=29)) == 0
        assert permits.expire_drafts(by=by, now=NOW + timedelta(days=31)) == 1
        assert permits.forget_lookups(by=by, now=NOW + timedelta(days=2)) == 0
    assert counter.now_of(case).state == State.WITHDRAWN


def _asked_to_supplement(counter: Counter) -> Case:
    by = counter.spokesman()
    case = counter.filled(by, counter.opened())
    counter.do(by, "submit_case", case)
    with acting(system(counter.zone_id)):
        Supplement.objects.create(
            zone_id=counter.zone_id, case=case, asked_at=NOW, due_at=NOW + timedelta(days=30),
            gaps=[{"what": "paper", "code": "test-lease", "office": "", "why": "缺页"}],
        )  # fmt: skip
        CaseMaterial.objects.filter(case=case, paper_code="test-lease").update(
            is_wrong=True, wrong_why="缺页"
        )
        Case.objects.filter(pk=case.pk).update(state=State.SUPPLEMENT)
    return case


def test_a_supplement_is_answered_once_all_of_it_is_there(counter: Counter) -> None:
    by, case = counter.spokesman(), _asked_to_supplement(counter)
    with pytest.raises(Refused, match="房屋租赁合同"):
        counter.do(by, "answer_supplement", case)
    counter.do(by, "give_material", case, paper_code="test-lease", upload=pdf("whole"))
    later = NOW + timedelta(days=1)
    counter.do(by, "answer_supplement", case, now=later)
    kept = counter.now_of(case)
    assert (kept.state, kept.received_at, kept.submitted_at) == (State.SUBMITTED, later, NOW)
    with pytest.raises(Refused):
        counter.do(by, "answer_supplement", case)


def test_answers_do_not_change_after_submission(counter: Counter) -> None:
    by, case = counter.spokesman(), _asked_to_supplement(counter)
    with pytest.raises(Refused):
        counter.do(by, "fill_case", case, answers={"sign": "board"})


def test_a_running_case_is_withdrawn_and_asks_nobody_any_more(counter: Counter) -> None:
    by = counter.spokesman()
    case = counter.filled(by, counter.opened())
    counter.do(by, "submit_case", case)
    counter.do(by, "withdraw_case", case, reason="不开了")
    kept = counter.now_of(case)
    assert (kept.state, kept.closed_why) == (State.WITHDRAWN, "不开了")
    with acting(system(counter.zone_id)):
        assert not Task.objects.filter(matter=kept.matter, state=Task.State.OPEN).exists()
    with pytest.raises(Refused):
        counter.do(by, "withdraw_case", case)


def test_a_branch_is_withdrawn_with_those_that_wait_for_it(counter: Counter) -> None:
    by = counter.spokesman()
    case = counter.opened(answers={"cooks": True, "sign": "board"})
    counter.do(by, "fill_case", case, form={"board_words": "张三饭店"})
    counter.filled(by, case)
    counter.do(by, "submit_case", case)
    with acting(system(counter.zone_id)):
        Case.objects.filter(pk=case.pk).update(state=State.RUNNING, accepted_at=NOW)
        for code, name in (("food", "食品"), ("board", "招牌")):
            CaseItem.objects.create(
                zone_id=counter.zone_id, case=case, code=code, name=name,
                state=CaseItem.State.RUNNING, statutory_count=20, statutory_unit="working_day",
                promised_count=10, promised_unit="working_day",
            )  # fmt: skip
    counter.do(by, "withdraw_case", case, items=["board"])
    with acting(by):
        states = dict(CaseItem.objects.filter(case=case).values_list("code", "state"))
    assert states == {"food": "running", "board": "withdrawn"}
    assert counter.now_of(case).state == State.RUNNING
    counter.do(by, "withdraw_case", case, items=["food"])
    assert counter.now_of(case).state == State.WITHDRAWN


def test_a_bad_rating_is_looked_into_and_answered(counter: Counter) -> None:
    by = counter.spokesman()
    case = counter.filled(by, counter.opened())
    with pytest.raises(Refused):
        counter.do(by, "rate_case", case, score=1)
    counter.do(by, "submit_case", case)
    with pytest.raises(Refused):
        counter.do(by, "rate_case", case, score=6)
    counter.do(by, "rate_case", case, score=1, words="跑了三趟")
    with pytest.raises(Refused):
        counter.do(by, "rate_case", case, score=5)
    desk, officer = actor("east-desk"), actor("east-officer")
    with acting(desk):
        rating = Rating.objects.get(case=case)
        assert rating.task is not None
        assert rating.task.due_at is not None
        with pytest.raises(Refused):
            permits.answer_rating(by=officer, now=NOW, rating=rating, is_upheld=True, answer="…")
        permits.answer_rating(
            by=desk, now=NOW, rating=rating, is_upheld=True, answer="已改为一次办结，向您致歉。"
        )
        assert Task.objects.get(pk=rating.task_id or 0).state == Task.State.DONE
        with pytest.raises(Refused):
            permits.answer_rating(by=desk, now=NOW, rating=rating, is_upheld=False, answer="再答")


def test_a_good_rating_gives_nobody_work(counter: Counter) -> None:
    by = counter.spokesman()
    case = counter.filled(by, counter.opened())
    counter.do(by, "submit_case", case)
    rating = counter.do(by, "rate_case", case, score=5)
    assert rating.task is None


def test_staff_fill_in_only_what_was_begun_at_a_counter(counter: Counter) -> None:
    desk = actor("east-desk")
    with acting(desk):
        at_counter = permits.open_case(
            by=desk, now=NOW, thing=counter.thing, party=counter.party, channel="point"
        )
    counter.do(desk, "fill_case", at_counter, form={"area": "30"})
    with pytest.raises(Refused):
        counter.do(desk, "fill_case", counter.opened(), form={"area": "30"})


def test_no_role_is_left_behind(counter: Counter) -> None:
    """After all that PostgreSQL stands outside of every scope again."""
    counter.opened()
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("xiaoer_web",)


def barred_counter(counter: Counter) -> Counter:
    """The same, where who is on a list goes another way, and who announced something waits."""
    definition = Definition(
        questions=(Question("listed", "在名录里吗？", Answer.YES_NO),),
        items=(Item("change", "变更登记", "供电服务中心", Decides.CONFIRM, result="通知"),),
        fields=(Field("announced_on", "公告日期", "date", is_needed=False),),
        bars=(
            Bar("listed", "在名录里", "先申请移出名录。", applies_if="listed"),
            Bar("waiting", "公告未满", "满45日后再提交。", applies_if="NOT listed",
                since="announced_on", days=45),
        ),
    )  # fmt: skip
    by = actor("east-admin")
    with acting(by):
        thing = a_thing(by.zone_id, "barred", definition)
    return replace(counter, thing=thing)


def test_what_is_excluded_is_not_even_begun_and_says_what_to_do_instead(counter: Counter) -> None:
    there = barred_counter(counter)
    with pytest.raises(Refused, match="先申请移出名录"):
        there.opened(answers={"listed": True})
    by, case = there.spokesman(), there.opened(answers={"listed": False})
    with pytest.raises(Refused, match="先申请移出名录"):
        there.do(by, "fill_case", case, answers={"listed": True})
    assert there.now_of(case).answers == {"listed": False}


def test_what_must_have_stood_for_a_time_is_kept_as_a_draft_until_then(counter: Counter) -> None:
    there = barred_counter(counter)
    by, case = there.spokesman(), there.opened(answers={"listed": False})
    day = (NOW - timedelta(days=44)).date().isoformat()
    there.do(by, "fill_case", case, form={"announced_on": day})
    with pytest.raises(Refused, match="满45日") as refused:
        there.do(by, "submit_case", case)
    assert refused.value.field == "announced_on"
    assert there.now_of(case).form == {"announced_on": day}
    there.do(by, "submit_case", case, now=NOW + timedelta(days=1))
    assert there.now_of(case).state == State.SUBMITTED


def test_the_exclusion_is_a_page_of_its_own_before_anything_is_typed(
    counter: Counter, client: Client
) -> None:
    barred_counter(counter)
    asked = client.get("/services/east/barred/questions/?listed=yes&asked=1")
    assert asked.status_code == 302
    page = client.get(asked["Location"]).content.decode()
    assert "先申请移出名录" in page
    assert "/services/east/barred/start/" not in page
    assert "先申请移出名录" in client.get("/services/east/barred/").content.decode()
