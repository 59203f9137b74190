"""A lot after the hall in the reader's words: money, phases, doubts, what comes next."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.assets.models import Flag, Lot
from xiaoer.assets.queries.after_sale import Phase
from xiaoer.assets.queries.lots import LotLine
from xiaoer.assets.queries.shown_lots import Phase as ShownPhase
from xiaoer.assets.words.halls import (
    bid_time,
    clock_words,
    countdown,
    number_of,
    times_words,
    to_the_millisecond,
    yuan,
)
from xiaoer.work.kinds import task_name

OUTCOMES: dict[str, str | Promise] = {
    "accepted": gettext_lazy("bid counts"),
    "late": gettext_lazy("too late"),
    "paused": gettext_lazy("hall paused"),
    "early": gettext_lazy("too early"),
    "not_in_time": gettext_lazy("did not bid in free bidding"),
    "no_amount": gettext_lazy("amount missing"),
    "too_much": gettext_lazy("above any meaning"),
    "leads": gettext_lazy("leads already"),
    "below_start": gettext_lazy("below the start price"),
    "off_step": gettext_lazy("not on a step"),
    "below_step": gettext_lazy("below the next step"),
    "not_admitted": gettext_lazy("not admitted"),
    "open": gettext_lazy("hall opened"),
    "admitted": gettext_lazy("bidder admitted"),
    "sold": gettext_lazy("lot sold"),
    "no_bid": gettext_lazy("nobody bid"),
    "passed_in": gettext_lazy("reserve not reached"),
    "stopped": gettext_lazy("stopped by the host"),
}
PHASES: dict[str, str | Promise] = {
    Phase.BEFORE: gettext_lazy("not open yet"),
    Phase.FREE: gettext_lazy("free bidding"),
    Phase.TIMED: gettext_lazy("timed bidding"),
    Phase.PAUSED: gettext_lazy("paused"),
    Phase.OVER: gettext_lazy("over"),
}


def outcome_words(outcome: str) -> str:
    """What a line of the ledger came to."""
    return str(OUTCOMES.get(outcome, outcome))


def phase_words(phase: str) -> str:
    return str(PHASES[phase])


def left(seconds: int) -> str:
    """03:42, or 2:03:42."""
    return countdown(timedelta(seconds=seconds))


def flag_words(flag: Flag) -> str:
    """What was seen, and of whom, by number."""
    who = "、".join(number_of(alias) for alias in flag.detail.get("aliases", ()))
    count = flag.detail.get("count", 0)
    if flag.why == Flag.Why.PATTERN and flag.detail.get("pattern") == "turns":
        return _("%(who)s raised each other by one step %(count)d times in a row") % {
            "who": who,
            "count": count,
        }
    if flag.why == Flag.Why.PATTERN:
        return _("%(who)s answered by one step within seconds %(count)d times and did not buy") % {
            "who": who,
            "count": count,
        }
    if flag.why == Flag.Why.RELATED and not flag.detail.get("with_seller"):
        return _("%(who)s have a person or a telephone in common") % {"who": who}
    if flag.why == Flag.Why.RELATED:
        return _("%(who)s and the seller have a person or a telephone in common") % {"who": who}
    return f"{flag.get_why_display()} · {who}"


def line_state(line: LotLine) -> str:
    """How a lot in a list stands: by the clock while it is announced or bid on."""
    if line.phase in (None, ShownPhase.BEFORE):
        return str(line.row.get_state_display())
    return str(line.phase.label) if line.phase else ""


def line_next(line: LotLine) -> str:
    """What comes next of a lot in a list: what its clock runs to, or what is to be done."""
    if line.phase is not None:
        return clock_words(line.phase)
    return task_name("auction_lot", line.task) if line.task else ""


def next_words(lot: Lot) -> str:
    """The next act on a lot, or nothing."""
    return {
        Lot.State.ENDED: _("Look at the doubts, then confirm the result."),
        Lot.State.CONFIRMED: _("Publish the result; the buyer gets a signed confirmation."),
        Lot.State.PUBLISHED: _("Have the contract signed and the price paid."),
        Lot.State.PAID: _("Have the lot handed over; then the seller is paid."),
        Lot.State.HANDED_OVER: _("Pay the seller, give the deposits back, then close the lot."),
        Lot.State.PASSED_IN: _("Put the lot up again, or close it."),
        Lot.State.DEFAULTED: _("Ask the next bidder, or put the lot up again."),
    }.get(Lot.State(lot.state), "")


__all__ = [
    "bid_time",
    "flag_words",
    "left",
    "next_words",
    "number_of",
    "outcome_words",
    "phase_words",
    "times_words",
    "to_the_millisecond",
    "yuan",
]
