"""What may be searched: upper layers say where the words stand, who reads them, and what is shown of what was found."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from parley.accounts.models import User

from .models import Found, Readers
from .words import folded

# Characters of one row that are indexed. PostgreSQL refuses a vector beyond a megabyte, and the act with it.
MOST_INDEXED: Final = 60_000


@dataclass(frozen=True)
class Watched:
    """A table whose change changes rows: `keys` is SQL for the keys of the things concerned (`NEW.id`: the row itself).

    `columns`: those whose change counts; none: only new rows do. `when`: which changes of theirs do; else each.
    """

    table: str
    keys: str
    columns: tuple[str, ...] = ()
    when_added: bool = True
    when: str = ""


@dataclass(frozen=True)
class Hit:
    """What the page shows of something found, as its reader sees it now."""

    url: str
    text: str
    # “Perspectives, paragraph” or the like.
    where: str = ""
    # Under which heading it stands, and the address of that; none: under the kind's own.
    heading: str = ""
    heading_url: str = ""
    side: Any = None
    # The side that alone sees this.
    caucus: Any = None
    state: tuple[str, str] | None = None
    # Its place within the heading.
    order: tuple[Any, ...] = ()


Shown = Callable[[User, list[Found]], Mapping[Found, Hit]]


@dataclass(frozen=True)
class Source:
    """One kind of thing. SQL is that of both databases; where they differ, there is one by vendor.

    `key`: SQL for a thing's key; `rows`: what stands after FROM; `shown` fetches what the person may see of what was
    found, now, and leaves the rest out.
    """

    kind: str
    label: Any
    table: str
    key: str
    rows: str | Mapping[str, str]
    words: str | Mapping[str, str]
    shown: Shown
    where: str = "TRUE"
    readers: str = f"'{Readers.TEXTS.value}'"
    columns: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    watched: tuple[Watched, ...] = ()
    # Says again what stands elsewhere: left out, where one reads that, unless one asks for it.
    repeats: bool = False

    def written(self, vendor: str, keys: str = "") -> str:
        """INSERT of these things' rows, of all where no keys are given."""
        words = folded(f"substr({_of(self.words, vendor)}, 1, {MOST_INDEXED})")
        columns: dict[str, str] = {
            "kind": f"'{self.kind}'",
            "object_id": self.key,
            "readers": self.readers,
            "words": words,
            "place": "''",
            "voice": "''",
            "state": "''",
            **{name: _of(sql, vendor) for name, sql in self.columns.items()},
        }
        only = f" AND {self.key} IN ({keys})" if keys else ""
        return (
            f"INSERT INTO search_entry ({', '.join(columns)}) SELECT {', '.join(columns.values())} "  # noqa: S608
            f"FROM {_of(self.rows, vendor)} WHERE {self.where}{only}"
        )

    def removed(self, keys: str) -> str:
        return f"DELETE FROM search_entry WHERE kind = '{self.kind}' AND object_id IN ({keys})"  # noqa: S608


def _of(sql: str | Mapping[str, str], vendor: str) -> str:
    return sql if isinstance(sql, str) else sql[vendor]


_sources: dict[str, Source] = {}


def add_source(source: Source) -> Source:
    """In an app's `ready()`."""
    _sources[source.kind] = source
    return source


def sources() -> Iterable[Source]:
    return _sources.values()


def source_of(kind: str) -> Source | None:
    return _sources.get(kind)
