"""Routes: rules of routes, road distances, searches, rounds and their stops."""

import datetime
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0007_zone_settings'),
        ('outreach', '0010_field_guards'),
        ('registry', '0009_redrawing_guards'),
        ('work', '0009_reminders_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='RoadSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=200)),
                ('read', models.PositiveIntegerField(default=0)),
                ('taken', models.PositiveIntegerField(default=0)),
                ('rejected', models.PositiveIntegerField(default=0)),
                ('missing', models.PositiveIntegerField(default=0, help_text="pairs of the sheet's own places it says nothing about")),
                ('problems', models.JSONField(default=list, help_text='[row, column, words], the first of them')),
                ('at', models.DateTimeField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='base.storedfile')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.post')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
            ],
            options={
                'db_table': 'road_sheet',
            },
        ),
        migrations.CreateModel(
            name='RoadDistance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('metres', models.PositiveIntegerField()),
                ('seconds', models.PositiveIntegerField(blank=True, help_text='empty: by the speed of the rule', null=True)),
                ('from_party', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.party')),
                ('to_party', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.party')),
                ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ('sheet', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='outreach.roadsheet')),
            ],
            options={
                'db_table': 'road_distance',
            },
        ),
        migrations.CreateModel(
            name='RouteRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_longitude', models.FloatField(blank=True, help_text='WGS 84', null=True)),
                ('start_latitude', models.FloatField(blank=True, null=True)),
                ('end_longitude', models.FloatField(blank=True, help_text='empty: back to the start', null=True)),
                ('end_latitude', models.FloatField(blank=True, null=True)),
                ('works_from', models.TimeField(default=datetime.time(8, 30), help_text='nobody sets out before')),
                ('works_until', models.TimeField(default=datetime.time(17, 30), help_text='everybody is back by then')),
                ('lunch_from', models.TimeField(blank=True, default=datetime.time(12, 0), null=True)),
                ('lunch_until', models.TimeField(blank=True, default=datetime.time(13, 30), null=True)),
                ('speed_kmh', models.PositiveSmallIntegerField(default=25)),
                ('road_percent', models.PositiveSmallIntegerField(default=140, help_text='road by great circle, in percent, where no road is imported')),
                ('visit_minutes', models.PositiveSmallIntegerField(default=45)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('mark', models.CharField(blank=True, help_text='A, V, S, B, C, U or D', max_length=2)),
                ('version', models.PositiveIntegerField(default=1)),
                ('zone', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
            ],
            options={
                'db_table': 'route_rule',
            },
        ),
        migrations.CreateModel(
            name='RouteSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('posts', models.JSONField(default=list, help_text='numbers of the posts that go')),
                ('may_exchange', models.BooleanField(default=False, help_text='whether a visit may go to another of them')),
                ('state', models.CharField(choices=[('waiting', 'waiting for its turn'), ('running', 'searching'), ('done', 'ready'), ('failed', 'failed')], default='waiting', max_length=10)),
                ('wants_stop', models.BooleanField(db_default=False, default=False)),
                ('percent', models.PositiveSmallIntegerField(default=0)),
                ('visits', models.PositiveIntegerField(default=0, help_text='visits to be placed')),
                ('placed', models.PositiveIntegerField(default=0, help_text='placed by the best so far')),
                ('metres', models.PositiveIntegerField(blank=True, help_text='of the best so far', null=True)),
                ('minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('best', models.JSONField(default=list, help_text='[day, post, [contacts]] of the best so far')),
                ('guessed', models.PositiveIntegerField(default=0, help_text='pairs of places without a road distance')),
                ('message', models.CharField(blank=True, max_length=500)),
                ('asked_at', models.DateTimeField()),
                ('told_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.post')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
            ],
            options={
                'db_table': 'route_search',
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('state', models.CharField(choices=[('draft', 'draft'), ('kept', 'kept'), ('replaced', 'replaced')], default='draft', max_length=10)),
                ('sets_out_at', models.DateTimeField(blank=True, null=True)),
                ('comes_back_at', models.DateTimeField(blank=True, null=True)),
                ('metres', models.PositiveIntegerField(default=0, help_text='of the legs that are known')),
                ('minutes', models.PositiveIntegerField(default=0, help_text='on the road and at enterprises')),
                ('guessed_legs', models.PositiveIntegerField(default=0, help_text='by great circle and factor')),
                ('unknown_legs', models.PositiveIntegerField(default=0, help_text='a place nobody knows')),
                ('late', models.PositiveIntegerField(default=0, help_text='stops that come too late')),
                ('made_at', models.DateTimeField()),
                ('kept_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('kept_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.post')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='base.post')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ('search', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='outreach.routesearch')),
            ],
            options={
                'db_table': 'visit_round',
            },
        ),
        migrations.CreateModel(
            name='Stop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('arrives_at', models.DateTimeField()),
                ('leaves_at', models.DateTimeField()),
                ('metres', models.PositiveIntegerField(blank=True, help_text='from the stop before; empty: unknown', null=True)),
                ('is_guessed', models.BooleanField(default=False, help_text='by great circle and factor')),
                ('lock', models.CharField(blank=True, choices=[('', 'free'), ('officer', 'stays with the officer'), ('hour', 'stays with the officer at this hour')], default='', max_length=8)),
                ('reason', models.CharField(blank=True, choices=[('', 'in time'), ('window', "after the enterprise's own time"), ('hours', 'after the hours of the day'), ('unknown', 'where it is, nobody has entered')], default='', max_length=8)),
                ('late_minutes', models.PositiveSmallIntegerField(default=0)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='work.contact')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='outreach.round')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
            ],
            options={
                'db_table': 'visit_stop',
                'ordering': ['order'],
            },
        ),
        migrations.AddConstraint(
            model_name='roadsheet',
            constraint=models.CheckConstraint(condition=models.Q(('read', django.db.models.expressions.CombinedExpression(models.F('taken'), '+', models.F('rejected')))), name='road_sheet_loses_no_row'),
        ),
        migrations.AddConstraint(
            model_name='roaddistance',
            constraint=models.UniqueConstraint(fields=('zone', 'from_party', 'to_party'), name='road_distance_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='roaddistance',
            constraint=models.CheckConstraint(condition=models.Q(('from_party__isnull', True), ('to_party__isnull', True), models.Q(('from_party', models.F('to_party')), _negated=True), _connector='OR'), name='road_leads_elsewhere'),
        ),
        migrations.AddConstraint(
            model_name='routerule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('start_latitude__isnull', True), ('start_longitude__isnull', True)), models.Q(('start_latitude__range', (-90, 90)), ('start_longitude__range', (-180, 180))), _connector='OR'), name='route_rule_start_is_a_place'),
        ),
        migrations.AddConstraint(
            model_name='routerule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_latitude__isnull', True), ('end_longitude__isnull', True)), models.Q(('end_latitude__range', (-90, 90)), ('end_longitude__range', (-180, 180)), ('start_longitude__isnull', False)), _connector='OR'), name='route_rule_end_is_a_place'),
        ),
        migrations.AddConstraint(
            model_name='routerule',
            constraint=models.CheckConstraint(condition=models.Q(('works_until__gt', models.F('works_from'))), name='route_rule_day_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='routerule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lunch_from__isnull', True), ('lunch_until__isnull', True)), models.Q(('lunch_from__gt', models.F('works_from')), ('lunch_until__gt', models.F('lunch_from')), ('lunch_until__lt', models.F('works_until'))), _connector='OR'), name='route_rule_lunch_is_within_the_day'),
        ),
        migrations.AddConstraint(
            model_name='routerule',
            constraint=models.CheckConstraint(condition=models.Q(('road_percent__range', (100, 400)), ('speed_kmh__range', (3, 120)), ('visit_minutes__range', (5, 480))), name='route_rule_figures_are_believable'),
        ),
        migrations.AddConstraint(
            model_name='routesearch',
            constraint=models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='route_search_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='routesearch',
            constraint=models.CheckConstraint(condition=models.Q(('percent__lte', 100)), name='route_search_percent'),
        ),
        migrations.AddConstraint(
            model_name='routesearch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('state__in', ['done', 'failed'])), models.Q(models.Q(('state__in', ['done', 'failed']), _negated=True), ('finished_at__isnull', True)), _connector='OR'), name='route_search_ends_once'),
        ),
        migrations.AddIndex(
            model_name='round',
            index=models.Index(fields=['zone', 'post', 'day'], name='round_of_post'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('zone', 'day', 'post'), name='round_one_draft_a_day'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'kept')), fields=('zone', 'day', 'post'), name='round_one_kept_a_day'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'kept'), _negated=True), ('kept_at__isnull', False), _connector='OR'), name='round_kept_has_its_time'),
        ),
        migrations.AddIndex(
            model_name='stop',
            index=models.Index(fields=['contact', 'round'], name='stop_of_contact'),
        ),
        migrations.AddConstraint(
            model_name='stop',
            constraint=models.UniqueConstraint(fields=('round', 'contact'), name='stop_once_in_a_round'),
        ),
        migrations.AddConstraint(
            model_name='stop',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('round', 'order'), name='stop_place_taken_once'),
        ),
        migrations.AddConstraint(
            model_name='stop',
            constraint=models.CheckConstraint(condition=models.Q(('leaves_at__gte', models.F('arrives_at'))), name='stop_leaves_after_it_arrives'),
        ),
        migrations.AddConstraint(
            model_name='stop',
            constraint=models.CheckConstraint(condition=models.Q(('late_minutes', 0), models.Q(('reason', ''), _negated=True), _connector='OR'), name='stop_late_for_a_reason'),
        ),
    ]
