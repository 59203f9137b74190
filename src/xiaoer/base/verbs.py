"""Words for verbs, for the audit trail. No tables here, so that ``apps.py`` of any room can call it."""

from collections.abc import Mapping

from django.utils.functional import Promise

# verb -> what a reader calls it. Each room adds its own while the app starts.
_names: dict[str, str | Promise] = {}


def name_verbs(names: Mapping[str, str | Promise]) -> None:
    """Lend the audit trail the words of a room's verbs; called from the room's ``apps.py``."""
    _names.update(names)


def verb_name(verb: str) -> str:
    """A verb in the reader's language; one without words is shown as it is written."""
    return str(_names.get(verb, verb.replace("_", " ")))


def verb_names() -> dict[str, str]:
    """Every verb that has words, for filters."""
    return {verb: str(words) for verb, words in _names.items()}
