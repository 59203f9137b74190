"""The desks people can sit down at: believable work of today, lights of every colour, deputies."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation

from tests.town import NOW
from xiaoer.base import queries as base
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting
from xiaoer.demo import queries
from xiaoer.demo.models import Persona
from xiaoer.work import queries as work
from xiaoer.work.queries import InboxRow

pytestmark = [
    pytest.mark.usefixtures("demo_database"),
    pytest.mark.django_db,
    pytest.mark.urls("xiaoer.demo.tests.demo_urls"),
]
# Their desks hold figures, accounts, their own requests or all zones, and their cards say so.
LOOK_ON = frozenset(
    {Role.STATISTICS, Role.ADMINISTRATOR, Role.ENTERPRISE, Role.PARK_OPERATOR, Role.CITY}
)
CHINESE = re.compile("[一-鿿]")


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


def actor_of(row: Persona) -> Actor:
    by = base.chosen_post(account_id=row.account_id, wanted=None)
    assert by is not None
    return by


def inboxes() -> dict[str, tuple[InboxRow, ...]]:
    found = {}
    for row in Persona.objects.all():
        by = actor_of(row)
        if by.role in LOOK_ON:
            continue
        with acting(by):
            found[row.name] = work.inbox(by, NOW)
    return found


def test_whoever_works_has_something_to_do_today() -> None:
    for name, rows in inboxes().items():
        assert rows, name


def test_the_first_desk_has_a_full_day_with_every_light() -> None:
    rows = inboxes()["周敏"]
    assert len(rows) >= 4
    assert {row.light for row in rows} >= {"red", "amber", "green"}


def test_desks_have_lights_of_every_colour_and_most_of_it_is_in_time() -> None:
    lights = Counter(row.light for rows in inboxes().values() for row in rows)
    assert lights["red"] >= 4
    assert lights["amber"] >= 8
    assert lights["green"] >= 8
    assert lights["red"] < lights["green"]


def test_somebody_stands_in_for_a_colleague_who_is_away() -> None:
    for_others = [row for rows in inboxes().values() for row in rows if row.deputising_for]
    assert for_others
    assert all(row.deputising_for == row.holder for row in for_others)


def test_titles_are_chinese_and_what_to_do_does_not_repeat_them() -> None:
    for rows in inboxes().values():
        # A matter stands once for each who has it: oneself, one's office, whom one stands in for.
        assert len({(row.matter_id, row.holder) for row in rows}) == len(rows)
        for row in rows:
            assert CHINESE.search(row.title)
            assert CHINESE.search(row.why)
            assert row.title not in row.why
            kind, dot, what = row.why.partition(" · ")
            assert not dot or not what.endswith(kind), row.why


def test_a_card_that_speaks_of_work_finds_that_work_on_the_desk() -> None:
    said = {desk.name: desk.line for desk in queries.desks(now=NOW)}
    for name, rows in inboxes().items():
        assert str(len(rows)) in re.findall(r"\d+", said[name]), (name, said[name])
    assert all(re.search(r"\d", line) for line in said.values())


def test_the_promise_stands_beside_figures_of_the_records() -> None:
    firms, confirmed, mark = queries.promises(now=NOW)
    assert firms.figure == "2,991"
    assert confirmed.figure is not None
    assert 85 < float(confirmed.figure) < 99
    assert mark.figure is not None
    assert 3.5 < float(mark.figure) < 5


def test_the_promise_has_no_figures_where_the_process_is_no_demo() -> None:
    assert Client().get("/demo/promises/").status_code == 404
