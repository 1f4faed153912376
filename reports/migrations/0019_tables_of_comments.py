"""A table of comments and dispositions goes out with each draft; when a draft was released is written once too."""

import django.db.models.deletion
from django.db import migrations, models

from parley.access.guards import Guard, immutable, put_up, take_down

GUARDS = [
    immutable("reports_commenttable", "draft_id", "canonical", "sha256"),
    Guard(
        name="reports_draft_keeps_its_moments",
        table="reports_draft",
        on="UPDATE OF released_at, comments_until",
        wrong="NEW.released_at IS DISTINCT FROM OLD.released_at OR NEW.comments_until IS DISTINCT FROM OLD.comments_until",
        message="reports_draft is immutable",
    ),
]


class Migration(migrations.Migration):
    dependencies = [("reports", "0018_seals")]

    operations = [
        migrations.CreateModel(
            name="CommentTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("canonical", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "draft",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comment_table", to="reports.draft"
                    ),
                ),
            ],
        ),
        migrations.RunPython(put_up(GUARDS), take_down(GUARDS)),
    ]
