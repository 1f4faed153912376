"""Markdown (CommonMark, with tables, struck words and footnotes of both kinds) as HTML."""

import re
from typing import Final

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

_LETTERED: Final = re.compile(r"^(?=\(?[a-z]\) )", re.MULTILINE)


def to_html(words: str) -> str:
    """HTML written in it is words: nothing is taken for markup that its writer might not see."""
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).use(footnote_plugin)
    # Typed options stand on lines of their own, which Markdown would join.
    html: str = reader.render(_LETTERED.sub("\n", words.replace("\r\n", "\n")))
    return html
