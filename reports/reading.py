"""A text as one person reads it: numbers, voices, keys, what is new, what they may do, in few queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _
from rules.permissions import has_perm

from groups.standing import KEY, MOMENT, Standing
from parley.access.composed import Composed, Slot
from parley.accounts.models import User
from parley.programmes.models import Programme, Side

from .bracketing import Disputed, disputed_in, owners
from .final_text import attribution, label
from .fragments import kept
from .models import (
    Document,
    Passage,
    PassageState,
    Pen,
    Proposal,
    Referral,
    Revision,
    Section,
    TextReservation,
    Voice,
)
from .models.brackets import owners_of
from .penning import pens_over
from .reserving import reservations_on
from .supporting import Supported, phrase_of, supports_on
from .text import plain
from .text.html import render
from .text.notes import with_notes
from .text.places import Place, with_mark
from .text.schema import heading_of
from .text.stretches import Owners

# What a reader may do with a passage, by the rule that says so.
ACTS = {
    "write": "reports.write_passage",
    "table": "reports.table_passage",
    "reply": "reports.reply_to",
    "no_reply": "reports.state_no_reply",
    "settle": "reports.settle",
    "withdraw": "reports.withdraw_agreement",
    "drop": "reports.drop_passage",
    "comment": "reports.comment",
    "propose": "reports.propose_words",
    "bracket": "reports.open_bracket",
    "reserve": "reports.reserve_on",
    "support": "reports.state_support",
    "pen": "reports.give_pen_on",
}


def sides_of(programme: Programme) -> list[Side]:
    """The programme's sides in order, asked of the database once in a while."""
    sides: list[Side] = kept.made(("sides", programme.public_id), programme.sides_in_order)
    return sides


@dataclass(frozen=True)
class Hanging:
    """An open comment on words of the text that its readers see: of their caucus copy, or of the tabled text."""

    thread: str
    place: Place
    in_caucus: bool


def words_of(
    revision: Revision,
    prefix: str,
    hanging: Sequence[Hanging] = (),
    *,
    first: int = 1,
    owners: Owners | None = None,
    notes: Sequence[str] = (),
) -> SafeString:
    """A revision's words as HTML without its heading: made once.

    `hanging` are the comments on them, `owners` those of its brackets, if known; its footnotes begin at `first`, and
    `notes` are more of them: the reservations to these words.
    """

    def made() -> SafeString:
        known = owners_of(revision.text) if owners is None else owners
        text = with_notes(_with_comments(revision.text, hanging), notes)
        return render(text, footnotes=prefix, first=first, heading=0, owners=known) or SafeString(" ")

    html: SafeString = kept.made(
        ("words", revision.public_id, prefix, first, get_language(), tuple(hanging), tuple(notes)), made
    )
    return html


def _with_comments(text: dict[str, Any], hanging: Sequence[Hanging]) -> dict[str, Any]:
    for one in hanging:
        text = with_mark(text, one.place, {"type": "comment", "attrs": {"id": one.thread}})
    return text


@dataclass(frozen=True)
class Heading:
    number: str
    text: str
    addressee: str
    horizon: str


@dataclass(frozen=True)
class SideKey:
    side: Side
    turned: bool


