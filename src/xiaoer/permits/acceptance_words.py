"""What a phone says on a site, in the reader's language; sent with what it keeps."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIELD: Mapping[str, str | Promise] = {
    "sites": _("Days on sites"),
    "no_sites": _("No building waits for your signature in the coming days."),
    "sign": _("Sign on the site"),
    "second": _("Second who was there"),
    "choose": _("Choose one"),
    "seen": _("What was seen"),
    "defect": _("Defect"),
    "what": _("What is wrong"),
    "add_defect": _("Add a defect"),
    "needs_second": _("Two people of the department sign; name the second who was there."),
    "needs_what": _("Say what is wrong."),
    "needs_clause": _("Name the legal clause it offends."),
    "needs_due": _("Give a day by which it is put right."),
    "clause": _("Legal clause"),
    "due": _("To be put right by"),
    "way": _("Looked at again"),
    "way_site": _("on the site"),
    "way_papers": _("by photographs and papers"),
    "photos": _("Photographs"),
    "passes": _("Without a defect it passes."),
    "owner": _("Owner"),
    "guidance": _("Guidance before"),
}


def field_words() -> dict[str, str]:
    """All of it."""
    return {key: str(said) for key, said in FIELD.items()}
