"""A set of papers the project draws itself, to measure reading and deciding: invented, repeatable.

``draw`` makes a paper of a kind with given values, in one of the ways papers really arrive;
``sample`` invents values; ``forge`` changes one character as a forger would.
"""

from tests.paper_set.draw import WAYS, draw
from tests.paper_set.values import forge, sample

__all__ = ["WAYS", "draw", "forge", "sample"]
