"""Pages of kinds of paper, of a reading over its paper, and of quarantine."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import access, queries
from xiaoer.papers import actions as papers
from xiaoer.papers.models import PaperField, PaperKind, Quarantine, Reading

SETTERS = tuple(access.SETTERS)
JUDGES = tuple(access.JUDGES)


@require_http_methods(["GET", "POST"])
@page(*SETTERS)
def paper_kinds(request: HttpRequest, by: Actor) -> HttpResponse:
    """The list; the form adds a kind."""
    if request.method == "POST":
        kind = _keep_kind(request, by, said(request, "code", 60))
        return go(request, reverse("paper_kind", args=[kind.pk]))
    rows = list(queries.paper_kinds(zone_id=by.zone_id))
    return render(request, "papers/kinds.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@page(*SETTERS)
def paper_kind(request: HttpRequest, by: Actor, paper_kind_id: int) -> HttpResponse:
    """One kind: what is said of it, its fields, and trying it on a file."""
    kind = _kind(by, paper_kind_id)
    if request.method == "POST":
        what = request.POST.get("what_to_do", "")
        if what == "kind":
            _keep_kind(request, by, kind.code)
        elif what == "drop":
            field = found(PaperField.objects.filter(kind=kind, pk=whole(request, "field")).first())
            papers.drop_paper_field(
                by=by, now=timezone.now(), field=field, version=whole(request, "version")
            )
        else:
            _keep_field(request, by, kind)
        messages.success(request, _("Saved: %(name)s.") % {"name": kind.name})
        return go(request, reverse("paper_kind", args=[kind.pk]))
    fields = list(queries.paper_fields(kind))
    chosen = next((one for one in fields if one.code == request.GET.get("field")), None)
    context = {
        "kind": kind,
        "fields": fields,
        "chosen": chosen,
        "sorts": PaperField.Sort.choices,
    }
    return render(request, "papers/kind.html", context)


@require_POST
@page(*SETTERS)
def try_paper_kind(request: HttpRequest, by: Actor, paper_kind_id: int) -> HttpResponse:
    """Read a file as a paper of the kind, to see what would be found."""
    kind = _kind(by, paper_kind_id)
    upload = request.FILES.get("paper")
    if upload is None:
        raise Refused(_("Choose a file first."), field="paper")
    now = timezone.now()
    file = files.keep_file(by=by, now=now, stream=upload, name=upload.name or "")
    reading = papers.read_paper(by=by, now=now, file=file, kind=kind, again=True)
    return go(request, reverse("reading", args=[reading.pk]))


@require_GET
@page(*SETTERS)
def reading(request: HttpRequest, by: Actor, reading_id: int) -> HttpResponse:
    """What was read, over the paper it was read from."""
    one = _reading(by, reading_id)
    fields = queries.fields_shown(one)
    context = {
        "reading": one,
        "fields": fields,
        "why": queries.why_words(one.why) if one.why else "",
        "signs": [queries.sign_words(sign["code"]) for sign in one.signs],
        "sheets": [
            (number, [one for one in fields if one.read and one.read.page == number])
            for number in range(1, min(one.pages, 12) + 1)
        ],
    }
    return render(request, "papers/reading.html", context)


@require_GET
@page(*SETTERS)
def reading_page(request: HttpRequest, by: Actor, reading_id: int, number: int) -> HttpResponse:
    """The picture of a page as it was read, each found field in its box."""
    one = _reading(by, reading_id)
    if not 1 <= number <= one.pages:
        raise Refused(_("The paper has no such page."))
    return _png(queries.page_shown(one.file, number, one))


@require_GET
@page(*SETTERS)
def reading_crop(request: HttpRequest, by: Actor, reading_id: int, code: str) -> HttpResponse:
    """A field's surroundings."""
    return _png(queries.crop(_reading(by, reading_id), code))


@require_http_methods(["GET", "POST"])
@page(*JUDGES)
def quarantine(request: HttpRequest, by: Actor) -> HttpResponse:
    """Files kept apart; a person lets one in or throws it away."""
    if request.method == "POST":
        held = found(
            Quarantine.objects.filter(zone_id=by.zone_id, pk=whole(request, "held")).first()
        )
        now = timezone.now()
        if request.POST.get("what_to_do") == "release":
            papers.release_quarantined(by=by, now=now, held=held)
            messages.success(request, _("Let in: %(name)s.") % {"name": held.name})
        else:
            papers.drop_quarantined(by=by, now=now, held=held)
            messages.success(request, _("Thrown away: %(name)s.") % {"name": held.name})
        return go(request, reverse("quarantine"))
    rows = [
        (held, queries.held_words(held), held.state == Quarantine.State.HELD)
        for held in queries.quarantined(zone_id=by.zone_id)
    ]
    return render(request, "papers/quarantine.html", {"rows": rows})


# Reading the forms -------------------------------------------------------------------------------


def said(request: HttpRequest, name: str, longest: int) -> str:
    """A field as typed, without what PostgreSQL cannot keep; too long is refused."""
    words = request.POST.get(name, "").replace("\x00", "").strip()
    if len(words) > longest:
        raise Refused(
            _("This is too long: at most %(longest)d characters.") % {"longest": longest},
            field=name,
        )
    return words


def whole(request: HttpRequest, name: str) -> int:
    """A whole number of a form; nought where none was typed."""
    text = request.POST.get(name, "").strip()
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refused(_("Type a whole number."), field=name)
    return int(text or 0)


def _words(request: HttpRequest, name: str) -> tuple[str, ...]:
    """Words typed one a line, or with commas between."""
    typed = re.split(r"[\n,，、;；]+", said(request, name, 1000))
    return tuple(dict.fromkeys(word.strip() for word in typed if word.strip()))


def _keep_kind(request: HttpRequest, by: Actor, code: str) -> PaperKind:
    return papers.keep_paper_kind(
        by=by,
        now=timezone.now(),
        code=code,
        facts=papers.KindFacts(
            name=said(request, "name", 80),
            name_en=said(request, "name_en", 120),
            marks=_words(request, "marks"),
            valid_months=whole(request, "valid_months") or None,
            is_reusable=request.POST.get("is_reusable") == "yes",
            source=said(request, "source", 200),
            mark=said(request, "mark", 2) or "D",
        ),
        version=whole(request, "version"),
    )


def _keep_field(request: HttpRequest, by: Actor, kind: PaperKind) -> PaperField:
    return papers.keep_paper_field(
        by=by,
        now=timezone.now(),
        kind=kind,
        code=said(request, "code", 60),
        facts=papers.FieldFacts(
            name=said(request, "name", 80),
            name_en=said(request, "name_en", 120),
            sort=said(request, "sort", 12),
            unit=said(request, "unit", 20),
            labels=_words(request, "labels"),
            pattern=said(request, "pattern", 200),
            least_confidence=whole(request, "least_confidence"),
            is_needed=request.POST.get("is_needed") == "yes",
        ),
        version=whole(request, "version"),
    )


def _kind(by: Actor, kind_id: int) -> PaperKind:
    return found(PaperKind.objects.filter(zone_id=by.zone_id, pk=kind_id).first())


def _reading(by: Actor, reading_id: int) -> Reading:
    rows = Reading.objects.filter(zone_id=by.zone_id).select_related("file", "kind")
    return found(rows.filter(pk=reading_id).first())


def _png(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="image/png")
    response["Cache-Control"] = "private, max-age=300"
    return response
