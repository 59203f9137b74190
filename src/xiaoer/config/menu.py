"""The menu by offices, the tabs of records, and what every page's shell shows.

The only place that knows which room serves which entry. An entry without an address fails a test.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base import queries
from xiaoer.base.models import STAFF_ROLES, Role, Zone
from xiaoer.base.scope import Actor, current_actor
from xiaoer.base.subjects import is_open_to
from xiaoer.papers.access import JUDGES as FILE_JUDGES
from xiaoer.papers.access import SETTERS as PAPER_SETTERS
from xiaoer.registry.access import KEEPERS, REDRAWERS
from xiaoer.work import queries as work

EVERYBODY = frozenset(Role)
STAFF_AND_CITY = STAFF_ROLES | {Role.CITY}
# Who goes out to enterprises, also where there is no network.
FIELD_ROLES = frozenset(
    {Role.GRID_OFFICER, Role.STEWARD, Role.ZONE_LEADER, Role.SERVICE_DESK, Role.DEPARTMENT}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu: where it leads, and for whom."""

    label: str | Promise
    address: str
    icon: str
    roles: frozenset[Role] = STAFF_ROLES


@dataclass(frozen=True, slots=True)
class Group:
    label: str | Promise
    entries: tuple[Entry, ...]


MENU: tuple[Group, ...] = (
    Group(
        "",
        (
            Entry(_("To do"), "inbox", "checkbox"),
            Entry(_("Visits"), "visit_list", "route", STAFF_AND_CITY),
            Entry(_("Field work"), "field", "device-mobile", FIELD_ROLES),
            Entry(_("Requests"), "appeal_list", "message", STAFF_AND_CITY),
            Entry(_("Enterprises"), "enterprise_list", "building-factory-2", STAFF_AND_CITY),
            Entry(
                _("My enterprise"),
                "my_enterprise",
                "building-factory-2",
                frozenset({Role.ENTERPRISE}),
            ),
            Entry(_("My requests"), "my_appeals", "message", frozenset({Role.ENTERPRISE})),
            Entry(_("Our applications"), "my_cases", "certificate", frozenset({Role.ENTERPRISE})),
            Entry(_("Our projects"), "my_projects", "crane", frozenset({Role.ENTERPRISE})),
            Entry(
                _("Our acceptances"), "my_acceptances", "certificate", frozenset({Role.ENTERPRISE})
            ),
            Entry(_("Questions to us"), "my_questions", "list", frozenset({Role.ENTERPRISE})),
            Entry(_("Who may visit us"), "my_contacts", "calendar", frozenset({Role.ENTERPRISE})),
            Entry(
                _("Our search for space"), "my_space_needs", "search", frozenset({Role.ENTERPRISE})
            ),
            Entry(
                _("Workshops we rent"), "my_leases", "building-bank", frozenset({Role.ENTERPRISE})
            ),
            Entry(_("Our plans"), "my_plans", "calendar", frozenset({Role.ENTERPRISE})),
            Entry(_("Our titles"), "my_titles", "id-badge", frozenset({Role.ENTERPRISE})),
            Entry(
                _("Our papers and licences"),
                "my_papers",
                "certificate",
                frozenset({Role.ENTERPRISE, Role.PARTY}),
            ),
            Entry(
                _("Our move-in"), "my_move_ins", "building-factory-2", frozenset({Role.ENTERPRISE})
            ),
            Entry(
                _("Reviews of move-ins"),
                "my_move_ins",
                "certificate",
                frozenset({Role.PARK_OPERATOR}),
            ),
            Entry(_("Our lots"), "my_lots", "upload", frozenset({Role.ENTERPRISE, Role.PARTY})),
            Entry(_("Our bids"), "my_auctions", "gavel", frozenset({Role.ENTERPRISE, Role.PARTY})),
            Entry(_("Problem days"), "my_problem_days", "calendar", frozenset({Role.ENTERPRISE})),
            Entry(_("Our rung"), "my_rung", "stairs-up", frozenset({Role.ENTERPRISE})),
            Entry(_("Service points"), "my_points", "map-pin", frozenset({Role.ENTERPRISE})),
            Entry(_("Our data"), "my_data", "database", frozenset({Role.ENTERPRISE})),
        ),
    ),
    Group(
        _("Enterprise service"),
        (
            Entry(_("Contacts"), "contact_list", "calendar", STAFF_AND_CITY),
            Entry(_("Questions"), "question_list", "message", STAFF_AND_CITY),
            Entry(_("Routes"), "rounds", "map-pin"),
            Entry(_("Scores from visits"), "score_list", "chart-line"),
            Entry(_("Corrections"), "correction_list", "pencil"),
            Entry(_("Contact cards"), "card_list", "qrcode"),
            Entry(_("Grid map"), "grid_map", "map", STAFF_AND_CITY),
            Entry(_("Officers"), "officers", "id-badge", STAFF_AND_CITY),
            Entry(_("Re-drawing"), "redrawings", "scale", REDRAWERS),
            Entry(_("Imports"), "import_list", "upload", KEEPERS),
        ),
    ),
    Group(
        _("Economic operations"),
        (
            Entry(_("Ladders"), "ladders", "stairs-up", STAFF_AND_CITY),
            Entry(_("To enter the register"), "entering", "flag", STAFF_AND_CITY),
            Entry(_("May fall out of the register"), "falling_out", "alert-triangle"),
            Entry(_("Designations"), "designations", "certificate", STAFF_AND_CITY),
            Entry(_("Alerts"), "alerts", "bell", STAFF_AND_CITY),
            Entry(_("Weekly dispatch"), "dispatch", "calendar", STAFF_AND_CITY),
            Entry(_("Watch-lists"), "watch_lists", "list", STAFF_AND_CITY),
            Entry(_("Monthly analysis"), "growth_analysis", "chart-line", STAFF_AND_CITY),
            Entry(_("Contribution to growth"), "growth_contribution", "scale", STAFF_AND_CITY),
            Entry(_("Targets"), "targets", "checkbox", STAFF_AND_CITY),
            Entry(_("Titles"), "title_list", "id-badge", STAFF_AND_CITY),
            Entry(_("Applications"), "applications", "upload", STAFF_AND_CITY),
        ),
    ),
    Group(
        _("Projects"),
        (
            Entry(_("Projects"), "projects", "crane", STAFF_AND_CITY),
            Entry(_("Wall map"), "wall", "map", STAFF_AND_CITY),
            Entry(_("By stage"), "project_board", "table", STAFF_AND_CITY),
            Entry(_("Investment of projects"), "project_investment", "chart-line", STAFF_AND_CITY),
            Entry(_("To enter the library"), "project_entries", "flag", STAFF_AND_CITY),
            Entry(_("Lists of projects"), "project_lists", "list", STAFF_AND_CITY),
            Entry(_("Plans"), "plan_list", "calendar", STAFF_AND_CITY),
            Entry(_("What must start"), "plans_starting", "flag", STAFF_AND_CITY),
            Entry(_("Limited resources"), "resources", "users", STAFF_AND_CITY),
            Entry(_("Livelihood list"), "livelihood", "heart-handshake", STAFF_AND_CITY),
        ),
    ),
    Group(
        _("Land and workshops"),
        (
            Entry(
                _("Carriers"), "carriers", "building-bank", STAFF_AND_CITY | {Role.PARK_OPERATOR}
            ),
            Entry(_("Leases"), "lease_list", "certificate", STAFF_AND_CITY | {Role.PARK_OPERATOR}),
            Entry(_("Needs for space"), "space_needs", "search", STAFF_AND_CITY),
            Entry(_("Joint review of move-ins"), "move_in_list", "certificate", STAFF_AND_CITY),
            Entry(_("Occupancy"), "occupancy", "table", STAFF_AND_CITY),
            Entry(_("Cage-change"), "cage_list", "recycle", STAFF_AND_CITY),
            Entry(_("Land"), "land_list", "map", STAFF_AND_CITY),
            Entry(_("Supervision of standard land"), "land_supervision", "scale", STAFF_AND_CITY),
            Entry(_("Per-mu performance"), "performance", "chart-line", STAFF_AND_CITY),
        ),
    ),
    Group(
        _("Auction of idle things"),
        (
            Entry(_("Auction lots"), "lots", "gavel", STAFF_AND_CITY),
            Entry(
                _("Deposits"), "deposits", "list", frozenset({Role.EXCHANGE, Role.ADMINISTRATOR})
            ),
            Entry(
                _("Deposits to give back"),
                "refunds",
                "coin-yuan",
                frozenset({Role.EXCHANGE, Role.ADMINISTRATOR}),
            ),
            Entry(_("Rules of the auction"), "auction_rules", "scale", STAFF_AND_CITY),
        ),
    ),
    Group(
        _("Serving projects"),
        (
            Entry(_("Elements needed"), "element_list", "alert-triangle", STAFF_AND_CITY),
            Entry(_("Promises of the zone"), "promise_list", "checkbox", STAFF_AND_CITY),
            Entry(_("For a leader to decide"), "decision_list", "flag", STAFF_AND_CITY),
            Entry(_("Weekly minutes of projects"), "project_dispatch", "calendar", STAFF_AND_CITY),
            Entry(_("Joint sessions"), "consultation_list", "message-2", STAFF_AND_CITY),
            Entry(_("Joint acceptance"), "acceptance_list", "certificate", STAFF_AND_CITY),
            Entry(_("Days on sites"), "site_days", "calendar", STAFF_AND_CITY),
            Entry(_("Site visits"), "site_visit_list", "route", STAFF_AND_CITY),
            Entry(_("Start on getting land"), "pre_review_list", "certificate", STAFF_AND_CITY),
            Entry(_("Service ambassadors"), "ambassador_list", "id-badge", STAFF_AND_CITY),
        ),
    ),
    Group(
        _("Approval and acceptance"),
        (
            Entry(_("Items to handle"), "case_queue", "checkbox", STAFF_AND_CITY),
            Entry(_("Acceptance desk"), "case_desk", "flag", STAFF_AND_CITY),
            Entry(_("All cases"), "case_list", "list", STAFF_AND_CITY),
            Entry(_("Promised papers"), "case_promised", "calendar", STAFF_AND_CITY),
            Entry(_("What was saved"), "case_overview", "chart-line", STAFF_AND_CITY),
            Entry(_("Licences"), "licence_list", "certificate", STAFF_AND_CITY),
        ),
    ),
    Group(
        _("Unattended approval"),
        (
            Entry(_("To a person"), "automatic_queue", "rubber-stamp", STAFF_AND_CITY),
            Entry(_("Items"), "automatic_packs", "list", STAFF_AND_CITY),
            Entry(_("Looked at afterwards"), "automatic_samples", "eye", STAFF_AND_CITY),
            Entry(_("Checks on site"), "automatic_checks", "checkbox", STAFF_AND_CITY),
            Entry(_("Shared registers"), "shared_registers", "database", STAFF_AND_CITY),
        ),
    ),
    Group(
        _("Service hall"),
        (
            Entry(_("One things"), "thing_list", "affiliate", STAFF_AND_CITY),
            Entry(_("Service points"), "service_points", "map-pin", STAFF_AND_CITY),
            Entry(_("Services at points"), "service_records", "list", STAFF_AND_CITY),
            Entry(_("Figures of service points"), "point_figures", "chart-line", STAFF_AND_CITY),
            Entry(_("Ratings"), "ratings", "message"),
            Entry(_("Powers of attorney"), "mandates", "certificate", STAFF_AND_CITY),
            Entry(_("Uses of e-licences"), "licence_uses", "id-badge", STAFF_AND_CITY),
            Entry(_("Kinds of paper"), "paper_kinds", "certificate", PAPER_SETTERS),
            Entry(_("Files kept apart"), "quarantine", "alert-triangle", FILE_JUDGES),
        ),
    ),
    Group(
        _("Indicators and briefs"),
        (
            Entry(_("Indicators"), "indicators", "table", STAFF_AND_CITY),
            Entry(_("Published figures"), "figures", "chart-line", STAFF_AND_CITY),
            Entry(_("Request figures"), "appeal_figures", "scale", STAFF_AND_CITY),
            Entry(_("Rules"), "rule_list", "affiliate", STAFF_AND_CITY),
        ),
    ),
    Group(
        _("The zone"),
        (
            Entry(_("People and roles"), "people", "users-plus"),
            Entry(_("Working calendar"), "calendar", "calendar"),
            Entry(_("Time limits"), "limits", "history"),
            Entry(
                _("Kinds of request"),
                "kinds",
                "list",
                frozenset({Role.ADMINISTRATOR, Role.SERVICE_DESK}),
            ),
            Entry(
                _("Group robots"),
                "robots",
                "message-2",
                frozenset({Role.ADMINISTRATOR, Role.SERVICE_DESK}),
            ),
            Entry(
                _("Settings of visits"),
                "visit_settings",
                "list",
                frozenset({Role.ADMINISTRATOR, Role.SERVICE_DESK}),
            ),
            Entry(_("Audit trail"), "journal", "key"),
            Entry(_("What may I see"), "what_may_i_see", "eye", EVERYBODY),
            Entry(
                _("Administration"), "administration", "settings", frozenset({Role.ADMINISTRATOR})
            ),
        ),
    ),
)
PHONE: tuple[Entry, ...] = (
    Entry(_("To do"), "inbox", "checkbox"),
    Entry(_("Visits"), "visit_list", "route", STAFF_AND_CITY),
    Entry(_("Requests"), "appeal_list", "message", STAFF_AND_CITY),
    Entry(_("Requests"), "my_appeals", "message", frozenset({Role.ENTERPRISE})),
    Entry(_("Enterprises"), "enterprise_list", "building-factory-2", STAFF_AND_CITY),
    Entry(_("My enterprise"), "my_enterprise", "building-factory-2", frozenset({Role.ENTERPRISE})),
    Entry(_("Published figures"), "figures", "chart-line", frozenset({Role.CITY})),
    Entry(_("Our projects"), "my_projects", "crane", frozenset({Role.ENTERPRISE})),
    Entry(_("Carriers"), "carriers", "building-bank", frozenset({Role.PARK_OPERATOR})),
    Entry(_("Leases"), "lease_list", "certificate", frozenset({Role.PARK_OPERATOR})),
    Entry(_("Joint review"), "my_move_ins", "rubber-stamp", frozenset({Role.PARK_OPERATOR})),
    Entry(_("Me"), "me", "user-circle", EVERYBODY),
)
# Tabs of one enterprise's page: each room serves its own, loaded by htmx from ``address`` with the
# enterprise's number.
ENTERPRISE_TABS: tuple[tuple[str | Promise, str], ...] = (
    (_("Overview"), "enterprise_overview"),
    (_("Requests"), "enterprise_appeals"),
    (_("Visits"), "enterprise_visits"),
    (_("Projects"), "enterprise_projects"),
    (_("Cases"), "enterprise_cases"),
    (_("Registration"), "enterprise_registration"),
    (_("Papers and licences"), "enterprise_papers"),
    (_("Data and sources"), "enterprise_facts"),
    (_("Rules"), "enterprise_rules"),
    (_("History"), "enterprise_history"),
)

