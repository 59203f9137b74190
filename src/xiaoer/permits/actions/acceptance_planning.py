"""Planning days on sites: asked for, searched by a job, watched, stopped, and taken by a person."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from xiaoer.base import journal
from xiaoer.base.checking import today
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import STAFF, Actor
from xiaoer.permits import acceptance_access as access
from xiaoer.permits.actions.acceptance_site import Slot, fix_site_day
from xiaoer.permits.models import Acceptance, SiteDay, SiteSearch
from xiaoer.permits.queries import siting as queries
from xiaoer.permits.siting import Found, Problem, search, why_left

JOB = "plan_site_days"
SECONDS, SHORTEST, LONGEST = 5, 1, 60
State = SiteSearch.State
_SAY = """
update site_search set better = %(better)s, placed = %(placed)s, best = %(best)s::jsonb,
  told_at = %(now)s
where zone_id = %(zone)s and id = %(search)s and state = 'running'
returning wants_stop
"""


@transaction.atomic
def ask_for_site_days(*, by: Actor, now: datetime, seconds: int = SECONDS) -> SiteSearch:
    """Ask for days for all that wait; a job searches, the page shows the best so far."""
    access.must_keep_window(by)
    if not SHORTEST <= seconds <= LONGEST:
        raise Refused(
            _("Give the search %(least)d to %(most)d seconds.")
            % {"least": SHORTEST, "most": LONGEST},
            field="seconds",
        )
    rows = SiteSearch.objects.select_for_update().filter(
        zone_id=by.zone_id, state__in=(State.WAITING, State.RUNNING)
    )
    for row in rows:
        if not queries.stands_still(row, now):
            raise Refused(_("Days are being searched already; wait for that, or stop it."))
        _end(row, now)
    problem = queries.problem_of(zone_id=by.zone_id, today=today(now))
    if not any(site.lock is None for site in problem.sites):
        raise Refused(_("No acceptance waits for a day."))
    row = SiteSearch.objects.create(
        zone_id=by.zone_id, post_id=by.post_id, seconds=seconds, asked=len(problem.sites),
        asked_at=now, told_at=now,
    )  # fmt: skip
    journal.record(by=by, now=now, verb="ask_for_site_days", subject=row, count=row.asked)
    app.configure_task(JOB).defer(zone_id=by.zone_id, search_id=row.pk)
    return row


def _end(row: SiteSearch, now: datetime) -> None:
    row.finished_at, row.state = now, State.DONE if row.best else State.FAILED
    if row.state == State.FAILED:
        row.message = _("Nothing was found before the server was interrupted; search again.")
    row.save()


@transaction.atomic
def begin_site_search(*, by: Actor, now: datetime, search_id: int) -> tuple[Problem, int] | None:
    """What is to be planned in how many seconds; nothing where it was begun before."""
    row = _locked(by, search_id)
    if row.state != State.WAITING:
        return None
    problem = queries.problem_of(zone_id=by.zone_id, today=today(now))
    row.state, row.told_at, row.asked = State.RUNNING, now, len(problem.sites)
    row.save()
    return problem, row.seconds


@dataclass(slots=True)
class Watch:
    """What a running search hears and tells, on a connection of its own."""

    say: Callable[[int, Found], bool]
    better: int = 0

    def __call__(self, found: Found) -> bool:
        self.better += 1
        return self.say(self.better, found)


@contextmanager
def watching_site_search(*, zone_id: int, search_id: int, problem: Problem) -> Iterator[Watch]:
    """Keep the best so far while it runs; hears whether somebody wants it stopped."""
    link = connections["default"].copy()
    # The solver tells what it found on a thread of its own, one word at a time.
    link.inc_thread_sharing()
    try:
        with link.cursor() as cursor:
            cursor.execute(
                "select set_config('role', %s, false), set_config('x.zone', %s, false)",
                [STAFF, str(zone_id)],
            )

        def say(better: int, found: Found) -> bool:
            told: dict[str, Any] = {
                "zone": zone_id, "search": search_id, "better": better,
                "placed": len(found.stands), "best": json.dumps(_best(problem, found)),
                "now": timezone.now(),
            }  # fmt: skip
            with link.cursor() as cursor:
                cursor.execute(_SAY, told)
                row = cursor.fetchone()
            return bool(row and row[0])

        yield Watch(say)
    finally:
        link.close()


def _best(problem: Problem, found: Found) -> list[dict[str, Any]]:
    sites = {one.key: one for one in problem.sites}
    return [
        {
            "acceptance": one.site, "day": one.day.isoformat(), "minute": one.minute,
            "minutes": sites[one.site].minutes, "travel": one.travel, "place": one.place_in_day,
            "people": {str(check): list(people) for check, people in one.people.items()},
            "fixed": sites[one.site].lock is not None,
        }
        for one in found.stands
    ]  # fmt: skip


@transaction.atomic
def finish_site_search(
    *, by: Actor, now: datetime, search_id: int, problem: Problem, found: Found, better: int
) -> SiteSearch:
    """Keep what was found, and of each building without a day which department lacks whom."""
    row = _locked(by, search_id)
    if row.finished_at is not None:
        return row
    sites = {one.key: one for one in problem.sites}
    row.state, row.finished_at, row.better = State.DONE, now, better
    row.best, row.placed = _best(problem, found), len(found.stands)
    row.left = [
        {
            "acceptance": key,
            "lacks": [{**asdict(one), "why": one.why.value} for one in why_left(problem, sites[key], found)],
        }
        for key in found.left
    ]  # fmt: skip
    row.save()
    journal.record(by=by, now=now, verb="find_site_days", subject=row, count=row.placed)
    return row


@transaction.atomic
def stop_site_search(*, by: Actor, now: datetime, row: SiteSearch) -> SiteSearch:
    """Stop searching; the best so far stays."""
    access.must_keep_window(by)
    kept = _locked(by, row.pk)
    if kept.finished_at is None:
        if queries.stands_still(kept, now):
            _end(kept, now)
        else:
            kept.wants_stop = True
            kept.save(update_fields=["wants_stop"])
        journal.record(by=by, now=now, verb="stop_site_search", subject=kept)
    return kept


@transaction.atomic
def take_site_days(
    *, by: Actor, now: datetime, row: SiteSearch, only: int | None = None
) -> list[SiteDay]:
    """Fix what was proposed, all of it or one building; what was fixed by hand meanwhile stands."""
    access.must_keep_window(by)
    kept = _locked(by, row.pk)
    if kept.state != State.DONE:
        raise Refused(_("The search is not ready yet; stop it to take the best so far."))
    if kept.taken_at is not None:
        raise Refused(_("These days were taken already; search again."))
    made = []
    for one in kept.best:
        if one["fixed"] or (only is not None and one["acceptance"] != only):
            continue
        acceptance = Acceptance.objects.filter(zone_id=by.zone_id, pk=one["acceptance"]).first()
        if acceptance is None or acceptance.moved_at > kept.asked_at:
            continue
        slot = Slot(
            day=date.fromisoformat(one["day"]), starts_at=queries.clock_of(one["minute"]),
            minutes=one["minutes"],
            goers={int(check): people for check, people in one["people"].items()},
            place_in_day=one["place"], travel_minutes=one["travel"],
        )  # fmt: skip
        made.append(fix_site_day(by=by, now=now, acceptance=acceptance, slot=slot, by_hand=False))
    if only is not None and not made:
        raise Refused(_("It has moved on since the search; search again."))
    if only is None:
        kept.taken_at = now
        kept.save(update_fields=["taken_at"])
    journal.record(by=by, now=now, verb="take_site_days", subject=kept, count=len(made))
    return made


@transaction.atomic
def lock_site_day(*, by: Actor, now: datetime, site_day: SiteDay, is_locked: bool) -> SiteDay:
    """Hold a fixed day where it is, or let the next search move it."""
    access.must_keep_window(by)
    row = SiteDay.objects.select_for_update().get(zone_id=by.zone_id, pk=site_day.pk)
    if row.state != SiteDay.State.FIXED:
        raise Refused(_("Only a day that is fixed and still to come is held or loosened."))
    if row.is_locked != is_locked:
        row.is_locked = is_locked
        row.version += 1
        row.save(update_fields=["is_locked", "version"])
        journal.record(
            by=by, now=now, verb="lock_site_day", subject=row, state="on" if is_locked else "off"
        )
    return row


def _locked(by: Actor, search_id: int) -> SiteSearch:
    return SiteSearch.objects.select_for_update(of=("self",)).get(zone_id=by.zone_id, pk=search_id)


def run_site_search(*, by: Actor, search_id: int, begun: tuple[Problem, int]) -> tuple[Found, int]:
    """Search while telling how far it is; the job then keeps what was found."""
    problem, seconds = begun
    with watching_site_search(zone_id=by.zone_id, search_id=search_id, problem=problem) as watch:
        found = search(problem, seconds=seconds, watch=watch)
        return found, watch.better
