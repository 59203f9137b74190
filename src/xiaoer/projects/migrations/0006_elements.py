"""Tables made in one step."""

import django.db.models.deletion
import xiaoer.base.founding
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0007_zone_settings'),
        ('projects', '0005_goal_and_rule'),
        ('registry', '0009_redrawing_guards'),
        ('work', '0011_plans_guards'),
    ]

    operations = [
        migrations.AddField(
            model_name='elementneed',
            name='origin',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='work.matter'),
        ),
        migrations.AddField(
            model_name='elementneed',
            name='ready_amount',
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True),
        ),
        migrations.AddIndex(
            model_name='elementneed',
            index=models.Index(fields=['project', 'kind'], name='element_need_of_project'),
        ),
        migrations.AddConstraint(
            model_name='elementneed',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', True), ('amount__gt', 0), _connector='OR'), name='element_need_is_some'),
        ),
        migrations.AddConstraint(
            model_name='elementneed',
            constraint=models.CheckConstraint(condition=models.Q(('ready_amount__isnull', True), models.Q(('ready_amount__gt', 0), ('state', 'ready')), _connector='OR'), name='element_need_came_when_ready'),
        ),
        xiaoer.base.founding.CreateTables(
            tables=[migrations.CreateModel(
                name='DayMove',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('before_on', models.DateField()),
                    ('promised_on', models.DateField()),
                    ('reason', models.CharField(max_length=300)),
                    ('at', models.DateTimeField()),
                    ('need', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='projects.elementneed')),
                    ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.post')),
                    ('promise', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='projects.zonepromise')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ],
                options={
                    'db_table': 'day_move',
                    'ordering': ['id'],
                    'indexes': [models.Index(fields=['zone', 'at'], name='day_move_of_week')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('need__isnull', False), ('promise__isnull', True)), models.Q(('need__isnull', True), ('promise__isnull', False)), _connector='OR'), name='day_move_of_one_answer'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='day_move_says_why')],
                },
            )],
        ),
    ]
