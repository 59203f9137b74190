"""Applying for joint acceptance, the papers checked by all departments at once, one supplement.

A check whose department has no office here is not dropped and not passed over: it waits, with a
task of the window to name who does it.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaoer.base.checking import today
from xiaoer.base.models import Office
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.permits import acceptance_access as access
from xiaoer.permits.actions.acceptance_papers import acceptance_notice
from xiaoer.permits.actions.acceptance_tasks import (
    KIND,
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
from xiaoer.permits.actions.plan_following import follow_acceptance
from xiaoer.permits.models import (
    Acceptance,
    AcceptanceCheck,
    AcceptanceKind,
    AcceptanceRule,
    SiteDay,
)
from xiaoer.projects.models import Project
from xiaoer.work import actions as work
from xiaoer.work.calendar import LOCAL

State, Check = Acceptance.State, AcceptanceCheck.State
Applies = AcceptanceKind.Applies
MOST_WISHES, MOST_AREA = 10, 10_000_000


@dataclass(frozen=True, slots=True)
class AcceptanceFacts:
    """What an owner says when it applies; ``asked`` are codes of checks only done where asked for.

    ``phase_why``: why the part is safe and can be used apart; said by a person of the zone.
    """

    part: str = ""
    area_m2: int | None = None
    is_special: bool = False
    has_air_defence: bool = False
    contact_name: str = ""
    contact_phone: str = ""
    wished_days: Sequence[date] = ()
    asked: Sequence[str] = ()
    phase_why: str = ""
    archives_by: date | None = None
    owner_accepted_on: date | None = None


@transaction.atomic
def apply_acceptance(
    *, by: Actor, now: datetime, project: Project, facts: AcceptanceFacts, trips: int = 0
) -> Acceptance:
    """One application with one set of papers; every department gets its part in the same moment."""
    kept = _own_project(by, project)
    with on_behalf(by):
        rule = AcceptanceRule.objects.select_for_update().filter(zone_id=by.zone_id).first()
        if rule is None:
            raise Refused(_("Joint acceptance is not set up in this zone; ask an administrator."))
        kinds = _kinds(by, facts)
        row = _new(by, now, kept, facts)
        row.is_joint, row.trips, row.joint_steps = True, trips, rule.joint_steps
        row.single_steps = sum(one.single_steps for one in kinds)
        row.single_trips = sum(one.single_trips for one in kinds)
        _save_new(row)
        row.matter = work.open_matter(
            by=by, now=now, kind=KIND, subject_id=row.pk, title=f"联合验收：{row.project.name}{row.part}",
            address=f"/acceptances/{row.pk}/", party=row.party,
        )  # fmt: skip
        row.save(update_fields=["matter"])
        for kind in kinds:
            _ask(row, kind, by=by, now=now)
        _ask_for_offices(row, by=by, now=now)
        follow_acceptance(row, now=now)
        record(
            by, now, "apply_acceptance", row, number=row.number,
            codes=[one.code for one in kinds], drawn=_drawn(row),
        )  # fmt: skip
    return row


def _own_project(by: Actor, project: Project) -> Project:
    """The project as the asker sees it: a firm only its own, the window any that lives."""
    row = Project.objects.filter(zone_id=by.zone_id, pk=project.pk).select_related("party").first()
    if row is None:
        raise Refused(_("There is no such project here; choose one of the list."), field="project")
    if not access.owns(by, row.party_id):
        access.must_keep_window(by)
    if row.ended_on is not None:
        raise Refused(_("“%(name)s” was given up.") % {"name": row.name}, field="project")
    return row


def _kinds(by: Actor, facts: AcceptanceFacts) -> list[AcceptanceKind]:
    """The checks this building needs, by the facts said of it."""
    wanted = {Applies.ALWAYS, Applies.SPECIAL if facts.is_special else Applies.ORDINARY}
    if facts.has_air_defence:
        wanted.add(Applies.AIR_DEFENCE)
    rows = AcceptanceKind.objects.filter(zone_id=by.zone_id, is_used=True).select_related("office")
    found = [
        one
        for one in rows.order_by("order", "id")
        if one.applies in wanted or (one.applies == Applies.ASKED and one.code in facts.asked)
    ]
    if not any(one.turn == AcceptanceKind.Turn.SITE for one in found):
        raise Refused(_("No check is set for such a building; an administrator sets the checks."))
    return found


def _new(by: Actor, now: datetime, project: Project, facts: AcceptanceFacts) -> Acceptance:
    part = words(facts.part, "part", 120)
    why = words(facts.phase_why, "phase_why", 300)
    if why and (not part or by.post_id is None):
        raise Refused(
            _("A person of the zone says of a named part that it is safe and can be used apart."),
            field="phase_why",
        )
    if part and not why and by.is_staff:
        raise Refused(
            _("Say why the part is safe and can be used apart from the rest."), field="phase_why"
        )
    if facts.area_m2 is not None and not 0 < facts.area_m2 <= MOST_AREA:
        raise Refused(_("Type the area in square metres as a whole number."), field="area_m2")
    now_on = today(now)
    wished = sorted(set(facts.wished_days))
    if len(wished) > MOST_WISHES or any(one <= now_on for one in wished):
        raise Refused(
            _("Wish for at most %(most)d days, all still to come.") % {"most": MOST_WISHES},
            field="wished_days",
        )
    if facts.owner_accepted_on is not None and facts.owner_accepted_on > now_on:
        raise Refused(_("This day is still to come."), field="owner_accepted_on")
    if facts.archives_by is not None and facts.archives_by <= now_on:
        raise Refused(_("Promise a day that is still to come."), field="archives_by")
    return Acceptance(
        zone_id=by.zone_id, number=_number(by, now), project=project, party=project.party,
        part=part, is_phased=bool(why), phase_why=why, phase_post_id=by.post_id if why else None,
        area_m2=facts.area_m2, is_special=facts.is_special, has_air_defence=facts.has_air_defence,
        contact_name=words(facts.contact_name, "contact_name", 60),
        contact_phone=words(facts.contact_phone, "contact_phone", 40),
        wished_days=[one.isoformat() for one in wished], archives_by=facts.archives_by,
        applied_at=now, moved_at=now,
    )  # fmt: skip


def _number(by: Actor, now: datetime) -> str:
    """The next number of the year; the rule's row is locked, so numbers are given one by one."""
    head = f"YS-{today(now).year}-"
    last = (
        Acceptance.objects.filter(zone_id=by.zone_id, number__startswith=head)
        .order_by("-id")
        .values_list("number", flat=True)
        .first()
    )
    return f"{head}{int(last.removeprefix(head)) + 1 if last else 1:04d}"


