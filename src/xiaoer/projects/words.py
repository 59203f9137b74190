"""What the verbs of the life of a project are called in the journal, and the keys of their lines."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.projects.models import Element, Light, Stage

VERBS: dict[str, str | Promise] = {
    "open_project": _("entered a project"),
    "change_project": _("changed a project"),
    "give_up_project": _("gave a project up"),
    "enter_stage": _("reported a stage"),
    "ask_backdating": _("asked to back-date a stage"),
    "grant_backdating": _("granted a back-dated stage"),
    "refuse_backdating": _("refused a back-dated stage"),
    "take_back_stage": _("took a stage back"),
    "prove_condition": _("proved a condition of a stage"),
    "deny_condition": _("found a condition of a stage not met"),
    "keep_condition": _("changed a condition of a stage"),
    "seed_conditions": _("furnished the zone with conditions of stages"),
    "open_project_list": _("opened a list of projects"),
    "change_project_list": _("changed a list of projects"),
    "list_project": _("put a project on a list"),
    "unlist_project": _("took a project off a list"),
    "preview_list": _("looked at a sheet of a list"),
    "choose_listed": _("said which project a row means"),
    "commit_list": _("took over a sheet of a list"),
    "note_chain": _("said where a project stands in the chain"),
    "record_act": _("wrote down an act under a mechanism"),
    "withdraw_act": _("took an act back"),
    "open_stage_batch": _("opened a batch of projects"),
    "add_to_batch": _("counted a project in a batch"),
    "take_off_batch": _("took a project off a batch"),
    "ask_hand_over": _("asked to hand a project over"),
    "refuse_hand_over": _("kept a project in the zone"),
    "hand_over_project": _("handed a project over"),
    "receive_hand_over": _("received a project of another zone"),
    "take_on_project": _("took a project on"),
    "decline_project": _("did not take a project on"),
    "relight": _("the light of a project changed"),
    "relight_zone": _("lit the projects of the zone"),
    "set_light": _("set a light by hand"),
    "lift_light": _("let the computed light count again"),
    "change_light_rule": _("changed a rule of lights"),
    "seed_lights": _("furnished the zone with rules of lights"),
}
DETAILS: dict[str, str | Promise] = {
    "stage": _("stage"),
    "fact_on": _("day of the fact"),
    "light": _("light"),
    "until": _("until"),
    "since": _("since"),
    "amber": _("amber from"),
    "red": _("red from"),
    "element": _("element"),
    "what": _("what"),
    "row": _("row"),
    "is_active": _("in force"),
    "year": _("year"),
}
CODES = {
    "stage": dict(Stage.choices),
    "light": dict(Light.choices),
    "element": dict(Element.choices),
}
