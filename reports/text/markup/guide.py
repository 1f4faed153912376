"""What the page beside the form says about the light markup."""

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Rule(NamedTuple):
    """One line of the guide: what is typed (the same in every language), and what it becomes."""

    typed: str
    becomes: Promise


GUIDE: Final = (
    Rule("**…**", _("bold words")),
    Rule("*…*", _("italic words")),
    Rule("[…](https://…)", _("a link")),
    Rule("^[…]", _("a footnote, typed where its number is to stand")),
    Rule("- …", _("a list: one entry on each line")),
    Rule("1. …", _("a numbered list")),
    Rule("a) …", _("lettered options; the letters are given by Parley")),
    Rule("…\\", _("a backslash at the end of a line: a line break inside the paragraph")),
    Rule("\\*", _("a backslash before a sign: the sign itself")),
)
