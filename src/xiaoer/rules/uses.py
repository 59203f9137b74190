"""用在哪里: where a rule is used, told by the rooms above that use it.

A room above says in its ``apps.py`` how to find out: ``tell_uses(list_of_uses)``. The words must come
in the reader's language, with an address to go to where there is one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xiaoer.rules.models import Rule


@dataclass(frozen=True, slots=True)
class Use:
    """One use in words, such as *ladder of technology, step 3*, and where to see it."""

    words: str
    to: str = ""


Teller = Callable[[Rule], Sequence[Use]]
_tellers: list[Teller] = []


def tell_uses(teller: Teller) -> None:
    """Add a room's uses; called once from ``apps.py``."""
    if teller not in _tellers:
        _tellers.append(teller)


def uses_of(rule: Rule) -> list[Use]:
    return [use for teller in _tellers for use in teller(rule)]
