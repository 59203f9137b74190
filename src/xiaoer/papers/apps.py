"""Registration of the room: its verbs, and how its records are called."""

from django.apps import AppConfig
from django.utils.functional import Promise

from xiaoer.base.subjects import call_by
from xiaoer.base.verbs import name_verbs
from xiaoer.papers.keeping_words import register_keeping
from xiaoer.papers.licence_words import register_licences

VERBS: dict[str, str | Promise] = {}


class PapersConfig(AppConfig):
    name = "xiaoer.papers"
    label = "papers"

    def ready(self) -> None:
        # Tables can only be named once every room's are loaded.
        from xiaoer.papers.models import HeldPaper, Licence, OfficialNotice
        from xiaoer.registry.merging import allow_merge_relation

        name_verbs(VERBS)
        register_keeping()
        register_licences()
        call_by({"paper_kind": "name", "held_paper": "name", "licence": "number"})
        for model in (HeldPaper, Licence, OfficialNotice):
            allow_merge_relation(model, "party")