@dataclass
class Entry:
    """A passage as one person sees it."""

    passage: Passage
    here: Standing
    reader: int
    number: int | None
    heading: Heading | None
    keys: list[SideKey]
    may: frozenset[str]
    since: datetime | None
    first_footnote: int = 1
    replies: list["Entry"] = field(default_factory=list)
    threads: str = ""
    proposals: list[Proposal] = field(default_factory=list)
    hanging: tuple[Hanging, ...] = ()
    brackets: list[Disputed] = field(default_factory=list)
    # Sides whose principals have not answered.
    referrals: list[Referral] = field(default_factory=list)
    reservations: list[TextReservation] = field(default_factory=list)
    # Under which somebody drafts these words; nobody writes in them meanwhile.
    pen: Pen | None = None
    # Each side's word on a recommendation, once any was said.
    supports: list[Supported] = field(default_factory=list)
    # Sides that wish to write no reply to it; on the page of its section.
    none_wished: list[Side] = field(default_factory=list)
    # All of this as it stands on the page of its section, ready-made.
    article: str = ""

    @property
    def stamp(self) -> tuple[Any, ...]:
        """All that it shows, as a value: equal stamps, equal pages.

        Nothing in it moves with what another side keeps in caucus: positions do, their order among the seen does not.
        """
        passage: Any = self.passage  # annotated
        return (
            passage.public_id,
            passage.state,
            passage.version,
            passage.tabled_id,
            passage.proposed_for_side,
            passage.pen_id,
            self.holds_pen,
            self.own_copy.pk if self.own_copy else 0,
            tuple(key.turned for key in self.keys),
            passage.settling_id,
            passage.dropping_id,
            passage.threads_changed_at,
            passage.all_comments,
            passage.open_threads,
            passage.proposals_seen,
            tuple(sorted(self.may)),
            tuple(disputed.stamp for disputed in self.brackets),
            tuple((one.pk, one.until, self.here.holds_key) for one in self.referrals),
            tuple((one.pk, one.wording_id) for one in self.reservations),
            tuple(side.pk for side in self.none_wished),
        )

    @property
    def name(self) -> str:
        """How the page speaks of it: its number, or what it is while it has none."""
        if self.number is not None:
            return _("Paragraph %(number)d") % {"number": self.number}
        return str(self.passage.get_voice_display()).capitalize()

    @property
    def label(self) -> str:
        return label(self.passage)

    @property
    def attribution(self) -> str:
        """As it is printed: in the language of the text, whatever the reader's page is in."""
        if self.passage.attributed_in_text:
            return ""
        with override(self.passage.document.language):
            return attribution(self.passage)

    @property
    def words(self) -> SafeString:
        tabled, first = self.passage.tabled, self.first_footnote
        if tabled is None:
            return SafeString("")
        hanging = [one for one in self.hanging if not (one.in_caucus and self.own_copy)]
        notes = [reservation.note for reservation in self.reservations]
        return words_of(tabled, self.passage.public_id, hanging, first=first, owners=owners(self.brackets), notes=notes)

    @property
    def holds_pen(self) -> bool:
        return self.pen is not None and self.pen.holder_id == self.reader

    @property
    def support(self) -> str:
        """In one phrase; "" where no side has said a word."""
        return phrase_of(self.supports) if self.supports else ""

    @property
    def is_own(self) -> bool:
        return self.here.is_of(self.passage.side)

    @property
    def own_copy(self) -> Revision | None:
        """What one's own side wrote and has not tabled; nobody else gets it."""
        return self.passage.caucus_copy if self.is_own else None

    @property
    def own_words(self) -> SafeString:
        copy, hanging = self.own_copy, [one for one in self.hanging if one.in_caucus]
        prefix, first = f"{self.passage.public_id}-own", self.first_footnote
        return words_of(copy, prefix, hanging, first=first) if copy else SafeString("")

    @property
    def excerpt(self) -> str:
        revision = self.own_copy or self.passage.tabled
        return plain.excerpt(revision.text, 90) if revision else ""

    @property
    def missing(self) -> list[Side]:
        return [key.side for key in self.keys if not key.turned]

    @property
    def is_in_motion(self) -> bool:
        return bool(self.passage.settling_id)  # type: ignore[attr-defined]  # annotated

    @property
    def waits_for_own_key(self) -> bool:
        return self.is_in_motion and any(self.here.is_of(side) for side in self.missing)

    @property
    def own_referral(self) -> Referral | None:
        """What waits for the principals of the reader's own side."""
        return next((one for one in self.referrals if self.here.is_of(one.side)), None)

    @property
    def text_is_new(self) -> bool:
        shown = self.own_copy or self.passage.tabled
        return self.since is not None and shown is not None and shown.made_at > self.since

    @property
    def comments_are_new(self) -> bool:
        at = self.passage.threads_changed_at  # type: ignore[attr-defined]  # annotated
        return self.since is not None and at is not None and at > self.since

    @property
    def status(self) -> tuple[str, str]:
        """Tone and word of its state."""
        return status_of(self)


