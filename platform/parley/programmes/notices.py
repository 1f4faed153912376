"""What people of a programme are told."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from parley.accounts.models import User
from parley.notifications import NoticeKind, Words

from .models import GroundRules, Programme


def who_takes_part(rules: GroundRules, facts: dict[str, Any]) -> Iterable[User]:
    """Those who see the programme now; who once took part and left is told nothing."""
    people = (p.person for p in rules.programme.participants.select_related("person"))
    return [person for person in people if sees_the_programme(person, rules)]


def sees_the_programme(user: User, rules: GroundRules) -> bool:
    return Programme.objects.visible_to(user).filter(pk=rules.programme_id).exists()


ground_rules_published = NoticeKind(
    "programmes.ground_rules",
    subject=GroundRules,
    readers=who_takes_part,
    may_see=sees_the_programme,
    words=lambda rules, reader, facts: Words(
        title=_("Ground rules to accept"),
        body=_("%(programme)s has ground rules, version %(version)d. Read them and say that you accept them.")
        % {"programme": rules.programme, "version": rules.version},
        url=reverse("ground_rules_accept", kwargs={"groundrules": rules.public_id}),
    ),
    asks=True,
    related=("programme",),
)
