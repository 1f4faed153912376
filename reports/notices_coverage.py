"""What members are told about the answers to views."""

from django.utils.translation import gettext as _

from parley.notifications import NoticeKind, Words

from . import links
from .models import NoReply
from .notices import everybody, sees_document

no_reply_stated = NoticeKind(
    "reports.no_reply_stated",
    NoReply,
    readers=everybody,
    may_see=lambda user, stated: sees_document(user, stated.document),
    words=lambda stated, reader, facts: Words(
        title=stated.document.title,
        body=_("%(side)s wishes no reply to a view in “%(section)s”.")
        % {"side": stated.side, "section": stated.view.section.title},
        url=links.passage(stated.view),
    ),
    related=("side", "view__section__document__group__programme"),
)
