"""Services recorded in a few taps, corrected, listed; uses of an e-licence; figures by point."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages.forms import day_of, number, text
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers.models import Licence
from xiaoer.permits import actions as permits
from xiaoer.permits import point_access as access
from xiaoer.permits.models import LicenceUse, ServiceRecord
from xiaoer.permits.pages.point_reading import (
    extended_options,
    moment_typed,
    party_named,
    point_here,
    point_options,
    served_typed,
    thing_options,
)
from xiaoer.permits.point_words import minutes_words
from xiaoer.permits.queries import point_figures as figures
from xiaoer.permits.queries import points as queries
from xiaoer.permits.queries.point_figures import PointFigures, RecordFilter
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)
PAGE = 50
RECORDS = (
    Column("at", gettext_lazy("When"), 18, Kind.DATETIME),
    Column("point", gettext_lazy("Service point"), 24),
    Column("kind", gettext_lazy("What was done"), 16),
    Column("name", gettext_lazy("For whom"), 30),
    Column("extended", gettext_lazy("Extended service"), 18),
    Column("thing", gettext_lazy("Thing"), 24),
    Column("case", gettext_lazy("Case"), 18),
    Column("words", gettext_lazy("Note"), 30),
    Column("who", gettext_lazy("Recorded by"), 12),
)
USES = (
    Column("at", gettext_lazy("When"), 18, Kind.DATETIME),
    Column("what", gettext_lazy("Licence"), 24),
    Column("name", gettext_lazy("Whose"), 30),
    Column("credit_code", gettext_lazy("Credit code"), 20),
    Column("service", gettext_lazy("Shown for"), 24),
    Column("point", gettext_lazy("Service point"), 24),
    Column("who", gettext_lazy("Recorded by"), 12),
)
FIGURES = (
    Column("name", gettext_lazy("Service point"), 28),
    Column("tier", gettext_lazy("Tier"), 14),
    Column("enterprises", gettext_lazy("Enterprises served"), 12, Kind.NUMBER),
    Column("cases", gettext_lazy("Matters handled"), 12, Kind.NUMBER),
    Column("agency", gettext_lazy("Enterprises with an agent"), 12, Kind.NUMBER),
    Column("extended", gettext_lazy("Enterprises with an extended service"), 12, Kind.NUMBER),
    Column("advice", gettext_lazy("Times advised"), 12, Kind.NUMBER),
    Column("licences", gettext_lazy("Entities served by e-licence"), 12, Kind.NUMBER),
    Column("tickets", gettext_lazy("Numbers taken"), 12, Kind.NUMBER),
    Column("wait", gettext_lazy("Mean wait"), 12),
)


def _asked(request: HttpRequest) -> RecordFilter:
    """The filters of the address; the year so far where nothing is said of days."""
    today = timezone.localdate()
    year_begins = None if request.GET.get("all") else today.replace(month=1, day=1)
    kind = request.GET.get("kind", "")
    return RecordFilter(
        first=day_of(request.GET.get("first")) or year_begins,
        last=day_of(request.GET.get("last")),
        point=number(request.GET.get("point")),
        kind=kind if kind in ServiceRecord.Kind.values else "",
        extended=request.GET.get("extended", "").replace("\x00", "")[:30],
        words=request.GET.get("q", "").replace("\x00", "").strip()[:60],
    )


# Records -----------------------------------------------------------------------------------------


@readers
def service_records(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Who was served, where and how: what stands behind every figure of the points."""
    wanted = _asked(request)
    rows = figures.records(zone_id=by.zone_id, wanted=wanted)
    if request.GET.get("export"):
        lines = (_record_cells(one) for one in rows.iterator(chunk_size=2000))
        return sheet_response(request.GET["export"], str(_("Services at points")), RECORDS, lines)
    shown = Paginator(rows, PAGE).get_page(number(request.GET.get("page")) or 1)
    context = {
        "rows": shown.object_list,
        "page": shown.number,
        "pages": shown.paginator.num_pages,
        "total": shown.paginator.count,
        "wanted": wanted,
        "kinds": ServiceRecord.Kind.choices,
        "points": [(str(key), words) for key, words in point_options(by)],
        "extended": [
            (one.code, one.name)
            for one in queries.extended_services(zone_id=by.zone_id, ended=True)
        ],
        "serves": by.is_staff,
    }
    return render(request, "permits/service_records.html", context)


