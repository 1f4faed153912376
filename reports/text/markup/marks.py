"""What begins a block or a bracket, shared by the reader and the writer of light markup."""

import re
import string
from typing import Final

ESCAPED: Final = string.punctuation + "•"
BULLET: Final = re.compile(r"(?P<indent> *)(?P<mark>[-*•])(?: +|$)")
NUMBER: Final = re.compile(r"(?P<indent> *)(?P<number>[1-9][0-9]{0,2})(?P<mark>[.)])(?: +|$)")
LETTER: Final = re.compile(r"(?P<indent> *)\(?[a-z](?P<mark>\))(?: +|$)")
HEADING: Final = re.compile(r"(?P<indent> *)(?P<mark>#)(?: +|$)")
LISTS: Final = {"bulletList": BULLET, "orderedList": NUMBER, "options": LETTER}
STARTS: Final = (*LISTS.values(), HEADING)
BRACKET: Final = re.compile(r"\[\[(?P<number>[1-9][0-9]{0,2}): ")
ADDRESSEE, HORIZON = "To:", "By:"
