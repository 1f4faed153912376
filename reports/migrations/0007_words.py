"""What comments hang on, and reviews: their comments until they are sent."""

import django.db.models.deletion
import django.utils.timezone
import parley.access.ids
from django.conf import settings
from django.db import migrations, models

from parley.access.guards import immutable, put_up, take_down

GUARDS = [immutable("reports_anchor", "words", "replacement", "thread_id")]


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0002_forms_sent_twice'),
        ('reports', '0006_proposals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('submission', models.CharField(editable=False, max_length=32, null=True, unique=True)),
                ('public_id', parley.access.ids.PublicIdField(default=parley.access.ids.new_id, editable=False, max_length=16, unique=True)),
                ('for_all', models.BooleanField()),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('caucus', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.side')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='reports.document')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'review',
            },
        ),
        migrations.AddField(
            model_name='thread',
            name='review',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='reports.review'),
        ),
        migrations.CreateModel(
            name='Anchor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(blank=True)),
                ('before', models.TextField(blank=True)),
                ('after', models.TextField(blank=True)),
                ('replacement', models.TextField(null=True)),
                ('start', models.PositiveIntegerField(null=True)),
                ('end', models.PositiveIntegerField(null=True)),
                ('thread', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='anchor', to='reports.thread')),
            ],
            options={
                'verbose_name': 'anchor',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('end', None), ('start', None)), models.Q(('end__gt', models.F('start')), ('start__isnull', False)), _connector='OR'), name='an_anchor_holds_words_or_has_lost_them'), models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='an_anchor_quotes_words')],
            },
        ),
        migrations.CreateModel(
            name='UnsentComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('submission', models.CharField(editable=False, max_length=32, null=True, unique=True)),
                ('words', models.TextField(blank=True)),
                ('before', models.TextField(blank=True)),
                ('after', models.TextField(blank=True)),
                ('replacement', models.TextField(null=True)),
                ('public_id', parley.access.ids.PublicIdField(default=parley.access.ids.new_id, editable=False, max_length=16, unique=True)),
                ('kind', models.CharField(choices=[('question', 'question'), ('fact', 'fact'), ('wording', 'wording'), ('red-line', 'red line')], max_length=10, verbose_name='kind')),
                ('source', models.TextField(verbose_name='comment')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('caucus', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.side')),
                ('passage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.passage')),
                ('writer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'unsent comment',
                'ordering': ('written_at', 'pk'),
                'indexes': [models.Index(fields=['writer', 'passage'], name='unsent_comments_of_a_writer')],
            },
        ),
        migrations.RunPython(put_up(GUARDS), take_down(GUARDS)),
    ]
