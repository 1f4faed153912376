"""Lists of people to invite, from a CSV file: read, checked line by line, nothing stored.

Each line is either a guest or a fault that names the line and says how to mend it.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from parley.accounts.models import User, normal_address
from parley.accounts.names import clean_name
from parley.programmes.models import Participant, Programme, Side

from .actions.invitations import Guest
from .models import Invitation, Membership, Role, Seat, ThematicGroup

LARGEST = 1_000_000
MOST_LINES = 500
LONGEST_CELL = 400
COLUMNS = ("email", "name", "group", "role", "side")
NEEDED = ("email", "group", "role")
# What a spreadsheet would run (OWASP "CSV injection"): such a name is refused, not repaired.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
HOLDS_FOR = 3600
SALT = "groups.people_lists"


class NotAList(Exception):
    """The file as a whole can't be read; the message says why and what to do."""


@dataclass(frozen=True)
class Line:
    """A line of the file: who would be invited to what, or what is wrong with it."""

    number: int
    email: str
    guest: Guest | None = None
    fault: str = ""


@dataclass(frozen=True)
class Reading:
    lines: Sequence[Line]

    @property
    def guests(self) -> list[Guest]:
        return [line.guest for line in self.lines if line.guest]

    @property
    def faults(self) -> list[Line]:
        return [line for line in self.lines if line.fault]

    @property
    def good(self) -> list[Line]:
        return [line for line in self.lines if line.guest]


def read(data: bytes, programme: Programme) -> Reading:
    """Raises NotAList for a file that is no such list."""
    rows = list(_rows(_text(data)))
    if len(rows) > MOST_LINES:
        raise NotAList(_("The file has more than 500 people. Divide it."))
    if not rows:
        raise NotAList(_("The file has a first line and no people below it."))
    known = _Known.of(programme)
    return Reading([known.line(number, row) for number, row in rows])


def _text(data: bytes) -> str:
    if len(data) > LARGEST:
        raise NotAList(_("The file is larger than 1 MB. A list of people is smaller; choose the right file."))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16")
    return _decoded(data, "utf-8-sig")


def _decoded(data: bytes, encoding: str) -> str:
    wrong = NotAList(_("The letters of this file can't be read. Save it as “CSV UTF-8” and choose it again."))
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise wrong from error
    if "\x00" in text:
        raise wrong
    return text


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the number of its line, under the names of the columns."""
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        names = _columns(next(reader, []))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(names, cells, strict=False))
    except csv.Error as error:
        sentence = _(
            "Line %(number)d can't be read: a quotation mark is open. Mend the line and choose the file again."
        )
        raise NotAList(sentence % {"number": reader.line_num}) from error


def _columns(cells: Sequence[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        sentence = _("The first line must name the columns %(all)s. Missing: %(missing)s.")
        raise NotAList(sentence % {"all": ", ".join(COLUMNS), "missing": ", ".join(missing)})
    doubled = [name for name in COLUMNS if names.count(name) > 1]
    if doubled:
        raise NotAList(_("The first line names a column twice: %(names)s.") % {"names": ", ".join(doubled)})
    return names


class _Wrong(Exception):
    """One line's fault, in words."""


