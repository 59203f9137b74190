"""腾笼换鸟: the register of land and workshops that do too little, one site, what was gained."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xiaoer.assets import actions as assets
from xiaoer.assets.access import moving as access
from xiaoer.assets.models import CageSite, Parcel, Unit
from xiaoer.assets.pages import cage_words
from xiaoer.assets.pages import moving_forms as forms
from xiaoer.assets.pages.carrier_forms import paged
from xiaoer.assets.queries import cages as queries
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Office, Post, Role
from xiaoer.base.pages.forms import must_day, number, text
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.work.models import Task

READERS = (*STAFF_ROLES, Role.CITY)
State = CageSite.State
STEP_ROWS = 6


def gain_name(code: str) -> str:
    words = {
        "tax_per_mu": _("tax per mu"),
        "output_per_mu": _("output per mu"),
        "jobs": _("jobs"),
        "power": _("power used"),
        "investment": _("investment"),
    }
    return words.get(code, code)


@page(*READERS)
def cage_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """The register, with what it comes to."""
    state, why = request.GET.get("state", "open"), request.GET.get("why", "")
    filters = queries.SiteFilter(
        state=state if state in (*State.values, "open", "all") else "open",
        why=why if why in CageSite.Why.values else "",
        text=request.GET.get("q", "").replace("\x00", "").strip()[:60],
    )
    rows = queries.cage_sites(by=by, filters=filters)
    if request.GET.get("export"):
        return sheet_response(request.GET["export"], _("Cage-change"), _columns(), _cells(rows))
    sums = queries.site_sums(zone_id=by.zone_id)
    shown = paged(request, rows)
    context = {
        "rows": shown,
        "shown": shown,
        "refilled": queries.refilled(shown, timezone.localdate()),
        "filters": filters,
        "states": [
            ("candidate", _("to be confirmed"), sums.candidates),
            ("confirmed", State.CONFIRMED.label, sums.confirmed),
            ("under_way", State.UNDER_WAY.label, sums.under_way),
            ("done", cage_words.state_words(State.DONE), sums.done),
            ("dismissed", State.DISMISSED.label, None),
        ],
        "whys": CageSite.Why.choices,
        "state_words": cage_words.state_words,
        "path_words": cage_words.path_words,
        "sums": sums,
        "keeps": access.keeps_move_ins(by),
    }
    return render(request, "assets/cages.html", context)


def _columns() -> tuple[Column, ...]:
    return (
        Column("name", _("Site"), 30),
        Column("who", _("Who is there"), 30),
        Column("why", _("Why"), 14),
        Column("found_on", _("Found on"), 12, Kind.DATE),
        Column("state", _("State"), 12),
        Column("path", _("Way"), 14),
        Column("office", _("Office that leads"), 18),
        Column("came_in", _("Came in instead"), 30),
        Column("freed", _("Area freed, m²"), 12, Kind.NUMBER),
        Column("done_on", _("Changed on"), 12, Kind.DATE),
    )


def _cells(rows: Iterable[CageSite]) -> Iterator[tuple[object, ...]]:
    for one in rows:
        yield (
            one.name, one.party.name if one.party else "", CageSite.Why(one.why).label,
            one.found_on, cage_words.state_words(one.state),
            cage_words.path_words(one.path), one.office.name if one.office else "",
            one.came_in, one.freed_m2, one.done_on,
        )  # fmt: skip


@require_POST
@page(*STAFF_ROLES)
def cage_find(request: HttpRequest, by: Actor) -> HttpResponse:
    """Look by the rules now; every night a job does."""
    done = assets.find_cage_sites(by=by, now=timezone.now())
    made = len(done.made)
    messages.success(
        request,
        ngettext("%(num)s new candidate.", "%(num)s new candidates.", made) % {"num": made}
        + " "
        + _("Looked at %(count)s; %(unsure)s cannot be judged for want of data.")
        % {"count": done.looked_at, "unsure": done.unsure},
    )
    return go(request, reverse("cage_list") + "?state=candidate")


@page(*STAFF_ROLES)
def cage_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Put a parcel or a unit on the register that a person found."""
    if request.method == "POST":
        row = assets.add_site(
            by=by, now=timezone.now(), why=request.POST.get("why", ""),
            parcel=forms.chosen_of(request, by, Parcel, "parcel"), unit=forms.chosen_of(request, by, Unit, "unit"),
            words=text(request, "words", longest=300),
        )  # fmt: skip
        messages.success(request, _("“%(name)s” is on the register.") % {"name": row.name})
        return go(request, reverse("cage_site", args=[row.pk]))
    access.must_keep_move_ins(by)
    parcels = Parcel.objects.filter(zone_id=by.zone_id).exclude(stage="exited")
    units = Unit.objects.filter(zone_id=by.zone_id, until__isnull=True).select_related("building")
    context = {
        "whys": CageSite.Why.choices,
        "parcels": [(one.pk, f"{one.number} {one.name}".strip()) for one in parcels[:500]],
        "units": [
            (one.pk, f"{one.building.name} {one.code}")
            for one in units.order_by("building__name", "code")[:1000]
        ],
    }
    return render(request, "assets/cage_new.html", context)


