"""The parts of a Word file around its words, and the archive of them all: equal parts give equal bytes."""

import io
import re
import zipfile
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAMES = f'xmlns:w="{W}" xmlns:r="{RELATIONS}"'
# Neither is a character of XML 1.0 (2.2), so no program would open the file.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
SERIF, SANS = "Noto Serif", "Noto Sans"

# Numbers of the lists' kinds in numbering.xml.
LISTS = {"bullets": ("bullet", "•"), "numbers": ("decimal", "%{}."), "options": ("lowerLetter", "%{})")}
DEEPEST = 9


def plain(words: str) -> str:
    """As it may stand between tags."""
    return escape(ILLEGAL.sub("", words))


def quoted(words: str) -> str:
    """As the value of an attribute, with its quotation marks."""
    return quoteattr(ILLEGAL.sub("", words))


def archive(parts: dict[str, str]) -> bytes:
    """The zip, dated by the format's first day: what was made of the same words is the same file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content.encode())
    return out.getvalue()


def around(
    *, title: str, creator: str, made: str, language: str, head: str, footnotes: str, lists: str
) -> dict[str, str]:
    """Every part but the document itself."""
    return {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(("officeDocument", "word/document.xml"), ("core", "docProps/core.xml")),
        "docProps/core.xml": _core(title, creator, made),
        "word/_rels/document.xml.rels": _relations(
            ("styles", "styles.xml"),
            ("numbering", "numbering.xml"),
            ("settings", "settings.xml"),
            ("footnotes", "footnotes.xml"),
            ("header", "header1.xml"),
            ("footer", "footer1.xml"),
        ),
        "word/styles.xml": _styles(language),
        "word/numbering.xml": HEAD + f"<w:numbering {NAMES}>{_kinds_of_lists()}{lists}</w:numbering>",
        "word/settings.xml": _settings(),
        "word/footnotes.xml": HEAD + f"<w:footnotes {NAMES}>{_separators()}{footnotes}</w:footnotes>",
        "word/header1.xml": HEAD + f"<w:hdr {NAMES}>{_line('Header', _text(head))}</w:hdr>",
        "word/footer1.xml": HEAD + f"<w:ftr {NAMES}>{_line('Footer', _page_number())}</w:ftr>",
    }


def page_setup() -> str:
    """A4, with head and foot: the last element of the body."""
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId5"/><w:footerReference w:type="default" r:id="rId6"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1588" w:right="1361" w:bottom="1361" w:left="1701"'
        ' w:header="794" w:footer="680" w:gutter="0"/></w:sectPr>'
    )


def _types() -> str:
    parts = {
        "/word/document.xml": "document.main",
        "/word/styles.xml": "styles",
        "/word/numbering.xml": "numbering",
        "/word/settings.xml": "settings",
        "/word/footnotes.xml": "footnotes",
        "/word/header1.xml": "header",
        "/word/footer1.xml": "footer",
    }
    told = "".join(f'<Override PartName="{name}" ContentType="{TYPES}.{kind}+xml"/>' for name, kind in parts.items())
    return (
        HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f"{told}"
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _relations(*relations: tuple[str, str]) -> str:
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{core if kind == "core" else f"{RELATIONS}/{kind}"}" Target="{target}"/>'
        for number, (kind, target) in enumerate(relations, 1)
    )
    return HEAD + (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{told}</Relationships>'
    )


def _core(title: str, creator: str, made: str) -> str:
    return HEAD + (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{plain(title)}</dc:title><dc:creator>{plain(creator)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{made}</dcterms:created></cp:coreProperties>'
    )


def _styles(language: str) -> str:
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{SERIF}" w:hAnsi="{SERIF}" w:cs="{SERIF}"/>'
        f'<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val={quoted(language)}/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="140" w:line="290" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        "</w:docDefaults>"
    )
    small = f'<w:rFonts w:ascii="{SANS}" w:hAnsi="{SANS}" w:cs="{SANS}"/><w:color w:val="46515F"/><w:sz w:val="16"/>'
    kept = "<w:keepNext/>"
    styles = [
        _style("Normal", "Normal", "", "", default=True),
        _style("Title", "Title", '<w:spacing w:after="60"/>', '<w:b/><w:color w:val="17283F"/><w:sz w:val="38"/>'),
        _style(
            "Heading1",
            "heading 1",
            kept + '<w:spacing w:before="360" w:after="160"/><w:outlineLvl w:val="0"/>',
            '<w:b/><w:color w:val="17283F"/><w:sz w:val="30"/>',
        ),
        _style(
            "Heading2",
            "heading 2",
            kept + '<w:spacing w:before="120" w:after="80"/><w:outlineLvl w:val="1"/>',
            '<w:b/><w:color w:val="17283F"/><w:sz w:val="24"/>',
        ),
        _style("Where", "Where it stands", kept + '<w:spacing w:before="160" w:after="20"/>', small),
        _style("Beside", "Beside the words", '<w:ind w:left="340"/>', small),
        _style("FootnoteText", "footnote text", '<w:spacing w:after="20"/>', '<w:sz w:val="17"/>'),
        _style("Header", "header", '<w:spacing w:after="0"/>', small),
        _style("Footer", "footer", '<w:spacing w:after="0"/><w:jc w:val="right"/>', small),
    ]
    call = (
        '<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>'
        '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    )
    return HEAD + f"<w:styles {NAMES}>{defaults}{''.join(styles)}{call}</w:styles>"


def _style(id_: str, name: str, paragraph: str, run: str, *, default: bool = False) -> str:
    based = "" if default else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph"{" w:default=" + chr(34) + "1" + chr(34) if default else ""} w:styleId="{id_}">'
        f'<w:name w:val="{name}"/>{based}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>'
    )


def _kinds_of_lists() -> str:
    return "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="hybridMultilevel"/>'
        + "".join(_level(level, *kind) for level in range(DEEPEST))
        + "</w:abstractNum>"
        for number, kind in enumerate(LISTS.values())
    )


def _level(level: int, form: str, sign: str) -> str:
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{sign.format(level + 1)}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{454 * (level + 1)}" w:hanging="397"/></w:pPr></w:lvl>'
    )


def a_list(number: int, kind: str, level: int, start: int) -> str:
    """One list of its own, which begins at `start`."""
    return (
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{list(LISTS).index(kind)}"/>'
        f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
    )


def _settings() -> str:
    return HEAD + (
        f'<w:settings {NAMES}><w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
        ' w:val="15"/></w:compat></w:settings>'
    )


def _separators() -> str:
    return (
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>'
        "</w:footnote>"
    )


def _line(style: str, inner: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{inner}</w:p>'


def _text(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{plain(words)}</w:t></w:r>'


def _page_number() -> str:
    return '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
