"""Cage-change in the reader's words: states, ways, and what a rule read."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaoer.assets.models import CageSite
from xiaoer.base.words import Word
from xiaoer.web.words import MISSING, number, percent


def state_words(state: str) -> str:
    """“Changed” alone reads as a corrected record, and here one firm made room for another."""
    if state == CageSite.State.DONE:
        return _("room made and filled")
    return str(CageSite.State(state).label)


def path_words(path: str) -> str:
    if path == CageSite.Path.TAKEN_BACK:
        return _("taken back by the zone")
    return str(CageSite.Path(path).label) if path else ""


def read_words(word: Word | None, value: object) -> str:
    """A value a rule read as an officer says it: whole months, per cent, no more digits than tell."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not isinstance(value, int | float):
        return str(value)
    if word is not None and word.name.endswith("_months"):
        count = round(value)
        return ngettext("%(n)d month", "%(n)d months", count) % {"n": count}
    if word is not None and word.name.endswith("_m2"):
        return f"{plain_number(value)} m²"
    if word is not None and word.unit == "share":
        return percent(value, 0)
    return plain_number(value)


def plain_number(value: float | Decimal | None) -> str:
    """Three figures that tell, and no noughts behind the point."""
    if value is None:
        return MISSING
    size = abs(float(value))
    places = 0 if size >= 100 else 1 if size >= 10 else 2
    shown = number(value, places)
    return shown.rstrip("0").rstrip(".") if places else shown
