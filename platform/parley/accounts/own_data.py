"""What a person may take along about themselves. Upper layers add their part."""

from collections.abc import Callable
from typing import Any

from .models import User
from .second_factor import methods_of

Part = Callable[[User], Any]
_parts: dict[str, Part] = {}


def register(key: str, part: Part) -> None:
    """`part(user)` gives JSON-ready data about this person alone, without keys of the database."""
    _parts[key] = part


def of(person: User) -> dict[str, Any]:
    return {"account": _account(person)} | {key: part(person) for key, part in _parts.items()}


def _account(person: User) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "name_own_script": person.name_own_script,
        "language": person.language,
        "time_zone": person.time_zone,
        "joined_at": person.joined_at.isoformat(),
        "second_factors": methods_of(person),
        "devices": [_device(device) for device in person.devices.all()],
    }


def _device(device: Any) -> dict[str, str]:
    return {
        "browser": device.browser,
        "system": device.system,
        "signed_in_at": device.signed_in_at.isoformat(),
        "seen_at": device.seen_at.isoformat(),
    }
