"""What the verbs of kinds of paper, readings and quarantine are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.verbs import name_verbs

KEEPING_VERBS: dict[str, str | Promise] = {
    "seed_paper_kinds": _("furnished the zone with kinds of paper"),
    "read_paper": _("read a paper"),
    "keep_paper_kind": _("changed a kind of paper"),
    "keep_paper_field": _("changed a field of a kind of paper"),
    "drop_paper_field": _("took a field off a kind of paper"),
    "hold_file": _("kept a file apart"),
    "release_file": _("let in a file that was kept apart"),
    "drop_file": _("threw away a file that was kept apart"),
}


def register_keeping() -> None:
    """Lend the house the words of this part; called once from ``apps.py``."""
    name_verbs(KEEPING_VERBS)
