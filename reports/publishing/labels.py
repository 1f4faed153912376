"""The words that print adds to a text. The freeze copies them, in the document's language, into what is signed.

`{…}` stands for a value of the same document: see `fill`.
"""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "joint_report": _("Joint report"),
    "joint_statement": _("Joint statement"),
    "summary": _("Co-chairs’ summary"),
    "minutes": _("Minutes"),
    "co_chair": _("Co-chair"),
    "authors": _("Authors"),
    "contents": _("Contents"),
    "published_by": _("Published by {host}"),
    "facilitated_by": _("Facilitated by {name}"),
    "addressee": _("Addressee"),
    "horizon": _("Horizon"),
    "reservations": _("Reservations"),
    "reservations_lead": _(
        "These reservations were made when the text was signed. They are records of their own, "
        "not a part of the agreed text."
    ),
    "reservation": _("Reservation {call}"),
    "with_reservation": _("With reservation {call}"),
    "signatures": _("Signatures"),
    "signatures_lead": _("Each person named here has signed the text identified here, and no other text."),
    "signatories": _("Signatories"),
    "initialled": _("Initialled"),
    "signed": _("Signed"),
    "identified": _("Identified"),
    "reference": _("Reference"),
    "not_signed": _("Not signed"),
    "document": _("Document"),
    "text_hash": _("Text, SHA-256"),
    "record": _("Record"),
    "record_entry": _("Entry {number}, {hash}"),
    "check": _("Check this document"),
    "code": _("Code"),
    "qr": _("QR code of the address {url}"),
    "attached": _("Attached to this file: the text in machine-readable form, and the records of the signatures."),
    "seal": _("Seal of {host}"),
    "seal_lead": _(
        "This file is sealed electronically: whatever is changed in it breaks the seal. "
        "A program that reads PDFs shows the seal and its certificate."
    ),
    "seal_trial": _("This seal is one for trying out. It shows changes, and proves nothing about who made the file."),
    "about": _("About {host}"),
    "website": _("Website"),
    "email": _("E-mail"),
}


# What a render input says of a file that Word opens; all else is a PDF.
WORD = "docx"
# What a render input says of its brackets when only the words in them are to be printed.
LEFT_OUT = "left-out"

# Of a draft in which words are not agreed, and of no other text.
BRACKET_LABELS = {
    "brackets": _("Brackets"),
    "brackets_lead": _(
        "Words between [ and ] are not agreed. Here stand the side that opened each bracket, its reason, "
        "and what each side would say instead."
    ),
    "bracket_opened_by": _("Opened by {side}"),
    "bracket_instead": _("{side} would say"),
    "bracket_left_out": _("nothing: leave the words out"),
    "paragraph": _("Paragraph {number}"),
}


# Of a text to which as a whole somebody has a reservation, and of no other.
WHOLE_RESERVATION_LABELS = {
    "reservations_to_the_whole": _("Reservations to the whole text"),
}


# Of a text that is printed in one copy for each side, and of no other.
COPY_LABELS = {
    "copy": _("Copy of {side}"),
    "copy_lead": _(
        "In each side’s copy that side is named first. The text and its SHA-256 are the same in all copies."
    ),
}


# Of a co-chairs' summary, and of no other text.
SUMMARY_LABELS = {
    "not_agreed": _("Summary by the co-chairs. Not an agreed text."),
    "signatures": _("Issued by"),
    "signatures_lead": _(
        "Each person named here issues this summary as co-chair, under the co-chairs’ own responsibility. "
        "It is not an agreed text of the sides or of the group."
    ),
    "signatories": _("Issued by"),
}


def summary_labels() -> dict[str, str]:
    return {key: str(words) for key, words in SUMMARY_LABELS.items()}


def bracket_labels() -> dict[str, str]:
    return {key: str(words) for key, words in BRACKET_LABELS.items()}


def whole_reservation_labels() -> dict[str, str]:
    return {key: str(words) for key, words in WHOLE_RESERVATION_LABELS.items()}


def copy_labels() -> dict[str, str]:
    return {key: str(words) for key, words in COPY_LABELS.items()}


def default_labels() -> dict[str, str]:
    """The labels in the language that is active now; the freeze activates the document's."""
    return {key: str(words) for key, words in LABELS.items()}


def fill(words: str, **values: str) -> str:
    """`words` with each `{name}` of `values` put in; a brace of any other kind stays as it is."""
    for name, value in values.items():
        words = words.replace("{" + name + "}", value)
    return words
