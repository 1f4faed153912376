"""Final text in, PDF out: no models, no database (docs/pdf.md).

`render_bounded(render_input, on_progress)`, `input_digest(render_input)` and the failures are what other parts use.
"""

from .bounded import Limits, input_digest, render_bounded
from .copies import copies, copy_of, has_copies
from .failures import MissingCharacters, RenderFailed
from .labels import LEFT_OUT, WORD, default_labels

__all__ = [
    "LEFT_OUT",
    "WORD",
    "Limits",
    "MissingCharacters",
    "RenderFailed",
    "copies",
    "copy_of",
    "default_labels",
    "has_copies",
    "input_digest",
    "render_bounded",
]
