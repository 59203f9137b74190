"""Words for the matters, tasks and verbs of the rooms above, lent here while their apps start.

The inbox shows tasks of every room and may not know the rooms. A verb without words is no notice:
it is in the audit trail, and nobody's bell rings for it.
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
    """A kind of matter: its name, the names of its tasks, and its verbs in the past ("answered")."""

    code: str
    name: Words
    tasks: Mapping[str, Words] = field(default_factory=dict)
    verbs: Mapping[str, Words] = field(default_factory=dict)


_kinds: dict[str, MatterKind] = {}
_tasks: dict[str, Words] = {
    OVERSEE: _("See that it is done"),
    INSTRUCTION: _("Carry out the instruction"),
}
_verbs: dict[str, Words] = {
    "transfer_task": _("transferred"),
    "return_task": _("returned"),
    "take_task": _("took on"),
    "supervise_task": _("put under supervision"),
    "instruct": _("instructed"),
    "escalate_task": _("escalated as overdue"),
    "carry_out": _("reported as carried out"),
    "move_due": _("moved the date"),
    "pause_matter": _("stopped the clock"),
    "resume_matter": _("let the clock run on"),
}


def know(kind: MatterKind) -> None:
    """Lend the words of a kind; called once by its room in ``apps.py``."""
    _kinds[kind.code] = kind
    _verbs.update(kind.verbs)


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


def verb_words(verb: str) -> str | None:
    """A verb in the past as people say it; None when it is not worth telling."""
    words = _verbs.get(verb)
    return str(words) if words is not None else None


def told_verbs() -> list[str]:
    """Verbs that have words."""
    return list(_verbs)
