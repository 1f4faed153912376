"""The families of rules, in the order in which their findings are told."""

from . import (  # noqa: F401 (each registers its rules)
    acronyms,
    citations,
    counting,
    dates,
    duplicates,
    listing,
    names,
    parties,
    recommending,
    replies,
    terms,
)
