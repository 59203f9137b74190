"""Tables of the room, whole: made in one step, as the models say."""

import django.db.models.deletion
import django.db.models.expressions
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
                name='Metric',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=60, unique=True)),
                    ('name', models.CharField(max_length=60)),
                    ('name_en', models.CharField(blank=True, max_length=120)),
                    ('meaning', models.CharField(blank=True, max_length=300)),
                    ('unit', models.CharField(help_text='code in units, such as CNY_100m', max_length=20)),
                    ('kind', models.CharField(choices=[('level', 'level at a date'), ('flow', 'flow over a period'), ('growth', 'growth on a year before'), ('rank', 'rank'), ('ratio', 'ratio'), ('target', 'target')], max_length=10)),
                    ('adds', models.CharField(choices=[('sum', 'sum'), ('last', 'last value'), ('never', 'does not add up')], default='sum', max_length=10)),
                    ('decimals', models.PositiveSmallIntegerField(default=2)),
                    ('higher_is_better', models.BooleanField(default=True)),
                    ('aliases', models.JSONField(default=list, help_text='other names in headings of sheets')),
                    ('never_negative', models.BooleanField(default=False, help_text="a sheet's -5 is refused")),
                ],
                options={
                    'db_table': 'metric',
                    'ordering': ['code'],
                    'indexes': [],
                    'constraints': [models.UniqueConstraint(fields=('name',), name='metric_name_once')],
                },
            ), migrations.CreateModel(
                name='Source',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200)),
                    ('published_on', models.DateField(blank=True, null=True)),
                    ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='base.storedfile')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ],
                options={
                    'db_table': 'source',
                    'indexes': [],
                    'constraints': [models.UniqueConstraint(fields=('zone', 'name'), name='source_once_in_zone')],
                },
            ), migrations.CreateModel(
                name='Attribute',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('word', models.CharField(max_length=60)),
                    ('flag', models.BooleanField(null=True)),
                    ('day', models.DateField(null=True)),
                    ('text', models.CharField(max_length=200, null=True)),
                    ('valid_from', models.DateField(blank=True, null=True)),
                    ('valid_to', models.DateField(blank=True, help_text='the last day it holds', null=True)),
                    ('source_kind', models.CharField(choices=[('official', 'official register'), ('tax', 'tax'), ('audit', 'audit'), ('platform', 'platform'), ('declared', 'stated by the enterprise'), ('staff', 'checked by staff')], max_length=10)),
                    ('source', models.CharField(max_length=200)),
                    ('known_at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.storedfile')),
                    ('party', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attributes', to='registry.party')),
                    ('post', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.post')),
                    ('zone', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ],
                options={
                    'db_table': 'attribute',
                    'indexes': [models.Index(fields=['zone', 'word', 'party'], name='attribute_by_word')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('day__isnull', True), ('flag__isnull', False), ('text__isnull', True)), models.Q(('day__isnull', False), ('flag__isnull', True), ('text__isnull', True)), models.Q(('day__isnull', True), ('flag__isnull', True), ('text__isnull', False), models.Q(('text', ''), _negated=True)), _connector='OR'), name='attribute_says_one_thing'), models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='attribute_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='attribute_has_a_source'), models.CheckConstraint(condition=models.Q(('source_kind__in', ['official', 'tax', 'audit', 'platform', 'declared', 'staff'])), name='attribute_source_kind'), models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('party', 'word', 'source_kind', 'valid_from', 'known_at'), name='attribute_known_once', nulls_distinct=False)],
                },
            ), migrations.CreateModel(
                name='FirmAlias',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('folded', models.CharField(help_text='the name without marks, forms made equal', max_length=120)),
                    ('name', models.CharField(help_text='as the sheet wrote it', max_length=120)),
                    ('learned_at', models.DateTimeField()),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.party')),
                    ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.post')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ],
                options={
                    'db_table': 'firm_alias',
                    'constraints': [models.UniqueConstraint(fields=('zone', 'folded'), name='firm_alias_once_in_zone')],
                    'indexes': [],
                },
            ), migrations.CreateModel(
                name='FactImport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('file_name', models.CharField(max_length=200)),
                    ('sheet', models.CharField(blank=True, max_length=100)),
                    ('layout', models.CharField(choices=[('list', 'list of indicators'), ('months', 'enterprises by months'), ('indicators', 'enterprises by indicators')], default='list', max_length=10)),
                    ('column', models.CharField(choices=[('reported', 'reported'), ('estimated', 'estimated'), ('official', 'official')], default='reported', max_length=10)),
                    ('mapping', models.JSONField(default=dict, help_text='column index to field key, by a person')),
                    ('state', models.CharField(choices=[('previewed', 'previewed'), ('queued', 'queued'), ('running', 'running'), ('failed', 'failed'), ('committed', 'committed'), ('undone', 'taken back')], default='previewed', max_length=10)),
                    ('read', models.PositiveIntegerField(default=0)),
                    ('created', models.PositiveIntegerField(default=0)),
                    ('updated', models.PositiveIntegerField(default=0, help_text='corrections')),
                    ('unchanged', models.PositiveIntegerField(default=0)),
                    ('rejected', models.PositiveIntegerField(default=0)),
                    ('left_out', models.PositiveIntegerField(default=0, help_text='titles, totals, notes, blank lines')),
                    ('kept_back', models.JSONField(default=list, help_text='what an undo left, each with its reason')),
                    ('at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('undone_at', models.DateTimeField(blank=True, null=True)),
                    ('metric', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facts.metric')),
                    ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.post')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                    ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='base.storedfile')),
                    ('answers', models.JSONField(default=dict, help_text='what a person said to what was asked')),
                    ('goal', models.CharField(blank=True, help_text='what a job is to do: look, commit', max_length=10)),
                    ('message', models.CharField(blank=True, help_text='why a job could not do it', max_length=500)),
                    ('period', models.CharField(blank=True, help_text='what the sheet is of: 2026年10月', max_length=30)),
                    ('phase', models.CharField(blank=True, help_text='reading, checking, writing', max_length=10)),
                    ('seen', models.JSONField(default=dict, help_text='columns, open questions, unknown names, sheets')),
                    ('warned', models.PositiveIntegerField(default=0, help_text='good rows a person should look at')),
                ],
                options={
                    'db_table': 'fact_import',
                    'indexes': [models.Index(fields=['zone', '-id'], name='fact_import_latest')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('read', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('created'), '+', models.F('updated')), '+', models.F('unchanged')), '+', models.F('rejected')))), name='fact_import_loses_no_row')],
                },
            ), migrations.CreateModel(
                name='Rollup',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('starts_on', models.DateField()),
                    ('ends_on', models.DateField()),
                    ('column', models.CharField(choices=[('reported', 'reported'), ('estimated', 'estimated'), ('official', 'official')], max_length=10)),
                    ('total', models.BigIntegerField(help_text='sum of the lower ends, scaled like a value')),
                    ('parties', models.PositiveIntegerField()),
                    ('refreshed_at', models.DateTimeField()),
                    ('metric', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facts.metric')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                    ('bounded', models.PositiveIntegerField(default=0, help_text='of these, known only from below')),
                ],
                options={
                    'db_table': 'rollup',
                    'constraints': [models.UniqueConstraint(fields=('zone', 'metric', 'starts_on', 'ends_on', 'column'), name='rollup_once')],
                    'indexes': [],
                },
            ), migrations.CreateModel(
                name='Value',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('dimension', models.CharField(blank=True, help_text='such as peer=任城区', max_length=120)),
                    ('starts_on', models.DateField()),
                    ('ends_on', models.DateField(help_text='the same day as starts_on for a level at a date')),
                    ('column', models.CharField(choices=[('reported', 'reported'), ('estimated', 'estimated'), ('official', 'official')], max_length=10)),
                    ('low', models.BigIntegerField(null=True)),
                    ('high', models.BigIntegerField(null=True)),
                    ('is_open', models.BooleanField(default=False, help_text='True: the bound itself is excluded')),
                    ('external_ref', models.CharField(blank=True, max_length=60)),
                    ('known_at', models.DateTimeField()),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('metric', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facts.metric')),
                    ('party', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='registry.party')),
                    ('post', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.post')),
                    ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='facts.source')),
                    ('zone', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                    ('aspect', models.CharField(choices=[('value', 'value'), ('growth', 'growth on a year before'), ('rank', 'rank'), ('target', 'target')], default='value', max_length=10)),
                    ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                    ('import_run', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='values', to='facts.factimport')),
                ],
                options={
                    'db_table': 'value',
                    'indexes': [models.Index(condition=models.Q(('party__isnull', True)), fields=['zone', 'metric', 'ends_on'], name='value_of_zone'), models.Index(fields=['party', 'metric', 'ends_on'], name='value_of_party'), models.Index(condition=models.Q(('import_run__isnull', False)), fields=['zone', 'import_run'], name='value_of_import'), models.Index(condition=models.Q(('withdrawn_at__isnull', False)), fields=['zone', 'metric', 'ends_on'], name='value_taken_back')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('low__isnull', False), ('high__isnull', False), _connector='OR'), name='value_says_something'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='value_period'), models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('zone', 'metric', 'ends_on', 'starts_on', 'aspect', 'column', 'dimension', 'party', 'known_at'), name='value_known_once', nulls_distinct=False)],
                },
            ), migrations.CreateModel(
                name='FactImportRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('row_no', models.PositiveIntegerField(help_text='as counted in the sheet, from 1')),
                    ('place', models.CharField(blank=True, help_text='heading of the cell', max_length=60)),
                    ('outcome', models.CharField(choices=[('created', 'new'), ('updated', 'correction'), ('unchanged', 'unchanged'), ('rejected', 'rejected')], max_length=10)),
                    ('what', models.CharField(help_text='the figure in words', max_length=200)),
                    ('reason', models.CharField(blank=True, max_length=300)),
                    ('advice', models.CharField(blank=True, max_length=300)),
                    ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='facts.factimport')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                    ('last', models.BigIntegerField(help_text='what the warning compares it with', null=True)),
                    ('low', models.BigIntegerField(help_text='the figure, scaled like a value', null=True)),
                    ('metric', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facts.metric')),
                    ('warning', models.CharField(blank=True, choices=[('slip', 'ten, a hundred … times the last period'), ('sign', 'other sign than the last period'), ('zero', 'zero where it was not'), ('falls', 'cumulative figure below the month before'), ('sum', 'months do not add up to the cumulative figure'), ('range', 'beyond what the firm had in its last year')], max_length=10)),
                    ('was', models.BigIntegerField(help_text='what it corrects', null=True)),
                ],
                options={
                    'db_table': 'fact_import_row',
                    'indexes': [models.Index(fields=['zone', 'run', 'outcome', 'id'], name='fact_import_row_order')],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='ValueReference',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('external_ref', models.CharField(max_length=60)),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('import_run', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='facts.factimport')),
                    ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facts.source')),
                    ('value', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='references', to='facts.value')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ],
                options={
                    'db_table': 'value_reference',
                    'indexes': [],
                    'constraints': [models.UniqueConstraint(fields=('zone', 'external_ref', 'value'), name='reference_once_a_value')],
                },
            )],
        ),
    ]
