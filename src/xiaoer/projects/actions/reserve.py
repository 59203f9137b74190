"""Opening, changing and giving up projects."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import checking, journal
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import access
from xiaoer.projects.actions.force import hand_charge
from xiaoer.projects.actions.holding import lock_plan
from xiaoer.projects.actions.lighting import relight
from xiaoer.projects.actions.living import living
from xiaoer.projects.models import ChainStep, Charge, Element, Project, Stage, StagePassage
from xiaoer.projects.queries import plan_of
from xiaoer.registry.models import Park, Party
from xiaoer.work import actions as work
from xiaoer.work.queries import template_in_use

ORDER = list(Stage)
PROJECT = "project"
GEOMETRIES = frozenset({"Point", "Polygon", "MultiPolygon", "LineString", "MultiPoint"})
MOST_FEN = 10**17
"""A thousand billion yuan: more is a slip of the unit."""


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What is entered of a project. Money in fen; ``None`` and empty words: not known."""

    name: str
    kind: str
    short_name: str = ""
    code: str = ""
    party: Party | None = None
    owner_name: str = ""
    is_industry: bool = True
    industry: str = ""
    content: str = ""
    total_fen: int | None = None
    contract_fen: int | None = None
    promised_on: date | None = None
    starts_by: date | None = None
    is_land_first: bool = False
    land_signed_on: date | None = None
    park: Park | None = None
    place: str = ""
    spot: dict[str, Any] | None = None
    leader: Post | None = None
    officer: Post | None = None
    office: Office | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """A stage a project was in before it came onto this register, and the day of the fact."""

    stage: str
    on: date


@transaction.atomic
def open_project(
    *,
    by: Actor,
    now: datetime,
    facts: ProjectFacts,
    template_code: str = "",
    history: Sequence[Passed] = (),
) -> Project:
    """Enter a project on the register and open its matter. It begins as planned.

    ``history``: stages it passed before it came here, each with its day; taken over once, by an
    administrator or the system, and marked as such.
    """
    access.must_keep_projects(by)
    on = checking.today(now)
    values = _checked(by, now, facts, is_new=True)
    passed = _history(by, now, history)
    last = passed[-1] if passed else Passed(Stage.PLANNED, on)
    _must_be_new(by, values["name"])
    row = Project(zone_id=by.zone_id, stage=last.stage, stage_on=last.on, opened_at=now, **values)
    _save(row)
    row.matter = work.open_matter(
        by=by, now=now, kind=PROJECT, subject_id=row.pk, title=row.name,
        address=f"/projects/{row.pk}/", party=row.party,
    )  # fmt: skip
    row.save(update_fields=["matter"])
    _write_passages(by, now, row, passed or [last])
    ChainStep.objects.create(
        zone_id=by.zone_id, project=row, element=Element.TRACKING, since=on, post_id=by.post_id
    )
    journal.record(
        by=by, now=now, verb="open_project", subject=row, party_ref=row.party_id, name=row.name,
        stage=row.stage,
    )  # fmt: skip
    if not template_code:
        return relight(by=by, now=now, project=row)
    return _make_plan(by, now, row, template_code)


@transaction.atomic
def plan_project(
    *,
    by: Actor,
    now: datetime,
    project: Project,
    template_code: str,
    promised_on: date | None = None,
) -> Project:
    """Make the plan of a project that has none, back from its promised day; what is missing already
    holds up the steps that need it. ``promised_on``: where no day was promised yet."""
    row = living(by, project)
    access.must_keep_projects(by)
    if plan_of(row) is not None:
        raise Refused(_("“%(name)s” has a plan already; change that one.") % {"name": row.name})
    if promised_on is not None and row.promised_on not in (None, promised_on):
        raise Refused(
            _("It is promised for %(day)s; change the project first if that is wrong.")
            % {"day": str(row.promised_on)},
            field="promised_on",
        )
    row.promised_on = row.promised_on or promised_on
    return _make_plan(by, now, row, template_code)


