"""Registration of the room: what rooms of one layer lend one another, who may not know each other."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "xiaoer.config"
    label = "config"

    def ready(self) -> None:
        # Asks tables, which are loaded once every room's are.
        from xiaoer.config.lending import titles_that_run_out
        from xiaoer.outreach import reasons

        reasons.know_running_out("titles", titles_that_run_out)
