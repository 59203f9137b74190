"""What the columns of a step are called, for the audit trail, refusals, sheets and forms."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STEP_WORDS: Mapping[str, str | Promise] = {
    "code": _("code"),
    "name": _("name"),
    "name_en": _("name in English"),
    "phase": _("phase"),
    "order": _("place in the list"),
    "doer": _("who does it"),
    "doer_name": _("named"),
    "office_id": _("office"),
    "post_id": _("post"),
    "low": _("at least"),
    "likely": _("likely days"),
    "high": _("at most"),
    "unit": _("counted in"),
    "is_government": _("the government's own"),
    "limit_count": _("limit by law"),
    "limit_unit": _("limit counted in"),
    "limit_source": _("source of the limit"),
    "resource_id": _("resource"),
    "resource_units": _("takes of it"),
    "needs": _("element it needs"),
    "milestone": _("means for the project"),
    "not_before": _("not before"),
    "not_after": _("must end by"),
    "started_on": _("started on"),
    "finished_on": _("ended on"),
    "remaining": _("days left"),
    "remaining_on": _("days left counted from"),
    "share": _("percent done"),
    "blocked_by": _("held up by"),
}
