"""The record: what was done, when and by whom, in hash chains that nobody can change unseen.

`record` writes, `entries` and `head` read, `verify_chain` proves. It holds identifiers, hashes and states, never the
words of a text; names lie in a side table that can be erased while the chain stays valid.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .actions import erase_personal, record
    from .kinds import describe, words
    from .models import Entry
    from .verification import Fault, Head, entries, head, verify_chain

__all__ = ["Entry", "Fault", "Head", "describe", "entries", "erase_personal", "head", "record", "verify_chain", "words"]

_HOMES = {
    "Entry": "models",
    "record": "actions",
    "erase_personal": "actions",
    "words": "kinds",
    "describe": "kinds",
}


def __getattr__(name: str) -> Any:
    """Looked up on first use: Django imports this package before models may be imported."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f".{_HOMES.get(name, 'verification')}", __name__), name)
