"""The day on the site: fixed by the window, each department signs its own part, from the phone too.

What a department finds is sent under the phone's own key; sent again, it is the same. A department
that has not signed by the end of the day has a task that is overdue, and nothing else: its silence
escalates and consents to nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.checking import end_of, today
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import acceptance_access as access
from xiaoer.permits.actions.acceptance_tasks import (
    DRIFT,
    checks_of,
    end_check,
    end_window,
    give_check,
    give_window,
    locked,
    locked_check,
    move,
    record,
    words,
)
from xiaoer.permits.models import (
    Acceptance,
    AcceptanceCheck,
    Defect,
    Inspector,
    SiteDay,
    SiteInspector,
)
from xiaoer.web.words import full_day
from xiaoer.work.queries import calendar_of

State, Check = Acceptance.State, AcceptanceCheck.State
MOST_DEFECTS = 60


@dataclass(frozen=True, slots=True)
class Slot:
    """A day and an hour on a site, with who goes of each check: ``{check: inspectors}``."""

    day: date
    starts_at: time
    minutes: int
    goers: Mapping[int, Sequence[int]]
    place_in_day: int = 1
    travel_minutes: int = 0


@transaction.atomic
def fix_site_day(
    *, by: Actor, now: datetime, acceptance: Acceptance, slot: Slot, by_hand: bool = True
) -> SiteDay:
    """Fix the one day and hour; every department that must see the building is named with its people."""
    access.must_keep_window(by)
    row = locked(by, acceptance, now, State.ACCEPTED, State.SCHEDULED)
    _must_be_a_day(row, slot, now)
    checks = [one for one in checks_of(row) if one.needs_visit]
    people = _people(row, checks, slot)
    for old in row.site_days.select_for_update().filter(state=SiteDay.State.FIXED):
        old.state, old.dropped_why = SiteDay.State.DROPPED, _("another day was fixed")
        old.save(update_fields=["state", "dropped_why"])
    day = SiteDay.objects.create(
        zone_id=row.zone_id, acceptance=row, day=slot.day, starts_at=slot.starts_at,
        minutes=slot.minutes, place_in_day=slot.place_in_day, travel_minutes=slot.travel_minutes,
        state=SiteDay.State.FIXED, fixed_at=now, by_hand=by_hand, is_locked=True,
    )  # fmt: skip
    SiteInspector.objects.bulk_create(
        SiteInspector(zone_id=row.zone_id, site_day=day, check_row=check, inspector=one)
        for check in checks
        for one in people[check.pk]
    )
    row.state = State.SCHEDULED
    move(row, now, "state")
    end_window(row, ["fix_day"], by=by, now=now)
    for check in checks:
        if check.state == Check.READY:
            give_check(row, check, "sign_site", by=by, now=now, due_at=end_of(slot.day))
    record(
        by, now, "fix_site_day", row, day=slot.day.isoformat(),
        at=slot.starts_at.strftime("%H:%M"), posts=sorted({one.post_id for p in people.values() for one in p}),
    )  # fmt: skip
    return day


def _must_be_a_day(row: Acceptance, slot: Slot, now: datetime) -> None:
    if slot.day < today(now):
        raise Refused(_("This day has passed; choose one to come."), field="day")
    if slot.day > today(now) + timedelta(days=120):
        raise Refused(_("This day is too far off; choose an earlier one."), field="day")
    if not calendar_of(row.zone_id).is_working(slot.day):
        raise Refused(
            _("%(day)s is no working day; choose another.") % {"day": full_day(slot.day)},
            field="day",
        )
    if not 15 <= slot.minutes <= 480:
        raise Refused(
            _("Type a whole number from %(least)d to %(most)d.") % {"least": 15, "most": 480},
            field="minutes",
        )


def _people(
    row: Acceptance, checks: Sequence[AcceptanceCheck], slot: Slot
) -> dict[int, list[Inspector]]:
    """Who goes of each department: authorised, of that office, there that day, and enough of them."""
    named = {one for posts in slot.goers.values() for one in posts}
    known = {
        one.pk: one
        for one in Inspector.objects.filter(
            zone_id=row.zone_id, pk__in=named, ended_on__isnull=True
        ).select_related("post__person")
    }
    away = set(
        Inspector.objects.filter(
            pk__in=named,
            absences__removed_at__isnull=True,
            absences__since__lte=slot.day,
            absences__until__gte=slot.day,
        ).values_list("pk", flat=True)
    )
    found: dict[int, list[Inspector]] = {}
    for check in checks:
        office = check.office.name if check.office else check.kind.authority
        if check.office_id is None:
            raise Refused(
                _("No office is named yet for “%(check)s”; name it first.")
                % {"check": check.kind.name}
            )
        going = [known[one] for one in dict.fromkeys(slot.goers.get(check.pk, ())) if one in known]
        going = [one for one in going if one.office_id == check.office_id]
        absent = next((one for one in going if one.pk in away), None)
        if absent is not None:
            raise Refused(
                _("%(name)s of %(office)s is away on %(day)s; choose somebody else.")
                % {
                    "name": absent.post.person.name,
                    "office": office,
                    "day": full_day(slot.day),
                },
                field="goers",
            )
        if len(going) < check.kind.inspectors:
            raise Refused(
                _("%(office)s must send %(count)d authorised people for “%(check)s”.")
                % {"office": office, "count": check.kind.inspectors, "check": check.kind.name},
                field="goers",
            )
        found[check.pk] = going
    return found


@transaction.atomic
def drop_site_day(*, by: Actor, now: datetime, acceptance: Acceptance, reason: str) -> Acceptance:
    """Call the fixed day off before anybody signed; another is to be fixed."""
    access.must_keep_window(by)
    row = locked(by, acceptance, now, State.SCHEDULED)
    why = words(reason, "reason", 300, _("Say why the day is called off."))
    if any(one.signed_at for one in checks_of(row)):
        raise Refused(_("Somebody has signed on the site already; the day was held."))
    for day in row.site_days.select_for_update().filter(state=SiteDay.State.FIXED):
        day.state, day.dropped_why = SiteDay.State.DROPPED, why
        day.version += 1
        day.save(update_fields=["state", "dropped_why", "version"])
    for check in checks_of(row):
        end_check(check, by=by, now=now, outcome=why)
        check.save(update_fields=["task"])
    row.state = State.ACCEPTED
    move(row, now, "state")
    give_window(
        row, "fix_day", _("fix the day on the site"), by=by, now=now, limit="acceptance.visit"
    )
    record(by, now, "drop_site_day", row, words=why)
    return row


@dataclass(frozen=True, slots=True)
class DefectFacts:
    """One point: what is wrong, by which clause, until when, and how it is looked at again."""

    what: str
    clause: str
    due_on: date
    way: str = Defect.Way.SITE
    place: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A department's part as it is kept; ``is_again``: the phone had sent it before."""

    check: AcceptanceCheck
    defects: tuple[Defect, ...]
    is_again: bool = False


