"""The workload: 20 groups of 50 people, 10,000 passages, 200 meetings, a section with 500 comments. All invented.

Written in bulk, past the verbs: what is measured is reading it and adding to it. `world` is a small programme whose
every list has the same number of rows; the lists of two worlds are compared.
"""

import argparse
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from groups.models import Invitation, Membership, Milestone, Motion, Role, Seat, ThematicGroup
from meetings.models import Meeting
from parley.access import new_id
from parley.accounts.models import User
from parley.notifications.models import Notice
from parley.programmes.models import Facilitator, HostOrganisation, Participant, Phase, Programme, Side
from reports.actions.comments import comment_html
from reports.models import (
    Comment,
    Document,
    DocumentKind,
    Draft,
    FinalText,
    Passage,
    PassageState,
    Publication,
    Revision,
    Section,
    Thread,
    ThreadKind,
    Voice,
)
from reports.text import markup, plain, schema

UNUSABLE = make_password(None)
PEOPLE_OF_A_GROUP, SECTIONS, MEETINGS_OF_A_GROUP = 50, 20, 10
# A longer thread is cut on the section page; one of four stands there whole, so that all 500 comments are shown.
COMMENTS, COMMENTS_OF_A_THREAD = 500, 4
WORDS = (
    "Both sides will name the people who look after the crossing, and will tell each other in writing before anything "
    "about its hours changes. What was agreed for the winter stays in force until a new schedule lies before all. "
    "Neither side will read silence as consent: whoever has no answer after ten days asks once more, by telephone."
)
SAID = "The second sentence can be read in two ways. We would say who tells whom, and by when."
CHUNK = 2000


@dataclass(frozen=True)
class Scale:
    groups: int = 20
    passages_of_a_section: int = 25


QUICK = Scale(groups=2)


def build(scale: Scale = Scale()) -> None:
    """The workload and the two worlds, into an empty database."""
    programme, sides = _programme("Dialogue of the bench")
    facilitator = _people("facilitator", 1)[0]
    Facilitator.objects.create(programme=programme, person=facilitator)
    for number in range(scale.groups):
        _group(programme, sides, number, scale)
    world(1)
    world(30)


def _programme(name: str) -> tuple[Programme, list[Side]]:
    host = HostOrganisation.objects.create(name=f"Host of {name}", about="It hosts dialogues.")
    programme = Programme.objects.create(host=host, name=name)
    sides = [
        Side.objects.create(programme=programme, name=side, demonym=demonym, code=code, colour=place, position=place)
        for place, (side, demonym, code) in enumerate(
            [("Northland", "Northern", "NOR"), ("Southland", "Southern", "SOU")], 1
        )
    ]
    return programme, sides


def _people(name: str, count: int) -> list[User]:
    people = [
        User(email=f"{name}-{n}@bench.example", name=f"{name.title()} {n}", zone_confirmed=True, password=UNUSABLE)
        for n in range(count)
    ]
    return User.objects.bulk_create(people, CHUNK)


def _seated(group: ThematicGroup, sides: list[Side], people: list[User]) -> None:
    """Half on each side, the first of each its co-chair."""
    place = list(zip(people, [sides[n % 2] for n in range(len(people))], strict=True))
    known = set(Participant.objects.filter(programme=group.programme).values_list("person", flat=True))
    Participant.objects.bulk_create(
        Participant(programme=group.programme, person=person, side=side)
        for person, side in place
        if person.pk not in known
    )
    Membership.objects.bulk_create(
        Membership(
            group=group,
            person=person,
            side=side,
            role=Role.CO_CHAIR if n < len(sides) else Role.MEMBER,
            seat=Seat.OPEN,
            confirmed_by=people[n % 2],
        )
        for n, (person, side) in enumerate(place)
    )


def _group(programme: Programme, sides: list[Side], number: int, scale: Scale) -> None:
    group = ThematicGroup.objects.create(programme=programme, name=f"Group {number:02}", purpose="To find words.")
    people = _people(f"member-{number}", PEOPLE_OF_A_GROUP)
    _seated(group, sides, people)
    _milestones(group, 4)
    _meetings(group, MEETINGS_OF_A_GROUP, people[0])
    document = _document(group, "Report of the group", people[0])
    sections = _sections(document, SECTIONS)
    for section in sections:
        write(section, sides, people, scale.passages_of_a_section)
    if number == 0:
        discuss(sections[0], sides, people, COMMENTS, COMMENTS_OF_A_THREAD)


