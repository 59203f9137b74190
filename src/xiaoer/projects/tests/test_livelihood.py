"""The livelihood list: on schedule by its steps, places, corrections, the next year, who may."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from PIL import Image

from tests.town import NOW
from xiaoer.base.models import Office, Role, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.projects.actions import livelihood
from xiaoer.projects.models import (
    Light,
    LivelihoodFigure,
    LivelihoodItem,
    LivelihoodPicture,
    LivelihoodPlace,
)
from xiaoer.projects.queries import livelihood as queries
from xiaoer.projects.queries.livelihood import PlaceFilter, Schedule

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
TODAY = date(2026, 11, 20)


@pytest.fixture
def west(of: Of) -> Actor:
    return of("west-desk")


@pytest.fixture
def power(of: Of) -> Actor:
    return of("east-power")


@pytest.fixture
def desk(of: Of, west: Actor, power: Actor) -> Iterator[Actor]:
    by = of("east-desk")
    with acting(by):
        yield by


def facts(by: Actor, name: str = "新增普惠托位", **more: object) -> livelihood.ItemFacts:
    said: dict[str, object] = {
        "category": "教育",
        "name": name,
        "promise": f"{name}，年底前完成。",
        "office": Office.objects.get(zone_id=by.zone_id, name="供电服务中心"),
    }
    return livelihood.ItemFacts(**said | more)  # type: ignore[arg-type]  # each test names its own


def opened(
    by: Actor, name: str = "新增普惠托位", year: int = 2026, **more: object
) -> LivelihoodItem:
    return livelihood.open_item(by=by, now=NOW, year=year, facts=facts(by, name, **more))


def standing(item: LivelihoodItem, on: date = TODAY) -> queries.ItemStanding:
    row = queries.items_of(zone_id=item.zone_id).get(pk=item.pk)
    return queries.standing_of(row, on)


def step(by: Actor, item: LivelihoodItem, due: date, done: date | None = None) -> None:
    made = livelihood.add_item_step(by=by, now=NOW, item=item, name=f"节点{due}", due_on=due)
    if done:
        livelihood.finish_item_step(by=by, now=NOW, step=made, done_on=done)


def place(by: Actor, item: LivelihoodItem, name: str, **more: object) -> LivelihoodPlace:
    said: dict[str, object] = {"kind": "village", "name": name, "began_on": date(2026, 3, 1)}
    return livelihood.add_item_place(
        by=by, now=NOW, item=item, facts=livelihood.PlaceFacts(**said | more)  # type: ignore[arg-type]  # as above
    )  # fmt: skip


def test_items_are_numbered_through_the_year_and_grouped_by_category(desk: Actor) -> None:
    one, two = opened(desk), opened(desk, "改造农村路", category="交通")
    assert (one.number, two.number) == (1, 2)
    assert opened(desk, "下年事项", year=2027).number == 1
    listed = queries.year_of(zone_id=desk.zone_id, year=2026, on=TODAY)
    assert [category.name for category, _items in listed.categories] == ["教育", "交通"]
    assert queries.category_count(zone_id=desk.zone_id, year=2026) == 2


def test_an_item_without_steps_needs_data_and_is_never_on_schedule(desk: Actor) -> None:
    found = standing(opened(desk))
    assert (found.schedule, found.light) == (Schedule.NEEDS_DATA, Light.GREY)


def test_an_overdue_step_makes_it_late_until_it_is_done(desk: Actor) -> None:
    item = opened(desk)
    step(desk, item, date(2026, 10, 31))
    assert standing(item).schedule == Schedule.LATE
    assert standing(item).light == Light.RED
    assert standing(item, date(2026, 10, 31)).schedule == Schedule.ON_SCHEDULE
    late = item.steps.get()
    livelihood.finish_item_step(by=desk, now=NOW, step=late, done_on=date(2026, 11, 5))
    assert standing(item).schedule == Schedule.ON_SCHEDULE
    assert standing(item, date(2026, 11, 4)).schedule == Schedule.LATE


def test_completed_later_than_its_steps_said_is_not_on_schedule(desk: Actor) -> None:
    late, kept = opened(desk), opened(desk, "按时的")
    step(desk, late, date(2026, 10, 31), date(2026, 11, 5))
    step(desk, kept, date(2026, 10, 31), date(2026, 10, 30))
    for item, day in ((late, date(2026, 11, 5)), (kept, date(2026, 10, 30))):
        livelihood.complete_item(by=desk, now=NOW, item=item, completed_on=day, version=1)
    assert standing(late).schedule == Schedule.LATE
    assert standing(kept).schedule == Schedule.ON_SCHEDULE
    found = queries.items_on(
        zone_id=desk.zone_id, year=2026, on=TODAY, schedule=Schedule.ON_SCHEDULE, completed=True
    )
    assert [one.item.name for one in found] == ["按时的"]


def test_an_item_is_not_completed_while_a_step_is_open_or_without_steps(desk: Actor) -> None:
    item = opened(desk)
    with pytest.raises(Refused, match="没有节点"):
        livelihood.complete_item(by=desk, now=NOW, item=item, completed_on=TODAY, version=1)
    step(desk, item, date(2026, 12, 31))
    with pytest.raises(Refused, match="还没完成"):
        livelihood.complete_item(by=desk, now=NOW, item=item, completed_on=TODAY, version=1)


def test_ninety_of_a_hundred_and_sixty_two_places_are_55_6_percent_and_amber(desk: Actor) -> None:
    item = opened(desk, unit="个", target=Decimal(162), subject="nursery")
    step(desk, item, date(2026, 12, 31))
    month = date(2026, 9, 1)
    livelihood.report_item_figure(by=desk, now=NOW, item=item, month=month, value=Decimal(90))
    found = standing(item)
    assert found.completion == Fraction(5, 9)
    assert found.light == Light.AMBER
    reached = queries.reached(
        zone_id=desk.zone_id, subject="nursery", year=2026, on=date(2026, 9, 30)
    )
    assert reached is not None
    assert (reached.value, reached.completion) == (Decimal(90), Fraction(5, 9))
    before = date(2026, 8, 31)
    assert queries.reached(zone_id=desk.zone_id, subject="nursery", year=2026, on=before) is None


def test_a_reported_figure_is_corrected_by_a_new_row_with_its_reason(desk: Actor) -> None:
    item = opened(desk, unit="个", target=Decimal(162))
    month = date(2026, 9, 1)
    livelihood.report_item_figure(by=desk, now=NOW, item=item, month=month, value=Decimal(80))
    with pytest.raises(Refused, match="更正请说明原因"):
        livelihood.report_item_figure(by=desk, now=NOW, item=item, month=month, value=Decimal(90))
    livelihood.report_item_figure(
        by=desk, now=NOW, item=item, month=month, value=Decimal(90), note="漏报一处"
    )
    rows = list(LivelihoodFigure.objects.order_by("id").values_list("value", "is_current"))
    assert rows == [(Decimal(80), False), (Decimal(90), True)]
    assert standing(item).value == Decimal(90)


def test_bad_figures_are_refused(desk: Actor) -> None:
    item, uncounted = opened(desk, unit="个"), opened(desk, "不计数的")
    for row, month, value in (
        (item, date(2027, 1, 1), Decimal(1)),
        (item, date(2025, 12, 1), Decimal(1)),
        (item, date(2026, 9, 1), Decimal(-1)),
        (uncounted, date(2026, 9, 1), Decimal(1)),
    ):
        with pytest.raises(Refused):
            livelihood.report_item_figure(by=desk, now=NOW, item=row, month=month, value=value)
    with pytest.raises(Refused):
        opened(desk, "任务为零", unit="个", target=Decimal(0))


def test_places_are_counted_as_they_stood_on_a_day(desk: Actor) -> None:
    item = opened(desk, subject="rural_sewage")
    for name in ("前村", "后村", "东村"):
        place(desk, item, name)
    school = place(
        desk, item, "一小", kind="school", level="zone", was="小学", becomes="幼儿园",
        due_on=date(2026, 8, 31),
    )  # fmt: skip
    livelihood.finish_item_place(by=desk, now=NOW, place=school, done_on=date(2026, 8, 20))
    zone, count = desk.zone_id, queries.place_count
    under_way = PlaceFilter(on=TODAY, subject="rural_sewage", kind="village", state="in_progress")
    assert count(zone_id=zone, wanted=under_way) == 3
    done = PlaceFilter(on=TODAY, levels=("municipal", "zone"), state="completed")
    assert count(zone_id=zone, wanted=done) == 1
    assert count(zone_id=zone, wanted=PlaceFilter(on=date(2026, 8, 1), state="completed")) == 0
    turned = PlaceFilter(on=TODAY, was="小学", becomes="幼儿园")
    assert [one.name for one in queries.places_on_schedule(zone_id=zone, wanted=turned)] == ["一小"]
    # The villages have no day of their own and their item has no steps: nobody knows.
    villages = PlaceFilter(on=TODAY, kind="village")
    assert queries.places_on_schedule(zone_id=zone, wanted=villages) == []
    with pytest.raises(Refused, match="已是本事项的点位"):
        place(desk, item, "前村")


def test_what_is_open_goes_on_next_year_and_the_old_item_says_why(desk: Actor) -> None:
    item = opened(desk, unit="个", target=Decimal(10))
    step(desk, item, date(2026, 6, 30), date(2026, 6, 1))
    step(desk, item, date(2026, 12, 31))
    place(desk, item, "前村")
    following = livelihood.take_to_next_year(
        by=desk, now=NOW, item=item, reason="跨年实施", version=1
    )
    assert (following.year, following.number, following.carried_from_id) == (2027, 1, item.pk)
    assert [one.due_on for one in following.steps.all()] == [date(2026, 12, 31)]
    assert following.places.count() == 1
    assert standing(item).schedule == Schedule.ENDED
    with pytest.raises(Refused, match="不能再填报"):
        step(desk, LivelihoodItem.objects.get(pk=item.pk), date(2026, 12, 1))


def test_the_office_that_answers_reports_and_only_keepers_open_items(
    desk: Actor, power: Actor
) -> None:
    item = opened(desk, unit="个")
    with acting(power):
        livelihood.add_item_step(
            by=power, now=NOW, item=item, name="开工", due_on=date(2026, 12, 1)
        )
        with pytest.raises(Refused, match="由领导"):
            opened(power)
        with pytest.raises(Refused):
            livelihood.show_item(by=power, now=NOW, item=item, is_public=True)


def test_another_office_does_not_report(of: Of) -> None:
    by, land = of("east-desk"), of("east-land")
    with acting(by):
        item = opened(by, unit="个")
    with acting(land), pytest.raises(Refused, match="供电服务中心负责"):
        livelihood.report_item_figure(
            by=land, now=NOW, item=item, month=date(2026, 9, 1), value=Decimal(1)
        )


# Row security ------------------------------------------------------------------------------------


def photo() -> BytesIO:
    kept = BytesIO()
    Image.new("RGB", (40, 30), "green").save(kept, "JPEG")
    kept.seek(0)
    return kept


def list_with_two_items(by: Actor) -> tuple[LivelihoodItem, LivelihoodItem, int, int]:
    """One public item with a public and a hidden picture, one item that is not public."""
    shown, hidden = opened(by), opened(by, "内部事项")
    for item in (shown, hidden):
        step(by, item, date(2026, 12, 31))
        place(by, item, "前村")
    livelihood.show_item(by=by, now=NOW, item=shown, is_public=True)
    seen, unseen = (
        livelihood.put_picture(
            by=by, now=NOW, item=shown, upload=photo(), file_name="a.jpg", moment=moment,
            is_public=is_public,
        )
        for moment, is_public in (("after", True), ("before", False))
    )  # fmt: skip
    return shown, hidden, seen.pk, unseen.pk


COUNTS = (
    "livelihood_item",
    "livelihood_category",
    "livelihood_step",
    "livelihood_place",
    "livelihood_figure",
    "livelihood_picture",
)


def counts() -> list[int]:
    found = []
    with connection.cursor() as cursor:
        for table in COUNTS:
            cursor.execute(f"select count(*) from {table}")
            found.append(cursor.fetchone()[0])
    return found


def test_another_zone_sees_and_writes_nothing(desk: Actor, west: Actor) -> None:
    shown, *_rest = list_with_two_items(desk)
    with acting(west):
        assert counts() == [0] * 6
        assert queries.item_of(by=west, item_id=shown.pk) is None
        with pytest.raises(LivelihoodItem.DoesNotExist):
            livelihood.show_item(by=west, now=NOW, item=shown, is_public=False)
        with pytest.raises(DatabaseError), transaction.atomic():
            LivelihoodPlace.objects.create(
                zone_id=west.zone_id, item_id=shown.pk, kind="village", name="外村",
                began_on=TODAY,
            )  # fmt: skip


def test_residents_and_enterprises_read_what_is_public_and_write_nothing(desk: Actor) -> None:
    shown, hidden, seen, _unseen = list_with_two_items(desk)
    code = Zone.objects.get(pk=desk.zone_id).code
    anybody = queries.anybody_in(zone_code=code)
    assert anybody is not None
    firm = Actor(zone_id=desk.zone_id, role=Role.ENTERPRISE, party_ref=1, name="某厂")
    for reader in (anybody, firm):
        with acting(reader):
            assert counts() == [1, 1, 1, 1, 0, 1]
            assert [one.pk for one in queries.public_items(zone_id=desk.zone_id, year=2026)] == [
                shown.pk
            ]
            assert list(LivelihoodPicture.objects.values_list("pk", flat=True)) == [seen]
            with pytest.raises(Refused):
                opened(reader)
            with pytest.raises(DatabaseError), transaction.atomic():
                LivelihoodItem.objects.filter(pk=shown.pk).update(name="改")
    assert hidden.is_public is False


# Doors -------------------------------------------------------------------------------------------


@pytest.fixture
def listed(of: Of) -> tuple[LivelihoodItem, LivelihoodItem, int, int]:
    by = of("east-desk")
    with acting(by):
        return list_with_two_items(by)


Listed = tuple[LivelihoodItem, LivelihoodItem, int, int]


def test_the_pages_the_sheet_and_the_paper(listed: Listed, sign_in: SignIn) -> None:
    shown, hidden, seen, _unseen = listed
    client = sign_in("east-desk")
    page = client.get("/livelihood/?year=2026").content.decode()
    assert "新增普惠托位" in page
    assert "内部事项" in page
    assert client.get("/livelihood/?year=2026&export=xlsx").status_code == 200
    assert client.get("/livelihood/list.pdf?year=2026").content[:4] == b"%PDF"
    assert client.get("/livelihood/places/?export=csv").status_code == 200
    for query in ("", "?do=step", "?do=place", "?do=picture", "?do=complete", "?do=drop"):
        assert client.get(f"/livelihood/{shown.pk}/{query}").status_code == 200
    assert client.get(f"/livelihood/pictures/{seen}/file/").status_code == 200
    assert client.get(f"/livelihood/{hidden.pk}/change/").status_code == 200
    other = sign_in("west-desk")
    assert other.get(f"/livelihood/{shown.pk}/").status_code == 404
    assert other.get(f"/livelihood/pictures/{seen}/file/").status_code == 404


def test_an_item_is_opened_reported_and_carried_on_by_forms(sign_in: SignIn, of: Of) -> None:
    client, by = sign_in("east-desk"), of("east-desk")
    with acting(by):
        office = Office.objects.get(zone_id=by.zone_id, name="供电服务中心").pk
    typed = {"year": "2026", "category": "教育", "name": "新增托位", "promise": "新增 162 个",
             "office": office, "unit": "个", "target": "162"}  # fmt: skip
    made = client.post("/livelihood/new/", typed)
    assert made.status_code == 302
    at = made["Location"]
    assert client.post(f"{at}do/step/", {"name": "验收", "due_on": "2026-12-20"}).status_code == 302
    assert client.post(f"{at}do/figure/", {"month": "9", "value": "90"}).status_code == 302
    assert "55.6%" in client.get(at).content.decode()
    assert client.post(f"{at}do/figure/", {"month": "9", "value": "x"}).status_code == 422
    assert client.post(f"{at}do/nothing/", {}).status_code == 404
    assert client.post("/livelihood/show/", {"year": "2026"}).status_code == 302


def test_residents_read_the_public_page_without_signing_in_and_without_names(
    listed: Listed,
) -> None:
    _shown, _hidden, seen, unseen = listed
    client = Client()
    page = client.get("/public/livelihood/east/").content.decode()
    assert "新增普惠托位" in page
    assert "内部事项" not in page
    for name in ("台一", "领一", "电一"):
        assert name not in page
    assert client.get(f"/public/livelihood/east/pictures/{seen}/file/").status_code == 200
    assert client.get(f"/public/livelihood/east/pictures/{unseen}/file/").status_code == 404
    assert client.get(f"/public/livelihood/west/pictures/{seen}/file/").status_code == 404
    assert client.get("/public/livelihood/nowhere/").status_code == 404
    assert "新增普惠托位" not in client.get("/public/livelihood/west/").content.decode()
    told = client.get("/api/v1/public/livelihood/east").json()
    assert [one["name"] for one in told["items"]] == ["新增普惠托位"]
    assert "office" not in told["items"][0]


def test_the_api_reads_and_writes(sign_in: SignIn, listed: Listed) -> None:
    client = sign_in("east-desk")
    shown = listed[0]
    told = client.get("/api/v1/livelihood?year=2026").json()
    assert (len(told["items"]), told["on_schedule"], told["categories"]) == (2, 2, 1)
    assert client.get("/api/v1/livelihood/places?kind=village").json()["total"] == 2
    made = client.post(
        f"/api/v1/livelihood/{shown.pk}/steps",
        {"name": "公示", "due_on": "2026-12-01"},
        content_type="application/json",
    )
    assert made.status_code == 200
    assert len(made.json()["steps"]) == 2
    other = sign_in("west-desk")
    assert other.get(f"/api/v1/livelihood/{shown.pk}").status_code == 404


def test_a_year_costs_the_same_questions_however_long_it_is(
    desk: Actor, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(6):
        item = opened(desk, f"事项{number}")
        step(desk, item, date(2026, 12, 31))
    with django_assert_max_num_queries(6):  # type: ignore[attr-defined]  # pytest-django's
        assert len(queries.year_of(zone_id=desk.zone_id, year=2026, on=TODAY).items) == 6
