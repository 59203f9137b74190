"""分支: the path of an item through its steps, laid once when its case is accepted.

What an item waits for, its steps and what it results in are kept in its own row, as the version its
case began with said: a step costs the same whatever the size of the definition and of the case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xiaoer.permits.definition import Decides, Item, Step, StepKind
from xiaoer.permits.models import CaseItem

DECISION = Step(StepKind.DECIDE, "审查决定", "Review and decide")


def path_of(item: Item) -> tuple[Step, ...]:
    """The steps of an item as laid out; a grant always ends with a person's decision."""
    ends = bool(item.steps) and item.steps[-1].kind == StepKind.DECIDE
    if ends or (item.steps and item.decides != Decides.GRANT):
        return item.steps
    return (*item.steps, DECISION)


def written(path: Sequence[Step]) -> list[dict[str, Any]]:
    """A path as the row keeps it."""
    return [
        {"kind": str(one.kind), "name": one.name, "name_en": one.name_en,
         "offices": list(one.offices)}
        for one in path
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a branch: what is done there, and by whom."""

    order: int
    kind: StepKind
    name: str
    offices: tuple[str, ...]
    name_en: str = ""


def places_of(item: CaseItem) -> tuple[Place, ...]:
    """The places of an item's path, in order."""
    return tuple(_place(order, one) for order, one in enumerate(item.path))


def _place(order: int, one: Mapping[str, Any]) -> Place:
    return Place(
        order, StepKind(one["kind"]), one["name"], tuple(one["offices"]), one.get("name_en", "")
    )


def place_of(item: CaseItem, order: int) -> Place:
    """A place of the path; one past its end is the decision a disagreement led to."""
    if order < len(item.path):
        return _place(order, item.path[order])
    return Place(order, DECISION.kind, DECISION.name, (), DECISION.name_en)
