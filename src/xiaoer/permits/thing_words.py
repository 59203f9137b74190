"""Words of definitions: what verbs and details are called in the journal, and choices on pages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

THING_VERBS: Words = {
    "seed_things": _("furnished with things"),
    "open_thing": _("took up a thing"),
    "change_thing": _("described a thing anew"),
    "end_thing": _("ended a thing"),
    "draft_thing_version": _("began a version"),
    "change_thing_draft": _("wrote on a draft"),
    "withdraw_thing_draft": _("gave a draft up"),
    "release_thing_version": _("put a version in force"),
    "retire_thing_version": _("retired a version"),
    "end_thing_version": _("ended a version"),
}
THING_DETAILS: Words = {
    "target": _("for whom"),
    "batch": _("published list"),
    "is_value_added": _("value-added service"),
    "summary": _("in a few words"),
    "summary_en": _("in a few words, English"),
    "basis": _("legal basis"),
    "parts": _("parts"),
    "from_day": _("from"),
}
