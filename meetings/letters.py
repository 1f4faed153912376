"""Letters to those who travel: made when asked for, handed over, and kept nowhere (docs/decisions/0027)."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from groups.models import Membership
from parley.accounts.models import User
from parley.programmes.models import Programme
from parley.ui.times import city, day_words
from reports.publishing import Limits, MissingCharacters, RenderFailed, render_bounded

from .forms import ParticularsForm
from .models import Meeting, Particulars

INVITATION, VISA = "invitation", "visa"
KINDS = {INVITATION: gettext_lazy("Letter of invitation"), VISA: gettext_lazy("Letter for the visa")}
# Without these no consulate knows whom the letter is about.
WANTED_FOR_A_VISA = ("passport_name", "nationality", "passport_number")
# A page or two, while somebody waits for it.
LIMITS = Limits(memory=1024, file=8, processor=20, clock=30, search=0)


class Lacking(Exception):
    """What the letter needs has not been said; `sentence` names it and the remedy."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Traveller:
    """Somebody invited, and the labels of what they said of themselves with it."""

    seat: Membership
    said: list[tuple[str, str]]
    ready_for_visa: bool


def invited(meeting: Meeting) -> list[Membership]:
    seats = meeting.group.memberships.acting().with_a_side().select_related("person", "side")
    return list(seats.order_by("side__position", "person__name", "pk"))


def travellers(meeting: Meeting) -> list[Traveller]:
    """For facilitators: two questions for any number of people."""
    held = {each.person_id: each.held for each in meeting.particulars.all()}
    fields = ParticularsForm.base_fields
    found = []
    for seat in invited(meeting):
        said = held.get(seat.person_id, {})
        labelled = [(str(field.label), said[name]) for name, field in fields.items() if said.get(name)]
        found.append(Traveller(seat, labelled, all(said.get(name) for name in WANTED_FOR_A_VISA)))
    return found


def letter_pdf(meeting: Meeting, *, kind: str, person: User) -> bytes:
    """Raises Lacking, RenderFailed."""
    return render_bounded(letter_input(meeting, kind=kind, person=person), limits=LIMITS)


def letter_input(meeting: Meeting, *, kind: str, person: User) -> dict[str, Any]:
    """What the press gets: words alone, in the programme's language."""
    programme = meeting.group.programme
    held = Particulars.objects.filter(meeting=meeting, person=person).first()
    said = held.held if held and kind == VISA else {}
    if kind == VISA:
        _refuse_what_lacks(said)
    with override(programme.language):
        words = _letter(meeting, programme, kind, person, said)
    return {
        "text": {"sections": [], "language": programme.language, "letter": words},
        "template": "letter",
        "records": None,
        "specimen": "",
        "draft": "",
        "made": timezone.now().isoformat(timespec="seconds"),
    }


def _refuse_what_lacks(said: dict[str, str]) -> None:
    for name in WANTED_FOR_A_VISA:
        if not said.get(name):
            label = ParticularsForm.base_fields[name].label
            raise Lacking(
                _("The letter for the visa needs “%(field)s”. Fill it in, then make the letter.") % {"field": label}
            )


def _letter(meeting: Meeting, programme: Programme, kind: str, person: User, said: dict[str, str]) -> dict[str, Any]:
    host, name = programme.host, said.get("passport_name") or person.name
    if not name:
        raise Lacking(_("The letter needs the person’s name. It is given in the settings."))
    facilitator = programme.facilitators.acting().select_related("person").order_by("since", "pk").first()
    return {
        "host": host.name,
        "host_lines": [
            *(", ".join(line.strip() for line in a.lines.splitlines() if line.strip()) for a in host.addresses.all()),
            " · ".join(each for each in (host.website, host.email) if each),
        ],
        "date": day_words(timezone.localdate()),
        "to": name if kind == INVITATION else _("To whom it may concern"),
        "subject": _("Invitation: %(meeting)s") % {"meeting": meeting.title},
        "paragraphs": _invitation(meeting, host.name, name) if kind == INVITATION else _visa(meeting, host.name, name),
        "facts": [*_when_and_where(meeting), *(_passport(said) if kind == VISA else [])],
        "more": [part for part in _more(meeting, kind) if part],
        "closing": _("For %(host)s") % {"host": host.name},
        "signed": facilitator.person.name if facilitator else "",
        "role": _("Facilitator"),
    }


def _invitation(meeting: Meeting, host: str, name: str) -> list[str]:
    facts = {"host": host, "name": name, "meeting": meeting.title, "programme": meeting.group.programme.name}
    return [_("%(host)s invites %(name)s to the meeting “%(meeting)s” of the programme “%(programme)s”.") % facts]


def _visa(meeting: Meeting, host: str, name: str) -> list[str]:
    facts = {"host": host, "name": name, "meeting": meeting.title}
    return [
        _("%(host)s invites the person named below to the meeting “%(meeting)s”.") % facts,
        _("We kindly ask you to issue the visa that this journey needs."),
    ]


def _when_and_where(meeting: Meeting) -> list[list[str]]:
    there = timezone.localtime(meeting.starts, ZoneInfo(meeting.zone))
    until = timezone.localtime(meeting.ends, ZoneInfo(meeting.zone))
    place = city(meeting.zone)
    return [
        [_("From"), f"{day_words(there.date())}, {there:%H:%M} {place}"],
        [_("Until"), f"{day_words(until.date())}, {until:%H:%M} {place}"],
        [_("Venue"), meeting.venue],
    ]


def _passport(said: dict[str, str]) -> list[list[str]]:
    fields = ParticularsForm.base_fields
    return [[str(fields[name].label), said[name]] for name in fields if said.get(name)]


def _more(meeting: Meeting, kind: str) -> list[str]:
    travel = [] if kind == VISA else meeting.travel.splitlines()
    return [*meeting.per_diem.splitlines(), *travel]


def failure_words(failed: RenderFailed) -> str:
    if isinstance(failed, MissingCharacters):
        return _("The letter can’t be printed: its fonts lack “%(letters)s”.") % {"letters": failed.characters}
    return _("The letter could not be printed. Try once more; if it fails again, shorten the notes of the meeting.")
