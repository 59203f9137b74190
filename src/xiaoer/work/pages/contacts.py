"""The calendar of contacts: all offices' service contacts and inspections, tagged, never mixed."""

from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.base import queries as base
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Office, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry import queries as registry
from xiaoer.registry.models import Party
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.work import access, queries
from xiaoer.work import actions as work
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Contact
from xiaoer.work.pages.calendars import weekday
from xiaoer.work.pages.limits import marks
from xiaoer.work.pages.reading import chosen, day_in, number_in_address, offset, whole_number

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)
SHEET = (
    Column("planned_on", gettext_lazy("Day"), 12, Kind.DATE),
    Column("enterprise", gettext_lazy("Enterprise"), 30),
    Column("tag_words", gettext_lazy("Service or inspection"), 14),
    Column("kind_words", gettext_lazy("By what way"), 12),
    Column("office", gettext_lazy("Office"), 18),
    Column("person", gettext_lazy("Who goes"), 10),
    Column("purpose", gettext_lazy("What for"), 36),
    Column("origin", gettext_lazy("Ground"), 30),
    Column("state_words", gettext_lazy("State"), 12),
    Column("is_above_quota", gettext_lazy("above the quota"), 10),
    Column("is_on_quiet_day", gettext_lazy("on a quiet day"), 10),
    Column("reason", gettext_lazy("Reason"), 36),
    Column("allowed_by", gettext_lazy("Allowed by"), 10),
)
TAGS = tuple(Contact.Tag.values)


def today() -> date:
    return timezone.now().astimezone(LOCAL).date()


def month_in(text: str) -> date:
    """The month of an address, written 2026-11; anything else is this month."""
    return day_in(f"{text}-01") or queries.month_of(today())


def filters_of(request: HttpRequest) -> queries.ContactFilter:
    """A month, or one day of it, narrowed by what the address says; where it names neither, what is
    left of this month, because what is to come is looked for first."""
    day = day_in(request.GET.get("day", ""))
    first = month_in(request.GET.get("month", "")) if day is None else day
    is_whole = any(request.GET.get(name) for name in ("month", "day", "view", "only"))
    return queries.ContactFilter(
        since=first if is_whole else today(),
        until=first if day else queries.last_of_month(first),
        tag=chosen(request, "tag", TAGS) or "",
        office=number_in_address(request, "office"),
        party=number_in_address(request, "party"),
        only=chosen(request, "only", tuple(queries.ONLY)) or "",
        text=request.GET.get("q", "").strip()[:60],
    )


@readers
def contact_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """A month of contacts, as a list or as a calendar; and the very list as a sheet."""
    filters = filters_of(request)
    kind = request.GET.get("export")
    if kind:
        rows = queries.every_contact(by, filters)
        return sheet_response(kind, _("Contacts"), SHEET, map(_cells, rows))
    first = queries.month_of(filters.since)
    as_month = chosen(request, "view", ("month",)) is not None
    context = {
        "filters": filters,
        "first": first,
        "day": filters.since if filters.since == filters.until else None,
        "before": f"{queries.month_after(first, -1):%Y-%m}",
        "following": f"{queries.month_after(first):%Y-%m}",
        "this": f"{first:%Y-%m}",
        "as_month": as_month,
        "from_today": first < filters.since < filters.until,
        "weeks": queries.contact_month(by, filters) if as_month else (),
        "weekdays": [weekday(n) for n in range(7)],
        "shown": None if as_month else queries.contact_page(by, filters, after=offset(request)),
        "started": "after" in request.GET,
        "offices": [(one.pk, one.name) for one in base.offices(zone_id=by.zone_id)],
        "tags": Contact.Tag.choices,
        "only": only_words(),
        "party": _party(by, filters.party),
        "rule": queries.rule_of(by.zone_id),
        "may_plan": by.is_staff,
    }
    return render(request, "work/contact_list.html", context)


def only_words() -> list[tuple[str, str]]:
    return [
        ("planned", _("still to come")),
        ("done", _("made")),
        ("merged", _("merged")),
        ("above", _("above the quota")),
        ("quiet", _("on a quiet day")),
        ("without_leave", _("without a leader's leave")),
        ("refused", _("not wanted by the enterprise")),
    ]


def _cells(row: queries.ContactRow) -> tuple[object, ...]:
    return tuple(_said(getattr(row, column.key)) for column in SHEET)


def _said(value: object) -> object:
    return (_("yes") if value else _("no")) if isinstance(value, bool) else value


def _party(by: Actor, number: int | None) -> Party | None:
    return Party.objects.filter(zone_id=by.zone_id, pk=number).first() if number else None


