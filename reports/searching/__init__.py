"""What of a group's documents may be searched; each module registers its sources by being imported."""

from . import released, said, texts

__all__ = ["released", "said", "texts"]
