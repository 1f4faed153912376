"""Names as people want them printed: what may stand in one, and words that say how to mend it."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Unicode TR36 §2.9: these turn the order of what is read around, unseen.
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"})
UNPRINTABLE = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_name(value: str, *, field: str) -> str:
    """`value` in NFC with single spaces; raise ValidationError that names `field` and the remedy."""
    if any(unicodedata.category(letter) in UNPRINTABLE or letter == "\ufffd" for letter in value):
        raise _refused(_("{field} contains a character that cannot be printed. Type the name anew."), field)
    if any(letter in BIDI_CONTROLS for letter in value):
        raise _refused(_("{field} contains a hidden sign that turns letters around. Type the name anew."), field)
    name = " ".join(unicodedata.normalize("NFC", value).split())
    if name and all(unicodedata.category(letter) in UNSEEN for letter in name):
        raise _refused(_("{field} contains nothing that can be seen. Type the name."), field)
    return name


def clean_latin_name(value: str, *, field: str) -> str:
    """As `clean_name`; and every letter of it is Latin, for that is the script reports are printed in."""
    name = clean_name(value, field=field)
    letters = [letter for letter in name if unicodedata.category(letter) in {"Lu", "Ll", "Lt", "Lo"}]
    if name and not (letters and all("LATIN" in unicodedata.name(letter, "") for letter in letters)):
        raise _refused(
            _("Write “{field}” in Latin letters, as it is printed. Another script has a field of its own."), field
        )
    return name


def _refused(sentence: Promise, field: str) -> ValidationError:
    return ValidationError(str(sentence).format(field=field), code="name")
