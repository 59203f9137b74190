"""Registration of the room: its verbs, and how its records are called."""

from django.apps import AppConfig
from django.utils.functional import Promise

from xiaoer.base.subjects import call_by
from xiaoer.base.verbs import name_verbs

VERBS: dict[str, str | Promise] = {}


class PermitsConfig(AppConfig):
    name = "xiaoer.permits"
    label = "permits"

    def ready(self) -> None:
        # Tables can only be named once every room's are loaded.
        from xiaoer.permits.models import Case
        from xiaoer.registry.merging import allow_merge_relation

        name_verbs(VERBS)
        call_by({"thing": "name", "permit_case": "number", "case_item": "name"})
        allow_merge_relation(Case, "party")
