"""Why a file could not be read, and what to do instead. Never a word of the file itself."""

from django.utils.translation import gettext_lazy as _

REASONS = {
    "empty": _("There are no words in it."),
    "too_large": _("It is larger than 5 MB. Take the pictures out, or divide it."),
    "too_long": _("It holds more than can be brought in at once. Divide it: a section at a time."),
    "encrypted": _("It is protected by a password. Take the protection away in Word, save it, and choose it again."),
    "old_word": _("It is an old Word file (.doc). Open it in Word or LibreOffice and save it as .docx."),
    "open_document": _("It is an OpenDocument file. Save it as .docx in LibreOffice, and choose that."),
    "rich_text": _("It is an RTF file. Open it in Word or LibreOffice and save it as .docx."),
    "pdf": _("It is a PDF, in which paragraphs are no longer known. Choose the Word file that it was made from."),
    "not_word": _("It is no Word file, though it looks like one. Open it in Word and save it as .docx."),
    "broken": _("It is damaged and could not be read. Open it in Word, save it anew, and choose that."),
    "not_text": _("It is neither a Word file (.docx) nor plain text."),
    "encoding": _("Its letters are not in UTF-8. Save it as UTF-8, or copy its words into the field."),
    "heavy": _("It unpacks to more than can be read. Copy its words into a new file, and choose that."),
    "deep": _("Its parts are nested too deeply. Copy its words into a new file, and choose that."),
    "reader": _("It could not be read. Nothing was stored; copy its words into the field instead."),
}


class ImportRefused(Exception):
    """Nothing was read. `reason` is a key of REASONS, or the sentence of a text that was refused, with its words."""

    def __init__(self, reason: str, words: str = "") -> None:
        super().__init__(reason)
        self.reason, self.words = reason, words

    def __str__(self) -> str:
        return self.words or str(REASONS[self.reason])
