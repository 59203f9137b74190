"""联合验收 at the window and in departments: the list, one acceptance with every part, the project's tab."""

from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Office, Post, Role
from xiaoer.base.pages.forms import day, must_day, number, text, whole
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import acceptance_access as access
from xiaoer.permits.actions import acceptance
from xiaoer.permits.models import Acceptance, AcceptanceCheck, AcceptanceKind, Defect
from xiaoer.permits.queries import acceptance as queries
from xiaoer.projects.models import Project
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)
tab_readers = page(*STAFF_ROLES, Role.CITY, Role.ENTERPRISE)
SHEET = (
    Column("number", gettext_lazy("Number"), 16),
    Column("project", gettext_lazy("Project"), 30),
    Column("part", gettext_lazy("Part"), 16),
    Column("owner", gettext_lazy("Owner"), 26),
    Column("state", gettext_lazy("State"), 16),
    Column("checks", gettext_lazy("Checks"), 8, Kind.NUMBER),
    Column("decided", gettext_lazy("Results issued"), 10, Kind.NUMBER),
    Column("applied_at", gettext_lazy("Applied"), 16, Kind.DATETIME),
    Column("day", gettext_lazy("Day on the site"), 12, Kind.DATE),
    Column("concluded_at", gettext_lazy("Concluded"), 16, Kind.DATETIME),
    Column("filed_on", gettext_lazy("Filed"), 12, Kind.DATE),
    Column("trips", gettext_lazy("Trips"), 8, Kind.NUMBER),
)
MOST = 300


def own_project(request: HttpRequest, by: Actor) -> Project:
    """The project chosen, as the asker sees it."""
    key = number(request.POST.get("project") or request.GET.get("project")) or 0
    row = Project.objects.filter(zone_id=by.zone_id, pk=key).select_related("party").first()
    if row is None:
        raise Refused(_("Choose the project."), field="project")
    return row


@readers
def acceptance_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Joint acceptances, the most urgent of the open ones seen by their lights."""
    now = timezone.now()
    group = request.GET.get("group", "open")
    wanted = queries.AcceptanceFilter(
        group=group if group in {"open", "closed", "all", *Acceptance.State.values} else "open",
        office=number(request.GET.get("office")),
        words=request.GET.get("words", "").strip()[:60],
    )
    lines = queries.lines(queries.acceptances(by=by, wanted=wanted)[:MOST], now)
    if request.GET.get("export"):
        return sheet_response(request.GET["export"], _("Joint acceptances"), SHEET, _cells(lines))
    today = timezone.localdate(now)
    context = {
        "lines": lines,
        "wanted": wanted,
        "figures": queries.acceptance_figures(
            zone_id=by.zone_id, since=today.replace(month=1, day=1), until=today
        ),
        "offices": list(Office.objects.filter(zone_id=by.zone_id).values_list("pk", "name")),
        "keeps": access.keeps_window(by),
        "goes": by.is_staff,
        "year": today.year,
    }
    return render(request, "permits/acceptances.html", context)


def _cells(lines: list[queries.Line]) -> Iterator[tuple[object, ...]]:
    for one in lines:
        row = one.row
        yield (
            row.number, row.project.name, row.part, row.party.name if row.party else "",
            row.get_state_display(), len(one.checks), one.decided, row.applied_at,
            one.day.day if one.day else None, row.concluded_at, row.filed_on, row.trips,
        )  # fmt: skip


@staff
def acceptance_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Take an application in at the window, or keep that checks were made one by one."""
    access.must_keep_window(by)
    if request.method == "POST":
        now = timezone.now()
        project = own_project(request, by)
        if request.POST.get("way") == "separate":
            row = acceptance.record_separate_acceptance(
                by=by, now=now, project=project,
                facts=acceptance.SeparateFacts(
                    concluded_on=must_day(request, "concluded_on"),
                    part=text(request, "part", longest=120),
                    trips=whole(request, "trips", least=0, most=200),
                    words=text(request, "words", longest=500),
                ),
            )  # fmt: skip
        else:
            row = acceptance.apply_acceptance(
                by=by, now=now, project=project, facts=facts_of(request), trips=1
            )
            files.pin_uploads(
                by=by, now=now, uploads=request.FILES.getlist("paper"), subject=row, is_shown=True
            )
        messages.success(request, _("%(number)s is written down.") % {"number": row.number})
        return go(request, reverse("acceptance", args=[row.pk]))
    return render(request, "permits/acceptance_new.html", form_context(request, by))


