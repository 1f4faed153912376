"""What people do on the drafting pages, and long texts to do it with."""

from typing import Any

from django.test import Client
from django.urls import reverse

from groups.actions import propose, turn_key
from groups.models import Motion
from parley.accounts.models import User
from reports.actions.agreement import SETTLE
from reports.actions.comments import start_thread
from reports.actions.pens import propose_pen
from reports.models import Comment, Passage, Pen, Section, Thread
from tests.factories import World, passage_of

KEY = "idempotency-key-0001"


def at(name: str, **ids: Any) -> str:
    """The address of a page, with objects in the place of their ids."""
    return reverse(name, kwargs={key: thing.public_id for key, thing in ids.items()})


def words_of(answer: Any) -> str:
    return answer.content.decode()


def save(client: Client, passage: Passage, source: str, version: int, **more: Any) -> Any:
    return client.post(at("write", passage=passage), {"source": source, "version": version, **more})


def settle(made: World, passage: Passage) -> Motion:
    """Both co-chairs' keys; for a view or a reply its own side's."""
    passage.refresh_from_db()
    chairs = [made.co_chair_a, made.co_chair_b]
    if passage.side_id:
        chairs = [made.co_chair_a if passage.side_id == made.a.pk else made.co_chair_b]
    motion = propose(SETTLE.name, passage.public_id, sha256=passage.tabled.sha256, by=chairs[0])
    for chair in chairs[1:]:
        motion = turn_key(motion, sha256=motion.sha256, by=chair)
    return motion


def hand_pen(made: World, passage: Passage | None, holder: User) -> Pen:
    """Under both co-chairs' keys; without a passage over the whole document."""
    motion = propose_pen(document=made.document, passage=passage, holder=holder, by=made.co_chair_a)
    turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)
    return Pen.objects.get(public_id=motion.target_id)


def many_passages(section: Section, count: int, by: User) -> list[Passage]:
    return [passage_of(section, by, f"Paragraph of the river, number {n}.") for n in range(count)]


def many_comments(passage: Passage, count: int, by: User) -> Thread:
    """A thread of this many comments on the passage, and as many more threads of one each."""
    thread = start_thread(passage=passage, kind="question", source="Where?", own_side_only=False, by=by)
    Comment.objects.bulk_create(
        Comment(thread=thread, source=f"Here, {n}.", html=f"<p>Here, {n}.</p>", written_by=by) for n in range(count - 1)
    )
    return thread
