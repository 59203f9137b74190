"""What monitoring tells the rooms below while the app starts."""

from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import call_by, lead_to
from xiaoer.base.verbs import name_verbs
from xiaoer.growth.actions.alerts import follow_task
from xiaoer.growth.models import Alert, DispatchLine, Target, WatchHand, WatchMember
from xiaoer.growth.vocabulary.watching import WatchLender
from xiaoer.registry.merging import allow_merge_relation
from xiaoer.rules import vocabularies
from xiaoer.work import kinds
from xiaoer.work.actions import task_moved

VERBS = {
    "seed_targets": _("added the rule of lights of targets"),
    "set_target_rule": _("changed the rule of lights of targets"),
    "open_campaign": _("opened a campaign"),
    "close_campaign": _("closed a campaign"),
    "set_target": _("set a target"),
    "change_target": _("changed a target"),
    "drop_target": _("gave up a target"),
    "seed_watch_lists": _("added watch-lists"),
    "keep_watch_list": _("changed a watch-list"),
    "recompute_watch_lists": _("computed the watch-lists anew"),
    "put_on_list": _("put an enterprise on a list"),
    "take_off_list": _("took an enterprise off a list"),
    "make_dispatch": _("made the weekly dispatch"),
    "add_dispatch_line": _("put something on the weekly dispatch"),
    "keep_dispatch_line": _("wrote into the weekly dispatch"),
    "close_dispatch": _("closed the weekly dispatch"),
    "raise_alerts": _("had the alert rules evaluated"),
    "confirm_alert": _("confirmed an alert"),
    "dismiss_alert": _("called an alert false"),
    "mute_alert": _("muted an alert"),
    "handle_alert": _("handled an alert"),
    "report_alert": _("reported on an alert"),
    "give_alert": _("gave an alert to somebody else"),
}
TASKS = {"check_alert": _("Look into an alert"), "take_measure": _("Measure agreed")}
DETAILS = {
    "raised": _("raised"),
    "ended": _("ended"),
    "month": _("month"),
    "amber_points": _("amber from, points"),
    "red_points": _("red from, points"),
    "shares": _("shares by month"),
    "base": _("base"),
}


def register() -> None:
    """Verbs, addresses, names and details of records, and what moves when firms are merged."""
    name_verbs(VERBS)
    label_details(DETAILS)
    lead_to(
        {
            "target": "target",
            "alert": "alert",
            "watch_list": "watch_list",
            "dispatch_week": "dispatch_week",
        }
    )
    call_by(
        {
            "target": "name",
            "campaign": "name",
            "alert": "party__name",
            "watch_list": "name",
            "dispatch_week": "monday",
        }
    )
    kinds.know(kinds.MatterKind(code="alert", name=_("alert"), tasks=TASKS))
    name_codes("kind", {**TASKS, "alert": _("alert")})
    task_moved.connect(follow_task)
    vocabularies.lend(WatchLender())
    allow_merge_relation(Target, "party")
    # What was seen under an entry stays there: one alert of a firm and rule at a time.
    allow_merge_relation(Alert, "party", moves=False)
    allow_merge_relation(WatchMember, "party", moves=False)
    allow_merge_relation(WatchHand, "party", moves=False)
    allow_merge_relation(DispatchLine, "party", moves=False)
