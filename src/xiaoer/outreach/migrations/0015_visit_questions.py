"""Questions of visits with their answers, intervals, phrases, and words of inspections."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies: ClassVar = [
        ('base', '0007_zone_settings'),
        ('outreach', '0014_contacts_of_visits'),
    ]

    operations: ClassVar = [
        migrations.AlterField(
            model_name='programme',
            name='kind',
            field=models.CharField(choices=[('routine', 'routine visits'), ('leaders_day', "leaders' visit day"), ('problem_day', 'problem day'), ('campaign', 'campaign'), ('consultation', 'consultation'), ('survey', 'public survey visit')], max_length=20),
        ),
        migrations.CreateModel(
            name='FieldQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('text', models.CharField(max_length=120)),
                ('text_en', models.CharField(blank=True, max_length=160)),
                ('expects', models.CharField(choices=[('choice', 'one of a list'), ('day', 'date'), ('words', 'words')], default='choice', max_length=10)),
                ('holds_days', models.PositiveSmallIntegerField(blank=True, help_text='how long an answer is believed; empty: until the next', null=True)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('mark', models.CharField(blank=True, help_text='A, V, S, B, C, U or D', max_length=2)),
                ('version', models.PositiveIntegerField(default=1)),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
            ],
            options={
                'db_table': 'field_question',
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FieldChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=60)),
                ('words_en', models.CharField(blank=True, max_length=80)),
                ('growth', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('risk', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('satisfaction', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('within_days', models.PositiveIntegerField(blank=True, null=True)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True)),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='outreach.fieldquestion')),
            ],
            options={
                'db_table': 'field_choice',
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FindingWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=20)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
            ],
            options={
                'db_table': 'finding_word',
            },
        ),
        migrations.CreateModel(
            name='Phrase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=100)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.office')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.post')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
            ],
            options={
                'db_table': 'phrase',
            },
        ),
        migrations.CreateModel(
            name='VisitAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(blank=True, null=True)),
                ('asked', models.CharField(max_length=120)),
                ('words', models.CharField(blank=True, max_length=200)),
                ('choice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='outreach.fieldchoice')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='outreach.fieldquestion')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='outreach.visit')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
            ],
            options={
                'db_table': 'visit_answer',
            },
        ),
        migrations.CreateModel(
            name='VisitInterval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='the tier, such as above_scale; other: rest', max_length=30)),
                ('name', models.CharField(max_length=60)),
                ('name_en', models.CharField(blank=True, max_length=80)),
                ('days', models.PositiveSmallIntegerField()),
                ('source', models.CharField(blank=True, max_length=200)),
                ('mark', models.CharField(blank=True, help_text='A, V, S, B, C, U or D', max_length=2)),
                ('version', models.PositiveIntegerField(default=1)),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.zone')),
            ],
            options={
                'db_table': 'visit_interval',
            },
        ),
        migrations.AddConstraint(
            model_name='fieldquestion',
            constraint=models.UniqueConstraint(fields=('zone', 'code'), name='field_question_once_in_zone'),
        ),
        migrations.AddConstraint(
            model_name='fieldquestion',
            constraint=models.CheckConstraint(condition=models.Q(('holds_days__isnull', True), ('holds_days__gt', 0), _connector='OR'), name='field_answer_holds_some_time'),
        ),
        migrations.AddConstraint(
            model_name='fieldchoice',
            constraint=models.UniqueConstraint(condition=models.Q(('is_active', True)), fields=('question', 'words'), name='field_choice_once_in_question'),
        ),
        migrations.AddConstraint(
            model_name='findingword',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('zone', 'word'), name='finding_word_once_in_zone'),
        ),
        migrations.AddConstraint(
            model_name='phrase',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('zone', 'office', 'post', 'text'), name='phrase_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='phrase',
            constraint=models.CheckConstraint(condition=models.Q(('office__isnull', True), ('post__isnull', True), _connector='OR'), name='phrase_of_one_owner'),
        ),
        migrations.AddConstraint(
            model_name='visitanswer',
            constraint=models.UniqueConstraint(fields=('visit', 'question'), name='visit_answer_once'),
        ),
        migrations.AddConstraint(
            model_name='visitanswer',
            constraint=models.CheckConstraint(condition=models.Q(('choice__isnull', False), ('day__isnull', False), models.Q(('words', ''), _negated=True), _connector='OR'), name='visit_answer_says_something'),
        ),
        migrations.AddConstraint(
            model_name='visitinterval',
            constraint=models.UniqueConstraint(fields=('zone', 'code'), name='visit_interval_once_in_zone'),
        ),
        migrations.AddConstraint(
            model_name='visitinterval',
            constraint=models.CheckConstraint(condition=models.Q(('days__gt', 0)), name='visit_interval_is_some_days'),
        ),
    ]
