"""Tasks of land: what is due of a parcel stands in somebody's inbox, once a day it is due on."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xiaoer.assets import queries
from xiaoer.assets.access import land as access
from xiaoer.assets.actions.whose import Whose, whose
from xiaoer.assets.models import LandCheck, LandStageRule, Parcel
from xiaoer.assets.queries import LandErrand
from xiaoer.assets.queries.land import CHECK, IDLE, NEXT, PLEDGE
from xiaoer.base import checking, journal
from xiaoer.base.leaving import going_on, tell_left
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import access as work_access
from xiaoer.work import actions as work
from xiaoer.work import queries as work_queries
from xiaoer.work.models import Matter, Task

MATTER = "parcel"
KINDS = (NEXT, IDLE, PLEDGE, CHECK)
# Whose office is asked where the zone's rule of the stage names none.
ASKED = (Role.INVESTMENT, Role.PROJECT, Role.ECONOMY, Role.SERVICE_DESK, Role.ADMINISTRATOR)
Told = tuple[int, str, datetime | None]


@transaction.atomic
def give_land_tasks(*, by: Actor, now: datetime) -> int:
    """Ask for all that is due of the zone's land; run every morning. How many tasks were given.

    What nobody could be asked for stands in the zone's record, and tomorrow it is asked for again.
    """
    access.must_keep_land(by)
    errands = queries.land_errands(zone_id=by.zone_id, today=checking.today(now))
    return _give(by, now, errands)


def settle_land(*, by: Actor, now: datetime, parcel: Parcel, outcome: str, anew: str = "") -> None:
    """After a parcel moved: what is no longer due of it was done, what is due now is asked for.

    ``anew``: the kind of errand that is asked for once more, though it was done before.
    """
    errands = queries.land_errands(
        zone_id=by.zone_id, today=checking.today(now), parcel_ids=[parcel.pk]
    )
    wanted = {(one.kind, checking.end_of(one.due_on)): one for one in errands}
    for task in _tasks(by.zone_id, [parcel.pk]).filter(state=Task.State.OPEN):
        errand = wanted.get((task.kind, task.due_at)) if task.due_at else None
        if errand is None:
            work.finish_task(by=by, now=now, task=task, outcome=outcome)
        elif task.kind == CHECK:
            work.retitle_task(by=by, now=now, task=task, title=_left(task, errand))
    _give(by, now, errands, anew=anew)


def _left(task: Task, errand: LandErrand) -> str:
    """One visit looks at all that is due: what is left of it, and how much was looked at."""
    here, at = errand.due_on, Q(at__gte=task.started_at, indicator__parcel=errand.parcel)
    # Looked at on its day or after; or somewhat before, and given a later day.
    done = Q(indicator__due_on=here, on__gte=here) | Q(indicator__due_on__gt=here)
    looked = LandCheck.objects.filter(done, at).values("indicator").distinct().count()
    if not looked:
        return errand.title
    return _("%(what)s (%(done)d of %(all)d looked at)") % {
        "what": errand.title,
        "done": looked,
        "all": looked + errand.count,
    }


def _tasks(zone_id: int, parcel_ids: Iterable[int]) -> QuerySet[Task]:
    return Task.objects.filter(
        zone_id=zone_id,
        matter__kind=MATTER,
        matter__subject_id__in=list(parcel_ids),
        kind__in=KINDS,
    )


def _give(by: Actor, now: datetime, errands: Sequence[LandErrand], *, anew: str = "") -> int:
    told = _told(by.zone_id, errands)
    missing = [
        one
        for one in errands
        if (one.parcel.pk, one.kind, checking.end_of(one.due_on)) not in told or one.kind == anew
    ]
    if not missing:
        return 0
    asked = _asked(by.zone_id, checking.today(now))
    left: dict[str, str] = {}
    for one in missing:
        with going_on(left, f"{one.parcel.number} {one.title}"):
            _ask(by, now, one, asked.get(one.parcel.stage))
    tell_left(by=by, now=now, left=left)
    return len(missing) - len(left)


def _ask(by: Actor, now: datetime, one: LandErrand, asked: Whose | None) -> None:
    if asked is None:
        raise Refused(_("No office of this zone keeps its land; name one for each stage."))
    work.give_task(
        by=by, now=now, matter=_matter(by, now, one.parcel), kind=one.kind, post=asked.post,
        title=asked.title(one.title), office=asked.office, due_at=checking.end_of(one.due_on),
    )  # fmt: skip


def _told(zone_id: int, errands: Iterable[LandErrand]) -> set[Told]:
    rows = _tasks(zone_id, {one.parcel.pk for one in errands})
    return set(rows.values_list("matter__subject_id", "kind", "due_at"))


def _asked(zone_id: int, day: date) -> dict[str, Whose]:
    """Who is asked at each stage: the office its rule names, else the zone's usual one."""
    rules = LandStageRule.objects.filter(zone_id=zone_id, office__isnull=False)
    named = {rule.stage: Whose(rule.office) for rule in rules.select_related("office")}
    usual = whose(zone_id=zone_id, on=day, roles=ASKED)
    return named if usual is None else {**dict.fromkeys(Parcel.Stage.values, usual), **named}


def _matter(by: Actor, now: datetime, parcel: Parcel) -> Matter:
    known = work_queries.matter_of(by, kind=MATTER, subject_id=parcel.pk)
    if known is not None:
        return known
    return work.open_matter(
        by=by,
        now=now,
        kind=MATTER,
        subject_id=parcel.pk,
        title=f"{_('Parcel')} {parcel.number} {parcel.name}".strip(),
        address=f"/land/{parcel.pk}/",
    )


@transaction.atomic
def finish_land_task(*, by: Actor, now: datetime, parcel: Parcel, task: Task, words: str) -> Task:
    """Say what was done about something due of a parcel that no step or check says by itself."""
    row = _tasks(by.zone_id, [parcel.pk]).filter(pk=task.pk).first()
    if row is None:
        raise Refused(_("This task is of another parcel."))
    work_access.must_hold(by, row, now)
    words = checking.must_say(words, "words", most=500, why=_("Say what was done."))
    done: Task = work.finish_task(by=by, now=now, task=row, outcome=words)
    journal.record(
        by=by, now=now, verb="finish_land_task", subject=parcel, party_ref=parcel.party_id,
        words=words,
    )  # fmt: skip
    return done
