"""Papers and licences of one party: a tab of the enterprise's page, and the enterprise's own page."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages import forms
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import access, queries
from xiaoer.papers import actions as papers
from xiaoer.papers.models import HeldPaper, Licence, OfficialNotice, PaperConsent, PaperKind
from xiaoer.papers.pages.licences import name_of, readers, today
from xiaoer.registry.models import Party

OWNERS = (Role.ENTERPRISE, Role.PARTY)
owner = page(*OWNERS)
givers = page(*STAFF_ROLES, *OWNERS)
sees = page(*STAFF_ROLES, *OWNERS, Role.CITY)


def _party(by: Actor, party_id: int) -> Party:
    return found(Party.objects.filter(zone_id=by.zone_id, pk=party_id).first())


def _context(by: Actor, party: Party) -> dict[str, object]:
    rows = PaperKind.objects.filter(zone_id=by.zone_id, ended_on__isnull=True, is_reusable=True)
    return {
        "party": party,
        "papers": queries.papers_of_party(party=party, on=today()),
        "name_of": name_of,
        "kinds": [(row.pk, name_of(row)) for row in rows.order_by("id")],
        "may_give": by.is_staff or access.speaks_for(by, party.pk),
        "own": not by.is_staff and by.role != Role.CITY,
        "now": timezone.now(),
    }


@readers
def enterprise_papers(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """What an enterprise holds: licences, papers that may be used again, notices."""
    return render(request, "papers/_party_papers.html", _context(by, _party(by, enterprise_id)))


@owner
def my_papers(request: HttpRequest, by: Actor) -> HttpResponse:
    """Our own papers and licences, who used which paper when, and what may be taken back."""
    return render(request, "papers/my_papers.html", _context(by, _party(by, by.party_ref or 0)))


@require_POST
@givers
def paper_give(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Keep a paper of a party, to be used again with its consent."""
    party, now = _party(by, party_id), timezone.now()
    kind = PaperKind.objects.filter(
        zone_id=by.zone_id, pk=forms.number(request.POST.get("kind")) or 0, ended_on__isnull=True
    ).first()
    if kind is None:
        raise Refused(_("Choose the kind of paper."), field="kind")
    upload = request.FILES.get("paper")
    if upload is None:
        raise Refused(_("Choose a file, a photo or a PDF."), field="paper")
    access.must_hold(by, party.pk)
    file = files.keep_file(by=by, now=now, stream=upload, name=upload.name or "")
    papers.hold_paper(
        by=by,
        now=now,
        party=party,
        kind=kind,
        file=file,
        name=forms.text(request, "name", longest=200) or kind.name,
        number=forms.text(request, "number", longest=80),
        issued_on=forms.day(request, "issued_on"),
        valid_until=forms.day(request, "valid_until"),
    )
    return go(request, _back(by, party.pk))


@require_POST
@givers
def paper_withdraw(request: HttpRequest, by: Actor, held_paper_id: int) -> HttpResponse:
    """Take a paper back: it is used for nothing new."""
    paper = found(HeldPaper.objects.filter(zone_id=by.zone_id, pk=held_paper_id).first())
    papers.withdraw_paper(
        by=by, now=timezone.now(), paper=paper, reason=forms.text(request, "reason", longest=200)
    )
    return go(request, _back(by, paper.party_id))


@require_POST
@givers
def consent_withdraw(request: HttpRequest, by: Actor, consent_id: int) -> HttpResponse:
    """Take back one use of a paper."""
    consent = found(
        PaperConsent.objects.select_related("paper")
        .filter(zone_id=by.zone_id, pk=consent_id)
        .first()
    )
    papers.withdraw_consent(by=by, now=timezone.now(), consent=consent)
    return go(request, _back(by, consent.paper.party_id))


def _back(by: Actor, party_id: int) -> str:
    if not by.is_staff:
        return reverse("my_papers")
    return f"{reverse('enterprise', args=[party_id])}?tab=enterprise_papers"


@require_GET
@sees
def held_file(request: HttpRequest, by: Actor, held_paper_id: int) -> HttpResponseBase:
    """The bytes of a held paper."""
    paper = found(
        HeldPaper.objects.select_related("file")
        .filter(zone_id=by.zone_id, pk=held_paper_id)
        .first()
    )
    return files.shown_inside(paper.file, paper.name)


@require_GET
@owner
def my_licence_file(request: HttpRequest, by: Actor, licence_id: int) -> HttpResponseBase:
    """The signed PDF of a licence of ours, or the sealed OFD where the platform gave one."""
    row = found(
        Licence.objects.select_related("file", "sealed_file", "kind")
        .filter(zone_id=by.zone_id, pk=licence_id)
        .first()
    )
    if request.GET.get("sealed"):
        return files.kept_paper(found(row.sealed_file), f"{row.kind.name} {row.number}.ofd")
    return files.shown_inside(found(row.file), f"{row.kind.name} {row.number}.pdf")


@require_GET
@page(*STAFF_ROLES, *OWNERS, Role.PARK_OPERATOR, Role.CITY)
def notice_file(request: HttpRequest, by: Actor, notice_id: int) -> HttpResponseBase:
    """The signed PDF of a notice."""
    row = found(
        OfficialNotice.objects.select_related("file")
        .filter(zone_id=by.zone_id, pk=notice_id)
        .first()
    )
    return files.shown_inside(row.file, f"{row.title} {row.number}.pdf")
