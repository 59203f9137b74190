"""Who stands by a project: the tab of its force and sessions, site visits, ambassadors, pre-review."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Office
from xiaoer.base.pages.forms import day, day_of, must_day, number, text, whole
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.projects import actions as projects
from xiaoer.projects import element_access as access
from xiaoer.projects import queries
from xiaoer.projects.models import (
    ForceMember,
    PreCheck,
    PreReviewItem,
    PreReviewTrack,
    Project,
)
from xiaoer.projects.pages import chosen
from xiaoer.projects.pages.chosen import READERS, WITH_FIRM
from xiaoer.projects.pages.sessions import state_of

staff = page(*STAFF_ROLES)


def _project(by: Actor, project_id: int) -> Project:
    return found(
        Project.objects.filter(zone_id=by.zone_id, pk=project_id)
        .select_related("leader__person", "officer__person", "party")
        .first()
    )


@page(*WITH_FIRM)
def project_force(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """A tab of the project page: people, visits, sessions, what waits for a leader.

    An enterprise sees its people, its ambassadors and its pre-review; visits and sessions are the
    zone's own.
    """
    project = _project(by, project_id)
    is_outside = by.database_role == OUTSIDE
    runs = access.runs_projects(by, project)
    context = {
        "project": project,
        "charges": queries.charges_of(project),
        "force": queries.force_of(project),
        "ambassadors": queries.ambassadors_of(project),
        "track": queries.track_of(project),
        "inside": not is_outside,
        "visits": [] if is_outside else queries.visits_of(project),
        "sessions": [] if is_outside else queries.consultations(by=by, project=project, limit=12),
        "resolutions": []
        if is_outside
        else [(one, *state_of(one)) for one in queries.resolutions_on(project, limit=20)],
        "asks": [] if is_outside else queries.asks_on(project, limit=12),
        "runs": runs and not is_outside,
        "people": chosen.people_of(by, timezone.now()) if runs else [],
        "parts": ForceMember.Part.choices,
        "today": timezone.localdate(),
    }
    return render(request, "projects/_force.html", context)


@staff
def force_act(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Name the leader or the officer, let somebody join the force or leave it."""
    project = _project(by, project_id)
    if request.method == "POST":
        post = found(chosen.post_of(request, by))
        act = request.POST.get("what_to_do", "")
        since = day(request, "since")
        now = timezone.now()
        if act == "leader":
            projects.set_leader(by=by, now=now, project=project, post=post, since=since)
        elif act == "officer":
            projects.set_officer(by=by, now=now, project=project, post=post, since=since)
        elif act == "leave":
            projects.leave_force(by=by, now=now, project=project, post=post, until=since)
        else:
            projects.join_force(
                by=by,
                now=now,
                project=project,
                post=post,
                part=request.POST.get("part", ForceMember.Part.MEMBER),
                since=since,
            )
        messages.success(request, _("Saved."))
    return go(request, reverse("project", args=[project.pk]))


# Site visits --------------------------------------------------------------------------------------


@page(*READERS)
def site_visit_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """The site visits of a week, and the sites nobody saw in it."""
    today = timezone.localdate()
    week = day_of(request.GET.get("week")) or today
    monday = week - timedelta(days=week.weekday())
    context = {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7) if monday + timedelta(days=7) <= today else None,
        "visits": list(queries.visits_of_week(by.zone_id, week)),
        "unvisited": queries.not_visited(by.zone_id, week),
        "staff": by.is_staff,
    }
    return render(request, "projects/site_visits.html", context)


@page(*READERS)
def site_visit(request: HttpRequest, by: Actor, site_visit_id: int) -> HttpResponse:
    """One visit with its photos."""
    row = found(queries.site_visit_by_id(by, site_visit_id))
    context = {
        "row": row,
        "papers": files.papers_of(by=by, table="site_visit", number=row.pk),
        "staff": by.is_staff,
    }
    return render(request, "projects/site_visit.html", context)


