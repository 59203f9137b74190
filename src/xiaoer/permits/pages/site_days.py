"""Days on sites: the calendar with proposals, and whom departments authorised; what the window plans by."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Office, Post, Role
from xiaoer.base.pages.forms import day_of, must_day, number, text, whole
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import acceptance_access as access
from xiaoer.permits.actions import acceptance
from xiaoer.permits.models import InspectorAbsence, SiteDay
from xiaoer.permits.queries import acceptance as queries
from xiaoer.permits.queries import siting
from xiaoer.work.queries import calendar_of

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)


@dataclass(frozen=True, slots=True)
class Box:
    """One day of the calendar with its visits, the first first."""

    on: date
    rows: list[SiteDay]
    is_working: bool


@readers
def site_days(request: HttpRequest, by: Actor) -> HttpResponse:
    """Two weeks of days on sites, what waits for a day, and the latest proposals."""
    today = timezone.localdate()
    first = day_of(request.GET.get("week")) or today
    monday = first - timedelta(days=first.weekday())
    rows = queries.days_between(by=by, since=monday, until=monday + timedelta(days=13))
    search = siting.latest_search(zone_id=by.zone_id)
    calendar = calendar_of(by.zone_id)
    of_day: dict[date, list[SiteDay]] = {}
    for row in rows:
        of_day.setdefault(row.day, []).append(row)
    days = [
        Box(one, of_day.get(one, []), calendar.is_working(one))
        for one in (monday + timedelta(days=n) for n in range(14))
    ]
    # A weekend stands there only where somebody works or goes on it.
    shown = [one for one in days if one.on.weekday() < 5 or one.rows or one.is_working]
    context = {
        "weeks": [
            [one for one in shown if (one.on < monday + timedelta(days=7)) is is_first]
            for is_first in (True, False)
        ],
        "today": today,
        "before": monday - timedelta(days=14),
        "after": monday + timedelta(days=14),
        "waiting": queries.acceptances(by=by, wanted=queries.AcceptanceFilter("accepted"))[:100],
        "keeps": access.keeps_window(by),
        "goes": by.is_staff,
        **_search_context(search),
    }
    name = "permits/_site_search.html" if request.GET.get("part") else "permits/site_days.html"
    return render(request, name, context)


def _search_context(search: object) -> dict[str, object]:
    if search is None:
        return {"search": None, "placed": [], "left": [], "under_way": False}
    row = found(search)
    placed, left = siting.proposals(row)  # type: ignore[arg-type]  # a search by its query
    return {
        "search": row,
        "placed": placed,
        "left": left,
        "under_way": row.state in ("waiting", "running"),  # type: ignore[attr-defined]  # as above
    }


@require_POST
@staff
def site_days_do(request: HttpRequest, by: Actor, verb: str) -> HttpResponse:
    """Search, stop, take, hold or loosen."""
    now = timezone.now()
    if verb == "search":
        acceptance.ask_for_site_days(
            by=by, now=now, seconds=whole(request, "seconds", least=1, most=60)
        )
        return go(request, reverse("site_days"))
    if verb in ("stop", "take"):
        row = found(
            siting.search_by_number(by=by, search_id=number(request.POST.get("search")) or 0)
        )
        if verb == "stop":
            acceptance.stop_site_search(by=by, now=now, row=row)
        else:
            made = acceptance.take_site_days(
                by=by, now=now, row=row, only=number(request.POST.get("only"))
            )
            messages.success(request, _("%(count)d days are fixed.") % {"count": len(made)})
    elif verb in ("lock", "loosen"):
        day = SiteDay.objects.filter(
            zone_id=by.zone_id, pk=number(request.POST.get("day")) or 0
        ).first()
        acceptance.lock_site_day(by=by, now=now, site_day=found(day), is_locked=verb == "lock")
    else:
        raise Http404
    return go(request, reverse("site_days"))


@readers
def acceptance_settings(request: HttpRequest, by: Actor) -> HttpResponse:
    """The checks as data, the people authorised, and by what days are planned."""
    kind = next(
        (
            one
            for one in queries.kinds(zone_id=by.zone_id)
            if str(one.pk) == request.GET.get("kind")
        ),
        None,
    )
    people = Post.objects.filter(zone_id=by.zone_id, until__isnull=True, office__isnull=False)
    context = {
        "kinds": queries.kinds(zone_id=by.zone_id),
        "kind": kind,
        "inspectors": queries.inspectors(zone_id=by.zone_id),
        "rule": queries.rule(zone_id=by.zone_id),
        "sets": access.sets_acceptance(by),
        "heads": access.sets_acceptance(by) or (by.is_staff and by.is_lead),
        "offices": list(Office.objects.filter(zone_id=by.zone_id).values_list("pk", "name")),
        "people": [(one.pk, f"{one.office.name} · {one.person.name}") for one in people.select_related("office", "person") if one.office],
        "doing": request.GET.get("do", ""),
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "permits/acceptance_settings.html", context)


@require_POST
@staff
def acceptance_set(request: HttpRequest, by: Actor, verb: str) -> HttpResponse:
    """Change a check, the people or the rule."""
    now = timezone.now()
    if verb == "kind":
        _keep_kind(request, by)
    elif verb == "rule":
        acceptance.keep_acceptance_rule(
            by=by, now=now, version=number(request.POST.get("version")) or 0, facts=_rule(request)
        )
    elif verb == "authorise":
        post = Post.objects.filter(zone_id=by.zone_id, pk=number(request.POST.get("post")) or 0)
        acceptance.authorise_inspector(
            by=by, now=now, post=found(post.select_related("person").first()),
            per_day=whole(request, "per_day", least=1, most=12),
        )  # fmt: skip
    elif verb in ("end", "absence"):
        row = found(
            queries.inspector_of(by=by, inspector_id=number(request.POST.get("inspector")) or 0)
        )
        if verb == "end":
            acceptance.end_inspector(by=by, now=now, inspector=row)
        else:
            acceptance.note_absence(
                by=by, now=now, inspector=row, since=must_day(request, "since"),
                until=must_day(request, "until"), why=text(request, "why", longest=100),
            )  # fmt: skip
    elif verb == "present":
        away = InspectorAbsence.objects.filter(
            zone_id=by.zone_id, pk=number(request.POST.get("absence")) or 0
        )
        acceptance.remove_absence(by=by, now=now, absence=found(away.first()))
    else:
        raise Http404
    messages.success(request, _("Saved."))
    return go(request, reverse("acceptance_settings"))


def _keep_kind(request: HttpRequest, by: Actor) -> None:
    kind = found(queries.kind_of(by=by, kind_id=number(request.POST.get("kind")) or 0))
    share = request.POST.get("draw_percent", "").strip()
    acceptance.keep_acceptance_kind(
        by=by, now=timezone.now(), kind=kind, version=number(request.POST.get("version")) or 0,
        facts=acceptance.KindFacts(
            name=text(request, "name", longest=80),
            authority=text(request, "authority", longest=60),
            office=Office.objects.filter(zone_id=by.zone_id, pk=number(request.POST.get("office")) or 0).first(),
            statute=text(request, "statute", longest=200),
            draw_percent=whole(request, "draw_percent", least=0, most=100) if share else None,
            inspectors=whole(request, "inspectors", least=1, most=9),
            papers=tuple(text(request, "papers", longest=1000).splitlines()),
            single_steps=whole(request, "single_steps", least=0, most=99),
            single_trips=whole(request, "single_trips", least=0, most=99),
            source=text(request, "source", longest=200),
            is_used=request.POST.get("is_used") == "yes",
        ),
    )  # fmt: skip


def _at(request: HttpRequest, name: str) -> time:
    try:
        return time.fromisoformat(request.POST.get(name, ""))
    except ValueError as error:
        raise Refused(_("Type a time such as 09:30."), field=name) from error


def _rule(request: HttpRequest) -> acceptance.RuleFacts:
    place = text(request, "base", longest=40).replace("，", ",")
    base = None
    if place:
        try:
            east, north = (float(one) for one in place.split(","))
            base = (east, north)
        except ValueError as error:
            raise Refused(_("Give longitude and latitude of WGS 84."), field="base") from error
    return acceptance.RuleFacts(
        begins=_at(request, "begins"), ends=_at(request, "ends"),
        lunch_from=_at(request, "lunch_from"), lunch_until=_at(request, "lunch_until"),
        visit_minutes=whole(request, "visit_minutes", least=15, most=480),
        speed_kmh=whole(request, "speed_kmh", least=5, most=120),
        detour_percent=whole(request, "detour_percent", least=100, most=300),
        days_ahead=whole(request, "days_ahead", least=1, most=60),
        joint_steps=whole(request, "joint_steps", least=1, most=99),
        source=text(request, "source", longest=200), base=base,
    )  # fmt: skip