def status_of(entry: Entry) -> tuple[str, str]:
    passage = entry.passage
    if passage.is_settled:
        return _settled(passage)
    if not passage.is_tabled:
        return "plain", _("In caucus")
    if passage.is_ad_referendum:
        return _ad_referendum(entry)
    if entry.waits_for_own_key:
        return "yours", _("Your side’s key is wanted")
    if entry.is_in_motion:
        return "doing", _("Waiting for %(sides)s") % {"sides": names(entry.missing)}
    if passage.proposed_for_side:
        return "todo", _("Proposed for %(side)s") % {"side": passage.side}
    return ("doing", _("Bracketed")) if passage.state == PassageState.BRACKETED else ("todo", pgettext("text", "Open"))


def _settled(passage: Passage) -> tuple[str, str]:
    if passage.state == PassageState.FROZEN:
        return "closed", _("Frozen")
    if passage.side:
        return "done", _("Settled by %(side)s") % {"side": passage.side}
    return "done", _("Agreed")


def _ad_referendum(entry: Entry) -> tuple[str, str]:
    """Whose principals have not answered; under the package rule, that the rest is not agreed yet."""
    if not entry.referrals:
        return "doing", _("Agreed ad referendum, with the rest")
    if entry.own_referral and entry.here.holds_key:
        return "yours", _("Your side’s confirmation is wanted")
    return "doing", _("Ad referendum: waiting for %(sides)s") % {"sides": names(one.side for one in entry.referrals)}


def names(sides: Iterable[Side]) -> str:
    return ", ".join(side.name for side in sides)


@dataclass
class Column:
    side: Side
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Block:
    """What stands between the margins at once: one passage, or the sides' views beside each other."""

    entry: Entry | None = None
    columns: list[Column] = field(default_factory=list)

    @property
    def first(self) -> Entry:
        return self.entry or next(column.entries[0] for column in self.columns if column.entries)


class Numbering:
    """As the printed text numbers: tabled paragraphs and footnotes through the document, recommendations R1, R2, …"""

    def __init__(self, paragraphs: int = 0, recommendations: int = 0, footnotes: int = 0) -> None:
        self.paragraphs, self.recommendations, self.footnotes = paragraphs, recommendations, footnotes

    def paragraph(self, passage: Passage) -> int | None:
        if not passage.is_tabled:
            return None
        self.paragraphs += 1
        return self.paragraphs

    def first_footnote(self, passage: Passage) -> int:
        """What stands in a caucus counts in no number: its own footnotes show the numbers that would follow."""
        first = self.footnotes + 1
        self.footnotes += passage.footnotes if passage.is_tabled else 0
        return first

    def heading(self, passage: Passage) -> Heading | None:
        found = heading_of(passage.tabled.text)[0] if passage.tabled else None
        if found is None:
            return None
        self.recommendations += 1
        return Heading(f"R{self.recommendations}", plain.line(found), **found["attrs"])


def read(
    passages: Iterable[Passage],
    *,
    reader: User,
    here: Standing,
    sides: Sequence[Side],
    numbering: Numbering,
    since: datetime | None = None,
) -> list[Entry]:
    """The passages (`with_texts`, `with_motions`, `with_threads`) as entries in their order, with their brackets."""
    entries = [_entry(passage, reader, here, sides, numbering, since) for passage in passages]
    disputed = disputed_in(entry.passage for entry in entries)
    referrals = pending_on([entry.passage for entry in entries])
    pens = pens_over(entry.passage for entry in entries)
    reservations = reservations_on(entry.passage for entry in entries)
    document = entries[0].passage.document if entries else None
    supports = supports_on(document, [entry.passage for entry in entries], sides) if document else {}
    for entry in entries:
        entry.pen = pens.get(entry.passage.pen_id or 0)
        entry.supports = supports.get(entry.passage.pk, [])
        entry.reservations = reservations.get(entry.passage.pk, [])
        entry.referrals = referrals.get(entry.passage.pk, [])
        entry.brackets = disputed.get(entry.passage.pk, [])
    return entries