@transaction.atomic
def sign_check(
    *,
    by: Actor,
    now: datetime,
    check: AcceptanceCheck,
    defects: Sequence[DefectFacts] = (),
    words_said: str = "",
    second: Post | None = None,
    client_key: str = "",
    claimed_at: datetime | None = None,
) -> Signed:
    """A department signs its own part on the site: passed, or with every defect it found.

    Where the law asks for two, the second is named and is of the same department. ``claimed_at`` is
    the phone's clock, kept and not believed: the part counts from when it is here.
    """
    row = locked(by, check.acceptance_id, now)
    kept = locked_check(by, check)
    if client_key and kept.client_key == client_key:
        access.must_answer_for(by, kept)
        return Signed(kept, _defects_of(kept), is_again=True)
    post = access.must_answer_for(by, kept)
    if row.state != State.SCHEDULED or kept.state != Check.READY or not kept.needs_visit:
        raise Refused(_already(row, kept))
    day = row.site_days.select_for_update().filter(state=SiteDay.State.FIXED).first()
    if day is None or today(now) < day.day:
        raise Refused(
            _("The day on the site is %(day)s; sign there.")
            % {"day": full_day(day.day) if day else _("not fixed yet")}
        )
    _must_be_two(kept, post, second)
    found = _found(row, kept, defects, now)
    kept.state = Check.DEFECTS if found else Check.SIGNED
    kept.signed_at, kept.signed_by_id, kept.seconded_by = now, post, second
    kept.site_words = words(words_said, "words", 1000)
    kept.client_key = words(client_key, "client_key", 64)
    kept.claimed_at = claimed_at if claimed_at is None or claimed_at <= now + DRIFT else None
    end_check(kept, by=by, now=now, outcome=kept.get_state_display())
    kept.version += 1
    kept.save()
    made = tuple(Defect.objects.bulk_create(found))
    record(
        by, now, "sign_check", row, check=kept.kind.name, defects=len(made),
        second=second.pk if second else None, words=kept.site_words,
    )  # fmt: skip
    if not made:
        give_check(row, kept, "decide_check", by=by, now=now, limit="acceptance.decide")
    when_all_signed(row, day, by=by, now=now)
    return Signed(kept, made)


