"""Telling people: the bell, mail that is never lost, reminders, and the socket that says "something changed".

Upper layers declare their kinds of notice (`NoticeKind`), announce them in the transaction of the act, say which pages
may be watched (`topic_kind`) and when one has changed (`page_changed`), and set reminders (`remind`, `due_kind`).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .account_mail import send_account_mail
    from .due import due_kind, forget, remind, remind_all
    from .kinds import NoticeKind, Urgency, Words
    from .safe_mail import full_words_allowed
    from .topics import topic_kind
    from .wake import access_changed, page_changed, send_on_commit

__all__ = [
    "NoticeKind",
    "Urgency",
    "Words",
    "access_changed",
    "due_kind",
    "forget",
    "full_words_allowed",
    "page_changed",
    "remind",
    "remind_all",
    "send_account_mail",
    "send_on_commit",
    "topic_kind",
]

_HOMES = {
    "NoticeKind": "kinds",
    "Urgency": "kinds",
    "Words": "kinds",
    "access_changed": "wake",
    "due_kind": "due",
    "forget": "due",
    "full_words_allowed": "safe_mail",
    "page_changed": "wake",
    "remind": "due",
    "remind_all": "due",
    "send_account_mail": "account_mail",
    "send_on_commit": "wake",
    "topic_kind": "topics",
}


def __getattr__(name: str) -> Any:
    """Looked up on first use: Django imports this package before models may be imported."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
