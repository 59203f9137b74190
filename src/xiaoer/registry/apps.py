"""Registration of the room: what its acts are called wherever they are read."""

from django.apps import AppConfig

from xiaoer.base.details import label_details
from xiaoer.base.subjects import call_by, lead_to, let_pin
from xiaoer.base.verbs import name_verbs
from xiaoer.registry.words import DETAILS, FACTS, VERBS


class RegistryConfig(AppConfig):
    name = "xiaoer.registry"
    label = "registry"

    def ready(self) -> None:
        # Questions can only be asked of tables once they are loaded.
        from xiaoer.base.rights import explain_with
        from xiaoer.registry.queries import merged_numbers
        from xiaoer.registry.queries.reasons import why_seen

        name_verbs(VERBS)
        lead_to(
            {
                "import_run": "import_run",
                "party": "enterprise",
                "grid": "grid",
                "cell": "cell",
                "redrawing": "redrawing",
            }
        )
        call_by(
            {
                "import_run": "file_name",
                "stewardship": "party__name",
                "monitoring_firm": "party__name",
                "representation_code": "party__name",
                "cell_duty": "cell__name",
                "redrawing": "note",
                "redrawing_pin": "party__name",
                "redrawing_line": "party__name",
                "redrawing_rule": "code",
            }
        )
        label_details({**FACTS, **DETAILS})
        explain_with(why_seen)
        let_pin("party", is_shown=True, kin=merged_numbers, about="id")
