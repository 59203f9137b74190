"""服务企业联系卡: the card an enterprise keeps by the telephone. Facts in, paper out.

Always Chinese, always ink only. What is not known prints as a dash.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.web import press

PDF = "application/pdf"
CARDS_A_SHEET = 8
REPORT_EVERY = 100
MOST_CARDS = 4_000
"""One PDF of this many takes 7 s and 0.6 GB while it is made; a larger zone prints grid by grid."""

TEMPLATES = Path(__file__).resolve().parent / "templates" / "outreach"


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on one card. ``url`` opens the request form of this enterprise."""

    enterprise: str
    grid: str
    cell: str
    officer_name: str | None
    officer_phone: str | None
    deputy: str | None
    leader: str | None
    scope: str
    complaint_phone: str | None
    never_asked: tuple[str, ...]
    url: str
    zone_name: str


def address_of(code: str) -> str:
    """What a card's code opens, as a telephone reaches it."""
    return f"{settings.PUBLIC_ADDRESS}{reverse('card', args=[code])}"


def contact_cards_pdf(
    cards: Sequence[Card],
    *,
    progress: Callable[[int, int], None] | None = None,
    made_at: datetime | None = None,
) -> bytes:
    """Sheets of A4, eight cards each in the order given, with cut marks.

    ``progress(done, total)`` is told while the codes are drawn, and once at the end.
    """
    if not cards:
        raise Refused(
            _("No enterprise is chosen, so there is no card to print. Change the filter.")
        )
    if len(cards) > MOST_CARDS:
        raise Refused(
            _("%(count)s cards are too many for one file (at most %(most)s). Print grid by grid.")
            % {"count": len(cards), "most": MOST_CARDS}
        )
    printed = []
    promises: dict[tuple[str, str], int] = {}
    for done, card in enumerate(cards, start=1):
        promise = promises.setdefault((card.scope, _never(card)), len(promises))
        printed.append(_as_printed(card) | {"promise": promise})
        if progress is not None and done % REPORT_EVERY == 0 and done < len(cards):
            progress(done, len(cards))
    pdf = press.compile_pdf(
        TEMPLATES / "contact_cards.typ",
        {
            "cards": printed,
            "promises": [{"scope": scope, "never": never} for scope, never in promises],
            "made_at": None if made_at is None else press.paper_time(made_at),
        },
        made_at=made_at,
    )
    press.forget_papers()
    if progress is not None:
        progress(len(cards), len(cards))
    return pdf


def contact_card_pdf(card: Card, *, made_at: datetime | None = None) -> bytes:
    """One card alone on a page of A7, to send to a phone or show on one."""
    return press.compile_pdf(
        TEMPLATES / "contact_card.typ",
        {"card": _as_printed(card) | {"scope": card.scope, "never": _never(card)}},
        made_at=made_at,
    )


def _as_printed(card: Card) -> dict[str, object]:
    return {
        "zone": card.zone_name,
        "enterprise": card.enterprise,
        "place": " · ".join(part for part in (card.grid, card.cell) if part),
        "officer": card.officer_name,
        "phone": spaced_phone(card.officer_phone),
        "deputy": card.deputy,
        "leader": card.leader,
        "complaint": spaced_phone(card.complaint_phone),
        "qr": press.qr_svg(card.url),
    }


def _never(card: Card) -> str:
    return "；".join(card.never_asked)


def spaced_phone(phone: str | None) -> str | None:
    """138 0013 8000: a mobile number is read aloud in three groups. Others stay as written."""
    if phone is None:
        return None
    bare = phone.strip()
    if len(bare) == 11 and bare.isascii() and bare.isdigit() and bare.startswith("1"):
        return f"{bare[:3]} {bare[3:7]} {bare[7:]}"
    return bare
