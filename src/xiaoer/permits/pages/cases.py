"""The approvals desk: the queue of an office, the desk, one case, promised papers, what was saved."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from xiaoer.base import queries as base
from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages.forms import day_of, number
from xiaoer.base.scope import Actor
from xiaoer.base.units.money import show_money
from xiaoer.base.verbs import verb_name
from xiaoer.permits import case_access as access
from xiaoer.permits import queries
from xiaoer.permits.definition import Definition, Field, Period, StepKind
from xiaoer.permits.listing import period_words
from xiaoer.permits.models import Case, CaseEvent, CaseItem, CaseStep
from xiaoer.permits.queries import CaseFilter, Lane, QueueFilter
from xiaoer.permits.queries.case_papers import offices_named
from xiaoer.permits.scenario import lay_out
from xiaoer.registry.models import Party
from xiaoer.web import marks, words
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.work.clocks import Face, PauseReason

READERS = (*STAFF_ROLES, Role.CITY)
readers = page(*READERS)


def step_words(kind: str) -> str:
    """What a step is called, by its kind."""
    known: dict[str, str] = {
        StepKind.REVIEW: _("Review"),
        StepKind.COUNTERSIGN: _("Countersign"),
        StepKind.ANY_SIGN: _("One of them signs"),
        StepKind.SITE_VISIT: _("Visit the site"),
        StepKind.EXPERT_REVIEW: _("Expert review"),
        StepKind.PUSH: _("Confirm what was passed on"),
        StepKind.DECIDE: _("Decide"),
    }
    return known.get(kind, kind)


def left_words(face: Face) -> str:
    """How far the end of a clock is, in its own unit."""
    if face.is_finished:
        return _("late") if face.is_overdue else _("in time")
    if face.is_overdue:
        return ngettext("%(n)d day late", "%(n)d days late", max(1, round(-face.remaining))) % {
            "n": max(1, round(-face.remaining))
        }
    if face.is_paused:
        return _("stands still")
    left = max(0, round(face.remaining))
    if left == 0:
        return _("due today")
    return ngettext("%(n)d day left", "%(n)d days left", left) % {"n": left}


# Lists ---------------------------------------------------------------------------------------------


@readers
def case_queue(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Branches that run with one's office, with oneself, or everywhere; the first due on top."""
    whose = request.GET.get("whose", "")
    filters = QueueFilter(
        whose="mine" if whose == "mine" else "all" if whose == "all" else "office",
        thing=number(request.GET.get("thing")),
        office=number(request.GET.get("office")),
        light=request.GET.get("light", "")
        if request.GET.get("light") in {"red", "amber", "green", "grey"}
        else "",
        page=number(request.GET.get("page")) or 1,
    )
    if by.office_id is None and filters.whose == "office":
        filters = QueueFilter("all", filters.thing, filters.office, filters.light, filters.page)
    now, is_export = timezone.now(), bool(request.GET.get("export"))
    shown = queries.queue(
        zone_id=by.zone_id, office_id=by.office_id, post_id=by.post_id, filters=filters, now=now,
        size=None if is_export else 60,
    )  # fmt: skip
    if is_export:
        return sheet_response(
            request.GET["export"], _("Items being handled"), _queue_columns(), _queue_cells(shown)
        )
    context = {
        "shown": shown,
        "filters": filters,
        "offices": [(one.pk, one.name) for one in base.offices(zone_id=by.zone_id)],
        "desk": queries.desk(zone_id=by.zone_id, state="none", now=now),
    }
    return render(request, "permits/case_queue.html", context)


def _queue_columns() -> tuple[Column, ...]:
    return (
        Column("number", _("Number"), 18),
        Column("thing", _("One thing"), 24),
        Column("item", _("Item"), 28),
        Column("applicant", _("Applicant"), 28),
        Column("step", _("Step"), 24),
        Column("office", _("Office"), 18),
        Column("due", _("Promised until"), 14, Kind.DATE),
        Column("law", _("By law until"), 14, Kind.DATE),
        Column("light", _("Light"), 10),
    )


def _queue_cells(shown: queries.Queue) -> Iterator[tuple[object, ...]]:
    for row in shown.rows:
        one = row.item
        yield (
            one.case.number,
            one.case.thing_version.thing.name,
            one.name,
            one.case.applicant_name,
            "、".join(step.name for step in row.steps),
            "、".join(step.office.name for step in row.steps if step.office),
            words.local_date(one.promised_due_at) if one.promised_due_at else None,
            words.local_date(one.statutory_due_at) if one.statutory_due_at else None,
            marks.light_name(row.light),
        )