def form_context(request: HttpRequest, by: Actor) -> dict[str, Any]:
    """What an application is filled in with."""
    rows = Project.objects.filter(zone_id=by.zone_id, ended_on__isnull=True).order_by("name")
    return {
        "projects": list(rows.values_list("pk", "name")),
        "project": number(request.GET.get("project")),
        "kinds": [one for one in queries.kinds(zone_id=by.zone_id) if one.is_used],
        "asked": [
            (one.code, one.name)
            for one in queries.kinds(zone_id=by.zone_id)
            if one.is_used and one.applies == AcceptanceKind.Applies.ASKED
        ],
        "separate": request.GET.get("way") == "separate",
        "today": timezone.localdate(),
    }


def facts_of(request: HttpRequest) -> acceptance.AcceptanceFacts:
    wished = [one for one in (day(request, f"wished{n}") for n in (1, 2, 3)) if one]
    area = request.POST.get("area_m2", "").strip()
    return acceptance.AcceptanceFacts(
        part=text(request, "part", longest=120),
        area_m2=whole(request, "area_m2", least=1, most=10_000_000) if area else None,
        is_special=request.POST.get("is_special") == "yes",
        has_air_defence=request.POST.get("has_air_defence") == "yes",
        contact_name=text(request, "contact_name", longest=60),
        contact_phone=text(request, "contact_phone", longest=40),
        wished_days=wished,
        asked=request.POST.getlist("asked"),
        phase_why=text(request, "phase_why", longest=300),
        archives_by=day(request, "archives_by"),
    )


def shown(by: Actor, acceptance_id: int) -> dict[str, Any]:
    """Everything of one acceptance, for the window, a department and the owner alike."""
    row = found(queries.acceptance_of(by=by, acceptance_id=acceptance_id))
    checks = queries.checks_of(row)
    defects = queries.defects_of(row)
    site = queries.site_day_of(row)
    return {
        "row": row,
        "checks": checks,
        "defects": defects,
        "photos": queries.photos_of(by=by, defects=defects),
        "blocks": queries.blocks_of(checks) if row.state not in Acceptance.CLOSED else [],
        "site": site,
        "goers": queries.goers_of(site) if site and by.is_staff else [],
        "papers": files.papers_of(
            by=by, table="acceptance", number=row.pk, is_closed=row.state in Acceptance.CLOSED
        ),
        "today": timezone.localdate(),
    }


@readers
def acceptance_page(request: HttpRequest, by: Actor, acceptance_id: int) -> HttpResponse:
    """One acceptance: departments as rows, the day, the one list, the conclusion."""
    context = shown(by, acceptance_id)
    checks = context["checks"]
    doing = request.GET.get("do", "")
    check = next((one for one in checks if str(one.pk) == request.GET.get("check")), None)
    mine = {one.pk for one in checks if access.answers_for(by, one)}
    context |= {
        "doing": doing,
        "check": check,
        "mine": mine,
        "keeps": access.keeps_window(by),
        "offices": list(Office.objects.filter(zone_id=by.zone_id).values_list("pk", "name")),
        "colleagues": _colleagues(by) if doing == "sign" else [],
        "inspectors": queries.inspectors(zone_id=by.zone_id) if doing == "fix-day" else [],
        "ways": Defect.Way.choices,
        "rule": queries.rule(zone_id=by.zone_id) if doing == "fix-day" else None,
    }
    return render(request, "permits/acceptance.html", context)


def _colleagues(by: Actor) -> list[tuple[int, str]]:
    rows = Post.objects.filter(zone_id=by.zone_id, office_id=by.office_id or 0, until__isnull=True)
    return [
        (one.pk, one.person.name)
        for one in rows.exclude(pk=by.post_id or 0).select_related("person")
    ]


