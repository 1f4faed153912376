"""The index; what fills it are triggers, which `parley.search.keeping` puts up after every `migrate`."""

from django.db import migrations, models

# Every word as itself, and with the endings of the languages that PostgreSQL knows.
VECTOR = " || ".join(f"to_tsvector('{name}', words)" for name in ("simple", "english", "russian", "armenian"))
POSTGRESQL = [
    f"ALTER TABLE search_entry ADD COLUMN vector tsvector GENERATED ALWAYS AS ({VECTOR}) STORED",
    "CREATE INDEX search_entry_vector ON search_entry USING gin (vector)",
]
SQLITE = [
    (
        "CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_entry', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 0')"
    ),
    "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_words, row)",
]


def make(apps, editor):
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def unmake(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TABLE search_vocabulary")
        editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('object_id', models.BigIntegerField()),
                ('place', models.CharField(default='', max_length=32)),
                ('group_id', models.BigIntegerField(null=True)),
                ('caucus_id', models.BigIntegerField(null=True)),
                ('readers', models.CharField(choices=[('texts', 'Texts'), ('group', 'Group'), ('world', 'World')], max_length=5)),
                ('opens_at', models.DateTimeField(null=True)),
                ('document_id', models.BigIntegerField(null=True)),
                ('side_id', models.BigIntegerField(null=True)),
                ('voice', models.CharField(default='', max_length=16)),
                ('state', models.CharField(default='', max_length=16)),
                ('words', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'object_id'], name='entries_of_a_thing'), models.Index(fields=['group_id', 'document_id'], name='entries_of_a_group')],
            },
        ),
        migrations.RunPython(make, unmake),
    ]