def _record_cells(one: ServiceRecord) -> tuple[object, ...]:
    return (
        one.at, one.point.name, one.get_kind_display(), one.name,
        one.extended.name if one.extended else None, one.thing.name if one.thing else None,
        one.case.number if one.case else None, one.words,
        one.post.person.name if one.post else None,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def point_record(request: HttpRequest, by: Actor, point_id: int) -> HttpResponse:
    """Write down in a few taps whom one served; the form comes back for the next."""
    row = point_here(by, point_id)
    if request.method == "POST":
        made = permits.record_service(
            by=by, now=timezone.now(), point=row, served=served_typed(request, by)
        )
        said = (
            _("Recorded for %(name)s.")
            if made.party_id
            else _("Recorded for %(name)s, whom the registry does not know by this name.")
        )
        messages.success(request, said % {"name": made.name})
        return go(request, reverse("point_record", args=[row.pk]))
    context = {
        "point": row,
        "kinds": ServiceRecord.Kind.choices,
        "extended": extended_options(by),
        "things": thing_options(by),
        "latest": figures.records(
            zone_id=by.zone_id, wanted=RecordFilter(first=timezone.localdate(), point=row.pk)
        )[:10],
    }
    return render(request, "permits/point_record.html", context)


@require_http_methods(["GET", "POST"])
@readers
def service_record(request: HttpRequest, by: Actor, service_record_id: int) -> HttpResponse:
    """One record, what it replaces and what replaced it; put right by a further one."""
    rows = ServiceRecord.objects.filter(zone_id=by.zone_id)
    row = found(
        rows.select_related(
            "point", "party", "case", "thing", "extended", "post__person", "replaces", "replaced_by"
        )
        .filter(pk=service_record_id)
        .first()
    )
    if request.method == "POST":
        is_void = request.POST.get("void") == "yes"
        made = permits.correct_record(
            by=by,
            now=timezone.now(),
            record=row,
            reason=request.POST.get("reason", ""),
            served=None if is_void else served_typed(request, by),
        )
        messages.success(request, _("Corrected; the first record stays beside it."))
        return go(request, reverse("service_record", args=[made.pk]))
    context = {
        "row": row,
        "newer": getattr(row, "replaced_by", None),
        "on": timezone.localdate(row.at),
        "kinds": ServiceRecord.Kind.choices,
        "extended": extended_options(by),
        "things": thing_options(by),
        "may_correct": by.is_staff
        and not row.is_void
        and (row.post_id == by.post_id or access.keeps_points(by)),
    }
    return render(request, "permits/service_record.html", context)


# Uses of an e-licence ----------------------------------------------------------------------------


@readers
def licence_uses(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Whose e-licence was shown for which service, and when."""
    wanted = _asked(request)
    rows = figures.uses(zone_id=by.zone_id, wanted=wanted)
    if request.GET.get("export"):
        lines = (_use_cells(one) for one in rows.iterator(chunk_size=2000))
        return sheet_response(request.GET["export"], str(_("Uses of e-licences")), USES, lines)
    shown = Paginator(rows, PAGE).get_page(number(request.GET.get("page")) or 1)
    context = {
        "rows": shown.object_list,
        "page": shown.number,
        "pages": shown.paginator.num_pages,
        "total": shown.paginator.count,
        "entities": figures.licence_entity_count(
            zone_id=by.zone_id, service="", first=wanted.first, last=wanted.last
        ),
        "wanted": wanted,
        "points": point_options(by),
        "serves": by.is_staff,
    }
    return render(request, "permits/licence_uses.html", context)


def _use_cells(one: LicenceUse) -> tuple[object, ...]:
    what = one.licence.number if one.licence else one.get_what_display()
    return (
        one.at, what, one.name, one.credit_code, one.service,
        one.point.name if one.point else None, one.post.person.name if one.post else None,
    )  # fmt: skip


@require_POST
@staff
def licence_use_add(request: HttpRequest, by: Actor) -> HttpResponse:
    """Write down that somebody showed an e-licence."""
    typed = text(request, "number", longest=60)
    licence = None
    if typed:
        licence = Licence.objects.filter(zone_id=by.zone_id, number=typed).first()
        if licence is None:
            raise Refused(
                _("No licence of ours has the number %(number)s.") % {"number": typed},
                field="number",
            )
    who = text(request, "who", longest=120)
    given = number(request.POST.get("point"))
    row = permits.record_licence_use(
        by=by,
        now=timezone.now(),
        service=request.POST.get("service", ""),
        party=party_named(by, who),
        name=who,
        credit_code=text(request, "credit_code", longest=18).upper(),
        licence=licence,
        point=point_here(by, given) if given else None,
        at=moment_typed(request),
    )
    messages.success(request, _("Recorded for %(name)s.") % {"name": row.name})
    return go(request, reverse("licence_uses"))


# Figures -----------------------------------------------------------------------------------------


@readers
def point_figures(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """What was done at each point in a period; every number opens to its records."""
    wanted = _asked(request)
    whole, rows = figures.point_figures(zone_id=by.zone_id, first=wanted.first, last=wanted.last)
    if request.GET.get("export"):
        name = str(_("Figures of service points"))
        return sheet_response(request.GET["export"], name, FIGURES, _figure_cells(whole, rows))
    context = {
        "whole": whole,
        "rows": [(one, minutes_words(one.mean_wait)) for one in rows],
        "wait": minutes_words(whole.mean_wait),
        "wanted": wanted,
        "period": _period(wanted),
    }
    return render(request, "permits/point_figures.html", context)


def _period(wanted: RecordFilter) -> str:
    """The days as the addresses of the records carry them."""
    parts = [] if wanted.first else ["all=1"]
    if wanted.first:
        parts.append(f"first={wanted.first.isoformat()}")
    if wanted.last:
        parts.append(f"last={wanted.last.isoformat()}")
    return "&".join(parts)


def _figure_cells(whole: PointFigures, rows: list[PointFigures]) -> Iterator[tuple[object, ...]]:
    for one in (*rows, whole):
        yield (
            one.point.name if one.point else _("The zone as a whole"),
            one.point.get_tier_display() if one.point else None,
            one.enterprises, one.cases, one.agency_enterprises, one.extended_enterprises,
            one.advice, one.licence_entities, one.tickets, minutes_words(one.mean_wait),
        )  # fmt: skip
