"""The programme's agreed terms, as plain values for whoever reads texts by them, and in words for people."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from parley.programmes.models import Programme, Side

from .models import Term, TermKind


def agreed_terms(programme: Programme) -> list[dict[str, Any]]:
    """As `reports.checks.texts.TermUse` takes them; proposed changes are in none of it."""
    terms = Term.objects.agreed().filter(programme=programme).order_by("name", "pk")
    return [
        {
            "id": term.public_id,
            "kind": str(term.kind),
            "name": term.name,
            "names": tuple(sorted(term.names.items())),
            "others": tuple(term.others),
            "instead": term.instead,
            "reason": term.reason,
        }
        for term in terms
    ]


def in_words(contents: Mapping[str, Any] | None, sides: Sequence[Side]) -> str:
    """ "contested: Tash; Aldara: “Tash”, Vesmar: “Tashan”. Reason", on one line; of no term, that there is none."""
    if not contents:
        return _("not in the glossary")
    kind = TermKind(contents["kind"]).label.partition(":")[0]
    parts = [f"“{contents['name']}” ({kind})"]
    parts += [f"{side.name}: “{said}”" for side in sides if (said := contents["names"].get(side.public_id))]
    if contents["others"]:
        parts.append(_("instead of %(words)s") % {"words": ", ".join(f"“{word}”" for word in contents["others"])})
    if contents["instead"]:
        parts.append(_("say “%(words)s”") % {"words": contents["instead"]})
    return "; ".join(parts) + f". {contents['reason']}"