@staff
def contact_new(request: HttpRequest, by: Actor, enterprise_id: int | None = None) -> HttpResponse:
    """Choose the enterprise, then see what a contact would cost it before planning one."""
    if enterprise_id is None:
        text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
        rows = registry.search_parties(by=by, text=text) if text else []
        context = {
            "text": text,
            "rows": _with_budgets(by, rows),
        }
        return render(request, "work/contact_choose.html", context)
    party = found(_party(by, enterprise_id))
    if request.method == "POST":
        return _plan(request, by, party)
    day = day_in(request.GET.get("day", "")) or today()
    is_inspection = request.GET.get("tag") == Contact.Tag.INSPECTION
    context = _cost(by, party, day) | {
        "party": party,
        "is_inspection": is_inspection,
        "kinds": [each for each in Contact.Kind.choices if each[0] != Contact.Kind.INSPECTION],
        "offices": _offices(by),
        "people": _people(by),
        "own": by.post_id,
        "own_office": by.office_id,
    }
    return render(request, "work/contact_new.html", context)


def _with_budgets(by: Actor, rows: Any) -> list[tuple[Any, queries.Budget]]:
    budgets = queries.contact_budgets(by, [row.id for row in rows], today())
    return [(row, budgets[row.id]) for row in rows]


@staff
def contact_cost(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """What a contact on a day would cost, as a part of the form."""
    party = found(_party(by, enterprise_id))
    day = day_in(request.GET.get("planned_on", "")) or today()
    return render(request, "work/_contact_cost.html", _cost(by, party, day) | {"party": party})


def _cost(by: Actor, party: Party, day: date) -> dict[str, Any]:
    budget = queries.contact_budget(by, party.pk, day)
    is_free = not (budget.is_full or budget.is_quiet(day))
    rows = queries.contacts_of_firm(by=by, party=party, month=day)
    return {
        "day": day,
        "budget": budget,
        "is_quiet": budget.is_quiet(day),
        "is_free": is_free,
        "standing": [row for row in rows if row.state in queries.COUNTED],
        "free": None if is_free else queries.next_free_day(by=by, party=party, since=day),
        "candidates": queries.merge_candidates(by=by, party=party, day=day),
        "may_lift": access.may_lift_quota(by),
    }


def _offices(by: Actor) -> list[tuple[int, str]]:
    return [
        (one.pk, one.name)
        for one in base.offices(zone_id=by.zone_id)
        if access.may_plan_for(by, one.pk)
    ]


def _people(by: Actor) -> list[tuple[int, str]]:
    posts = base.posts_in_force(zone_id=by.zone_id, on=today())
    return [
        (post.pk, f"{post.person.name}　{post.office.name}")
        for post in posts
        if post.office and access.may_plan_for(by, post.office_id)
    ]


def _plan(request: HttpRequest, by: Actor, party: Party) -> HttpResponse:
    post = request.POST
    tag = post.get("tag") or Contact.Tag.SERVICE
    is_inspection = tag == Contact.Tag.INSPECTION
    contact = work.plan_contact(
        by=by,
        now=timezone.now(),
        party=party,
        tag=tag,
        kind=Contact.Kind.INSPECTION if is_inspection else post.get("kind", ""),
        purpose=post.get("purpose", ""),
        planned_on=posted_date(request, "planned_on"),
        post=None if is_inspection else _post_of(request, by),
        office=_office_of(request, by) if is_inspection else None,
        from_time=posted_time(request, "from_time"),
        until_time=posted_time(request, "until_time"),
        minutes=whole_number(request, "minutes") if post.get("minutes") else 45,
        origin=post.get("origin", ""),
        reason=post.get("reason", ""),
        into=_into(request, by),
    )
    if contact.merged_into_id:
        messages.success(request, _("Merged: the enterprise is called on once for both."))
    else:
        messages.success(request, _("It stands in the enterprise's calendar; it sees it too."))
    return go(request, reverse("contact", args=[contact.merged_into_id or contact.pk]))


def posted_date(request: HttpRequest, name: str) -> date:
    day = day_in(request.POST.get(name, ""))
    if day is None:
        raise Refused(_("Choose a day, such as 2026-11-23."), field=name)
    return day


def posted_time(request: HttpRequest, name: str) -> time | None:
    given = request.POST.get(name, "").strip()
    if not given:
        return None
    try:
        return time.fromisoformat(given)
    except ValueError as error:
        raise Refused(_("Type a time, such as 14:30."), field=name) from error


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def _post_of(request: HttpRequest, by: Actor) -> Post | None:
    number = _number(request, "post")
    if number is None:
        return None
    rows = base.posts_in_force(zone_id=by.zone_id, on=today())
    return found(rows.filter(pk=number).first())


def _office_of(request: HttpRequest, by: Actor) -> Office | None:
    number = _number(request, "office")
    return found(base.offices(zone_id=by.zone_id).filter(pk=number).first()) if number else None


def _into(request: HttpRequest, by: Actor) -> Contact | None:
    number = _number(request, "into")
    return found(queries.contact_of(by=by, contact_id=number)) if number else None


@readers
def contact(request: HttpRequest, by: Actor, contact_id: int) -> HttpResponse:
    """One contact, what is done together with it, and the verbs that move it."""
    row = found(queries.contact_of(by=by, contact_id=contact_id))
    shown = queries.contact_row(row)
    is_planned = row.state == Contact.State.PLANNED
    may_move = access.may_move_contact(by, row)
    context = {
        "contact": row,
        "row": shown,
        "party": row.party,
        "merged": queries.merged_into(row),
        "budget": queries.contact_budget(by, row.party_id, row.planned_on),
        "may_move": may_move and is_planned,
        "may_explain": shown.is_beyond
        and row.state == Contact.State.DONE
        and row.allowed_by_id is None
        and (may_move or access.may_lift_quota(by)),
        "form_of": chosen(request, "act", tuple(ACTS)),
        "may_lift": access.may_lift_quota(by),
        "may_log": by.is_staff and is_planned and row.tag == Contact.Tag.SERVICE,
        "candidates": [
            each
            for each in queries.merge_candidates(by=by, party=row.party, day=row.planned_on)
            if each.id != row.pk
        ]
        if may_move and is_planned and row.tag == Contact.Tag.SERVICE
        else [],
    }
    return render(request, "work/contact.html", context)


def _moved(request: HttpRequest, by: Actor, row: Contact, now: datetime) -> str:
    work.move_contact(
        by=by,
        now=now,
        contact=row,
        planned_on=posted_date(request, "planned_on"),
        from_time=posted_time(request, "from_time"),
        until_time=posted_time(request, "until_time"),
        reason=request.POST.get("reason", ""),
    )
    return _("Moved; the enterprise sees the new day.")


def _merged(request: HttpRequest, by: Actor, row: Contact, now: datetime) -> str:
    into = _into(request, by)
    if into is None:
        raise Refused(_("Choose the contact it goes into."), field="into")
    work.merge_contacts(by=by, now=now, contact=row, into=into)
    return _("Merged: the enterprise is called on once for both.")


def _cancelled(request: HttpRequest, by: Actor, row: Contact, now: datetime) -> str:
    work.cancel_contact(by=by, now=now, contact=row, reason=request.POST.get("reason", ""))
    return _("Called off; its place in the quota is free again.")


def _refused(request: HttpRequest, by: Actor, row: Contact, now: datetime) -> str:
    work.refuse_contact(by=by, now=now, contact=row, reason=request.POST.get("reason", ""))
    return _("Noted: the enterprise does not want it.")


def _finished(request: HttpRequest, by: Actor, row: Contact, now: datetime) -> str:
    on = day_in(request.POST.get("on", ""))
    outcome = request.POST.get("outcome", "")
    work.finish_contact(by=by, now=now, contact=row, outcome=outcome, on=on)
    return _("Noted as made.")


def _explained(request: HttpRequest, by: Actor, row: Contact, now: datetime) -> str:
    work.explain_contact(by=by, now=now, contact=row, reason=request.POST.get("reason", ""))
    return _("The reason is kept and counted.")


ACTS = {
    "move": _moved,
    "merge": _merged,
    "cancel": _cancelled,
    "refuse": _refused,
    "finish": _finished,
    "explain": _explained,
}


@require_POST
@staff
def contact_act(request: HttpRequest, by: Actor, contact_id: int, act: str) -> HttpResponse:
    """A verb on one contact."""
    row = found(queries.contact_of(by=by, contact_id=contact_id))
    said = found(ACTS.get(act))(request, by, row, timezone.now())
    messages.success(request, said)
    return go(request, reverse("contact", args=[contact_id]))


@readers
def contact_rule(request: HttpRequest, by: Actor) -> HttpResponse:
    """The quota and the quiet days of the zone, with their source; administrators change them."""
    may_edit = access.may_keep_settings(by)
    if request.method == "POST":
        work.set_contact_rule(
            by=by,
            now=timezone.now(),
            version=whole_number(request, "version"),
            monthly_quota=whole_number(request, "monthly_quota"),
            quiet_from=_day_of_month(request, "quiet_from"),
            quiet_until=_day_of_month(request, "quiet_until"),
            source=request.POST.get("source", ""),
        )
        messages.success(request, _("Changed for what is planned from now on."))
        return go(request, reverse("contact_rule"))
    rule = queries.rule_of(by.zone_id)
    context = {"rule": rule, "mark": marks().get(rule.mark) if rule else None, "may_edit": may_edit}
    return render(request, "work/contact_rule.html", context)


def _day_of_month(request: HttpRequest, name: str) -> int | None:
    return whole_number(request, name) if request.POST.get(name, "").strip() else None
