"""Parameters, cut-offs and calibration of the ladders."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.scope import Actor
from xiaoer.growth import access
from xiaoer.growth import actions as growth
from xiaoer.growth.models import (
    EntryCutoff,
    EvidenceItem,
    LadderParameter,
    ParameterChange,
    Path,
    Sector,
)
from xiaoer.growth.pages import typed
from xiaoer.growth.pages.ladders import language
from xiaoer.growth.queries import standings as questions

staff = page(*STAFF_ROLES)
MARKS = tuple((mark, mark) for mark in "ABCUD")
LINES = ("p_near", "p_sprout", "p_seed")
STEPS = (-0.1, -0.05, 0.05, 0.1)
SHOWN_CHANGES = 20


@require_http_methods(["GET", "POST"])
@staff
def ladder_settings(request: HttpRequest, by: Actor) -> HttpResponse:
    """What the zone sets: parameters with their changes, cut-offs of entry, papers asked for."""
    if request.method == "POST":
        return _set_parameter(request, by)
    rows = list(LadderParameter.objects.filter(zone_id=by.zone_id))
    cutoffs = EntryCutoff.objects.filter(zone_id=by.zone_id, removed_at__isnull=True)
    changes = ParameterChange.objects.filter(zone_id=by.zone_id).select_related(
        "parameter", "post__person"
    )
    context = {
        "rows": rows,
        "chosen": next((row for row in rows if row.code == request.GET.get("code")), None),
        "cutoffs": cutoffs,
        "cutoff": cutoffs.filter(pk=typed.number(request.GET.get("cutoff")) or 0).first(),
        "papers": EvidenceItem.objects.filter(zone_id=by.zone_id, removed_at__isnull=True),
        "changes": list(changes[:SHOWN_CHANGES]),
        "may_set": access.keeps_ladders(by),
        "paths": Path.choices,
        "sectors": Sector.choices,
        "marks": MARKS,
        "months": [(number, str(number)) for number in range(1, 13)],
        "language": language(),
        "zh": language().startswith("zh"),
    }
    return render(request, "growth/ladder_settings.html", context)


def _set_parameter(request: HttpRequest, by: Actor) -> HttpResponse:
    post = request.POST
    row = growth.set_parameter(
        by=by,
        now=timezone.now(),
        code=typed.words(post, "code"),
        value=typed.words(post, "value"),
        reason=typed.words(post, "reason"),
        version=typed.number(post.get("version")) or 0,
    )
    messages.success(request, _("Saved: %(name)s. It counts from the next evaluation on.")
                     % {"name": row.name if language().startswith("zh") else row.name_en})  # fmt: skip
    return go(request, reverse("ladder_settings"))


@require_POST
@staff
def cutoff_keep(request: HttpRequest, by: Actor) -> HttpResponse:
    """Add a cut-off of entry, change one, or remove one."""
    post, now = request.POST, timezone.now()
    cutoff = None
    if post.get("id"):
        cutoff = found(
            EntryCutoff.objects.filter(
                zone_id=by.zone_id, pk=typed.number(post.get("id")) or 0
            ).first()
        )
    if cutoff is not None and post.get("what") == "remove":
        growth.remove_cutoff(by=by, now=now, cutoff=cutoff)
    else:
        facts = growth.CutoffFacts(
            path=typed.words(post, "path"),
            day=typed.whole(post, "day") or 0,
            month=typed.whole(post, "month"),
            year=typed.whole(post, "year"),
            sector=typed.words(post, "sector"),
            name=typed.words(post, "name"),
            source=typed.words(post, "source"),
            mark=typed.words(post, "mark") or "A",
        )
        growth.keep_cutoff(
            by=by,
            now=now,
            facts=facts,
            cutoff=cutoff,
            version=typed.number(post.get("version")) or 0,
        )
    return go(request, f"{reverse('ladder_settings')}#cutoffs")


@require_http_methods(["GET", "POST"])
@staff
def calibration(request: HttpRequest, by: Actor) -> HttpResponse:
    """How many firms each choice of lines gives, beside what the officers can follow."""
    if request.method == "POST":
        return _calibrate(request, by)
    rows = {
        row.code: row
        for row in LadderParameter.objects.filter(
            zone_id=by.zone_id, code__in=(*LINES, "officer_capacity")
        )
    }
    kept = tuple(float(rows[code].number or 0) if code in rows else 0.0 for code in LINES)
    tried = tuple(
        given if (given := typed.share(request.GET.get(code))) is not None else now
        for code, now in zip(LINES, kept, strict=True)
    )
    shares = questions.shares(by=by, p_seed=kept[2])
    near, sprout, seed = tried
    officers = questions.officers_of_zone(by=by)
    each = int(rows["officer_capacity"].number or 0) if "officer_capacity" in rows else 0
    context = {
        "kept": shares.choose(*kept),
        "tried": shares.choose(*tried),
        "is_tried": tried != kept,
        "ordered": near > sprout > seed,
        "around": [
            shares.choose(round(near + step, 4), sprout, seed)
            for step in STEPS
            if sprout < near + step <= 1
        ],
        "shares": shares,
        "officers": officers,
        "each": each,
        "capacity": officers * each,
        "lines": [(code, rows[code]) for code in LINES if code in rows],
        "values": dict(zip(LINES, tried, strict=True)),
        "may_set": access.keeps_ladders(by),
        "zh": language().startswith("zh"),
        "months": questions.last_months(by.zone_id or 0),
    }
    part = request.headers.get("HX-Target") == "counts"
    return render(request, f"growth/{'_calibration' if part else 'calibration'}.html", context)


def _calibrate(request: HttpRequest, by: Actor) -> HttpResponse:
    post = request.POST
    growth.set_parameters(
        by=by,
        now=timezone.now(),
        values={code: typed.words(post, code) for code in LINES},
        reason=typed.words(post, "reason"),
        versions={code: typed.number(post.get(f"version_{code}")) or 0 for code in LINES},
    )
    messages.success(request, _("Saved. The lines count from the next evaluation on."))
    return go(request, reverse("calibration"))
