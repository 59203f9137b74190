"""The town of the tests: two zones of one city, East and West, each with the same few people.

Arranged by verbs once, in the template database; every test sees it and rolls back what it does.
"""

from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import timezone

from xiaoer.base import actions as base
from xiaoer.base import installation
from xiaoer.base.models import Account, City, Office, Person, Post, Role, Zone
from xiaoer.base.queries import posts_of_account
from xiaoer.base.scope import Actor, acting, system
from xiaoer.config.opening import furnish_zone

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # Friday, ten in the morning in the zone
OPENED = date(2026, 1, 1)
PASSWORD = "correct-horse-7"


def coming(days: int) -> date:
    """A day counted from today in the zone: pages and the API go by the clock, not by ``NOW``."""
    return timezone.localdate() + timedelta(days=days)


# role, username stem, name, office, leads it
PEOPLE = (
    (Role.ADMINISTRATOR, "admin", "管一", "党政办", True),
    (Role.ZONE_LEADER, "leader", "领一", "管委会", True),
    (Role.SERVICE_DESK, "desk", "台一", "企业服务中心", True),
    (Role.GRID_OFFICER, "officer", "网一", "企业服务中心", False),
    (Role.STEWARD, "steward", "包一", "经发局", False),
    (Role.DEPARTMENT, "power", "电一", "供电服务中心", True),
    (Role.DEPARTMENT, "land", "土一", "自然资源分局", True),
    (Role.ECONOMY, "economy", "经一", "经发局", True),
    (Role.STATISTICS, "statistics", "统一", "统计局", False),
    (Role.ENVIRONMENT, "environment", "营一", "营商办", True),
)


def hash_in_passing() -> None:
    """A password of tests protects nothing; the million rounds of a real one take a third of a second."""
    PBKDF2PasswordHasher.iterations = 1000


def build_town() -> None:
    """Build both zones and the city's own observer of ranks."""
    installation.open_installation(is_demo=False, now=NOW)
    city = installation.open_city(code="demo", name="示范市")
    with installation.maintenance():
        _city_post(city)
        for code, name in (("east", "东区"), ("west", "西区")):
            zone = installation.open_zone(city=city, code=code, name=name, region_code="370800")
            _build_zone(zone)
            furnish_zone(zone=zone, now=NOW)


def _city_post(city: City) -> None:
    post = installation.first_post(
        zone=None, name="市一", role=Role.CITY, office="市工信局", on=OPENED
    )
    account = Account(username="city")
    account.set_password(PASSWORD)
    account.save()
    Person.objects.filter(pk=post.person_id).update(account=account)


def _build_zone(zone: Zone) -> None:
    by = system(zone.pk)
    offices: dict[str, Office] = {}
    for role, stem, name, office, is_lead in PEOPLE:
        if office not in offices:
            offices[office] = base.open_office(by=by, now=NOW, name=office, order=len(offices))
        person = base.add_person(
            by=by, now=NOW, name=name, phone="13800000000", work_no=f"{zone.code}-{stem}"
        )
        base.give_post(
            by=by,
            now=NOW,
            person=person,
            role=role,
            office=offices[office],
            is_lead=is_lead,
            since=OPENED,
        )
        base.give_account(
            by=by,
            now=NOW,
            person=person,
            username=f"{zone.code}-{stem}",
            password=PASSWORD,
            must_change=False,
        )


def actor(username: str) -> Actor:
    """The actor of an account of the town, such as ``east-officer``."""
    account = Account.objects.get(username=username)
    return posts_of_account(account_id=account.pk)[0]


__all__ = ["NOW", "PASSWORD", "Post", "acting", "actor", "build_town"]
