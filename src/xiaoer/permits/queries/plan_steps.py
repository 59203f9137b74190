"""What the steps of a plan name in this room: the latest acceptance, the latest case of each code."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from xiaoer.base.models import Zone
from xiaoer.base.scope import OUTSIDE, Actor, may_read
from xiaoer.permits.actions.plan_following import FILING, JOINT, SAME
from xiaoer.permits.models import Acceptance, Case, CaseItem, Thing
from xiaoer.web.marks import Colour
from xiaoer.work.following import Followed
from xiaoer.work.models import Plan, Task
from xiaoer.work.queries import TaskFace

# Staff's page, and the applicant's own.
PAGES = {Acceptance: ("acceptance", "my_acceptance"), Case: ("permit_case", "my_case")}
ORDER: tuple[Colour, ...] = ("red", "amber", "green", "grey")


def followed_by_steps(
    by: Actor, plan: Plan, codes: Collection[str], now: datetime
) -> dict[str, Followed]:
    """What each code stands for now; a thing nobody applied for yet leads to its guide."""
    rows: dict[str, Acceptance | Case] = {
        **_cases(plan, set(codes)),
        **_acceptances(plan, set(codes) & {JOINT, FILING}),
    }
    lights = _lights({row.matter_id for row in rows.values() if row.matter_id}, now)
    found = _guides(by, set(codes) - set(rows))
    for code, row in rows.items():
        words = _("%(number)s: %(state)s") % {
            "number": row.number,
            "state": row.get_state_display(),
        }
        page = reverse(PAGES[type(row)][by.database_role == OUTSIDE], args=[row.pk])
        found[code] = Followed(words, page, lights.get(row.matter_id or 0, "grey"))
    return found


def _acceptances(plan: Plan, codes: Iterable[str]) -> dict[str, Acceptance]:
    """Of the whole project; a part ends no step of the whole."""
    if not codes:
        return {}
    rows = Acceptance.objects.filter(
        zone_id=plan.zone_id, project__matter_id=plan.matter_id, part=""
    )
    row = rows.order_by("-id").first()
    return dict.fromkeys(codes, row) if row else {}


def _cases(plan: Plan, codes: set[str]) -> dict[str, Case]:
    """The latest submitted case of the plan's enterprise by the thing, else by one of its items."""
    if plan.party_id is None:
        return {}
    cases = Case.objects.filter(
        zone_id=plan.zone_id, party_id=plan.party_id, submitted_at__isnull=False
    )
    found: dict[str, Case] = {}
    wanted = codes | {item for item, code in SAME.items() if code in codes}
    items = CaseItem.objects.filter(
        zone_id=plan.zone_id, case__party_id=plan.party_id, case__submitted_at__isnull=False
    )
    for item in items.filter(code__in=wanted).select_related("case").order_by("id"):
        found[SAME.get(item.code, item.code)] = item.case
    by_thing = cases.filter(thing_version__thing__code__in=codes)
    for case in by_thing.select_related("thing_version__thing").order_by("id"):
        found[case.thing_version.thing.code] = case
    return {code: case for code, case in found.items() if code in codes}


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


def _guides(by: Actor, codes: set[str]) -> dict[str, Followed]:
    """Things of these codes that can be applied for, each with its guide."""
    things = list(Thing.objects.filter(zone_id=by.zone_id, code__in=codes)) if codes else []
    if not things:
        return {}
    zone = Zone.objects.get(pk=by.zone_id).code
    return {
        one.code: Followed(
            _("Apply for “%(thing)s”") % {"thing": one.name},
            reverse("service_guide", args=[zone, one.code]),
            is_open=False,
        )
        for one in things
    }
