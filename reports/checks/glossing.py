"""Agreed terms in words that somebody writes just now: what an editor underlines, and what a preview says of them."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from groups.glossary import agreed_terms
from parley.programmes.models import Programme, Side
from reports.models import Passage

from .findings import sentence
from .terms import case_of, fair_names, uses_in, values_of, words_that_show
from .texts import Ground, SideName, TermUse

WORDS = "{words}"
_TAG = re.compile(r"(<[^>]*>)")


def terms_to_underline(passage: Passage) -> list[dict[str, Any]]:
    """For the live editor: the words of each term in this voice, and in which sentence it says why."""
    ground = _ground(passage.group.programme)
    side = passage.side.public_id if passage.side else ""
    return [
        {
            "kind": term.kind,
            "words": words_that_show(term, side),
            "fair": fair_names(term),
            "says": _says(term, WORDS, ground),
        }
        for term in ground.terms
    ]


def _ground(programme: Programme) -> Ground:
    terms = tuple(TermUse(**term) for term in agreed_terms(programme))
    sides = programme.sides_in_order() if terms else []
    return Ground(sides=tuple(SideName(s.public_id, s.name, s.demonym) for s in sides), terms=terms)


def _says(term: TermUse, words: str, ground: Ground) -> str:
    values = values_of(term, words, ground)
    return " ".join(sentence("glossary", case_of(term), values, which) for which in (0, 1))


@dataclass(frozen=True)
class Glossed:
    """Words as HTML, each agreed term in them a way to its reason; `reasons` by number."""

    html: SafeString
    reasons: list[tuple[str, str]]


def glossed(html: SafeString, programme: Programme, side: Side | None) -> Glossed:
    """Checked words that were rendered: a term is found within one stretch of letters."""
    ground = _ground(programme)
    text = _TAG.sub("", html)
    reasons: list[tuple[str, str]] = []
    for term in ground.terms:
        fair = fair_names(term)
        words = words_that_show(term, side.public_id if side else "")
        if not words or (fair and all(escape(one).casefold() in text.casefold() for one in fair)):
            continue
        name = f"term-{len(reasons) + 1}"
        marked = _marked(html, tuple(str(escape(word)) for word in words), name, term.kind)
        if marked != html:
            found = next(uses_in(text, tuple(str(escape(word)) for word in words)), None)
            shown = found[0] if found else term.name
            reasons.append((name, _says(term, unescape(shown), ground)))
            html = marked
    return Glossed(html, reasons)


def _marked(html: SafeString, words: tuple[str, ...], name: str, kind: str) -> SafeString:
    """Letters between tags alone are looked at, and what is a link already is left."""
    parts, in_link = [], False
    for part in _TAG.split(html):
        if part.startswith("<"):
            in_link = part.startswith("<a ") or (in_link and part != "</a>")
            parts.append(part)
        else:
            parts.append(part if in_link else _with_calls(part, words, name, kind))
    return mark_safe("".join(parts))  # noqa: S308 (rendered from a checked text; only letters of it are wrapped)


def _with_calls(letters: str, words: tuple[str, ...], name: str, kind: str) -> str:
    end, made = 0, []
    for match in uses_in(letters, words):
        call = format_html('<a class="term term-{}" href="#{}">{}</a>', kind, name, SafeString(match[0]))
        made += [letters[end : match.start()], call]
        end = match.end()
    return "".join([*made, letters[end:]])
