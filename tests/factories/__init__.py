"""People, programmes, groups and texts to test with. `world()` holds one of every role."""

from .people import PersonFactory
from .programmes import programme_of
from .texts import document_of, passage_of, text
from .world import World, world

__all__ = ["PersonFactory", "World", "document_of", "passage_of", "programme_of", "text", "world"]
