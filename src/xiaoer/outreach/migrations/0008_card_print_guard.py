"""Row security of card prints; apart, because references are made at the end of a migration."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import Guard


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outreach", "0006_papers_of_a_link")]

    operations: ClassVar = [Guard("card_print")]
