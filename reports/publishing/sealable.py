"""The place for the seal: a signature field laid out with its page, still empty when the press has done its work.

A field that is put in while sealing would stand outside the structure of the page (PDF/UA-1, 7.18), and a picture of
the sealing tool would bring fonts of its own (PDF/A-3, 6.2.11). So both are made here, and sealing adds nothing that
can be seen.
"""

from math import cos, pi, sin

import pydyf
from weasyprint import Document

FIELD = "Seal"
PRINTED_AND_LOCKED = 132  # ISO 32000-1, table 165: bits 3 and 8
APPEND_ONLY = 3  # ISO 32000-1, table 219: there are signatures, and the file only ever grows
# Of a text field, and of no signature field.
OF_WORDS = ("DA", "V", "Ff", "MaxLen")
INK = (0.09, 0.157, 0.247)
ROUND = 0.5523  # how far a control point lies from the end of a quarter circle, as a part of the radius


def leave_room(document: Document, pdf: pydyf.PDF) -> None:
    """What WeasyPrint wrote as a field for words becomes the field of the seal, in the file's one form."""
    form = pdf.catalog.get("AcroForm")
    if not form:
        return
    for unfit in ("NeedAppearances", "DR", "DA"):  # the first is forbidden by PDF/A, the rest would name a font
        form.pop(unfit, None)
    form["SigFlags"] = APPEND_ONLY
    for thing in pdf.objects:
        if isinstance(thing, dict) and thing.get("S") == "/Form" and len(thing["K"]) == 1:
            thing["K"] = thing["K"][0]  # the only shape in which readers compare it after a seal
        if isinstance(thing, dict) and thing.get("Subtype") == "/Widget" and thing.get("FT") == "/Tx":
            _become_the_field(thing, pdf)


def _become_the_field(widget: pydyf.Dictionary, pdf: pydyf.PDF) -> None:
    for name in OF_WORDS:
        widget.pop(name, None)
    x1, y1, x2, y2 = widget["Rect"]
    y1, y2 = sorted((y1, y2))
    picture = _picture(x2 - x1, y2 - y1)
    pdf.add_object(picture)
    widget["FT"], widget["F"] = "/Sig", PRINTED_AND_LOCKED
    widget["Rect"] = pydyf.Array((x1, y1, x2, y2))
    widget["AP"] = pydyf.Dictionary({"N": picture.reference})


def _picture(width: float, height: float) -> pydyf.Stream:
    """Two rings with notches between them: a mark to click on, which says nothing by itself."""
    parts: dict = {"Type": "/XObject", "Subtype": "/Form", "Resources": pydyf.Dictionary({})}
    parts["BBox"] = pydyf.Array((0, 0, width, height))
    stream = pydyf.Stream([], pydyf.Dictionary(parts))
    middle, radius = (width / 2, height / 2), min(width, height) / 2 - 1
    stream.set_color_rgb(*INK, stroke=True)
    stream.set_line_width(0.9)
    _ring(stream, middle, radius)
    stream.set_line_width(0.5)
    _ring(stream, middle, radius * 0.7)
    _ring(stream, middle, radius * 0.22)
    for notch in range(36):
        angle = notch * pi / 18
        stream.move_to(middle[0] + cos(angle) * radius * 0.78, middle[1] + sin(angle) * radius * 0.78)
        stream.line_to(middle[0] + cos(angle) * radius * 0.92, middle[1] + sin(angle) * radius * 0.92)
    stream.stroke()
    return stream


def _ring(stream: pydyf.Stream, middle: tuple[float, float], radius: float) -> None:
    (x, y), bend = middle, radius * ROUND
    stream.move_to(x + radius, y)
    stream.curve_to(x + radius, y + bend, x + bend, y + radius, x, y + radius)
    stream.curve_to(x - bend, y + radius, x - radius, y + bend, x - radius, y)
    stream.curve_to(x - radius, y - bend, x - bend, y - radius, x, y - radius)
    stream.curve_to(x + bend, y - radius, x + radius, y - bend, x + radius, y)
    stream.close()
    stream.stroke()
