"""Registration of the room: its verbs, and the words firms' rules are written in."""

from django.apps import AppConfig
from django.utils.functional import Promise

from xiaoer.base.verbs import name_verbs

VERBS: dict[str, str | Promise] = {}


class GrowthConfig(AppConfig):
    name = "xiaoer.growth"
    label = "growth"

    def ready(self) -> None:
        from xiaoer.facts.vocabulary import FiguresLender
        from xiaoer.registry.vocabulary import RegistryLender
        from xiaoer.rules import vocabularies

        name_verbs(VERBS)
        # The registry first: its firms are the subjects.
        for lender in (RegistryLender(), FiguresLender()):
            vocabularies.lend(lender)
