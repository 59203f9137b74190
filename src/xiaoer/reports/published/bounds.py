"""Figures printed as bounds: 100余家 is at least 100, 超过7万辆 is more than 7."""

from enum import StrEnum


class Bound(StrEnum):
    """How a printed number binds the true one."""

    EQ = "eq"
    GE = "ge"
    GT = "gt"
    LE = "le"
    APPROX = "approx"

    @property
    def sign(self) -> str:
        """What stands before the number; nothing when it is exact."""
        return SIGNS[self]


SIGNS = {Bound.EQ: "", Bound.GE: "≥", Bound.GT: ">", Bound.LE: "≤", Bound.APPROX: "≈"}
