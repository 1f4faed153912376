"""From a file to its contents, or to everything that is wrong with it."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, TypeVar

from django.utils.translation import gettext as _

from reports.exchange import attribution, file, words
from reports.exchange.contents import (
    JOINT,
    Address,
    Alternative,
    Bracket,
    Contents,
    Host,
    Kind,
    Member,
    Passage,
    Recommendation,
    Reservation,
    Role,
    Section,
    Side,
)
from reports.exchange.problems import ExchangeRefused, Problem
from reports.text import brackets, limits, markup, plain, schema
from reports.text.limits import TextRefused

T = TypeVar("T")
MOST: Final = 1000  # entries of one list
MOST_PROBLEMS: Final = 100
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_EMPTY_SIDE: Final = Side("", "")
_IN_TEXT, _GENERATED = "in text", "generated"
LONGEST_REASON: Final = 1000
LONGEST_RESERVATION: Final = 2000


def parse(data: bytes | str) -> Contents:
    """What the file says. Raises ExchangeRefused with all its problems, in the order of the format's keys."""
    reader = _Reader()
    contents = reader.contents(file.values(data))
    if reader.problems:
        raise ExchangeRefused(reader.problems)
    return contents


class _Keys:
    """The keys of one object; reports at the end those that nobody asked for."""

    def __init__(self, reader: "_Reader", value: Any, path: str) -> None:
        self.reader, self.path = reader, path
        self.asked: set[str] = set()
        self.is_object = isinstance(value, dict)
        self.found: dict[str, Any] = value if self.is_object else {}
        if not self.is_object:
            reader.refuse(path, _("An object is expected here."), _("Write { } with its keys."))

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return self.found.get(name, default)

    def refuse(self, name: str, reason: str, remedy: str) -> None:
        """One problem is enough where there is no object at all."""
        if self.is_object:
            self.reader.refuse(self.at(name), reason, remedy)

    def refuse_missing(self, name: str) -> None:
        self.refuse(name, _("This key is missing."), _("Add it."))

    def text(self, name: str, *, needed: bool = True, longest: int = limits.MAX_LINE) -> str:
        """One line of words; a key that is not needed may be missing or blank."""
        self.asked.add(name)
        if name not in self.found:
            if needed:
                self.refuse_missing(name)
            return ""
        return self.reader.line(self.found[name], self.at(name), may_be_blank=not needed, longest=longest)

    def choice(self, name: str, choices: Sequence[str], default: str | None = None) -> str:
        value = self.get(name, default)
        if isinstance(value, str) and value in choices:
            return value
        reason = _("This key is missing.") if value is None else _("%(value)s is not known here.")
        named = ", ".join(f"“{choice}”" for choice in choices)
        self.refuse(name, reason % {"value": _shown(value)}, _("Write one of: %(names)s.") % {"names": named})
        return choices[0]

    def several(self, name: str, one: Callable[[Any, str], T], *, least: int = 0) -> tuple[T, ...]:
        """The entries of a list, each read by `one(value, path)`."""
        value = self.get(name, [])
        if least and name not in self.found:
            self.refuse_missing(name)
            return ()
        if not isinstance(value, list):
            self.refuse(name, _("A list is expected here."), _("Write [ ] with its entries."))
            return ()
        if not least <= len(value) <= MOST:
            reason = _("The list has %(n)d entries.") % {"n": len(value)}
            self.refuse(name, reason, _("It has at least %(n)d and at most %(m)d.") % {"n": least, "m": MOST})
            return ()
        return tuple(one(entry, f"{self.at(name)}[{i}]") for i, entry in enumerate(value))

    def done(self) -> None:
        remedy = _("Remove it, or mend its spelling: %(names)s are known here.")
        for name in self.found:
            if name not in self.asked:
                shown = (name if name.isprintable() else ascii(name))[:60]
                self.refuse(shown, _("This key is not known here."), remedy % {"names": ", ".join(sorted(self.asked))})