def _make_plan(by: Actor, now: datetime, row: Project, template_code: str) -> Project:
    """The plan of a template towards the promised day; the project follows it, and so its light."""
    if row.matter is None:
        raise Refused(_("This project is no longer on the zone's hands; it needs no plan."))
    if row.promised_on is None:
        raise Refused(
            _("A plan is reckoned back from the promised day; enter it."), field="promised_on"
        )
    template = template_in_use(by.zone_id, template_code)
    if template is None:
        raise Refused(_("There is no such plan template in use."), field="template")
    work.make_plan(
        by=by,
        now=now,
        matter=row.matter,
        title=row.name,
        starts_on=checking.today(now),
        promised_on=row.promised_on,
        template=template,
        party=row.party,
    )
    row.refresh_from_db()
    return row


def _history(by: Actor, now: datetime, history: Sequence[Passed]) -> list[Passed]:
    """The stages in their order, each day not before the one before it."""
    if not history:
        return []
    access.must_set_projects(by)
    passed = sorted(history, key=lambda one: ORDER.index(Stage(one.stage)))
    if len({one.stage for one in passed}) < len(passed):
        raise Refused(_("A stage stands twice in this history."), field="stage")
    for before, after in itertools.pairwise(passed):
        if after.on < before.on:
            raise Refused(
                _("%(later)s cannot have been before %(earlier)s; check the days.")
                % {"later": Stage(after.stage).label, "earlier": Stage(before.stage).label},
                field="stage",
            )
    for one in passed:
        checking.must_have_been(one.on, "fact_on", now)
    return passed


def _write_passages(by: Actor, now: datetime, row: Project, passed: Sequence[Passed]) -> None:
    froms = ["", *(one.stage for one in passed)]
    StagePassage.objects.bulk_create(
        StagePassage(
            zone_id=by.zone_id, project=row, stage=one.stage, from_stage=before, fact_on=one.on,
            reported_at=now, post_id=by.post_id,
            note=_("as it was when it came onto this register") if len(passed) > 1 else "",
        )
        for before, one in zip(froms, passed, strict=False)
    )  # fmt: skip


def _must_be_new(by: Actor, name: str) -> None:
    known = Project.objects.filter(zone_id=by.zone_id, name=name, ended_on__isnull=True).first()
    if known is not None:
        raise Refused(
            _("“%(name)s” is on the register already; a further phase needs its own name.")
            % {"name": name},
            field="name",
        )


def _save(row: Project) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(
            _("The code %(code)s belongs to another project; one filing is one project.")
            % {"code": row.code},
            field="code",
        ) from error


def _checked(by: Actor, now: datetime, facts: ProjectFacts, *, is_new: bool) -> dict[str, Any]:
    """The columns of what was said, in order and of this zone."""
    values: dict[str, Any] = {one.name: getattr(facts, one.name) for one in fields(facts)}
    values["name"] = checking.must_say(
        facts.name, "name", most=80, why=_("Give the project a name.")
    )
    longest = {
        "short_name": 20, "code": 30, "owner_name": 80, "industry": 60, "content": 1000, "place": 100
    }  # fmt: skip
    for name, most in longest.items():
        values[name] = checking.said(values[name], name, most=most)
    if facts.kind not in Project.Kind.values:
        raise Refused(_("Choose the kind of project."), field="kind")
    if facts.party is None and not values["owner_name"]:
        raise Refused(_("Say who builds it: an enterprise, or a name."), field="party")
    for name in ("party", "park", "leader", "officer", "office"):
        one = values[name]
        if one is not None and one.zone_id != by.zone_id:
            raise Refused(_("There is no such record here; it may be of another zone."), field=name)
    for name in ("total_fen", "contract_fen"):
        fen = values[name]
        if fen is not None and not 0 <= fen < MOST_FEN:
            raise Refused(_("Check this amount and its unit."), field=name)
    _check_days(now, facts, is_new=is_new)
    _check_spot(facts.spot)
    return values


