"""Registration of the room."""

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details
from xiaoer.base.verbs import name_verbs

VERBS = {
    "seed_rules": _("furnished the zone with rules"),
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
