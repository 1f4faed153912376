"""The ledger of a document for print: what its page shows, for no reader in particular, in the document's language."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from groups.models import Key, Motion
from groups.motions import kind_of

from .ledger import Event, Line, Turned
from .models import PassageState
from .reading import names

SHORT = 12  # digits of a hash


def printed_moment(at: datetime) -> str:
    return f"{date_format(at, 'j F Y, H:i')} UTC"


def in_brief(at: datetime) -> str:
    """For tables: never broken over two lines."""
    return f"{date_format(at.astimezone(UTC), 'j M Y, H:i')} UTC".replace(" ", "\u00a0")


def rows_of(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [_row(line) for line in lines]


def _row(line: Line) -> dict[str, Any]:
    entry = line.entry
    passage = entry.passage
    heading = f" · {entry.heading.number}" if entry.heading else ""
    revision = _("revision %(number)s") % {"number": passage.tabled.number}  # type: ignore[union-attr]  # tabled
    reopened = line.reopened
    return {
        "passage": passage.public_id,
        "section": passage.section.title,
        "name": f"{entry.name}{heading}",
        "voice": entry.label,
        "state": state_of(line),
        "words": f"{revision} · SHA-256 {passage.tabled.sha256[:SHORT]}",  # type: ignore[union-attr]
        "sha256": passage.tabled.sha256,  # type: ignore[union-attr]
        "reopened": _said(reopened) if reopened else "",
        "brackets": [f"[{b.in_brief}] {b.side.name}: {b.reason}" for b in line.open_brackets],
        "keys": [_key(turned, line.standing is not None) for turned in line.keys],
        "events": events_of(line.history),
    }


def state_of(line: Line) -> str:
    """As everybody reads it: never "your side"."""
    entry = line.entry
    passage = entry.passage
    if passage.is_settled or passage.is_ad_referendum:
        return _held(line)
    if passage.state == PassageState.BRACKETED:
        return _("Bracketed")
    if entry.is_in_motion:
        return _("Waiting for %(sides)s") % {"sides": names(entry.missing)}
    return pgettext("text", "Open")


def _held(line: Line) -> str:
    passage, waiting = line.entry.passage, line.entry.referrals
    if passage.state == PassageState.FROZEN:
        return _("Frozen")
    if passage.is_ad_referendum:
        sides = names(one.side for one in waiting)
        return (
            _("Ad referendum: waiting for %(sides)s") % {"sides": sides}
            if waiting
            else _("Agreed ad referendum, with the rest")
        )
    return _("Settled by %(side)s") % {"side": passage.side} if passage.side else _("Agreed")


def _key(turned: Turned, asked: bool) -> dict[str, str]:
    key = turned.key
    if key is None:
        return {"side": turned.side.name, "said": _("key missing") if asked else _("not asked yet"), "by": "", "at": ""}
    said = _("key turned")
    if turned.referral:
        said = _ad_referendum(turned.referral.until)
    return {"side": turned.side.name, "said": said, "by": _by(key), "at": in_brief(key.turned_at)}


def _by(key: Key) -> str:
    return (
        str(key.turned_by)
        if key.capacity == Key.Capacity.CO_CHAIR
        else f"{key.turned_by} ({key.get_capacity_display()})"
    )


def _ad_referendum(until: datetime) -> str:
    return f"{_('ad referendum until')} {in_brief(until)}"


def events_of(events: Sequence[Event]) -> list[dict[str, Any]]:
    return [
        {
            "at": in_brief(event.at),
            "said": _said(event),
            "sha256": event.sha256[:SHORT],
            "keys": list(_keys(event.motion)) if event.motion else [],
        }
        for event in events
    ]


def _said(event: Event) -> str:
    """The same sentences as on the page of the ledger."""
    if withdrawal := event.withdrawal:
        who = {"side": withdrawal.side.name, "name": str(withdrawal.withdrawn_by)}
        return f"{_('%(side)s withdrew its agreement (%(name)s)') % who}: {withdrawal.reason}"
    if bracket := event.opened:
        who = {"side": bracket.side.name, "name": str(bracket.person)}
        return f"{_('%(side)s opened a bracket (%(name)s)') % who}: [{bracket.in_brief}] {bracket.reason}"
    if bracket := event.closed:
        what = _("The bracket of %(side)s is closed") % {"side": bracket.side.name}
        return f"{what}: [{bracket.in_brief}] {bracket.get_outcome_display()}"
    if referral := event.referral:
        by = f" ({referral.closed_by})" if referral.closed_by else ""
        what = _("%(side)s agreed ad referendum") % {"side": referral.side.name}
        return f"{what}: {referral.get_outcome_display()}{by}"
    if reservation := event.entered or event.taken_back:
        what = _("Reservation of %(speaker)s") % {"speaker": reservation.speaker}
        if event.entered:
            return f"{what} ({reservation.entered_by}): {reservation.words}"
        return f"{what}: {_('withdrawn')} ({reservation.withdrawn_by})"
    return _of_a_motion(event.motion) if event.motion else ""


def _of_a_motion(motion: Motion) -> str:
    proposed = _("proposed by %(name)s") % {"name": motion.proposed_by}
    lapsed = f". {motion.get_lapsed_because_display()}" if motion.lapsed_because else ""
    reason = str(motion.facts.get("reason", "")) if isinstance(motion.facts, dict) else ""
    why = f". {reason}" if reason else ""
    return f"{capfirst(str(kind_of(motion.kind).words))}, {proposed}: {motion.get_state_display()}{lapsed}{why}"


def _keys(motion: Motion) -> Iterator[str]:
    for key in motion.keys.all():
        until = f" · {_ad_referendum(key.until)}" if key.until else ""
        said = _("key turned by %(name)s") % {"name": _by(key)}
        yield f"{key.side.name}: {said} · {in_brief(key.turned_at)}{until}"
