"""Merging two entries of one firm: choose, see what will move, do it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.scope import Actor
from xiaoer.registry import access, queries
from xiaoer.registry import actions as registry
from xiaoer.registry.pages import forms


@page(*STAFF_ROLES)
def merge(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Merge a duplicate into this entry; nothing moves before the reader has seen what will."""
    access.must_keep_registry(by)
    kept = forms.the_party(by, party_id)
    if request.method == "POST":
        duplicate = forms.the_party(by, forms.number(request.POST.get("duplicate")) or 0)
        registry.merge_parties(by=by, now=timezone.now(), kept=kept, duplicate=duplicate)
        messages.success(
            request,
            _("%(other)s was merged into %(kept)s.") % {"other": duplicate.name, "kept": kept.name},
        )
        return go(request, reverse("enterprise", args=[kept.pk]))
    text = request.GET.get("q", "").replace("\x00", "")[:60]
    chosen = forms.number(request.GET.get("with"))
    preview = None
    if chosen is not None:
        preview = found(queries.merge_preview(by=by, kept_id=kept.pk, duplicate_id=chosen))
    context = {
        "party": kept,
        "text": text,
        "preview": preview,
        "candidates": [
            row
            for row in (
                queries.search_parties(by=by, text=text)
                if text
                else queries.likely_duplicates(party=kept)
            )
            if row.id != kept.pk
        ],
    }
    return render(request, "registry/merge.html", context)
