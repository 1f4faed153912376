"""Word files (ECMA-376, WordprocessingML): a redline whose changes Word, LibreOffice and our own importer find as such."""

from .redline import redline

__all__ = ["redline"]