@staff
def site_visit_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Record a visit to a site with what was found, photos and the next act."""
    if request.method == "POST":
        row = projects.visit_site(
            by=by,
            now=timezone.now(),
            project=found(chosen.project_of(request, by)),
            on=must_day(request, "on"),
            found=text(request, "found", longest=1000),
            next_act=text(request, "next_act", longest=300),
            office=chosen.office_of(request, by),
            post=chosen.post_of(request, by),
            due_on=day(request, "due_on"),
            met_firm=request.POST.get("met_firm") == "yes",
        )
        files.pin_uploads(
            by=by,
            now=timezone.now(),
            uploads=request.FILES.getlist("photo"),
            subject=row,
            only_photos=True,
        )
        messages.success(request, _("The visit is recorded."))
        return go(request, reverse("site_visit", args=[row.pk]))
    context = {
        "project": chosen.project_of(request, by),
        "projects": chosen.projects_of(by),
        "offices": chosen.offices_of(by),
        "people": chosen.people_of(by, timezone.now()),
        "today": timezone.localdate(),
    }
    return render(request, "projects/site_visit_new.html", context)


# Ambassadors --------------------------------------------------------------------------------------


@page(*READERS)
def ambassador_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """Service ambassadors at work, or those whose matter is through."""
    is_open = request.GET.get("state") != "ended"
    runs = access.runs_projects(by)
    context = {
        "rows": [
            (one, sum(check.result != PreCheck.Result.FINE for check in one.checks.all()), len(one.checks.all()))
            for one in queries.ambassadors(by=by, is_open=is_open)
        ],
        "is_open": is_open,
        "runs": runs,
        "projects": chosen.projects_of(by) if runs else [],
        "people": chosen.people_of(by, timezone.now()) if runs else [],
        "project": chosen.project_of(request, by) if request.method == "GET" else None,
    }  # fmt: skip
    return render(request, "projects/ambassadors.html", context)


@staff
def ambassador_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Name an ambassador."""
    if request.method != "POST":
        return go(request, reverse("ambassador_list"))
    row = projects.name_ambassador(
        by=by,
        now=timezone.now(),
        post=found(chosen.post_of(request, by)),
        topic=text(request, "topic", longest=120),
        departments=request.POST.get("departments", "").replace("、", "\n").splitlines(),
        project=chosen.project_of(request, by),
        party=chosen.party_of(request, by),
    )
    messages.success(request, _("Named; the enterprise sees who it is."))
    return go(request, reverse("ambassador", args=[row.pk]))


@page(*WITH_FIRM)
def ambassador(request: HttpRequest, by: Actor, ambassador_id: int) -> HttpResponse:
    """One ambassador's matter: the departments, what was looked at beforehand."""
    row = found(queries.ambassador_by_id(by, ambassador_id))
    mine = by.post_id is not None and row.post_id == by.post_id
    works = by.is_staff and row.until is None and (mine or access.runs_projects(by, row.project))
    context = {
        "row": row,
        "checks": queries.checks_of(row),
        "works": works,
        "results": PreCheck.Result.choices,
        "today": timezone.localdate(),
        "staff": by.is_staff,
    }
    return render(request, "projects/ambassador.html", context)


@staff
def ambassador_act(request: HttpRequest, by: Actor, ambassador_id: int) -> HttpResponse:
    """Pre-check something, or end the matter."""
    row = found(queries.ambassador_by_id(by, ambassador_id))
    if request.method == "POST":
        if request.POST.get("what_to_do") == "end":
            projects.end_ambassador(
                by=by,
                now=timezone.now(),
                ambassador=row,
                until=must_day(request, "until"),
                outcome=text(request, "outcome", longest=300),
            )
        else:
            projects.pre_check(
                by=by,
                now=timezone.now(),
                ambassador=row,
                what=text(request, "what", longest=120),
                result=request.POST.get("result", ""),
                note=text(request, "note", longest=500),
            )
        messages.success(request, _("Saved."))
    return go(request, reverse("ambassador", args=[row.pk]))


# Pre-review ---------------------------------------------------------------------------------------


@page(*READERS)
def pre_review_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """Projects whose papers are judged before the land contract."""
    context = {
        "rows": [
            (
                one,
                sum(each.state in ("conditional", "final") for each in one.reviews.all()),
                len(one.reviews.all()),
            )
            for one in queries.tracks(by=by)
        ],
        "items": queries.pre_review_items(by.zone_id),
        "bars": queries.pre_review_bars(by.zone_id),
        "runs": access.runs_projects(by),
    }
    return render(request, "projects/pre_reviews.html", context)


@page(*WITH_FIRM)
def pre_review(request: HttpRequest, by: Actor, track_id: int) -> HttpResponse:
    """One track: each paper, its result without legal force, and what turned final."""
    row = found(queries.track_by_id(by, track_id))
    runs = access.runs_projects(by, row.project)
    reviews = queries.reviews_of(row)
    is_running = row.state == PreReviewTrack.State.RUNNING
    used = {one.item_id for one in reviews}
    context = {
        "row": row,
        "reviews": [
            (one, by.is_staff and is_running and (runs or one.office_id == by.office_id))
            for one in reviews
        ],
        "runs": runs and is_running,
        "running": is_running,
        "left": [
            (one.pk, one.name)
            for one in queries.pre_review_items(row.zone_id)
            if one.pk not in used and one.ended_on is None
        ]
        if runs and is_running
        else [],
        "offices": chosen.offices_of(by) if runs else [],
        "papers": files.papers_of(by=by, table="pre_review_track", number=row.pk)
        if by.is_staff
        else None,
        "today": timezone.localdate(),
        "staff": by.is_staff,
    }
    return render(request, "projects/pre_review.html", context)