def _document(group: ThematicGroup, title: str, by: User) -> Document:
    return Document.objects.create(group=group, kind=DocumentKind.REPORT, title=title, started_by=by)


def _sections(document: Document, count: int) -> list[Section]:
    return Section.objects.bulk_create(
        Section(document=document, title=f"Section {n + 1}: what we found", position=n) for n in range(count)
    )


def write(section: Section, sides: list[Side], people: list[User], count: int) -> None:
    """Passages before all sides: views of both and joint ones in turn."""
    voices = [(Voice.JOINT, None), (Voice.VIEW, sides[0]), (Voice.VIEW, sides[1]), (Voice.JOINT, None)]
    passages = Passage.objects.bulk_create(
        Passage(
            section=section,
            voice=voices[n % 4][0],
            side=voices[n % 4][1],
            position=n,
            state=PassageState.CAUCUS,
            started_by=people[n % len(people)],
        )
        for n in range(count)
    )
    Revision.objects.bulk_create(_revision(passage, 1) for passage in passages)
    revision = Revision.objects.filter(passage=OuterRef("pk")).values("pk")[:1]
    Passage.objects.filter(section=section).update(
        tabled=Subquery(revision), tabled_at=timezone.now(), state=PassageState.OPEN, version=1
    )
    section.tabled_passages = count
    section.save(update_fields=["tabled_passages"])


def _revision(passage: Passage, number: int) -> Revision:
    text = markup.to_doc(f"{WORDS} This is paragraph {passage.position + 1}, in its wording number {number}.")
    return Revision(
        passage=passage,
        number=number,
        text=text,
        sha256=schema.digest(text),
        plain=plain.text_of(text),
        words=plain.word_count(text),
        made_by_id=passage.started_by_id,
    )


