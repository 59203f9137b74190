"""Routes are searched for by a job, changed by hand at a visible cost, kept, and planned again."""

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from tests.town import NOW
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import Round, RouteRule, RouteSearch, Stop
from xiaoer.outreach.queries import routes
from xiaoer.outreach.tests.conftest import Town
from xiaoer.outreach.tests.outing import FACTS, TODAY, Field, built
from xiaoer.work import actions as work
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Contact


@pytest.fixture
def field(town: Town) -> Field:
    return built(town)


def test_a_day_becomes_a_draft_in_order_with_times_and_costs(field: Field) -> None:
    field.plan_all()
    search = field.search()
    row = field.round()
    assert (search.state, search.percent, search.placed) == ("done", 100, 3)
    stops = field.stops(row)
    assert [stop.order for stop in stops] == [1, 2, 3]
    assert all(a.leaves_at <= b.arrives_at for a, b in pairwise(stops))
    assert row.metres == search.metres
    assert 10_000 < row.metres < 40_000
    assert row.guessed_legs >= 4
    assert search.guessed == 12
    assert row.sets_out_at is not None
    assert row.sets_out_at.astimezone(LOCAL).time() == time(8, 30)


def test_what_is_called_off_or_moved_while_the_search_runs_is_in_no_route(field: Field) -> None:
    stays, moved, off = field.plan_all()
    week = TODAY + timedelta(days=2)
    search = field.do(
        "east-officer", "ask_for_routes", since=TODAY, until=week, posts=[field.officer]
    )
    orders = [(TODAY, field.officer.pk, [stays.pk, moved.pk, off.pk])]
    desk = field.of("east-desk")
    with acting(desk):
        work.move_contact(by=desk, now=NOW, contact=moved, planned_on=TODAY + timedelta(days=1))
        work.cancel_contact(by=desk, now=NOW, contact=off, reason="企业盘点")
    done = field.do("east-officer", "finish_search", search_id=search.pk, orders=orders)
    assert (done.state, done.placed) == ("done", 1)
    assert [stop.contact_id for stop in field.stops(field.round())] == [stays.pk]


def test_the_times_firms_set_are_kept(field: Field) -> None:
    late = field.plan(field.firms[0], from_time=time(15), until_time=time(16))
    field.plan(field.firms[1])
    field.search()
    stop = next(one for one in field.stops(field.round()) if one.contact_id == late.pk)
    assert time(15) <= stop.arrives_at.astimezone(LOCAL).time()
    assert stop.leaves_at.astimezone(LOCAL).time() <= time(16)


def test_what_cannot_be_placed_is_named_with_its_reason(field: Field) -> None:
    field.plan(field.firms[0])
    nowhere = field.plan(field.nowhere)
    short = field.plan(field.firms[1], from_time=time(9), until_time=time(9, 20))
    search = field.search()
    assert (search.visits, search.placed) == (3, 1)
    by = field.of("east-officer")
    with acting(by):
        left = {row.contact_id: row for row in routes.board(by=by, day=TODAY).left}
    assert left[nowhere.pk].why == "place"
    assert left[short.pk].why == "short"
    assert left[short.pk].why_words


def test_a_visit_of_nobody_yet_is_given_to_one_of_its_office(field: Field) -> None:
    free = field.plan(field.firms[0], nobody=True)
    field.search()
    assert field.order(field.round()) == [free.pk]
    field.keep()
    with acting(system(free.zone_id)):
        assert Contact.objects.get(pk=free.pk).post_id == field.officer.pk


def test_an_officer_plans_the_own_day_and_the_desk_that_of_all(field: Field) -> None:
    field.plan(field.firms[0], field.steward)
    with pytest.raises(Refused, match="自己"):
        field.search(posts=[field.officer, field.steward])
    assert field.search("east-desk", posts=[field.officer, field.steward]).placed == 1
    with pytest.raises(Refused):
        field.keep(row=field.round(field.steward))


def test_nothing_is_searched_for_without_visits_or_without_a_base(town: Town) -> None:
    field = built(town, with_rule=False)
    with pytest.raises(Refused, match="约定的走访"):
        field.search()
    field.plan(field.firms[0])
    with pytest.raises(Refused, match="出发"):
        field.search()


def test_a_span_longer_than_a_week_is_refused(field: Field) -> None:
    field.plan(field.firms[0])
    with pytest.raises(Refused, match="一周"):
        field.search(until=TODAY + timedelta(days=7))


def test_a_week_is_one_search_and_a_draft_a_day(field: Field) -> None:
    field.plan(field.firms[0])
    field.plan(field.firms[1], planned_on=TODAY + timedelta(days=3))
    search = field.search(until=TODAY + timedelta(days=6))
    with acting(system(search.zone_id)):
        days = set(Round.objects.filter(search=search).values_list("day", flat=True))
    assert days == {TODAY, TODAY + timedelta(days=3)}


