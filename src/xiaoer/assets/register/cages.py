"""What the verbs and tasks of cage-change are called, its words for rules, where its records are."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.assets.actions.cage_changing import FINISH, SITE, STEP
from xiaoer.assets.models import CageSite
from xiaoer.assets.vocabulary import ParcelWords, TenantWords, UnitWords
from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import call_by, lead_to
from xiaoer.base.verbs import name_verbs
from xiaoer.rules import vocabularies
from xiaoer.work import kinds

VERBS: dict[str, str | Promise] = {
    "find_cage_sites": _("looked by rules for land and units that do too little"),
    "find_cage_site": _("found a site of cage-change by a rule"),
    "add_site": _("put a site of cage-change on the register"),
    "confirm_site": _("confirmed a site of cage-change"),
    "dismiss_site": _("said that a site does not do too little"),
    "plan_site": _("planned a site of cage-change"),
    "finish_site_step": _("reported on a step of a site"),
    "link_move_in": _("said which move-in comes to a site"),
    "record_gain": _("recorded what a site gained"),
    "finish_site": _("recorded that a site is changed"),
}
TASKS: dict[str, str | Promise] = {
    STEP: _("Step of a site of cage-change"),
    FINISH: _("Finish a site somebody has come to"),
}
DETAILS: dict[str, str | Promise] = {
    "came_in": _("came in instead"),
    "path": _("way"),
    "rule": _("rule"),
    "move_in": _("move-in"),
    "unsure": _("needs data"),
}


def register() -> None:
    name_verbs(VERBS)
    label_details(DETAILS)
    name_codes("path", dict(CageSite.Path.choices))
    kinds.know(kinds.MatterKind(code=SITE, name=_("cage-change"), tasks=TASKS))
    name_codes("kind", {**TASKS, SITE: _("cage-change")})
    lead_to({"cage_site": "cage_site"})
    call_by({"cage_site": "name", "cage_gain": "code"})
    vocabularies.lend(ParcelWords())
    vocabularies.lend(UnitWords())
    vocabularies.lend(TenantWords())
