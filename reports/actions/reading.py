"""Marking a section as read."""

from django.utils import timezone

from parley.accounts.models import User
from reports.models import Section, SectionReading


def mark_read(section: Section, *, by: User) -> None:
    """From here on “changed since you read it” counts. One's own mark: no record, and nobody is told."""
    SectionReading.objects.update_or_create(section=section, person=by, defaults={"read_at": timezone.now()})
