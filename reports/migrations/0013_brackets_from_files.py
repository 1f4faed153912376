"""Which brackets and alternatives came with an imported document."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0012_copies")]

    operations = [
        migrations.AddField(
            model_name="bracket",
            name="from_file",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="alternative",
            name="from_file",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
