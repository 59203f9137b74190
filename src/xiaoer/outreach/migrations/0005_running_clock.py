"""A visit goes along when two entries of one firm are merged."""

from django.db import migrations

from xiaoer.base.guard import ZONE


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0002_guards'),
        ('outreach', '0004_steps_guards'),
        ('registry', '0003_search'),
        ("work", "0002_guards"),
    ]

    operations = [
        # A visit is never changed, but it goes along when two entries of one firm are merged.
        migrations.RunSQL(
            f"""
            create policy merged_update on visit for update to xiaoer_app
              using ({ZONE}) with check ({ZONE});
            grant update (party_id) on visit to xiaoer_app;
            """
        ),
    ]
