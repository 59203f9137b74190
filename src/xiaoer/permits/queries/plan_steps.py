"""What the steps of a plan name in this room: the latest acceptance, the latest case of each code.

And what a step would open: the thing it names, or the thing that has the item it names.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import F, Func, JSONField, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from xiaoer.base.models import Zone
from xiaoer.base.scope import OUTSIDE, Actor, may_read
from xiaoer.permits.actions.plan_following import FILING, JOINT, item_codes
from xiaoer.permits.applicant_access import HELPING, may_open_for_step
from xiaoer.permits.models import Acceptance, Case, CaseItem, Thing
from xiaoer.permits.queries.applying import versions_in_force
from xiaoer.web.marks import Colour
from xiaoer.work.following import Followed
from xiaoer.work.models import Plan, Step, Task
from xiaoer.work.queries import TaskFace

# Staff's page, and the applicant's own.
PAGES = {Acceptance: ("acceptance", "my_acceptance"), Case: ("permit_case", "my_case")}
ORDER: tuple[Colour, ...] = ("red", "amber", "green", "grey")
DRAFT = Case.State.DRAFT
# Before it is accepted a case has no items yet.
BEFORE_ITEMS = (DRAFT, Case.State.SUBMITTED, Case.State.SUPPLEMENT)


def followed_by_steps(
    by: Actor, plan: Plan, steps: Sequence[Step], now: datetime
) -> dict[str, Followed]:
    """What each code stands for at present; a thing nobody applied for yet leads to its beginning."""
    things = things_of_steps(plan.zone_id, steps, now)
    rows: dict[str, Acceptance | Case] = {
        **_cases(by, plan, steps, things),
        **_acceptances(plan, {step.code for step in steps} & {JOINT, FILING}),
    }
    lights = _lights({row.matter_id for row in rows.values() if row.matter_id}, now)
    waiting = [step for step in steps if step.code in things.keys() - rows.keys()]
    found = _beginnings(by, plan, waiting, things)
    for code, row in rows.items():
        words = _("%(number)s: %(state)s") % {
            "number": row.number,
            "state": row.get_state_display(),
        }
        is_own = by.database_role == OUTSIDE or row.state == DRAFT
        page = reverse(PAGES[type(row)][is_own], args=[row.pk])
        found[code] = Followed(words, page, lights.get(row.matter_id or 0, "grey"))
    return found


def things_of_steps(zone_id: int, steps: Iterable[Step], now: datetime) -> dict[str, Thing]:
    """By the code of a step, what it would open: the thing it names, else the first with its item."""
    codes = {step.code for step in steps if step.code}
    named = item_codes(steps)
    if not codes:
        return {}
    versions = versions_in_force(zone_id=zone_id, now=now).defer("body")
    every = versions.annotate(
        item_codes=Func(
            F("body"),
            template="jsonb_path_query_array(%(expressions)s, '$.items[*].code')",
            output_field=JSONField(),
        )
    )
    found: dict[str, Thing] = {}
    by_name: dict[str, Thing] = {}
    for version in every:
        for item in named.keys() & set(version.item_codes):
            found.setdefault(named[item], version.thing)
        if version.thing.code in codes:
            by_name[version.thing.code] = version.thing
    return found | by_name


def _acceptances(plan: Plan, codes: Collection[str]) -> dict[str, Acceptance]:
    """Of the whole project; a part ends no step of the whole."""
    if not codes:
        return {}
    rows = Acceptance.objects.filter(
        zone_id=plan.zone_id, project__matter_id=plan.matter_id, part=""
    )
    row = rows.order_by("-id").first()
    return dict.fromkeys(codes, row) if row else {}


def _cases(
    by: Actor, plan: Plan, steps: Sequence[Step], things: Mapping[str, Thing]
) -> dict[str, Case]:
    """The latest case of the plan's enterprise by the thing, else by one of its items.

    The database gives one row a code, however many cases the enterprise had. One that has no items
    yet stands for every unfinished step its thing would open; a draft is shown to whoever may go on with it.
    """
    if plan.party_id is None:
        return {}
    cases = Case.objects.filter(zone_id=plan.zone_id, party_id=plan.party_id)
    early = cases.filter(state__in=BEFORE_ITEMS)
    if by.database_role != OUTSIDE:
        early = early.filter(~Q(state=DRAFT) | Q(channel__in=HELPING))
    early_of = _latest(early, {thing.code for thing in things.values()})
    found = {
        step.code: early_of[things[step.code].code]
        for step in steps
        if step.finished_on is None and step.code in things and things[step.code].code in early_of
    }
    named = item_codes(steps)
    items = CaseItem.objects.filter(
        zone_id=plan.zone_id, case__party_id=plan.party_id, code__in=named
    )
    latest = items.select_related("case").order_by("code", "-case_id").distinct("code")
    found |= {named[item.code]: item.case for item in latest}
    codes = {step.code for step in steps}
    return found | _latest(cases.filter(submitted_at__isnull=False), codes)


def case_of_step(by: Actor, step: Step, thing: Thing) -> Case | None:
    """What was begun or submitted already for a step of a plan."""
    return _cases(by, step.plan, [step], {step.code: thing}).get(step.code)


def _latest(cases: QuerySet[Case], codes: Collection[str]) -> dict[str, Case]:
    """The latest of these cases by the code of its thing."""
    if not codes:
        return {}
    rows = cases.filter(thing_version__thing__code__in=codes).annotate(
        thing_code=F("thing_version__thing__code")
    )
    return {
        row.thing_code: row for row in rows.order_by("thing_code", "-id").distinct("thing_code")
    }


def _lights(matters: set[int], now: datetime) -> dict[int, Colour]:
    """The worst of their open tasks; what the zone asks of its own people is theirs to read."""
    found: dict[int, Colour] = {}
    if not matters or not may_read("task"):
        return found
    for task in Task.objects.filter(matter_id__in=matters, state=Task.State.OPEN):
        if task.due_at is not None:
            light = TaskFace(task.started_at, task.due_at, task.amber_at, None).light(now)
            found[task.matter_id] = min(light, found.get(task.matter_id, "grey"), key=ORDER.index)
    return found


def _beginnings(
    by: Actor, plan: Plan, steps: Sequence[Step], things: Mapping[str, Thing]
) -> dict[str, Followed]:
    """Where the reader begins the case of each step; who may not is led to the guide."""
    unfinished = [step for step in steps if step.finished_on is None]
    if not unfinished:
        return {}
    zone = Zone.objects.get(pk=plan.zone_id).code
    found = {}
    for step in unfinished:
        thing = things[step.code]
        if may_open_for_step(by, plan, step):
            words = _("Open the case: %(thing)s")
            page = reverse("case_for_step", args=[step.pk])
        else:
            words = _("Apply for “%(thing)s”")
            page = reverse("service_guide", args=[zone, thing.code])
        found[step.code] = Followed(words % {"thing": thing.name}, page, is_open=False)
    return found