# What other rooms add to its first sight, loaded by htmx from ``address`` with its number: cards of
# the overview beside and below what the registry knows, and words of the head line.
ENTERPRISE_CARDS: tuple[str, ...] = (
    "firm_ladder_card",
    "enterprise_titles_card",
    "enterprise_requests_card",
    "enterprise_tasks",
    "enterprise_visits_card",
    "enterprise_contacts",
    "enterprise_questions",
    "enterprise_scores_card",
    "enterprise_watch",
)
ENTERPRISE_ASIDE: tuple[str, ...] = ("enterprise_figures",)
ENTERPRISE_HEAD: tuple[tuple[str | Promise, str], ...] = (
    (_("Rung"), "firm_rung"),
    (_("Requests"), "enterprise_light"),
    (_("Last visit"), "enterprise_last_visit"),
)

# Parts of the enterprise's own page from rooms the registry does not know, loaded by htmx.
MY_ENTERPRISE_CARDS: tuple[str, ...] = (
    "my_waiting",
    "my_cases_card",
    "my_projects_card",
    "my_rung_card",
)

# Parts of everybody's first page from rooms the inbox does not know, loaded by htmx.
HOME_CARDS: tuple[str, ...] = ("my_visit_day", "rounds_today")

# What can be done for an enterprise from the head of its page: label, address, icon.
ENTERPRISE_VERBS: tuple[tuple[str | Promise, str, str], ...] = (
    (_("Log a visit"), "visit_new_for", "route"),
    (_("File a request for it"), "appeal_new_for", "message"),
    (_("Plan a contact"), "contact_new_for", "calendar"),
    (_("Look for space for it"), "space_need_for", "search"),
)

