"""What steps of plans follow: cases and acceptances of the rooms above, lent here while their apps start.

A plan may not know the rooms. A room says, for the codes of a plan's steps, what of its own they
name: what it is called and how it stands, where its page is, and its light.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from xiaoer.base.scope import Actor
from xiaoer.web.marks import Colour
from xiaoer.work.models import Plan, Step


@dataclass(frozen=True, slots=True)
class Followed:
    """One record a step follows, or, ``is_open`` false, where the reader can begin one."""

    words: str
    address: str
    light: Colour = "grey"
    is_open: bool = True


Finder = Callable[[Actor, Plan, Sequence[Step], datetime], Mapping[str, Followed]]
_finders: list[Finder] = []


def lend(finder: Finder) -> None:
    """Say what of a room the steps of a plan name; called once by the room in ``apps.py``."""
    _finders.append(finder)


def followed(*, by: Actor, plan: Plan, steps: Sequence[Step], now: datetime) -> dict[str, Followed]:
    """By the code of the step; each room asks as often for many steps as for one."""
    found: dict[str, Followed] = {}
    for finder in _finders if steps else ():
        found |= finder(by, plan, steps, now)
    return found
