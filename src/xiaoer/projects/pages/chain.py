"""The board of the five elements, the five mechanisms, batches, hand-overs, and the settings."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go
from xiaoer.base.models import Zone
from xiaoer.base.pages import forms
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import access, queries
from xiaoer.projects import actions as projects
from xiaoer.projects.actions.batches import STAGES
from xiaoer.projects.conditions import TESTS
from xiaoer.projects.models import (
    ChainStep,
    Element,
    HandOver,
    LightRule,
    MechanismAct,
    Project,
    Stage,
    StageBatch,
    StageCondition,
)
from xiaoer.projects.pages import forms as typed
from xiaoer.projects.pages.forms import readers, staff, today
from xiaoer.projects.pages.lists import project_typed
from xiaoer.projects.pages.reserve import choices_of, filters_of
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

ACTS = (
    Column("on", gettext_lazy("Day"), 12, Kind.DATE),
    Column("kind", gettext_lazy("Mechanism"), 14),
    Column("project", gettext_lazy("Project"), 30),
    Column("party", gettext_lazy("Enterprise"), 30),
    Column("what", gettext_lazy("What was done"), 44),
    Column("outcome", gettext_lazy("What came of it"), 36),
    Column("office", gettext_lazy("Office"), 16),
    Column("who", gettext_lazy("By"), 10),
)


@readers
def project_chain(request: HttpRequest, by: Actor) -> HttpResponse:
    """Five columns of one board; on a phone one column at a time."""
    filters = filters_of(request)
    columns = queries.chain_board(zone_id=by.zone_id, filters=filters, on=today())
    wanted = request.GET.get("element", "")
    at = wanted or next((str(one.element) for one in columns if one.running), Element.TRACKING)
    context = choices_of(by, filters) | {"columns": columns, "at": at, "today": today()}
    return render(request, "projects/chain_board.html", context)


@require_POST
@staff
def project_note_chain(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Say where the project stands in one element."""
    row = typed.project_here(by, project_id)
    projects.note_chain(
        by=by,
        now=timezone.now(),
        project=row,
        element=request.POST.get("element", ""),
        state=request.POST.get("state", ""),
        on=forms.day(request, "on"),
        outcome=forms.text(request, "outcome", longest=300),
    )
    return go(request, f"{reverse('project', args=[row.pk])}?tab=project_chain_part")


