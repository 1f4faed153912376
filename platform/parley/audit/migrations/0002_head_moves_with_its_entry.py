from django.db import migrations

from parley.audit import triggers


def set_up(apps, schema_editor):
    triggers.set_up_head(schema_editor.connection)


def take_down(apps, schema_editor):
    triggers.take_down_head(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        # A later change of this table must set it up again.
        migrations.RunPython(set_up, take_down),
    ]
