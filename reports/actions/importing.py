"""Words from a file become passages of a section: all of them or none."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from parley.accounts.models import User
from parley.programmes.models import Side
from reports.models import Passage, Section
from reports.models.passages import ONE_SIDED_VOICES

from .passages import add_passage


@transaction.atomic
def import_passages(
    *,
    section: Section,
    passages: Sequence[tuple[str, dict[str, Any]]],
    side: Side | None,
    after: Passage | None = None,
    submission: str | None = None,
    by: User,
) -> list[Passage]:
    """`passages`: voice and text of each, in their order. Views are of the importing person's own side, in its caucus.

    Raises AlreadySubmitted for a form that was sent before, and whatever add_passage raises.
    """
    made: list[Passage] = []
    for voice, text in passages:
        passage = add_passage(
            section=section,
            voice=voice,
            text=text,
            side=side if voice in ONE_SIDED_VOICES else None,
            after=made[-1] if after and made else after,
            submission=None if made else submission,
            by=by,
        )
        made.append(passage)
    return made