@readers
def project_chain_part(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """A project's way through the five elements, and what was done for it: a tab of its page."""
    row = typed.project_here(by, project_id)
    on = today()
    context = {
        "row": row,
        "chain": queries.chain_of(row),
        "history": row.chain.select_related("post__person").order_by("-id")[:30],
        "acts": queries.acts(zone_id=by.zone_id, since=date(1990, 1, 1), until=on, project=row)[
            :50
        ],
        "states": ChainStep.State.choices,
        "elements": Element.choices,
        "mechanisms": MechanismAct.Kind.choices,
        "hand_overs": row.hand_overs.select_related("other_zone", "asked_by__person"),
        "zones": _other_zones(by),
        "moves": row.ended_on is None and access.may_move_project(by, row),
        "acts_on": row.ended_on is None and by.is_staff,
        "decides": row.ended_on is None and access.decides_projects(by),
        "post_id": by.post_id,
        "today": on,
    }
    return render(request, "projects/_chain.html", context)


def _other_zones(by: Actor) -> list[tuple[int, str]]:
    own = Zone.objects.get(pk=by.zone_id)
    rows = Zone.objects.filter(city_id=own.city_id).exclude(pk=own.pk)
    return [(row.pk, row.name if typed.is_chinese() else row.name_en or row.name) for row in rows]


# The five mechanisms ------------------------------------------------------------------------------


def _period(request: HttpRequest) -> tuple[date, date]:
    """The period of the address; without one this year up to today."""
    on = today()
    since = forms.day_of(request.GET.get("since")) or date(on.year, 1, 1)
    until = forms.day_of(request.GET.get("until")) or on
    return (since, until) if since <= until else (until, since)


@readers
def mechanisms(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """What was done under the five mechanisms, counted by period, with the acts behind it."""
    since, until = _period(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in MechanismAct.Kind.values else ""
    rows = queries.acts(zone_id=by.zone_id, since=since, until=until, kind=kind)
    if request.GET.get("export"):
        return sheet_response(request.GET["export"], _("The five mechanisms"), ACTS, _cells(rows))
    context = {
        "counts": queries.act_counts(zone_id=by.zone_id, since=since, until=until),
        "rows": rows[:200],
        "kind": kind,
        "since": since,
        "until": until,
        "mechanisms": MechanismAct.Kind.choices,
        "today": today(),
        "acts_on": by.is_staff,
        "decides": access.decides_projects(by),
    }
    return render(request, "projects/mechanisms.html", context)


def _cells(rows: Iterable[MechanismAct]) -> Iterator[tuple[object, ...]]:
    for one in rows:
        if one.withdrawn_at is not None:
            continue
        yield (
            one.on,
            one.get_kind_display(),
            one.project.name if one.project else "",
            one.party.name if one.party else "",
            one.what,
            one.outcome,
            one.office.name if one.office else "",
            one.post.person.name if one.post else "",
        )


def _act_typed(request: HttpRequest) -> projects.ActFacts:
    return projects.ActFacts(
        kind=request.POST.get("kind", ""),
        on=forms.day(request, "on") or today(),
        what=forms.text(request, "what", longest=300),
        outcome=forms.text(request, "outcome", longest=300),
        is_penalty=request.POST.get("is_penalty") == "yes",
    )


@require_POST
@staff
def act_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Write down an act, for a project or an enterprise that is typed."""
    is_for_project = bool(request.POST.get("project", "").strip())
    projects.record_act(
        by=by,
        now=timezone.now(),
        facts=_act_typed(request),
        project=project_typed(request, by) if is_for_project else None,
        party=None if is_for_project else typed.party_typed(request, by),
    )
    return go(request, reverse("mechanisms"))


@require_POST
@staff
def project_act(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Write down an act for this project."""
    row = typed.project_here(by, project_id)
    projects.record_act(by=by, now=timezone.now(), facts=_act_typed(request), project=row)
    return go(request, f"{reverse('project', args=[row.pk])}?tab=project_chain_part")


@require_POST
@staff
def act_withdraw(request: HttpRequest, by: Actor, act_id: int) -> HttpResponse:
    """Take an act back that was written down by mistake."""
    row = found(MechanismAct.objects.filter(zone_id=by.zone_id, pk=act_id).first())
    projects.withdraw_act(
        by=by, now=timezone.now(), act=row, why=forms.text(request, "why", longest=200)
    )
    return go(request, reverse("mechanisms"))


# Batches ------------------------------------------------------------------------------------------


@readers
def stage_batches(request: HttpRequest, by: Actor) -> HttpResponse:
    """The batches; a new one is opened below."""
    if request.method == "POST":
        made = projects.open_stage_batch(
            by=by,
            now=timezone.now(),
            facts=projects.BatchFacts(
                stage=request.POST.get("stage", ""),
                name=forms.text(request, "name", longest=80),
                held_on=forms.must_day(request, "held_on"),
                place=forms.text(request, "place", longest=100),
                note=forms.text(request, "note", longest=300),
            ),
        )
        return go(request, reverse("stage_batch", args=[made.pk]))
    context = {
        "rows": queries.stage_batches(zone_id=by.zone_id)[:200],
        "stages": [(one.value, one.label) for one in STAGES],
        "keeps": access.keeps_projects(by),
        "yuan": typed.yuan,
    }
    return render(request, "projects/stage_batches.html", context)


def _batch(by: Actor, number: int) -> StageBatch:
    return found(queries.stage_batch(zone_id=by.zone_id, batch_id=number))


@readers
def stage_batch(request: HttpRequest, by: Actor, stage_batch_id: int) -> HttpResponse:
    """One batch with the projects counted in it; a project is added below."""
    row = _batch(by, stage_batch_id)
    if request.method == "POST":
        projects.add_to_batch(
            by=by, now=timezone.now(), batch=row, projects=[project_typed(request, by)]
        )
        return go(request, reverse("stage_batch", args=[row.pk]))
    context = {
        "row": row,
        "members": queries.batch_members(row),
        "keeps": access.keeps_projects(by),
        "yuan": typed.yuan,
    }
    return render(request, "projects/stage_batch.html", context)


@require_POST
@staff
def batched_end(
    request: HttpRequest, by: Actor, stage_batch_id: int, member_id: int
) -> HttpResponse:
    """Take a project off a batch."""
    row = _batch(by, stage_batch_id)
    member = found(row.members.filter(pk=member_id).first())
    projects.take_off_batch(
        by=by, now=timezone.now(), member=member, why=forms.text(request, "why", longest=200)
    )
    return go(request, reverse("stage_batch", args=[row.pk]))


# Hand-overs ---------------------------------------------------------------------------------------


@require_POST
@staff
def project_hand_over(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Ask that the project goes over to another zone."""
    row = typed.project_here(by, project_id)
    zone = Zone.objects.filter(pk=forms.number(request.POST.get("zone")) or 0).first()
    if zone is None:
        raise Refused(_("Choose another zone of the city."), field="zone")
    projects.ask_hand_over(
        by=by,
        now=timezone.now(),
        project=row,
        other_zone=zone,
        reason=forms.text(request, "reason", longest=300),
    )
    return go(request, f"{reverse('project', args=[row.pk])}?tab=project_chain_part")


@readers
def hand_overs(request: HttpRequest, by: Actor) -> HttpResponse:
    """What goes to other zones and what comes from them."""
    context = {
        "rows": queries.hand_overs(zone_id=by.zone_id)[:200],
        "keeps": access.keeps_projects(by),
        "decides": access.decides_projects(by),
        "post_id": by.post_id,
        "stage_words": dict(Stage.choices),
    }
    return render(request, "projects/hand_overs.html", context)


@require_POST
@staff
def hand_over_decide(request: HttpRequest, by: Actor, hand_over_id: int) -> HttpResponse:
    """Let it go or keep it; take it on or decline it."""
    row = found(HandOver.objects.filter(zone_id=by.zone_id, pk=hand_over_id).first())
    now, answer = timezone.now(), request.POST.get("answer")
    why = forms.text(request, "why", longest=300)
    if answer == "take":
        made = projects.take_on_project(by=by, now=now, hand_over=row)
        return go(request, reverse("project", args=[made.pk]))
    if answer == "decline":
        projects.decline_project(by=by, now=now, hand_over=row, why=why)
    else:
        projects.decide_hand_over(
            by=by, now=now, hand_over=row, is_granted=answer == "grant", why=why
        )
    return go(request, reverse("hand_overs"))


# Settings -----------------------------------------------------------------------------------------


@readers
def project_settings(request: HttpRequest, by: Actor) -> HttpResponse:
    """The conditions of stages and the rules of lights, each with source and mark."""
    conditions = list(StageCondition.objects.filter(zone_id=by.zone_id).order_by("order", "id"))
    context = {
        "stages": [
            (stage, [one for one in conditions if one.stage == stage]) for stage in list(Stage)[1:]
        ],
        "stage_choices": Stage.choices[1:],
        "condition_kinds": StageCondition.Kind.choices,
        "tests": [(code, words) for code, (words, _look) in TESTS.items()],
        "project_kinds": Project.Kind.choices,
        "kind_words": dict(Project.Kind.choices),
        "rules": queries.light_rules(zone_id=by.zone_id),
        "sets": access.sets_projects(by),
    }
    return render(request, "projects/settings.html", context)


@require_POST
@staff
def condition_keep(request: HttpRequest, by: Actor) -> HttpResponse:
    """Add a condition, or change one."""
    number = forms.number(request.POST.get("condition"))
    known = (
        found(StageCondition.objects.filter(zone_id=by.zone_id, pk=number).first())
        if number
        else None
    )
    projects.keep_condition(
        by=by,
        now=timezone.now(),
        condition=known,
        stage=request.POST.get("stage", ""),
        kind=request.POST.get("kind", ""),
        name=forms.text(request, "name", longest=120),
        test=request.POST.get("test", ""),
        kinds=tuple(known.kinds) if known else tuple(request.POST.getlist("kinds")),
        source=forms.text(request, "source", longest=200),
        mark=known.mark if known else "D",
        is_active=known is None or request.POST.get("is_active") == "yes",
        version=typed.version_typed(request),
    )
    return go(request, reverse("project_settings"))


@require_POST
@staff
def light_rule_change(request: HttpRequest, by: Actor, light_rule_id: int) -> HttpResponse:
    """Change from which figure a light turns."""
    row = found(LightRule.objects.filter(zone_id=by.zone_id, pk=light_rule_id).first())
    projects.change_light_rule(
        by=by,
        now=timezone.now(),
        rule=row,
        bounds=projects.LightBounds(
            amber=_bound(request, "amber"),
            red=_bound(request, "red"),
            is_active=request.POST.get("is_active") == "yes",
            source=forms.text(request, "source", longest=200),
        ),
    )
    return go(request, reverse("project_settings"))


def _bound(request: HttpRequest, name: str) -> int | None:
    if not request.POST.get(name, "").strip():
        return None
    return forms.whole(request, name, least=0, most=1000)
