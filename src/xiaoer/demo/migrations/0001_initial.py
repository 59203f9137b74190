"""Tables of the room, whole: made in one step, as the models say."""

import django.db.models.deletion
import xiaoer.base.founding
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base', '0001_initial'),
    ]

    operations = [
        xiaoer.base.founding.CreateTables(
            tables=[migrations.CreateModel(
                name='Persona',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('order', models.PositiveSmallIntegerField(unique=True)),
                    ('name', models.CharField(max_length=60)),
                    ('job', models.CharField(max_length=60)),
                    ('job_en', models.CharField(max_length=60)),
                    ('place', models.CharField(max_length=60)),
                    ('place_en', models.CharField(max_length=60)),
                    ('icon', models.CharField(max_length=40)),
                    ('zone_code', models.CharField(blank=True, max_length=20)),
                    ('side', models.CharField(choices=[('zone', 'in a zone'), ('outside', 'enterprises and others')], default='zone', max_length=10)),
                    ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='persona', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'db_table': 'persona',
                    'ordering': ['order'],
                    'indexes': [],
                    'constraints': [],
                },
            )],
        ),
    ]
