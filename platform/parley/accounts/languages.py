"""Languages the site speaks, and which of them no native reader has checked yet."""

from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _


def choices() -> list[tuple[str, str]]:
    """Each in its own words, as readers look for them."""
    return [(code, _named(code)) for code, _english in settings.LANGUAGES]


def is_offered(code: str) -> bool:
    return code in dict(settings.LANGUAGES)


def _named(code: str) -> str:
    own_name = get_language_info(code)["name_local"].capitalize()
    if code in settings.UNREVIEWED_LANGUAGES:
        return _("%(language)s (not reviewed yet)") % {"language": own_name}
    return own_name