# What is done to it ------------------------------------------------------------------------------


Act = Callable[[HttpRequest, Actor, datetime, Acceptance], object]


def _check(request: HttpRequest, by: Actor, row: Acceptance) -> AcceptanceCheck:
    check = queries.check_of(by=by, check_id=number(request.POST.get("check")) or 0)
    return found(check if check and check.acceptance_id == row.pk else None)


def _office(request: HttpRequest, by: Actor, now: datetime, row: Acceptance) -> object:
    office = Office.objects.filter(
        zone_id=by.zone_id, pk=number(request.POST.get("office")) or 0
    ).first()
    if office is None:
        raise Refused(_("Choose the office."), field="office")
    return acceptance.name_check_office(
        by=by, now=now, check=_check(request, by, row), office=office
    )


def _papers(request: HttpRequest, by: Actor, now: datetime, row: Acceptance) -> object:
    lacking = text(request, "lacking", longest=1000)
    if request.POST.get("fine") != "yes" and not lacking:
        raise Refused(_("Say everything that is lacking, or that nothing is."), field="lacking")
    return acceptance.check_papers(by=by, now=now, check=_check(request, by, row), lacking=lacking)


def _fix_day(request: HttpRequest, by: Actor, now: datetime, row: Acceptance) -> object:
    goers = {
        check.pk: [one for one in map(number, request.POST.getlist(f"goers{check.pk}")) if one]
        for check in queries.checks_of(row)
    }
    try:
        starts_at = time.fromisoformat(request.POST.get("starts_at", ""))
    except ValueError as error:
        raise Refused(_("Type a time such as 09:30."), field="starts_at") from error
    return acceptance.fix_site_day(
        by=by, now=now, acceptance=row,
        slot=acceptance.Slot(
            day=must_day(request, "day"), starts_at=starts_at,
            minutes=whole(request, "minutes", least=15, most=480), goers=goers,
        ),
    )  # fmt: skip


def _sign(request: HttpRequest, by: Actor, now: datetime, row: Acceptance) -> object:
    second = Post.objects.filter(
        zone_id=by.zone_id, pk=number(request.POST.get("second")) or 0
    ).first()
    signed = acceptance.sign_check(
        by=by, now=now, check=_check(request, by, row), second=second,
        words_said=text(request, "words", longest=1000), defects=_defects(request),
    )  # fmt: skip
    for place, defect in enumerate(signed.defects):
        files.pin_uploads(
            by=by, now=now, uploads=request.FILES.getlist(f"photo{place + 1}"), subject=defect,
            only_photos=True, is_shown=True, keep_place=True,
        )  # fmt: skip
    return signed


def _defects(request: HttpRequest) -> list[acceptance.DefectFacts]:
    return [
        acceptance.DefectFacts(
            what=text(request, f"what{n}", longest=500),
            clause=text(request, f"clause{n}", longest=200),
            due_on=must_day(request, f"due{n}"),
            way=request.POST.get(f"way{n}", Defect.Way.SITE),
        )
        for n in (1, 2, 3)
        if request.POST.get(f"what{n}", "").strip()
    ]


def report(request: HttpRequest, by: Actor, now: datetime, row: Acceptance) -> object:
    """The owner's points put right, with words and photographs each."""
    said = [
        (one.pk, text(request, f"words{one.pk}", longest=500))
        for one in queries.defects_of(row)
        if request.POST.get(f"words{one.pk}", "").strip()
    ]
    done = acceptance.report_repairs(by=by, now=now, acceptance=row, repairs=said)
    for key, _words in said:
        files.pin_uploads(
            by=by, now=now, uploads=request.FILES.getlist(f"photo{key}"),
            subject=found(queries.defect_of(by=by, defect_id=key)), only_photos=True, is_shown=True,
        )  # fmt: skip
    return done


