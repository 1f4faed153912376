"""Who may open a section's socket, read a live text, write in it: the rules of the pages, asked at each entrance."""

import zlib
from dataclasses import dataclass

from django.utils import translation

from parley.accounts import second_factor
from parley.accounts.models import User
from parley.notifications.presence import person_of
from reports.models import Passage, Section

HUES = 6


@dataclass(frozen=True)
class Visitor:
    """The person of a session who has a section open, as others see them."""

    person: int
    name: str
    hue: int
    language: str


def visitor_of(session: str, section: str) -> Visitor | None:
    """None when the person may not read this section, or must show a second factor and has none."""
    user = user_of(session)
    if user is None or not Section.objects.visible_to(user).filter(public_id=section).exists():
        return None
    hue = zlib.crc32(user.public_id.encode()) % HUES
    return Visitor(user.pk, str(user), hue, _spoken(user))


def user_of(session: str) -> User | None:
    """The person of a session, as the rules ask them; None when pages would not open for them either."""
    found = person_of(session)
    if found is None or second_factor.is_missing(found[0]):
        return None
    user: User = found[0]
    return user


def _spoken(user: User) -> str:
    return user.language if translation.check_for_language(user.language) else "en"


def passage_for(user: User, section: str, passage: str) -> Passage | None:
    """A passage of this section whose live text the person may read.

    What a side types in its caucus is read by that side alone, also where its tabled words are seen by all.
    """
    found = Passage.objects.opened_by(user).filter(section__public_id=section, public_id=passage).first()
    if found is None or not (found.is_shared or user.has_perm("reports.have_words_of", found)):
        return None
    return found


def may_write(user: User, passage: Passage) -> bool:
    return user.has_perm("reports.write_passage", passage)


def still_may(session: str, section: str, passages: list[str]) -> dict[str, bool]:
    """Of these passages those that the person may still read, and whether they may write there."""
    user = user_of(session)
    if user is None:
        return {}
    found = {public_id: passage_for(user, section, public_id) for public_id in passages}
    return {public_id: may_write(user, passage) for public_id, passage in found.items() if passage is not None}
