"""A sheet remembers the reservations that became its leases, so that taking it back keeps them again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assets', '0006_undo'),
    ]

    operations = [
        migrations.AddField(
            model_name='unitsheet',
            name='ended',
            field=models.JSONField(blank=True, default=dict),
        ),
    ]