def _save_new(row: Acceptance) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "acceptance_of_a_part_once" not in str(error):
            raise
        raise Refused(
            _("Acceptance of “%(name)s” was applied for already; open that one.")
            % {"name": f"{row.project.name}{row.part}"},
            field="project",
        ) from error


def _ask(row: Acceptance, kind: AcceptanceKind, *, by: Actor, now: datetime) -> None:
    """One department's part. Whether a filing is looked at on the site is drawn by lot, here and once."""
    is_last = kind.turn == AcceptanceKind.Turn.LAST
    drawn = None if kind.draw_percent is None else secrets.randbelow(100) < kind.draw_percent
    check = AcceptanceCheck.objects.create(
        zone_id=row.zone_id, acceptance=row, kind=kind, office=kind.office, is_drawn=drawn,
        needs_visit=not is_last and drawn is not False,
        state=Check.READY if is_last else Check.PAPERS,
    )  # fmt: skip
    if not is_last:
        give_check(row, check, "check_papers", by=by, now=now, limit="acceptance.papers")


def _drawn(row: Acceptance) -> list[str]:
    return [one.kind.code for one in checks_of(row) if one.is_drawn]


def _ask_for_offices(row: Acceptance, *, by: Actor, now: datetime) -> None:
    without = [one for one in checks_of(row) if one.office_id is None]
    if without:
        give_window(
            row, "name_office",
            _("name who does: %(names)s") % {"names": "、".join(one.kind.name for one in without)},
            by=by, now=now, limit="acceptance.window",
        )  # fmt: skip


@transaction.atomic
def name_check_office(
    *, by: Actor, now: datetime, check: AcceptanceCheck, office: Office
) -> AcceptanceCheck:
    """Say which office of the zone does a check, where none was set; its clock starts now."""
    access.must_keep_window(by)
    row = locked(by, check.acceptance_id, now, *Acceptance.OPEN)
    kept = locked_check(by, check)
    if kept.state == Check.DECIDED:
        raise Refused(_("“%(check)s” has its result already.") % {"check": kept.kind.name})
    kept.office = office
    kept.version += 1
    kept.save(update_fields=["office", "version"])
    if kept.state == Check.PAPERS:
        give_check(row, kept, "check_papers", by=by, now=now, limit="acceptance.papers")
    if all(one.office_id for one in checks_of(row)):
        end_window(row, ["name_office"], by=by, now=now)
    record(by, now, "name_check_office", row, check=kept.kind.name, office=office.name)
    return kept


