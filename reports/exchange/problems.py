"""Why a file cannot be taken."""

from collections.abc import Iterable
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing that does not fit: where ("sections[1].passages[3].responds_to"), why, and how to mend it."""

    path: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason} {self.remedy}" if self.path else f"{self.reason} {self.remedy}"


class ExchangeRefused(ValueError):
    """Every problem of a file, in the order of the file. Nothing of it was taken."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))
