"""Whose turn it is with a document as a whole: what is proposed on it, and what its final text waits for."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from groups.models import Motion
from groups.motions import kind_of
from groups.standing import Standing
from parley.accounts.models import User
from parley.programmes.models import Side

from . import links
from .actions.publishing import authorisation
from .models import Document, DocumentState, FinalText
from .models.documents import CLOSED_STATES
from .notices_silence import hour_of
from .reading import names
from .signatures import place_of


@dataclass(frozen=True)
class Turn:
    """The sentence at the head of the page, as elements/turn.html takes it."""

    what: str
    yours: bool = False
    whose: str = ""
    url: str = ""
    button: str = ""


@dataclass(frozen=True)
class Proposal:
    """An open motion on the document or on its final text, and the sides whose keys are missing."""

    motion: Motion
    missing: Sequence[Side]

    def waits_for(self, here: Standing) -> bool:
        return here.holds_key and any(here.is_of(side) for side in self.missing)

    def turn(self, *, yours: bool) -> Turn:
        words = kind_of(self.motion.kind).words
        url = reverse("motion", kwargs={"motion": self.motion.public_id})
        if yours:
            what = _("%(proposal)s: this is proposed, and your side’s key is wanted.") % {"proposal": words}
            return Turn(what, yours=True, url=url, button=_("Look and turn the key"))
        what = _("%(proposal)s: this is proposed, and keys are missing.") % {"proposal": words}
        whose = _("Waiting for %(sides)s") % {"sides": names(self.missing)}
        return Turn(what, whose=whose, url=url, button=_("See the proposal"))


def proposals_on(document: Document, sides: Sequence[Side]) -> list[Proposal]:
    """The oldest first; one query where nothing is proposed, two elsewhere."""
    final_texts = FinalText.objects.standing().filter(document=document).values("public_id")
    about_it = Q(target_id=document.public_id) | Q(target_id__in=final_texts)
    motions = Motion.objects.filter(about_it, group=document.group_id).open().with_keys().order_by("proposed_at", "pk")
    return [Proposal(motion, _missing(motion, sides)) for motion in motions]


def _missing(motion: Motion, sides: Sequence[Side]) -> list[Side]:
    turned = {key.side_id for key in motion.keys.all()}
    return [side for side in sides if side.public_id in motion.wanted and side.pk not in turned]


def final_turn(document: Document, *, reader: User, here: Standing) -> Turn | None:
    """What the final text waits for from this reader: initials, an answer, a key for publication, publication."""
    text: FinalText | None = document.final_text
    if text is None:
        return None
    text.document = document
    steps = (_under_silence, _to_initial_or_sign, _to_authorise, _to_publish)
    return next((turn for step in steps if (turn := step(text, reader, here)) is not None), None)


def drafting_is_over(document: Document) -> Turn:
    """The document of somebody who has nothing to do with it now."""
    state = str(document.get_state_display()).capitalize()
    return Turn(f"{state}.", whose=_("Drafting is over"), url=links.sign(document), button=_("See the final text"))


def _under_silence(text: FinalText, reader: User, here: Standing) -> Turn | None:
    silence = text.silences.open().first()
    if silence is None:
        return None
    what = _("The final text is adopted on %(hour)s unless somebody objects before.") % {"hour": hour_of(silence)}
    return Turn(what, whose=_("Silence procedure"), url=links.silence(silence), button=_("See the silence procedure"))


def _to_initial_or_sign(text: FinalText, reader: User, here: Standing) -> Turn | None:
    if not here.has_a_side or text.document.state not in (DocumentState.FROZEN, DocumentState.SIGNING):
        return None
    place, url = place_of(text, reader), links.sign(text.document)
    if place.to_initial:
        return Turn(_("The final text waits for your initials."), True, url=url, button=_("Read and initial"))
    if place.to_sign:
        return Turn(_("The final text waits for your signature."), True, url=url, button=_("Read and answer"))
    return None


def _to_authorise(text: FinalText, reader: User, here: Standing) -> Turn | None:
    if text.document.state not in CLOSED_STATES or not here.holds_key or authorisation(text):
        return None
    if text.document.state == DocumentState.ADOPTED:
        what = _("The text is adopted. Authorise publication of exactly this text.")
    else:
        what = _("Signing has closed. Authorise publication of exactly this text.")
    return Turn(what, True, url=links.publish(text.document), button=_("Look and turn the key"))


def _to_publish(text: FinalText, reader: User, here: Standing) -> Turn | None:
    if text.document.state not in CLOSED_STATES or not here.facilitates or not authorisation(text):
        return None
    what = _("Every side’s key has authorised publication. Look at the page and the PDF, then publish.")
    return Turn(what, True, url=links.publish(text.document), button=_("Look and publish"))
