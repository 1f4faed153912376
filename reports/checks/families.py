"""The families of rules, in the order in which their findings are told."""

from . import (  # noqa: F401 (each registers its rules)
    counting,
    duplicates,
    citations,
    terms,
    listing,
    replies,
    dates,
    acronyms,
    parties,
    names,
    recommending,
)
