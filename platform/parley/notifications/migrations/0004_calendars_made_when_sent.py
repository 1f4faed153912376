from django.db import migrations, models


def mark(apps, schema_editor):
    """What waits to be sent keeps leaving at once, alone; its file is made anew."""
    apps.get_model("notifications", "Delivery").objects.exclude(calendar="").update(with_calendar=True)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_outages")]

    operations = [
        migrations.AddField("delivery", "with_calendar", models.BooleanField(default=False)),
        migrations.RunPython(mark, migrations.RunPython.noop),
        migrations.RemoveField("delivery", "calendar"),
    ]
