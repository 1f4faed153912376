"""The programme's agreed terms, as plain values for whoever reads texts by them."""

from typing import Any

from parley.programmes.models import Programme


def agreed_terms(programme: Programme) -> list[dict[str, Any]]:
    return []
