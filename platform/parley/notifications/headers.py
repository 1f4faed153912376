"""What a mail says to mail systems: which mail it is, which it follows, of which list, and how to leave that."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac

from .kinds import Urgency
from .leaving import address_to_leave
from .models import Delivery
from .places import heading_of
from .told import Told


def of_any(bundle: list[Delivery]) -> dict[str, str]:
    """The Message-ID follows from the rows: a mail sent twice is recognised as one. RFC 3834 for the second."""
    name = bundle[0].bundle or bundle[0].key[:40]
    return {"Message-ID": f"<{name}@{domain()}>", "Auto-Submitted": "auto-generated"}


def of_notices(told: list[Told], bundle: list[Delivery]) -> dict[str, str]:
    """Mails about one document are one conversation, if they may name it; else all of a reader are.

    What cannot wait belongs to no list that one could leave (RFC 2919, 2369, 8058).
    """
    found = of_any(bundle) | {"References": thread_of(told), "List-Id": f"Parley <notices.{domain()}>"}
    if any(each.row.urgency > Urgency.ORDINARY or each.row.with_calendar for each in told):
        return found
    way_out = address_to_leave(told[0].reader, at_once=all(each.kind.asks for each in told))
    return found | {"List-Unsubscribe": f"<{way_out}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def thread_of(told: list[Told]) -> str:
    """A name that tells two mails of one reader apart, and nothing to anybody who compares those of two."""
    headings = {heading_of(each.subject).key if each.may_be_said else "" for each in told}
    about = headings.pop() if len(headings) == 1 else ""
    name = salted_hmac("parley.threads", f"{told[0].reader.public_id}|{about}").hexdigest()
    return f"<{name[:32]}.thread@{domain()}>"


def domain() -> str:
    return urlsplit(settings.PARLEY_URL).hostname or "localhost"
