"""The owner's own pages: apply, bring what is lacking, see the day, report repairs, take the opinion home."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor
from xiaoer.permits.actions import acceptance
from xiaoer.permits.models import Defect
from xiaoer.permits.pages.acceptance import VERBS, facts_of, form_context, own_project, shown
from xiaoer.permits.queries import acceptance as queries

owner = page(Role.ENTERPRISE)
OWN = frozenset({"answer", "withdraw", "repairs", "owner"})


@owner
def my_acceptances(request: HttpRequest, by: Actor) -> HttpResponse:
    """Our acceptances, and what waits for us in each."""
    rows = queries.acceptances(by=by, wanted=queries.AcceptanceFilter("all"))[:100]
    context = {"lines": queries.lines(rows, timezone.now())}
    return render(request, "permits/my_acceptances.html", context)


@owner
def my_acceptance_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """One application with one set of papers, for all departments."""
    if request.method == "POST":
        now = timezone.now()
        row = acceptance.apply_acceptance(
            by=by, now=now, project=own_project(request, by), facts=facts_of(request)
        )
        files.pin_uploads(by=by, now=now, uploads=request.FILES.getlist("paper"), subject=row)
        messages.success(
            request, _("%(number)s is on its way to all departments.") % {"number": row.number}
        )
        return go(request, reverse("my_acceptance", args=[row.pk]))
    return render(request, "permits/my_acceptance_new.html", form_context(request, by))


@owner
def my_acceptance(request: HttpRequest, by: Actor, my_acceptance_id: int) -> HttpResponse:
    """One of ours: each department's word, the day, the list to put right, the opinion."""
    context = shown(by, my_acceptance_id)
    context |= {
        "open_defects": [one for one in context["defects"] if one.state == Defect.State.OPEN],
        "doing": request.GET.get("do", ""),
    }
    return render(request, "permits/my_acceptance.html", context)


@require_POST
@owner
def my_acceptance_do(
    request: HttpRequest, by: Actor, my_acceptance_id: int, verb: str
) -> HttpResponse:
    """What an owner does itself."""
    row = found(queries.acceptance_of(by=by, acceptance_id=my_acceptance_id))
    if verb not in OWN:
        raise Http404
    now = timezone.now()
    if verb == "answer":
        files.pin_uploads(by=by, now=now, uploads=request.FILES.getlist("paper"), subject=row)
    VERBS[verb](request, by, now, row)
    messages.success(request, _("Done."))
    return go(request, reverse("my_acceptance", args=[row.pk]))
