"""What other rooms know that decides when to visit whom; they lend it here while their apps start.

Outreach may not know the rooms above it. A room that knows of a tier says which enterprises are in
it; one that knows of something that runs out (a title, a licence) says what and when. Both are asked
once for all enterprises of a list, so that a list costs the same however long it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xiaoer.base.scope import Actor


@dataclass(frozen=True, slots=True)
class RunsOut:
    """Something of an enterprise that runs out, in words, on a day, and where it is seen."""

    words: str
    on: date
    address: str = ""


# Of which of the enterprises a tier holds, on a day; one that is left out is not known.
InTier = Callable[[Actor, Sequence[int], date], Mapping[int, bool]]
# What runs out of the enterprises until a day.
RunningOut = Callable[[Actor, Sequence[int], date], Mapping[int, Sequence[RunsOut]]]

_tiers: dict[str, InTier] = {}
_running_out: dict[str, RunningOut] = {}


def know_tier(code: str, find: InTier) -> None:
    """Lend the answer to who is in a tier; ``code`` is that of the zone's interval."""
    _tiers[code] = find


def know_running_out(code: str, find: RunningOut) -> None:
    """Lend what runs out; ``code`` only keeps a source from being asked twice."""
    _running_out[code] = find


def tiers_of(by: Actor, party_ids: Sequence[int], on: date) -> Mapping[str, Mapping[int, bool]]:
    """Who is in which tier, by the tiers some room knows of."""
    return {code: find(by, party_ids, on) for code, find in _tiers.items()}


def running_out(by: Actor, party_ids: Sequence[int], until: date) -> dict[int, list[RunsOut]]:
    """What runs out of each enterprise until a day, the first first."""
    found: dict[int, list[RunsOut]] = {}
    for find in _running_out.values():
        for party_id, things in find(by, party_ids, until).items():
            found.setdefault(party_id, []).extend(things)
    for things in found.values():
        things.sort(key=lambda thing: thing.on)
    return found
