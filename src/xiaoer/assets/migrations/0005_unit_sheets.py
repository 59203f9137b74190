"""Sheets of units are remembered, and what came by which."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assets', '0004_live'),
        ('base', '0007_zone_settings'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnitSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=150)),
                ('created', models.PositiveIntegerField(help_text='units')),
                ('changed', models.PositiveIntegerField(help_text='units')),
                ('leases', models.PositiveIntegerField()),
                ('rejected', models.PositiveIntegerField(help_text='rows')),
                ('before', models.JSONField(blank=True, default=dict)),
                ('versions', models.JSONField(blank=True, default=dict)),
                ('stays', models.JSONField(blank=True, default=list, help_text='[{what, why}]')),
                ('at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.storedfile')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.post')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
            ],
            options={
                'db_table': 'unit_sheet',
            },
        ),
        migrations.AddField(
            model_name='building',
            name='sheet',
            field=models.ForeignKey(blank=True, help_text='brought it in', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.unitsheet'),
        ),
        migrations.AddField(
            model_name='lease',
            name='sheet',
            field=models.ForeignKey(blank=True, help_text='brought it in', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.unitsheet'),
        ),
        migrations.AddField(
            model_name='unit',
            name='sheet',
            field=models.ForeignKey(blank=True, help_text='brought it in', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.unitsheet'),
        ),
        migrations.AddIndex(
            model_name='unitsheet',
            index=models.Index(fields=['zone', '-at'], name='unit_sheet_latest'),
        ),
    ]
