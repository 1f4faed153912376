"""Word files (ECMA-376, WordprocessingML): a redline whose changes other programs find as tracked changes."""

from .redline import redline

__all__ = ["redline"]
