"""Quantities as the zone's people write them, and the one base unit each is kept in.

Money in whole fen, areas in m², weights in tonnes, energy in kWh (度), shares in per cent.
"""

from xiaoer.base.reading import Unreadable
from xiaoer.base.units.measures import (
    AREA,
    COUNT,
    ENERGY,
    MASS,
    PERCENT,
    Measure,
    parse_area,
    parse_count,
    parse_energy,
    parse_mass,
    parse_percent,
    show_area,
    show_count,
    show_energy,
    show_mass,
    show_percent,
)
from xiaoer.base.units.money import (
    WAN_DOLLARS,
    WAN_YUAN,
    YI_YUAN,
    YUAN,
    Money,
    MoneyUnit,
    amount_in,
    money_in,
    money_unit,
    parse_money,
    show_money,
)

__all__ = [
    "AREA",
    "COUNT",
    "ENERGY",
    "MASS",
    "PERCENT",
    "WAN_DOLLARS",
    "WAN_YUAN",
    "YI_YUAN",
    "YUAN",
    "Measure",
    "Money",
    "MoneyUnit",
    "Unreadable",
    "amount_in",
    "money_in",
    "money_unit",
    "parse_area",
    "parse_count",
    "parse_energy",
    "parse_mass",
    "parse_money",
    "parse_percent",
    "show_area",
    "show_count",
    "show_energy",
    "show_mass",
    "show_money",
    "show_percent",
]
