"""Registration of the room."""

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details
from xiaoer.base.verbs import name_verbs

VERBS = {
    "seed_rules": _("furnished the zone with rules"),
    "open_rule": _("opened a rule"),
    "draft_version": _("drafted a version of a rule"),
    "edit_draft": _("edited a draft of a rule"),
    "withdraw_draft": _("gave up a draft of a rule"),
    "add_case": _("added a test case"),
    "drop_case": _("dropped a test case"),
    "ask_release": _("asked for release of a rule"),
    "release_version": _("released a rule"),
    "send_back": _("sent a rule back"),
    "retire_version": _("retired a rule"),
    "end_version": _("ended a version of a rule"),
    "run_rules": _("evaluated the rules"),
}
DETAILS: dict[str, str | Promise] = {
    "rules": _("rules"),
    "versions": _("versions"),
    "subjects": _("enterprises"),
    "changed": _("changed"),
}


class RulesConfig(AppConfig):
    name = "xiaoer.rules"
    label = "rules"

    def ready(self) -> None:
        # Tables can only be named once every room's are loaded.
        from xiaoer.registry.merging import allow_merge_relation
        from xiaoer.rules.models import Verdict

        name_verbs(VERBS)
        label_details(DETAILS)
        # What was said of an entry stays with it; the kept entry is evaluated anew.
        allow_merge_relation(Verdict, "party", moves=False)
