"""A document as a task list: what each section waits for, and whose turn it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rules.permissions import has_perm

from groups.standing import Standing
from parley.accounts.models import User
from parley.programmes.models import Side

from . import links
from .checks.findings import report_of
from .models import Document, Passage, Pen, Section, Voice
from .reading import names, sides_of
from .turn import Proposal, Turn, drafting_is_over, final_turn, proposals_on


@dataclass
class Row:
    """A section in the task list, with the passages that the reader sees."""

    section: Section
    number: int
    here: Standing
    sides: Sequence[Side]
    passages: list[Passage] = field(default_factory=list)

    @property
    def waiting(self) -> dict[Side, int]:
        """How many open motions wait for each side's key."""
        found: dict[Side, int] = {}
        for passage in self.passages:
            for side in missing_keys(passage, self.sides):
                found[side] = found.get(side, 0) + 1
        return found

    @property
    def for_us(self) -> int:
        return sum(count for side, count in self.waiting.items() if self.here.is_of(side))

    @property
    def to_answer(self) -> list[Passage]:
        """Passages with other words that wait for this reader's answer, or for that of their side."""
        return [passage for passage in self.passages if passage.proposals_to_answer]  # type: ignore[attr-defined]

    @property
    def brackets_to_answer(self) -> list[Passage]:
        """Passages with open brackets in which the reader's side has said nothing yet."""
        return [passage for passage in self.passages if passage.brackets_to_answer]  # type: ignore[attr-defined]

    @property
    def closings(self) -> list[str]:
        """Proposals to close a bracket that want the key of the reader's side."""
        return [passage.closing_id for passage in self.passages if passage.closing_id]  # type: ignore[attr-defined]

    @property
    def proposals(self) -> int:
        """Other words that the reader sees, their own drafts too."""
        return sum(passage.proposals_seen for passage in self.passages)  # type: ignore[attr-defined]  # annotated

    @property
    def in_caucus(self) -> int:
        """One's own side's words that are not tabled."""
        return sum(1 for p in self.passages if self.here.is_of(p.side) and p.caucus_copy_id)

    @property
    def unanswered(self) -> list[Passage]:
        """Tabled views of other sides to which one's own has neither replied, in caucus or tabled, nor wishes to."""
        answered = {p.answers_id for p in self.passages if self.here.is_of(p.side)}
        views = [p for p in self.passages if p.voice == Voice.VIEW and p.is_tabled and not self.here.is_of(p.side)]
        return [view for view in views if view.pk not in answered and not view.no_reply_wished]  # type: ignore[attr-defined]

    @property
    def status(self) -> tuple[str, str]:
        tabled, settled = self.section.tabled_passages, self.section.settled_passages
        if not tabled:
            return "todo", _("Not begun")
        if self.for_us and self.here.holds_key:
            return "yours", _("Your turn")
        if settled == tabled:
            return "done", _("Agreed")
        return "doing", _("%(settled)d of %(tabled)d agreed") % {"settled": settled, "tabled": tabled}

    @property
    def notes(self) -> list[str]:
        """What the second line says, for all sides alike."""
        section = self.section
        found = [_("Waiting for %(sides)s") % {"sides": names(self.waiting)}] if self.waiting else []
        if section.open_threads:
            words = ngettext("%(count)d open comment", "%(count)d open comments", section.open_threads)
            found.append(words % {"count": section.open_threads})
        if section.open_brackets:
            words = ngettext("%(count)d open bracket", "%(count)d open brackets", section.open_brackets)
            found.append(words % {"count": section.open_brackets})
        return found

    @property
    def own_notes(self) -> list[str]:
        """What only the reader's side reads."""
        if not self.in_caucus:
            return []
        words = ngettext("%(count)d text in your caucus", "%(count)d texts in your caucus", self.in_caucus)
        return [words % {"count": self.in_caucus}]


def missing_keys(passage: Passage, sides: Sequence[Side]) -> list[Side]:
    """The sides for whose key an open motion to settle the passage waits."""
    if not passage.settling_id:  # type: ignore[attr-defined]  # annotated
        return []
    wanted = [side for side in sides if passage.side_id in (None, side.pk)]
    return [side for side in wanted if not getattr(passage, f"key_{side.pk}")]


