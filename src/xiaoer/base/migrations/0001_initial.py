"""Tables of the room, whole: made in one step, as the models say."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import xiaoer.base.founding
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        xiaoer.base.founding.CreateTables(
            tables=[migrations.CreateModel(
                name='City',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=20, unique=True)),
                    ('name', models.CharField(max_length=60)),
                    ('name_en', models.CharField(blank=True, max_length=120)),
                ],
                options={
                    'db_table': 'city',
                    'indexes': [],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='Installation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('is_demo', models.BooleanField()),
                    ('opened_at', models.DateTimeField()),
                    ('built_at', models.DateTimeField(blank=True, null=True)),
                    ('backed_up_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'db_table': 'installation',
                    'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='installation_is_one_row')],
                    'indexes': [],
                },
            ), migrations.CreateModel(
                name='Account',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('username', models.CharField(max_length=60, unique=True)),
                    ('email', models.EmailField(blank=True, max_length=254)),
                    ('is_active', models.BooleanField(default=True)),
                    ('must_change_password', models.BooleanField(default=False)),
                    ('language', models.CharField(blank=True, max_length=10)),
                    ('joined_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ],
                options={
                    'db_table': 'account',
                    'indexes': [],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='OnceKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(unique=True)),
                    ('answer', models.TextField(blank=True)),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('asked', models.CharField(blank=True, db_default='', default='', help_text='SHA-256 of the call', max_length=64)),
                    ('body', models.TextField(blank=True, db_default='', default='')),
                    ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ],
                options={
                    'db_table': 'once_key',
                    'indexes': [],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='Zone',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=20, unique=True)),
                    ('name', models.CharField(max_length=60)),
                    ('name_en', models.CharField(blank=True, max_length=120)),
                    ('region_code', models.CharField(blank=True, help_text='GB/T 2260', max_length=6)),
                    ('complaint_phone', models.CharField(blank=True, max_length=30)),
                    ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='zones', to='base.city')),
                ],
                options={
                    'db_table': 'zone',
                    'ordering': ['id'],
                    'indexes': [],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='AccessMiss',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('post_ref', models.BigIntegerField(null=True)),
                    ('zone_ref', models.IntegerField(null=True)),
                    ('method', models.CharField(max_length=10)),
                    ('path', models.CharField(max_length=300)),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='misses', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'db_table': 'access_miss',
                    'indexes': [models.Index(fields=['account', '-at'], name='miss_by_account')],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='ApiToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('post_ref', models.BigIntegerField()),
                    ('name', models.CharField(max_length=60)),
                    ('token_hash', models.CharField(max_length=64, unique=True)),
                    ('scopes', models.JSONField(default=list)),
                    ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('expires_at', models.DateTimeField()),
                    ('used_at', models.DateTimeField(null=True)),
                    ('revoked_at', models.DateTimeField(null=True)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'db_table': 'api_token',
                    'indexes': [],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='Office',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('department', 'department'), ('command', 'command office'), ('task_force', 'task force'), ('park_body', 'park body'), ('outside', 'outside body')], default='department', max_length=20)),
                    ('name', models.CharField(max_length=60)),
                    ('name_en', models.CharField(blank=True, max_length=120)),
                    ('purpose', models.CharField(blank=True, max_length=200)),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('since', models.DateField(blank=True, null=True)),
                    ('until', models.DateField(blank=True, null=True)),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='base.office')),
                    ('zone', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                    ('version', models.PositiveIntegerField(db_default=1, default=1)),
                ],
                options={
                    'db_table': 'office',
                    'ordering': ['order', 'id'],
                    'indexes': [],
                    'constraints': [models.UniqueConstraint(fields=('zone', 'name'), name='office_name_once_in_zone')],
                },
            ), migrations.CreateModel(
                name='Person',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60)),
                    ('name_en', models.CharField(blank=True, max_length=120)),
                    ('work_no', models.CharField(blank=True, max_length=30)),
                    ('phone', models.CharField(blank=True, max_length=30)),
                    ('left_on', models.DateField(blank=True, null=True)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to=settings.AUTH_USER_MODEL)),
                    ('zone', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ],
                options={
                    'db_table': 'person',
                    'indexes': [],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('work_no', ''), _negated=True), fields=('zone', 'work_no'), name='person_work_no_once_in_zone')],
                },
            ), migrations.CreateModel(
                name='StoredFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sha256', models.CharField(max_length=64)),
                    ('media_type', models.CharField(max_length=100)),
                    ('size', models.PositiveBigIntegerField(help_text='bytes')),
                    ('kept_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                    ('signs', models.JSONField(blank=True, db_default=[], default=list, help_text='[codes] noticed on arrival')),
                ],
                options={
                    'db_table': 'stored_file',
                    'indexes': [],
                    'constraints': [models.UniqueConstraint(fields=('zone', 'sha256'), name='file_kept_once_in_zone')],
                },
            ), migrations.CreateModel(
                name='Post',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(choices=[('grid_officer', 'grid officer'), ('steward', 'steward'), ('zone_leader', 'zone leader'), ('service_desk', 'enterprise service desk'), ('department', 'department'), ('economy', 'economic operations'), ('project', 'project team'), ('investment', 'investment promotion'), ('approval', 'approval bureau'), ('innovation', 'innovation centre'), ('finance', 'finance office'), ('exchange', 'exchange centre'), ('environment', 'discipline and environment office'), ('statistics', 'statistics'), ('administrator', 'administrator'), ('enterprise', 'enterprise'), ('park_operator', 'park operator'), ('party', 'party'), ('bank', 'bank'), ('institute', 'institute'), ('expert', 'expert'), ('observer', 'observer'), ('city', 'city')], max_length=20)),
                    ('title', models.CharField(blank=True, max_length=60)),
                    ('is_lead', models.BooleanField(default=False)),
                    ('party_ref', models.BigIntegerField(blank=True, null=True)),
                    ('since', models.DateField()),
                    ('until', models.DateField(blank=True, null=True)),
                    ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='base.office')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='base.person')),
                    ('zone', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ],
                options={
                    'db_table': 'post',
                    'indexes': [],
                    'constraints': [models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='post_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('role', 'enterprise'), _negated=True), ('party_ref__isnull', False), _connector='OR'), name='post_of_an_enterprise_names_it')],
                },
            ), migrations.CreateModel(
                name='Deputy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateField()),
                    ('until', models.DateField()),
                    ('reason', models.CharField(blank=True, max_length=100)),
                    ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputising', to='base.post')),
                    ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputies', to='base.post')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ],
                options={
                    'db_table': 'deputy',
                    'indexes': [],
                    'constraints': [models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='deputy_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('post', models.F('deputy')), _negated=True), name='deputy_is_someone_else')],
                },
            ), migrations.CreateModel(
                name='JournalLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('who', models.CharField(help_text='name and office as they were at that moment', max_length=120)),
                    ('verb', models.CharField(max_length=60)),
                    ('subject_type', models.CharField(max_length=40)),
                    ('subject_id', models.BigIntegerField()),
                    ('party_ref', models.BigIntegerField(null=True)),
                    ('detail', models.JSONField(default=dict)),
                    ('txid', models.BigIntegerField(db_default=django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Cast(models.Func(function='pg_current_xact_id'), models.TextField()), models.BigIntegerField()))),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.person')),
                    ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.post')),
                    ('zone', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ],
                options={
                    'db_table': 'journal_line',
                    'indexes': [models.Index(fields=['zone', 'subject_type', 'subject_id', 'id'], name='journal_subject'), models.Index(fields=['zone', '-id'], name='journal_latest'), models.Index(fields=['txid', 'id'], name='journal_commit_order'), models.Index(fields=['zone', 'who', '-id'], name='journal_by_whom')],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='Attachment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('subject_type', models.CharField(max_length=40)),
                    ('subject_id', models.BigIntegerField()),
                    ('party_ref', models.BigIntegerField(null=True)),
                    ('name', models.CharField(max_length=200)),
                    ('pinned_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('removed_at', models.DateTimeField(null=True)),
                    ('pinned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.post')),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='base.storedfile')),
                    ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ],
                options={
                    'db_table': 'attachment',
                    'indexes': [models.Index(fields=['zone', 'subject_type', 'subject_id'], name='attachment_subject')],
                    'constraints': [],
                },
            ), migrations.CreateModel(
                name='JournalSeal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('zone_ref', models.IntegerField(help_text='zone number; 0 for lines of no zone')),
                    ('position', models.BigIntegerField()),
                    ('txid', models.BigIntegerField()),
                    ('hash', models.BinaryField(max_length=32)),
                    ('sealed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('line', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='seal', to='base.journalline')),
                ],
                options={
                    'db_table': 'journal_seal',
                    'constraints': [models.UniqueConstraint(fields=('zone_ref', 'position'), name='seal_position_once')],
                    'indexes': [],
                },
            )],
        ),
    ]
