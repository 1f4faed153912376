"""Counting what a page asks of the database."""

from collections.abc import Iterable


def statements(captured: Iterable[dict[str, str]]) -> list[str]:
    """The statements that a site would send: a test's own transaction turns the outermost ones into savepoints."""
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
