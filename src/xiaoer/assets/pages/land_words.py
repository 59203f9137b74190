"""Land in the reader's words: areas in 亩, states of promises, names of indicators."""

from decimal import Decimal

from django.utils.translation import gettext as _

from xiaoer.assets.models import IndicatorKind, LandIndicator
from xiaoer.web.words import MISSING, in_chinese, number


def mu_words(area_mu: Decimal | None, places: int = 1) -> str:
    """An area in 亩 with its decimals; a dash where nothing is known."""
    return MISSING if area_mu is None else number(round(area_mu, places), places)


def plain(amount: Decimal | None) -> str:
    """Just the decimals there are: 30, not 30.000."""
    if amount is None:
        return MISSING
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def kind_name(kind: IndicatorKind) -> str:
    return kind.name if in_chinese() or not kind.name_en else kind.name_en


def unit_words(unit: str) -> str:
    """The unit of an indicator; those that are shipped also in English, others as the zone typed."""
    english = {
        "万元/亩": "× 10,000 yuan a mu",
        "万元/亩·年": "× 10,000 yuan a mu and year",
        "吨标准煤/万元": "t of standard coal a 10,000 yuan",
        "吨/年": "t a year",
    }
    return unit if in_chinese() else english.get(unit, unit)


def bound(row: LandIndicator) -> str:
    """What was promised: ≥ 30 万元/亩·年."""
    sign = "≤" if row.kind.way == IndicatorKind.Way.MOST else "≥"
    return f"{sign} {plain(row.amount)} {unit_words(row.kind.unit)}".strip()


def state_words(state: str) -> str:
    return {
        "due": _("to be checked"),
        "kept": _("reached"),
        "broken": _("fell short"),
        "unknown": _("needs data"),
        "coming": _("its day is to come"),
        "unsigned": _("not signed yet"),
    }[state]


def met_words(is_met: bool | None) -> str:
    return {True: _("reached"), False: _("fell short"), None: _("needs data")}[is_met]


def verdict_of(state: str) -> str:
    """The mark of a state as all three-valued answers have it."""
    return {"kept": "met", "broken": "gap", "due": "person"}.get(state, "data")
