"""What the public page of a document shows: its text, its people, its signatures, how to cite and to check it."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from .actions.signing import signatures_of
from .final_reading import reading_from
from .models import FinalText, Publication
from .reading import sides_of
from .renditions import adoption_of
from .signatures import reservations_of


def public_context(text: FinalText, publication: Publication | None = None) -> dict[str, Any]:
    """Everything comes from the frozen text and its records; `publication` is absent in a preview."""
    document = text.document
    reading = reading_from(text.canonical, sides_of(document.group.programme))
    return {
        "document": document,
        "text": text,
        "publication": publication,
        "reading": reading,
        "reservations": reservations_of(text, reading.text),
        "signatures": signatures_of(text) if text.signing_closed_at else [],
        "adoption": _adoption(text),
        "cite": citation(json.loads(text.canonical), publication) if publication else "",
    }


def _adoption(text: FinalText) -> dict[str, Any] | None:
    """In the document's language, as it is printed."""
    with override(text.document.language):
        return adoption_of(text).get("adoption")


def citation(model: dict[str, Any], publication: Publication) -> str:
    """Who, where, what, when, and the address that stays."""
    address = f"{settings.PARLEY_URL}{reverse('published', args=[publication.code])}"
    names = list(dict.fromkeys([model["host"]["name"], model["programme"]["name"], model["group"]["name"]]))
    said = [", ".join(filter(None, names)), f"“{model['document']['title']}”", model["document"]["date_printed"]]
    return f"{', '.join(filter(None, said))}. {address}"
