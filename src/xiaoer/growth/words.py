"""What the verbs of growth are called in the journal, and the keys of their lines."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TITLE_VERBS: dict[str, str | Promise] = {
    "register_title": _("entered a title"),
    "correct_title": _("corrected a title"),
    "renew_title": _("entered the renewal of a title"),
    "withdraw_title": _("entered that a title was withdrawn"),
    "declare_complete": _("said how far the register is complete"),
    "keep_title_kind": _("changed a kind of title"),
    "seed_title_kinds": _("furnished the zone with kinds of titles"),
    "open_batch": _("opened a batch of applications"),
    "change_batch": _("changed a batch of applications"),
    "plan_application": _("planned an application"),
    "move_application": _("moved an application on"),
    "decide_application": _("entered what was decided about an application"),
    "open_list": _("opened a list of firms"),
    "add_member": _("put a firm on a list"),
    "remove_member": _("took a firm off a list"),
    "register_contract": _("entered a technology contract"),
    "take_back_contract": _("took back a technology contract"),
    "preview_titles": _("looked at a sheet of titles"),
    "commit_titles": _("took over a sheet of titles"),
    "finish_title_task": _("reported on a title that runs out"),
}
TITLE_TASKS: dict[str, str | Promise] = {
    "renew_title": _("Prepare a renewal"),
    "update_title": _("Send the yearly update"),
}
