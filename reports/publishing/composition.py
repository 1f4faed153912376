"""From the final text to the page: what stands beside what, under which heading, in which column."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import segno
from django.template import Context, Engine
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from reports.text.notes import notes_of, with_notes
from reports.text.stretches import MARK, runs

from . import annexes, passage
from .canonical import canonical, sha256
from .copies import copy_of
from .failures import RenderFailed
from .house import TEMPLATES
from .labels import LEFT_OUT, default_labels, fill
from .letter import LETTER, letter_context
from .records import public_records

TONES = 8
# A title is set in one of three sizes, by its characters.
SHORT_TITLE, LONG_TITLE = 60, 130
# Characters of the longest columns of an exchange, one below the other: a quarter of a page in two columns.
SHORT_EXCHANGE = 500
# More than these and a column is too narrow to be read.
MOST_COLUMNS = 3


@dataclass(frozen=True)
class Side:
    """A side with its place in the order of the text, which decides its tint: the same in every copy."""

    id: str
    name: str
    tone: int


@dataclass
class Cell:
    """What one side says, in one column: a view, or its replies to it."""

    side: Side
    label: str
    passages: list[SafeString] = field(default_factory=list)
    length: int = 0  # characters


@dataclass
class Block:
    """A piece of a section: words of all sides, or (with `cells`) a view and the replies to it."""

    anchor: str
    passage: SafeString | None = None
    heading: dict | None = None
    cells: list[Cell] = field(default_factory=list)

    @property
    def is_short(self) -> bool:
        """Then it stays on one page: a gap before it is a lesser evil than a side that seems to say nothing."""
        return sum(max(cell.length for cell in band) for band in self.bands) <= SHORT_EXCHANGE

    @property
    def bands(self) -> list[list[Cell]]:
        """The cells side by side, in their order; a side stands once in a band."""
        width = columns(len({cell.side for cell in self.cells}))
        bands: list[list[Cell]] = []
        for cell in self.cells:
            if not bands or len(bands[-1]) == width or cell.side in [other.side for other in bands[-1]]:
                bands.append([])
            bands[-1].append(cell)
        return bands


@dataclass(frozen=True)
class Page:
    """HTML and the pictures that it names; everything else comes from the house."""

    html: str
    pictures: dict[str, bytes]


def compose(render_input: dict) -> Page:
    """The whole document as HTML for print, with its pictures by name."""
    if render_input["template"] == LETTER:
        return Page(rendered(render_input, letter_context(render_input)), {})
    if annexes.is_annex(render_input):
        return Page(rendered(render_input, annexes.context_of(render_input)), {})
    context = context_of(render_input)
    html = rendered(render_input, context)
    verify_url = context["verify_url"]
    return Page(html, {"qr.svg": qr(verify_url)} if verify_url else {})


def rendered(render_input: dict, context: dict[str, Any]) -> str:
    """In a context that neither localises nor translates: the same words come out under every setting of the site."""
    template = engine().get_template(f"{render_input['template']}.html")
    return template.render(Context(context, use_l10n=False, use_tz=False))


@cache
def engine() -> Engine:
    return Engine(dirs=[str(TEMPLATES)], autoescape=True)


def context_of(render_input: dict) -> dict[str, Any]:
    text = render_input["text"]
    records = public_records(render_input.get("records"), text)
    verify_url = records["verify_url"] if records else ""
    labels = words_of(text, verify_url)
    mine = copy_of(render_input)
    sides = sides_of(text, first=mine)
    roster = roster_of(text, sides)
    parts = [part if shows_brackets(render_input) else without_brackets(part) for part in text["sections"]]
    marks = [mark for mark in (render_input["draft"], render_input["specimen"]) if mark]
    sections = [section_of(section, number, sides, records) for number, section in enumerate(parts, 1)]
    context = {
        "document": text["document"],
        "programme": text["programme"],
        "group": text["group"],
        "host": text["host"],
        "statement": text["statement"] or {},
        "language": text["language"],
        "kind": labels[text["kind"]],
        "labels": labels,
        "copy": fill(labels["copy"], side=sides[mine].name) if mine else "",
        "made": render_input["made"],
        # Of a co-chairs' summary: stands on its first page and, with the marks, over every other one.
        "not_agreed": labels.get("not_agreed", ""),
        "marks": marks,
        "running": [line for line in (labels.get("not_agreed", ""), *marks) if line],
        "title_size": size_of(text["document"]["title"]),
        "roster": roster,
        "authors": side_by_side(roster),
        "sections": sections,
        "brackets": [noted for part in parts for item in part["items"] for noted in notes_on(item, sides, labels)],
        "to_the_whole": text.get("reservations", []),
        "signatories": by_side(text["signatories"], sides),
        "verify_url": verify_url,
        "records": worded(records, sides, labels) if records else None,
        "closing_title": closing_title(labels, records),
        "signatures": by_side(records["signatures"], sides) if records else [],
        "declined": by_side(records["declined"], sides) if records else [],
        "hash": sha256(canonical(text)),
        "seal": render_input.get("seal"),
    }
    return context | {"contents": contents_of(context)}


def words_of(text: dict, verify_url: str) -> dict[str, str]:
    """The labels frozen with the text; only a label younger than the text falls back on today's English."""
    values = {
        "host": text["host"]["name"],
        "name": (text["statement"] or {}).get("facilitator", ""),
        "url": verify_url,
    }
    return {key: fill(words, **values) for key, words in (default_labels() | text["labels"]).items()}


