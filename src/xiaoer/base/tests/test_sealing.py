"""The journal is a chain that tells when somebody touched it."""

from collections.abc import Callable

import pytest
from django.db import ProgrammingError, connection

from tests.town import NOW
from xiaoer.base import actions as base
from xiaoer.base.models import JournalLine
from xiaoer.base.scope import Actor, acting

Of = Callable[[str], Actor]


def test_no_act_without_its_line(of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        office = base.open_office(by=by, now=NOW, name="新办")
        line = JournalLine.objects.get(subject_type="office", subject_id=office.pk)
    assert (line.verb, line.post_id) == ("open_office", by.post_id)


@pytest.mark.parametrize("verb", ["update journal_line set who = 'x'", "delete from journal_line"])
def test_nobody_in_a_zone_can_change_the_journal(of: Of, verb: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), acting(of("east-admin")):
        connection.cursor().execute(verb)


def test_staff_read_only_their_own_zone_s_journal(of: Of) -> None:
    east = of("east-admin")
    with acting(east):
        assert set(JournalLine.objects.values_list("zone_id", flat=True)) == {east.zone_id}
