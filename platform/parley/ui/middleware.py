"""What every answer of the site carries."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse


class OnePolicy:
    """The content security policy of the settings, as django-csp writes it, but once a process.

    No page makes an exception and none has a nonce, so that there is nothing to ask of each answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        answer.headers.setdefault(HEADER, self.policy)
        return answer