def sides_of(text: dict, first: str = "") -> dict[str, Side]:
    """In the order in which they are printed: that of the text, but for the side that is first in its own copy."""
    sides = [Side(side["id"], side["name"], place % TONES) for place, side in enumerate(text["sides"])]
    return {side.id: side for side in sorted(sides, key=lambda side: side.id != first)}


def size_of(title: str) -> str:
    if len(title) <= SHORT_TITLE:
        return "short"
    return "middling" if len(title) <= LONG_TITLE else "long"


# Sections


def section_of(section: dict, number: int, sides: dict, records: dict | None) -> dict[str, Any]:
    blocks = blocks_of(section["items"], sides, calls_of(records))
    return {
        "anchor": f"section-{number}",
        "number": section["number"],
        "title": section["title"],
        "blocks": blocks,
        "recommends": any(block.heading for block in blocks),
    }


def blocks_of(items: list[dict], sides: dict[str, Side], calls: dict[str, SafeString]) -> list[Block]:
    """The items in their order; a view and the replies that follow it make one block."""
    blocks: list[Block] = []
    exchange: set[str] = set()  # the passages of the exchange that is open
    for item in items:
        html = words(item, calls)
        if item["answers"] not in exchange:
            exchange = set()
            blocks.append(Block(f"passage-{item['id']}", heading=heading_of(item)))
        if item["side"] is None:
            blocks[-1].passage = html
        else:
            exchange.add(item["id"])
            say(blocks[-1].cells, sides[item["side"]], item, html)
    return blocks


def say(cells: list[Cell], side: Side, item: dict, html: SafeString) -> None:
    """What one side says twice running shares a cell."""
    if not cells or cells[-1].side != side:
        cells.append(Cell(side, item["label"] or side.name))
    cells[-1].passages.append(html)
    cells[-1].length += len(passage.running_text(item["text"]))


def columns(sides: int) -> int:
    """How many columns stand side by side: four sides as two and two, never more than three on a page of this width."""
    return 2 if sides in (1, 2, 4) else MOST_COLUMNS


def words(item: dict, calls: dict[str, SafeString]) -> SafeString:
    """A passage with its number in front, its attribution running in, and the calls of reservations behind."""
    opening = format_html_join("", SPAN, ((name, item[name]) for name in ("number", "attribution") if item[name]))
    try:
        return passage.render(with_notes(item["text"], notes_of(item)), opening, closing=calls.get(item["id"], ""))
    except RenderFailed as failure:
        raise RenderFailed(failure.reason, item["id"], detail=failure.detail) from None


