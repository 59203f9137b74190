"""Filing for an enterprise: found by what people type, then the same form as behind the card."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.actions.filing import STAFF_CHANNELS
from xiaoer.outreach.models import Appeal, Programme
from xiaoer.outreach.pages import filing, reading
from xiaoer.registry import queries as registry
from xiaoer.registry.models import Party

CHANNELS = [(code, words) for code, words in Appeal.Channel.choices if code in STAFF_CHANNELS]


@page(*STAFF_ROLES)
def appeal_new(request: HttpRequest, by: Actor, enterprise_id: int | None = None) -> HttpResponse:
    """Choose the enterprise, then write down what it says."""
    party = None if enterprise_id is None else the_party(by, enterprise_id)
    if request.method == "POST":
        return _file(request, by, found(party))
    if party is not None:
        return _form(request, by, party)
    return choose_enterprise(
        request,
        by,
        to="appeal_new_for",
        here=reverse("appeal_new"),
        title=_("File for an enterprise"),
        crumb=(_("Requests"), reverse("appeal_list")),
    )


def choose_enterprise(
    request: HttpRequest,
    by: Actor,
    *,
    to: str,
    here: str,
    title: str,
    crumb: tuple[str, str],
    before: tuple[object, ...] = (),
) -> HttpResponse:
    """Find the enterprise a form is about by what people type.

    ``before`` is what stands in the address ``to`` before the enterprise's number.
    """
    text = reading.words(request.GET, "q")[:60]
    context = {
        "text": text,
        "rows": registry.search_parties(by=by, text=text) if text else [],
        "to": to,
        "before": before,
        "here": here,
        "heading": title,
        "crumb": crumb,
    }
    return render(request, "outreach/choose_enterprise.html", context)


def the_party(by: Actor, enterprise_id: int) -> Party:
    """The enterprise of an address, or a 404 that is counted."""
    return found(Party.objects.filter(zone_id=by.zone_id, pk=enterprise_id).first())


def _file(request: HttpRequest, by: Actor, party: Party) -> HttpResponse:
    now = timezone.now()
    typed = filing.read_typed(request.POST, by=by)
    same = filing.chosen_same(request.POST)
    if same is not None:
        return go(request, _add_to(request, by, same))
    near = filing.near(request.POST, typed, by=by, party=party, now=now)
    if near:
        return _form(request, by, party, near=near)
    filed = filing.file_typed(
        typed,
        by=by,
        now=now,
        party=party,
        channel=request.POST.get("channel", ""),
        programme=_programme(request, by),
    )
    files.pin_uploads(
        by=by,
        now=now,
        uploads=request.FILES.getlist("paper"),
        subject=filed.appeal,
        is_shown=True,
    )
    link = request.build_absolute_uri(reverse("track", args=[filed.token]))
    request.session["filed"] = {"id": filed.appeal.pk, "link": link}
    return go(request, reverse("appeal", args=[filed.appeal.pk]))


def _add_to(request: HttpRequest, by: Actor, appeal_id: int) -> str:
    """Write what the enterprise said into the request it is already about."""
    row = queries.appeal(by=by, appeal_id=appeal_id)
    if row is None:
        raise Refused(_("There is no such request here for you."), field="same")
    outreach.note_progress(
        by=by,
        now=timezone.now(),
        appeal=row,
        version=row.version,
        words=reading.said(request.POST, "body", 4000),
        is_public=True,
    )
    files.pin_uploads(
        by=by,
        now=timezone.now(),
        uploads=request.FILES.getlist("paper"),
        subject=row,
        is_shown=True,
    )
    return reverse("appeal", args=[appeal_id])


def _programme(request: HttpRequest, by: Actor) -> Programme | None:
    wanted = reading.number(request.POST.get("programme"))
    if wanted is None:
        return None
    return found(queries.programmes(by=by).filter(pk=wanted).first())


def _form(
    request: HttpRequest, by: Actor, party: Party, *, near: tuple[queries.Near, ...] = ()
) -> HttpResponse:
    known = {"contact_name": party.contact_name} if request.method != "POST" else {}
    context = {
        "party": party,
        "address": reverse("appeal_new_for", args=[party.pk]),
        "channels": CHANNELS,
        "programmes": [(one.pk, one.name) for one in queries.programmes(by=by)],
        "kinds": [(kind.pk, kind.label) for kind in queries.kinds(by=by)],
        "urgencies": Appeal.Urgency.choices,
        "typed": request.POST or known,
        "choices": filing.choices(near, timezone.now()) if near else [],
        "errors": {},
    }
    return render(request, "outreach/appeal_new.html", context)
