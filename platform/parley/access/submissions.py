"""A form sent twice makes one row: the key that its page carried is stored with what it made."""

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, models
from django.http import HttpRequest

P = ParamSpec("P")
R = TypeVar("R")

KEY = re.compile(r"[A-Za-z0-9_-]{16,32}")


class AlreadySubmitted(Exception):
    """This form was sent before; what it was to make exists."""


class SubmittedOnce(models.Model):
    """A row made by a form that a person may send twice (a weak line, a double press)."""

    submission = models.CharField(max_length=32, null=True, unique=True, editable=False)  # noqa: DJ001 (null: made by no form)

    class Meta:
        abstract = True


def submission_of(request: HttpRequest) -> str | None:
    """The key that the form carried (`{% idempotency_key %}`), or none when it is no key of ours."""
    typed = request.POST.get("idempotency_key", "")
    return typed if KEY.fullmatch(typed) else None


def once(model: type[SubmittedOnce]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For an atomic action that makes a row of `model` with its argument `submission`.

    The second one of two raises AlreadySubmitted, after its own transaction was rolled back: a savepoint within it
    would cost two statements each time, to spare what hardly ever happens.
    """

    def guarded(action: Callable[P, R]) -> Callable[P, R]:
        @wraps(action)
        def act(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return action(*args, **kwargs)
            except IntegrityError as error:
                submission = kwargs.get("submission")
                if submission and model._default_manager.filter(submission=submission).exists():
                    raise AlreadySubmitted from error
                raise

        return act

    return guarded
