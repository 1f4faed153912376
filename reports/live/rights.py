"""Who may open a section's socket, read a live text, write in it: the rules of the pages, asked at each entrance."""

import zlib
from dataclasses import dataclass
from typing import Literal, NamedTuple

from django.utils import translation

from parley.accounts import second_factor
from parley.accounts.models import User
from parley.notifications.presence import person_of
from reports.models import Passage, Proposal, Section

HUES = 6


class Named(NamedTuple):
    """What a live text belongs to, as frames name it: {"passage": …} or {"proposal": …}."""

    kind: Literal["passage", "proposal"]
    public_id: str

    @property
    def said(self) -> dict[str, str]:
        return {self.kind: self.public_id}


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


def found_for(user: User, section: str, named: Named) -> Passage | Proposal | None:
    """A passage of this section, or a proposal on one, whose live text the person may read."""
    if named.kind == "proposal":
        return proposal_for(user, section, named.public_id)
    return passage_for(user, section, named.public_id)


def passage_for(user: User, section: str, passage: str) -> Passage | None:
    """What a side types in its caucus is read by that side alone, also where its tabled words are seen by all."""
    found = Passage.objects.opened_by(user).filter(section__public_id=section, public_id=passage).first()
    if found is None or not (found.is_shared or user.has_perm("reports.have_words_of", found)):
        return None
    return found


def proposal_for(user: User, section: str, proposal: str) -> Proposal | None:
    """What its writers type is read by them alone, also where its offered words are seen by all."""
    found = Proposal.objects.opened_by(user).filter(passage__section__public_id=section, public_id=proposal).first()
    if found is None or not user.has_perm("reports.have_words_of_proposal", found):
        return None
    return found


def may_write(user: User, home: Passage | Proposal) -> bool:
    rule = "reports.write_proposal" if isinstance(home, Proposal) else "reports.write_passage"
    return user.has_perm(rule, home)


def still_may(session: str, section: str, opened: list[Named]) -> dict[Named, bool]:
    """Of these those that the person may still read, and whether they may write there."""
    user = user_of(session)
    if user is None:
        return {}
    found = {named: found_for(user, section, named) for named in opened}
    return {named: may_write(user, home) for named, home in found.items() if home is not None}
