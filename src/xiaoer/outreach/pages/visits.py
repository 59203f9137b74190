"""Visits: the list, the one-minute log, corrections, programmes and their days."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access, queries
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import Appeal, FieldLog, Programme, Visit
from xiaoer.outreach.pages import asking, heard, reading
from xiaoer.outreach.pages.behalf import choose_enterprise, the_party
from xiaoer.outreach.pages.choices import people_of
from xiaoer.outreach.queries import VisitFilter, VisitRow
from xiaoer.registry.models import Party
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

staff = page(*STAFF_ROLES)
readers = page(*STAFF_ROLES, Role.CITY)
# So many requests may be raised on one visit; more are filed by themselves.
MOST_RAISED = 3
MOST_PHRASES = 24
SHEET = (
    Column("visited_on", gettext_lazy("Day"), 12, Kind.DATE),
    Column("enterprise", gettext_lazy("Enterprise"), 30),
    Column("visitor", gettext_lazy("Visitor"), 10),
    Column("office", gettext_lazy("Office"), 18),
    Column("along", gettext_lazy("Went along"), 18),
    Column("programme", gettext_lazy("Programme"), 18),
    Column("met", gettext_lazy("Whom they met"), 24),
    Column("said", gettext_lazy("What they told us"), 48),
    Column("appeals", gettext_lazy("Requests raised"), 8, Kind.NUMBER),
    Column("logged_at", gettext_lazy("Logged"), 18, Kind.DATETIME),
)


def filters_of(request: HttpRequest, by: Actor) -> VisitFilter:
    wanted = request.GET
    return VisitFilter(
        programme=reading.words(wanted, "programme")[:30],
        party=reading.number(wanted.get("party")),
        post=by.post_id if wanted.get("mine") == "yes" else reading.number(wanted.get("post")),
        since=reading.day_of_address(request, "since"),
        until=reading.day_of_address(request, "until"),
        text=reading.words(wanted, "q")[:60],
    )


@readers
def visit_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """Visits of the zone, latest first."""
    filters = filters_of(request, by)
    kind = request.GET.get("export")
    if kind:
        rows = queries.every_visit(by=by, filters=filters)
        return sheet_response(kind, _("Visits"), SHEET, map(_cells, rows))
    context = {
        "shown": queries.visit_page(by=by, filters=filters, after=request.GET.get("after")),
        "filters": filters,
        "mine": request.GET.get("mine") == "yes",
        "programmes": [(one.code, one.name) for one in queries.programmes(by=by)],
        "party": Party.objects.filter(zone_id=by.zone_id, pk=filters.party or 0).first(),
        "started": "after" in request.GET,
        "may_write": by.is_staff,
    }
    return render(request, "outreach/visit_list.html", context)


def _cells(row: VisitRow) -> tuple[object, ...]:
    along = "、".join(row.companions)
    return tuple(along if column.key == "along" else getattr(row, column.key) for column in SHEET)


@staff
def visit_new(request: HttpRequest, by: Actor, enterprise_id: int | None = None) -> HttpResponse:
    """Log a visit in a minute: where, under what name, whom, what was said, what was asked for."""
    if enterprise_id is None:
        return choose_enterprise(
            request,
            by,
            to="visit_new_for",
            here=reverse("visit_new"),
            title=_("Log a visit"),
            crumb=(_("Visits"), reverse("visit_list")),
        )
    party = the_party(by, enterprise_id)
    if request.method == "POST":
        return _log(request, by, party)
    now = timezone.now()
    programmes = queries.programmes(by=by)
    routine = next((one for one in programmes if one.kind == Programme.Kind.ROUTINE), None)
    context = {
        "party": party,
        "programmes": [(one.pk, one.name) for one in programmes],
        "programme": reading.number(request.GET.get("programme"))
        or (routine.pk if routine else None),
        "today": reading.day_of_address(request, "visited_on") or timezone.localdate(now),
        # From the programme of a visit day: who went, and who went along.
        "visitor": reading.number(request.GET.get("post")),
        "along": [reading.number(each) for each in request.GET.get("companions", "").split(",")],
        "people": people_of(by, now),
        "is_desk": access.is_desk(by),
        "kinds": [(kind.pk, kind.label) for kind in queries.kinds(by=by)],
        "urgencies": Appeal.Urgency.choices,
        "raised": range(1, MOST_RAISED + 1),
        **asking.on_the_way(request, by=by, party=party),
        "steps": range(1, heard.MOST_STEPS + 1),
        "phrases": list(queries.phrases(by=by)[:MOST_PHRASES]),
        "field_set": list(queries.field_questions(by=by)),
        "last": queries.newest_answers(by=by, party_ids=[party.pk]).get(party.pk, {}),
        "given": None,
    }
    return render(request, "outreach/visit_new.html", context)


def _log(request: HttpRequest, by: Actor, party: Party) -> HttpResponse:
    post = request.POST
    logged = outreach.log_visit(
        by=by,
        now=timezone.now(),
        party=party,
        programme=_programme(post, by),
        visited_on=reading.must_be_day(post, "visited_on"),
        met=reading.said(post, "met", 120),
        said=reading.said(post, "said", 4000),
        post=reading.post_of(post, by=by, name="post"),
        companions=reading.posts(post, by=by, name="companions"),
        requests=_raised(post, by),
        contact=asking.contact_of(post, by=by),
        told=asking.told(post, by=by, party=party),
        answers=heard.answers_typed(post, by=by),
        steps=heard.steps_typed(post, by=by),
        late_reason=reading.said(post, "late_reason", 200),
        another_reason=reading.said(post, "another_reason", 200),
    )
    for name in ("photo", "paper"):
        files.pin_uploads(
            by=by,
            now=timezone.now(),
            uploads=request.FILES.getlist(name),
            subject=logged.visit,
            is_shown="shown" in post,
            only_photos=name == "photo",
            keep_place="keep_place" in post,
        )
    _warn(request, logged)
    return go(request, reverse("visit", args=[logged.visit.pk]))


def _warn(request: HttpRequest, logged: outreach.Logged) -> None:
    for warning in logged.warnings:
        messages.warning(request, warning)


def _programme(post: QueryDict, by: Actor) -> Programme:
    wanted = reading.number(post.get("programme"))
    row = queries.programmes(by=by).filter(pk=wanted).first() if wanted else None
    if row is None:
        raise Refused(_("Choose under what name the visit was made."), field="programme")
    return row


def _raised(post: QueryDict, by: Actor) -> list[outreach.Raised]:
    """The requests raised on the spot; a block nobody wrote into is none."""
    blocks = [f"r{number}_" for number in range(1, MOST_RAISED + 1)]
    return [
        outreach.Raised(
            title=reading.words(post, f"{block}title"),
            body=reading.words(post, f"{block}body") or reading.words(post, f"{block}title"),
            kind=reading.kind(post, by=by, name=f"{block}kind"),
            urgency=post.get(f"{block}urgency") or Appeal.Urgency.NORMAL,
            money_fen=reading.money(post, f"{block}money"),
            contact_phone=reading.said(post, f"{block}phone", 40),
        )
        for block in blocks
        if reading.words(post, f"{block}title") or reading.words(post, f"{block}body")
    ]


@readers
def visit(request: HttpRequest, by: Actor, visit_id: int) -> HttpResponse:
    """One visit with what came of it, and the versions it replaced."""
    row = found(queries.visit(by=by, visit_id=visit_id))
    now = timezone.now()
    newer = Visit.objects.filter(zone_id=by.zone_id, replaces=row).first()
    may_correct = by.is_staff and (row.post_id == by.post_id or access.is_desk(by))
    versions = queries.versions_of(row)
    answers = queries.answers_of(versions)
    context = {
        "answers": answers[row.pk],
        "steps": [
            (task, line, outreach.may_take(by, task, now))
            for task, line in queries.steps_of(
                by=by, visit_ids=[each.pk for each in versions], now=now
            )
        ],
        "lines": queries.version_lines(versions[::-1], answers),
        "field_set": list(queries.field_questions(by=by)) if may_correct else [],
        "given": {line.question_id: line for line in answers[row.pk]},
        "last": None,
        "visit": row,
        "party": row.party,
        "companions": [
            each.post.person.name for each in row.companions.select_related("post__person")
        ],
        "companion_ids": list(row.companions.values_list("post_id", flat=True)),
        "raised": [
            queries.pool_row(each, now, None)
            for each in row.appeals.select_related("party", "kind", "office", "handler__person")
        ],
        "versions": versions[::-1] if len(versions) > 1 else [],
        "newer": newer,
        "may_correct": may_correct and newer is None,
        "is_correcting": "correct" in request.GET,
        "programmes": [(one.pk, one.name) for one in queries.programmes(by=by)],
        "people": people_of(by, now) if may_correct else [],
        "papers": files.papers_of(by=by, table="visit", number=visit_id),
        "from_phones": _from_phones(by, row) if by.is_staff else [],
    }
    return render(request, "outreach/visit.html", context)


def _from_phones(by: Actor, row: Visit) -> list[FieldLog]:
    """What came from phones for this visit, in whatever version it came."""
    return queries.field_logs_of(by=by, visit_ids=[row.pk, *queries.version_numbers(row.pk)])


@require_POST
@staff
def visit_correct(request: HttpRequest, by: Actor, visit_id: int) -> HttpResponse:
    """Correct a visit by a new version; the old one stays."""
    row = found(queries.visit(by=by, visit_id=visit_id))
    post = request.POST
    logged = outreach.correct_visit(
        by=by,
        now=timezone.now(),
        visit=row,
        programme=_programme(post, by),
        visited_on=reading.must_be_day(post, "visited_on"),
        met=reading.said(post, "met", 120),
        said=reading.said(post, "said", 4000),
        companions=reading.posts(post, by=by, name="companions"),
        answers=heard.answers_typed(post, by=by),
    )
    _warn(request, logged)
    return go(request, reverse("visit", args=[logged.visit.pk]))


@readers
def programmes(request: HttpRequest, by: Actor) -> HttpResponse:
    """Under what names visits are made, and the days that were set."""
    rows = [
        (one, list(queries.days_of(by=by, programme=one)[:12])) for one in queries.programmes(by=by)
    ]
    context = {
        "rows": rows,
        "kinds": Programme.Kind.choices,
        "may_plan": access.is_desk(by),
        "options": [(one.pk, one.name) for one, _days in rows],
    }
    return render(request, "outreach/programmes.html", context)


@require_POST
@staff
def programme_open(request: HttpRequest, by: Actor) -> HttpResponse:
    """Open a name under which visits are made."""
    post = request.POST
    outreach.open_programme(
        by=by,
        now=timezone.now(),
        code=reading.said(post, "code", 30),
        name=reading.said(post, "name", 60),
        kind=post.get("kind", ""),
        source=reading.said(post, "source", 200),
    )
    return go(request, reverse("programmes"))


@require_POST
@staff
def day_open(request: HttpRequest, by: Actor) -> HttpResponse:
    """Set a day of a programme."""
    post = request.POST
    row = outreach.open_day(
        by=by,
        now=timezone.now(),
        programme=_programme(post, by),
        day=reading.must_be_day(post, "day"),
        place=reading.said(post, "place", 100),
        note=reading.said(post, "note", 200),
    )
    return go(request, reverse("day", args=[row.pk]))
