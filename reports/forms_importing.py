"""Bringing words in from a file: the file or the words, then what becomes of each piece."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parley.programmes.models import Side

from .forms import one_of_two
from .importing.bounded import read_file, read_words
from .importing.child import MOST_BLOCKS
from .importing.imported import Findings, Imported, Node, Remark
from .importing.kinds import LARGEST
from .importing.refusals import REASONS, ImportRefused
from .models import Voice
from .revising import checked_for
from .text import markup, plain, schema
from .text.limits import MAX_BYTES, TextRefused

JOINED, LEFT_OUT = "joined", "out"
SALT = "reports.findings"


class BringForm(forms.Form):
    """A file, or the words themselves; its `imported` is what stands in it."""

    file = one_of_two(
        forms.FileField(
            label=gettext_lazy("A file"),
            required=False,
            help_text=gettext_lazy("A Word file (.docx), Markdown or plain text, up to 5 MB."),
            widget=forms.ClearableFileInput(attrs={"accept": ".docx,.md,.markdown,.txt"}),
        )
    )
    words = one_of_two(
        forms.CharField(
            label=gettext_lazy("Or the words themselves"),
            required=False,
            strip=False,
            help_text=gettext_lazy("Plain words or Markdown."),
            widget=forms.Textarea(attrs={"class": "text", "rows": 8}),
        )
    )

    imported: Imported

    def clean_file(self) -> bytes:
        upload = self.cleaned_data["file"]
        if not upload:
            return b""
        if upload.size > LARGEST:
            raise ValidationError(REASONS["too_large"])
        return bytes(upload.read())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        given = [name for name in ("file", "words") if data.get(name) and (name == "file" or data[name].strip())]
        if len(given) != 1:
            both = _("Choose a file or write the words: one of the two.")
            self.add_error("file", both if given else _("Choose a file, or write the words below."))
            return data
        try:
            self.imported = read_file(data["file"]) if given == ["file"] else read_words(data["words"])
        except ImportRefused as refusal:
            self.add_error(given[0], str(refusal))
        return data


class BringPassagesForm(BringForm):
    """As passages of a section: first one voice for all; each piece can have another on the next page."""

    voice = forms.ChoiceField(label=gettext_lazy("Who speaks in it?"), widget=forms.RadioSelect, initial=Voice.VIEW)

    def __init__(self, *args: Any, side: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["voice"].choices = voices(side)  # type: ignore[attr-defined]  # a ChoiceField


class BringIntoForm(BringForm):
    INSTEAD, BELOW = "instead", "below"

    where = forms.ChoiceField(
        label=gettext_lazy("Where do they go?"),
        choices=[
            (INSTEAD, gettext_lazy("In the place of the words that stand there")),
            (BELOW, gettext_lazy("Below the words that stand there")),
        ],
        widget=forms.RadioSelect,
        initial=INSTEAD,
    )


def voices(side: Side) -> list[tuple[str, str]]:
    return [
        (Voice.VIEW, _("Only %(side)s: in your caucus until it is tabled") % {"side": side}),
        (Voice.JOINT, _("All sides together: they see it at once")),
        (Voice.RECOMMENDATION, _("All sides, as a recommendation: they see it at once")),
    ]


def _fates(side: Side) -> list[tuple[str, str]]:
    """The same in the few words that a list on a telephone has room for."""
    return [
        (Voice.VIEW, _("View of %(side)s, in caucus") % {"side": side}),
        (Voice.JOINT, _("Joint words")),
        (Voice.RECOMMENDATION, _("Recommendation")),
    ]


# ---- what becomes of each piece ------------------------------------------------------------------------------------


@dataclass
class Piece:
    """One block as it came: its place on the page, its words in light markup, what becomes of it."""

    at: int
    how: str
    source: str
    text: Node = field(default_factory=lambda: schema.EMPTY)


@dataclass
class Group:
    """A passage as it will be stored with the pieces it is made of; or one piece that is left out."""

    voice: str
    pieces: list[Piece]
    text: Node = field(default_factory=lambda: schema.EMPTY)

    @property
    def is_left_out(self) -> bool:
        return self.voice == LEFT_OUT


def pieces_of(imported: Imported, voice: str) -> list[Piece]:
    """A list belongs to the words before it, and all that follows a recommendation's heading to the recommendation."""
    pieces: list[Piece] = []
    for at, text in enumerate(imported.blocks):
        joined = bool(pieces) and _belongs_to_the_last(text, pieces[-1].text, voice)
        pieces.append(Piece(at, JOINED if joined else voice, markup.from_doc(text).rstrip("\n"), text))
    return pieces


def _belongs_to_the_last(text: Node, last: Node, voice: str) -> bool:
    if _kind(text) == "heading":
        return False
    if voice == Voice.RECOMMENDATION:
        return True
    return ("ist" in _kind(text) and _kind(last) == "paragraph") or _kind(text) == "options"


def _kind(text: Node) -> str:
    kind: str = text["content"][0]["type"]
    return kind


