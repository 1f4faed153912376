"""A kind of notice for these tests, about people, since this layer knows nothing above them."""

from typing import Any

from django.contrib.auth import get_user_model

from parley.notifications import NoticeKind, Urgency, Words

User = get_user_model()


def readers(subject: Any, facts: dict[str, Any]) -> Any:
    return User.objects.filter(email__startswith="reader").order_by("pk")


def may_see(user: Any, subject: Any) -> bool:
    return user.name != "removed"


def words(subject: Any, reader: Any, facts: dict[str, Any]) -> Words:
    return Words(title=f"About {subject}", body=f"Said: {facts.get('said', '')}", url=f"/people/{subject.public_id}/")


how = {"subject": User, "readers": readers, "may_see": may_see, "words": words}
# Leaves at once, alone: what the outbox does with a row is seen without anybody's habits.
told = NoticeKind("tests.told", urgency=Urgency.DEADLINE, **how)
news = NoticeKind("tests.news", **how)
dated = NoticeKind("tests.dated", calendar=lambda subject, reader: f"METHOD:PUBLISH {subject.name}".encode(), **how)
asked = NoticeKind("tests.asked", asks=True, **how)
