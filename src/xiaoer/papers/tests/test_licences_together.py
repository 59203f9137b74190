"""Two licences at the same moment have two numbers, one after the other."""

from typing import Any

from tests.together import at_once, committed
from tests.town import actor
from xiaoer.base.scope import acting
from xiaoer.papers.models import Licence
from xiaoer.papers.tests.held import built


def test_two_licences_at_once_have_two_numbers(
    django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> None:
    with committed(django_db_blocker, f"licences_{worker_id}"):
        town = built(actor)
        with acting(town.land):
            kind = town.kind()
        issued = at_once(
            (town.land, lambda: town.issue(kind=kind)),
            (town.land, lambda: town.issue(kind=kind, party=town.other)),
        )
        numbers = {one.number for one in issued if isinstance(one, Licence)}
        assert numbers == {"370800卫公字〔2026〕第00001号", "370800卫公字〔2026〕第00002号"}
        with acting(town.land):
            assert Licence.objects.filter(number__in=numbers).count() == 2