@transaction.atomic
def guide_acceptance(
    *, by: Actor, now: datetime, acceptance: Acceptance, on: date, gaps: str
) -> Acceptance:
    """事前辅导: write down the gaps somebody of the zone showed the owner before the site day."""
    access.must_keep_window(by)
    row = locked(
        by, acceptance, now, State.APPLIED, State.SUPPLEMENT, State.ACCEPTED, State.SCHEDULED
    )
    if on > today(now):
        raise Refused(_("This day is still to come."), field="on")
    row.guided_on = on
    row.guidance = words(gaps, "gaps", 1000, _("Write the gaps that were shown."))
    move(row, now, "guided_on", "guidance")
    record(by, now, "guide_acceptance", row, words=row.guidance)
    return row


@transaction.atomic
def check_papers(
    *, by: Actor, now: datetime, check: AcceptanceCheck, lacking: str = ""
) -> AcceptanceCheck:
    """A department says whether the papers are in order, or everything they lack, once."""
    row = locked(by, check.acceptance_id, now, State.APPLIED)
    kept = locked_check(by, check)
    post = access.must_answer_for(by, kept)
    if kept.state != Check.PAPERS:
        raise Refused(
            _("“%(check)s” was said already: %(state)s.")
            % {"check": kept.kind.name, "state": kept.get_state_display()}
        )
    kept.papers_words = words(lacking, "lacking", 1000)
    kept.state = Check.LACKING if kept.papers_words else Check.READY
    kept.papers_at, kept.papers_by_id = now, post
    end_check(kept, by=by, now=now, outcome=kept.papers_words)
    kept.version += 1
    kept.save()
    record(by, now, "check_papers", row, check=kept.kind.name, words=kept.papers_words)
    _when_all_said(row, by=by, now=now)
    return kept


def _when_all_said(row: Acceptance, *, by: Actor, now: datetime) -> None:
    """When the last department has spoken the window goes on; nobody's silence counts as a word."""
    if any(one.state == Check.PAPERS for one in checks_of(row)):
        move(row, now)
        return
    row.state = State.PAPERS_CHECKED
    move(row, now, "state")
    give_window(
        row, "close_papers", _("accept, or ask once for what is lacking"), by=by, now=now,
        limit="acceptance.window",
    )  # fmt: skip


@transaction.atomic
def ask_acceptance_supplement(*, by: Actor, now: datetime, acceptance: Acceptance) -> Acceptance:
    """One complete list of what all departments lack, to the owner; there is no second."""
    access.must_keep_window(by)
    row = locked(by, acceptance, now, State.PAPERS_CHECKED)
    lacking = [one for one in checks_of(row) if one.state == Check.LACKING]
    if not lacking:
        raise Refused(_("Nothing is lacking; accept it."))
    if row.asked_at is not None:
        raise Refused(
            _("The owner was asked once already. Let it be brought later, or do not accept it.")
        )
    row.gaps = [{"check": one.kind.name, "what": one.papers_words} for one in lacking]
    row.state, row.asked_at = State.SUPPLEMENT, now
    move(row, now, "state", "asked_at", "gaps")
    end_window(row, ["close_papers"], by=by, now=now)
    record(by, now, "ask_acceptance_supplement", row, gaps=row.gaps)
    return row


@transaction.atomic
def answer_acceptance_supplement(
    *, by: Actor, now: datetime, acceptance: Acceptance, trips: int = 0
) -> Acceptance:
    """The owner brought what was lacking; only the departments that lacked it look again."""
    _seen(by, acceptance)
    access.must_own(by, acceptance)
    with on_behalf(by):
        row = locked(by, acceptance, now, State.SUPPLEMENT)
        row.state, row.answered_at = State.APPLIED, now
        row.trips += trips
        move(row, now, "state", "answered_at", "trips")
        for check in checks_of(row):
            if check.state == Check.LACKING:
                check.state, check.papers_words = Check.PAPERS, ""
                check.version += 1
                check.save(update_fields=["state", "papers_words", "version"])
                give_check(row, check, "check_papers", by=by, now=now, limit="acceptance.papers")
        record(by, now, "answer_acceptance_supplement", row)
    return row


def _seen(by: Actor, acceptance: Acceptance) -> None:
    """What the asker does not see is not there for it."""
    if not Acceptance.objects.filter(zone_id=by.zone_id, pk=acceptance.pk).exists():
        raise Refused(_("There is no such acceptance here; it may be of another zone."))