# What the page about oneself leads to in other rooms: label, address, icon, for whom.
ME_VERBS: tuple[tuple[str | Promise, str, str, frozenset[Role]], ...] = (
    (_("My reminders"), "my_reminders", "bell", STAFF_ROLES),
    (_("Wall map"), "wall", "map", frozenset({Role.ZONE_LEADER, Role.PROJECT})),
)


@cache
def _url(address: str) -> str:
    """Where an entry leads: asked for each entry of each page, and never another."""
    return reverse(address)


def _entries(role: Role | None) -> Iterable[Entry]:
    return (entry for group in MENU for entry in group.entries if role in entry.roles)


def _nearest(path: str, entries: Iterable[Entry]) -> str:
    """The address of the entry a page belongs to: of several that begin alike the longest."""
    urls = (_url(entry.address) for entry in entries)
    return max((url for url in urls if _leads_to(url, path)), key=len, default="")


def _leads_to(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _item(entry: Entry, nearest: str, counts: Mapping[str, int]) -> dict[str, Any]:
    url = _url(entry.address)
    return {
        "label": entry.label,
        "url": url,
        "icon": entry.icon,
        "count": counts.get(entry.address),
        "current": url == nearest,
    }


def _menu(by: Actor, path: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    groups = []
    nearest = _nearest(path, (entry for group in MENU for entry in group.entries))
    for group in MENU:
        items = [_item(entry, nearest, counts) for entry in group.entries if by.role in entry.roles]
        if items:
            groups.append({"label": group.label, "items": items})
    return groups


def _me(by: Actor, posts: Sequence[Actor] | None) -> dict[str, Any]:
    """``posts`` as the door found them; asked for where a page has another door."""
    if posts is None:
        posts = queries.posts_of_account(account_id=by.account_id) if by.account_id else ()
    return {
        "name": by.name,
        "office": by.office,
        "post_label": by.role.label if by.role else "",
        "posts": [
            {
                "id": post.post_id,
                "label": f"{post.office} · {post.role.label if post.role else ''}",
                "current": post.post_id == by.post_id,
            }
            for post in posts
        ],
    }


def _waiting(by: Actor) -> dict[str, int]:
    """What waits for somebody of the staff, by the address it is shown at."""
    if current_actor() is None or not by.is_staff:
        return {}
    now = timezone.now()
    return {
        "inbox": work.inbox_counts(by, now).total,
        "notices": work.notice_count(by, now),
    }


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every page's frame: menu, person, zone, language. Asked inside the scope."""
    by: Actor | None = getattr(request, "actor", None)
    context: dict[str, Any] = {
        "demo": settings.DEMO,
        "language": translation.get_language() or "zh-hans",
        "now": timezone.localtime(),
        "path": request.get_full_path(),
        "menu": [],
        "phone_menu": [],
        "me": None,
        "zone": None,
        "zones": [],
        "zone_next": "",
        "notices": 0,
        "search_page": None,
        "notices_page": None,
        "enterprise_tabs": ENTERPRISE_TABS,
        "enterprise_cards": ENTERPRISE_CARDS,
        "enterprise_aside": ENTERPRISE_ASIDE,
        "enterprise_head": ENTERPRISE_HEAD,
        "enterprise_verbs": (),
        "home_cards": HOME_CARDS,
        "my_enterprise_cards": MY_ENTERPRISE_CARDS,
        "me_verbs": [],
    }
    if by is None or by.post_id is None:
        return context
    zone = Zone.objects.filter(pk=by.zone_id).first() if by.zone_id else None
    counts = _waiting(by)
    context |= {
        "menu": _menu(by, request.path, counts),
        "phone_menu": [
            _item(entry, _nearest(request.path, PHONE), counts)
            for entry in PHONE
            if by.role in entry.roles
        ],
        "enterprise_verbs": [verb for verb in ENTERPRISE_VERBS if is_open_to(verb[1], by)],
        "me_verbs": [verb[:3] for verb in ME_VERBS if by.role in verb[3]],
        "zone": zone,
        "zones": queries.zones_of_city(city_id=by.city_id) if by.role == Role.CITY else [],
        # A record is of one zone; the list it stands in is of each.
        "zone_next": _nearest(request.path, _entries(by.role)) or "/",
        "notices": counts.get("notices", 0),
        # Whom the page would answer “nothing here for you” is not led there.
        "search_page": reverse("search") if by.role in STAFF_AND_CITY else None,
        "notices_page": reverse("notices") if by.role in STAFF_ROLES else None,
    }
    if current_actor() is not None:
        context["me"] = _me(by, getattr(request, "posts", None))
    return context
