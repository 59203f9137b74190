"""Joint acceptance twice at once, with real commits: one signature of a department, one day."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.together import Act, at_once, committed
from tests.town import NOW, actor
from xiaoer.base.checking import end_of
from xiaoer.base.models import JournalLine
from xiaoer.base.scope import acting
from xiaoer.permits.actions import acceptance
from xiaoer.permits.models import Acceptance, AcceptanceCheck, Defect, SiteDay
from xiaoer.permits.tests.built_site import DAY, MONDAY, NAMES, ON_SITE, Ready, build
from xiaoer.work.models import Task


@pytest.fixture
def ready(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[Ready]:
    """The factory, in a database of its own."""
    with committed(django_db_blocker, f"accepting_{worker_id}"):
        known = {name: actor(name) for name in NAMES}
        yield build(known.__getitem__)


def signing(ready: Ready, row: Acceptance, code: str, which: int = 0, key: str = "") -> Act:
    check = ready.checks(row)[code]
    by = ready.officer(check, which)
    second = ready.people[by.office][1 - which]
    point = acceptance.DefectFacts(f"第{which + 1}人所见", "消防法第十三条", MONDAY + 10 * DAY)
    return by, lambda: acceptance.sign_check(
        by=by, now=ON_SITE, check=check, second=second, defects=[point], client_key=key
    )


def test_two_inspectors_of_one_department_sign_once(ready: Ready) -> None:
    with acting(ready.desk):
        row = ready.scheduled()
        acts = [signing(ready, row, "fire", which, key=f"phone-{which}") for which in (0, 1)]
    said = at_once(*acts)
    no = [one for one in said if isinstance(one, str)]
    assert len(no) == 1 and "已" in no[0]
    with acting(ready.desk):
        assert Defect.objects.filter(acceptance=row).count() == 1
        assert JournalLine.objects.filter(verb="sign_check").count() == 1


def test_one_phone_sending_twice_at_once_signs_once_and_is_told_so(ready: Ready) -> None:
    with acting(ready.desk):
        row = ready.scheduled()
        act = signing(ready, row, "fire", key="phone")
    said = at_once(act, act)
    signed = [one for one in said if isinstance(one, acceptance.Signed)]
    assert sorted(one.is_again for one in signed) == [False, True]
    assert signed[0].defects == signed[1].defects
    with acting(ready.desk):
        assert Defect.objects.filter(acceptance=row).count() == 1


def test_the_last_two_departments_at_once_close_the_day_once(ready: Ready) -> None:
    with acting(ready.desk):
        row = ready.scheduled()
        codes = [code for code, check in ready.checks(row).items() if check.needs_visit]
        for code in codes[:-2]:
            ready.sign(row, code)
        acts = [signing(ready, row, code) for code in codes[-2:]]
    said = at_once(*acts)
    assert all(isinstance(one, acceptance.Signed) for one in said)
    with acting(ready.desk):
        row.refresh_from_db()
        assert (row.state, row.trips) == (Acceptance.State.VISITED, 1)
        assert Task.objects.filter(matter_id=row.matter_id or 0, kind="send_list").count() == 1


def test_two_days_fixed_at_once_leave_one_day_and_one_task_a_department(ready: Ready) -> None:
    with acting(ready.desk):
        row = ready.accepted()
        slots = [ready.slot(row, MONDAY), ready.slot(row, MONDAY + DAY)]

    def fixing(slot: acceptance.Slot) -> Act:
        by = ready.desk
        return by, lambda: acceptance.fix_site_day(by=by, now=NOW, acceptance=row, slot=slot)

    at_once(*map(fixing, slots))
    with acting(ready.desk):
        fixed = SiteDay.objects.get(acceptance=row, state=SiteDay.State.FIXED)
        visited = AcceptanceCheck.objects.filter(acceptance=row, needs_visit=True)
        tasks = Task.objects.filter(
            matter_id=row.matter_id or 0, kind="sign_site", state=Task.State.OPEN
        )
        assert tasks.count() == visited.count()
        assert {one.due_at for one in tasks} == {end_of(fixed.day)}
