"""What is held about an enterprise: its own page, asking to correct, and deciding about it."""

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.facts.models import Value
from xiaoer.outreach import access, queries
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import Appeal, Correction
from xiaoer.outreach.pages import reading
from xiaoer.outreach.queries import Held, PoolFilter
from xiaoer.outreach.queries.held import figure_words, shown_fact
from xiaoer.web.sending import attachment, sheet_response
from xiaoer.web.sheets import Column
from xiaoer.work import queries as work

enterprise = page(Role.ENTERPRISE)
staff = page(*STAFF_ROLES)
SHEET = (
    Column("group", gettext_lazy("What"), 16),
    Column("label", gettext_lazy("Datum"), 28),
    Column("words", gettext_lazy("What is held"), 40),
    Column("source", gettext_lazy("Source"), 32),
    Column("since", gettext_lazy("Since"), 14),
)


def _held(by: Actor) -> Held:
    return found(queries.held_about(by=by))


@enterprise
def my_data(request: HttpRequest, by: Actor) -> HttpResponse:
    """What is held about us and its source; each datum can be asked to be corrected."""
    held = _held(by)
    kind = request.GET.get("export")
    name = _("What is held about %(name)s") % {"name": held.party.name}
    if kind == "json":
        keys = [column.key for column in SHEET]
        lines = [dict(zip(keys, line, strict=True)) for line in _lines(held)]
        body = json.dumps(lines, ensure_ascii=False, indent=1, default=str)
        return attachment(body.encode(), f"{name}.json", "application/json; charset=utf-8")
    if kind:
        return sheet_response(kind, name, SHEET, _lines(held))
    context = {
        "held": held,
        "party": held.party,
        "papers": files.papers_of(by=by, table="party", number=held.party.pk),
    }
    return render(request, "outreach/my_data.html", context)


def _lines(held: Held) -> list[tuple[object, ...]]:
    """Everything as lines of one sheet."""
    none = ""
    return [
        *(
            (_("Registration"), one.label, one.words or none, one.source, f"{one.since:%Y-%m-%d}")
            for one in held.facts
        ),
        *((_("Names"), one.kind, one.name, none, one.since or none) for one in held.names),
        *(
            (
                _("Figures"),
                f"{one.metric} {one.period}",
                one.words,
                f"{one.source} · {one.kind}",
                f"{one.known_at:%Y-%m-%d}",
            )
            for one in held.figures
        ),
        *(
            (_("Who speaks for us"), one.get_state_display(), f"{one.name} {one.phone}", none, f"{one.asked_at:%Y-%m-%d}")
            for one in held.representations
        ),
        *(
            (_("Contacts"), f"{one.tag} · {one.kind}", one.purpose, one.office, one.day)
            for one in held.contacts
        ),
        *(
            (_("Visits"), one.programme, one.met, none, one.visited_on) for one in held.visits
        ),
        *(
            (_("Answers"), one.text, one.answer or one.state, none, f"{one.asked_at:%Y-%m-%d}")
            for one in held.answers
        ),
        *(
            (_("Corrections"), one.was, one.stated, one.get_state_display(), f"{one.asked_at:%Y-%m-%d}")
            for one in held.corrections
        ),
    ]  # fmt: skip


@enterprise
def my_correction_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """State what is right, with a reason and a paper."""
    held = _held(by)
    given = request.POST if request.method == "POST" else request.GET
    field = reading.words(given, "field")[:30]
    value = _value(by, given.get("value"))
    if request.method == "POST":
        row = outreach.ask_correction(
            by=by,
            now=timezone.now(),
            stated=reading.said(request.POST, "stated", 500),
            reason=reading.said(request.POST, "reason", 500),
            field=field,
            value=value,
        )
        files.pin_uploads(
            by=by, now=timezone.now(), uploads=request.FILES.getlist("paper"), subject=row
        )
        return go(request, reverse("my_correction", args=[row.pk]))
    if field and field not in queries.FIELDS:
        raise Http404
    context = {
        "party": held.party,
        "field": field,
        "value": value,
        "label": queries.FIELDS[field] if field else None,
        "was": figure_words(value) if value else shown_fact(held.party, field) if field else None,
    }
    return render(request, "outreach/my_correction_new.html", context)


