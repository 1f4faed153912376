"""The table of comments and dispositions that goes out with a draft."""

import json
from typing import Any

from django.db import models

from .agreement import Draft


class CommentTable(models.Model):
    """What was said to all sides of the text until a draft was released, and what became of it: written once.

    Canonical bytes (RFC 8785) as text: complete without the threads, the people and the passages that it tells of.
    """

    draft = models.OneToOneField(Draft, models.PROTECT, related_name="comment_table")
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.draft)

    @property
    def record(self) -> dict[str, Any]:
        held: dict[str, Any] = json.loads(self.canonical)
        return held