def _check_days(now: datetime, facts: ProjectFacts, *, is_new: bool) -> None:
    for name in ("promised_on", "starts_by", "land_signed_on"):
        day = getattr(facts, name)
        if day is not None:
            checking.must_be_possible(day, name)
    if facts.promised_on and facts.starts_by and facts.promised_on < facts.starts_by:
        raise Refused(
            _("It is promised for %(promised)s but to start by %(starts)s only; check the days.")
            % {
                "promised": facts.promised_on.isoformat(),
                "starts": facts.starts_by.isoformat(),
            },
            field="promised_on",
        )
    oldest = checking.today(now) - timedelta(days=366 * 15)
    if is_new and facts.promised_on is not None and facts.promised_on < oldest:
        raise Refused(_("Check the year of this day."), field="promised_on")


def _check_spot(spot: dict[str, Any] | None) -> None:
    """A GeoJSON geometry, as the map draws it."""
    if spot is None:
        return
    if spot.get("type") not in GEOMETRIES or not isinstance(spot.get("coordinates"), list):
        raise Refused(_("The place on the map must be a GeoJSON geometry."), field="spot")


@transaction.atomic
def change_project(
    *, by: Actor, now: datetime, project: Project, facts: ProjectFacts, version: int
) -> Project:
    """Correct or complete what is known of a project; what was promised moves by its own verb."""
    row = living(by, project)
    access.must_move_project(by, row)
    journal.must_be_fresh(row, version)
    values = _checked(by, now, facts, is_new=False)
    if values["name"] != row.name:
        _must_be_new(by, values["name"])
    _must_keep_promise(row, facts.promised_on)
    for part in Charge.Part:
        if getattr(row, part) != values[part]:
            hand_charge(now=now, row=row, part=part, post=values[part])
    changed = journal.changes(row, values)
    if not changed:
        return row
    row.version += 1
    _save(row)
    journal.record(
        by=by, now=now, verb="change_project", subject=row, party_ref=row.party_id, **changed
    )
    return relight(by=by, now=now, project=row)


def _must_keep_promise(row: Project, promised_on: date | None) -> None:
    """What was promised once is never simply overtyped while a plan runs towards it."""
    plan = plan_of(row)
    if plan is not None and promised_on != row.promised_on:
        raise Refused(
            _("A plan runs towards %(day)s; move the promised day on the plan, with the reason.")
            % {"day": plan.promised_on.isoformat()},
            field="promised_on",
        )


def facts_of(row: Project) -> ProjectFacts:
    """What a project says now, for a form to begin with."""
    return ProjectFacts(**{one.name: getattr(row, one.name) for one in fields(ProjectFacts)})


@transaction.atomic
def give_up_project(
    *, by: Actor, now: datetime, project: Project, on: date, reason: str, version: int | None = None
) -> Project:
    """End a project that will not be built, with the reason; what happened stays readable."""
    lock_plan(by, project)
    row = living(by, project)
    access.must_decide(by)
    if version is not None:
        journal.must_be_fresh(row, version)
    checking.must_have_been(on, "on", now)
    reason = checking.must_say(reason, "reason", most=300)
    return end_project(by=by, now=now, row=row, on=on, reason=reason, verb="give_up_project")


def end_project(
    *, by: Actor, now: datetime, row: Project, on: date, reason: str, verb: str
) -> Project:
    """Take a locked project off the zone's hands: its lists, its chain, its matter."""
    row.ended_on, row.ended_why = on, reason
    row.hand_light, row.hand_why, row.hand_until = "", "", None
    row.version += 1
    row.save()
    row.passages.filter(state=StagePassage.State.ASKED).update(
        state=StagePassage.State.UNDONE, undone_at=now, undone_by_id=by.post_id, undone_why=reason
    )
    for place in row.places.filter(until__isnull=True):
        place.until, place.why = max(on, place.since), reason[:200]
        place.save(update_fields=["until", "why"])
    for step in row.chain.filter(until__isnull=True):
        step.until = max(on, step.since)
        step.save(update_fields=["until"])
    plan = plan_of(row)
    if plan is not None and plan.closed_at is None:
        work.close_plan(by=by, now=now, plan=plan, reason=reason)
    if row.matter is not None and row.matter.closed_at is None:
        work.close_matter(by=by, now=now, matter=row.matter)
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, on=on.isoformat(),
        reason=reason,
    )  # fmt: skip
    return row
