"""Registration of the room: what its acts are called wherever they are read."""

from django.apps import AppConfig

from xiaoer.base.subjects import lead_to, let_pin
from xiaoer.base.verbs import name_verbs
from xiaoer.registry.words import VERBS


class RegistryConfig(AppConfig):
    name = "xiaoer.registry"
    label = "registry"

    def ready(self) -> None:
        # Questions can only be asked of tables once they are loaded.
        from xiaoer.registry.queries import merged_numbers  # noqa: PLC0415

        name_verbs(VERBS)
        lead_to(
            {"import_run": "import_run", "party": "enterprise", "grid": "grid", "cell": "cell"}
        )
        let_pin("party", is_shown=True, kin=merged_numbers, about="id")