def heading_of(item: dict) -> dict | None:
    """A recommendation's heading, its anchor, and (addressee, horizon, support) where they are given."""
    if not (heading := item["heading"]):
        return None
    facts = [(heading[f"{name}_label"], heading[name]) for name in ("addressee", "horizon") if heading[name]]
    facts += [(item["support"]["label"], item["support"]["text"])] if "support" in item else []
    return {"number": heading["number"], "text": heading["text"], "facts": facts, "anchor": f"heading-{item['id']}"}


def calls_of(records: dict | None) -> dict[str, SafeString]:
    """For each passage the raised calls (R1, R2) of the reservations made to it."""
    calls: dict[str, list[str]] = {}
    for reservation in records["reservations"] if records else []:
        if reservation.get("passage"):
            calls.setdefault(reservation["passage"], []).append(reservation["call"])
    return {passage: format_html_join("", CALL, ([call] for call in called)) for passage, called in calls.items()}


SPAN = '<span class="{}">{}</span> '
CALL = '<span class="call"><a href="#reservation-{0}">{0}</a></span>'


# Words that are not agreed


def shows_brackets(render_input: dict) -> bool:
    return render_input.get("brackets") != LEFT_OUT


def without_brackets(part: dict) -> dict:
    """The section as its words stand, without the signs around those that are not agreed."""
    items = [{**item, "text": _bare(item["text"]), "brackets": []} for item in part["items"]]
    return {**part, "items": items}


def _bare(node: dict) -> dict:
    kept = {"marks": [mark for mark in node["marks"] if mark["type"] != MARK]} if "marks" in node else {}
    inner = {"content": [_bare(child) for child in node["content"]]} if "content" in node else {}
    return {**node, **kept, **inner}


def notes_on(item: dict, sides: dict[str, Side], labels: dict[str, str]) -> list[dict[str, Any]]:
    """Of each bracket of a passage its words, whose it is and why, and what each side would say."""
    words = {bracket: pieces for line in lines_of(item["text"]) for bracket, pieces in runs(line) if bracket}
    return [
        {
            "number": fill(labels["paragraph"], number=item["number"]),
            "words": mark_safe(passage.inline(_without_notes(words[bracket["id"]]))),  # noqa: S308 (made of escaped text)
            "opened_by": fill(labels["bracket_opened_by"], side=sides[bracket["side"]].name),
            "reason": bracket["reason"],
            "instead": [_instead(one, sides, labels) for one in _in_order(bracket["alternatives"], sides)],
        }
        for bracket in item.get("brackets", [])
    ]


def _in_order(facts: list[dict], sides: dict[str, Side]) -> list[dict]:
    """As their sides are printed; facts of one side, and those of none, stay as they follow each other."""
    places = {side: place for place, side in enumerate(sides)}
    return sorted(facts, key=lambda fact: places.get(fact.get("side", ""), len(places)))


def _without_notes(pieces: list[dict]) -> list[dict]:
    """A footnote is printed once, where the text calls it."""
    return [piece for piece in pieces if piece["type"] != "footnote"]


def lines_of(node: dict) -> Iterator[list[dict]]:
    """The contents of the paragraphs of a text, in reading order."""
    if node["type"] == "paragraph":
        yield node.get("content", [])
        return
    for child in node.get("content", []):
        if "text" not in child:
            yield from lines_of(child)


def _instead(one: dict, sides: dict[str, Side], labels: dict[str, str]) -> tuple[str, SafeString | str]:
    who = fill(labels["bracket_instead"], side=sides[one["side"]].name)
    words = passage.inline(_without_notes(one["text"]["content"][0].get("content", []))) if one["text"] else None
    return who, labels["bracket_left_out"] if words is None else mark_safe(words)  # noqa: S308 (made of escaped text)


