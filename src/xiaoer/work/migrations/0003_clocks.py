"""Limits as they were given, stops of the clock, stamps of the calendar."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0002_guards'),
        ('work', '0002_guards'),
    ]

    operations = [
        migrations.AddField(
            model_name='calendaryear',
            name='stamp',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='limitrule',
            name='is_pausable',
            field=models.BooleanField(db_default=False, default=False, help_text='stops for the reasons of art. 45, Licensing Law'),
        ),
        migrations.AddField(
            model_name='task',
            name='limit_count',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='limit_unit',
            field=models.CharField(blank=True, choices=[('working_day', 'working day'), ('calendar_day', 'calendar day'), ('hour', 'hour'), ('working_hour', 'working hour'), ('month', 'month')], db_default='', max_length=20),
        ),
        migrations.AlterField(
            model_name='limitrule',
            name='unit',
            field=models.CharField(choices=[('working_day', 'working day'), ('calendar_day', 'calendar day'), ('hour', 'hour'), ('working_hour', 'working hour'), ('month', 'month')], max_length=20),
        ),
        migrations.AlterField(
            model_name='pause',
            name='reason',
            field=models.CharField(choices=[('hearing', 'hearing'), ('tender', 'tender'), ('auction', 'auction'), ('inspection', 'inspection, testing or quarantine'), ('appraisal', 'appraisal'), ('expert_review', 'expert review')], max_length=40),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('done_by__isnull', False)), fields=['zone', 'done_by', 'done_at'], name='task_done_by'),
        ),
    ]
