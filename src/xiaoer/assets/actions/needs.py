"""Verbs of needs for space: opened, changed, dropped; units shown, answered, chosen; moved in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets import fitting, queries
from xiaoer.assets.access import space as access
from xiaoer.assets.actions import seeking
from xiaoer.assets.actions.occupying import reserve_unit
from xiaoer.assets.fitting import Ask, What
from xiaoer.assets.models import Showing, SpaceNeed, Unit
from xiaoer.base import journal
from xiaoer.base.checking import locked, must_be_possible, must_run_forward, must_say, said, today
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.registry.models import Park, Party
from xiaoer.work.models import Matter

State, Answer = SpaceNeed.State, Showing.Answer
# So much is asked for by nobody: a slip of the hand.
MOST_AREA = Decimal(10_000_000)
MOST: dict[What, Decimal] = {
    What.HEIGHT: Decimal(60),
    What.LOAD: Decimal(100_000),
    What.COLUMN: Decimal(100),
    What.CRANE: Decimal(1000),
    What.POWER: Decimal(1_000_000),
    What.GAS: Decimal(1),
    What.STEAM: Decimal(1),
    What.DRAINAGE: Decimal(1_000_000),
    What.FIRE: Decimal(5),
    What.FLOOR: Decimal(60),
    What.RENT: Decimal(100_000),
    What.PARK: Decimal(1),
}
TWO_PLACES = frozenset({What.HEIGHT, What.COLUMN, What.CRANE})


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """What somebody looks for. Areas in m²; ``asks`` in the units of ``fitting``, rents in fen."""

    name: str
    area_least_m2: Decimal
    from_on: date
    area_most_m2: Decimal | None = None
    asks: tuple[Ask, ...] = ()
    until_on: date | None = None
    who: str = ""
    contact: str = ""
    industry: str = ""
    park: Park | None = None


@transaction.atomic
def open_need(
    *,
    by: Actor,
    now: datetime,
    facts: NeedFacts,
    party: Party | None = None,
    post: Post | None = None,
    origin: Matter | None = None,
    unit: Unit | None = None,
) -> SpaceNeed:
    """Register that somebody looks for space; whoever looks for it gets a task.

    By the staff for a firm or for somebody the registry lacks, or by an enterprise for itself.
    ``origin`` is the matter it came from, such as a project's. ``unit``: shown at once, when somebody
    was asked about an empty one.
    """
    if party is None and not facts.who.strip():
        raise Refused(_("Say which enterprise looks for space, or who it is."), field="who")
    access.must_speak(by, party.pk if party else None)
    kept = _checked(facts)
    with on_behalf(by):
        need = SpaceNeed.objects.create(
            zone_id=by.zone_id, party=party, origin=origin, opened_at=now,
            post_id=post.pk if post else by.post_id if by.is_staff else None, **kept,
        )  # fmt: skip
        seeking.begin(need, by=by, now=now)
        _record(by, now, "open_space_need", need, area=str(need.area_least_m2))
        if unit is not None:
            _show(need, _offered(by, unit), by, now, "")
    return need


@transaction.atomic
def change_need(
    *, by: Actor, now: datetime, need: SpaceNeed, facts: NeedFacts, version: int | None = None
) -> SpaceNeed:
    """Correct what is looked for; what was shown stays shown."""
    with _in_hand(by, need, version) as row:
        changed = journal.changes(row, _checked(facts))
        if changed:
            row.version += 1
            row.save()
            _record(by, now, "change_space_need", row, **_told(changed))
    return row


@transaction.atomic
def drop_need(
    *, by: Actor, now: datetime, need: SpaceNeed, reason: str, version: int | None = None
) -> SpaceNeed:
    """Say that nobody looks any longer, and why; the task falls away."""
    with _in_hand(by, need, version) as row:
        row.closed_why = must_say(reason, "reason", most=300)
        row.state, row.closed_at = State.DROPPED, now
        row.version += 1
        row.save()
        seeking.end(row, by=by, now=now)
        _record(by, now, "drop_space_need", row, words=row.closed_why)
    return row


@transaction.atomic
def show_unit(*, by: Actor, now: datetime, need: SpaceNeed, unit: Unit, words: str = "") -> Showing:
    """Offer a unit to whoever looks, or ask somebody about an empty one; the answer is waited for."""
    access.must_seek(by)
    with _in_hand(by, need, None) as row:
        return _show(row, _offered(by, unit), by, now, words)


@transaction.atomic
def show_units(
    *, by: Actor, now: datetime, need: SpaceNeed, units: Sequence[Unit], words: str = ""
) -> list[Showing]:
    """Offer several units that would be used as one; what was shown before is left as it is."""
    access.must_seek(by)
    with _in_hand(by, need, None) as row:
        known = set(
            Showing.objects.filter(zone_id=by.zone_id, need=row).values_list("unit_id", flat=True)
        )
        fresh = [unit for unit in units if unit.pk not in known]
        if not fresh:
            raise Refused(_("This was shown already; note the answer there."))
        return [_show(row, _offered(by, unit), by, now, words) for unit in fresh]


@transaction.atomic
def answer_showing(
    *, by: Actor, now: datetime, showing: Showing, answer: str, words: str = ""
) -> Showing:
    """Say whether a shown unit is of interest: by whoever looks, or by who heard it from them.

    The last answer counts; a no says why, so that the next one fits better.
    """
    with _in_hand(by, showing.need, None) as need:
        row = locked(Showing, by, showing.pk)
        if row.need_id != need.pk:
            raise Refused(_("There is no such record here; it may be of another zone."))
        if answer not in (Answer.LIKES, Answer.NO):
            raise Refused(_("Say whether it is of interest."), field="answer")
        row.words = (
            must_say(words, "words", most=300, why=_("Say what does not fit; the next one will."))
            if answer == Answer.NO
            else said(words, "words", most=300)
        )
        row.answer, row.answered_at = answer, now
        row.save()
        seeking.heard(need, by=by, now=now)
        _record(
            by, now, "answer_showing", need,
            unit=Unit.objects.get(pk=row.unit_id).code, answer=answer, words=row.words,
        )  # fmt: skip
    return row


@transaction.atomic
def choose_units(
    *,
    by: Actor,
    now: datetime,
    need: SpaceNeed,
    units: Sequence[Unit],
    keep_until: date | None = None,
    version: int | None = None,
) -> SpaceNeed:
    """Settle on a unit, or on several; the joint review of the move-in comes next.

    What they lack is for people to weigh; that somebody else holds one at the time is not.
    ``keep_until``: they are reserved through this day.
    """
    access.must_seek(by)
    if not units:
        raise Refused(_("Choose a unit, or several that will be used together."), field="units")
    with _in_hand(by, need, version) as row:
        chosen = [_offered(by, unit) for unit in sorted(units, key=lambda one: one.pk)]
        _must_be_empty(row, chosen, today(now))
        for unit in chosen:
            showing, _new = Showing.objects.get_or_create(
                zone_id=by.zone_id, need=row, unit=unit,
                defaults={"at": now, "by_post_id": by.post_id},
            )  # fmt: skip
            showing.answer, showing.answered_at = Answer.TAKEN, now
            showing.save()
            if keep_until is not None:
                reserve_unit(
                    by=by, now=now, unit=unit, until=keep_until, party=row.party, name=row.who,
                    why=row.name,
                )  # fmt: skip
        row.state = State.CHOSEN
        row.version += 1
        row.save()
        seeking.chosen(row, by=by, now=now)
        _record(by, now, "choose_units", row, units=[unit.code for unit in chosen])
    return row


@transaction.atomic
def reopen_need(*, by: Actor, now: datetime, need: SpaceNeed, reason: str) -> SpaceNeed:
    """Look again, when what was chosen came to nothing."""
    access.must_seek(by)
    row = locked(SpaceNeed, by, need.pk)
    if row.state != State.CHOSEN:
        raise Refused(_("Only where units are chosen can one go back to looking."))
    words = must_say(reason, "reason", most=300)
    Showing.objects.filter(zone_id=by.zone_id, need=row, answer=Answer.TAKEN).update(
        answer=Answer.NO, words=words, answered_at=now
    )
    row.state = State.OPEN
    row.version += 1
    row.save()
    seeking.again(row, by=by, now=now)
    _record(by, now, "reopen_space_need", row, words=words)
    return row


@transaction.atomic
def settle_need(*, by: Actor, now: datetime, need: SpaceNeed) -> SpaceNeed:
    """Whoever looked has moved in without a joint review: what was to be done for it is done."""
    access.must_seek(by)
    row = locked(SpaceNeed, by, need.pk)
    if row.state != State.CHOSEN:
        raise Refused(
            _("“%(name)s” has not chosen a unit yet; choose it first.") % {"name": row.name}
        )
    return follow_move_in(by=by, now=now, need=row)


def follow_move_in(*, by: Actor, now: datetime, need: SpaceNeed) -> SpaceNeed:
    """End the search of a need whose firm has moved in; called by the verb that settles it."""
    row = locked(SpaceNeed, by, need.pk)
    if row.state not in (State.OPEN, State.CHOSEN):
        return row
    row.state, row.closed_at = State.SETTLED, now
    row.version += 1
    row.save()
    seeking.end(row, by=by, now=now, outcome=_("moved in"))
    _record(by, now, "settle_space_need", row)
    return row


@contextmanager
def _in_hand(by: Actor, need: SpaceNeed, version: int | None) -> Iterator[SpaceNeed]:
    """The need as the asker sees it, locked by the zone, and still being looked for."""
    access.must_speak(by, need.party_id)
    if not SpaceNeed.objects.filter(zone_id=by.zone_id, pk=need.pk).exists():
        raise Refused(_("There is no such record here; it may be of another zone."))
    with on_behalf(by):
        row = locked(SpaceNeed, by, need.pk)
        if version is not None:
            journal.must_be_fresh(row, version)
        if row.state != State.OPEN:
            raise Refused(
                _("“%(name)s” is “%(state)s”; nobody looks for space for it any longer.")
                % {"name": row.name, "state": State(row.state).label}
            )
        yield row


def _show(need: SpaceNeed, unit: Unit, by: Actor, now: datetime, words: str) -> Showing:
    if Showing.objects.filter(zone_id=by.zone_id, need=need, unit=unit).exists():
        raise Refused(
            _("“%(unit)s” was shown for “%(name)s” already; note the answer there.")
            % {"unit": unit.code, "name": need.name}
        )
    showing = Showing.objects.create(
        zone_id=by.zone_id, need=need, unit=unit, at=now, by_post_id=by.post_id,
        words=said(words, "words", most=300),
    )  # fmt: skip
    seeking.shown(need, by=by, now=now)
    _record(by, now, "show_unit", need, unit=unit.code, words=showing.words)
    return showing


def _offered(by: Actor, unit: Unit) -> Unit:
    """The unit as it stands: still one unit, and not kept back."""
    row = locked(Unit, by, unit.pk)
    if row.until is not None:
        raise Refused(
            _("“%(unit)s” was split or merged; choose one of the units made of it.")
            % {"unit": row.code}
        )
    if row.hold == Unit.Hold.KEPT:
        raise Refused(
            _("“%(unit)s” is not offered: %(why)s") % {"unit": row.code, "why": row.hold_why}
        )
    return row


def _must_be_empty(need: SpaceNeed, units: Sequence[Unit], today: date) -> None:
    taken = queries.taken_units(need, [unit.pk for unit in units], today)
    if taken:
        raise Refused(
            _("“%(unit)s” is held by somebody else at the time; choose another or move the day.")
            % {"unit": taken[0].code},
            field="units",
        )


def _checked(facts: NeedFacts) -> dict[str, Any]:
    least = _area(facts.area_least_m2, "area_least")
    most = None if facts.area_most_m2 is None else _area(facts.area_most_m2, "area_most")
    if most is not None and most < least:
        raise Refused(_("The largest area is smaller than the smallest."), field="area_most")
    must_be_possible(facts.from_on, "from_on")
    if facts.until_on is not None:
        must_be_possible(facts.until_on, "until_on")
        must_run_forward(facts.from_on, facts.until_on, "until_on")
    return {
        "name": must_say(facts.name, "name", most=80, why=_("Say what it is for, in a few words.")),
        "who": said(facts.who, "who", most=80),
        "contact": said(facts.contact, "contact", most=80),
        "industry": said(facts.industry, "industry", most=60),
        "park_id": facts.park.pk if facts.park else None,
        "area_least_m2": least,
        "area_most_m2": most,
        "asks": fitting.write_asks(_asks(facts)),
        "from_on": facts.from_on,
        "until_on": facts.until_on,
    }


def _area(area: Decimal, field: str) -> Decimal:
    if not area.is_finite() or not 0 < area <= MOST_AREA:
        raise Refused(_("Type an area in m², such as 3000."), field=field)
    return _exact(area, field)


def _exact(amount: Decimal, field: str, places: str = "0.01") -> Decimal:
    kept = amount.quantize(Decimal(places))
    if kept != amount:
        raise Refused(_("Fewer decimals, please; what is finer is not kept."), field=field)
    return kept


def _asks(facts: NeedFacts) -> list[Ask]:
    kept: dict[What, Ask] = {}
    for ask in facts.asks:
        if ask.what not in MOST or ask.what in kept:
            raise Refused(_("Each thing is asked for once."), field=ask.what)
        if not ask.amount.is_finite() or not 0 < ask.amount <= MOST[ask.what]:
            raise Refused(_("This number cannot be right; check it."), field=ask.what)
        amount = _exact(ask.amount, ask.what, "0.01" if ask.what in TWO_PLACES else "1")
        kept[ask.what] = Ask(ask.what, amount, ask.is_hard)
    if What.PARK in kept and facts.park is None:
        raise Refused(_("Choose the park that it must be."), field="park")
    return [kept[what] for what in What if what in kept]


def _told(changed: dict[str, Any]) -> dict[str, Any]:
    """What changed, for the trail; the asks are read on the page."""
    return {name: pair for name, pair in changed.items() if name != "asks"} | (
        {"asks": True} if "asks" in changed else {}
    )


def _record(by: Actor, now: datetime, verb: str, need: SpaceNeed, **detail: object) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=need, party_ref=need.party_id, name=need.name, **detail
    )
