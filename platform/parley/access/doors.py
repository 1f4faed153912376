"""The door of a page: fetched as seen by the person (404), allowed by the rule (403), handed over as an object."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, CharField, Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from .composed import Composed

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Door:
    """What a view declares: a permission over an object, or why it needs none. The access tables read it."""

    permission: str | None = None
    model: type[Model] | None = None
    reason: str = ""
    anonymous: bool = False


def _url_name(model: type[Model]) -> str:
    return str(getattr(model, "url_name", None) or model._meta.model_name)


def needs(
    permission: str, model: type[Model], *, lookup: str = "public_id", through: str = "visible_to"
) -> Callable[[View], View]:
    """Decorate `view(request, obj, …)`; the address carries the object's key under the model's name.

    Hidden and unknown objects look the same (404), so that nobody learns that one exists; seen but not allowed is 403.
    `through` names a queryset method that narrows `visible_to(user)` and fetches what the page needs beside the object.
    """

    fetch = _fetching(model, through, lookup)

    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            key = kwargs.pop(_url_name(model))
            if "\0" in str(key):  # PostgreSQL refuses the question itself
                raise Http404
            found = fetch(request.user, key)
            if not request.user.has_perm(permission, found):
                raise PermissionDenied(permission)
            return view(request, found, **kwargs)

        door.door = Door(permission, model)  # type: ignore[attr-defined]
        return door

    return decorate


def _fetching(model: type[Model], through: str, lookup: str) -> Callable[[Any, str], Model]:
    """What a door asks the database; raises Http404."""
    visible = getattr(model.objects, through)  # type: ignore[attr-defined]  # each model's own
    if not getattr(visible, "composed_once", False):
        return lambda person, key: get_object_or_404(visible(person), **{lookup: key})
    rows: Composed[Model] = Composed(
        lambda person, key: visible(person).filter(**{lookup: key}).order_by(),
        person=BigIntegerField(),
        key=CharField(),
    )

    def fetch(person: Any, key: str) -> Model:
        found = rows(person=person.pk, key=key)
        if not found:
            raise Http404
        return found[0]

    return fetch


def open_to_anyone(reason: str) -> Callable[[View], View]:
    """A page for people without an account; `reason` says why it may be."""

    def decorate(view: View) -> View:
        opened = login_not_required(view)
        opened.door = Door(reason=reason, anonymous=True)  # type: ignore[attr-defined]
        return opened

    return decorate


def signed_in(reason: str) -> Callable[[View], View]:
    """A page about the signed-in person's own things; Django's LoginRequiredMiddleware keeps others out."""

    def decorate(view: View) -> View:
        view.door = Door(reason=reason)  # type: ignore[attr-defined]
        return view

    return decorate
