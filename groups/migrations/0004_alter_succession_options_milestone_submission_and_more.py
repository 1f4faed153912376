import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0003_named_places'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='succession',
            options={'ordering': ('-asked_at', 'pk'), 'verbose_name': 'succession'},
        ),
        migrations.AddField(
            model_name='milestone',
            name='submission',
            field=models.CharField(editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='motion',
            name='title',
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name='motion',
            name='wanted',
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name='SeatConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='groups.membership')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='confirmations', to='groups.membership')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('seat', 'membership'), name='seat_confirmed_once_by_a_member')],
            },
        ),
    ]
