"""What somebody typed, as a question to either database. Nothing typed is an operator, so nothing is refused."""

import re
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from .words import SHORTEST_BEGINNING, WORD, Term, alike, fold

LONGEST = 200
MOST_TERMS = 12
# The languages whose endings PostgreSQL knows, beside `simple`, in which every word is itself.
LANGUAGES: Final = ("english", "russian", "armenian")
PHRASE: Final = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]|(\S+)')
# Of what the vocabulary of an SQLite site has beside the beginnings.
MOST_ALIKE = 60


@dataclass(frozen=True)
class Asked:
    terms: tuple[Term, ...]

    def __bool__(self) -> bool:
        return bool(self.terms)

    def condition(self) -> RawSQL:
        """Rows of the index in which every term stands."""
        if connection.vendor == "postgresql":
            sql, params = _for_postgresql(self.terms)
        else:
            sql, params = _for_sqlite(self.terms)
        return RawSQL(sql, params, output_field=BooleanField())  # noqa: S611 (words are parameters)


def asked(typed: str) -> Asked:
    """Words and “phrases”, the first twelve of them; what has no letter and no digit is no word."""
    terms: list[Term] = []
    for phrase, word in PHRASE.findall(typed[:LONGEST]):
        words = tuple(fold(found) for found in WORD.findall(phrase or word))
        # “cross-border” and “3.5” are one word to people and several to an index.
        if words:
            terms.append(Term(words, exact=bool(phrase) or len(words) > 1))
    return Asked(tuple(dict.fromkeys(terms[:MOST_TERMS])))


def _for_postgresql(terms: tuple[Term, ...]) -> tuple[str, list[str]]:
    questions, params = [], []
    for term in terms:
        if term.exact:
            questions.append("phraseto_tsquery('simple', %s)")
            params.append(" ".join(term.words))
            continue
        word = term.words[0]
        questions.append(
            "(to_tsquery('simple', %s)"
            + "".join(f" || plainto_tsquery('{language}', %s)" for language in LANGUAGES)
            + ")"
        )
        params += [f"'{word}'{_beginning(word)}", *(word for _ in LANGUAGES)]
    return f"search_entry.vector @@ ({' && '.join(questions)})", params


def _beginning(word: str) -> str:
    return ":*" if len(word) >= SHORTEST_BEGINNING else ""


def _for_sqlite(terms: tuple[Term, ...]) -> tuple[str, list[str]]:
    question = " AND ".join(_phrase(term) if term.exact else _word(term.words[0]) for term in terms)
    sql = "search_entry.id IN (SELECT rowid FROM search_words WHERE search_words MATCH %s)"
    return sql, [question]


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.words)}"'


def _word(word: str) -> str:
    """FTS5 knows no language: a word is asked for with all those of the vocabulary that differ by an ending."""
    if len(word) < SHORTEST_BEGINNING:
        return f'"{word}"'
    others = [other for other in _vocabulary(word[:SHORTEST_BEGINNING]) if alike(word, other)]
    return "(" + " OR ".join([f'"{word}" *', *(f'"{other}"' for other in others[:MOST_ALIKE])]) + ")"


def _vocabulary(beginning: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT term FROM search_vocabulary WHERE term >= %s AND term < %s", [beginning, f"{beginning}\U0010ffff"]
        )
        return [term for (term,) in cursor.fetchall()]
