"""What a fit has, lacks, and leaves open, in words a person reads; and what a need asks for."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.assets.fitting import FIRE_RANKS, Ask, Point, Says, What, read_asks
from xiaoer.assets.models import FireClass, SpaceNeed
from xiaoer.assets.queries import UnitFit
from xiaoer.web.marks import Colour
from xiaoer.web.words import number

NAMES: Mapping[What, str | Promise] = {
    What.AREA: gettext_lazy("floor area"),
    What.HEIGHT: gettext_lazy("clear height"),
    What.LOAD: gettext_lazy("floor load"),
    What.COLUMN: gettext_lazy("column spacing"),
    What.CRANE: gettext_lazy("crane"),
    What.POWER: gettext_lazy("power capacity"),
    What.GAS: gettext_lazy("natural gas"),
    What.STEAM: gettext_lazy("steam"),
    What.DRAINAGE: gettext_lazy("drainage"),
    What.FIRE: gettext_lazy("fire class"),
    What.FLOOR: gettext_lazy("floor"),
    What.RENT: gettext_lazy("rent"),
    What.PARK: gettext_lazy("park"),
    What.READY: gettext_lazy("building stands"),
    What.FREE: gettext_lazy("empty on the day"),
}
UNITS: Mapping[What, str | Promise] = {
    What.AREA: "m²",
    What.HEIGHT: "m",
    What.LOAD: "kg/m²",
    What.COLUMN: "m",
    What.CRANE: "t",
    What.POWER: "kVA",
    What.DRAINAGE: gettext_lazy("t a day"),
    What.RENT: gettext_lazy("yuan per m² a month"),
    What.FREE: gettext_lazy("days"),
}
THERE_OR_NOT = frozenset({What.GAS, What.STEAM, What.PARK, What.READY})
COLOURS: Mapping[Says, Colour] = {Says.YES: "green", Says.UNKNOWN: "grey", Says.NO: "amber"}


def verdict(says: Says) -> str:
    return {
        Says.YES: lambda: _("fits"),
        Says.UNKNOWN: lambda: _("needs data"),
        Says.NO: lambda: _("lacks something"),
    }[says]()


def shown(what: What, amount: Decimal) -> str:
    """An amount with its unit; a rent in yuan, a class of fire by its name."""
    if what == What.FIRE:
        codes = {rank: code for code, rank in FIRE_RANKS.items()}
        return str(FireClass(codes[int(amount)]).label)
    if what == What.RENT:
        amount = amount / 100
    words = number(amount.quantize(Decimal("0.01")).normalize() if amount % 1 else int(amount))
    return f"{words} {UNITS[what]}" if what in UNITS else words


def point_words(point: Point, codes: Mapping[int, str]) -> str:
    """One point in a few words; units to blame by their codes."""
    name = str(NAMES[point.what])
    whose = "、".join(codes.get(unit, "") for unit in point.of_units)
    tail = _(" (%(units)s)") % {"units": whose} if whose else ""
    if point.says == Says.UNKNOWN:
        return _("%(what)s not known") % {"what": name} + tail
    if point.what in THERE_OR_NOT:
        if point.says == Says.YES:
            return name
        if point.what == What.PARK:
            return _("stands in another park")
        if point.what == What.READY:
            return _("building not ready by then")
        return _("no: %(what)s") % {"what": name} + tail
    if point.what == What.FREE:
        if point.says == Says.YES:
            return name
        return _("becomes empty %(days)s days late") % {"days": point.lacks} + tail
    has = shown(point.what, point.has or Decimal(0))
    if point.says == Says.YES:
        return f"{name} {has}"
    return _("%(has)s, %(lacks)s") % {"has": f"{name} {has}", "lacks": _by_how_much(point)} + tail


def _by_how_much(point: Point) -> str:
    if point.what == What.FIRE:
        return _("asked for: %(asked)s") % {"asked": shown(point.what, point.asked)}
    lacks = shown(point.what, point.lacks or Decimal(0))
    if point.what in (What.RENT, What.FLOOR) or point.is_too_much:
        return _("%(much)s too much") % {"much": lacks}
    return _("%(much)s short") % {"much": lacks}


def asked_words(ask: Ask) -> str:
    name = str(NAMES[ask.what])
    if ask.what in THERE_OR_NOT:
        return name
    amount = shown(ask.what, ask.amount)
    if ask.what in (What.RENT, What.FLOOR):
        return _("%(what)s up to %(amount)s") % {"what": name, "amount": amount}
    if ask.what == What.FIRE:
        return amount
    return _("%(what)s from %(amount)s") % {"what": name, "amount": amount}


def area_words(need: SpaceNeed) -> str:
    least = number(
        need.area_least_m2.normalize() if need.area_least_m2 % 1 else int(need.area_least_m2)
    )
    if need.area_most_m2 is None:
        return _("from %(least)s m²") % {"least": least}
    most = number(
        need.area_most_m2.normalize() if need.area_most_m2 % 1 else int(need.area_most_m2)
    )
    return _("%(least)s to %(most)s m²") % {"least": least, "most": most}


def need_words(need: SpaceNeed) -> list[tuple[str, bool]]:
    """Everything a need asks for beside the area, with whether it must be."""
    return [(asked_words(ask), ask.is_hard) for ask in read_asks(need.asks)]


def fit_lines(row: UnitFit) -> list[tuple[Colour, str, list[str]]]:
    """What lacks first, then what is not known, then what fits; each with its word and light."""
    codes = {unit.pk: unit.code for unit in row.units}
    heads = {Says.NO: _("Falls short"), Says.UNKNOWN: _("To be measured"), Says.YES: _("Fits")}
    return [
        (COLOURS[says], head, [_marked(one, codes) for one in row.fit.which(says)])
        for says, head in heads.items()
        if row.fit.which(says)
    ]


def _marked(point: Point, codes: Mapping[int, str]) -> str:
    words = point_words(point, codes)
    if point.is_hard or point.says == Says.YES:
        return words
    return _("%(words)s (wished)") % {"words": words}
