"""What is said in somebody’s name is said by them before it is frozen."""

from django.utils.translation import gettext as _

from groups.motions import MayNotBeMoved, all_sides
from reports.models import Document, Passage, TextReservation
from reports.supporting import supports_on


def refuse_unconfirmed(document: Document) -> None:
    """Nobody’s dissent is signed on the word of a file: those for whom it speaks keep or withdraw it first."""
    found = TextReservation.objects.in_the_text().filter(document=document, from_file=True).with_words()
    speakers = list(dict.fromkeys(reservation.speaker for reservation in found)) if document.reserved else []
    if speakers:
        words = _("A reservation came with a file and is not confirmed. Keep it or withdraw it first: %(speakers)s.")
        raise MayNotBeMoved(words % {"speakers": ", ".join(speakers)})


def refuse_unsaid_support(document: Document) -> None:
    """What is printed of every side is said by every side first."""
    if not document.prints_support:
        return
    passages = Passage.objects.tabled_ones().filter(section__document=document, section__dropped_at=None)
    found = supports_on(document, passages.select_related("tabled"), all_sides(document.group))
    silent = {one.side.name for supported in found.values() for one in supported if not one.level}
    if silent:
        words = _(
            "Print says how far each side supports the recommendations. Not said for all of them yet by: %(sides)s."
        )
        raise MayNotBeMoved(words % {"sides": ", ".join(sorted(silent))})
