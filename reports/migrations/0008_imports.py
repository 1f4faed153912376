"""Footnotes are counted where they are tabled, so that pages number them through the document at no cost."""

from typing import Any

from django.db import migrations, models
from django.db.models import Sum


def count(apps: Any, schema_editor: Any) -> None:
    """Of all that is tabled already. The model's own way of counting may change: this one stays."""
    passages = apps.get_model("reports", "Passage")
    for passage in passages.objects.filter(tabled__isnull=False).select_related("tabled").iterator(chunk_size=200):
        if found := _footnotes(passage.tabled.text):
            passages.objects.filter(pk=passage.pk).update(footnotes=found)
    for section in apps.get_model("reports", "Section").objects.all():
        tabled = passages.objects.filter(section=section, dropped_at=None, tabled__isnull=False)
        section.footnotes = tabled.aggregate(sum=Sum("footnotes"))["sum"] or 0
        section.save(update_fields=["footnotes"])


def _footnotes(node: dict[str, Any]) -> int:
    return (node["type"] == "footnote") + sum(_footnotes(child) for child in node.get("content", []))


class Migration(migrations.Migration):
    dependencies = [("reports", "0007_words")]

    operations = [
        migrations.AddField("passage", "footnotes", models.PositiveIntegerField(default=0, editable=False)),
        migrations.AddField("section", "footnotes", models.PositiveIntegerField(default=0, editable=False)),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
