"""When a person last marked a section as read: their own mark, seen by nobody else."""

from django.db import models
from django.utils import timezone

from .documents import Section


class SectionReading(models.Model):
    section = models.ForeignKey(Section, models.CASCADE, related_name="readings")
    person = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    read_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "person"], name="section_read_once_by_a_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.section}"
