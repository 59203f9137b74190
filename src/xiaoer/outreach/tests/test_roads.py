"""Distances by road come in sheets as dirty as any: good rows are taken, every other is named."""

from io import BytesIO

import openpyxl
import pytest

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.outreach.models import RoadDistance, RoadSheet
from xiaoer.outreach.tests.conftest import Town
from xiaoer.outreach.tests.outing import Field, built

HEAD = "起点,终点,里程（公里）,行车时间（分钟）"


@pytest.fixture
def field(town: Town) -> Field:
    return built(town)


def bring(field: Field, *rows: str, head: str = HEAD, who: str = "east-desk") -> RoadSheet:
    text = "\n".join([head, *rows])
    sheet: RoadSheet = field.do(
        who, "import_roads", stream=BytesIO(text.encode("utf-8-sig")), name="里程.csv"
    )
    return sheet


def roads(field: Field) -> dict[tuple[int | None, int | None], tuple[int, int | None]]:
    with acting(system(field.zone_id)):
        rows = RoadDistance.objects.values_list("from_party_id", "to_party_id", "metres", "seconds")
        return {(a, b): (metres, seconds) for a, b, metres, seconds in rows}


def test_good_rows_are_taken_there_and_back_apart(field: Field) -> None:
    one, two = field.firms[:2]
    sheet = bring(
        field,
        f"驻地,{one.name},3.2,9",
        f"{one.name},驻地,4.1公里,",
        f"{one.name},{two.name},500米,2",
    )
    assert (sheet.read, sheet.taken, sheet.rejected, sheet.missing) == (3, 3, 0, 3)
    assert roads(field) == {
        (None, one.pk): (3200, 540),
        (one.pk, None): (4100, None),
        (one.pk, two.pk): (500, 120),
    }


def test_every_bad_row_is_named_with_its_reason(field: Field) -> None:
    one, two = field.firms[:2]
    sheet = bring(
        field,
        f"{one.name},{two.name},2.5,6",
        f"{one.name},没有这家企业,2.5,6",
        f"{one.name},{two.name},2.6,6",
        f"{two.name},{one.name},-3,6",
        f"{two.name},驻地,很远,6",
        f"{one.name},{one.name},1,6",
        f"驻地,{two.name},5000,6",
        f"驻地,{one.name},,6",
    )
    assert (sheet.read, sheet.taken, sheet.rejected) == (8, 1, 7)
    assert [row for row, _column, _words in sheet.problems] == [3, 4, 5, 6, 7, 8, 9]
    assert all(words for _row, _column, words in sheet.problems)
    assert roads(field) == {(one.pk, two.pk): (2500, 360)}


def test_a_later_sheet_replaces_a_pair_and_adds_others(field: Field) -> None:
    one, two = field.firms[:2]
    bring(field, f"驻地,{one.name},3,9")
    bring(field, f"驻地,{one.name},5,12", f"驻地,{two.name},1,3")
    assert roads(field) == {(None, one.pk): (5000, 720), (None, two.pk): (1000, 180)}


def test_a_workbook_with_metres_and_a_title_is_read(field: Field) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["东区路网里程表", None, None])
    sheet.append(["出发企业", "到达企业", "距离（米）"])
    sheet.append([field.firms[0].name, field.firms[1].name, 2750])
    body = BytesIO()
    book.save(body)
    body.seek(0)
    taken = field.do("east-desk", "import_roads", stream=body, name="里程.xlsx")
    assert taken.taken == 1
    assert set(roads(field).values()) == {(2750, None)}


@pytest.mark.parametrize(
    "text", ["甲,乙\n1,2", HEAD, f"{HEAD}\n甲,乙,1,2", "%PDF-1.4 nothing", "起点,终点\n甲,乙"]
)
def test_a_sheet_of_nothing_is_refused_with_words(field: Field, text: str) -> None:
    with pytest.raises(Refused) as refused:
        field.do("east-desk", "import_roads", stream=BytesIO(text.encode()), name="x.csv")
    assert str(refused.value)
    assert roads(field) == {}


def test_an_officer_brings_in_no_roads(field: Field) -> None:
    with pytest.raises(Refused):
        bring(field, f"驻地,{field.firms[0].name},3,9", who="east-officer")


def test_another_zone_sees_no_road_and_knows_none_of_our_firms(field: Field) -> None:
    bring(field, f"驻地,{field.firms[0].name},3,9")
    with acting(field.of("west-desk")):
        assert not RoadDistance.objects.exists() and not RoadSheet.objects.exists()
    with pytest.raises(Refused):
        bring(field, f"驻地,{field.firms[0].name},3,9", who="west-desk")


def test_a_route_goes_by_the_roads_that_are_known_and_says_what_is_guessed(field: Field) -> None:
    one = field.firms[0]
    bring(field, f"驻地,{one.name},7,20", f"{one.name},驻地,7,20")
    field.plan(one)
    assert field.search().guessed == 0
    row = field.round()
    assert (row.metres, row.guessed_legs) == (14_000, 0)