@page(*READERS)
def cage_site(request: HttpRequest, by: Actor, cage_site_id: int) -> HttpResponse:
    """One site: why it is here, its plan with lights, what came in instead, what it gained."""
    row = found(queries.cage_site_of(by=by, cage_site_id=cage_site_id))
    keeps = access.keeps_move_ins(by)
    now = timezone.now()
    steps = queries.steps_of(row, now)
    refilled = queries.refilled([row], timezone.localdate()).get(row.pk)
    context = {
        "refilled": refilled,
        "row": row,
        "keeps": keeps,
        "is_person": by.post_id is not None,
        "clauses": queries.clauses_of(row),
        "read_words": cage_words.read_words,
        "plain_number": cage_words.plain_number,
        "steps": steps,
        "open_steps": [(one.task_id, one.title) for one in steps if one.state == Task.State.OPEN],
        "gains": [(one, gain_name(one.code)) for one in queries.gains_of(row)],
        "gain_codes": [
            (code, f"{gain_name(code)}（{unit}）") for code, unit in assets.GAINS.items()
        ],
        "paths": [(path, cage_words.path_words(path)) for path in CageSite.Path.values],
        "state_words": cage_words.state_words,
        "path_words": cage_words.path_words,
        "offices": forms.offices_of(by) if keeps else [],
        "people": forms.people_of(by) if keeps else [],
        "move_ins": [(one.pk, f"{one.name} · {one.who}") for one in queries.linkable(by=by)[:100]]
        if keeps
        else [],
        "step_rows": range(1, STEP_ROWS + 1),
        "today": timezone.localdate(),
        "year": timezone.localdate().year,
    }
    return render(request, "assets/cage_site.html", context)


Act = Callable[[HttpRequest, Actor, datetime, CageSite, int], object]


def _confirm(request: HttpRequest, by: Actor, now: datetime, row: CageSite, version: int) -> object:
    post = forms.chosen_of(request, by, Post, "post")
    return assets.confirm_site(by=by, now=now, site=row, post=post, version=version)


def _dismiss(request: HttpRequest, by: Actor, now: datetime, row: CageSite, version: int) -> object:
    why = request.POST.get("why", "")
    return assets.dismiss_site(by=by, now=now, site=row, why=why, version=version)


def _plan(request: HttpRequest, by: Actor, now: datetime, row: CageSite, version: int) -> object:
    office = forms.chosen_of(request, by, Office, "office")
    if office is None:
        raise Refused(_("Choose the office that leads."), field="office")
    steps = []
    for at in range(1, STEP_ROWS + 1):
        title = text(request, f"step-{at}", longest=120)
        if not title:
            continue
        whose = forms.chosen_of(request, by, Office, f"step-office-{at}") or office
        steps.append(assets.SiteStep(title, whose, must_day(request, f"step-due-{at}")))
    return assets.plan_site(
        by=by, now=now, site=row, path=request.POST.get("path", ""), office=office, steps=steps,
        version=version,
    )  # fmt: skip


def _step(request: HttpRequest, by: Actor, now: datetime, row: CageSite, version: int) -> object:
    task = found(
        Task.objects.filter(
            zone_id=by.zone_id, matter=row.matter_id or 0,
            pk=number(request.POST.get("task")) or 0,
        ).first()
    )  # fmt: skip
    return assets.finish_site_step(by=by, now=now, task=task, words=request.POST.get("words", ""))


def _link(request: HttpRequest, by: Actor, now: datetime, row: CageSite, version: int) -> object:
    move_in = found(
        queries.linkable(by=by).filter(pk=number(request.POST.get("move_in")) or 0).first()
    )
    return assets.link_move_in(by=by, now=now, site=row, move_in=move_in, version=version)


def _gain(request: HttpRequest, by: Actor, now: datetime, row: CageSite, version: int) -> object:
    gain = assets.Gain(
        code=request.POST.get("code", ""),
        before=_figure(request, "before"),
        before_year=_year(request, "before_year", "before"),
        after=_figure(request, "after"),
        after_year=_year(request, "after_year", "after"),
        basis=request.POST.get("basis", ""),
    )
    return assets.record_gain(by=by, now=now, site=row, gain=gain)


def _finish(request: HttpRequest, by: Actor, now: datetime, row: CageSite, version: int) -> object:
    return assets.finish_site(
        by=by, now=now, site=row, on=must_day(request, "on"),
        came_in=text(request, "came_in", longest=120), freed_m2=_figure(request, "freed_m2"),
        path=request.POST.get("path", ""), version=version,
    )  # fmt: skip


def _figure(request: HttpRequest, name: str) -> Decimal | None:
    given = request.POST.get(name, "").strip().replace(",", "").replace("，", "")
    if not given:
        return None
    try:
        return Decimal(given)
    except InvalidOperation as no:
        raise Refused(_("Type an amount such as 24.359."), field=name) from no


def _year(request: HttpRequest, name: str, amount: str) -> int | None:
    """The year of a figure that is typed; of none there is none."""
    return number(request.POST.get(name)) if request.POST.get(amount, "").strip() else None


ACTS: dict[str, Act] = {
    "confirm": _confirm,
    "dismiss": _dismiss,
    "plan": _plan,
    "step": _step,
    "link": _link,
    "gain": _gain,
    "finish": _finish,
}


@require_POST
@page(*STAFF_ROLES)
def cage_act(request: HttpRequest, by: Actor, cage_site_id: int) -> HttpResponse:
    """Everything that is done on the page of one site."""
    row = found(queries.cage_site_of(by=by, cage_site_id=cage_site_id))
    act = request.POST.get("what_to_do", "")
    if act not in ACTS:
        raise Http404
    ACTS[act](request, by, timezone.now(), row, number(request.POST.get("version")) or 0)
    messages.success(request, _("Done."))
    return go(request, reverse("cage_site", args=[row.pk]))