@dataclass
class _Known:
    """What the programme knows already, read once for all lines; and what the lines above have said."""

    groups: dict[str, ThematicGroup]
    sides: dict[str, Side]
    roles: dict[str, str]
    places: dict[str, int | None]
    seated: set[tuple[str, int]]
    invited: set[tuple[str, int]]
    above: dict[tuple[str, int], int] = field(default_factory=dict)
    side_above: dict[str, tuple[int, int | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, programme: Programme) -> "_Known":
        groups = list(programme.groups.all())
        sides = {
            word.casefold(): side for side in programme.sides.all() for word in (side.name, side.demonym, side.code)
        }
        places = Participant.objects.filter(programme=programme).values_list("person__email", "side")
        seats = Membership.objects.filter(group__in=groups, seat__in=[Seat.OPEN, Seat.PROPOSED])
        waiting = Invitation.objects.waiting().filter(group__in=groups)
        return cls(
            groups={group.name.casefold(): group for group in groups},
            sides=sides,
            roles={
                word.casefold(): role
                for role, label in Role.choices
                for word in (role, str(label), role.replace("-", ""))
            },
            places=dict(places),
            seated=set(seats.values_list("person__email", "group")),
            invited=set(waiting.values_list("email", "group")),
        )

    def line(self, number: int, row: dict[str, str]) -> Line:
        email = normal_address(row.get("email") or "")
        try:
            return Line(number, email, guest=self._guest(number, email, row))
        except _Wrong as wrong:
            return Line(number, _shortened(email), fault=str(wrong))

    def _guest(self, number: int, email: str, row: dict[str, str]) -> Guest:
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if any(len(cell) > LONGEST_CELL for cell in cells.values()):
            raise _Wrong(_("A cell is far too long. Shorten it."))
        _check_address(email)
        name = _name(row.get("name") or "")
        group = self._group(cells["group"])
        role, side = self._role(cells["role"]), self._side(cells["side"])
        _check_role(role, side)
        self._check_person(number, email, group, side)
        return Guest(email=email, group=group, role=role, side=side, name=name)

    def _group(self, typed: str) -> ThematicGroup:
        found = self.groups.get(typed.casefold())
        if found is None:
            sentence = _("This programme has no group “%(name)s”. Write the name as it stands on the programme’s page.")
            raise _Wrong(sentence % {"name": _shortened(typed)})
        return found

    def _role(self, typed: str) -> str:
        found = self.roles.get(typed.casefold())
        if found is None:
            raise _Wrong(_("“%(role)s” is no role. Write co-chair, member or observer.") % {"role": _shortened(typed)})
        return found

    def _side(self, typed: str) -> Side | None:
        if not typed:
            return None
        found = self.sides.get(typed.casefold())
        if found is None:
            sentence = _("This programme has no side “%(side)s”. Write its name or its short code.")
            raise _Wrong(sentence % {"side": _shortened(typed)})
        return found

    def _check_person(self, number: int, email: str, group: ThematicGroup, side: Side | None) -> None:
        side_key = side.pk if side else None
        here = (email, group.pk)
        if here in self.above:
            raise _Wrong(
                _("The same address and group stand in line %(number)d. Remove one.") % {"number": self.above[here]}
            )
        if here in self.seated:
            raise _Wrong(_("This address has a seat in the group already. Remove the line."))
        if here in self.invited:
            raise _Wrong(_("This address is invited to the group already. Remove the line, or renew that invitation."))
        if email in self.places and self.places[email] != side_key:
            raise _Wrong(
                _("In this programme this person is on another side, or on none. A person never changes sides.")
            )
        line, other = self.side_above.get(email, (0, side_key))
        if other != side_key:
            raise _Wrong(_("Line %(number)d puts this address on another side. Mend one of them.") % {"number": line})
        self.above[here] = number
        self.side_above.setdefault(email, (number, side_key))


def _check_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise _Wrong(_("This is no e-mail address. Write it as name@example.org.")) from error


def _check_role(role: str, side: Side | None) -> None:
    if role == Role.OBSERVER and side is not None:
        raise _Wrong(_("An observer has no side. Empty the side, or write another role."))
    if role != Role.OBSERVER and side is None:
        raise _Wrong(_("A co-chair or member needs a side. Write the side’s name or short code."))


def _name(typed: str) -> str:
    if typed.lstrip(" ").startswith(FORMULA):
        raise _Wrong(_("The name begins with a sign that spreadsheets run as a formula. Write the name alone."))
    try:
        name = clean_name(typed, field=_("The name"))
    except ValidationError as error:
        raise _Wrong(" ".join(error.messages)) from error
    if len(name) > 120:
        raise _Wrong(_("The name is longer than 120 letters. Shorten it."))
    return name


def _shortened(words: str) -> str:
    seen = "".join(letter for letter in words if letter.isprintable())
    return f"{seen[:60]}…" if len(seen) > 60 else seen


# ---- from the preview to the sending: exactly the list that was shown, by whom it was shown to ----------------------


def sealed(guests: Sequence[Guest], *, programme: Programme, by: User) -> str:
    """The list as a signed text, good for an hour, for this programme and this person."""
    lines = [_packed(guest) for guest in guests]
    return signing.dumps([programme.public_id, by.public_id, lines], salt=SALT, compress=True)


def _packed(guest: Guest) -> list[str]:
    return [guest.email, guest.group.public_id, guest.role, guest.side.public_id if guest.side else "", guest.name]


def unsealed(seal: str, *, programme: Programme, by: User) -> list[Guest]:
    """The list that was previewed. Raises NotAList when it is another one, another person's, or an hour old."""
    try:
        whose, who, lines = signing.loads(seal, salt=SALT, max_age=HOLDS_FOR)
    except (signing.BadSignature, ValueError) as error:
        raise NotAList(_("The preview is too old or was changed. Choose the file again.")) from error
    if (whose, who) != (programme.public_id, by.public_id):
        raise NotAList(_("The preview was made for somebody else. Choose the file again."))
    groups = {group.public_id: group for group in programme.groups.all()}
    sides = {side.public_id: side for side in programme.sides.all()}
    return [_unpacked(line, groups, sides) for line in lines]


def _unpacked(line: list[str], groups: dict[str, Any], sides: dict[str, Any]) -> Guest:
    email, group, role, side, name = line
    return Guest(email=email, group=groups[group], role=role, side=sides.get(side), name=name)
