"""Pages of proposals to re-draw cells and caseloads: ask, watch, look at, accept, take back."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry import actions as registry
from xiaoer.registry import queries
from xiaoer.registry.access import REDRAWERS
from xiaoer.registry.models import Grid, Redrawing, RedrawingLine, RedrawingPin
from xiaoer.registry.pages import forms
from xiaoer.registry.queries import MoveFilter
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

redrawers = page(*sorted(REDRAWERS))
LISTED = 100
ONLY = ("cell", "officer", "first")
State = Redrawing.State


def _the(by: Actor, number: int) -> Redrawing:
    return found(queries.redrawing(by=by, number=number))


@redrawers
def redrawing_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every proposal, last first."""
    context = {"rows": queries.redrawings(by=by)[:LISTED]}
    return render(request, "registry/redrawing_list.html", context)


@redrawers
def redrawing_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Ask for a proposal; what is wrong with today's map stands above the form."""
    if request.method == "POST":
        row = registry.ask_redrawing(
            by=by,
            now=timezone.now(),
            grids=_grids(request, by),
            values=_values(request, by),
            note=forms.text_of(request, "note"),
        )
        return go(request, reverse("redrawing", args=[row.pk]))
    rules = queries.redrawing_rules(by=by)
    context = {
        "grids": queries.grid_choices(by=by),
        "weights": [rule for rule in rules if rule.is_weight],
        "limits": [rule for rule in rules if not rule.is_weight],
        "faults": queries.redrawing_faults(by=by, on=timezone.localdate()),
        "pins": len(queries.redrawing_pins(by=by)),
    }
    return render(request, "registry/redrawing_new.html", context)


def _grids(request: HttpRequest, by: Actor) -> list[Grid]:
    """The grids ticked; all of them is the same as none."""
    wanted = [forms.number(value) or 0 for value in request.POST.getlist("grids")]
    grids = list(Grid.objects.filter(zone_id=by.zone_id))
    chosen = [grid for grid in grids if grid.pk in wanted]
    if len(chosen) != len(set(wanted)):
        raise Refused(_("Choose one of the list."), field="grids")
    return [] if len(chosen) == len(grids) else chosen


def _values(request: HttpRequest, by: Actor) -> dict[str, int]:
    return {
        rule.code: _whole(request, rule.code)
        for rule in queries.redrawing_rules(by=by)
        if forms.text_of(request, rule.code)
    }


def _whole(request: HttpRequest, name: str) -> int:
    number = forms.number(forms.text_of(request, name))
    if number is None:
        raise Refused(_("Type a whole number."), field=name)
    return number


@redrawers
def redrawing(request: HttpRequest, by: Actor, redrawing_id: int) -> HttpResponseBase:
    """One proposal: how far it is, or who would carry what, on a map and in tables."""
    row = _the(by, redrawing_id)
    wanted = _move_filter(request)
    if request.GET.get("export") in ("xlsx", "csv"):
        return _export(request, row, wanted)
    today = timezone.localdate()
    shares = queries.officer_shares(row=row)
    load = "all" if request.GET.get("load") == "all" else None
    changed = [share for share in shares if share.is_changed]
    context = {
        "row": row,
        "state": State(row.state),
        "figures": row.figures,
        "progress": queries.redrawing_progress(row, now=timezone.now()),
        "shares": shares,
        "changed": len(changed),
        "listed": shares if load else changed,
        "load": load,
        "conflicts": queries.redrawing_conflicts(row=row, on=today),
        "counts": queries.move_counts(row=row),
        "moves": queries.move_page(
            row=row, wanted=wanted, after=forms.number(request.GET.get("after")) or 0
        ),
        "wanted": wanted,
        "started": "after" in request.GET,
        "officers": sorted((share.post_id, share.name) for share in shares),
        "fates": _fates(row),
        "today": today,
        "grids": [name for pk, name in queries.grid_choices(by=by) if pk in row.grids],
        "may_accept": row.state in (State.READY, State.STOPPED) and row.moved > 0,
        "rules": [
            (rule, row.values[rule.code])
            for rule in queries.redrawing_rules(by=by)
            if rule.code in row.values
        ],
    }
    return render(request, "registry/redrawing.html", context)