def _recheck(request: HttpRequest, by: Actor, now: datetime, row: Acceptance) -> object:
    check = _check(request, by, row)
    verdicts = [
        (
            one.pk,
            request.POST[f"passed{one.pk}"] == "yes",
            text(request, f"words{one.pk}", longest=500),
        )
        for one in queries.defects_of(row)
        if one.check_row_id == check.pk and request.POST.get(f"passed{one.pk}")
    ]
    return acceptance.recheck_defects(by=by, now=now, check=check, verdicts=verdicts)


def _decide(request: HttpRequest, by: Actor, now: datetime, row: Acceptance) -> object:
    return acceptance.decide_check(
        by=by, now=now, check=_check(request, by, row), number=text(request, "number", longest=60),
        on=must_day(request, "on"), said=text(request, "words", longest=500),
    )  # fmt: skip


def _numbered(verb: Callable[..., object]) -> Act:
    def act(request: HttpRequest, by: Actor, now: datetime, row: Acceptance) -> object:
        return verb(
            by=by, now=now, acceptance=row, number=text(request, "number", longest=60),
            on=must_day(request, "on"),
        )  # fmt: skip

    return act


def _with_reason(verb: Callable[..., object]) -> Act:
    def act(request: HttpRequest, by: Actor, now: datetime, row: Acceptance) -> object:
        return verb(by=by, now=now, acceptance=row, reason=text(request, "reason", longest=500))

    return act


VERBS: dict[str, Act] = {
    "office": _office,
    "papers": _papers,
    "ask": lambda _r, by, now, row: acceptance.ask_acceptance_supplement(by=by, now=now, acceptance=row),
    "answer": lambda _r, by, now, row: acceptance.answer_acceptance_supplement(by=by, now=now, acceptance=row),
    "accept": lambda r, by, now, row: acceptance.accept_acceptance(
        by=by, now=now, acceptance=row, brought_later=text(r, "brought_later", longest=500)
    ),
    "refuse": _with_reason(acceptance.not_accept_acceptance),
    "withdraw": _with_reason(acceptance.withdraw_acceptance),
    "guide": lambda r, by, now, row: acceptance.guide_acceptance(
        by=by, now=now, acceptance=row, on=must_day(r, "on"), gaps=text(r, "gaps", longest=1000)
    ),
    "fix-day": _fix_day,
    "drop-day": _with_reason(acceptance.drop_site_day),
    "sign": _sign,
    "send": lambda _r, by, now, row: acceptance.send_defects(by=by, now=now, acceptance=row),
    "repairs": report,
    "recheck": _recheck,
    "decide": _decide,
    "owner": lambda r, by, now, row: acceptance.record_owner_acceptance(
        by=by, now=now, acceptance=row, on=must_day(r, "on")
    ),
    "conclude": lambda _r, by, now, row: acceptance.conclude_acceptance(by=by, now=now, acceptance=row),
    "file": _numbered(acceptance.file_completion),
    "archive": _numbered(acceptance.archive_acceptance),
}  # fmt: skip


@require_POST
@staff
def acceptance_do(request: HttpRequest, by: Actor, acceptance_id: int, verb: str) -> HttpResponse:
    """Do one thing to an acceptance, as its page offers it."""
    row = found(queries.acceptance_of(by=by, acceptance_id=acceptance_id))
    act = VERBS.get(verb)
    if act is None:
        raise Http404
    act(request, by, timezone.now(), row)
    messages.success(request, _("Done."))
    return go(request, reverse("acceptance", args=[row.pk]))


@tab_readers
def project_acceptances(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """A tab of the project's page: its acceptances, whole and by parts."""
    project = found(Project.objects.filter(zone_id=by.zone_id, pk=project_id).first())
    wanted = queries.AcceptanceFilter("all", project=project.pk)
    context = {
        "project": project,
        "lines": queries.lines(queries.acceptances(by=by, wanted=wanted)[:50], timezone.now()),
        "keeps": access.keeps_window(by),
        "owns": access.owns(by, project.party_id),
        "page": "acceptance" if by.is_staff or by.role == Role.CITY else "my_acceptance",
    }
    return render(request, "permits/_project_acceptances.html", context)
