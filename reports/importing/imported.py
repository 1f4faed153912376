"""What was found in a file: blocks of our texts, and all that did not come with them."""

from dataclasses import dataclass, field
from typing import Any

Node = dict[str, Any]


@dataclass(frozen=True)
class Remark:
    """A comment of the file: nothing of it is stored."""

    by: str
    words: str
    on: str


@dataclass(frozen=True)
class Findings:
    """How many pictures, tables, … the file held, who changed it with tracking on, and its comments."""

    counts: dict[str, int] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def has_changes(self) -> bool:
        return bool(self.changes)


@dataclass(frozen=True)
class Imported:
    """`blocks`: each a checked text of one paragraph, list or heading."""

    blocks: list[Node]
    findings: Findings