def test_a_search_runs_once_however_often_the_job_is_tried(field: Field) -> None:
    field.plan_all()
    search = field.search()
    version = field.round().version
    from xiaoer.outreach import jobs  # noqa: PLC0415  the job as the worker calls it again

    jobs.find_routes(zone_id=search.zone_id, search_id=search.pk, post_id=search.post_id)
    assert field.round().version == version


def test_a_killed_search_gives_its_best_so_far(field: Field) -> None:
    contacts = field.plan_all()
    search = field.do("east-officer", "ask_for_routes", since=TODAY, posts=[field.officer])
    best = [[TODAY.isoformat(), field.officer.pk, [contacts[1].pk, contacts[0].pk]]]
    with acting(system(search.zone_id)):
        RouteSearch.objects.filter(pk=search.pk).update(state="running", best=best)
    asked = field.do("east-officer", "stop_search", search=search)
    assert (asked.wants_stop, asked.state) == (True, "running")
    later = NOW + timedelta(minutes=2)
    done = field.do("east-officer", "stop_search", search=search, now=later)
    assert done.state == "done"
    assert field.order(field.round()) == [contacts[1].pk, contacts[0].pk]


def test_a_killed_search_without_a_best_says_so(field: Field) -> None:
    field.plan_all()
    search = field.do("east-officer", "ask_for_routes", since=TODAY, posts=[field.officer])
    with pytest.raises(Refused, match="重新"):
        field.do("east-officer", "stop_search", search=search, now=NOW + timedelta(minutes=2))


def test_a_visit_moved_by_hand_changes_order_and_cost_at_once(field: Field) -> None:
    field.plan_all()
    field.search()
    row = field.round()
    before, first = row.metres, field.order(row)
    with acting(system(row.zone_id)):
        contact = Contact.objects.get(pk=first[1])
    field.do("east-officer", "place_visit", contact=contact, post=field.officer, place=1,
             version=row.version)  # fmt: skip
    after = field.round()
    assert field.order(after) == [first[1], first[0], first[2]]
    assert after.metres > before
    assert after.version > row.version


def test_a_stale_board_changes_nothing(field: Field) -> None:
    contact = field.plan_all()[0]
    field.search()
    with pytest.raises(Refused):
        field.do("east-officer", "place_visit", contact=contact, post=field.officer, place=1,
                 version=99)  # fmt: skip


def test_a_visit_goes_to_another_officer_and_is_theirs_when_kept(field: Field) -> None:
    contact, other = field.plan(field.firms[0]), field.plan(field.firms[1])
    field.search()
    field.keep()
    field.do("east-desk", "place_visit", contact=contact, post=field.steward, place=1)
    theirs = field.round(field.steward)
    assert field.order(theirs) == [contact.pk]
    assert field.order(field.round(state="kept")) == [other.pk]
    field.keep("east-desk", theirs)
    with acting(system(contact.zone_id)):
        assert Contact.objects.get(pk=contact.pk).post_id == field.steward.pk


def test_a_stop_locked_to_its_hour_stays_when_the_day_is_planned_again(field: Field) -> None:
    contacts = field.plan_all()
    field.search()
    row = field.round()
    last = field.stops(row)[-1]
    field.do("east-officer", "lock_stop", row=row, contact_id=last.contact_id, lock="hour",
             version=row.version)  # fmt: skip
    field.plan(field.nowhere)
    field.search()
    again = {stop.contact_id: stop for stop in field.stops(field.round())}
    assert again[last.contact_id].arrives_at == last.arrives_at
    assert again[last.contact_id].lock == "hour"
    assert set(again) == {contact.pk for contact in contacts}


def test_a_locked_officer_keeps_a_visit_others_could_make(field: Field) -> None:
    contact = field.plan(field.firms[0])
    field.plan(field.firms[1], field.steward)
    field.search("east-desk", posts=[field.officer, field.steward])
    row = field.round()
    field.do("east-desk", "lock_stop", row=row, contact_id=contact.pk, lock="officer",
             version=row.version)  # fmt: skip
    field.search("east-desk", posts=[field.officer, field.steward], may_exchange=True)
    assert contact.pk in field.order(field.round())


def test_what_is_taken_out_stays_planned(field: Field) -> None:
    contacts = field.plan_all()
    field.search()
    row = field.round()
    field.do("east-officer", "take_out", row=row, contact_id=contacts[0].pk, version=row.version)
    by = field.of("east-officer")
    with acting(by):
        board = routes.board(by=by, day=TODAY)
    assert [one.contact_id for one in board.left] == [contacts[0].pk]
    assert board.visits == 2


def test_keeping_replaces_what_was_kept_and_the_old_one_stays_to_be_read(field: Field) -> None:
    field.plan_all()
    field.search()
    first = field.keep()
    field.search()
    second = field.keep()
    with acting(system(first.zone_id)):
        states = dict(Round.objects.values_list("pk", "state"))
        told = JournalLine.objects.filter(verb="keep_round").count()
    assert states == {first.pk: "replaced", second.pk: "kept"}
    assert told == 2