@dataclass
class Overview:
    document: Document
    here: Standing
    rows: list[Row]
    reader: User
    proposals: list[Proposal]

    @property
    def tabled(self) -> int:
        return sum(row.section.tabled_passages for row in self.rows)

    @property
    def settled(self) -> int:
        return sum(row.section.settled_passages for row in self.rows)

    @property
    def open_threads(self) -> int:
        return sum(row.section.open_threads for row in self.rows)

    @property
    def other_words(self) -> int:
        return sum(row.proposals for row in self.rows)

    @property
    def open_brackets(self) -> int:
        return sum(row.section.open_brackets for row in self.rows)

    @property
    def waiting(self) -> dict[Side, int]:
        found: dict[Side, int] = {}
        for row in self.rows:
            for side, count in row.waiting.items():
                found[side] = found.get(side, 0) + count
        return found

    @property
    def turn(self) -> Turn:
        """The first thing that is to be done: by this reader, else by others."""
        return next(turn for step in self._steps() if (turn := step()) is not None)

    def _steps(self) -> tuple[Callable[[], Turn | None], ...]:
        if not self.document.is_drafted:
            return (self._proposed, self._final, self._proposed_to_others, self._over)
        keys = (self._proposed, self._keys, self._closings)
        words = (self._other_words, self._brackets, self._to_table, self._to_answer, self._to_support)
        return (*keys, *words, self._pen, self._proposed_to_others, self._to_freeze, self._others)

    def _final(self) -> Turn | None:
        return final_turn(self.document, reader=self.reader, here=self.here)

    def _over(self) -> Turn:
        return drafting_is_over(self.document)

    def _proposed(self) -> Turn | None:
        waiting = (proposal for proposal in self.proposals if proposal.waits_for(self.here))
        return next((proposal.turn(yours=True) for proposal in waiting), None)

    def _proposed_to_others(self) -> Turn | None:
        return self.proposals[0].turn(yours=False) if self.proposals else None

    def _keys(self) -> Turn | None:
        count = sum(row.for_us for row in self.rows)
        if not count or not self.here.holds_key:
            return None
        words = ngettext(
            "%(count)d passage waits for your side’s key.", "%(count)d passages wait for your side’s key.", count
        )
        url = reverse("settle", kwargs={"document": self.document.public_id})
        return Turn(words % {"count": count}, yours=True, url=f"{url}?waiting=us", button=_("Read and decide"))

    def _closings(self) -> Turn | None:
        motion = next((motion for row in self.rows for motion in row.closings), None)
        if motion is None or not self.here.holds_key:
            return None
        what = _("It is proposed how to close a bracket, and your side’s key is wanted.")
        url = reverse("motion", kwargs={"motion": motion})
        return Turn(what, yours=True, url=url, button=_("Look and turn the key"))

    def _brackets(self) -> Turn | None:
        passages = [passage for row in self.rows for passage in row.brackets_to_answer]
        if not passages or not self.here.has_a_side:
            return None
        count = sum(passage.brackets_to_answer for passage in passages)  # type: ignore[attr-defined]  # annotated
        words = ngettext(
            "%(count)d bracket waits for what your side would say.",
            "%(count)d brackets wait for what your side would say.",
            count,
        )
        url = links.passage(passages[0])
        return Turn(words % {"count": count}, yours=True, url=url, button=_("Read and answer"))

    def _other_words(self) -> Turn | None:
        count = sum(passage.proposals_to_answer for row in self.rows for passage in row.to_answer)  # type: ignore[attr-defined]
        if not count:
            return None
        words = ngettext(
            "%(count)d proposal of other words waits for your answer.",
            "%(count)d proposals of other words wait for your answer.",
            count,
        )
        url = reverse("proposals", kwargs={"document": self.document.public_id})
        return Turn(words % {"count": count}, yours=True, url=url, button=_("Read and decide"))

    def _to_table(self) -> Turn | None:
        row = next((row for row in self.rows if row.in_caucus), None)
        if row is None or not self.here.holds_key:
            return None
        count = sum(row.in_caucus for row in self.rows)
        words = ngettext(
            "%(count)d text of your side is in caucus. Table it when it is ready.",
            "%(count)d texts of your side are in caucus. Table them when they are ready.",
            count,
        )
        return Turn(words % {"count": count}, yours=True, url=links.section(row.section), button=_("Read them"))

    def _pen(self) -> Turn | None:
        """Of its holder; no question where none is out."""
        passages = (passage for row in self.rows for passage in row.passages)
        held = [pen for pen in {self.document.pen_id, *(passage.pen_id for passage in passages)} if pen]
        pen = Pen.objects.out().filter(pk__in=held, holder=self.reader).first() if held else None
        if pen is None:
            return None
        what = _("You hold the pen: draft, and release to all sides at once.")
        return Turn(what, yours=True, url=links.pen(pen), button=_("See your drafts"))

    def _to_support(self) -> Turn | None:
        """Where print says how far each side supports the recommendations, and this reader's has not said."""
        side = self.here.side
        if not self.document.prints_support or side is None or not self.here.holds_key:
            return None
        unsaid = Passage.objects.filter(section__in=[row.section for row in self.rows]).wanting_support_of(side)
        if not unsaid.exists():
            return None
        what = _("Print says how far each side supports the recommendations, and your side has not said it of all.")
        url = reverse("supports", kwargs={"document": self.document.public_id})
        return Turn(what, yours=True, url=url, button=_("Say your side’s support"))

    def _to_answer(self) -> Turn | None:
        row = next((row for row in self.rows if row.unanswered), None)
        if row is None or not self.here.has_a_side:
            return None
        count = sum(len(row.unanswered) for row in self.rows)
        words = ngettext(
            "%(count)d view of another side has no reply of yours yet.",
            "%(count)d views of other sides have no reply of yours yet.",
            count,
        )
        url = links.passage(row.unanswered[0])
        return Turn(words % {"count": count}, yours=True, url=url, button=_("Read the view"))

    def _to_freeze(self) -> Turn | None:
        if not self.tabled or self.settled < self.tabled:
            return None
        if self.findings:
            return self._to_check()
        if not has_perm("reports.freeze", self.reader, self.document):
            return Turn(_("Every passage is settled. The co-chairs can freeze the final text."))
        url = reverse("freeze", kwargs={"document": self.document.public_id})
        return Turn(_("Every passage is settled. The final text can be frozen."), True, url=url, button=_("Freeze…"))

    def _to_check(self) -> Turn:
        words = ngettext(
            "Every passage is settled. %(count)d finding of the checks is neither mended nor waived.",
            "Every passage is settled. %(count)d findings of the checks are neither mended nor waived.",
            self.findings,
        )
        yours, url = has_perm("reports.freeze", self.reader, self.document), links.checks(self.document)
        return Turn(words % {"count": self.findings}, yours, url=url, button=_("Look at the findings"))

    @cached_property
    def findings(self) -> int:
        """Asked only when all else is done: what still holds a freeze."""
        return len(report_of(self.document).holding)

    def _others(self) -> Turn:
        if self.waiting:
            sides = names(self.waiting)
            return Turn(
                _("Keys are missing for %(count)d passages.") % {"count": sum(self.waiting.values())},
                whose=_("Waiting for %(sides)s") % {"sides": sides},
            )
        if not self.tabled:
            return self._to_begin()
        left = self.tabled - self.settled
        words = ngettext("%(count)d passage is not settled yet.", "%(count)d passages are not settled yet.", left)
        return Turn(words % {"count": left}, whose=_("Drafting goes on"))

    def _to_begin(self) -> Turn:
        """Whoever has a side may write the first words."""
        if not self.here.has_a_side:
            return Turn(_("No words lie before all sides yet."), whose=_("Waiting for the members"))
        what = _("No words lie before all sides yet. Open a section and write the first ones.")
        first = next((row.section for row in self.rows), None)
        if first is None:
            return Turn(what, whose=_("Drafting goes on"))
        return Turn(what, yours=True, url=links.section(first), button=_("Open the first section"))


def overview_of(document: Document, *, reader: User, here: Standing) -> Overview:
    """Four queries, however long the document is; five where something is proposed on the whole of it."""
    sides = sides_of(document.group.programme)
    rows = {
        section.pk: Row(section, number, here, sides) for number, section in enumerate(document.sections.present(), 1)
    }
    seen = Passage.objects.filter(section__in=rows).as_seen_by(here.side)
    seen = seen.select_related("side").with_motions(sides).with_proposals(reader).with_proposals_to_answer(reader)
    for passage in seen.with_brackets(here.side).with_no_reply(here.side).in_reading_order():
        row = rows[passage.section_id]
        passage.section = row.section
        row.passages.append(passage)
    return Overview(document, here, list(rows.values()), reader, proposals_on(document, sides))
