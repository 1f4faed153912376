"""What a file is, by its content: names and types that a browser sends are only claims."""

import io
import zipfile

WORD, TEXT = "word", "text"
LARGEST = 5_000_000

# Of what is unpacked and read: words, not pictures, which nobody opens.
LARGEST_PART, LARGEST_PARTS, MOST_PARTS = 12_000_000, 24_000_000, 5_000
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Unfit(Exception):
    """Not to be read; the reason is a key of `refusals.REASONS`."""


def kind_of(data: bytes) -> str:
    """WORD or TEXT; raises Unfit for all else."""
    if len(data) > LARGEST:
        raise Unfit("too_large")
    if not data.strip():
        raise Unfit("empty")
    if data.startswith(COMPOUND):
        raise Unfit("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "old_word")
    if data.startswith(b"PK"):
        return _packed(data)
    if data.lstrip().startswith(b"%PDF"):
        raise Unfit("pdf")
    if data.lstrip().startswith(b"{\\rtf"):
        raise Unfit("rich_text")
    return TEXT


def _packed(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Unfit("broken") from None
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise Unfit("encrypted")
    if "mimetype" in names and "content.xml" in names:
        raise Unfit("open_document")
    if "[Content_Types].xml" not in names or not any(name.startswith("word/") for name in names):
        raise Unfit("not_word")
    _refuse_heavy(parts)
    return WORD


def _refuse_heavy(parts: list[zipfile.ZipInfo]) -> None:
    sizes = [part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))]
    if len(parts) > MOST_PARTS or max(sizes) > LARGEST_PART or sum(sizes) > LARGEST_PARTS:
        raise Unfit("heavy")


def decoded(data: bytes) -> str:
    """Plain text as editors save it: UTF-8, or UTF-16 with its mark."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    if b"\0" in data and encoding != "utf-16":
        raise Unfit("not_text")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Unfit("encoding") from None
