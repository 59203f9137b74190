"""Registration of the room: what its acts in bulk are called in the audit trail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiaoer.base.verbs import name_verbs


class DemoConfig(AppConfig):
    name = "xiaoer.demo"
    label = "demo"

    def ready(self) -> None:
        name_verbs(
            {
                "add_parties": _("added enterprises to the registry"),
                "assign_stewards": _("named who answers for enterprises"),
                "log_visits": _("logged visits"),
                "open_kinds": _("opened kinds of requests"),
            }
        )