def discuss(section: Section, sides: list[Side], people: list[User], count: int, of_a_thread: int) -> None:
    """Comments seen by all, spread evenly over the section's passages."""
    passages = list(section.passages.order_by("position"))
    began = timezone.now() - timedelta(days=2)
    kinds = list(ThreadKind)
    threads = Thread.objects.bulk_create(
        Thread(
            passage=passages[n % len(passages)],
            kind=kinds[n % len(kinds)],
            revision_id=passages[n % len(passages)].tabled_id,
            started_by=people[n % len(people)],
            started_at=began + timedelta(seconds=n),
            changed_at=began + timedelta(hours=1),
        )
        for n in range(count // of_a_thread)
    )
    html = comment_html(SAID)
    Comment.objects.bulk_create(
        Comment(
            thread=threads[n % len(threads)],
            source=SAID,
            html=html,
            written_by=people[n % len(people)],
            written_at=began + timedelta(seconds=len(threads) + n),
        )
        for n in range(count)
    )
    section.open_threads = len(threads)
    section.save(update_fields=["open_threads"])


def _meetings(group: ThematicGroup, count: int, by: User) -> None:
    """Every second one is over."""
    now = timezone.now()
    starts = [now + timedelta(days=(n // 2 + 1) * (7 if n % 2 else -7)) for n in range(count)]
    Meeting.objects.bulk_create(
        Meeting(
            group=group,
            title=f"Round {n + 1}",
            venue="The house by the river",
            starts=start,
            ends=start + timedelta(hours=3),
            zone="Asia/Tbilisi",
            announced_by=by,
        )
        for n, start in enumerate(starts)
    )


def _milestones(group: ThematicGroup, count: int) -> None:
    Milestone.objects.bulk_create(
        Milestone(group=group, title=f"Step {n + 1}", due=date(2030, 1, 1) + timedelta(days=30 * n))
        for n in range(count)
    )


def world(rows: int) -> None:
    """A programme of its own in which every list has this many rows; its people are named after it."""
    programme, sides = _programme(f"World of {rows}")
    facilitator = _people(f"facilitator-of-{rows}", 1)[0]
    Facilitator.objects.create(programme=programme, person=facilitator)
    people = _people(f"of-{rows}", 2 * rows + 1)
    groups = ThematicGroup.objects.bulk_create(
        ThematicGroup(programme=programme, name=f"World {rows} group {n:02}") for n in range(rows)
    )
    for group in groups:
        _seated(group, sides, people if group is groups[0] else people[:2])
    group, member = groups[0], people[0]
    for person in (member, facilitator):
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    documents = [_document(group, f"Document {n + 1}", member) for n in range(rows)]
    sections = _sections(documents[0], rows)
    write(sections[0], sides, people, rows)
    discuss(sections[0], sides, people, rows, 1)
    _history(sections[0], rows)
    _meetings(group, 2 * rows, member)
    _milestones(group, rows)
    _motions(group, sections[0], people[1], rows)
    _notices(group, member)
    _outside(programme, group, documents, facilitator)


def _history(section: Section, rows: int) -> None:
    """One passage with this many revisions, one thread with this many answers."""
    passage = section.passages.order_by("position")[0]
    Revision.objects.bulk_create(_revision(passage, number) for number in range(2, rows + 1))
    thread = passage.threads.order_by("started_at")[0]
    first = thread.comments.get()
    Comment.objects.bulk_create(
        Comment(thread=thread, source=first.source, html=first.html, written_by_id=first.written_by_id)
        for _ in range(rows - 1)
    )


def _motions(group: ThematicGroup, section: Section, by: User, rows: int) -> None:
    """Open ones, proposed by the co-chair of the second side: both keys are wanted."""
    passages = list(section.passages.select_related("tabled").order_by("position")[:rows])
    wanted = [side.public_id for side in group.programme.sides.all()]
    Motion.objects.bulk_create(
        Motion(
            group=group,
            kind="passage.settle",
            target_id=passage.public_id,
            sha256=passage.tabled.sha256 if passage.tabled else "",
            title=f"Paragraph {n + 1}",
            wanted=wanted,
            proposed_by=by,
        )
        for n, passage in enumerate(passages)
    )


def _notices(group: ThematicGroup, reader: User) -> None:
    """About threads and meetings in turn, so that a page of them holds both."""
    threads = Thread.objects.filter(passage__section__document__group=group)
    pairs = zip(threads, Meeting.objects.filter(group=group), strict=False)
    about = [
        named
        for thread, meeting in pairs
        for named in (("reports.commented", thread.public_id), ("meetings.announced", meeting.public_id))
    ]
    Notice.objects.bulk_create(
        Notice(reader=reader, key=f"{kind}{subject}", kind=kind, subject=subject) for kind, subject in about
    )


def _outside(programme: Programme, group: ThematicGroup, documents: list[Document], facilitator: User) -> None:
    """Invitations, phases, released drafts and published texts: what facilitators and the world see in lists."""
    now, rows = timezone.now(), len(documents)
    Invitation.objects.bulk_create(
        Invitation(
            programme=programme,
            group=group,
            side=programme.sides.all()[0],
            role=Role.MEMBER,
            email=f"invited-{rows}-{n}@bench.example",
            token_hash=new_id() * 4,
            invited_by=facilitator,
            expires_at=now + timedelta(days=14),
        )
        for n in range(rows)
    )
    first = date(2030, 1, 1)
    Phase.objects.bulk_create(
        Phase(programme=programme, name=f"Phase {n + 1}", starts=first, ends=first) for n in range(rows)
    )
    Draft.objects.bulk_create(
        Draft(document=documents[0], number=n + 1, canonical="{}", sha256=f"{n:064}") for n in range(rows)
    )
    archive = ThematicGroup.objects.create(programme=programme, name="Archive")
    published = [_document(archive, f"Published {n + 1}", facilitator) for n in range(rows)]
    texts = FinalText.objects.bulk_create(
        FinalText(document=document, canonical="{}", sha256="0" * 64) for document in published
    )
    Publication.objects.bulk_create(
        Publication(final_text=text, published_by=facilitator, opens_at=now) for text in texts
    )


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--quick", action="store_true", help="two groups instead of twenty")
    build(QUICK if words.parse_args().quick else Scale())
