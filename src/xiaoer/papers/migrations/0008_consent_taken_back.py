"""A single consent is taken back: the row stays and says when, and by whom."""

from typing import ClassVar

from django.db import migrations, models

from xiaoer.base.guard import ZONE

MAY_CHANGE = f"""
create policy staff_update on paper_consent for update to xiaoer_app using ({ZONE}) with check ({ZONE});
grant update on paper_consent to xiaoer_app;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("papers", "0007_checking")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="paperconsent", name="paper_consent_once"),
        migrations.AddField(
            model_name="paperconsent",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="paperconsent",
            name="withdrawn_by",
            field=models.CharField(blank=True, help_text="who took it back", max_length=120),
        ),
        migrations.AddConstraint(
            model_name="paperconsent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("paper", "subject_type", "subject_id"),
                name="paper_consent_once",
            ),
        ),
        migrations.RunSQL(MAY_CHANGE, migrations.RunSQL.noop),
    ]
