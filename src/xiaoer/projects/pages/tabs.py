"""The tabs of a project's page: each part serves its own, loaded by htmx from its address with the
project's number. A part that is a page of its own is reached by its link instead."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Words, name of the address.
TABS: tuple[tuple[str | Promise, str], ...] = (
    (_("Overview"), "project_overview"),
    (_("Elements"), "project_elements"),
    (_("Investment"), "project_money"),
    (_("Chain and mechanisms"), "project_chain_part"),
    (_("Force and sessions"), "project_force"),
    (_("Joint acceptance"), "project_acceptances"),
)

# Cards at the end of the overview, loaded by htmx likewise.
CARDS: tuple[str, ...] = ("project_space_card",)

# What can be done from the head of the page: words, name of the address.
LINKS: tuple[tuple[str | Promise, str], ...] = (
    (_("Where it lies"), "project_spot"),
    (_("Look for space for it"), "space_need_of_project"),
)
