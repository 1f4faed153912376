"""The current words of a joint passage for those who read it without writing: the page's own piece of HTML."""

from dataclasses import dataclass

from django.utils.translation import override

from reports.models import LiveText
from reports.models.brackets import owners_of
from reports.reserving import reservations_on
from reports.text.html import render
from reports.text.limits import TextRefused
from reports.text.notes import with_notes

from .cutting import words_of


def words_to_show(text_id: int, language: str) -> str:
    """As the page of the section shows a passage's words; "" where they do not fit, or were never for all sides."""
    texts = LiveText.objects.select_related("passage__section__document", "passage__tabled").defer("state")
    text = texts.before_all().filter(pk=text_id).first()
    if text is None or (passage := text.passage) is None:
        return ""
    with override(language):
        try:
            words = words_of(text, passage)
            first, owners = passage.first_footnote(), owners_of(words)
            notes = [reservation.note for reservation in reservations_on([passage]).get(passage.pk, [])]
            return str(
                render(with_notes(words, notes), footnotes=passage.public_id, first=first, heading=0, owners=owners)
            )
        except TextRefused:
            return ""


@dataclass(frozen=True)
class Shown:
    text: int
    passage: str


def typed_since_the_page(section: str) -> list[Shown]:
    """What all sides write in this section and no revision says yet."""
    texts = LiveText.objects.open().uncut().before_all().filter(passage__section__public_id=section)
    return [Shown(*found) for found in texts.values_list("pk", "passage__public_id")]
