"""What monitoring tells the rooms below while the app starts."""

from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details
from xiaoer.base.subjects import call_by, lead_to
from xiaoer.base.verbs import name_verbs
from xiaoer.growth.models import Alert, DispatchLine, Target, WatchHand, WatchMember
from xiaoer.registry.merging import allow_merge_relation

VERBS = {
    "seed_targets": _("added the rule of lights of targets"),
    "set_target_rule": _("changed the rule of lights of targets"),
    "open_campaign": _("opened a campaign"),
    "close_campaign": _("closed a campaign"),
    "set_target": _("set a target"),
    "change_target": _("changed a target"),
    "drop_target": _("gave up a target"),
}
DETAILS = {
    "amber_points": _("amber from, points"),
    "red_points": _("red from, points"),
    "shares": _("shares by month"),
    "base": _("base"),
}


def register() -> None:
    """Verbs, addresses, names and details of records, and what moves when firms are merged."""
    name_verbs(VERBS)
    label_details(DETAILS)
    lead_to({"target": "target"})
    call_by({"target": "name", "campaign": "name"})
    allow_merge_relation(Target, "party")
    # What was seen under an entry stays there: one alert of a firm and rule at a time.
    allow_merge_relation(Alert, "party", moves=False)
    allow_merge_relation(WatchMember, "party", moves=False)
    allow_merge_relation(WatchHand, "party", moves=False)
    allow_merge_relation(DispatchLine, "party", moves=False)
