"""What is measured of the floor."""

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 (these need the app registry)
from django.core.wsgi import get_wsgi_application  # noqa: E402

from bench.measured import Browser, Case, signed_in  # noqa: E402

from .data import SAID  # noqa: E402
from .models import Section  # noqa: E402


def settle() -> None:
    """Nothing happens here after the answer."""


def cases() -> dict[str, Case]:
    application = get_wsgi_application()
    person = User.objects.get(username="member-1")
    session = signed_in(person, "django.contrib.auth.backends.ModelBackend")
    member, anybody = Browser(application, {"sessionid": session}), Browser(application)
    address = f"/sections/{Section.objects.get(title='Elsewhere').pk}/comment/"
    password = {"username": person.username, "password": "as long as it takes"}
    return {
        "big page": Case(lambda: member.get("/")),
        "comment": Case(lambda: member.post(address, {"kind": "question", "text": SAID}), wanted=302),
        "sign-in": Case(lambda: anybody.post("/accounts/login/", password), wanted=302),
    }
