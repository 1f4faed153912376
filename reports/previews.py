"""What a motion's page shows of the words or the order that it is about: never anything of a caucus."""

from typing import Any

from groups.models import Motion
from parley.programmes.models import Side

from .models import Bracket, Document, Passage, Proposal, Section
from .models.brackets import owners_of
from .other_words import rebased, words_before_all
from .text import brackets, difference, plain
from .text.html import render


def passage_preview(passage: Passage, motion: Motion, viewer_side: Side | None) -> tuple[str, dict[str, Any]]:
    """The words that were proposed: the tabled revision with the motion's hash, else the tabled one."""
    tabled = passage.revisions.for_all_sides()
    revision = tabled.filter(sha256=motion.sha256).first() or passage.tabled
    words = (
        render(revision.text, footnotes=f"m-{motion.public_id}", owners=owners_of(revision.text)) if revision else ""
    )
    return "reports/parts/proposed.html", {"passage": passage, "revision": revision, "words": words}


def amendment_preview(proposal: Proposal, motion: Motion, viewer_side: Side | None) -> tuple[str, dict[str, Any]]:
    """What the proposed words change in those that are agreed; once they are taken, in those that were."""
    words = words_before_all(proposal)
    found = None if motion.state == Motion.State.CARRIED else rebased(words, proposal.passage.tabled)  # type: ignore[arg-type]
    before, after = (found.over.text, found.text) if found and found.text else (words.base.text, words.text)
    context = {"proposal": proposal, "passage": proposal.passage, "difference": difference.html(before, after)}
    return "reports/parts/amendment.html", context


def closing_preview(bracket: Bracket, motion: Motion, viewer_side: Side | None) -> tuple[str, dict[str, Any]]:
    """The words that would stand, whose they are, and what that changes in the passage as it is now."""
    words = motion.facts["words"]
    text = bracket.passage.tabled.text  # type: ignore[union-attr]  # joint passages lie before all sides
    changes = difference.html(text, brackets.replaced(text, bracket.public_id, words)) if bracket.is_open else ""
    return "reports/parts/proposed_closing.html", {
        "bracket": bracket,
        "outcome": motion.facts["outcome"],
        "side": _side_named(bracket, motion.facts.get("side", "")),
        "words": render(words, footnotes=f"m-{motion.public_id}") if words else "",
        "old_words": render(bracket.words, footnotes=f"b-{bracket.public_id}"),
        "changes": changes,
    }


def _side_named(bracket: Bracket, public_id: str) -> Side | None:
    return Side.objects.filter(programme=bracket.group.programme_id, public_id=public_id).first()


def passage_order_preview(section: Section, motion: Motion, viewer_side: Side | None) -> tuple[str, dict[str, Any]]:
    tabled = section.passages.tabled_ones().select_related("tabled")
    words = {p.public_id: plain.excerpt(p.tabled.text, 90) for p in tabled if p.tabled}
    return _order(words, motion)


def section_order_preview(document: Document, motion: Motion, viewer_side: Side | None) -> tuple[str, dict[str, Any]]:
    return _order({s.public_id: s.title for s in document.sections.present()}, motion)


def _order(words: dict[str, str], motion: Motion) -> tuple[str, dict[str, Any]]:
    order = [words[public_id] for public_id in motion.facts.get("order", []) if public_id in words]
    return "reports/parts/proposed_order.html", {"order": order}
