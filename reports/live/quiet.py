"""Words become a revision when nobody writes on: in a quiet minute, and when the last editor has left."""

from django.utils import timezone
from django.utils.translation import override

from parley.notifications import remind
from reports.models import LiveText, Passage, Proposal
from reports.text.limits import TextRefused

from . import branching, cutting, events, store


def look_for_quiet(key: str) -> None:
    """A due row's `<text>:<sequence>`: cut when a minute has passed without a letter, else look again later."""
    public_id, _colon, _sequence = key.partition(":")
    text = LiveText.objects.open().uncut().defer("state").filter(public_id=public_id).first()
    if text is None:
        return
    quiet_at = text.changed_at + store.QUIET
    if quiet_at <= timezone.now():
        if _taken_in(text):
            return
        events.does_not_fit(text)
        quiet_at = timezone.now() + store.QUIET
    remind(store.QUIET_MINUTE, _next_key(key, text), at=quiet_at)


def _next_key(key: str, text: LiveText) -> str:
    """Another than the one in hand, whose row goes when we are done."""
    following = f"{text.public_id}:{text.sequence}"
    return following if following != key else f"{following}+"


def cut_when_alone(text_id: int) -> None:
    """The last editor has left."""
    text = LiveText.objects.open().uncut().defer("state").filter(pk=text_id).first()
    if text is not None and not _taken_in(text):
        events.does_not_fit(text)


def _taken_in(text: LiveText) -> bool:
    home = _home_of(text)
    return branching.take_in_typed(home) if isinstance(home, Proposal) else cutting.take_in_typed(home)


def problem_with(text_id: int, language: str) -> str:
    """What must be mended before the words can become a revision, in this language; "" when nothing."""
    text = LiveText.objects.select_related("passage__tabled", "proposal__passage", "base").get(pk=text_id)
    home = _home_of(text)
    with override(language):
        try:
            if isinstance(home, Proposal):
                branching.words_of(text, home.passage)
            else:
                cutting.words_of(text, home)
        except TextRefused as refusal:
            return refusal.reason
    return ""


def _home_of(text: LiveText) -> Passage | Proposal:
    home: Passage | Proposal = text.proposal or text.passage  # type: ignore[assignment]  # a constraint: it has one
    return home
