"""Words of definitions for the journal: what their verbs are called, and the details of a line."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

THING_VERBS: Mapping[str, str | Promise] = {
    "seed_things": _("furnished with things"),
}
THING_DETAILS: Mapping[str, str | Promise] = {}
