"""Row security of standards and forecasts: standards are everybody's to read, a forecast the firm's."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard

OWN = f"party_id = {PARTY} and {KEY} is null"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("growth", "0006_watch_guards")]

    operations: ClassVar = [
        Guard("stat_threshold", outside="true"),
        Guard("size_standard", outside="true"),
        Guard("forecast_override", outside=OWN),
    ]
