"""What goes wrong when a document is printed, in words that a page may show. Never a word of the text itself."""

from django.utils.translation import gettext_lazy as _

REASONS = {
    "characters": _("The text has characters that none of the fonts can print."),
    "too_large": _("The document is too large to be printed."),
    "long_word": _("A word is too long to be broken into lines."),
    "marks": _("A letter carries too many accents."),
    "not_text": _("A passage holds something that cannot be printed."),
    "link": _("A link leads to an address that cannot be printed."),
    "hash": _("The records belong to another text: their SHA-256 is not that of this text."),
    "address": _("The page asked for a file that is not one of the house's own."),
    "memory": _("Printing needed more memory than a document may use."),
    "processor": _("Printing needed more processor time than a document may use."),
    "clock": _("Printing took longer than a document may take."),
    "layout": _("The layout of the pages failed."),
    "press": _("The printing process stopped unexpectedly."),
}


class RenderFailed(Exception):
    """No PDF was made. `reason` is a key of REASONS, `passage` the public id of the passage at fault, if known."""

    def __init__(self, reason: str, passage: str | None = None, *, detail: str = ""):
        super().__init__(reason, passage, detail)
        self.reason, self.passage, self.detail = reason, passage, detail

    @property
    def words(self) -> str:
        """The reason as a sentence in the reader's language, with the characters or the kind of error where known."""
        sentence = str(REASONS[self.reason])
        return f"{sentence} ({self.detail})" if self.detail else sentence


class MissingCharacters(RenderFailed):
    """Characters that no house font has. They would come out as boxes, or in a font that happens to be installed."""

    def __init__(self, characters: str, passage: str | None = None, part: str = "text"):
        super().__init__("characters", passage, detail=" ".join(f"U+{ord(character):04X}" for character in characters))
        self.characters, self.part = characters, part
