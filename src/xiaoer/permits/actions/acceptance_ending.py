"""After the day on the site: one list of defects, repair, re-check of only those, results, filing."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.checking import end_of, today
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.permits import acceptance_access as access
from xiaoer.permits.actions.acceptance_papers import defects_notice, joint_opinion
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
from xiaoer.permits.models import Acceptance, AcceptanceCheck, AcceptanceKind, Defect
from xiaoer.work import actions as work
from xiaoer.work.clocks import SECOND

__all__ = [
    "KIND",
    "archive_acceptance",
    "conclude_acceptance",
    "decide_check",
    "file_completion",
    "recheck_defects",
    "record_owner_acceptance",
    "report_repairs",
    "send_defects",
]

State, Check = Acceptance.State, AcceptanceCheck.State
Turn, Blocks = AcceptanceKind.Turn, AcceptanceKind.Blocks


@transaction.atomic
def send_defects(*, by: Actor, now: datetime, acceptance: Acceptance) -> Acceptance:
    """Send the owner the one list: each point with its authority, clause, day and way of re-check."""
    access.must_keep_window(by)
    row = locked(by, acceptance, now, State.VISITED)
    row.state, row.listed_at = State.RECTIFY, now
    move(row, now, "state", "listed_at")
    points = row.defects.select_related("check_row__kind", "check_row__office")
    defects_notice(row, list(points.order_by("check_row__kind__order", "id")), by=by, now=now)
    end_window(row, ["send_list"], by=by, now=now)
    record(by, now, "send_defects", row, defects=row.defects.count())
    return row


@transaction.atomic
def report_repairs(
    *, by: Actor, now: datetime, acceptance: Acceptance, repairs: Sequence[tuple[int, str]]
) -> Acceptance:
    """The owner says what was put right and how; only the department whose points they are looks.

    Photographs are pinned to each point.
    """
    if not Acceptance.objects.filter(zone_id=by.zone_id, pk=acceptance.pk).exists():
        raise Refused(_("There is no such acceptance here; it may be of another zone."))
    access.must_own(by, acceptance)
    with on_behalf(by):
        row = locked(by, acceptance, now, State.RECTIFY)
        said = dict(repairs)
        found = list(
            Defect.objects.select_for_update()
            .filter(zone_id=row.zone_id, acceptance=row, pk__in=said)
            .order_by("id")
        )
        if not found or len(found) != len(said):
            raise Refused(_("Choose points of this list."), field="defects")
        for defect in found:
            if defect.state != Defect.State.OPEN:
                raise Refused(
                    _("“%(what)s” is already: %(state)s.")
                    % {"what": defect.what, "state": defect.get_state_display()},
                    field="defects",
                )
            defect.state, defect.repaired_at = Defect.State.REPAIRED, now
            defect.repair_words = words(
                said[defect.pk], "words", 500, _("Say what was done about it.")
            )
            defect.version += 1
            defect.save()
        for check in checks_of(row):
            if check.state == Check.DEFECTS and not _left(check, Defect.State.OPEN):
                give_check(row, check, "recheck", by=by, now=now, limit="acceptance.recheck")
        move(row, now)
        record(by, now, "report_repairs", row, defects=len(found))
    return row


def _left(check: AcceptanceCheck, *states: str) -> bool:
    return Defect.objects.filter(zone_id=check.zone_id, check_row=check, state__in=states).exists()


@transaction.atomic
def recheck_defects(
    *, by: Actor, now: datetime, check: AcceptanceCheck, verdicts: Sequence[tuple[int, bool, str]]
) -> AcceptanceCheck:
    """The department looks again at its own points and at nothing else: (point, passed, words)."""
    row = locked(by, check.acceptance_id, now, State.RECTIFY)
    kept = locked_check(by, check)
    post = access.must_answer_for(by, kept)
    for number, passed, said in verdicts:
        defect = (
            Defect.objects.select_for_update()
            .filter(zone_id=row.zone_id, check_row=kept, pk=number)
            .first()
        )
        if defect is None or defect.state != Defect.State.REPAIRED:
            raise Refused(
                _("Only points the owner said are put right are looked at again."), field="defects"
            )
        defect.rechecked_at, defect.rechecked_by_id = now, post
        defect.recheck_words = words(
            said, "words", 500, "" if passed else _("Say what is still wrong.")
        )
        defect.state = Defect.State.PASSED if passed else Defect.State.OPEN
        defect.times += 1
        defect.version += 1
        defect.save()
    if not verdicts:
        raise Refused(_("Say of at least one point whether it passed."), field="defects")
    if not _left(kept, Defect.State.OPEN, Defect.State.REPAIRED):
        kept.state = Check.SIGNED
        kept.version += 1
        kept.save(update_fields=["state", "version"])
        give_check(row, kept, "decide_check", by=by, now=now, limit="acceptance.decide")
    elif not _left(kept, Defect.State.REPAIRED):
        end_check(kept, by=by, now=now, outcome=_("still to be put right"))
        kept.save(update_fields=["task"])
    record(
        by, now, "recheck_defects", row, check=kept.kind.name,
        passed=sum(passed for _n, passed, _w in verdicts), defects=len(verdicts),
    )  # fmt: skip
    if any(one.state == Check.DEFECTS for one in checks_of(row)):
        move(row, now)
    else:
        row.state, row.passed_at = State.RECHECKED, now
        move(row, now, "state", "passed_at")
    return kept


@transaction.atomic
def decide_check(
    *,
    by: Actor,
    now: datetime,
    check: AcceptanceCheck,
    number: str,
    on: date,
    said: str = "",
) -> AcceptanceCheck:
    """A department issues its own result, with its own number and day, by its own law.

    What another department still lacks holds none of it up.
    """
    row = locked(by, check.acceptance_id, now, *Acceptance.OPEN)
    kept = locked_check(by, check)
    post = access.must_answer_for(by, kept)
    if kept.kind.turn == Turn.LAST:
        raise Refused(
            _("“%(check)s” follows the joint opinion; it has an act of its own.")
            % {"check": kept.kind.name}
        )
    if kept.state != Check.SIGNED and not (kept.state == Check.READY and not kept.needs_visit):
        raise Refused(
            _("“%(check)s” is now: %(state)s; a result follows once it has passed.")
            % {"check": kept.kind.name, "state": kept.get_state_display()}
        )
    if row.state in (State.APPLIED, State.PAPERS_CHECKED, State.SUPPLEMENT):
        raise Refused(_("It is not accepted yet; a result follows then."))
    if on > today(now) or on < today(row.applied_at):
        raise Refused(
            _("Give the day of the result: not before the application, not after today."),
            field="on",
        )
    _decide(kept, post, number=number, on=on, said=said, by=by, now=now)
    record(
        by, now, "decide_check", row, check=kept.kind.name, number=kept.result_number,
        on=on.isoformat(),
    )  # fmt: skip
    move(row, now)
    _when_all_decided(row, by=by, now=now)
    return kept


def _decide(
    check: AcceptanceCheck, post: int, *, number: str, on: date, said: str, by: Actor, now: datetime
) -> None:
    check.result_number = words(number, "number", 60, _("Give the number of the result."))
    check.result_on, check.result_words = on, words(said, "words", 500)
    check.state, check.decided_at, check.decided_by_id = Check.DECIDED, now, post
    end_check(check, by=by, now=now, outcome=check.result_number)
    check.version += 1
    check.save()


def _open_of_site(row: Acceptance) -> list[AcceptanceCheck]:
    return [
        one for one in checks_of(row) if one.kind.turn == Turn.SITE and one.state != Check.DECIDED
    ]


def _when_all_decided(row: Acceptance, *, by: Actor, now: datetime) -> None:
    if row.state in (State.PASSED, State.RECHECKED) and not _open_of_site(row):
        give_window(
            row, "conclude", _("issue the joint opinion"), by=by, now=now, limit="acceptance.window"
        )


@transaction.atomic
def record_owner_acceptance(
    *, by: Actor, now: datetime, acceptance: Acceptance, on: date
) -> Acceptance:
    """五方竣工验收: the owner's own acceptance with design, build and supervision, on a day.

    Not before what its law puts first: the planning verification, passed.
    """
    if not Acceptance.objects.filter(zone_id=by.zone_id, pk=acceptance.pk).exists():
        raise Refused(_("There is no such acceptance here; it may be of another zone."))
    access.must_own(by, acceptance)
    with on_behalf(by):
        row = locked(by, acceptance, now, *Acceptance.OPEN)
        if on > today(now):
            raise Refused(_("This day is still to come."), field="on")
        if row.filed_on is not None:
            raise Refused(_("The completion is filed; the day stands."), field="on")
        for check in checks_of(row):
            if check.kind.blocks == Blocks.OWNER and (
                check.result_on is None or check.result_on > on
            ):
                raise Refused(
                    _(
                        "“%(check)s” comes first (%(law)s): the owner's acceptance is not held before"
                        " it is passed."
                    )
                    % {"check": check.kind.name, "law": check.kind.statute},
                    field="on",
                )
        row.owner_accepted_on = on
        move(row, now, "owner_accepted_on")
        record(by, now, "record_owner_acceptance", row, on=on.isoformat())
        _ask_for_filing(row, by=by, now=now)
    return row


def _ask_for_filing(row: Acceptance, *, by: Actor, now: datetime) -> None:
    """The filing's fifteen days run from the owner's acceptance, whenever the opinion came."""
    if row.owner_accepted_on is None or row.state != State.CONCLUDED:
        return
    for check in _last(row, is_filing=True):
        give_check(
            row, check, "file_completion", by=by, now=now, limit="acceptance.filing",
            started_at=end_of(row.owner_accepted_on) - SECOND,
        )  # fmt: skip


def _last(row: Acceptance, *, is_filing: bool) -> list[AcceptanceCheck]:
    return [
        one
        for one in checks_of(row)
        if one.kind.turn == Turn.LAST
        and one.state != Check.DECIDED
        and (one.kind.nature == AcceptanceKind.Nature.FILING) == is_filing
    ]


@transaction.atomic
def conclude_acceptance(*, by: Actor, now: datetime, acceptance: Acceptance) -> Acceptance:
    """联合验收意见书: the one conclusion over all separate results, which stay what they are."""
    access.must_be_window_person(by)
    row = locked(by, acceptance, now, State.PASSED, State.RECHECKED)
    waiting = _open_of_site(row)
    if waiting:
        raise Refused(
            _("These have no result yet: %(names)s.")
            % {"names": "、".join(one.kind.name for one in waiting)}
        )
    row.state, row.concluded_at = State.CONCLUDED, now
    row.opinion = joint_opinion(row, checks_of(row), by=by, now=now)
    move(row, now, "state", "concluded_at", "opinion")
    end_window(row, ["conclude"], by=by, now=now)
    follow_acceptance(row, now=now)
    record(by, now, "conclude_acceptance", row, number=row.number)
    _ask_for_filing(row, by=by, now=now)
    for check in _last(row, is_filing=False):
        due = row.archives_by
        give_check(row, check, "take_archives", by=by, now=now, due_at=end_of(due) if due else None)
    return row


@transaction.atomic
def file_completion(
    *, by: Actor, now: datetime, acceptance: Acceptance, number: str, on: date
) -> Acceptance:
    """竣工验收备案: filed after the joint opinion and the owner's own acceptance."""
    row = locked(by, acceptance, now, State.CONCLUDED)
    if row.owner_accepted_on is None:
        raise Refused(
            _("The owner's own completion acceptance is not recorded yet; that comes first."),
            field="on",
        )
    if not row.owner_accepted_on <= on <= today(now):
        raise Refused(
            _("Give the day of the filing: not before the owner's acceptance, not after today."),
            field="on",
        )
    checks = _last(row, is_filing=True)
    post = _must_file(by, checks)
    row.filing_number = words(number, "number", 60, _("Give the number of the filing."))
    for check in checks:
        _decide(check, post, number=row.filing_number, on=on, said="", by=by, now=now)
    row.state, row.filed_on = State.FILED, on
    move(row, now, "state", "filed_on", "filing_number")
    follow_acceptance(row, now=now)
    record(by, now, "file_completion", row, number=row.filing_number, on=on.isoformat())
    return row


def _must_file(by: Actor, checks: Sequence[AcceptanceCheck]) -> int:
    """Its own department; where the zone dropped that check, the window."""
    for check in checks:
        return access.must_answer_for(by, locked_check(by, check))
    return access.must_be_window_person(by)


@transaction.atomic
def archive_acceptance(
    *, by: Actor, now: datetime, acceptance: Acceptance, number: str, on: date
) -> Acceptance:
    """The archives were handed over: the last of it, and the matter is closed."""
    row = locked(by, acceptance, now, State.FILED)
    if on > today(now) or (row.filed_on is not None and on < row.applied_at.date()):
        raise Refused(_("Give the day the archives were handed over."), field="on")
    checks = _last(row, is_filing=False)
    post = _must_file(by, checks)
    for check in checks:
        _decide(check, post, number=number, on=on, said="", by=by, now=now)
    row.state, row.archived_on = State.ARCHIVED, on
    move(row, now, "state", "archived_on")
    record(by, now, "archive_acceptance", row, number=number, on=on.isoformat())
    if row.matter is not None:
        work.close_matter(by=by, now=now, matter=row.matter)
    return row
