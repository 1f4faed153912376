"""Documents in and out as JSON: version 1 of the exchange format (docs/exchange-format.md).

A pure library: `parse` gives what a file says or every reason why it cannot be taken; `to_json` writes it back.
Rows are made and read by others.
"""

from reports.exchange.contents import (
    JOINT,
    Address,
    Alternative,
    Bracket,
    Contents,
    Host,
    Kind,
    Member,
    Passage,
    Recommendation,
    Reservation,
    Role,
    Section,
    Side,
)
from reports.exchange.problems import ExchangeRefused, Problem
from reports.exchange.reading import parse
from reports.exchange.writing import to_bytes, to_json

__all__ = [
    "JOINT",
    "Address",
    "Alternative",
    "Bracket",
    "Contents",
    "ExchangeRefused",
    "Host",
    "Kind",
    "Member",
    "Passage",
    "Problem",
    "Recommendation",
    "Reservation",
    "Role",
    "Section",
    "Side",
    "parse",
    "to_bytes",
    "to_json",
]
