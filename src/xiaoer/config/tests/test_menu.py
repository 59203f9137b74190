"""The menu leads somewhere: a missing address breaks this, not a page in somebody's hands."""

import pytest
from django.urls import reverse

from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.config import menu
from xiaoer.config.menu import MENU, PHONE, Entry

ENTRIES = [*(entry for group in MENU for entry in group.entries), *PHONE]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.address)
def test_every_entry_has_an_address(entry: Entry) -> None:
    assert reverse(entry.address)


@pytest.mark.parametrize(
    "address",
    [
        *(tab[1] for tab in menu.ENTERPRISE_TABS),
        *(verb[1] for verb in menu.ENTERPRISE_VERBS),
        *menu.ENTERPRISE_CARDS,
        *menu.ENTERPRISE_ASIDE,
        *(part[1] for part in menu.ENTERPRISE_HEAD),
    ],
)
def test_every_part_of_an_enterprise_s_page_is_served(address: str) -> None:
    assert reverse(address, args=[1])


@pytest.mark.parametrize("role", sorted(STAFF_ROLES | {Role.CITY, Role.ENTERPRISE}))
def test_every_role_has_more_than_one_entry(role: Role) -> None:
    assert len([entry for entry in ENTRIES if role in entry.roles]) > 1
