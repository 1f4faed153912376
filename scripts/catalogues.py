"""Checks the catalogues of translations: each string of the site is in each catalogue, translated and not fuzzy.

`make lint` runs it; `make messages` brings the catalogues up to date.
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings.test")

from babel.messages.pofile import read_po  # noqa: E402 (needs no site, and the path above)
from django import setup  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import override_settings  # noqa: E402

Key = tuple[str, str]
# What makemessages reads: the site, not its tests, not what is installed beside it.
NOT_THE_SITE = (
    "tests",
    "data",
    "build",
    "dist",
    "bench",
    "scripts",
    "docs",
    "deploy",
    "requirements",
    "node_modules",
    ".*",
)
OPTIONS = {"no_wrap": True, "no_obsolete": True, "add_location": "file", "ignore_patterns": list(NOT_THE_SITE)}


def languages() -> list[str]:
    """Every language offered but English, which the code is written in."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def catalogue(folder: Path, language: str) -> Path:
    return folder / language / "LC_MESSAGES" / "django.po"


def keys(path: Path, language: str) -> dict[Key, object]:
    """Every message of a catalogue by its context and its English words; none where there is no catalogue yet."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {_key(message): message for message in read_po(file, locale=language) if message.id}


def _key(message) -> Key:
    words = message.id if isinstance(message.id, str) else message.id[0]
    return (message.context or "", words)


def strings_of_the_site(language: str) -> set[Key]:
    """What makemessages finds now, written into a folder of its own so that no file of the project changes."""
    with tempfile.TemporaryDirectory() as folder, override_settings(LOCALE_PATHS=[folder]):
        ignored = [*NOT_THE_SITE, "locale"]  # else it would find, and write into, our own folder of that name
        call_command("makemessages", locale=[language], verbosity=0, **OPTIONS | {"ignore_patterns": ignored})
        return set(keys(catalogue(Path(folder), language), language))


def faults(language: str) -> list[str]:
    kept = keys(catalogue(Path(settings.LOCALE_PATHS[0]), language), language)
    found = strings_of_the_site(language)
    missing = [f"not in the catalogue: {words!r}" for _, words in sorted(found - set(kept))]
    stale = [f"no longer in the site: {words!r}" for _, words in sorted(set(kept) - found)]
    unfinished = [f"{_flaw(message)}: {words!r}" for (_, words), message in kept.items() if _flaw(message)]
    return missing + stale + unfinished


def _flaw(message) -> str:
    if message.fuzzy:
        return "fuzzy"
    forms = [message.string] if isinstance(message.string, str) else list(message.string)
    return "" if forms and all(forms) else "untranslated"


def update() -> None:
    call_command("makemessages", locale=languages(), verbosity=1, **OPTIONS)


def check() -> int:
    found = [f"{language}: {fault}" for language in languages() for fault in faults(language)]
    for line in found:
        print(line)
    if found:
        print(f"{len(found)} strings to see to: `make messages`, then translate them in platform/locale.")
    return int(bool(found))


if __name__ == "__main__":
    setup()
    os.chdir(ROOT)
    sys.exit(update() if sys.argv[1:] == ["update"] else check())
