"""What a change of the glossary does with its last key; proposed and consented to as any change of the programme."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from groups.models import Consent, StyleChange, Term
from groups.motions import MayNotBeMoved
from parley.audit.canonical import sha256


def term_of(change: StyleChange) -> Term | None:
    """The agreed term that it is about; None while it is none yet, or any more."""
    return Term.objects.agreed().filter(programme=change.programme, public_id=change.about).first()


def term_hash(consent: Consent) -> str:
    """Of the term as it is and as it is to be, for which group."""
    change = consent.change
    term = term_of(change)
    return sha256(
        {
            "programme": change.programme.public_id,
            "group": consent.group.public_id,
            "what": change.what,
            "term": change.about,
            "from": term.contents if term else None,
            "to": change.facts["after"],
        }
    )


def must_fit_the_glossary(change: StyleChange) -> None:
    """The term is as it was when the change was proposed, and no other has its name."""
    term = term_of(change)
    if (term.contents if term else None) != change.facts["before"]:
        raise MayNotBeMoved(_("The glossary has changed meanwhile: withdraw this, and propose it anew."))
    after = change.facts["after"]
    if after and _others(change).filter(name__iexact=after["name"]).exists():
        raise MayNotBeMoved(_("The glossary has a term of this name already: propose to change that one."))


def _others(change: StyleChange) -> Any:
    return Term.objects.agreed().filter(programme=change.programme).exclude(public_id=change.about)


def set_term(change: StyleChange) -> None:
    after, now = change.facts["after"], timezone.now()
    held = Term.objects.agreed().filter(programme=change.programme, public_id=change.about)
    if after is None:
        held.update(retired_at=now)
    elif not held.update(**after, agreed_at=now):
        Term.objects.create(programme=change.programme, public_id=change.about, **after)