def _value(by: Actor, given: str | None) -> Value | None:
    if not given:
        return None
    row = Value.objects.filter(
        zone_id=by.zone_id, pk=reading.number(given) or 0, party_id=by.party_ref or 0
    )
    return found(row.select_related("metric").first())


@enterprise
def my_correction(request: HttpRequest, by: Actor, correction_id: int) -> HttpResponse:
    """One request to correct, as it stands; the enterprise may take it back."""
    row = found(queries.correction(by=by, correction_id=correction_id))
    if request.method == "POST":
        outreach.withdraw_correction(
            by=by, now=timezone.now(), correction=row, version=reading.version(request.POST)
        )
        return go(request, reverse("my_data"))
    context = {
        "row": row,
        "label": queries.FIELDS.get(row.field) or row.get_about_display(),
        "papers": files.papers_of(
            by=by, table="correction", number=row.pk, is_closed=row.decided_at is not None
        ),
    }
    return render(request, "outreach/my_correction.html", context)


@staff
def correction_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """What enterprises ask to correct, those to decide first."""
    state = request.GET.get("state", Correction.State.ASKED)
    wanted = state if state in Correction.State.values else ""
    context = {
        "rows": list(queries.corrections(by=by, state=wanted)[:200]),
        "state": wanted,
        "states": Correction.State.choices,
        "labels": queries.FIELDS,
    }
    return render(request, "outreach/correction_list.html", context)


@staff
def correction(request: HttpRequest, by: Actor, correction_id: int) -> HttpResponse:
    """One request to correct: what is held, what the enterprise states, both side by side."""
    row = found(queries.correction(by=by, correction_id=correction_id))
    now = timezone.now()
    context = {
        "row": row,
        "label": queries.FIELDS.get(row.field) or row.get_about_display(),
        "held": figure_words(row.value)
        if row.value
        else shown_fact(row.party, row.field)
        if row.field
        else None,
        "may_decide": row.state == Correction.State.ASKED
        and access.may_decide_correction(by, row, now),
        "papers": files.papers_of(by=by, table="correction", number=row.pk),
    }
    return render(request, "outreach/correction.html", context)


@require_POST
@staff
def correction_do(request: HttpRequest, by: Actor, correction_id: int, verb: str) -> HttpResponse:
    """Grant or decline."""
    act = {"grant": outreach.grant_correction, "decline": outreach.decline_correction}.get(verb)
    if act is None:
        raise Http404
    row = found(queries.correction(by=by, correction_id=correction_id))
    act(
        by=by,
        now=timezone.now(),
        correction=row,
        version=reading.version(request.POST),
        words=reading.said(request.POST, "words", 500),
    )
    messages.success(request, _("Decided; the enterprise reads it."))
    return go(request, reverse("correction", args=[row.pk]))


@enterprise
def my_waiting(request: HttpRequest, by: Actor) -> HttpResponse:
    """What waits for us: answers to confirm, questions, problem days; who comes. A card."""
    now = timezone.now()
    today = timezone.localdate(now)
    pool = queries.appeal_pool(
        by=by,
        filters=PoolFilter(party=by.party_ref, states=(Appeal.State.ANSWERED,)),
        now=now,
    )
    context = {
        "answered": pool.rows,
        "questions": work.open_questions(by, [by.party_ref or 0]),
        "told": queries.told_visits(by=by, since=today),
        "days": queries.open_problem_days(by=by, now=now),
        "contacts": [
            row
            for row in work.contacts_between(
                by=by,
                since=today,
                until=work.last_of_month(today),
                party=by.party_ref,
            )
            if row.state in ("planned", "merged")
        ],
    }
    return render(request, "outreach/_my_waiting.html", context)