def _defects_of(check: AcceptanceCheck) -> tuple[Defect, ...]:
    return tuple(Defect.objects.filter(zone_id=check.zone_id, check_row=check).order_by("id"))


def _already(row: Acceptance, check: AcceptanceCheck) -> str:
    if check.signed_at is not None and check.signed_by is not None:
        return _("%(name)s signed “%(check)s” already; nothing was changed.") % {
            "name": check.signed_by.person.name,
            "check": check.kind.name,
        }
    if not check.needs_visit:
        return _("“%(check)s” is not looked at on the site.") % {"check": check.kind.name}
    return _("%(number)s is now: %(state)s. Load the page again to see what can be done.") % {
        "number": row.number,
        "state": row.get_state_display(),
    }


def _must_be_two(check: AcceptanceCheck, post: int, second: Post | None) -> None:
    if check.kind.inspectors < 2:
        return
    if second is None or second.pk == post or second.office_id != check.office_id:
        raise Refused(
            _("Two people of the department sign “%(check)s”; name the second who was there.")
            % {"check": check.kind.name},
            field="second",
        )


def _found(
    row: Acceptance, check: AcceptanceCheck, said: Sequence[DefectFacts], now: datetime
) -> list[Defect]:
    if len(said) > MOST_DEFECTS:
        raise Refused(
            _("At most %(most)d defects of one department.") % {"most": MOST_DEFECTS},
            field="defects",
        )
    keys = [one.key for one in said if one.key]
    if len(keys) != len(set(keys)):
        raise Refused(_("One defect was sent twice; send the list again."), field="defects")
    return [_defect(row, check, one, now) for one in said]


def _defect(row: Acceptance, check: AcceptanceCheck, said: DefectFacts, now: datetime) -> Defect:
    if said.way not in Defect.Way.values:
        raise Refused(_("Choose how it is looked at again."), field="way")
    if not today(now) <= said.due_on <= today(now) + timedelta(days=366):
        raise Refused(_("Give a day within a year by which it is put right."), field="due_on")
    return Defect(
        zone_id=row.zone_id, acceptance=row, check_row=check, found_at=now,
        what=words(said.what, "what", 500, _("Say what is wrong.")),
        clause=words(said.clause, "clause", 200, _("Name the legal clause it offends.")),
        place=words(said.place, "place", 120), way=said.way, due_on=said.due_on,
        key=words(said.key, "key", 64),
    )  # fmt: skip


def when_all_signed(row: Acceptance, day: SiteDay, *, by: Actor, now: datetime) -> None:
    """When the last department signed: passed, or the one list of all defects is to be sent."""
    checks = checks_of(row)
    if any(one.needs_visit and one.signed_at is None for one in checks):
        move(row, now)
        return
    day.state = SiteDay.State.HELD
    day.version += 1
    day.save(update_fields=["state", "version"])
    row.visited_at = now
    row.trips += 1  # the owner is there that day, once for all
    for check in checks:
        if not check.needs_visit and check.state == Check.READY and _is_of_site(check):
            give_check(row, check, "decide_check", by=by, now=now, limit="acceptance.decide")
    if any(one.state == Check.DEFECTS for one in checks):
        row.state = State.VISITED
        give_window(
            row, "send_list", _("send the one list of defects"), by=by, now=now,
            limit="acceptance.list",
        )  # fmt: skip
        move(row, now, "state", "visited_at", "trips")
        return
    row.state, row.passed_at = State.PASSED, now
    move(row, now, "state", "visited_at", "passed_at", "trips")
    record(by, now, "pass_site", row)


def _is_of_site(check: AcceptanceCheck) -> bool:
    return check.kind.turn == "site"