@readers
def case_desk(request: HttpRequest, by: Actor) -> HttpResponse:
    """What lies at the acceptance desk."""
    wanted = request.GET.get("state", "")
    state = wanted if wanted in {"supplement", "decided", "draft"} else "submitted"
    desk = queries.desk(zone_id=by.zone_id, state=state, now=timezone.now())
    context = {
        "desk": desk,
        "state": state,
        "limits": [(period_words(one), one.source, one.mark) for one in desk.silences],
        "deliver": (period_words(desk.deliver), desk.deliver.source, desk.deliver.mark),
    }
    return render(request, "permits/case_desk.html", context)


@readers
def case_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Every case that was submitted, the latest first."""
    filters = CaseFilter(
        state=request.GET.get("state", "") if request.GET.get("state") in Case.State.values else "",
        thing=number(request.GET.get("thing")),
        text=request.GET.get("q", "").replace("\x00", "").strip()[:60],
        after=number(request.GET.get("after")),
    )
    rows = queries.cases(zone_id=by.zone_id, filters=filters)
    if request.GET.get("export"):
        return sheet_response(
            request.GET["export"], _("Cases"), _case_columns(), _case_cells(rows.iterator(2000))
        )
    shown = list(rows[:61])
    context = {
        "rows": shown[:60],
        "after": shown[59].pk if len(shown) > 60 else None,
        "filters": filters,
        "states": [(key, label) for key, label in Case.State.choices if key != "draft"],
        "things": queries.things_with_cases(by.zone_id),
    }
    return render(request, "permits/case_list.html", context)


def _case_columns() -> tuple[Column, ...]:
    return (
        Column("number", _("Number"), 18),
        Column("thing", _("One thing"), 24),
        Column("applicant", _("Applicant"), 30),
        Column("state", _("State"), 16),
        Column("channel", _("How it came"), 14),
        Column("submitted", _("Submitted"), 14, Kind.DATE),
        Column("accepted", _("Accepted"), 14, Kind.DATE),
        Column("issued", _("Handed out"), 14, Kind.DATE),
    )


def _case_cells(rows: Iterable[Case]) -> Iterator[tuple[object, ...]]:
    for case in rows:
        yield (
            case.number,
            case.thing_version.thing.name,
            case.applicant_name,
            str(Case.State(case.state).label),
            str(Case.Channel(case.channel).label),
            *(
                words.local_date(moment) if moment else None
                for moment in (case.submitted_at, case.accepted_at, case.issued_at)
            ),
        )


@readers
def case_promised(request: HttpRequest, by: Actor) -> HttpResponse:
    """Papers promised for later, and those that were not brought."""
    state = "broken" if request.GET.get("state") == "broken" else "promised"
    context = {
        "rows": list(queries.promised_papers(zone_id=by.zone_id, state=state)[:200]),
        "state": state,
        "today": timezone.localdate(),
        "settles": by.is_staff and by.post_id is not None,
    }
    return render(request, "permits/case_promised.html", context)


@readers
def case_overview(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """By thing: how many, how fast, on time, and what was saved against handling each item alone."""
    today = timezone.localdate()
    since = day_of(request.GET.get("since")) or date(today.year, 1, 1)
    until = day_of(request.GET.get("until")) or today
    rows = queries.figures(zone_id=by.zone_id, since=since, until=until)
    if request.GET.get("export"):
        return sheet_response(
            request.GET["export"], _("One things"), _figure_columns(), _figure_cells(rows)
        )
    context = {"rows": rows, "since": since, "until": until}
    return render(request, "permits/case_overview.html", context)


def _figure_columns() -> tuple[Column, ...]:
    return (
        Column("name", _("One thing"), 26),
        Column("submitted", _("Submitted"), 10, Kind.NUMBER),
        Column("done", _("Handed out"), 10, Kind.NUMBER),
        Column("online", _("Online"), 10, Kind.NUMBER),
        Column("open", _("Open now"), 10, Kind.NUMBER),
        Column("median", _("Median working days"), 12, Kind.NUMBER),
        Column("on_time", _("Items in time"), 12, Kind.NUMBER),
        Column("judged", _("Items decided"), 12, Kind.NUMBER),
        Column("days", _("Days saved"), 12, Kind.NUMBER),
        Column("papers", _("Papers saved"), 12, Kind.NUMBER),
        Column("trips", _("Trips saved"), 12, Kind.NUMBER),
        Column("steps", _("Steps saved"), 12, Kind.NUMBER),
    )


def _figure_cells(rows: Iterable[queries.ThingFigures]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        saved = row.savings.saved if row.savings else None
        yield (
            row.name, row.submitted, row.done, row.online, row.open_now, row.median_days,
            row.on_time, row.judged,
            *((saved.days, saved.papers, saved.trips, saved.steps) if saved else (None,) * 4),
        )  # fmt: skip


@readers
def enterprise_cases(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """A tab of an enterprise's page: its cases, the latest first."""
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=enterprise_id).first())
    rows = queries.cases(zone_id=by.zone_id, filters=CaseFilter(party=party.pk))[:30]
    return render(request, "permits/_enterprise_cases.html", {"rows": list(rows)})


