"""Visits that arrive from a phone, perhaps days later: each once, with what differs told.

A phone sends a visit under a key of its own until it has an answer. The key stands in ``field_log``
under a database constraint, so the same visit is never there twice, however often and from however
many tabs it is sent. What the zone knows and the phone did not (a colleague's visit of the same
day, a firm that moved) is told; only where a person must choose is the visit not taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.actions.clocks import local_day
from xiaoer.outreach.actions.disturbing import Told, take_answers
from xiaoer.outreach.actions.field import must_be_own
from xiaoer.outreach.actions.filing import Filed
from xiaoer.outreach.actions.heard import LONGEST_STEP, Heard, Step, promise_steps, write_answers
from xiaoer.outreach.actions.visits import Raised, file_raised, log_visit, warnings_about
from xiaoer.outreach.models import Companion, FieldDevice, FieldLog, Programme, Visit
from xiaoer.registry.models import Party, Stewardship
from xiaoer.work import queries as work_queries
from xiaoer.work.answers import answer_words
from xiaoer.work.models import Question

# Clocks that differ by less are the time a call takes, and nobody's mistake.
CLOCK_TOLERANCE = timedelta(minutes=10)
COMPANION, SEPARATE = "companion", "separate"


@dataclass(frozen=True, slots=True)
class Noted:
    """A visit as the phone kept it.

    ``claimed_at`` and ``sent_at`` are by the phone's clock, the second at the moment of sending.
    ``is_day_sure``: the officer chose or confirmed the day, so that the clock does not move it.
    ``cell_id`` is where the firm was when the phone last heard of it. ``choice`` says what to do
    about a visit of the same day: go as its ``companion``, or a ``separate`` visit.
    """

    client_key: UUID
    claimed_at: datetime
    sent_at: datetime
    party: Party
    programme: Programme
    visited_on: date
    met: str
    said: str = ""
    requests: Sequence[Raised] = ()
    told: Sequence[Told] = ()
    answers: Sequence[Heard] = ()
    steps: Sequence[Step] = ()
    cell_id: int | None = None
    is_day_sure: bool = False
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Where a visit from a phone stands now. ``told`` is what the phone could not know.

    ``contact_to_explain``: the visit was above the quota or on a quiet day, and its contact still
    asks for the reason.
    """

    visit: Visit
    filed: tuple[Filed, ...]
    warnings: tuple[str, ...]
    told: tuple[str, ...]
    is_again: bool = False
    is_companion: bool = False

    @property
    def contact_to_explain(self) -> int | None:
        contact = self.visit.contact
        if self.is_companion or contact is None or contact.reason:
            return None
        return contact.pk if contact.is_above_quota or contact.is_on_quiet_day else None