@staff
def pre_review_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Let a project prepare its papers before the land contract."""
    items = [one for one in queries.pre_review_items(by.zone_id) if one.ended_on is None]
    if request.method == "POST":
        wanted = set(request.POST.getlist("items"))
        row = projects.open_pre_review(
            by=by,
            now=timezone.now(),
            project=found(chosen.project_of(request, by)),
            agreement=text(request, "agreement", longest=200),
            risk_letter_on=must_day(request, "risk_letter_on"),
            is_not_barred=request.POST.get("is_not_barred") == "yes",
            items=[one for one in items if str(one.pk) in wanted],
            offices=_offices(request, by, items),
        )
        messages.success(request, _("Opened; results have no legal force until the land contract."))
        return go(request, reverse("pre_review", args=[row.pk]))
    context = {
        "project": chosen.project_of(request, by),
        "projects": chosen.projects_of(by),
        "items": items,
        "bars": queries.pre_review_bars(by.zone_id),
        "offices": chosen.offices_of(by),
        "today": timezone.localdate(),
    }
    return render(request, "projects/pre_review_new.html", context)


def _offices(request: HttpRequest, by: Actor, items: list[PreReviewItem]) -> dict[int, Office]:
    named = {one.pk: chosen.office_of(request, by, f"office-{one.pk}") for one in items}
    return {key: office for key, office in named.items() if office is not None}


@staff
def pre_review_act(request: HttpRequest, by: Actor, track_id: int) -> HttpResponse:
    """Put one more item on it, sign the land contract, or void all because the land is lost."""
    row = found(queries.track_by_id(by, track_id))
    if request.method == "POST":
        now = timezone.now()
        act = request.POST.get("what_to_do", "")
        if act == "sign":
            numbers = {
                one.item_id: text(request, f"number-{one.item_id}", longest=60)
                for one in queries.reviews_of(row)
            }
            projects.sign_land(
                by=by, now=now, project=row.project, on=must_day(request, "on"), numbers=numbers
            )
        elif act == "lose":
            projects.lose_land(
                by=by,
                now=now,
                project=row.project,
                on=must_day(request, "on"),
                reason=text(request, "reason", longest=300),
            )
        else:
            item = PreReviewItem.objects.filter(
                zone_id=by.zone_id, pk=number(request.POST.get("item")) or 0
            ).first()
            projects.add_pre_review(
                by=by, now=now, track=row, item=found(item), office=chosen.office_of(request, by)
            )
        messages.success(request, _("Saved."))
    return go(request, reverse("pre_review", args=[row.pk]))


@staff
def pre_review_result(request: HttpRequest, by: Actor, review_id: int) -> HttpResponse:
    """Give one conditional result."""
    row = found(queries.review_by_id(by, review_id))
    if request.method == "POST":
        projects.give_conditional(
            by=by,
            now=timezone.now(),
            review=row,
            on=must_day(request, "on"),
            conditions=text(request, "conditions", longest=300),
            version=number(request.POST.get("version")),
        )
        messages.success(request, _("Saved."))
    return go(request, reverse("pre_review", args=[row.track_id]))


@staff
def pre_review_item(request: HttpRequest, by: Actor, pre_item_id: int) -> HttpResponse:
    """Change an item of the zone's own list."""
    row = found(PreReviewItem.objects.filter(zone_id=by.zone_id, pk=pre_item_id).first())
    if request.method == "POST":
        projects.keep_pre_review_item(
            by=by,
            now=timezone.now(),
            item=row,
            name=text(request, "name", longest=80),
            office_name=text(request, "office_name", longest=60),
            working_days=whole(request, "working_days", least=1, most=250),
            source=text(request, "source", longest=200),
            is_used=request.POST.get("is_used") == "yes",
            version=number(request.POST.get("version")) or 0,
        )
        messages.success(request, _("Saved."))
        return go(request, reverse("pre_review_list"))
    context = {"row": row, "runs": access.runs_projects(by)}
    return render(request, "projects/pre_review_item.html", context)