# One case -----------------------------------------------------------------------------------------


@readers
def permit_case(request: HttpRequest, by: Actor, case_id: int) -> HttpResponse:
    """One case: its clocks, its branches as lanes, its papers, its form with sources, its record."""
    case = found(queries.case_by_number(zone_id=by.zone_id, case_id=case_id))
    now = timezone.now()
    view = queries.case_view(
        case, now=now, page=number(request.GET.get("page")) or 1,
        before=number(request.GET.get("before")),
    )  # fmt: skip
    acting = number(request.GET.get("step")), number(request.GET.get("item"))
    lanes = [_lane(lane, by, now, acting) for lane in view.lanes]
    context = {
        "case": case,
        "view": view,
        "lanes": lanes,
        "filled": _form(case, view.definition),
        "opens_papers": access.may_open_papers(by, case, offices_named(view.definition)),
        "joint": _joint(view) if case.state == Case.State.RUNNING else None,
        "extends_case": case.state == Case.State.RUNNING
        and view.joint is not None
        and not view.joint.is_overdue
        and not case.joint_more
        and view.definition.joint_limit.extend_by > 0
        and access.may_extend_case(by),
        "joint_limit": view.definition.joint_limit,
        "to_begin": _to_begin(case, view.definition)
        if case.state in (Case.State.SUBMITTED, Case.State.SUPPLEMENT)
        else [],
        "story": [_line(event) for event in view.events],
        "saved": queries.savings(case, now=now),
        "accepts": access.may_accept(by, case),
        "looks_through": case.state in (Case.State.DRAFT, Case.State.SUPPLEMENT)
        and by.post_id is not None,
        "remaining": left_words,
        "people": [
            (post.pk, f"{post.office.name} · {post.person.name}")
            for post in base.posts_in_force(zone_id=by.zone_id, on=timezone.localdate(now))
            if post.office
        ]
        if any(acting) or view.visit
        else [],
        "offices": [(one.pk, one.name) for one in base.offices(zone_id=by.zone_id)]
        if any(acting)
        else [],
        "reasons": PauseReason.choices,
        "today": timezone.localdate(now),
        "own_post": by.post_id,
        "not_taken": [(key, Case.State(key).label) for key in ("wrong_place", "not_needed", "not_accepted")],
        "refusing": request.GET.get("refuse") == "yes",
        "has_visit_step": any(
            step.kind == StepKind.SITE_VISIT
            for lane in view.lanes
            for step in lane.open_steps
        ),
    }  # fmt: skip
    return render(request, "permits/case.html", context)


def _to_begin(case: Case, definition: Definition) -> list[tuple[str, str, str, str, str, bool]]:
    """What acceptance starts: each item, whose, its limits, what it waits for, and whether that is
    sure by what was answered."""
    outline = lay_out(definition, case.answers, case.form)
    open_ones = {one.code for one in outline.unknown if one.part == "items"}
    items = (*outline.items, *(one for one in definition.items if one.code in open_ones))
    names = {one.code: one.name for one in items}
    return [
        (
            one.name,
            one.office,
            period_words(one.promised),
            period_words(one.statutory),
            "、".join(names[code] for code in one.after if code in names),
            one.code not in open_ones,
        )
        for one in items
    ]


def _form(case: Case, definition: Definition) -> list[tuple[str, object, str]]:
    """The form: a name as the definition says, what stands there, and where it came from."""
    sources = {
        "typed": _("typed"), "registry": _("from the register"), "paper": _("read off a paper"),
        "answer": _("from an answer"), "record": _("from an earlier case"),
        "held": _("from a paper held"), "project": _("from the project"),
    }  # fmt: skip
    rows: list[tuple[str, object, str]] = []
    for one in definition.fields:
        value = case.form.get(one.code)
        if value in (None, ""):
            continue
        source = case.form_sources.get(one.code, "typed")
        told = source.get("source", "") if isinstance(source, dict) else str(source)
        shown = shown_value(one, value)
        if one.unit and one.sort == "number":
            shown = f"{shown} {one.unit}"
        rows.append((one.name, shown, sources.get(told.split(":")[0], told)))
    return rows


