"""Finding and letting in people by their address."""

from django.db import transaction

from .models import User, normal_address


@transaction.atomic
def person_for(email: str) -> User:
    """The person with this address; a new one can neither sign in nor be mailed a code until `let_in`."""
    return User.objects.get_or_create(email=normal_address(email), defaults=_newcomer())[0]


def let_in(person: User) -> None:
    """Open sign-in for somebody who holds an invitation."""
    if not person.is_active:
        User.objects.filter(pk=person.pk).update(is_active=True)
        person.is_active = True


def _newcomer() -> dict:
    # No password, ever: a random unusable one, which is also what sessions are bound to.
    blank = User(is_active=False)
    blank.set_unusable_password()
    return {"is_active": False, "password": blank.password}
