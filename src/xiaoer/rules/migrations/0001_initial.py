"""Tables of the room, whole: made in one step, as the models say."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
import xiaoer.base.founding
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base', '0001_initial'),
        ('registry', '0001_initial'),
    ]

    operations = [
        xiaoer.base.founding.CreateTables(
            tables=[migrations.CreateModel(
                name='Rule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(help_text='such as srdi, hnte, l1_near', max_length=60)),
                    ('name', models.CharField(max_length=80)),
                    ('name_en', models.CharField(blank=True, max_length=120)),
                    ('kind', models.CharField(choices=[('rung', 'rung of a ladder'), ('title', 'title'), ('size', 'size or statistical unit'), ('benefit', 'benefit'), ('watch_list', 'watch-list'), ('alert', 'alert'), ('other', 'other')], max_length=12)),
                    ('level', models.CharField(choices=[('national', 'national'), ('provincial', 'provincial'), ('municipal', 'municipal'), ('zone', 'of the zone')], default='zone', max_length=12)),
                    ('subject', models.CharField(default='party', help_text='whose words it uses', max_length=20)),
                    ('ladder', models.SlugField(blank=True, help_text='business, technology …; a rung', max_length=20)),
                    ('step', models.PositiveSmallIntegerField(default=0, help_text='place in the ladder, 1 is lowest')),
                    ('validity_months', models.PositiveSmallIntegerField(blank=True, null=True)),
                    ('purpose', models.CharField(blank=True, max_length=300)),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ],
                options={
                    'db_table': 'rule',
                    'ordering': ['kind', 'ladder', 'step', 'code'],
                    'indexes': [],
                    'constraints': [models.UniqueConstraint(fields=('zone', 'code'), name='rule_code_once_in_zone')],
                },
            ), migrations.CreateModel(
                name='RuleRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('as_of', models.DateField()),
                    ('known_at', models.DateTimeField()),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('versions', models.JSONField(default=list, help_text='numbers of the rule versions evaluated')),
                    ('subjects', models.PositiveIntegerField(default=0)),
                    ('changed', models.PositiveIntegerField(default=0, help_text='verdicts unlike the run before')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                    ('facts', models.BinaryField(help_text='Arrow; kept by the first run that read them', null=True)),
                    ('facts_digest', models.CharField(blank=True, help_text='SHA-256 of facts and words', max_length=64)),
                ],
                options={
                    'db_table': 'rule_run',
                    'indexes': [models.Index(fields=['zone', '-as_of', '-id'], name='rule_run_latest'), models.Index(condition=models.Q(('facts__isnull', False)), fields=['zone', 'facts_digest'], name='rule_run_facts')],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='RuleVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('applicant', models.CharField(choices=[('any', 'everybody'), ('new', 'new applicants'), ('review', 'under review')], default='any', max_length=8)),
                    ('region', models.CharField(blank=True, help_text='GB/T 2260; empty: everywhere', max_length=12)),
                    ('effective_from', models.DateField()),
                    ('effective_to', models.DateField(blank=True, help_text='last day, included', null=True)),
                    ('document', models.CharField(blank=True, max_length=200)),
                    ('document_no', models.CharField(blank=True, max_length=80)),
                    ('mark', models.CharField(choices=[('A', 'A: the text was read'), ('B', 'B: two sources agree'), ('C', 'C: one secondary source'), ('U', 'U: unverified'), ('D', 'D: set by the zone')], max_length=1)),
                    ('mark_note', models.CharField(blank=True, help_text='what is unverified', max_length=300)),
                    ('review_no', models.CharField(blank=True, help_text='fair-competition review', max_length=80)),
                    ('reviewed_on', models.DateField(blank=True, null=True)),
                    ('state', models.CharField(choices=[('draft', 'draft'), ('waiting', 'waits for a second person'), ('live', 'in force'), ('retired', 'retired')], default='draft', max_length=8)),
                    ('written_at', models.DateTimeField()),
                    ('released_at', models.DateTimeField(blank=True, null=True)),
                    ('retired_at', models.DateTimeField(blank=True, null=True)),
                    ('reason', models.CharField(blank=True, help_text='why sent back, or retired', max_length=300)),
                    ('version', models.PositiveIntegerField(default=1, help_text='grows with every edit')),
                    ('approver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.post')),
                    ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.post')),
                    ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='rules.rule')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ],
                options={
                    'db_table': 'rule_version',
                    'ordering': ['rule', '-number'],
                    'indexes': [],
                    'constraints': [models.UniqueConstraint(fields=('rule', 'number'), name='rule_version_number_once'), models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='rule_version_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('approver__isnull', True), ('author__isnull', True), models.Q(('approver', models.F('author')), _negated=True), _connector='OR'), name='rule_version_needs_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'live'), _negated=True), ('released_at__isnull', False), _connector='OR'), name='rule_version_live_was_released'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('region', ''), ('state', 'live')), expressions=[(models.Func(models.F('rule_id'), models.F('rule_id'), models.Value('[]'), function='int8range', output_field=django.contrib.postgres.fields.ranges.IntegerRangeField()), '&&'), (models.Func(models.F('effective_from'), models.F('effective_to'), models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), (models.Func(models.Case(models.When(applicant='review', then=2), default=1), models.Case(models.When(applicant='new', then=1), default=2), models.Value('[]'), function='int4range', output_field=django.contrib.postgres.fields.ranges.IntegerRangeField()), '&&')], name='rule_version_one_live_at_a_time')],
                },
            ), migrations.CreateModel(
                name='RuleClause',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('name', models.CharField(max_length=120)),
                    ('name_en', models.CharField(blank=True, max_length=200)),
                    ('kind', models.CharField(choices=[('condition', 'condition'), ('blocker', 'blocker'), ('person', 'needs a person'), ('score', 'score')], default='condition', max_length=10)),
                    ('text', models.TextField()),
                    ('any_of', models.PositiveSmallIntegerField(blank=True, null=True)),
                    ('part', models.SlugField(blank=True, max_length=30)),
                    ('is_repairable', models.BooleanField(default=True)),
                    ('advice', models.CharField(blank=True, help_text='what the firm can do about it', max_length=300)),
                    ('advice_en', models.CharField(blank=True, max_length=300)),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                    ('rule_version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clauses', to='rules.ruleversion')),
                ],
                options={
                    'db_table': 'rule_clause',
                    'ordering': ['rule_version', 'position'],
                    'indexes': [],
                    'constraints': [models.UniqueConstraint(fields=('rule_version', 'position'), name='rule_clause_place_once')],
                },
            ), migrations.CreateModel(
                name='RuleCase',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120)),
                    ('as_of', models.DateField()),
                    ('facts', models.JSONField(default=dict, help_text='word to value; a word left out is missing')),
                    ('expected', models.CharField(choices=[('met', 'met'), ('not_met', 'not_met'), ('needs_data', 'needs_data'), ('needs_person', 'needs_person')], max_length=14)),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                    ('rule_version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='rules.ruleversion')),
                ],
                options={
                    'db_table': 'rule_case',
                    'ordering': ['rule_version', 'id'],
                    'indexes': [],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='Verdict',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('met', 'met'), ('not_met', 'not_met'), ('needs_data', 'needs_data'), ('needs_person', 'needs_person')], max_length=14)),
                    ('clauses', models.CharField(max_length=60)),
                    ('low', models.FloatField(blank=True, help_text='score, low end', null=True)),
                    ('high', models.FloatField(blank=True, null=True)),
                    ('since', models.DateField(help_text='as_of of the run that first said so')),
                    ('until', models.DateField(blank=True, help_text='as_of of the run that said otherwise', null=True)),
                    ('party', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.party')),
                    ('rule', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rules.rule')),
                    ('rule_version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rules.ruleversion')),
                    ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rules.rulerun')),
                    ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                    ('ended_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rules.rulerun')),
                ],
                options={
                    'db_table': 'verdict',
                    'indexes': [models.Index(condition=models.Q(('until__isnull', True)), fields=['zone', 'rule', 'state', 'party'], name='verdict_by_state'), models.Index(fields=['party', 'rule', '-since'], name='verdict_of_party')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('zone', 'rule', 'party'), name='verdict_one_in_force')],
                },
            )],
        ),
    ]