def _fates(row: Redrawing) -> list[tuple[str, str]]:
    """What became of the moves, once the proposal was carried out."""
    if row.applied_at is None:
        return []
    fates = [RedrawingLine.Fate.APPLIED, RedrawingLine.Fate.LEFT]
    if row.state == State.UNDONE:
        fates = [RedrawingLine.Fate.BACK, RedrawingLine.Fate.KEPT, RedrawingLine.Fate.LEFT]
    return [(fate.value, str(fate.label)) for fate in fates]


def _move_filter(request: HttpRequest) -> MoveFilter:
    only, fate = request.GET.get("only", ""), request.GET.get("fate", "")
    return MoveFilter(
        post=forms.number(request.GET.get("officer")),
        cell=forms.number(request.GET.get("cell")),
        only=only if only in ONLY else "",
        fate=fate if fate in RedrawingLine.Fate.values else "",
    )


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A move as a row of a sheet."""

    name: str
    code: str
    grid_before: str
    cell_before: str
    officer_before: str
    grid_after: str
    cell_after: str
    officer_after: str
    weight: int
    fate: str
    reason: str


def _sheet_rows(row: Redrawing, wanted: MoveFilter) -> Iterator[MoveRow]:
    for line in queries.redrawing_moves(row=row, wanted=wanted).iterator(chunk_size=2_000):
        yield MoveRow(
            name=line.party.name,
            code=line.party.credit_code,
            grid_before=line.cell_before.grid.name,
            cell_before=line.cell_before.name,
            officer_before=line.post_before.person.name if line.post_before else "",
            grid_after=line.cell_after.grid.name,
            cell_after=line.cell_after.name,
            officer_after=line.post_after.person.name if line.post_after else "",
            weight=line.weight,
            fate=line.get_fate_display(),
            reason=line.reason,
        )


def _export(request: HttpRequest, row: Redrawing, wanted: MoveFilter) -> HttpResponse:
    columns = (
        Column("name", _("Enterprise"), 36),
        Column("code", _("Credit code"), 22),
        Column("grid_before", _("Grid today"), 14),
        Column("cell_before", _("Cell today"), 12),
        Column("officer_before", _("Officer today"), 12),
        Column("grid_after", _("Grid proposed"), 14),
        Column("cell_after", _("Cell proposed"), 12),
        Column("officer_after", _("Officer proposed"), 12),
        Column("weight", _("Weight"), 8, Kind.NUMBER),
        Column("fate", _("State"), 10),
        Column("reason", _("Reason"), 30),
    )
    name = _("Moves of proposal %(number)d") % {"number": row.pk}
    return sheet_response(
        request.GET.get("export", "xlsx"), name, columns, _sheet_rows(row, wanted)
    )


@redrawers
def redrawing_progress(request: HttpRequest, by: Actor, redrawing_id: int) -> HttpResponse:
    """How far it is, asked again every second; when it is over the page is drawn anew."""
    row = _the(by, redrawing_id)
    progress = queries.redrawing_progress(row, now=timezone.now())
    response = render(
        request, "registry/_redrawing_progress.html", {"row": row, "progress": progress}
    )
    if progress.is_over:
        response["HX-Refresh"] = "true"
    return response


@redrawers
def redrawing_map(request: HttpRequest, by: Actor, redrawing_id: int, side: str) -> HttpResponse:
    """The cells with what an officer of each carries, as GeoJSON; today and proposed."""
    row = _the(by, redrawing_id)
    if side not in (queries.BEFORE, queries.AFTER) or not row.figures:
        found(None)
    return JsonResponse(
        queries.redrawing_map(row=row, side=side), content_type="application/geo+json"
    )


@require_POST
@redrawers
def redrawing_stop(request: HttpRequest, by: Actor, redrawing_id: int) -> HttpResponse:
    row = _the(by, redrawing_id)
    registry.stop_redrawing(by=by, now=timezone.now(), redrawing=row)
    return go(request, reverse("redrawing", args=[row.pk]))


@require_POST
@redrawers
def redrawing_again(request: HttpRequest, by: Actor, redrawing_id: int) -> HttpResponse:
    row = _the(by, redrawing_id)
    registry.ask_redrawing_again(by=by, now=timezone.now(), redrawing=row)
    return go(request, reverse("redrawing", args=[row.pk]))


@require_POST
@redrawers
def redrawing_drop(request: HttpRequest, by: Actor, redrawing_id: int) -> HttpResponse:
    registry.drop_redrawing(by=by, now=timezone.now(), redrawing=_the(by, redrawing_id))
    return go(request, reverse("redrawings"))


@require_POST
@redrawers
def redrawing_accept(request: HttpRequest, by: Actor, redrawing_id: int) -> HttpResponse:
    """Accept a proposal from a day on."""
    row = registry.accept_redrawing(
        by=by,
        now=timezone.now(),
        redrawing=_the(by, redrawing_id),
        since=forms.read_day(request, "since"),
        leave_out=forms.text_of(request, "leave_out") == "yes",
    )
    if row.applied_at is None:
        messages.success(request, _("Accepted; it is carried out on %(day)s.") % {"day": row.since})
    else:
        messages.success(
            request, _("Carried out: enterprises, officers and open tasks are where they belong.")
        )
    return go(request, reverse("redrawing", args=[row.pk]))


@require_POST
@redrawers
def redrawing_undo(request: HttpRequest, by: Actor, redrawing_id: int) -> HttpResponse:
    row = registry.undo_redrawing(by=by, now=timezone.now(), redrawing=_the(by, redrawing_id))
    kept = queries.redrawing_moves(row=row, wanted=MoveFilter(fate=RedrawingLine.Fate.KEPT)).count()
    if kept:
        words = ngettext(
            "%(count)d enterprise stayed, because somebody moved it since.",
            "%(count)d enterprises stayed, because somebody moved them since.",
            kept,
        )
        messages.warning(request, words % {"count": kept})
    return go(request, reverse("redrawing", args=[row.pk]))


# What stays, and what weighs how much ------------------------------------------------------------


@redrawers
def redrawing_pins(request: HttpRequest, by: Actor) -> HttpResponse:
    """Enterprises no proposal moves; one is added by its name or credit code."""
    if request.method != "POST":
        context = {
            "pins": queries.redrawing_pins(by=by),
            "kinds": RedrawingPin.Kind.choices,
            "called": request.GET.get("party", "").replace("\x00", "")[:120],
        }
        return render(request, "registry/redrawing_pins.html", context)
    called = queries.parties_called(by=by, words=forms.text_of(request, "party"))
    if len(called) != 1:
        raise Refused(
            _("Type the whole name or the credit code of one enterprise of the zone."),
            field="party",
        )
    registry.pin_enterprise(
        by=by,
        now=timezone.now(),
        party=called[0],
        kind=forms.text_of(request, "kind"),
        reason=forms.text_of(request, "reason"),
    )
    messages.success(request, _("%(name)s stays where it is.") % {"name": called[0].name})
    return go(request, reverse("redrawing_pins"))


@require_POST
@redrawers
def redrawing_unpin(request: HttpRequest, by: Actor, pin_id: int) -> HttpResponse:
    pin = found(RedrawingPin.objects.filter(zone_id=by.zone_id, pk=pin_id).first())
    registry.unpin_enterprise(by=by, now=timezone.now(), pin=pin)
    return go(request, reverse("redrawing_pins"))


@redrawers
def redrawing_rules(request: HttpRequest, by: Actor) -> HttpResponse:
    """The values of the zone; one is changed at a time, with where it comes from."""
    if request.method == "POST":
        registry.set_redrawing_rule(
            by=by,
            now=timezone.now(),
            code=forms.text_of(request, "code"),
            value=_whole(request, "value"),
            source=forms.text_of(request, "source"),
            version=forms.number(forms.text_of(request, "version")) or 0,
        )
        messages.success(request, _("Changed for proposals asked from now on."))
        return go(request, reverse("redrawing_rules"))
    rules = queries.redrawing_rules(by=by)
    edited = next((rule for rule in rules if rule.code == request.GET.get("edit")), None)
    return render(request, "registry/redrawing_rules.html", {"rules": rules, "edited": edited})
