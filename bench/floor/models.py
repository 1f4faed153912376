"""As few tables as show the same."""

# ruff: noqa: DJ008 (nobody reads their names)

from django.conf import settings
from django.db import models
from django.utils import timezone


class Group(models.Model):
    name = models.CharField(max_length=160)


class Member(models.Model):
    group = models.ForeignKey(Group, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    side = models.CharField(max_length=80)
    role = models.CharField(max_length=12)


class Section(models.Model):
    group = models.ForeignKey(Group, models.CASCADE, related_name="sections")
    title = models.CharField(max_length=200)
    position = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, default="open")
    settled = models.PositiveIntegerField(default=0)
    tabled = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position",)


class Comment(models.Model):
    section = models.ForeignKey(Section, models.CASCADE, related_name="comments")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    side = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    text = models.TextField()
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("written_at", "pk")