def shown_value(field: Field, value: object) -> object:
    """What was typed, as it was chosen on the form."""
    if field.sort == "yes_no" and value in ("yes", "no", True, False):
        return _("yes") if value in ("yes", True) else _("no")
    if field.sort == "money" and str(value).isdecimal():
        return show_money(int(str(value)), get_language() or "zh-hans", exact=True)
    return {option.code: option.name for option in field.options}.get(str(value), value)


def _line(event: CaseEvent) -> tuple[Any, str, str, list[tuple[str, str]]]:
    """One line of the record: when, who did what, with which words."""
    detail = event.detail
    parts = [
        event.item.name if event.item else "",
        str(detail.get("step_name", "")),
        _("does not agree") if detail.get("agrees") is False else "",
        f"→ {detail['to']}" if isinstance(detail.get("to"), str) and detail["to"] else "",
        str(detail.get("words") or detail.get("name") or detail.get("paper") or ""),
    ]
    return event.at, f"{event.who} {verb_name(event.verb)}", " · ".join(filter(None, parts)), []


def _lane(lane: Lane, by: Actor, now: Any, acting: tuple[int | None, int | None]) -> dict[str, Any]:
    """A branch with its rulers on one scale, and what the asker may do in it."""
    item = lane.item
    running = item.state == CaseItem.State.RUNNING
    steps = [
        {
            "step": step,
            "may": running and access.may_act(by, step, now),
            "moves": running and access.may_move(by, step, now),
            "is_open": acting[0] == step.pk,
            "decides": step.kind == StepKind.DECIDE and step.parent_id is None,
            "visits": step.kind == StepKind.SITE_VISIT,
        }
        for step in lane.open_steps
    ]
    return {
        "lane": lane,
        "rulers": _rulers(lane),
        "steps": steps,
        "handles": running and access.may_handle(by, item),
        "extends": running and access.may_extend(by, item) and not item.extended_by
        and item.extend_most > 0,
        "is_open": acting[1] == item.pk,
        "earlier": [
            (one.place.order, one.place.name)
            for one in lane.places
            if one.place.order < max((step.order for step in lane.open_steps), default=0)
        ],
    }  # fmt: skip


Ruler = tuple[str, str, Any, str, str]


def _rulers(lane: Lane) -> list[Ruler]:
    if lane.clocks is None:
        return []
    item = lane.item
    promised = Period(item.promised_count, item.promised_unit)
    legal = Period(item.statutory_count + item.extended_by, item.statutory_unit)
    faces = (
        (_("Promised"), lane.clocks.promised, promised),
        (_("By law"), lane.clocks.statutory, legal),
    )
    scale = max(face.used + max(face.remaining, 0) for _name, face, _limit in faces) or 1
    return [_ruler(name, face, limit, scale) for name, face, limit in faces]


def _joint(view: queries.CaseView) -> Ruler | None:
    """The one limit of all licences handled jointly, as drawn above the branches."""
    if view.joint is None:
        return None
    limit = view.definition.joint_limit
    whole = replace(limit, count=limit.count + view.case.joint_more)
    return _ruler(_("All together, by law"), view.joint, whole)


def _ruler(name: str, face: Face, limit: Period, scale: float = 0) -> Ruler:
    whole = face.used + max(face.remaining, 0)
    light = "grey" if face.is_paused else str(face.light)
    due = words.day(face.due_on)
    # Out of the line below, where a phrase is not found to be translated.
    provisional = _("provisional")
    end = f"{due} · {provisional}" if face.is_provisional else due
    drawing = marks.ruler(
        face.used,
        max(whole, 1),
        f"{name} {due} {left_words(face)}",
        scale=max(scale, whole, 1),
        light=light,  # type: ignore[arg-type]  # one of the four
        ticks=[(max(whole, 0.5), end, "end")],
    )
    return (
        name,
        period_words(limit),
        drawing,
        left_words(face),
        light if light in {"red", "amber"} else "",
    )


def shown_step(step: CaseStep) -> str:
    """Who has a step."""
    who = step.post.person.name if step.post else ""
    office = step.office.name if step.office else ""
    return "　".join(filter(None, (office, who))) or _("nobody yet")