class PiecesForm(forms.Form):
    """All pieces of a file: nothing of it is kept on the server until the person stores it."""

    count = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_BLOCKS)
    findings = forms.CharField(widget=forms.HiddenInput, required=False, max_length=600_000)

    def __init__(self, data: Any = None, *, side: Side, pieces: Sequence[Piece] = (), findings: Findings | None = None):
        super().__init__(data)
        self.number = len(pieces) or _number(data)
        self.initial.update({"count": self.number, "findings": _sealed(findings) if findings else ""})
        for at in range(self.number):
            self._add(at, side)
        for piece in pieces:
            self.initial.update({f"how_{piece.at}": piece.how, f"source_{piece.at}": piece.source})
        self.groups: list[Group] = gathered(pieces)

    def _add(self, at: int, side: Side) -> None:
        name = _("Piece %(n)d") % {"n": at + 1}
        further = [(JOINED, _("Joined with the piece above")), (LEFT_OUT, _("Left out"))]
        self.fields[f"how_{at}"] = forms.ChoiceField(label=name, choices=[*_fates(side), *further])
        words = forms.Textarea(attrs={"class": "text", "rows": 5})
        self.fields[f"source_{at}"] = forms.CharField(
            label=_("Words of piece %(n)d") % {"n": at + 1},
            strip=False,
            required=False,
            max_length=MAX_BYTES,
            widget=words,
        )

    @property
    def found(self) -> Findings:
        """What the first page told of the file: it came back with the form, sealed."""
        return _unsealed(self["findings"].value() or "")

    @property
    def passages(self) -> list[Group]:
        return [group for group in self.groups if not group.is_left_out]

    @property
    def kept(self) -> str:
        """All that the form carried, to be copied."""
        return "\n\n".join(self.data.get(f"source_{at}", "") for at in range(self.number))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        pieces = [Piece(at, data.get(f"how_{at}", LEFT_OUT), data.get(f"source_{at}", "")) for at in range(self.number)]
        for piece in pieces:
            self._read(piece)
        self.groups = gathered(pieces)
        for group in self.passages:
            self._check(group)
        if not self.passages and not self.errors:
            raise ValidationError(_("Every piece is left out: there is nothing to store."))
        return data

    def _read(self, piece: Piece) -> None:
        if piece.how == LEFT_OUT and f"how_{piece.at}" in self.errors:
            return
        try:
            piece.text = markup.to_doc(piece.source)
        except TextRefused as refusal:
            self.add_error(f"source_{piece.at}", str(refusal))

    def _check(self, group: Group) -> None:
        first = group.pieces[0]
        if first.how == JOINED:
            self.add_error(f"how_{first.at}", _("There is no passage above it to be joined with."))
        elif schema.is_blank(group.text):
            self.add_error(f"source_{first.at}", _("No visible letter stands here. Write some words, or leave it out."))
        elif group.voice == Voice.RECOMMENDATION and schema.heading_of(group.text)[0] is None:
            missing = _("A recommendation begins with its heading: a line that begins with #. Or choose another voice.")
            self.add_error(f"how_{first.at}", missing)
        else:
            self._fits(group)

    def _fits(self, group: Group) -> None:
        try:
            group.text = checked_for(group.voice, group.text)
        except TextRefused as refusal:
            self.add_error(f"source_{group.pieces[0].at}", refusal.reason)


def _number(data: Any) -> int:
    given = (data or {}).get("count", "")
    return min(int(given), MOST_BLOCKS) if given.isascii() and given.isdigit() else 0


def _sealed(findings: Findings) -> str:
    return signing.dumps(asdict(findings), salt=SALT, compress=True)


def _unsealed(sealed: str) -> Findings:
    try:
        found = signing.loads(sealed, salt=SALT)
    except signing.BadSignature:
        return Findings()
    return Findings(found["counts"], found["changes"], [Remark(**remark) for remark in found["remarks"]])


def gathered(pieces: Sequence[Piece]) -> list[Group]:
    """The passages in their order, and what is left out between them."""
    groups: list[Group] = []
    for piece in pieces:
        last = next((group for group in reversed(groups) if not group.is_left_out), None)
        if piece.how == JOINED and last is not None:
            last.pieces.append(piece)
        else:
            groups.append(Group(piece.how if piece.how != JOINED else Voice.JOINT, [piece]))
    for group in groups:
        group.text = one_text([piece.text for piece in group.pieces], group.voice)
    return groups


def one_text(texts: Sequence[Node], voice: str) -> Node:
    """Several texts as one; only a recommendation keeps a heading, at its start, and other headings are paragraphs."""
    blocks = [block for text in texts for block in text["content"] if block != {"type": "paragraph"}]
    keeps = 1 if voice == Voice.RECOMMENDATION else 0
    content = blocks[:keeps] + [line for block in blocks[keeps:] for line in _unheaded(block)]
    return {"type": "doc", "content": content} if content else schema.EMPTY


def _unheaded(block: Node) -> Iterator[Node]:
    """A heading as paragraphs: its words, and what stood in its own fields."""
    if block["type"] != "heading":
        yield block
        return
    for words in (plain.line(block), *block.get("attrs", {}).values()):
        if words:
            yield {"type": "paragraph", "content": [{"type": "text", "text": words}]}
