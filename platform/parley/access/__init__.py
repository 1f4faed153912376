"""Who may open what: the door of every page (`needs`), and the random identifiers that addresses are made of."""

from .doors import Door, needs, open_to_anyone, signed_in
from .ids import PublicIdField, new_id

__all__ = ["Door", "PublicIdField", "needs", "new_id", "open_to_anyone", "signed_in"]
