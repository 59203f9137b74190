"""Service points: what is open, booked, called, recorded, corrected, counted; who acts for whom."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from tests.town import NOW
from xiaoer.base.models import Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.permits import actions as permits
from xiaoer.permits.models import (
    AgencyMandate,
    Appointment,
    Case,
    ExtendedService,
    LicenceUse,
    PointSlot,
    QueueTicket,
    ServicePoint,
    ServiceRecord,
    Thing,
    ThingVersion,
)
from xiaoer.permits.point_access import may_act_for
from xiaoer.permits.queries import point_figures as figures
from xiaoer.permits.queries import points as queries
from xiaoer.permits.queries.point_figures import RecordFilter
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.work.queries import calendar_of

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
MONDAY = date(2026, 11, 23)
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
Kind = ServiceRecord.Kind


@dataclass(frozen=True)
class Hall:
    """A point of East with its people; ``by`` keeps it."""

    by: Actor
    point: ServicePoint
    party: Party
    other: Party
    west: Actor
    officer: Actor

    def spokesman(self, party: Party | None = None) -> Actor:
        return Actor(
            zone_id=self.by.zone_id,
            role=Role.ENTERPRISE,
            party_ref=(party or self.party).pk,
            name="赵一",
        )

    def slots(self, day: date = MONDAY, places: int = 1) -> list[PointSlot]:
        permits.open_point_slots(
            by=self.by, now=NOW, point=self.point, first=day, last=day, minutes=30, places=places
        )
        return list(PointSlot.objects.filter(point=self.point, day=day))

    def record(
        self, kind: str = Kind.CASE, party: Party | None = None, **more: object
    ) -> ServiceRecord:
        served = permits.Served(kind=kind, party=party or self.party, **more)  # type: ignore[arg-type]  # each test names its own
        return permits.record_service(by=self.by, now=NOW, point=self.point, served=served)

    def mandate(self, **more: object) -> AgencyMandate:
        said: dict[str, object] = {
            "party": self.party,
            "upload": BytesIO(PAPER),
            "file_name": "委托书.pdf",
            "valid_from": FRIDAY,
            "valid_until": FRIDAY + timedelta(days=30),
            "agent_post": Post.objects.get(pk=self.by.post_id or 0),
        }
        return permits.give_mandate(by=self.by, now=NOW, **said | more)  # type: ignore[arg-type]  # as above


def facts(
    name: str = "均和云谷·高新政务服务e大厅", tier: int = 2, **more: object
) -> permits.PointFacts:
    return permits.PointFacts(name=name, tier=tier, address="云谷一号楼一层", **more)  # type: ignore[arg-type]  # as above


def built(of: Of) -> Hall:
    """A point of East and two firms; leaves no scope open."""
    by, west, officer = of("east-desk"), of("west-desk"), of("east-officer")
    with acting(by):
        party, other = (
            registry.add_party(by=by, now=NOW, facts=registry.PartyFacts(name=name))
            for name in ("夏实生物有限公司", "北辰模具有限公司")
        )
        point = permits.open_point(by=by, now=NOW, code="yungu", facts=facts())
    return Hall(by, point, party, other, west, officer)


@pytest.fixture
def hall(of: Of) -> Iterator[Hall]:
    town = built(of)
    with acting(town.by):
        yield town


# Points ------------------------------------------------------------------------------------------


def test_a_zone_has_one_main_hall_and_points_stand_below_it(hall: Hall) -> None:
    main = permits.open_point(by=hall.by, now=NOW, code="main", facts=facts("市民中心", 1))
    with pytest.raises(Refused, match="总厅"):
        permits.open_point(by=hall.by, now=NOW, code="second", facts=facts("第二大厅", 1))
    row = permits.change_point(
        by=hall.by, now=NOW, point=hall.point, facts=facts(parent=main), version=1
    )
    assert row.parent_id == main.pk
    with pytest.raises(Refused, match="上一层级"):
        permits.change_point(
            by=hall.by, now=NOW, point=main, facts=facts("市民中心", 1, parent=row), version=1
        )
    assert figures.service_point_count(zone_id=hall.by.zone_id, on=FRIDAY, tier=1) == 1


def test_a_point_opens_by_its_hours_and_the_working_calendar(hall: Hall) -> None:
    calendar = calendar_of(hall.by.zone_id)
    assert queries.is_open_at(hall.point, NOW, calendar)
    assert not queries.is_open_at(hall.point, NOW + timedelta(hours=2, minutes=30), calendar)
    assert not queries.is_open_on(hall.point, SATURDAY, calendar)
    opens = queries.next_opening(hall.point, NOW + timedelta(hours=10), calendar)
    assert opens is not None and opens.date() == MONDAY
    assert not queries.is_open_on(hall.point, date(2027, 1, 1), calendar)


def test_a_point_with_people_booked_is_not_closed_over_their_heads(hall: Hall) -> None:
    slot = hall.slots()[0]
    booked = permits.book_appointment(
        by=hall.by, now=NOW, slot=slot, who="钱二", phone="13900000001"
    )
    with pytest.raises(Refused, match="1 个预约"):
        permits.close_point(
            by=hall.by, now=NOW, point=hall.point, closed_on=MONDAY, reason="装修", version=1
        )
    permits.cancel_appointment(by=hall.by, now=NOW, appointment=booked.appointment)
    permits.close_point(
        by=hall.by, now=NOW, point=hall.point, closed_on=MONDAY, reason="装修", version=1
    )
    with pytest.raises(Refused, match="不再服务"):
        hall.record()
    assert list(queries.points(zone_id=hall.by.zone_id, on=MONDAY)) == []


def test_the_grid_officer_does_not_open_points(hall: Hall) -> None:
    with pytest.raises(Refused, match="审批局"):
        permits.open_point(by=hall.officer, now=NOW, code="x", facts=facts())


def test_what_is_left_out_of_an_offer_ends(hall: Hall) -> None:
    permits.seed_extended_services(by=hall.by, now=NOW)
    ip, tax = (ExtendedService.objects.get(code=code) for code in ("ip", "tax"))
    permits.offer_services(by=hall.by, now=NOW, point=hall.point, extended=[ip, tax])
    later = NOW + timedelta(days=3)
    permits.offer_services(by=hall.by, now=later, point=hall.point, extended=[tax])
    assert [one.extended for one in queries.services_of(point=hall.point)] == [tax]


# Appointments and the queue ----------------------------------------------------------------------


def test_slots_are_cut_from_the_opening_hours_and_none_on_a_day_it_is_closed(hall: Hall) -> None:
    made = permits.open_point_slots(
        by=hall.by, now=NOW, point=hall.point, first=SATURDAY, last=MONDAY, minutes=30, places=2
    )
    assert made == 13
    again = permits.open_point_slots(
        by=hall.by, now=NOW, point=hall.point, first=SATURDAY, last=MONDAY, minutes=30, places=9
    )
    assert again == 0
    assert {one.places for one in PointSlot.objects.filter(point=hall.point)} == {2}


def test_the_last_place_is_given_once_and_the_database_itself_keeps_it(hall: Hall) -> None:
    slot = hall.slots()[0]
    permits.book_appointment(by=hall.by, now=NOW, slot=slot, who="钱二", phone="13900000001")
    with pytest.raises(Refused, match="刚被约走"):
        permits.book_appointment(by=hall.by, now=NOW, slot=slot, who="孙三", phone="13900000002")
    with pytest.raises(DatabaseError), transaction.atomic():
        PointSlot.objects.filter(pk=slot.pk).update(taken=2)


def test_one_telephone_has_one_place_a_day_and_is_not_kept(hall: Hall) -> None:
    first, second = hall.slots()[:2]
    booked = permits.book_appointment(
        by=hall.by, now=NOW, slot=first, who="钱二", phone="139-0000-0001"
    ).appointment
    assert "13900000001" not in str(Appointment.objects.filter(pk=booked.pk).values())
    with pytest.raises(Refused, match="已有一个预约"):
        permits.book_appointment(by=hall.by, now=NOW, slot=second, who="钱二", phone="13900000001")
    permits.cancel_appointment(by=hall.by, now=NOW, appointment=booked)
    permits.book_appointment(by=hall.by, now=NOW, slot=second, who="钱二", phone="13900000001")
    first.refresh_from_db()
    assert first.taken == 0


def test_whoever_has_the_link_cancels_and_sees_nothing_else(hall: Hall, of: Of) -> None:
    first, second = hall.slots()[:2]
    visitor = queries.visitor_of("east")
    assert visitor is not None
    with acting(visitor):
        booked = permits.book_appointment(
            by=visitor, now=NOW, slot=first, who="钱二", phone="13900000001"
        )
        assert not Appointment.objects.exists()
    permits.book_appointment(by=hall.by, now=NOW, slot=second, who="孙三", phone="13900000002")
    holder = Actor(zone_id=hall.by.zone_id, key=queries.hash_of(booked.token))
    with acting(holder):
        assert [one.who for one in Appointment.objects.all()] == ["钱二"]
        row = queries.appointment_by_key(by=holder)
        assert row is not None
        permits.cancel_appointment(by=holder, now=NOW, appointment=row)
    first.refresh_from_db()
    assert first.taken == 0


def test_numbers_are_called_in_turn_and_booked_ones_at_their_time(hall: Hall) -> None:
    hall.slots(FRIDAY)
    early = NOW - timedelta(hours=2)
    booked = permits.book_appointment(
        by=hall.by, now=early, slot=PointSlot.objects.get(point=hall.point, day=FRIDAY, from_time="10:00"),
        who="钱二", phone="13900000001",
    ).appointment  # fmt: skip
    one = permits.take_number(by=hall.by, now=NOW, point=hall.point)
    two = permits.take_number(by=hall.by, now=NOW, point=hall.point, appointment=booked)
    assert (one.shown, two.shown) == ("A001", "Y002")
    later = NOW + timedelta(minutes=6)
    called = permits.call_next_number(by=hall.by, now=later, point=hall.point, window="3")
    assert called is not None and called.shown == "Y002"
    permits.skip_number(by=hall.by, now=later, ticket=called)
    permits.call_number_again(by=hall.by, now=later, ticket=called, window="")
    permits.serve_number(by=hall.by, now=later, ticket=called)
    with pytest.raises(Refused, match="Y002"):
        permits.skip_number(by=hall.by, now=later, ticket=called)
    next_one = permits.call_next_number(by=hall.by, now=later, point=hall.point, window="3")
    assert next_one is not None and next_one.shown == "A001"
    assert permits.call_next_number(by=hall.by, now=later, point=hall.point, window="3") is None
    shown = queries.point_day(point=hall.point, day=FRIDAY)
    assert shown.mean_wait == timedelta(minutes=6)


# Records and figures -----------------------------------------------------------------------------


def test_a_record_is_never_changed_and_a_correction_stands_beside_it(hall: Hall) -> None:
    row = hall.record(words="商标")
    with pytest.raises(DatabaseError), transaction.atomic():
        ServiceRecord.objects.filter(pk=row.pk).update(words="别的")
    right = permits.correct_record(
        by=hall.by, now=NOW, record=row, reason="记错企业",
        served=permits.Served(kind=Kind.CASE, party=hall.other),
    )  # fmt: skip
    assert [one.pk for one in figures.standing_records(zone_id=hall.by.zone_id)] == [right.pk]
    with pytest.raises(Refused, match="已经更正"):
        permits.correct_record(by=hall.by, now=NOW, record=row, reason="再改")
    permits.correct_record(by=hall.by, now=NOW, record=right, reason="没有这回事")
    assert not figures.standing_records(zone_id=hall.by.zone_id).exists()
    assert ServiceRecord.objects.count() == 3


def test_enterprises_are_counted_once_and_each_figure_opens_to_its_records(hall: Hall) -> None:
    permits.seed_extended_services(by=hall.by, now=NOW)
    ip = ExtendedService.objects.get(code="ip")
    hall.record()
    hall.record()
    hall.record(Kind.AGENCY, hall.other)
    hall.record(Kind.EXTENDED, hall.other, extended=ip)
    permits.record_service(
        by=hall.by, now=NOW, point=hall.point,
        served=permits.Served(kind=Kind.ADVICE, name="路过的王先生"),
    )  # fmt: skip
    for service in ("入网", "入网", "开户"):
        permits.record_licence_use(by=hall.by, now=NOW, service=service, party=hall.party)
    whole, rows = figures.point_figures(zone_id=hall.by.zone_id, first=FRIDAY, last=FRIDAY)
    one = next(row for row in rows if row.point == hall.point)
    assert (one.enterprises, one.cases, one.agency_enterprises) == (3, 3, 1)
    assert (one.extended_enterprises, one.advice, whole.licence_entities) == (1, 1, 1)
    wanted = RecordFilter(point=hall.point.pk, kind=Kind.AGENCY)
    assert figures.records(zone_id=hall.by.zone_id, wanted=wanted).count() == 1
    assert (
        figures.hall_figures(zone_id=hall.by.zone_id, hall=hall.point.name, first=None, last=None)
        == figures.point_figures(zone_id=hall.by.zone_id)[1][0]
    )
    assert (
        figures.licence_entity_count(
            zone_id=hall.by.zone_id, service="入网", first=None, last=FRIDAY
        )
        == 1
    )
    nothing, _rows = figures.point_figures(zone_id=hall.by.zone_id, last=date(2026, 11, 19))
    assert nothing.records == 0


# Mandates ----------------------------------------------------------------------------------------


@pytest.fixture
def case(hall: Hall) -> Case:
    zone = hall.by.zone_id
    thing = Thing.objects.create(
        zone_id=zone, code="restaurant-x", name="开办餐饮店", created_on=FRIDAY
    )
    version = ThingVersion.objects.create(zone_id=zone, thing=thing, number=1, body={})
    return Case.objects.create(
        zone_id=zone, number="YJS-1", thing_version=version, party=hall.party, drafted_at=NOW
    )


def test_an_agent_acts_only_under_a_mandate_in_force_and_within_its_scope(
    hall: Hall, case: Case
) -> None:
    assert not may_act_for(hall.by, case, FRIDAY)
    row = hall.mandate()
    assert may_act_for(hall.by, case, FRIDAY)
    assert not may_act_for(hall.officer, case, FRIDAY)
    assert not may_act_for(hall.by, case, FRIDAY + timedelta(days=31))
    assert not may_act_for(hall.by, case, FRIDAY - timedelta(days=1))
    permits.end_mandate(by=hall.by, now=NOW, mandate=row, reason="企业收回")
    assert not may_act_for(hall.by, case, FRIDAY)
    other = Thing.objects.create(
        zone_id=hall.by.zone_id, code="other-x", name="别的", created_on=FRIDAY
    )
    hall.mandate(things=[other])
    assert not may_act_for(hall.by, case, FRIDAY)
    hall.mandate(things=[other, case.thing_version.thing])
    assert may_act_for(hall.by, case, FRIDAY)


def test_a_firm_acts_as_agent_and_the_principal_takes_it_back_itself(
    hall: Hall, case: Case
) -> None:
    row = hall.mandate(agent_post=None, agent_party=hall.other)
    agent, principal = hall.spokesman(hall.other), hall.spokesman()
    with acting(agent):
        assert may_act_for(agent, case, FRIDAY)
        with pytest.raises(Refused, match="委托"):
            permits.end_mandate(by=agent, now=NOW, mandate=row, reason="不想干了")
    with acting(principal):
        permits.end_mandate(by=principal, now=NOW, mandate=row, reason="自己办")
    assert not may_act_for(agent, case, FRIDAY)


def test_nobody_is_agent_without_the_paper_or_of_itself(hall: Hall) -> None:
    with pytest.raises(Refused):
        hall.mandate(upload=BytesIO(b"just words"), file_name="x.txt")
    with pytest.raises(Refused, match="自己"):
        hall.mandate(agent_post=None, agent_party=hall.party)


# Hostile -----------------------------------------------------------------------------------------


def test_another_zone_and_another_enterprise_find_nothing(hall: Hall) -> None:
    hall.record()
    hall.mandate()
    permits.record_licence_use(by=hall.by, now=NOW, service="入网", party=hall.party)
    slot = hall.slots()[0]
    permits.book_appointment(
        by=hall.by, now=NOW, slot=slot, who="钱二", phone="13900000001", party=hall.party
    )
    tables = (ServiceRecord, AgencyMandate, LicenceUse, Appointment)
    with acting(hall.west):
        assert not any(table.objects.exists() for table in (*tables, ServicePoint, PointSlot))
        with pytest.raises(Refused):
            permits.take_number(by=hall.west, now=NOW, point=hall.point)
        with pytest.raises(DatabaseError), transaction.atomic():
            ServiceRecord.objects.create(
                zone_id=hall.by.zone_id, point=hall.point, kind=Kind.ADVICE, name="x", at=NOW,
                recorded_at=NOW,
            )  # fmt: skip
    with acting(hall.spokesman(hall.other)):
        assert not any(table.objects.exists() for table in (*tables, QueueTicket))
    mine = hall.spokesman()
    with acting(mine):
        assert all(table.objects.count() == 1 for table in tables)
        with pytest.raises(Refused):
            hall_record = permits.Served(kind=Kind.ADVICE, party=hall.party)
            permits.record_service(by=mine, now=NOW, point=hall.point, served=hall_record)
        with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("update appointment set who = 'x'")


# Pages -------------------------------------------------------------------------------------------


def test_the_pages_open_and_a_service_is_recorded_in_one_form(of: Of, sign_in: SignIn) -> None:
    hall = built(of)
    with acting(hall.by):
        hall.slots(places=2)
        record, mandate = hall.record(), hall.mandate()
        permits.take_number(by=hall.by, now=timezone.now(), point=hall.point)
    client, key = sign_in("east-desk"), hall.point.pk
    for address in (
        "/points/", "/points/new/", f"/points/{key}/", f"/points/{key}/change/",
        f"/points/{key}/services/", f"/points/{key}/day/", f"/points/{key}/day/?on=2026-11-23",
        f"/points/{key}/book/", f"/points/{key}/record/", "/points/records/?all=1",
        f"/points/records/{record.pk}/?do=correct", "/points/licence-uses/", "/points/figures/",
        "/mandates/", "/mandates/new/", f"/mandates/{mandate.pk}/?do=end",
        f"/mandates/{mandate.pk}/file/", "/public/points/east/", "/public/points/east/yungu/",
        "/public/points/east/yungu/book/", "/public/points/east/yungu/calls/",
        "/points/records/?export=xlsx", "/points/licence-uses/?export=csv",
        "/points/figures/?export=xlsx", "/mandates/?export=xlsx",
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address
    answer = client.post(f"/points/{key}/record/", {"who": "北辰模具有限公司", "kind": "advice"})
    assert answer.status_code == 302
    assert client.post(f"/points/{key}/do/next/", {"window": "3"}).status_code == 302
    with acting(hall.by):
        assert ServiceRecord.objects.get(kind="advice").party == hall.other
        assert QueueTicket.objects.get().window == "3"
    assert sign_in("west-desk").get(f"/points/{key}/").status_code == 404


def test_a_stranger_books_on_the_page_and_cancels_by_the_link(of: Of, client: Client) -> None:
    hall = built(of)
    day = timezone.localdate() + timedelta(days=7)
    with acting(hall.by):
        permits.open_point_slots(
            by=hall.by, now=timezone.now(), point=hall.point, first=day,
            last=day + timedelta(days=6), minutes=60, places=1,
        )  # fmt: skip
        slot = PointSlot.objects.order_by("day", "from_time")[0]
    address = "/public/points/east/yungu/book/"
    wrong = client.post(address, {"slot": slot.pk, "who": "钱二", "phone": "1"})
    assert wrong.status_code == 422 and "钱二" in wrong.content.decode()
    answer = client.post(address, {"slot": slot.pk, "who": "钱二", "phone": "13900000001"})
    assert answer.status_code == 302
    own = answer["Location"].split("?")[0]
    assert client.get(own).status_code == 200
    assert client.post(own).status_code == 302
    with acting(hall.by):
        assert Appointment.objects.get().state == Appointment.State.CANCELLED
    assert client.get("/public/appointments/abc/").status_code == 404
