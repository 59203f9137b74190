"""What the hall says to a bidder, in the bidder's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

# Each names what happened and, where one can do something, the next step. ``%(time)s`` is the moment
# the bid was decided, ``%(rank)s`` the place, ``%(next)s`` the least that counts now, in 元.
WORDS: dict[str, str | Promise] = {
    "accepted": _("%(time)s accepted, now in place %(rank)s"),
    "not_admitted": _("You are not admitted to this lot."),
    "late": _("%(time)s: bidding is over; this bid came too late."),
    "paused": _("Bidding is paused by the host; this bid does not count."),
    "early": _("Bidding has not opened yet; this bid does not count."),
    "not_in_time": _(
        "Only those who bid in the free period bid on in the timed one; this bid does not count."
    ),
    "no_amount": _("This is not an amount; type the price in 元."),
    "too_much": _("This is above the most that may be bid here; look for a slip of the finger."),
    "leads": _("You lead already; nobody has bid more."),
    "below_start": _("Below the start price; bid at least %(next)s 元."),
    "off_step": _("Not a whole number of steps; bid at least %(next)s 元."),
    "below_step": _("Somebody was before you; bid at least %(next)s 元."),
    "no_seat": _("You are no longer signed in here; sign in and open the lot again."),
    "no_hall": _("Nothing is being auctioned here."),
    "other_lot": _("Your seat is in another hall; open the lot again."),
    "too_fast": _("Too many bids at once; wait a second and bid again."),
    "too_many": _("The hall is crowded; this bid was not taken. Bid again."),
    "not_known": _("The answer was lost on the way. Ask again: a bid that counted is not counted twice."),
    "elsewhere": _("Bids are made on the page of the lot only."),
    "garbage": _("This could not be read as a bid; open the lot again."),
    "no_method": _("This address does not do that."),
}  # fmt: skip


def words(outcome: str, language: str, **values: str) -> str:
    """The sentence of an outcome."""
    with override(language):
        return str(WORDS[outcome]) % values
