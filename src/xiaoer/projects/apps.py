"""Registration of the room: its verbs, and how its records are called."""

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details
from xiaoer.base.subjects import call_by
from xiaoer.base.verbs import name_verbs
from xiaoer.projects import livelihood_register
from xiaoer.projects.money_words import register_money

VERBS: dict[str, str | Promise] = {
    "place_project": _("placed a project on the map"),
}


class ProjectsConfig(AppConfig):
    name = "xiaoer.projects"
    label = "projects"

    def ready(self) -> None:
        # Tables can only be named once every room's are loaded.
        from xiaoer.projects import element_words, reserve_register
        from xiaoer.projects.actions import answering, holding
        from xiaoer.projects.models import Ambassador, ElementNeed, Project, ZonePromise
        from xiaoer.registry.merging import allow_merge_relation
        from xiaoer.work import actions as work

        name_verbs(VERBS)
        label_details({"area_m2": _("area, m²")})
        register_money()
        reserve_register.register()
        livelihood_register.register()
        call_by({"project": "name", "project_list": "name", "element_need": "what"})
        element_words.tell()
        work.task_moved.connect(answering.follow_task)
        work.plan_moved.connect(holding.follow_plan)
        for model in (Ambassador, Project, ElementNeed, ZonePromise):
            allow_merge_relation(model, "party")
