"""Registration of the room: its verbs, and the words firms' rules are written in."""

from django.apps import AppConfig
from django.utils.functional import Promise

from xiaoer.base.verbs import name_verbs

VERBS: dict[str, str | Promise] = {}


class GrowthConfig(AppConfig):
    name = "xiaoer.growth"
    label = "growth"

    def ready(self) -> None:
        name_verbs(VERBS)
