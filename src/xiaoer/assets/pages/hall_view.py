"""What the page of a hall is drawn from, for a watcher and for a bidder alike."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.assets.models import Bidder, Hall
from xiaoer.assets.queries import shown_lots as queries
from xiaoer.assets.queries.shown_lots import Phase, Rung, ShownLot
from xiaoer.assets.words import halls as words
from xiaoer.base.scope import Actor
from xiaoer.web.words import local_time


@dataclass(frozen=True, slots=True)
class Drawn:
    """The hall at the moment the page was drawn."""

    at: datetime
    head: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """How the reader stands, in a word, a second line and a light."""

    words: str
    more: str = ""
    colour: str = ""


def hall_context(*, by: Actor, one: ShownLot, mine: Bidder | None = None) -> dict[str, Any]:
    """Everything the page of a hall shows before its script wakes, and what the script begins with."""
    at = queries.hall_clock(zone_id=by.zone_id)
    hall, phase, rungs = one.hall, one.standing.phase, queries.ladder(by=by, lot=one.lot)
    span = words.times_words(hall.extend_s) if hall else ""
    extended = _("extended %(n)s times") % {"n": hall.extensions} if hall else ""
    each = _("each bid gives %(span)s again") % {"span": span} if hall else ""
    timed, later = (f"{extended} · {each}", _timed_later(hall)) if hall else ("", "")
    return {
        "one": one,
        "lot": one.lot,
        "phase": phase,
        "mine": mine,
        "drawn": Drawn(at, head=_head(hall)),
        "rungs": rungs,
        "host_acts": queries.host_acts(by=by, lot=one.lot),
        "extended": later if hall and _is_early(hall, at) else timed,
        "each": each,
        "later": later,
        "left": _left(one, at),
        "price_label": words.price_label(phase, has_bid=one.standing.price_fen is not None),
        "state": state_of(one, mine),
        "reserve": words.reserve_words(
            one.lot,
            is_met=hall is not None and hall.is_reserve_met,
            is_open=phase is not Phase.BEFORE,
        ),
        "data": data_of(one, at, rungs, mine),
        "words": words,
    }


def _is_early(hall: Hall, at: datetime) -> bool:
    """Whether timed bidding is still to come: until then no bid moves the end."""
    return hall.ended_at is None and (hall.paused_at or at) < hall.free_until


def _timed_later(hall: Hall) -> str:
    """What is said of the extensions before there are any."""
    first = (hall.ends_at - hall.free_until).total_seconds()
    return _("then timed bidding of %(span)s, begun again by each bid") % {
        "span": words.times_words(round(first))
    }


def _left(one: ShownLot, at: datetime) -> str:
    """What the clock says as the page is drawn."""
    hall = one.hall
    if one.standing.until is None:
        return "00:00"
    if hall is not None and hall.paused_at is not None:
        return words.countdown(queries.left_when_paused(hall))
    return words.countdown(one.standing.until - at)


def _head(hall: Hall | None) -> str | None:
    if hall is None:
        return None
    return _("Line %(n)s %(head)s") % {"n": hall.seq, "head": words.in_fours(hall.head)}


def state_of(one: ShownLot, mine: Bidder | None) -> State:
    """Am I ahead? For who only watches: who is."""
    hall, phase = one.hall, one.standing.phase
    leader = hall.leader_alias if hall else None
    if mine is None:
        return State(_("Watching"), _told(phase, leader))
    number = {"number": words.number_of(mine.alias or 0)}
    leads = hall is not None and hall.leader_id == mine.pk
    if phase is Phase.SOLD:
        won = _won(one, mine)
        return (
            State(_("You have won"), "", "green")
            if (leads if won is None else won)
            else State(_("Sold to another"))
        )
    if phase.is_over:
        return State(str(phase.label))
    if leads:
        return State(_("You lead"), _("as %(number)s") % number, "green")
    return State(_("You do not lead"), _("as %(number)s") % number)


def _won(one: ShownLot, mine: Bidder | None) -> bool | None:
    """Whether the reader is the buyer; None until the result was taken."""
    return None if mine is None or one.lot.winner_id is None else one.lot.winner_id == mine.pk


def _told(phase: Phase, leader: int | None) -> str:
    """Who is ahead, or who it was sold to, by number."""
    if leader is None:
        return "" if phase.is_over else _("nobody leads yet")
    number = {"number": words.number_of(leader)}
    if phase is Phase.SOLD:
        return _("sold to %(number)s") % number
    return _("%(number)s led") % number if phase.is_over else _("%(number)s leads") % number


def data_of(one: ShownLot, at: datetime, rungs: list[Rung], mine: Bidder | None) -> dict[str, Any]:
    """What the script begins with: the hall as the live address says it, addresses, and who reads."""
    lot, hall = one.lot, one.hall
    address = f"/live/lots/{lot.pk}"
    return {
        "snapshot": _snapshot(one, hall, at, rungs) if hall else None,
        "won": _won(one, mine),
        "mine": {"alias": mine.alias, "first": mine.rank is not None} if mine else None,
        "address": address,
        "stream": f"{address}/stream",
        "bids": f"{address}/bids",
        "own": f"{address}/mine",
        "clock": f"/live/clock?lot={lot.pk}",
        "ahead": _ahead(at),
    }


def _snapshot(one: ShownLot, hall: Hall, at: datetime, rungs: list[Rung]) -> dict[str, Any]:
    """The hall in the words of ``/live/lots/N``, so that the script begins with what is drawn."""
    phase = one.standing.phase
    return {
        "now": _written(at),
        "lot": one.lot.pk,
        "state": "ended" if phase.is_over else phase.value,
        "result": hall.result or None,
        "sale": queries.SALES.get(phase) if hall.result == "sold" else None,
        "opens_at": _written(hall.opens_at),
        "free_until": _written(hall.free_until),
        "ends_at": _written(hall.ends_at),
        "paused_at": _written(hall.paused_at),
        "ended_at": _written(hall.ended_at),
        "extend_s": hall.extend_s,
        "start_fen": hall.start_fen,
        "step_fen": hall.step_fen,
        "most_fen": hall.most_fen,
        "price_fen": hall.price_fen,
        "leader": hall.leader_alias,
        "leader_first": hall.leader_rank is not None,
        "has_secret": hall.has_secret,
        "reserve_met": hall.is_reserve_met if hall.has_secret else None,
        "bids": hall.bids,
        "extensions": hall.extensions,
        "seq": hall.seq,
        "head": bytes(hall.head).hex(),
        "ladder": [
            {
                "bid": rung.place,
                "seq": rung.seq,
                "alias": rung.alias,
                "first_right": rung.has_right,
                "amount_fen": rung.amount_fen,
                "at": _written(rung.at),
                "hash": rung.hash,
            }
            for rung in rungs
        ],
    }


def _written(at: datetime | None) -> str | None:
    return None if at is None else local_time(at).isoformat(timespec="milliseconds")


def _ahead(at: datetime) -> int:
    """By how much the halls of a demo zone run ahead of the machine, in milliseconds."""
    ahead = round((at - timezone.now()).total_seconds())
    return ahead * 1000 if abs(ahead) > 1 else 0
