"""From contents to a file that reads back as the same contents."""

import json
from typing import Any

from reports.exchange import attribution, words
from reports.exchange.contents import (
    JOINT,
    Address,
    Alternative,
    Bracket,
    Contents,
    Host,
    Kind,
    Passage,
    Recommendation,
    Reservation,
    Section,
    Side,
)
from reports.text import plain


def to_bytes(contents: Contents) -> bytes:
    """The file: JSON in UTF-8, indented for reading, with a new line at its end."""
    return (json.dumps(to_json(contents), ensure_ascii=False, indent=1) + "\n").encode()


def to_json(contents: Contents) -> dict[str, Any]:
    """The JSON values of version 1 of the exchange format; keys without content are left out."""
    demonyms = {side.name: side.demonym for side in contents.sides}
    return {
        **_filled(source=contents.source),
        "kind": contents.kind.value,
        "programme": contents.programme,
        "group": contents.group,
        "title": contents.title,
        "date": contents.date,
        **_filled(place=contents.place, meeting=contents.meeting, facilitator=contents.facilitator),
        "host": _host(contents.host),
        "sides": [_side(side) for side in contents.sides],
        **_body(contents, demonyms),
        **_filled(reservations=[_reservation(one) for one in contents.reservations]),
    }


def _filled(**keys: Any) -> dict[str, Any]:
    return {name: value for name, value in keys.items() if value}


def _body(contents: Contents, demonyms: dict[str, str]) -> dict[str, Any]:
    if contents.kind == Kind.STATEMENT or contents.paragraphs:
        return {"paragraphs": [_paragraph(paragraph, demonyms) for paragraph in contents.paragraphs]}
    return {"sections": [_section(section, demonyms) for section in contents.sections]}


def _host(host: Host) -> dict[str, Any]:
    addresses = [_address(address) for address in host.addresses]
    return {
        "name": host.name,
        **_filled(website=host.website, email=host.email, addresses=addresses, about=list(host.about)),
    }


def _address(address: Address) -> Any:
    lines = list(address.lines)
    return {"label": address.label, "lines": lines} if address.label else lines


def _side(side: Side) -> dict[str, Any]:
    members = [{"name": member.name, "role": member.role.value} for member in side.members]
    return {"name": side.name, "demonym": side.demonym, "members": members}


def _section(section: Section, demonyms: dict[str, str]) -> dict[str, Any]:
    passages = [_passage(passage, demonyms) for passage in section.passages]
    recommendations = [_recommendation(one, demonyms) for one in section.recommendations]
    parts = _filled(passages=passages, recommendations=recommendations)
    return {"title": section.title, **(parts or {"passages": []})}


def _recommendation(one: Recommendation, demonyms: dict[str, str]) -> dict[str, Any]:
    return {
        "heading": one.heading,
        **_filled(addressee=one.addressee, horizon=one.horizon),
        "passages": [_passage(passage, demonyms) for passage in one.passages],
    }


def _passage(passage: Passage, demonyms: dict[str, str]) -> dict[str, Any]:
    noted = [_bracket(bracket) for bracket in passage.brackets]
    reserved = [_reservation(one) for one in passage.reservations]
    keys = {"voice": passage.voice, **words.as_json(passage.text), **_filled(brackets=noted, reservations=reserved)}
    if passage.responds_to is not None:
        keys["responds_to"] = passage.responds_to
    return {**keys, **_attribution(passage, demonyms)}


def _bracket(bracket: Bracket) -> dict[str, Any]:
    alternatives = [_alternative(one) for one in bracket.alternatives]
    return {"side": bracket.side, "reason": bracket.reason, **_filled(alternatives=alternatives)}


def _reservation(one: Reservation) -> dict[str, str]:
    return {"side": one.side, **_filled(person=one.person), "text": one.text}


def _alternative(one: Alternative) -> dict[str, Any]:
    return {"side": one.side, **({"text": None} if one.text is None else words.as_json(one.text))}


def _attribution(passage: Passage, demonyms: dict[str, str]) -> dict[str, str]:
    """Said only where the words do not show it; nothing is ever generated before joint words."""
    seen = attribution.is_in_text(plain.text_of(passage.text), passage.voice, demonyms.get(passage.voice, ""))
    if passage.attributed_in_text and not seen:
        return {"attribution": "in text"}
    return {"attribution": "generated"} if seen and not passage.attributed_in_text and passage.voice != JOINT else {}


def _paragraph(passage: Passage, demonyms: dict[str, str]) -> Any:
    keys = _passage(passage, demonyms)
    del keys["voice"]
    return keys["text"] if keys.keys() == {"text"} else keys