def pending_on(passages: Iterable[Passage]) -> dict[int, list[Referral]]:
    """By passage whose principals have not answered; no question where nothing is agreed ad referendum."""
    held = [passage.pk for passage in passages if passage.is_ad_referendum]
    found: dict[int, list[Referral]] = {}
    for referral in Referral.objects.pending().filter(passage__in=held).select_related("side") if held else ():
        found.setdefault(referral.passage_id, []).append(referral)
    return found


def _entry(
    passage: Passage,
    reader: User,
    here: Standing,
    sides: Sequence[Side],
    numbering: Numbering,
    since: datetime | None,
) -> Entry:
    wanted = sides if passage.side_id is None else [side for side in sides if side.pk == passage.side_id]
    return Entry(
        passage=passage,
        here=here,
        reader=reader.pk,
        number=numbering.paragraph(passage),
        heading=numbering.heading(passage),
        keys=[SideKey(side, getattr(passage, f"key_{side.pk}")) for side in wanted],
        may=frozenset(act for act, rule in ACTS.items() if has_perm(rule, reader, passage)),
        since=since,
        first_footnote=numbering.first_footnote(passage),
        none_wished=[side for side in sides if getattr(passage, f"none_{side.pk}", False)],
    )


def in_blocks(entries: Sequence[Entry], sides: Sequence[Side]) -> list[Block]:
    """Replies go under the view that they answer; views that follow each other stand beside each other."""
    blocks: list[Block] = []
    for entry in _with_replies(entries):
        if entry.passage.voice not in (Voice.VIEW, Voice.REPLY):
            blocks.append(Block(entry=entry))
            continue
        if not blocks or not blocks[-1].columns:
            blocks.append(Block(columns=[Column(side) for side in sides]))
        column = next(c for c in blocks[-1].columns if c.side.pk == entry.passage.side_id)
        column.entries.append(entry)
    return blocks


def _with_replies(entries: Sequence[Entry]) -> list[Entry]:
    views = {entry.passage.pk: entry for entry in entries if entry.passage.voice == Voice.VIEW}
    standing_alone = []
    for entry in entries:
        view = views.get(entry.passage.answers_id or 0)
        if view is None:
            standing_alone.append(entry)
        else:
            view.replies.append(entry)
    return standing_alone


def document_entries(document: Document, *, reader: User, here: Standing) -> list[Entry]:
    """All that lies before all sides, in the order of printing, numbered through: three queries for any length."""
    sides = sides_of(document.group.programme)
    sections = {section.pk: section for section in document.sections.present()}
    passages = list(
        Passage.objects.filter(section__in=sections)
        .tabled_ones()
        .with_texts()
        .with_motions(sides)
        .with_threads(here.side)
        .in_reading_order()
    )
    for passage in passages:
        passage.section = sections[passage.section_id]
        passage.section.document = document
    return read(passages, reader=reader, here=here, sides=sides, numbering=Numbering())


def section_entries(section: Section, *, reader: User, here: Standing) -> list[Entry]:
    """The entries of a section that was `opened_by` this reader."""
    sides = sides_of(section.document.group.programme)
    since = section.read_at  # type: ignore[attr-defined]  # annotated by opened_by
    side = here.side.pk if here.side else None
    passages = _of_a_section(tuple(sides))(section=section.pk, side=side, reader=reader.pk, since=since)
    for passage in passages:
        passage.section = section
    before = ("paragraphs_before", "recommendations_before", "footnotes_before")
    numbering = Numbering(*(getattr(section, figure) for figure in before))
    return read(passages, reader=reader, here=here, sides=sides, numbering=numbering, since=since)


@lru_cache(maxsize=64)  # by the sides of a programme
def _of_a_section(sides: tuple[Side, ...]) -> Composed[Passage]:
    def compose(section: Slot, side: Slot, reader: Slot, since: Slot) -> QuerySet[Passage]:
        return (
            Passage.objects.filter(section=section)
            .as_seen_by(side)
            .with_texts()
            .with_motions(sides)
            .with_threads(side)
            .with_proposals(reader)
            .with_seen_revision(since)
            .with_no_replies(sides)
            .order_by("position", "pk")
        )

    return Composed(compose, section=KEY, side=KEY, reader=KEY, since=MOMENT)