# People


def roster_of(text: dict, sides: dict) -> list[dict[str, Any]]:
    """The authors by side, and who of them chairs."""
    return [
        {
            "side": sides.get(part["side"]),
            "heading": part["heading"],
            "people": part["people"],
            "chairs": [person for person in part["people"] if person.get("role") == "co-chair"],
        }
        for part in _in_order(text["roster"], sides)
    ]


def by_side(people: list[dict], sides: dict) -> list[dict[str, Any]]:
    """People in columns of their side, in rows as they follow each other."""
    groups = [(side, [person for person in people if person["side"] == side.id]) for side in sides.values()]
    groups = [(side, members) for side, members in groups if members]
    return [band_of(band) for band in side_by_side(groups)]


def side_by_side(parts: list) -> list[list]:
    """The parts of the sides in bands: all of two or three sides in one, four as two and two."""
    width = columns(len(parts))
    return [parts[start : start + width] for start in range(0, len(parts), width)]


def band_of(groups: list[tuple[Side, list[dict]]]) -> dict[str, Any]:
    height = max(len(members) for _, members in groups)
    padded = [[*members, *[None] * (height - len(members))] for _, members in groups]
    sides = [side for side, _ in groups]
    return {"sides": sides, "rows": [list(zip(sides, row, strict=True)) for row in zip(*padded, strict=True)]}


# Records, contents, verification


def worded(records: dict, sides: dict[str, Side], labels: dict[str, str]) -> dict[str, Any]:
    """The records with the phrases that name one of them by its number or call."""
    head = records["chain_head"]
    for signature in records["signatures"]:
        if call := signature.get("reservation"):
            signature["with_reservation"] = fill(labels["with_reservation"], call=call)
    for reservation in records["reservations"]:
        reservation["side_name"] = sides[reservation["side"]].name if reservation.get("side") in sides else ""
    acts = _in_order(records["initials"], sides)
    initials = (", ".join(filter(None, (act["name"], act.get("at_printed")))) for act in acts)
    entry = fill(labels["record_entry"], number=str(head["seq"]), hash=head["hash"]) if head["hash"] else ""
    return records | {"entry": entry, "initialled": "; ".join(initials)}


def contents_of(context: dict[str, Any]) -> list[dict[str, Any]]:
    labels, records = context["labels"], context["records"]
    entries = [entry("authors", labels["authors"])] if context["roster"] else []
    for section in context["sections"]:
        headings = [block.heading for block in section["blocks"] if block.heading]
        inner = [entry(heading["anchor"], heading["text"], heading["number"]) for heading in headings]
        if section["title"] or inner:
            entries.append(entry(section["anchor"], section["title"], section["number"], inner))
    if context["to_the_whole"]:
        entries.append(entry("to-the-whole", labels["reservations_to_the_whole"]))
    if context["brackets"]:
        entries.append(entry("brackets", labels["brackets"]))
    if records and records["reservations"]:
        entries.append(entry("reservations", labels["reservations"]))
    if records or (context["signatories"] and not context["marks"]):
        entries.append(entry("signatures", closing_title(labels, records)))
    return [*entries, entry("about", labels["about"])] if context["host"]["about"] else entries


def closing_title(labels: dict[str, str], records: dict[str, Any] | None) -> str:
    """Of the last section: who signs, who signed, or how a text was adopted that nobody signed."""
    if records is None:
        return labels["signatories"]
    adopted = records.get("adoption") if not records["signatures"] else None
    return adopted["heading"] if adopted else labels["signatures"]


def entry(anchor: str, title: str, number: str = "", inner: list | None = None) -> dict[str, Any]:
    return {"anchor": anchor, "title": title, "number": number, "inner": inner or []}


def qr(url: str) -> bytes:
    """The address as a QR code in SVG, dark on nothing."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", border=0, xmldecl=False, dark="#17283f", omitsize=True)
    return out.getvalue()
