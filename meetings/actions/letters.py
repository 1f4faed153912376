"""Making a letter for a traveller: what it says is kept nowhere, that it was made is recorded."""

from django.db import transaction

from meetings.letters import letter_pdf
from meetings.models import Meeting
from parley.accounts.models import User
from parley.audit import record


def make_letter(meeting: Meeting, *, kind: str, person: User, by: User) -> bytes:
    """The PDF. Raises Lacking, RenderFailed. Printed before anything is locked: it takes a second."""
    content = letter_pdf(meeting, kind=kind, person=person)
    with transaction.atomic():
        facts = {"meeting": meeting.public_id, "letter": kind, "person": person.public_id}
        record("meeting.letter_made", chain=meeting.group.chain, by=by, facts=facts)
    return content
