"""Many applications at once, with real commits: none lost, none twice, every number its own; and a
server killed between the papers and the submission."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from conftest import point_django_at
from tests import database as databases
from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.config import database
from xiaoer.permits import actions as permits
from xiaoer.permits.models import Case, CaseEvent, CaseMaterial
from xiaoer.permits.tests.applying_town import Counter, built, pdf
from xiaoer.work.models import Matter, Task

CASES, AT_ONCE = 48, 8
A_HOUR = 500


@pytest.fixture
def real_counter(
    django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> Iterator[Counter]:
    """The counter in a database of its own where everything is really committed."""
    name = f"{databases.PREFIX}_submitting_{worker_id}"
    own = databases.clone(databases.template("town"), name)
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        point_django_at(own.web)
        try:
            yield built()
        finally:
            point_django_at(own.of_database(before).web)
    database.drop_database(own)


def drafts(counter: Counter, count: int) -> list[tuple[str, int]]:
    """Drafts of strangers with everything in them: their secrets and numbers."""
    made = []
    for number in range(count):
        # A zone takes so many begun without a sign-in in an hour and no more.
        begun = NOW - timedelta(hours=count // A_HOUR - number // A_HOUR)
        secret = f"secret-{number:04}"
        case = counter.begun_by_stranger(
            secret, now=begun, contact_phone=f"139{number:08}",
            applicant_name=f"第{number}家小饭店有限公司",
        )  # fmt: skip
        by = counter.stranger(secret)
        counter.do(by, "fill_case", case, form={"firm": "小饭店", "area": "12"})
        counter.do(by, "promise_material", case, paper_code="test-plan")
        made.append((secret, case.pk))
    file = counter.do(
        counter.stranger(made[0][0]),
        "give_material",
        Case(pk=made[0][1]),
        paper_code="test-lease",
        upload=pdf(),
    )
    with acting(system(counter.zone_id)):
        CaseMaterial.objects.bulk_create(
            CaseMaterial(
                zone_id=counter.zone_id, case_id=pk, paper_code="test-lease", name="租赁合同",
                state="given", file_id=file.file_id, file_name="a.pdf", given_at=NOW,
            )
            for _secret, pk in made[1:]
        )  # fmt: skip
    return made


def submit(counter: Counter, secret: str, pk: int) -> str:
    by = counter.stranger(secret)
    try:
        with acting(by):
            return permits.submit_case(by=by, now=NOW, case=Case(pk=pk)).number
    except Refused:
        return ""
    finally:
        connections.close_all()


def test_of_many_at_once_none_is_lost_and_none_goes_in_twice(real_counter: Counter) -> None:
    counter = real_counter
    made = drafts(counter, CASES)
    # Every application is sent twice, as an impatient finger does.
    sent = [one for one in made for _twice in range(2)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        numbers = list(pool.map(lambda one: submit(counter, *one), sent))
    given = [number for number in numbers if number]
    assert len(given) == CASES
    assert len(set(given)) == CASES
    with acting(system(counter.zone_id)):
        rows = Case.objects.filter(state=Case.State.SUBMITTED)
        assert rows.count() == CASES
        assert rows.filter(party__isnull=True).count() == 0
        assert set(rows.values_list("number", flat=True)) == set(given)
        assert CaseEvent.objects.filter(verb="submit_case").count() == CASES
        assert Matter.objects.filter(kind="permit_case").count() == CASES
        assert Task.objects.filter(kind="accept_case").count() == CASES


def test_a_server_killed_between_papers_and_submission_loses_nothing_that_was_saved(
    real_counter: Counter,
) -> None:
    counter = real_counter
    ((secret, pk),) = drafts(counter, 1)

    class Killed(BaseException):
        """As the process would end: nobody catches it."""

    def die(**_said: object) -> None:
        raise Killed

    permits.case_submitted.connect(die)
    try:
        with pytest.raises(Killed):
            submit(counter, secret, pk)
    finally:
        permits.case_submitted.disconnect(die)
    with acting(system(counter.zone_id)):
        row = Case.objects.get(pk=pk)
        assert (row.state, row.form["firm"]) == (Case.State.DRAFT, "小饭店")
        assert row.materials.filter(state="given").count() == 1
        assert not Matter.objects.filter(kind="permit_case").exists()
    assert submit(counter, secret, pk).startswith("BJ-")
