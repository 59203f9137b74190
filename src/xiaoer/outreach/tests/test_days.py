"""A leaders' visit day: planned within the quota, announced, held, closed with results."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.town import NOW
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import day_sheets, queries
from xiaoer.outreach.models import DayVisit, Gathering, Programme
from xiaoer.outreach.tests.conftest import Town
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work.models import Contact, ContactRule

DAY = date(2026, 11, 25)
ON_THE_DAY = NOW + timedelta(days=5)


@pytest.fixture
def day(town: Town) -> Gathering:
    desk = town.of("east-desk")
    with acting(desk):
        programme = outreach.open_programme(
            by=desk, now=NOW, code="visit_day", name="企业走访日", kind="leaders_day"
        )
        return outreach.open_day(by=desk, now=NOW, programme=programme, day=DAY, place="企业现场")


def leader_of(town: Town) -> Post:
    leader = town.of("east-leader")
    with acting(leader):
        return Post.objects.get(pk=leader.post_id or 0)


def plan(town: Town, day: Gathering, who: str = "east-desk", **given: Any) -> DayVisit:
    by = town.of(who)
    facts: dict[str, Any] = {
        "party": town.party,
        "leader": leader_of(town),
        "purpose": "了解增容进度",
        "from_time": time(9, 0),
        "until_time": time(10, 30),
        "escorts": [outreach.Escort(town.power)],
    } | given
    with acting(by):
        return outreach.plan_day_visit(by=by, now=NOW, gathering=day, **facts)


def use_up_the_quota(town: Town) -> None:
    """Of two contacts a month both are planned already."""
    desk = town.of("east-desk")
    with acting(desk):
        rule = ContactRule.objects.get(zone_id=town.zone_id)
        for number in range(rule.monthly_quota):
            work.plan_contact(
                by=desk,
                now=NOW,
                party=town.party,
                kind=Contact.Kind.SURVEY,
                purpose=f"问卷 {number}",
                planned_on=DAY,
            )


def now_of(day: Gathering, town: Town) -> Gathering:
    with acting(town.of("east-desk")):
        return Gathering.objects.select_related("programme").get(pk=day.pk)


def do(town: Town, verb: str, day: Gathering, who: str = "east-desk", **given: Any) -> Gathering:
    by, now = town.of(who), given.pop("now", NOW)
    fresh = now_of(day, town)
    with acting(by):
        row: Gathering = getattr(outreach, verb)(
            by=by, now=now, gathering=fresh, version=fresh.version, **given
        )
    return row


def page_of(town: Town, day: Gathering) -> queries.DayPage:
    desk = town.of("east-desk")
    with acting(desk):
        shown = queries.day_page(by=desk, day_id=day.pk)
    assert shown is not None
    return shown


def test_a_planned_line_is_a_contact_within_the_quota(town: Town, day: Gathering) -> None:
    line = plan(town, day)
    assert line.refusal == ""
    with acting(town.of("east-desk")):
        contact = Contact.objects.get(pk=line.contact_id or 0)
    assert (contact.planned_on, contact.from_time) == (DAY, time(9, 0))
    assert contact.post_id == town.of("east-leader").post_id


def test_a_used_up_quota_is_told_on_the_line_until_a_leader_gives_a_reason(
    town: Town, day: Gathering
) -> None:
    use_up_the_quota(town)
    line = plan(town, day)
    assert line.contact_id is None
    assert line.refusal
    with pytest.raises(Refused):
        do(town, "announce_day", day)
    desk = town.of("east-desk")
    with acting(desk), pytest.raises(Refused):
        outreach.allow_day_visit(by=desk, now=NOW, line=line, version=line.version, reason="很急")
    leader = town.of("east-leader")
    with acting(leader):
        allowed = outreach.allow_day_visit(
            by=leader, now=NOW, line=line, version=line.version, reason="停产在即，不能推后"
        )
        contact = Contact.objects.get(pk=allowed.contact_id or 0)
    assert contact.is_above_quota
    assert contact.allowed_by_id == leader.post_id
    assert do(town, "announce_day", day).state == Gathering.State.ANNOUNCED


def test_the_enterprise_reads_nothing_before_it_is_announced_and_all_after(
    town: Town, day: Gathering
) -> None:
    plan(town, day)
    own, other = town.spokesman(), town.spokesman(town.other)
    with acting(own):
        assert queries.told_visits(by=own, since=date(2026, 1, 1)) == ()
    do(town, "announce_day", day)
    with acting(own):
        (told,) = queries.told_visits(by=own, since=date(2026, 1, 1))
    assert "领一" in told.who
    assert (told.along, told.purpose, told.day) == ("供电服务中心", "了解增容进度", DAY)
    with acting(other):
        assert DayVisit.objects.count() == 0
        assert queries.told_visits(by=other, since=date(2026, 1, 1)) == ()
    with acting(town.of("west-desk")):
        assert DayVisit.objects.count() == 0
        assert Gathering.objects.filter(pk=day.pk).count() == 0


def test_a_changed_or_cancelled_visit_is_told_too(town: Town, day: Gathering) -> None:
    line = plan(town, day)
    do(town, "announce_day", day)
    desk, own, leader = town.of("east-desk"), town.spokesman(), leader_of(town)
    with acting(desk):
        line = DayVisit.objects.get(pk=line.pk)
        line = outreach.change_day_visit(
            by=desk,
            now=NOW,
            line=line,
            version=line.version,
            leader=leader,
            purpose="了解增容进度",
            from_time=time(14, 0),
            until_time=time(15, 0),
        )
        assert Contact.objects.get(pk=line.contact_id or 0).from_time == time(14, 0)
    with acting(own):
        (told,) = queries.told_visits(by=own, since=DAY)
    assert (told.from_time, told.along) == (time(14, 0), "")
    with acting(desk):
        outreach.cancel_day_visit(
            by=desk, now=NOW, line=line, version=line.version, reason="企业盘点"
        )
        assert Contact.objects.get(pk=line.contact_id or 0).state == Contact.State.CANCELLED
    with acting(own):
        (told,) = queries.told_visits(by=own, since=DAY)
    assert (told.is_cancelled, told.cancel_reason) == (True, "企业盘点")


def test_a_declined_visit_is_not_announced_to_anybody(town: Town, day: Gathering) -> None:
    line, own = plan(town, day), town.spokesman()
    with acting(own):
        contact = Contact.objects.get(pk=line.contact_id or 0)
        work.refuse_contact(by=own, now=NOW, contact=contact, reason="正在检修")
    assert page_of(town, day).refused == 1
    with pytest.raises(Refused):
        do(town, "announce_day", day)


def test_only_a_zone_leader_goes_and_only_the_desk_or_a_leader_plans(
    town: Town, day: Gathering
) -> None:
    by = town.of("east-officer")
    with acting(by):
        officer = Post.objects.get(pk=by.post_id or 0)
    with pytest.raises(Refused):
        plan(town, day, leader=officer)
    with pytest.raises(Refused):
        plan(town, day, who="east-officer")
    assert plan(town, day, who="east-leader").pk
    with pytest.raises(Refused):
        plan(town, day)


@pytest.mark.parametrize(
    "given",
    [
        {"purpose": " "},
        {"purpose": "长" * 201},
        {"from_time": time(11), "until_time": time(10)},
    ],
)
def test_garbage_is_refused_at_its_field(town: Town, day: Gathering, given: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        plan(town, day, **given)
    assert refused.value.field


def test_a_day_ends_only_after_it_came_and_with_words(town: Town, day: Gathering) -> None:
    plan(town, day)
    with pytest.raises(Refused):
        do(town, "hold_day", day)
    with pytest.raises(Refused):
        do(town, "close_day", day, result="好")
    do(town, "announce_day", day)
    do(town, "hold_day", day, now=ON_THE_DAY)
    with pytest.raises(Refused):
        do(town, "close_day", day, now=ON_THE_DAY, result=" ")
    assert do(town, "close_day", day, now=ON_THE_DAY, result="走访 1 家").ended_at == ON_THE_DAY


def test_after_the_day_visits_and_requests_are_counted_from_the_records(
    town: Town, day: Gathering
) -> None:
    plan(town, day)
    plan(town, day, party=town.other)
    do(town, "announce_day", day)
    leader = town.of("east-leader")
    with acting(leader):
        programme = Programme.objects.get(pk=day.programme_id)
        outreach.log_visit(
            by=leader,
            now=ON_THE_DAY,
            party=town.party,
            programme=programme,
            visited_on=DAY,
            met="赵一",
            requests=[outreach.Raised(title="缺电", body="增容")],
        )
    do(town, "hold_day", day, now=ON_THE_DAY)
    do(town, "close_day", day, now=ON_THE_DAY, result="走访 1 家，带回 1 件")
    shown = page_of(town, day)
    assert (shown.visited, len(shown.standing), shown.requests, shown.solved) == (1, 2, 1, 0)
    with acting(town.of("east-desk")):
        states = dict(Contact.objects.filter(zone_id=town.zone_id).values_list("party_id", "state"))
        figures = queries.visit_figures(
            zone_id=town.zone_id,
            period=queries.Period(date(2026, 1, 1), date(2026, 12, 31)),
            programme="visit_day",
        )
    assert states[town.party.pk] == Contact.State.DONE
    assert states[town.other.pk] == Contact.State.CANCELLED
    assert (figures.days, figures.leaders, figures.visited, figures.appeals) == (1, 1, 1, 1)


def test_last_months_programme_is_taken_over_with_who_goes_along(
    town: Town, day: Gathering
) -> None:
    plan(town, day)
    plan(town, day, party=town.other)
    desk, old = town.of("east-desk"), now_of(day, town)
    with acting(desk):
        next_day = outreach.open_day(
            by=desk, now=NOW, programme=old.programme, day=date(2026, 12, 16)
        )
        Party.objects.filter(pk=town.other.pk).update(status=Party.Status.CANCELLED)
        copied = outreach.copy_day(by=desk, now=NOW, gathering=next_day, source=day)
    assert (copied.lines, len(copied.left_out)) == (1, 1)
    (line,) = page_of(town, next_day).lines
    assert (line.enterprise, line.escorts) == (town.party.name, ("供电服务中心",))


def test_a_day_called_off_frees_every_contact(town: Town, day: Gathering) -> None:
    line = plan(town, day)
    do(town, "announce_day", day)
    do(town, "cancel_day", day, reason="台风")
    with acting(town.of("east-desk")):
        assert Contact.objects.get(pk=line.contact_id or 0).state == Contact.State.CANCELLED
    with pytest.raises(Refused):
        plan(town, day, party=town.other)


def test_a_leader_sees_the_own_visit_day(town: Town, day: Gathering) -> None:
    plan(town, day)
    leader, desk = town.of("east-leader"), town.of("east-desk")
    with acting(leader):
        (row,) = queries.my_visits_to_come(by=leader, now=NOW)
        assert (row.enterprise, row.window) == (town.party.name, "09:00–10:30")
        later = datetime.combine(DAY + timedelta(days=1), time(4), NOW.tzinfo)
        assert queries.my_visits_to_come(by=leader, now=later) == ()
    with acting(desk):
        assert queries.my_visits_to_come(by=desk, now=NOW) == ()


def test_a_programme_of_any_length_asks_the_same_number_of_questions(
    town: Town, day: Gathering, django_assert_max_num_queries: Any
) -> None:
    plan(town, day)
    plan(town, day, party=town.other)
    desk = town.of("east-desk")
    with acting(desk), django_assert_max_num_queries(10):
        queries.day_page(by=desk, day_id=day.pk)


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_programme_is_printed(town: Town, day: Gathering, kind: str) -> None:
    plan(town, day, purpose="#panic() $x$ 了解增容")
    shown = page_of(town, day)
    maker, _type = day_sheets.MAKERS[kind]
    with acting(town.of("east-desk")), translation.override("zh-hans"):
        sheet = day_sheets.sheet_of(shown, zone_id=town.zone_id, now=NOW)
    assert sheet.rows[0][2:4] == (town.party.name, "领一")
    assert len(maker(sheet)) > 2000


def test_the_form_of_a_visit_is_filled_in_from_the_programme(
    town: Town, day: Gathering, sign_in: Any
) -> None:
    line = plan(town, day)
    do(town, "announce_day", day)
    leader = leader_of(town)
    page = sign_in("east-desk").get(
        reverse("visit_new_for", args=[town.party.pk]),
        {"programme": day.programme_id, "visited_on": str(DAY), "post": leader.pk},
    )
    words = page.content.decode()
    assert f'value="{day.programme_id}" selected' in words
    assert f'value="{leader.pk}" selected' in words
    assert f'value="{DAY}"' in words
    assert line.contact_id


@pytest.mark.parametrize("who", ["east-desk", "east-leader", "east-officer", "city"])
def test_the_day_has_a_page_a_sheet_and_an_export(
    town: Town, day: Gathering, sign_in: Any, who: str
) -> None:
    line = plan(town, day)
    client: Client = sign_in(who)
    assert town.party.name in client.get(reverse("day", args=[day.pk])).content.decode()
    assert client.get(reverse("day", args=[day.pk]) + "?export=xlsx").status_code == 200
    assert client.get(reverse("day_sheet", args=[day.pk, "pdf"])).status_code == 200
    assert client.get(reverse("day_sheet", args=[day.pk, "exe"])).status_code == 404
    if who != "city":
        assert client.get(reverse("day_visit", args=[line.pk])).status_code == 200


def test_another_zone_finds_no_page(town: Town, day: Gathering, sign_in: Any) -> None:
    line = plan(town, day)
    client: Client = sign_in("west-desk")
    for address in (
        reverse("day", args=[day.pk]),
        reverse("day_visit", args=[line.pk]),
        reverse("day_sheet", args=[day.pk, "pdf"]),
    ):
        assert client.get(address).status_code == 404
    assert client.post(reverse("day_do", args=[day.pk, "announce"])).status_code == 404


def test_the_card_of_the_first_page_opens_for_a_leader(town: Town, sign_in: Any) -> None:
    assert town.party.pk
    assert sign_in("east-leader").get(reverse("my_visit_day")).status_code == 200
