"""Changing one's address: a code typed from the new mailbox, a proof by second factor, a notice to the old one."""

import hashlib
import secrets
import time
from dataclasses import asdict, dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare, salted_hmac

from . import mails
from .models import User

KEPT = "new_address"
PURPOSE = "account.address"
SECONDS = 600
MOST_TRIES = 3


@dataclass
class NewAddress:
    """What this session has asked for; the code itself is kept nowhere."""

    email: str
    code_digest: str
    until: float
    tries: int = 0

    @property
    def is_open(self) -> bool:
        return time.time() < self.until and self.tries < MOST_TRIES

    def is_right(self, code: str) -> bool:
        return self.is_open and constant_time_compare(self.code_digest, _digest(self.email, code))


def ask(session: SessionBase, person: User, email: str) -> None:
    """Mail a code to the new address. One that has an account already hears so, and nobody else does."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    _keep(session, NewAddress(email, _digest(email, code), time.time() + SECONDS))
    if User.objects.known_as(email).exclude(pk=person.pk).exists():
        mails.address_taken(email)
    else:
        mails.new_address_code(email, code, minutes=SECONDS // 60)


def asked(session: SessionBase) -> NewAddress | None:
    """What waits for its code in this session."""
    kept = session.get(KEPT)
    found = NewAddress(**kept) if kept else None
    return found if found and found.is_open else None


def count_try(session: SessionBase, wanted: NewAddress) -> None:
    wanted.tries += 1
    _keep(session, wanted)


def forget(session: SessionBase) -> None:
    session.pop(KEPT, None)


def sha256_of(person: User, email: str) -> str:
    """Over what the proof is made: this person's account, this address."""
    return hashlib.sha256(f"{person.public_id}\n{email}".encode()).hexdigest()


def _keep(session: SessionBase, wanted: NewAddress) -> None:
    session[KEPT] = asdict(wanted)


def _digest(email: str, code: str) -> str:
    digits = "".join(filter(str.isdigit, code))
    return salted_hmac("parley.accounts.new_address", f"{email}\n{digits}", algorithm="sha256").hexdigest()
