"""How money and moments of an auction are written: whole yuan, and times to the millisecond."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaoer.assets.models import Bidder, Lot
from xiaoer.assets.queries.shown_lots import MyLot, Phase, ShownLot
from xiaoer.base.units import YUAN, money_in
from xiaoer.web.words import local_time

Light = str


def yuan(fen: int | None) -> str:
    """286,000, with the fen only where there are any; the unit stands beside."""
    return money_in(fen, YUAN)


def to_the_millisecond(at: datetime) -> str:
    """14:03:07.412."""
    return local_time(at).strftime("%H:%M:%S.%f")[:-3]


def bid_time(at: datetime, now: datetime) -> str:
    """14:03:07.412, and the day before it where that is not the day of the reader: free bidding
    runs over days."""
    exact = to_the_millisecond(at)
    here = local_time(at)
    return exact if here.date() == local_time(now).date() else f"{here:%m-%d} {exact}"


def number_of(alias: int) -> str:
    """07: how a bidder is called in the hall."""
    return f"{alias:02d}"


def countdown(left: timedelta) -> str:
    """03:42, or 2:03:42; days are said in words by the page."""
    seconds = max(int(left.total_seconds()), 0)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def times_words(seconds: int) -> str:
    """24 hours, 5 minutes, or 90 seconds: what each bid gives."""
    if seconds % 60:
        return _("%(n)d seconds") % {"n": seconds}
    if seconds and seconds % 3600 == 0:
        hours = seconds // 3600
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return _("%(n)d minutes") % {"n": seconds // 60}


def reserve_words(lot: Lot, *, is_met: bool, is_open: bool) -> str:
    """What is said in public of the reserve."""
    if lot.reserve == Lot.Reserve.SECRET:
        if not is_open:
            return _("secret, sealed")
        return _("reached by a bid") if is_met else _("no bid reaches it yet")
    return str(lot.get_reserve_display())


def host_words(kind: str) -> str:
    """What the host did, by the kind of its line in the ledger."""
    return {
        "pause": _("Paused by the host"),
        "resume": _("Let go on by the host"),
        "end": _("Stopped by the host"),
    }[kind]


def phase_light(phase: Phase) -> Light:
    """The light of an open hall: nothing moves in one that is paused."""
    return "amber" if phase is Phase.PAUSED else "green"


def price_label(phase: Phase, *, has_bid: bool) -> str:
    """What the large figure of a lot is."""
    if phase is Phase.SOLD:
        return _("Sold for")
    if phase.is_over and has_bid:
        return _("Highest bid")
    return _("Price now") if has_bid else _("Start price")


def light_of(one: MyLot) -> tuple[Light, str]:
    """How we stand in a lot, in one light with its words."""
    bidder, phase = one.bidder, one.shown.standing.phase
    if bidder.state == Bidder.State.REFUSED:
        return "red", _("not admitted: %(why)s") % {"why": bidder.refused_why}
    if bidder.state == Bidder.State.LEFT:
        return "grey", _("we withdrew")
    if bidder.state == Bidder.State.APPLIED:
        if bidder.paid_fen < one.shown.lot.deposit_fen:
            return "amber", _("pay the deposit")
        return "amber", _("deposit there, to be looked at")
    return _admitted(one, phase)


def _admitted(one: MyLot, phase: Phase) -> tuple[Light, str]:
    number = {"number": number_of(one.bidder.alias or 0)}
    if phase is Phase.DEFAULT and one.won:
        return "red", _("we are in default")
    if phase is Phase.SOLD:
        return ("green", _("we have won")) if one.won else ("grey", _("sold to another"))
    if phase.is_over:
        return "grey", str(phase.label)
    if phase is Phase.BEFORE:
        return "green", _("admitted as %(number)s") % number
    if one.leads:
        return "green", _("we lead, as %(number)s") % number
    if one.shown.standing.price_fen is None:
        return "amber", _("nobody has bid yet; we are %(number)s") % number
    return "amber", _("we do not lead, as %(number)s") % number


def when_words(one: ShownLot) -> str:
    """What the clock of a lot runs to, in one word."""
    return clock_words(one.standing.phase)


def clock_words(phase: Phase) -> str:
    """What the clock runs to in a phase."""
    return {
        Phase.BEFORE: _("opens"),
        Phase.FREE: _("free bidding until"),
        Phase.TIMED: _("ends, unless somebody bids"),
        Phase.PAUSED: _("paused"),
    }.get(phase, str(phase.label))


def in_fours(head: bytes | memoryview) -> str:
    """9f3c 71ae: the beginning of a sum, as people compare it aloud."""
    text = bytes(head).hex()[:16]
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
