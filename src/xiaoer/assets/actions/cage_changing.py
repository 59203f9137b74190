"""A site of cage-change goes its way: planned by steps, linked to what came in instead, what it gained."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import moving as access
from xiaoer.assets.actions.cage_finding import State, save_site, site_in, tell_site
from xiaoer.assets.actions.carriers import MOST_M2
from xiaoer.assets.actions.reaching import must_be_sensible
from xiaoer.assets.actions.whose import Whose, whose
from xiaoer.assets.models import CageGain, CageSite, MoveIn
from xiaoer.assets.queries.cages import Refilled, refilled
from xiaoer.base.checking import (
    end_of,
    locked,
    must_come,
    must_have_been,
    must_say,
    said,
    today,
)
from xiaoer.base.leaving import going_on, tell_left
from xiaoer.base.models import Office, Role
from xiaoer.base.queries import posts_in_force
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import access as work_access
from xiaoer.work import actions as work
from xiaoer.work.models import Matter, Task

SITE, STEP, FINISH = "cage_site", "cage_step", "cage_finish"
# Who is asked to finish a site nobody sees through, the first that the zone has.
ASKED = (Role.ECONOMY, Role.INVESTMENT, Role.PROJECT, Role.SERVICE_DESK, Role.ADMINISTRATOR)
MOST_STEPS = 30
MOST = Decimal(10**12)
EARLIEST_YEAR = 2000
# What a site may gain, and the unit it is counted in.
GAINS = {
    "tax_per_mu": "万元/亩",
    "output_per_mu": "万元/亩",
    "jobs": "人",
    "power": "万千瓦时",
    "investment": "万元",
}


@dataclass(frozen=True, slots=True)
class SiteStep:
    """One step of a plan: what, by which office, until when."""

    title: str
    office: Office
    due_on: date


@transaction.atomic
def plan_site(
    *,
    by: Actor,
    now: datetime,
    site: CageSite,
    path: str,
    office: Office,
    steps: Sequence[SiteStep],
    version: int,
) -> CageSite:
    """Say which way it goes, which office leads, and its steps: each is a task with its day.

    A plan may be made anew: open steps of the old one fall away.
    """
    row = site_in(by, site, State.CONFIRMED, State.UNDER_WAY, version=version)
    if path not in CageSite.Path.values:
        raise Refused(_("Choose which way the site goes."), field="path")
    if office.zone_id != by.zone_id:
        raise Refused(_("There is no such record here; it may be of another zone."), field="office")
    if not 1 <= len(steps) <= MOST_STEPS:
        raise Refused(
            _("Write at least one step, and at most %(most)d.") % {"most": MOST_STEPS},
            field="steps",
        )
    row.path, row.office, row.state = path, office, State.UNDER_WAY
    row.matter = _matter(by, now, row)
    save_site(row)
    work.drop_tasks(by=by, now=now, matter=row.matter, kinds=[STEP])
    errands = [
        work.Errand(
            STEP, must_say(one.title, "steps", most=120, why=_("Say what the step is.")),
            office=one.office, due_at=end_of(must_come(one.due_on, "steps", now)),
        )
        for one in steps
    ]  # fmt: skip
    work.give_tasks(by=by, now=now, matter=row.matter, errands=errands)
    tell_site(by, now, "plan_site", row, path=path, office=office.pk, count=len(errands))
    return row


def _matter(by: Actor, now: datetime, row: CageSite) -> Matter:
    return row.matter or work.open_matter(
        by=by, now=now, kind=SITE, subject_id=row.pk, title=row.name,
        address=f"/cages/{row.pk}/", party=row.party,
    )  # fmt: skip


@transaction.atomic
def ask_to_finish(*, by: Actor, now: datetime) -> int:
    """Ask about each open site that somebody else holds by now to be finished; run every night.

    Once for a site. Whether it is changed a person says. How many were asked of.
    """
    access.must_keep_move_ins(by)
    rows = CageSite.objects.filter(
        zone_id=by.zone_id, state__in=[State.CONFIRMED, State.UNDER_WAY]
    ).exclude(matter__tasks__kind=FINISH)
    filled = refilled(rows.select_related("parcel__party"), today(now))
    left: dict[str, str] = {}
    for number, one in filled.items():
        row = locked(CageSite, by, number)
        with going_on(left, row.name):
            _ask_to_finish(by, now, row, one)
    tell_left(by=by, now=now, left=left)
    return len(filled) - len(left)


def _ask_to_finish(by: Actor, now: datetime, row: CageSite, one: Refilled) -> None:
    there = posts_in_force(zone_id=by.zone_id, on=today(now)).filter(pk=row.post_id or 0).first()
    asked = Whose(post=there) if there else Whose(office=row.office)
    if there is None and row.office is None:
        usual = whose(zone_id=by.zone_id, on=today(now), roles=ASKED)
        if usual is None:
            raise Refused(
                _("No office of this zone sees to cage-change; give somebody a post there.")
            )
        asked = usual
    if row.matter is None:
        row.matter = _matter(by, now, row)
        save_site(row)
    title = _("%(who)s is at “%(name)s” since %(day)s: finish it") % {
        "who": one.who, "name": row.name, "day": one.since.isoformat()
    }  # fmt: skip
    work.give_task(
        by=by, now=now, matter=row.matter, kind=FINISH, title=asked.title(title),
        post=asked.post, office=asked.office,
    )  # fmt: skip


@transaction.atomic
def finish_site_step(*, by: Actor, now: datetime, task: Task, words: str) -> Task:
    """Report that a step was done, with what came of it."""
    row = CageSite.objects.filter(zone_id=by.zone_id, matter=task.matter_id).first()
    if row is None or task.kind != STEP:
        raise Refused(_("This task is of no plan of a site."))
    if not access.keeps_move_ins(by):
        work_access.must_hold(by, task, now)
    words = must_say(words, "words", most=500, why=_("Say what was done."))
    done = work.finish_task(by=by, now=now, task=task, outcome=words)
    tell_site(by, now, "finish_site_step", row, name=done.title, words=words)
    return done


@transaction.atomic
def link_move_in(
    *, by: Actor, now: datetime, site: CageSite, move_in: MoveIn, version: int
) -> CageSite:
    """Say which move-in comes in instead: one by cage-change, of one site only."""
    row = site_in(by, site, State.CONFIRMED, State.UNDER_WAY, version=version)
    if move_in.zone_id != by.zone_id:
        raise Refused(
            _("There is no such record here; it may be of another zone."), field="move_in"
        )
    if move_in.way != MoveIn.Way.CAGE:
        raise Refused(
            _("“%(name)s” moves into vacant space; say on it that it comes by cage-change.")
            % {"name": move_in.name},
            field="move_in",
        )
    if move_in.state in (MoveIn.State.REFUSED, MoveIn.State.WITHDRAWN):
        raise Refused(
            _("“%(name)s” is “%(state)s”.")
            % {"name": move_in.name, "state": MoveIn.State(move_in.state).label},
            field="move_in",
        )
    other = CageSite.objects.filter(zone_id=by.zone_id, move_in=move_in).exclude(pk=row.pk).first()
    if other is not None:
        raise Refused(
            _("“%(name)s” comes to “%(site)s” already.")
            % {"name": move_in.name, "site": other.name},
            field="move_in",
        )
    row.move_in = move_in
    row.came_in = row.came_in or move_in.name
    save_site(row)
    tell_site(by, now, "link_move_in", row, move_in=move_in.pk)
    return row


@dataclass(frozen=True, slots=True)
class Gain:
    """A figure before and after, each of a year; not known stays empty. ``basis``: where from."""

    code: str
    before: Decimal | None
    before_year: int | None
    after: Decimal | None
    after_year: int | None
    basis: str


@transaction.atomic
def record_gain(*, by: Actor, now: datetime, site: CageSite, gain: Gain) -> CageGain:
    """Write down what a site gained, with where the figure is from; said again, it is put right."""
    row = site_in(by, site, State.UNDER_WAY, State.DONE, version=site.version)
    if gain.code not in GAINS:
        raise Refused(_("Choose which figure it is."), field="code")
    if gain.before is None and gain.after is None:
        raise Refused(_("Type the figure before, after, or both."), field="after")
    for field, amount, year in (
        ("before", gain.before, gain.before_year),
        ("after", gain.after, gain.after_year),
    ):
        _must_be_figure(field, amount, year, now)
    made, _new = CageGain.objects.update_or_create(
        zone_id=by.zone_id, site=row, code=gain.code,
        defaults={
            "unit_of": GAINS[gain.code],
            "before": gain.before,
            "before_year": gain.before_year,
            "after": gain.after,
            "after_year": gain.after_year,
            "basis": must_say(
                gain.basis, "basis", most=200, why=_("Say where the figures are from.")
            ),
        },
    )  # fmt: skip
    tell_site(
        by, now, "record_gain", row, code=gain.code, before=_shown(gain.before),
        after=_shown(gain.after),
    )  # fmt: skip
    return made


def _shown(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _must_be_figure(field: str, amount: Decimal | None, year: int | None, now: datetime) -> None:
    if amount is not None and (not amount.is_finite() or not 0 <= amount <= MOST):
        raise Refused(_("Type a figure, zero or more."), field=field)
    if (amount is None) != (year is None):
        raise Refused(_("A figure is of a year; type both."), field=f"{field}_year")
    if year is not None and not EARLIEST_YEAR <= year <= now.year:
        raise Refused(_("Check the year of this figure."), field=f"{field}_year")


@transaction.atomic
def finish_site(
    *,
    by: Actor,
    now: datetime,
    site: CageSite,
    on: date,
    came_in: str,
    freed_m2: Decimal | None = None,
    path: str = "",
    version: int,
) -> CageSite:
    """It is changed: what came in instead, and how much area it freed. Open steps fall away.

    ``path``: which way it went in the end, where no plan said so or it went another.
    """
    row = site_in(by, site, State.CONFIRMED, State.UNDER_WAY, version=version)
    row.path = path or row.path
    if row.path not in CageSite.Path.values:
        raise Refused(_("Choose which way the site goes."), field="path")
    must_be_sensible(freed_m2, "freed_m2", most=MOST_M2)
    if row.move_in is not None and row.move_in.state != MoveIn.State.SETTLED:
        raise Refused(
            _("“%(name)s” has not moved in yet; record that first.") % {"name": row.move_in.name}
        )
    row.state, row.done_on = State.DONE, must_have_been(on, "on", now)
    row.came_in = said(came_in, "came_in", most=120) or row.came_in
    if not row.came_in:
        raise Refused(_("Say what came in instead."), field="came_in")
    row.freed_m2 = freed_m2
    save_site(row)
    tell_site(by, now, "finish_site", row, day=str(on), came_in=row.came_in)
    if row.matter is not None and row.matter.closed_at is None:
        asked = row.matter.tasks.filter(kind=FINISH, state=Task.State.OPEN)
        for task in asked.select_related("matter"):
            work.finish_task(by=by, now=now, task=task, outcome=row.came_in)
        work.close_matter(by=by, now=now, matter=row.matter)
    return row
