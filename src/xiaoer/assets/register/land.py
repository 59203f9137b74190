"""What the land cycle tells the rooms below: its verbs, the keys of their lines, its tasks."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.assets.models import LandPledge, Parcel
from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import call_by, lead_to
from xiaoer.base.verbs import name_verbs
from xiaoer.registry.merging import allow_merge_relation
from xiaoer.work import kinds

VERBS: dict[str, str | Promise] = {
    "seed_land": _("added the rules of land"),
    "set_land_stage_rule": _("changed the rule of a stage of land"),
    "keep_indicator_kind": _("changed a kind of indicator of standard land"),
    "enter_land_stage": _("recorded a stage of a parcel"),
    "take_back_land_step": _("took a stage of a parcel back"),
    "take_back_pledge": _("took a supervision contract back"),
    "set_indicator": _("set an indicator of a parcel"),
    "drop_indicator": _("struck an indicator of a parcel"),
    "sign_indicators": _("recorded a supervision contract"),
    "check_indicator": _("checked an indicator of a parcel"),
    "finish_land_task": _("said what was done about a parcel"),
}
TASKS: dict[str, str | Promise] = {
    "land_next": _("Next stage of a parcel"),
    "land_idle": _("Look into idle land"),
    "land_pledge": _("Sign the supervision contract"),
    "land_check": _("Check what was promised with the land"),
}
DETAILS: dict[str, str | Promise] = {
    "land_stage": _("stage of land"),
    "paper": _("paper"),
    "papers": _("papers"),
    "indicator": _("indicator"),
    "indicators": _("indicators"),
    "is_met": _("reached"),
    "document": _("document"),
    "amount": _("amount"),
}


def register() -> None:
    """Called once from ``apps.py``."""
    name_verbs(VERBS)
    label_details(DETAILS)
    name_codes("land_stage", dict(Parcel.Stage.choices))
    name_codes("kind", {**TASKS, "parcel": _("parcel of land")})
    kinds.know(
        kinds.MatterKind(
            code="parcel",
            name=_("parcel of land"),
            tasks=TASKS,
            told=frozenset({"enter_land_stage", "sign_indicators", "check_indicator"}),
        )
    )
    lead_to({"parcel": "land_parcel", "land_indicator": "land_indicator"})
    call_by({"land_stage_rule": "stage", "land_indicator_kind": "name"})
    allow_merge_relation(LandPledge, "party")
