"""Where a link may lead: an allow-list, applied when a text is saved and again when it is shown."""

import re
import unicodedata
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from reports.text.limits import TextRefused

LONGEST = 2000
_FORBIDDEN = re.compile(r"[\s\x00-\x20\x7f-\xa0<>\"`{}|\\]")
_ADDRESS = re.compile(r"[^@?&/:,;]+@[^@?&/:,;]+\.[^@?&/:,;]+")


def target(href: object, path: str = "") -> str:
    """The target as it is kept: https, http or mailto, in NFC, no user name, no spaces. Raises TextRefused."""
    if isinstance(href, str) and (found := _allowed(href.strip())):
        return found
    shown = ascii(href)[:80]
    reason = _("A link leads to %(target)s. Links begin with https://, http:// or mailto: followed by a full address.")
    raise TextRefused(path, reason % {"target": shown})


def is_allowed(href: object) -> bool:
    """Whether this very target could have been saved."""
    return isinstance(href, str) and _allowed(href) == href


def _allowed(href: str) -> str | None:
    href = unicodedata.normalize("NFC", href)
    scheme, colon, rest = href.partition(":")
    if len(href) > LONGEST or not colon or _FORBIDDEN.search(href) or not _is_plain(href):
        return None
    scheme = scheme.lower()
    fits = _ADDRESS.fullmatch(rest) if scheme == "mailto" else scheme in {"https", "http"} and _has_host(rest)
    return f"{scheme}:{rest}" if fits else None


def _is_plain(href: str) -> bool:
    """No control, format, private or unassigned character, no lone surrogate, no space of any script."""
    return not any(unicodedata.category(c)[0] in "CZ" for c in set(href))


def _has_host(rest: str) -> bool:
    try:
        parts = urlsplit(f"https:{rest}")
        return rest.startswith("//") and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False