class _Reader:
    """Reads object by object and gathers problems; what is wrong is replaced by something harmless meanwhile."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.sides: dict[str, Side] = {}

    def refuse(self, path: str, reason: str, remedy: str) -> None:
        self.problems.append(Problem(path, reason, remedy))
        if len(self.problems) >= MOST_PROBLEMS:
            reason = _("There are more problems than these %(n)d.") % {"n": MOST_PROBLEMS}
            raise ExchangeRefused([*self.problems, Problem("", reason, _("Is it the right file?"))])

    def line(self, value: Any, path: str, *, may_be_blank: bool = False, longest: int = limits.MAX_LINE) -> str:
        try:
            return limits.one_line(value, path, longest=longest, may_be_blank=may_be_blank)
        except TextRefused as refusal:
            self.refuse(path, refusal.reason, _("Mend it in the file and import it again."))
            return ""

    def contents(self, value: dict[str, Any]) -> Contents:
        keys = _Keys(self, value, "")
        self.version(keys)
        kind = Kind(keys.choice("kind", list(Kind)))
        head = {name: keys.text(name) for name in ("programme", "group", "title")}
        contents = Contents(
            kind=kind,
            **head,
            date=self.date(keys),
            host=self.host(keys.get("host"), "host"),
            sides=self.all_sides(keys),
            sections=keys.several("sections", self.section, least=int(_needs_sections(kind, value))),
            paragraphs=keys.several("paragraphs", self.paragraph, least=int(_needs_paragraphs(kind, value))),
            reservations=keys.several("reservations", self.reservation),
            **{name: keys.text(name, needed=False) for name in ("place", "meeting", "facilitator", "source")},
        )
        if keys.found.get("kind") == kind:
            self.refuse_wrong_parts(keys, kind)
        keys.done()
        return contents

    def version(self, keys: _Keys) -> None:
        if keys.get("version", 1) != 1:
            keys.refuse("version", _("This version of the format is not known here."), _("Export it as version 1."))

    def refuse_wrong_parts(self, keys: _Keys, kind: Kind) -> None:
        """A report has sections, a statement paragraphs; minutes and summaries have one of them."""
        wrong = {Kind.REPORT: ["paragraphs", "place", "meeting", "facilitator"], Kind.STATEMENT: ["sections"]}
        for name in wrong.get(kind, ["paragraphs"] if "sections" in keys.found else []):
            if name in keys.found:
                reason = _("A %(kind)s has no “%(name)s” here.") % {"kind": kind.value, "name": name}
                keys.refuse(name, reason, _("Remove it, or change the kind."))

    def date(self, keys: _Keys) -> str:
        value = keys.text("date")
        if value and not _is_date(value):
            reason = _("%(value)s is no date of this format.") % {"value": _shown(value)}
            keys.refuse("date", reason, _("Write the year and month as 2030-11, or the day as 2030-11-05."))
        return value

    def host(self, value: Any, path: str) -> Host:
        keys = _Keys(self, value, path)
        host = Host(
            name=keys.text("name"),
            website=keys.text("website", needed=False),
            email=keys.text("email", needed=False),
            addresses=keys.several("addresses", self.address),
            about=keys.several("about", lambda words, at: self.line(words, at, longest=5000)),
        )
        if host.email and not _MAIL.fullmatch(host.email):
            keys.refuse("email", _("This is no e-mail address."), _("Write it as office@example.org."))
        keys.done()
        return host

    def address(self, value: Any, path: str) -> Address:
        """A list of lines, or an object with a label and lines."""
        labelled = isinstance(value, dict)
        keys = _Keys(self, value if labelled else {"lines": value}, path)
        label = keys.text("label", needed=False)
        return Address(lines=keys.several("lines", self.line, least=1), label=label)

    def all_sides(self, keys: _Keys) -> tuple[Side, ...]:
        sides = keys.several("sides", self.side, least=2)
        seats: dict[str, str] = {}
        for i, side in enumerate(sides):
            self.refuse_name_of_side(side, f"{keys.at('sides')}[{i}]")
            self.refuse_second_seat(side, f"{keys.at('sides')}[{i}]", seats)
            self.sides.setdefault(side.name, side)
        return sides

    def refuse_name_of_side(self, side: Side, path: str) -> None:
        if side.name.casefold() == JOINT:
            self.refuse(f"{path}.name", _("“joint” is the voice of all sides."), _("Give the side its own name."))
        if side.name and side.name.casefold() in {name.casefold() for name in self.sides}:
            reason = _("Two sides are called %(name)s.") % {"name": side.name}
            self.refuse(f"{path}.name", reason, _("Give each side a name of its own."))

    def refuse_second_seat(self, side: Side, path: str, seats: dict[str, str]) -> None:
        """A person has one seat; a side has one co-chair."""
        for i, member in enumerate(side.members):
            at = f"{path}.members[{i}]"
            first = seats.setdefault(member.name.casefold(), at)
            if member.name and first != at:
                reason = _("%(name)s stands already at %(path)s.") % {"name": member.name, "path": first}
                self.refuse(at, reason, _("Each person has one seat on one side: keep one of them."))
        if [member.role for member in side.members].count(Role.CO_CHAIR) > 1:
            reason = _("%(name)s has more than one co-chair.") % {"name": side.name}
            self.refuse(f"{path}.members", reason, _("Write the role “member” for all but one."))

    def side(self, value: Any, path: str) -> Side:
        keys = _Keys(self, value, path)
        side = Side(
            name=keys.text("name", longest=80),
            demonym=keys.text("demonym", longest=80),
            members=keys.several("members", self.member),
        )
        keys.done()
        return side

    def member(self, value: Any, path: str) -> Member:
        if isinstance(value, str):
            return Member(self.line(value, path, longest=200))
        keys = _Keys(self, value, path)
        member = Member(keys.text("name", longest=200), Role(keys.choice("role", list(Role)[::-1], Role.MEMBER)))
        keys.done()
        return member

    def section(self, value: Any, path: str) -> Section:
        keys = _Keys(self, value, path)
        section = Section(
            title=keys.text("title"),
            passages=self.passages(keys),
            recommendations=keys.several("recommendations", self.recommendation),
        )
        if keys.found and not {"passages", "recommendations"} & keys.found.keys():
            remedy = _("Add “passages” or “recommendations”.")
            self.refuse(path, _("The section has neither passages nor recommendations."), remedy)
        keys.done()
        return section

    def recommendation(self, value: Any, path: str) -> Recommendation:
        keys = _Keys(self, value, path)
        if "heading" not in keys.found:
            keys.refuse_missing("heading")
        recommendation = Recommendation(
            heading=keys.text("heading", needed=False),
            addressee=keys.text("addressee", needed=False),
            horizon=keys.text("horizon", needed=False),
            passages=self.passages(keys, least=1),
        )
        if recommendation.passages and recommendation.passages[0].voice not in {JOINT, ""}:
            remedy = _("Write “joint” as the voice of its first passage.")
            self.refuse(f"{path}.passages[0].voice", _("A recommendation is made by all sides."), remedy)
        keys.done()
        return recommendation

    def passages(self, keys: _Keys, *, least: int = 0) -> tuple[Passage, ...]:
        passages = keys.several("passages", self.passage, least=least)
        for i, passage in enumerate(passages):
            if passage.responds_to is not None:
                self.refuse_reply(passages, i, passage.responds_to, f"{keys.at('passages')}[{i}].responds_to")
        return passages

    def refuse_reply(self, passages: Sequence[Passage], index: int, answered: int, path: str) -> None:
        """A reply is one side's answer to a view of another side."""
        last = len(passages) - 1
        if not 0 <= answered <= last or answered == index:
            reason = _("There is no other passage %(n)d in this section.") % {"n": answered}
            self.refuse(path, reason, _("Passages are counted from 0 to %(n)d.") % {"n": last})
        elif passages[index].voice == JOINT:
            self.refuse(path, _("A joint passage answers nobody."), _("Remove it, or name a side as the voice."))
        elif passages[answered].voice in {JOINT, passages[index].voice}:
            reason = _("Passage %(n)d is not a view of another side.") % {"n": answered}
            self.refuse(path, reason, _("Name the passage of the other side that is answered."))
        elif passages[answered].responds_to is not None:
            reason = _("Passage %(n)d is itself a reply.") % {"n": answered}
            self.refuse(path, reason, _("Name the view that both answer, or remove this key."))

    def passage(self, value: Any, path: str) -> Passage:
        keys = _Keys(self, value, path)
        voice = self.voice(keys)
        noted = self.brackets(keys, voice)
        text = self.text(keys, noted)
        responds_to = keys.get("responds_to")
        if responds_to is not None and type(responds_to) is not int:
            keys.refuse("responds_to", _("A whole number is expected here."), _("Count the passages from 0."))
            responds_to = None
        in_text = self.is_attributed_in_text(keys, text, voice)
        reserved = keys.several("reservations", self.reservation)
        keys.done()
        return Passage(voice, text, responds_to, in_text, noted, reserved)

    def voice(self, keys: _Keys) -> str:
        return self.known(keys, "voice", [JOINT, *self.sides])

    def known(self, keys: _Keys, key: str, names: Sequence[str]) -> str:
        """One of these names; where no side is known, that was said already."""
        value = keys.text(key, longest=80)
        if value in {"", *names} or not self.sides:
            return value
        named = ", ".join(f"“{name}”" for name in names)
        reason = _("%(value)s is no side of this document.") % {"value": _shown(value)}
        keys.refuse(key, reason, _("Write one of: %(names)s.") % {"names": named})
        return value

    def brackets(self, keys: _Keys, voice: str) -> tuple[Bracket, ...]:
        found = keys.several("brackets", self.bracket)
        if found and voice not in {JOINT, ""}:
            remedy = _("Write what the other side would say as its own passage, or remove them.")
            keys.refuse("brackets", _("Only joint words stand in brackets."), remedy)
        return found

    def bracket(self, value: Any, path: str) -> Bracket:
        keys = _Keys(self, value, path)
        bracket = Bracket(
            side=self.known(keys, "side", list(self.sides)),
            reason=keys.text("reason", longest=LONGEST_REASON),
            alternatives=keys.several("alternatives", self.alternative),
        )
        speaking = [one.side for one in bracket.alternatives]
        if len(set(speaking)) < len(speaking):
            keys.refuse("alternatives", _("A side stands here twice."), _("Keep its last alternative."))
        keys.done()
        return bracket

    def reservation(self, value: Any, path: str) -> Reservation:
        """In the name of a side, or of one person of it."""
        keys = _Keys(self, value, path)
        reservation = Reservation(
            side=self.known(keys, "side", list(self.sides)),
            person=keys.text("person", needed=False, longest=200),
            text=keys.text("text", longest=LONGEST_RESERVATION),
        )
        keys.done()
        return reservation

    def alternative(self, value: Any, path: str) -> Alternative:
        """Words of one paragraph, or null: to leave the words out."""
        keys = _Keys(self, value, path)
        side = self.known(keys, "side", list(self.sides))
        leaves_out = "text" in keys.found and keys.get("text") is None
        text = None if leaves_out else self.text(keys)
        if text and [block["type"] for block in text["content"]] != ["paragraph"]:
            keys.refuse("text", _("In the place of a bracket’s words stands one paragraph."), _("Write one paragraph."))
        keys.done()
        return Alternative(side, text)

    def is_attributed_in_text(self, keys: _Keys, text: dict[str, Any], voice: str) -> bool:
        if keys.get("attribution") is not None:
            return keys.choice("attribution", [_IN_TEXT, _GENERATED]) == _IN_TEXT
        return attribution.is_in_text(plain.text_of(text), voice, self.sides.get(voice, _EMPTY_SIDE).demonym)

    def text(self, keys: _Keys, noted: Sequence[Bracket] = ()) -> dict[str, Any]:
        """The passage's words: plain with lettered options, or in light markup, which alone has brackets."""
        value, options = keys.get("text"), keys.several("options", self.option)
        form = keys.choice("format", ["plain", words.MARKUP], "plain")
        if not isinstance(value, str):
            reason = _("Words are expected here.") if "text" in keys.found else _("This key is missing.")
            keys.refuse("text", reason, _("Write the passage’s words."))
            return schema.EMPTY
        if form == words.MARKUP and options:
            keys.refuse("options", _("In light markup options stand in the text."), _("Write a) before each of them."))
            return schema.EMPTY
        text = self.checked(keys, value, options, form, noted)
        self.refuse_brackets(keys, text, noted)
        return text

    def refuse_brackets(self, keys: _Keys, text: dict[str, Any], noted: Sequence[Bracket]) -> None:
        """Each stands once in the words, in the order of its number."""
        if text != schema.EMPTY and (brackets.ids_of(text) != _numbers(noted) or not brackets.stand_whole(text)):
            reason = _("The words do not show each of these %(n)d brackets once and in their order.")
            remedy = _("In light markup (“format”: “markup”) write [[1: words]], [[2: words]] and so on.")
            keys.refuse("brackets", reason % {"n": len(noted)}, remedy)

    def option(self, value: Any, path: str) -> str:
        return value if self.line(value, path, longest=limits.MAX_BYTES) else ""

    def checked(
        self, keys: _Keys, value: str, options: Sequence[str], form: str, noted: Sequence[Bracket]
    ) -> dict[str, Any]:
        try:
            text = markup.to_doc(value, _numbers(noted)) if form == words.MARKUP else words.from_plain(value, options)
        except TextRefused as refusal:
            reason = str(refusal) if isinstance(refusal, markup.MarkupRefused) else refusal.reason
            keys.refuse("text", reason, _("Mend it in the file and import it again."))
            return schema.EMPTY
        heading, body = schema.heading_of(text)
        if heading:
            keys.refuse("text", _("The words begin with a heading."), _("Write it as the recommendation’s “heading”."))
        elif schema.is_blank(text):
            keys.refuse("text", _("No visible letter stands here."), _("Write the passage’s words, or remove it."))
        return body

    def paragraph(self, value: Any, path: str) -> Passage:
        """Words in the joint voice: a plain string, or an object with the keys of a passage's words."""
        is_object = isinstance(value, dict)
        if not is_object and not isinstance(value, str):
            self.refuse(path, _("Words are expected here."), _("Write the paragraph’s words."))
            return Passage(JOINT, schema.EMPTY)
        keys = _Keys(self, value if is_object else {"text": value}, path)
        noted = self.brackets(keys, JOINT)
        text = self.text(keys, noted)
        in_text = self.is_attributed_in_text(keys, text, JOINT)
        reserved = keys.several("reservations", self.reservation)
        keys.done()
        return Passage(JOINT, text, attributed_in_text=in_text, brackets=noted, reservations=reserved)


def _numbers(noted: Sequence[Bracket]) -> list[str]:
    """The ids under which the words of a file carry its brackets."""
    return [str(number) for number, _bracket in enumerate(noted, 1)]


def _needs_sections(kind: Kind, value: dict[str, Any]) -> bool:
    return kind != Kind.STATEMENT and "paragraphs" not in value


def _needs_paragraphs(kind: Kind, value: dict[str, Any]) -> bool:
    return "paragraphs" in value or (kind == Kind.STATEMENT and "sections" not in value)


def _is_date(value: str) -> bool:
    if not re.fullmatch(r"(19|20|21)\d\d-\d\d(-\d\d)?", value, re.ASCII):
        return False
    try:
        date.fromisoformat(value if len(value) > len("2030-11") else f"{value}-01")
    except ValueError:
        return False
    return True


def _shown(value: Any) -> str:
    return ascii(value)[:60] if not isinstance(value, str) or not value.isprintable() else f"“{value[:60]}”"
