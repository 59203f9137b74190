"""Who speaks for an enterprise: codes and decisions of staff, asking as a stranger, the own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from xiaoer.base import files
from xiaoer.base import queries as base
from xiaoer.base.doors import found, go, key_page, page
from xiaoer.base.models import STAFF_ROLES, Role, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, holder_of_key
from xiaoer.registry import access, queries
from xiaoer.registry import actions as registry
from xiaoer.registry.guessing import counts_wrong_codes, must_not_guess, wrong_code
from xiaoer.registry.models import Party, Representation, Stewardship
from xiaoer.registry.pages import forms

staff = page(*STAFF_ROLES)
knows_people = page(*STAFF_ROLES, Role.ENTERPRISE)
representative = page(Role.ENTERPRISE)


@staff
def representation(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Who speaks for an enterprise, who asked to; a code for the next one."""
    return _people(request, by, forms.the_party(by, party_id))


@require_POST
@staff
def representation_code(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Issue a one-time code. It is on this answer only, and never again."""
    party = forms.the_party(by, party_id)
    code = registry.issue_code(by=by, now=timezone.now(), party=party)
    return _people(request, by, party, code=code)


@require_POST
@knows_people
def representation_approve(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """Let them speak. Name and first password of the account are on this answer only."""
    row = _representation(by, number)
    new = registry.approve_representation(
        by=by, now=timezone.now(), representation=row, runs_park="runs_park" in request.POST
    )
    if by.role == Role.ENTERPRISE:
        return _mine(request, by, new=new)
    return _people(request, by, row.party, new=new)


@require_POST
@knows_people
def representation_decline(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """Say no, with the reason."""
    row = _representation(by, number)
    registry.decline_representation(
        by=by, now=timezone.now(), representation=row, reason=forms.text_of(request, "reason")
    )
    return go(request, _back(by, row))


@require_POST
@knows_people
def representation_end(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """End that somebody speaks for an enterprise."""
    row = _representation(by, number)
    registry.end_representation(
        by=by, now=timezone.now(), representation=row, reason=forms.text_of(request, "reason")
    )
    return go(request, _back(by, row))


@representative
def my_enterprise(request: HttpRequest, by: Actor) -> HttpResponse:
    """The enterprise's own page: my officer, my facts, my people."""
    return _mine(request, by)


@counts_wrong_codes
@representative
def represent_another(request: HttpRequest, by: Actor) -> HttpResponse:
    """A representative asks to speak for another enterprise too, with the account they have."""
    return _ask(request, by, "registry/represent_another.html")


def _stranger(*, zone_code: str) -> Actor | None:
    zone = base.zone_by_code(zone_code)
    return holder_of_key(zone_id=zone.pk, key_hash="-") if zone else None


@counts_wrong_codes
@key_page(_stranger)
def represent(request: HttpRequest, by: Actor, zone_code: str) -> HttpResponse:
    """Anybody with a code asks to speak for the enterprise it belongs to; no sign-in."""
    return _ask(request, by, "registry/represent.html")


def _ask(request: HttpRequest, by: Actor, template: str) -> HttpResponse:
    asked = None
    if request.method == "POST":
        must_not_guess(request)
        try:
            asked = registry.ask_to_represent(
                by=by,
                now=timezone.now(),
                code=forms.text_of(request, "code")[:60],
                name=forms.text_of(request, "name"),
                phone=forms.text_of(request, "phone"),
                title=forms.text_of(request, "title"),
            )
        except Refused as refusal:
            if refusal.field == "code":
                wrong_code(request)
            raise
    return render(request, template, {"asked": asked is not None, "person": by})


def _people(
    request: HttpRequest,
    by: Actor,
    party: Party,
    *,
    code: str = "",
    new: registry.NewRepresentative | None = None,
) -> HttpResponse:
    zone = Zone.objects.get(pk=by.zone_id)
    context = {
        "party": party,
        "rows": queries.representations(by=by, party=party),
        "code": code,
        "new": new,
        "masked": queries.masked_phone,
        "address": request.build_absolute_uri(reverse("represent", args=[zone.code])),
        "states": Representation.State,
        "may_issue": access.keeps_registry(by)
        or access.answers_for(by, party, timezone.localdate()),
    }
    response = render(request, "registry/representation.html", context)
    # The answer to a verb is shown under the page's own address, which can be opened again.
    response["HX-Push-Url"] = reverse("representation", args=[party.pk])
    return response


def _mine(
    request: HttpRequest, by: Actor, *, new: registry.NewRepresentative | None = None
) -> HttpResponse:
    whole = queries.enterprise(by=by, party_id=by.party_ref or 0)
    context = {
        "whole": found(whole),
        "party": found(whole).party,
        "rows": queries.representations(by=by, party=found(whole).party),
        "states": Representation.State,
        "kinds_of_steward": dict(Stewardship.Kind.choices),
        "new": new,
        "papers": files.papers_of(by=by, table="party", number=by.party_ref or 0),
    }
    response = render(request, "registry/my_enterprise.html", context)
    response["HX-Push-Url"] = reverse("my_enterprise")
    return response


def _representation(by: Actor, number: int) -> Representation:
    rows = Representation.objects.filter(zone_id=by.zone_id, pk=number).select_related("party")
    return found(rows.first())


def _back(by: Actor, row: Representation) -> str:
    if by.role == Role.ENTERPRISE:
        return reverse("my_enterprise")
    return reverse("representation", args=[row.party_id])
