"""The light markup of the plain form: a text as people type it, without loss in either direction.

`to_doc(from_doc(doc), ids_of(doc)) == doc` for every checked text. What it writes is the short form of what it reads:

| typed | becomes |
|---|---|
| a blank line | the end of a paragraph; a single new line is a space |
| `\\` at the end of a line | a line break inside the paragraph |
| `**words**`, `*words*`, `***words***` | bold, italic, both |
| `[words](https://…)` | a link (https, http, mailto) |
| `^[words]` | a footnote; bold, italic and links inside |
| `- `, `* ` or `• ` at the start of a line | a list entry |
| `1. ` or `1) ` | a numbered list; the first number counts |
| `a) ` or `(a) ` | a lettered option; letters are given anew |
| two spaces or more before a line | it belongs to the list entry above |
| `# words`, then `To: …`, `By: …` | heading, addressee and horizon, at the very start of a recommendation |
| `[[1: words]]` | the words of an open bracket, by its number in the text; they stay as they are |
| `\\` before a sign | the sign itself |

A star between two spaces and a bracket that no `(` follows are plain signs.
"""

from reports.text.markup.guide import GUIDE
from reports.text.markup.reading import MarkupRefused, Typed, to_doc
from reports.text.markup.writing import from_doc

__all__ = ["GUIDE", "MarkupRefused", "Typed", "from_doc", "to_doc"]
