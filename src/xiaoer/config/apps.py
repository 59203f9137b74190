"""Registration of the room: what rooms of one layer lend one another, who may not know each other."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    name = "xiaoer.config"
    label = "config"

    def ready(self) -> None:
        # Asks tables, which are loaded once every room's are.
        from xiaoer.config.lending import (
            above_scale,
            licences_expiring,
            licences_that_run_out,
            near_above_scale,
            titles_that_run_out,
        )
        from xiaoer.outreach import reasons
        from xiaoer.registry.redrawing.loads import lend_load
        from xiaoer.work import reminding

        reminding.know_source(reminding.LICENCE_EXPIRING, licences_expiring)
        reasons.know_running_out("licences", licences_that_run_out)
        reasons.know_running_out("titles", titles_that_run_out)
        reasons.know_tier("above_scale", above_scale)
        lend_load(
            "near_above_scale", _("about to enter the register"), points=3, count=near_above_scale
        )
