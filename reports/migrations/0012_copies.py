"""Under the alternat a print is one file for each side: several renditions belong to one publication."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def name_the_prints(apps, schema_editor):
    """What was printed until now is for all; the file of a publication names it."""
    rendition, publication = apps.get_model("reports", "Rendition"), apps.get_model("reports", "Publication")
    rendition.objects.update(print_sha256=F("input_sha256"))
    for made in publication.objects.exclude(rendition=None):
        rendition.objects.filter(pk=made.rendition_id).update(publication=made)
    # PostgreSQL alters no table while checks of its rows are pending.
    schema_editor.connection.check_constraints()


def name_the_file(apps, schema_editor):
    """Back: the first of its files. A table alters only when the checks of its rows are done."""
    rendition, publication = apps.get_model("reports", "Rendition"), apps.get_model("reports", "Publication")
    for made in rendition.objects.exclude(publication=None).order_by("-pk"):
        publication.objects.filter(pk=made.publication_id).update(rendition=made)
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_forms_sent_twice"), ("reports", "0011_branches_written_live")]

    operations = [
        migrations.AddField(
            model_name="rendition",
            name="print_sha256",
            field=models.CharField(db_index=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="rendition",
            name="side",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programmes.side"
            ),
        ),
        migrations.AddField(
            model_name="rendition",
            name="publication",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="renditions",
                to="reports.publication",
            ),
        ),
        migrations.RunPython(name_the_prints, name_the_file),
        migrations.RemoveField(model_name="publication", name="rendition"),
    ]
