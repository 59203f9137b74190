"""An enterprise's own requests: filed, followed and closed by whoever speaks for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal
from xiaoer.outreach.pages import filing, speaking
from xiaoer.outreach.queries import PoolFilter
from xiaoer.registry import queries as registry
from xiaoer.registry.models import Party

enterprise = page(Role.ENTERPRISE)


def _own(by: Actor) -> Party:
    return found(Party.objects.filter(zone_id=by.zone_id, pk=by.party_ref or 0).first())


@enterprise
def my_appeals(request: HttpRequest, by: Actor) -> HttpResponse:
    """Everything this enterprise brought to the zone, latest first."""
    now = timezone.now()
    party = _own(by)
    shown = queries.appeal_pool(
        by=by, filters=PoolFilter(party=party.pk), now=now, after=request.GET.get("after")
    )
    context = {"party": party, "shown": shown, "started": "after" in request.GET}
    return render(request, "outreach/my_appeals.html", context)


@enterprise
def my_appeal_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """File a request of one's own enterprise."""
    party = _own(by)
    if request.method == "POST":
        return _file(request, by, party)
    return _form(request, by, party)


def _file(request: HttpRequest, by: Actor, party: Party) -> HttpResponse:
    now = timezone.now()
    typed = filing.read_typed(request.POST, by=by)
    same = filing.chosen_same(request.POST)
    papers = request.FILES.getlist("paper")
    if same is not None:
        row = outreach.add_words(by=by, now=now, appeal_id=same, words=typed.body)
        files.pin_uploads(by=by, now=now, uploads=papers, subject=row)
        return go(request, reverse("my_appeal", args=[same]))
    near = filing.near(request.POST, typed, by=by, party=party, now=now)
    if near:
        return _form(request, by, party, near=near)
    filed = filing.file_typed(typed, by=by, now=now, party=party, channel=Appeal.Channel.ENTERPRISE)
    files.pin_uploads(by=by, now=now, uploads=papers, subject=filed.appeal)
    return go(request, reverse("my_appeal", args=[filed.appeal.pk]))


def _form(
    request: HttpRequest, by: Actor, party: Party, *, near: tuple[queries.Near, ...] = ()
) -> HttpResponse:
    stewards = registry.stewards_of(party=party)
    context = {
        "party": party,
        "officer": next((one for one in stewards if one.kind == "officer"), None),
        "kinds": [(kind.pk, kind.label) for kind in queries.kinds(by=by)],
        "urgencies": Appeal.Urgency.choices,
        "typed": request.POST or {"contact_name": by.name},
        "choices": filing.choices(near, timezone.now()) if near else [],
        "errors": {},
    }
    return render(request, "outreach/my_appeal_new.html", context)


@enterprise
def my_appeal(request: HttpRequest, by: Actor, appeal_id: int) -> HttpResponse:
    """One request of one's own enterprise."""
    now = timezone.now()
    row = found(queries.appeal(by=by, appeal_id=appeal_id))
    address = reverse("my_appeal", args=[appeal_id])
    if request.method == "POST":
        speaking.say(request.POST, by=by, now=now, appeal=row)
        return go(request, address)
    shown = found(queries.appeal_page(by=by, appeal_id=appeal_id, now=now))
    context = speaking.page_of(shown, address=address, now=now) | {
        "papers": files.papers_of(
            by=by, table="appeal", number=row.pk, is_closed=row.closed_at is not None
        )
    }
    return render(request, "outreach/my_appeal.html", context)
