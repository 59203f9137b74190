"""Registration of the room: what its acts are called wherever they are read."""

from django.apps import AppConfig

from xiaoer.base.subjects import lead_to
from xiaoer.base.verbs import name_verbs
from xiaoer.registry.words import VERBS


class RegistryConfig(AppConfig):
    name = "xiaoer.registry"
    label = "registry"

    def ready(self) -> None:
        name_verbs(VERBS)
        lead_to({"import_run": "import_run"})
