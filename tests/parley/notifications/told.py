"""A kind of notice for these tests, about people, since this layer knows nothing above them."""

from typing import Any

from django.contrib.auth import get_user_model

from parley.notifications import NoticeKind, Words

User = get_user_model()


def readers(subject: Any, facts: dict[str, Any]) -> Any:
    return User.objects.filter(email__startswith="reader").order_by("pk")


def may_see(user: Any, subject: Any) -> bool:
    return user.name != "removed"


def words(subject: Any, reader: Any, facts: dict[str, Any]) -> Words:
    return Words(title=f"About {subject}", body=f"Said: {facts.get('said', '')}", url=f"/people/{subject.public_id}/")


told = NoticeKind("tests.told", subject=User, readers=readers, may_see=may_see, words=words)
asked = NoticeKind("tests.asked", subject=User, readers=readers, may_see=may_see, words=words, asks=True)
