"""Words for the matters and tasks of the rooms above, lent here while their apps start.

The inbox shows tasks of every room and may not know the rooms. A room also says which of its verbs
ring the bell of those who have a part in the matter; all others are in the audit trail only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

OVERSEE = "oversee"
INSTRUCTION = "instruction"
# Tasks that belong to no room above: whoever has them says here that they are done.
OWN_TASKS = frozenset({OVERSEE, INSTRUCTION})


@dataclass(frozen=True, slots=True)
class MatterKind:
    """A kind of matter: its name, the names of its tasks, and the verbs people are told of."""

    code: str
    name: Words
    tasks: Mapping[str, Words] = field(default_factory=dict)
    told: frozenset[str] = frozenset()


_kinds: dict[str, MatterKind] = {}
_tasks: dict[str, Words] = {
    OVERSEE: _("See that it is done"),
    INSTRUCTION: _("Carry out the instruction"),
}
_told: set[str] = {
    "transfer_task",
    "return_task",
    "supervise_task",
    "instruct",
    "escalate_task",
    "carry_out",
    "move_due",
    "pause_matter",
    "resume_matter",
}


def know(kind: MatterKind) -> None:
    """Lend the words of a kind; called once by its room in ``apps.py``."""
    _kinds[kind.code] = kind
    _told.update(kind.told)


def matter_kinds() -> tuple[MatterKind, ...]:
    """Every kind known, in the order the rooms lent them."""
    return tuple(_kinds.values())


def kind_name(code: str) -> str:
    known = _kinds.get(code)
    return str(known.name) if known else code


def task_name(kind: str, task: str) -> str:
    """What a task is called in its kind of matter, or its own code where no room gave it words."""
    known = _kinds.get(kind)
    return str((known.tasks.get(task) if known else None) or _tasks.get(task, task))


def told_verbs() -> list[str]:
    """Verbs that ring the bell."""
    return sorted(_told)
