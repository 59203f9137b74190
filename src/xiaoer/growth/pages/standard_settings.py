"""The standards of the state as the zone keeps them, and the forecast of a firm set by hand."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import access
from xiaoer.growth import actions as growth
from xiaoer.growth.actions.standard_seeds import WAN_FEN
from xiaoer.growth.models import ForecastOverride, SizeStandard, StatThreshold
from xiaoer.growth.pages import typed
from xiaoer.growth.pages.ladder_settings import MARKS
from xiaoer.growth.pages.ladders import language
from xiaoer.growth.queries.firm_ladder import forecast_words
from xiaoer.growth.queries.standings import firm_ladders
from xiaoer.registry import access as registry
from xiaoer.web.words import local_date

staff = page(*STAFF_ROLES)
SHOWN_FORMER = 20
SIZES = ("large", "medium", "small")
MONEY = ("revenue_fen", "assets_fen")


@staff
def standard_settings(request: HttpRequest, by: Actor) -> HttpResponse:
    """Thresholds of the register and sizes of enterprises: since when, how well verified, by what."""
    lines = StatThreshold.objects.filter(zone_id=by.zone_id)
    sizes = SizeStandard.objects.filter(zone_id=by.zone_id)
    now_lines = list(lines.filter(effective_to__isnull=True).order_by("pk"))
    now_sizes = list(sizes.filter(effective_to__isnull=True))
    former = lines.filter(effective_to__isnull=False).order_by("-effective_to", "pk")
    context = {
        "lines": now_lines,
        "sizes": [(row, [_bounds(row, size) for size in SIZES]) for row in now_sizes],
        "line": next((row for row in now_lines if row.sector == request.GET.get("line")), None),
        "size": next((row for row in now_sizes if row.sector == request.GET.get("size")), None),
        "former": list(former[:SHOWN_FORMER]),
        "may_set": access.keeps_ladders(by),
        "marks": MARKS,
        "wan": typed.wan,
        "wan_of": _wan_of,
        "today": local_date(timezone.now()),
        "zh": language().startswith("zh"),
    }
    return render(request, "growth/standard_settings.html", context)


def _bounds(row: SizeStandard, size: str) -> tuple[int | None, int | None, int | None]:
    """People, revenue and assets a size asks for; money in fen."""
    people, revenue, assets = (
        getattr(row, f"{size}_{what}") for what in ("employees", "revenue_fen", "assets_fen")
    )
    return people, revenue, assets


def _wan_of(fen: int | None) -> str:
    return "" if fen is None else f"{fen // WAN_FEN}"


@require_POST
@staff
def stat_threshold_set(request: HttpRequest, by: Actor) -> HttpResponse:
    """Put the line of a sector from a day on."""
    post = request.POST
    row = found(
        StatThreshold.objects.filter(
            zone_id=by.zone_id, pk=typed.number(post.get("id")) or 0
        ).first()
    )
    growth.set_stat_threshold(
        by=by,
        now=timezone.now(),
        threshold=row,
        facts=growth.StandardFacts(
            effective_from=typed.must_be_day(post, "effective_from"),
            mark=typed.words(post, "mark"),
            source=typed.words(post, "source"),
            industries=typed.words(post, "industries")[:200],
            threshold=typed.words(post, "threshold"),
        ),
        version=typed.number(post.get("version")) or 0,
    )
    messages.success(request, _("Saved. It counts from the next evaluation on."))
    return go(request, reverse("standard_settings"))


@require_POST
@staff
def size_standard_set(request: HttpRequest, by: Actor) -> HttpResponse:
    """Put the bounds of a sector from a day on."""
    post = request.POST
    row = found(
        SizeStandard.objects.filter(
            zone_id=by.zone_id, pk=typed.number(post.get("id")) or 0
        ).first()
    )
    growth.set_size_standard(
        by=by,
        now=timezone.now(),
        standard=row,
        facts=growth.StandardFacts(
            effective_from=typed.must_be_day(post, "effective_from"),
            mark=typed.words(post, "mark"),
            source=typed.words(post, "source"),
            industries=typed.words(post, "industries")[:200],
            bounds={
                **{f"{size}_employees": _bound(post, f"{size}_employees", 1) for size in SIZES},
                **{
                    f"{size}_{what}": _bound(post, f"{size}_{what}", WAN_FEN)
                    for size in SIZES
                    for what in MONEY
                },
            },
        ),
        version=typed.number(post.get("version")) or 0,
    )
    messages.success(request, _("Saved. It counts from the next evaluation on."))
    return go(request, f"{reverse('standard_settings')}#sizes")


def _bound(post: Mapping[str, str], name: str, worth: int) -> int | None:
    """A bound as typed; nothing typed: it is not looked at in this sector."""
    said = typed.words(post, name).replace(",", "")
    if not said:
        return None
    given = typed.number(said)
    if given is None or given > 100_000_000:
        raise Refused(_("Type a whole number."), field=name)
    return given * worth


# One firm's forecast ------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@staff
def firm_forecast(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """What staff said a firm's year will come to, with the reason, beside what was computed."""
    party = typed.the_party(by, enterprise_id)
    now = timezone.now()
    today = local_date(now)
    rows = forecast_words(by=by, party=party)
    business = firm_ladders(by=by, party=party).get("business")
    computed = business.standing.forecast_fen if business else None
    in_force: ForecastOverride | None = next(
        (row for row in rows if row.year == today.year and row.withdrawn_at is None), None
    )
    if in_force is not None:
        computed = in_force.computed_fen
    if request.method == "POST":
        year = typed.whole(request.POST, "year") or 0
        if request.POST.get("what") == "withdraw":
            growth.withdraw_override(by=by, now=now, party=party, year=year)
        else:
            growth.override_forecast(
                by=by, now=now, party=party, year=year,
                amount=typed.words(request.POST, "amount"),
                reason=typed.words(request.POST, "reason"),
                computed_fen=computed if year == today.year else None,
            )  # fmt: skip
        messages.success(request, _("Saved. It counts from the next evaluation on."))
        return go(request, reverse("firm_forecast", args=[party.pk]))
    context = {
        "party": party,
        "rows": rows,
        "computed": computed,
        "years": [(today.year, str(today.year)), (today.year + 1, str(today.year + 1))],
        "open_years": sorted({row.year for row in rows if row.withdrawn_at is None}),
        "may_set": access.keeps_ladders(by) or registry.answers_for(by, party, today),
        "wan": typed.wan,
    }
    return render(request, "growth/firm_forecast.html", context)
