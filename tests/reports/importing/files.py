"""Word files as Word writes them, of the parts that matter: words, styles, numbering, notes, comments, changes."""

import io
import zipfile
from typing import Final
from xml.sax.saxutils import escape

NAMES: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14"'
)
HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES: Final = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES: Final = f"""<w:styles {NAMES}>
<w:style w:type="paragraph" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:ilvl w:val="0"/>
<w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="ListParagraph"><w:name w:val="List Paragraph"/></w:style>
<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="2"/>
</w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="FootnoteText"><w:name w:val="footnote text"/></w:style>
<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/></w:style>
</w:styles>"""


def _level(depth: int, kind: str, start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="%{depth + 1}."/></w:lvl>'
    )


def _abstract(number: int, *kinds: str, start: int = 1) -> str:
    levels = "".join(_level(depth, kind, start) for depth, kind in enumerate(kinds))
    return f'<w:abstractNum w:abstractNumId="{number}">{levels}</w:abstractNum>'


def _num(number: int, abstract: int) -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/></w:num>'


# 1: 1., a), i. · 2: bullets · 3: a), b) · 4: numbers from 4
NUMBERING: Final = (
    f"<w:numbering {NAMES}>{_abstract(1, 'decimal', 'lowerLetter', 'lowerRoman')}{_abstract(2, 'bullet', 'bullet')}"
    f"{_abstract(3, 'lowerLetter')}{_abstract(4, 'decimal', start=4)}{_num(1, 1)}{_num(2, 2)}{_num(3, 3)}{_num(4, 4)}"
    "</w:numbering>"
)


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def paragraph(*runs: str, style: str = "", num: int | None = None, depth: int = 0) -> str:
    numbered = "" if num is None else f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{num}"/></w:numPr>'
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p><w:pPr>{styled}{numbered}</w:pPr>{inner}</w:p>"


def entry(words: str, num: int, depth: int = 0) -> str:
    return paragraph(words, style="ListParagraph", num=num, depth=depth)


def note(number: int) -> str:
    reference = f'<w:footnoteReference w:id="{number}"/>'
    return f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>{reference}</w:r>'


def link(words: str, relation: str) -> str:
    return f'<w:hyperlink r:id="{relation}">{run(words)}</w:hyperlink>'


def inserted(words: str, by: str = "Ani") -> str:
    return f'<w:ins w:id="90" w:author="{by}" w:date="2026-01-02T10:00:00Z">{run(words)}</w:ins>'


def deleted(words: str, by: str = "Rashad") -> str:
    gone = f'<w:r><w:delText xml:space="preserve">{escape(words)}</w:delText></w:r>'
    return f'<w:del w:id="91" w:author="{by}" w:date="2026-01-02T10:00:00Z">{gone}</w:del>'


def commented(words: str, number: int = 5) -> str:
    ends = f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>'
    return f'<w:commentRangeStart w:id="{number}"/>{run(words)}{ends}'


def table(*rows: list[str]) -> str:
    cells = ["".join(f"<w:tc>{paragraph(words)}</w:tc>" for words in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def picture() -> str:
    shown = (
        '<a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="rPicture"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic>"
    )
    return f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="map"/>{shown}</wp:inline></w:drawing></w:r>'


def docx(
    *body: str,
    notes: dict[int, str] | None = None,
    comments: dict[int, str] | None = None,
    links: dict[str, str] | None = None,
    parts: dict[str, str | bytes] | None = None,
) -> bytes:
    """A file with these paragraphs; `parts` add to its parts or replace them."""
    related = {"rPicture": ("image", "media/image1.png", "")}
    related |= {name: ("hyperlink", target, ' TargetMode="External"') for name, target in (links or {}).items()}
    for name in ("styles", "numbering", "footnotes", "comments"):
        related[name] = (name, f"{name}.xml", "")
    relations = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target="{escape(target)}"{mode}/>'
        for name, (kind, target, mode) in related.items()
    )
    said = {number: paragraph(words, style="FootnoteText") for number, words in (notes or {}).items()}
    remarks = "".join(
        f'<w:comment w:id="{number}" w:author="Leyla" w:initials="L">{paragraph(words)}</w:comment>'
        for number, words in (comments or {}).items()
    )
    all_parts: dict[str, str | bytes] = {
        "[Content_Types].xml": HEAD + TYPES,
        "_rels/.rels": HEAD
        + _relations(f'<Relationship Id="r" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'),
        "word/_rels/document.xml.rels": HEAD + _relations(relations),
        "word/document.xml": f"{HEAD}<w:document {NAMES}><w:body>{''.join(body)}<w:sectPr/></w:body></w:document>",
        "word/styles.xml": HEAD + STYLES,
        "word/numbering.xml": HEAD + NUMBERING,
        "word/footnotes.xml": f"{HEAD}<w:footnotes {NAMES}>{''.join(map(_note, said.items()))}</w:footnotes>",
        "word/comments.xml": f"{HEAD}<w:comments {NAMES}>{remarks}</w:comments>",
        "word/media/image1.png": b"\x89PNG",
        **(parts or {}),
    }
    return packed(all_parts)


def _note(said: tuple[int, str]) -> str:
    return f'<w:footnote w:id="{said[0]}">{said[1]}</w:footnote>'


def _relations(inner: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()