class Clash(Refused):
    """A person must choose: what the phone says and what the zone knows, for side by side.

    ``kind`` is ``clock`` (the day is doubtful; ``corrected_on`` is what it probably was) or ``same_day``
    (``other`` is a visit to this firm on this day that is there already).
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str,
        claimed_on: date,
        corrected_on: date | None = None,
        other: Visit | None = None,
    ) -> None:
        super().__init__(message, field="visited_on" if kind == "clock" else "choice")
        self.kind = kind
        self.claimed_on = claimed_on
        self.corrected_on = corrected_on
        self.other = other


@transaction.atomic
def take_in_visit(*, by: Actor, now: datetime, device: FieldDevice, noted: Noted) -> Arrived:
    """Write down a visit a phone kept. Sent again it is answered again, and done once."""
    must_be_own(by, device)
    if device.wiped_at is not None:
        raise Refused(_("This phone was wiped; keep it anew if it is in your hands."))
    known = _arrived(by, noted.client_key)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _take_in(by, now, device, noted)
    except IntegrityError:
        # Two senders at once: the other one's was first, and is committed by now.
        again = _arrived(by, noted.client_key)
        if again is None:
            raise
        return again


def _arrived(by: Actor, key: UUID) -> Arrived | None:
    row = (
        FieldLog.objects.filter(zone_id=by.zone_id, client_key=key)
        .select_related("visit__contact")
        .first()
    )
    if row is None:
        return None
    if row.post_id != by.post_id:
        raise Refused(_("This visit was sent by somebody else."))
    return Arrived(row.visit, (), (), (), is_again=True, is_companion=row.is_companion)


def _take_in(by: Actor, now: datetime, device: FieldDevice, noted: Noted) -> Arrived:
    off = now - noted.sent_at
    corrected_at = noted.claimed_at + (off if abs(off) > CLOCK_TOLERANCE else timedelta())
    _must_know_the_day(now, noted, corrected_at)
    asked = noted.party
    # Two who send a visit to one firm at once: the second sees the first's.
    party = Party.objects.select_for_update(no_key=True).get(pk=_survivor(asked))
    noted = replace(noted, party=party)
    other = _same_day(by, noted)
    if other is not None and not noted.choice:
        raise Clash(
            _("%(who)s already logged a visit to %(firm)s on this day.")
            % {"who": other.post.person.name, "firm": party.name},
            kind="same_day",
            claimed_on=noted.visited_on,
            other=other,
        )
    noted, known = _still_asked(noted)
    noted, moved = _steps_ahead(noted, now)
    told = (*_told(asked, noted), *known, *moved)
    if other is not None and noted.choice == COMPANION:
        arrived = _join(by, now, other, noted, told)
    else:
        logged = log_visit(
            by=by,
            now=now,
            party=party,
            programme=noted.programme,
            visited_on=noted.visited_on,
            met=noted.met,
            said=noted.said,
            requests=noted.requests,
            late_reason=_("kept on a phone until it had network again"),
            another_reason=_("chosen on the phone as a visit of its own") if other else "",
            told=noted.told,
            answers=noted.answers,
            steps=noted.steps,
        )
        arrived = Arrived(logged.visit, logged.filed, logged.warnings, told)
    FieldLog.objects.create(
        zone_id=by.zone_id,
        client_key=noted.client_key,
        visit=arrived.visit,
        device=device,
        post_id=access.staff_post(by),
        is_companion=arrived.is_companion,
        met=noted.met if arrived.is_companion else "",
        said=noted.said if arrived.is_companion else "",
        claimed_at=noted.claimed_at,
        corrected_at=corrected_at,
        claimed_on=noted.visited_on,
        received_at=now,
    )
    FieldDevice.objects.filter(pk=device.pk).update(seen_at=now)
    return arrived


def _must_know_the_day(now: datetime, noted: Noted, corrected_at: datetime) -> None:
    """A clock wrong by days moves the day of a visit, unless the officer is sure of it."""
    if noted.is_day_sure and noted.visited_on <= local_day(now):
        return
    shift = local_day(corrected_at) - local_day(noted.claimed_at)
    corrected_on = min(noted.visited_on + shift, local_day(now))
    if corrected_on == noted.visited_on:
        return
    raise Clash(
        _(
            "The phone's clock says %(claimed)s, ours makes it %(corrected)s. Say on which day the"
            " visit was."
        )
        % {"claimed": noted.visited_on.isoformat(), "corrected": corrected_on.isoformat()},
        kind="clock",
        claimed_on=noted.visited_on,
        corrected_on=corrected_on,
    )


def _survivor(party: Party) -> int:
    """Of entries that were merged meanwhile, the number of the one that stands."""
    number: int | None = party.pk
    found = party.pk
    while number is not None:
        found = number
        number = Party.objects.values_list("merged_into_id", flat=True).get(pk=number)
    return found


def _same_day(by: Actor, noted: Noted) -> Visit | None:
    """The newest visit to this firm on this day that is there already, whoever made it."""
    return (
        Visit.objects.filter(
            zone_id=by.zone_id,
            party=noted.party,
            visited_on=noted.visited_on,
            replaced_by__isnull=True,
        )
        .select_related("post__person", "post__office", "programme", "party")
        .order_by("-id")
        .first()
    )


def _told(asked: Party, noted: Noted) -> tuple[str, ...]:
    """What happened to the firm since the phone last heard of it; the visit happened all the same."""
    party = noted.party
    words = []
    if party.pk != asked.pk:
        words.append(
            _(
                "%(old)s and %(new)s were found to be one enterprise; the visit stands at the second."
            )
            % {"old": asked.name, "new": party.name}
        )
    if party.status != Party.Status.OPERATING:
        words.append(
            _("%(firm)s is meanwhile: %(state)s.")
            % {"firm": party.name, "state": party.get_status_display()}
        )
    if party.pk == asked.pk and noted.cell_id is not None and party.cell_id != noted.cell_id:
        words.append(_moved(party))
    return tuple(words)


def _still_asked(noted: Noted) -> tuple[Noted, list[str]]:
    """Only what is still open is answered; what somebody else heard first is told, not overwritten."""
    opened = [each for each in noted.told if each.question.state == Question.State.OPEN]
    known = [
        _("“%(question)s” was settled meanwhile: %(answer)s.")
        % {
            "question": each.question.text,
            "answer": answer_words(each.question) or each.question.get_state_display(),
        }
        for each in noted.told
        if each.question.state != Question.State.OPEN
    ]
    return replace(noted, told=opened), known


def _steps_ahead(noted: Noted, now: datetime) -> tuple[Noted, list[str]]:
    """A next step whose day passed before the phone had network is due on the next working day.

    The visit happened and the promise was made: neither is refused for the phone's being late. The
    promised day stays in the words of the step.
    """
    today = local_day(now)
    passed = [step for step in noted.steps if step.due_on < today]
    if not passed:
        return noted, []
    due = work_queries.calendar_of(noted.party.zone_id).next_working_day(today)
    steps = [_overdue(step, due) if step.due_on < today else step for step in noted.steps]
    told = [
        _("“%(what)s” was promised for %(promised)s, which has passed; it is due on %(due)s now.")
        % {"what": step.what, "promised": step.due_on.isoformat(), "due": due.isoformat()}
        for step in passed
    ]
    return replace(noted, steps=steps), told


def _overdue(step: Step, due: date) -> Step:
    words = _("%(what)s (promised for %(promised)s)") % {
        "what": step.what.strip(),
        "promised": step.due_on.isoformat(),
    }
    # What was promised is never cut for the day's sake.
    fits = step.what.strip() and len(words) <= LONGEST_STEP
    return replace(step, what=words if fits else step.what, due_on=due)


def _moved(party: Party) -> str:
    held = (
        Stewardship.objects.filter(party=party, kind=Stewardship.Kind.OFFICER, until__isnull=True)
        .select_related("post__person")
        .first()
    )
    where = party.cell.name if party.cell else _("no cell")
    if held is None:
        return _("%(firm)s belongs to %(cell)s now; nobody looks after it yet.") % {
            "firm": party.name,
            "cell": where,
        }
    return _("%(firm)s belongs to %(cell)s now; %(who)s looks after it.") % {
        "firm": party.name,
        "cell": where,
        "who": held.post.person.name,
    }


def _join(by: Actor, now: datetime, other: Visit, noted: Noted, told: tuple[str, ...]) -> Arrived:
    """Go as companion on a colleague's visit: what was said and asked for is kept beside theirs."""
    post_id = access.staff_post(by)
    if other.post_id == post_id:
        raise Refused(
            _("This is your own visit of that day; send a second one, or drop it."), field="choice"
        )
    Companion.objects.get_or_create(zone_id=by.zone_id, visit=other, post_id=post_id)
    # What the colleague heard stands; the companion adds what nobody answered.
    heard = set(other.answers.values_list("question_id", flat=True))
    write_answers(other, [each for each in noted.answers if each.question.pk not in heard])
    take_answers(by=by, now=now, party=noted.party, told=noted.told)
    own = Post.objects.get(pk=post_id)
    steps = [replace(step, post=step.post or own) for step in noted.steps]
    promise_steps(other, steps, by=by, now=now)
    filed = file_raised(by=by, now=now, visit=other, met=noted.met, requests=noted.requests)
    journal.record(
        by=by, now=now, verb="join_visit", subject=other, party_ref=other.party_id,
        visited_on=str(other.visited_on),
    )  # fmt: skip
    return Arrived(
        other, filed, warnings_about(noted.said, zone_id=other.zone_id), told, is_companion=True
    )
