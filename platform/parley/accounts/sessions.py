"""Sessions in the database, read together with the person who signed in with them: one statement for both.

A session and a person are joined by the device that signing in remembered. What the session says of its person counts
as ever: the join only spares a question.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as InTheDatabase
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from .models import User

READ = """
SELECT session.session_data, {person} FROM django_session session
LEFT JOIN accounts_device device ON device.session_key = session.session_key
LEFT JOIN accounts_user person ON person.id = device.user_id
WHERE session.session_key = %s AND session.expire_date > %s
"""


class SessionStore(InTheDatabase):
    """`settings.SESSION_ENGINE` names this module, and Django looks here for a class of this name."""

    # Read with the session; None before, and where no device is remembered.
    read_with_it: User | None = None

    def load(self) -> dict[str, Any]:
        now = Session._meta.get_field("expire_date").get_db_prep_value(timezone.now(), connection)
        with connection.cursor() as cursor:
            cursor.execute(_read(), [self.session_key, now])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        data, *person = found
        self.read_with_it = _person(person) if person[0] else None
        return self.decode(data)

    def person(self) -> User | None:
        """Whom this session shows to be signed in; None wherever Django must look more closely."""
        said = self.get(SESSION_KEY)
        person = self.read_with_it
        if person is None or said != str(person.pk) or not person.is_active:
            return None
        if self.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
            return None
        fits = constant_time_compare(self.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
        return person if fits else None


@cache
def _read() -> str:
    return READ.format(person=", ".join(f'person."{field.column}"' for field in User._meta.concrete_fields))


def _person(columns: Sequence[Any]) -> User:
    """As a queryset makes it, which would be composed anew for every request."""
    (row,) = _compiler().apply_converters([columns], _converters(connection.alias))
    return User.from_db(connection.alias, [field.attname for field in User._meta.concrete_fields], row)


@cache
def _converters(alias: str) -> dict[int, Any]:
    """How columns become Python's values: on SQLite moments and truths are kept as words and numbers."""
    return _compiler().get_converters([field.cached_col for field in User._meta.concrete_fields])


def _compiler() -> SQLCompiler:
    return User.objects.all().query.get_compiler(connection=connection)
