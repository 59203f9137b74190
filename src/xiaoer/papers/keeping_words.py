"""What the verbs of kinds of paper, readings and quarantine are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.verbs import name_verbs

KEEPING_VERBS: dict[str, str | Promise] = {
    "seed_paper_kinds": _("furnished the zone with kinds of paper"),
    "read_paper": _("read a paper"),
}


def register_keeping() -> None:
    """Lend the house the words of this part; called once from ``apps.py``."""
    name_verbs(KEEPING_VERBS)