@transaction.atomic
def accept_acceptance(
    *, by: Actor, now: datetime, acceptance: Acceptance, brought_later: str = ""
) -> Acceptance:
    """Accept it; what may be brought later (容缺) is said in words. The day on the site is due."""
    access.must_keep_window(by)
    row = locked(by, acceptance, now, State.PAPERS_CHECKED)
    lacking = [one for one in checks_of(row) if one.state == Check.LACKING]
    later = words(brought_later, "brought_later", 500)
    if lacking and not later:
        count = len(lacking)
        raise Refused(
            ngettext(
                "%(count)d department lacks papers: ask the owner once, or say what is brought later.",
                "%(count)d departments lack papers: ask the owner once, or say what is brought later.",
                count,
            )
            % {"count": count},
            field="brought_later",
        )
    for check in lacking:
        check.state = Check.READY
        check.version += 1
        check.save(update_fields=["state", "version"])
    row.state, row.accepted_at = State.ACCEPTED, now
    move(row, now, "state", "accepted_at")
    acceptance_notice(row, checks_of(row), later, by=by, now=now)
    end_window(row, ["close_papers"], by=by, now=now)
    give_window(
        row, "fix_day", _("fix the day on the site"), by=by, now=now, limit="acceptance.visit"
    )
    record(by, now, "accept_acceptance", row, words=later)
    return row


@transaction.atomic
def not_accept_acceptance(
    *, by: Actor, now: datetime, acceptance: Acceptance, reason: str
) -> Acceptance:
    """A person at the window does not accept it and says why; the owner may apply anew."""
    access.must_be_window_person(by)
    row = locked(by, acceptance, now, State.APPLIED, State.PAPERS_CHECKED, State.SUPPLEMENT)
    row.closed_why = words(reason, "reason", 500, _("Say why, and what the owner can do."))
    return close(row, State.NOT_ACCEPTED, "not_accept_acceptance", by=by, now=now)


@transaction.atomic
def withdraw_acceptance(
    *, by: Actor, now: datetime, acceptance: Acceptance, reason: str = ""
) -> Acceptance:
    """The owner takes its application back, before a result was issued."""
    _seen(by, acceptance)
    access.must_own(by, acceptance)
    with on_behalf(by):
        row = locked(
            by, acceptance, now, State.APPLIED, State.PAPERS_CHECKED, State.SUPPLEMENT,
            State.ACCEPTED, State.SCHEDULED, State.VISITED, State.RECTIFY,
        )  # fmt: skip
        if any(one.state == Check.DECIDED for one in checks_of(row)):
            raise Refused(_("A result was issued already; what the law decided is not taken back."))
        row.closed_why = words(reason, "reason", 500)
        for day in row.site_days.select_for_update().filter(state=SiteDay.State.FIXED):
            day.state, day.dropped_why = "dropped", _("withdrawn by the owner")
            day.save(update_fields=["state", "dropped_why"])
        return close(row, State.WITHDRAWN, "withdraw_acceptance", by=by, now=now)


def close(row: Acceptance, state: str, verb: str, *, by: Actor, now: datetime) -> Acceptance:
    """Its last state; what is still asked of anybody falls away."""
    row.state = state
    move(row, now, "state", "closed_why")
    if row.matter is not None:
        work.close_matter(by=by, now=now, matter=row.matter)
    record(by, now, verb, row, words=row.closed_why)
    return row


@dataclass(frozen=True, slots=True)
class SeparateFacts:
    """Checks an owner had one by one: when the last was through, and what it took."""

    concluded_on: date
    part: str = ""
    trips: int = 0
    words: str = ""


@transaction.atomic
def record_separate_acceptance(
    *, by: Actor, now: datetime, project: Project, facts: SeparateFacts
) -> Acceptance:
    """Keep that a project had its checks one by one, so that the share of joint ones is true."""
    access.must_keep_window(by)
    kept = _own_project(by, project)
    if facts.concluded_on > today(now):
        raise Refused(_("This day is still to come."), field="concluded_on")
    AcceptanceRule.objects.select_for_update().filter(zone_id=by.zone_id).first()
    row = _new(by, now, kept, AcceptanceFacts())
    row.part = words(facts.part, "part", 120)
    row.is_joint, row.state = False, State.CONCLUDED
    row.concluded_at = datetime.combine(facts.concluded_on, time(12), LOCAL)
    row.trips, row.closed_why = max(0, facts.trips), words(facts.words, "words", 500)
    _save_new(row)
    record(
        by, now, "record_separate_acceptance", row, number=row.number,
        on=facts.concluded_on.isoformat(), words=row.closed_why,
    )  # fmt: skip
    return row
