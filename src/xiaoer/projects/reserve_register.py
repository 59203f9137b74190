"""Registration of the register: its verbs, how its records are called, what moves when firms merge."""

from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import lead_to, let_pin
from xiaoer.base.verbs import name_verbs
from xiaoer.projects import element_words, words
from xiaoer.projects.models import MechanismAct
from xiaoer.registry.merging import allow_merge_relation
from xiaoer.work import kinds


def register() -> None:
    name_verbs(words.VERBS)
    label_details(words.DETAILS)
    for key, codes in words.CODES.items():
        name_codes(key, codes)
    lead_to({"project": "project", "project_list": "project_list", "list_sheet": "list_sheet"})
    # The firm that builds it reads what is shown to it; staff hang the papers of the stages.
    let_pin("project", is_shown=True)
    kinds.know(
        kinds.MatterKind(
            code="project",
            name=_("project"),
            tasks=element_words.PROJECT_TASKS,
            told=frozenset({"enter_stage", "grant_backdating", "take_back_stage"}),
        )
    )
    name_codes("kind", {"project": _("project")})
    allow_merge_relation(MechanismAct, "party")
