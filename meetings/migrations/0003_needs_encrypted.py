from datetime import timedelta

from django.db import migrations

from meetings.models import Particulars

KEPT = timedelta(days=30)


def seal_needs(apps, schema_editor):
    """What people said they need moves into the encrypted rows; thirty days after the meeting it is deleted."""
    sealed = apps.get_model("meetings", "Particulars").objects
    due = apps.get_model("notifications", "Due").objects
    for answer in apps.get_model("meetings", "Answer").objects.exclude(needs="").select_related("meeting"):
        held = Particulars.seal({"needs": answer.needs})
        sealed.create(meeting=answer.meeting, person_id=answer.person_id, sealed=held, given_at=answer.answered_at)
        at = (answer.meeting.cancelled_at or answer.meeting.ends) + KEPT
        due.get_or_create(kind="meetings.forget_particulars", key=answer.meeting.public_id, defaults={"at": at})


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0002_polls_drafts_and_feeds"),
        ("notifications", "0004_calendars_made_when_sent"),
    ]

    operations = [
        migrations.RunPython(seal_needs, migrations.RunPython.noop),
        migrations.RemoveField(model_name="answer", name="needs"),
    ]
