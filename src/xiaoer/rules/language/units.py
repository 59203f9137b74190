"""Units of what is computed: CNY by person is CNY/person, CNY by CNY is a share.

A unit is a product of powers, such as ``(("CNY", 1), ("person", -1))``; a share, a rank and any
word without a unit have none: ``()``. A constant has not yet one (``None``): it takes the unit of
what it is compared with or added to.
"""

Unit = tuple[tuple[str, int], ...]

BARE: Unit = ()
DAYS: Unit = (("day", 1),)
MONEY: Unit = (("CNY", 1),)


def unit_of(code: str) -> Unit:
    """The unit of a word by its code."""
    return BARE if code in {"", "share"} else ((code, 1),)


def multiplied(left: Unit | None, right: Unit | None, sign: int = 1) -> Unit | None:
    """The unit of a product (``sign`` 1) or of a quotient (-1)."""
    if left is None and right is None:
        return None
    powers = dict(left or BARE)
    for code, power in right or BARE:
        powers[code] = powers.get(code, 0) + sign * power
    return tuple(sorted((code, power) for code, power in powers.items() if power))


def raised(unit: Unit | None, exponent: int) -> Unit | None:
    return None if unit is None else tuple((code, power * exponent) for code, power in unit)


def rooted(unit: Unit | None) -> Unit | None:
    """The unit of a square root; that of an odd power nobody names, and it fits everything."""
    if unit is None or any(power % 2 for _code, power in unit):
        return None
    return tuple((code, power // 2) for code, power in unit)


def named(unit: Unit | None) -> str:
    """How a message names a unit: ``CNY/person``."""
    if not unit:
        return "share"
    above = "·".join(_power(code, power) for code, power in unit if power > 0) or "1"
    below = "·".join(_power(code, -power) for code, power in unit if power < 0)
    return f"{above}/{below}" if below else above


def _power(code: str, power: int) -> str:
    return code if power == 1 else f"{code}^{power}"
