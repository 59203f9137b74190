"""The walls: who sees what is decided by the database."""

from collections.abc import Callable

import pytest
from django.db import ProgrammingError, connection

from xiaoer.base.models import Office, Person
from xiaoer.base.scope import Actor, acting, current_actor

Of = Callable[[str], Actor]


def test_tests_do_not_run_as_a_superuser(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_forgetting_the_scope_is_an_error_never_an_empty_list(db: None) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        list(Person.objects.all())


def test_staff_of_one_zone_see_nobody_of_another(of: Of) -> None:
    east, west = of("east-officer"), of("west-officer")
    with acting(east):
        names = set(Person.objects.values_list("zone_id", flat=True))
    assert names == {east.zone_id}
    assert east.zone_id != west.zone_id


def test_a_row_of_another_zone_cannot_be_written(of: Of) -> None:
    east, west = of("east-officer"), of("west-officer")
    with pytest.raises(ProgrammingError, match="row-level security"), acting(east):
        Office.objects.create(zone_id=west.zone_id, name="别家")


def test_the_outer_scope_comes_back_after_a_nested_one(of: Of) -> None:
    east, west = of("east-officer"), of("west-officer")
    with acting(east):
        with acting(west):
            assert set(Person.objects.values_list("zone_id", flat=True)) == {west.zone_id}
        assert set(Person.objects.values_list("zone_id", flat=True)) == {east.zone_id}
        assert current_actor() == east


def test_the_city_sees_every_zone_and_writes_in_none(of: Of) -> None:
    city, east = of("city"), of("east-officer")
    with acting(city):
        assert Person.objects.filter(zone_id=east.zone_id).exists()
    with pytest.raises(ProgrammingError, match="permission denied"), acting(city):
        Office.objects.create(zone_id=east.zone_id, name="市里设的")
