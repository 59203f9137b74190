"""出处: where the facts a rule read of a firm come from, told by the rooms above that can say.

A room above says in its ``apps.py`` how to find out: ``tell_origins(function)``. The words must come
in the reader's language, with an address to go to where there is one.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from xiaoer.registry.models import Party


@dataclass(frozen=True, slots=True)
class Origin:
    """By whose word a fact is known, of which period, since when, and where its proof is seen.

    ``has_paper``: a paper that shows it is kept there.
    """

    source: str
    period: str = ""
    known_on: date | None = None
    to: str = ""
    has_paper: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Which words of which firm, as of which day, by what was known when."""

    party: Party
    names: Collection[str]
    as_of: date
    known_at: datetime


Teller = Callable[[Asked], Mapping[str, Origin]]
_tellers: list[Teller] = []


def tell_origins(teller: Teller) -> None:
    """Add what a room can say; called once from ``apps.py``."""
    if teller not in _tellers:
        _tellers.append(teller)


def origins_of(asked: Asked) -> dict[str, Origin]:
    """The words somebody can account for; of a word told twice, the last."""
    return {name: origin for teller in _tellers for name, origin in teller(asked).items()}
