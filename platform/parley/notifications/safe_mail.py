"""Safe mail: a mail says that something waits, not what, from whom or from which side, unless the programme's policy
allows full words. The upper layer that knows programmes registers that policy; until then every mail is safe.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from .kinds import NoticeKind, Words

Policy = Callable[[Any, Any], bool]
_policies: list[Policy] = []


def full_words_allowed(policy: Policy) -> Policy:
    """Register `policy(subject, reader) -> bool`; full words need the consent of each, and one at least."""
    _policies.append(policy)
    return policy


def allows_full_words(subject: Any, reader: Any) -> bool:
    return bool(_policies) and all(policy(subject, reader) for policy in _policies)


def mail_words(kind: NoticeKind, subject: Any, reader: Any, facts: dict[str, Any]) -> Words:
    """The words of the mail about a notice, in the active language."""
    if allows_full_words(subject, reader):
        return (kind.in_mail or kind.words)(subject, reader, facts)
    own = kind.safe(subject, reader) if kind.safe else None
    return own or safe_words()


def safe_words() -> Words:
    """The same of all things, one or many: the address of a page, or a number, would tell what it is."""
    return Words(
        title=_("Something waits for you in Parley"),
        body=_("Please sign in to see what it is."),
        url="/updates/",
    )