def test_a_draft_thrown_away_leaves_what_was_kept(field: Field) -> None:
    field.plan_all()
    field.search()
    kept = field.keep()
    field.search()
    draft = field.round()
    field.do("east-officer", "drop_draft", row=draft, version=draft.version)
    by = field.of("east-officer")
    with acting(by):
        assert [row.id for row in routes.board(by=by, day=TODAY).rounds] == [kept.pk]


def test_a_visit_called_off_is_shown_as_off_and_not_planned_again(field: Field) -> None:
    contact = field.plan_all()[0]
    field.search()
    field.keep()
    by = field.of("east-desk")
    with acting(by):
        work.cancel_contact(by=by, now=NOW, contact=contact, reason="企业停电")
        stops = routes.board(by=by, day=TODAY).rounds[0].stops
    assert [stop.contact_id for stop in stops if stop.is_off] == [contact.pk]
    with pytest.raises(Refused, match="不再"):
        field.do("east-desk", "place_visit", contact=contact, post=field.officer, place=1)
    field.search()
    assert contact.pk not in field.order(field.round())


def test_an_inspection_never_stands_in_a_route(field: Field) -> None:
    by = field.of("east-desk")
    with acting(by):
        inspection = work.plan_contact(
            by=by, now=NOW, party=field.firms[0], kind="inspection", tag="inspection",
            purpose="消防", planned_on=TODAY, origin="消防法第五十三条",
        )  # fmt: skip
    with pytest.raises(Refused):
        field.do("east-desk", "place_visit", contact=inspection, post=field.officer, place=1)


@pytest.mark.parametrize(
    ("change", "field_name"),
    [
        ({"start_longitude": 0.0, "start_latitude": 0.0}, "start_longitude"),
        ({"start_longitude": 35.4, "start_latitude": 116.5}, "start_longitude"),
        ({"start_latitude": None}, "start_longitude"),
        ({"works_until": time(8)}, "works_until"),
        ({"lunch_until": None}, "lunch_from"),
        ({"lunch_from": time(7)}, "lunch_from"),
        ({"speed_kmh": 0}, "speed_kmh"),
        ({"road_percent": 90}, "road_percent"),
        ({"visit_minutes": 481}, "visit_minutes"),
        ({"source": " "}, "source"),
        ({"mark": "Z"}, "mark"),
    ],
)
def test_rules_nobody_can_believe_are_refused_at_their_field(
    field: Field, change: dict[str, object], field_name: str
) -> None:
    with pytest.raises(Refused) as refused:
        field.do("east-desk", "set_route_rule", facts=replace(FACTS, **change))  # type: ignore[arg-type]  # any of its fields
    assert refused.value.field == field_name


def test_only_the_desk_sets_the_rules(field: Field) -> None:
    with pytest.raises(Refused):
        field.do("east-officer", "set_route_rule", facts=FACTS)


def test_a_zone_that_set_nothing_sees_a_guess_marked_as_one(town: Town) -> None:
    by = town.of("west-desk")
    with acting(by):
        rule = routes.route_rule(by=by)
        assert rule.mark == "D"
        assert rule.version == 0
        assert routes.bases_of(rule) is None


def test_another_zone_sees_and_changes_nothing(field: Field) -> None:
    contact = field.plan_all()[0]
    search = field.search()
    row = field.round()
    for stranger in ("west-desk", "west-leader"):
        by = field.of(stranger)
        with acting(by):
            assert not Round.objects.exists() and not Stop.objects.exists()
            assert not RouteSearch.objects.exists() and not RouteRule.objects.exists()
            assert routes.route_search(by=by, search_id=search.pk) is None
            for verb, given in (
                ("take_out", {"row": row, "contact_id": contact.pk, "version": row.version}),
                ("keep_rounds", {"versions": {row.pk: row.version}}),
                ("drop_draft", {"row": row, "version": row.version}),
            ):
                with pytest.raises(Refused):
                    getattr(outreach, verb)(by=by, now=NOW, **given)


def test_an_enterprise_reads_no_route(field: Field) -> None:
    field.plan_all()
    field.search()
    spokesman = Actor(zone_id=field.zone_id, role=None, party_ref=field.firms[0].pk, name="赵一")
    for model in (Round, Stop, RouteSearch, RouteRule):
        with (
            acting(spokesman),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            model.objects.exists()


def test_the_database_itself_keeps_one_draft_a_day(field: Field) -> None:
    field.plan_all()
    field.search()
    row = field.round()
    with (
        acting(system(row.zone_id)),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        Round.objects.create(zone_id=row.zone_id, day=row.day, post=row.post, made_at=NOW)


def test_a_day_of_a_hundred_visits_asks_a_fixed_number_of_questions(
    field: Field, django_assert_max_num_queries: object
) -> None:
    field.plan_all()
    field.search()
    by = field.of("east-desk")
    with acting(by), django_assert_max_num_queries(8):  # type: ignore[operator]  # a fixture
        routes.board(by=by, day=date(2026, 11, 20))
