"""Who may not bid on a lot: its seller, the seller's agents, firms of the same people, who is banned.

What is only a name alike (two firms whose representatives have the same name) is refused too, but a
person of the exchange centre who saw that they are two people may say so.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from xiaoer.assets.actions.lot_rows import LEAST_DIGITS
from xiaoer.assets.models import Ban, Lot
from xiaoer.base.checking import today
from xiaoer.base.refusals import Refused
from xiaoer.registry.models import Party, Representation

_DIGITS = re.compile(r"\D+")


@dataclass(frozen=True, slots=True)
class Agent:
    """Who bids for a firm, as it named them."""

    name: str
    phone: str


def must_be_unrelated(
    lot: Lot, party: Party, agent: Agent, now: datetime, *, namesake_why: str = ""
) -> None:
    """Refuse with the reason; called where the zone's whole registry is read."""
    why = _tied(lot, party, agent) or _banned(lot, party, now)
    if why:
        raise Refused(why, field="agent_name")
    if not namesake_why and _same_name(lot.seller, party, agent):
        raise Refused(
            _(
                "Somebody of the seller has the same name: %(name)s. If they are two people, show"
                " it at the exchange centre, which then registers you."
            )
            % {"name": _same_name(lot.seller, party, agent)},
            field="agent_name",
        )


def _tied(lot: Lot, party: Party, agent: Agent) -> str:
    """What ties the bidder to the seller beyond doubt; empty where nothing does."""
    seller = lot.seller
    if party.pk == seller.pk or seller.pk == party.merged_into_id:
        return _("The seller may not bid on its own lot.")
    if party.credit_code and party.credit_code == seller.credit_code:
        return _("The seller may not bid on its own lot.")
    ours, theirs = _phones(party, agent.phone), _phones(seller, lot.contact_phone)
    if ours & theirs:
        return _(
            "This telephone number belongs to the seller or its agent, so the firms are related;"
            " related firms may not bid."
        )
    if _people(party) & _people(seller):
        return _(
            "The same person speaks for both firms, so they are related; related firms may not bid."
        )
    return ""


def _phones(party: Party, also: str) -> set[str]:
    """Telephone numbers of a firm, its representatives and its agent, in digits."""
    spoken = Representation.objects.filter(
        zone_id=party.zone_id, party=party, state=Representation.State.APPROVED
    ).values_list("phone", flat=True)
    return plain_numbers(party.contact_phone, also, *spoken)


def plain_numbers(*written: str) -> set[str]:
    """Telephone numbers as they are dialled, however wide their digits are typed."""
    digits = (_DIGITS.sub("", unicodedata.normalize("NFKC", one)) for one in written)
    return {one.removeprefix("86") for one in digits if len(one) >= LEAST_DIGITS}


def _people(party: Party) -> set[int]:
    """Persons with an account who speak for a firm."""
    return {
        number
        for number in Representation.objects.filter(
            zone_id=party.zone_id, party=party, state=Representation.State.APPROVED,
            person__isnull=False,
        ).values_list("person_id", flat=True)
        if number is not None
    }  # fmt: skip


def _same_name(seller: Party, party: Party, agent: Agent) -> str:
    """A name both sides have: of the representative, or of the agent."""
    ours = {party.legal_representative.strip(), agent.name.strip()}
    theirs = {seller.legal_representative.strip(), seller.contact_name.strip()}
    return next(iter(sorted((ours & theirs) - {""})), "")


def _banned(lot: Lot, party: Party, now: datetime) -> str:
    ban = Ban.objects.filter(
        zone_id=lot.zone_id, party=party, since__lte=today(now), until__gte=today(now),
        lifted_at__isnull=True,
    ).first()  # fmt: skip
    if ban is not None:
        return _("This firm may not bid until %(day)s: %(why)s") % {
            "day": ban.until.isoformat(),
            "why": ban.why,
        }
    if _failed_before(lot, party):
        return _("Who bought this thing and did not pay may not bid for it again.")
    return ""


def _failed_before(lot: Lot, party: Party) -> bool:
    """Whether the party was in default over the same thing, put up again since."""
    former, depth = lot.relisted_from, 0
    while former is not None and depth < 10:
        if former.state == Lot.State.DEFAULTED and former.bidders.filter(
            party=party, deposits__refund__kind="forfeited"
        ):
            return True
        former, depth = former.relisted_from, depth + 1
    return False
