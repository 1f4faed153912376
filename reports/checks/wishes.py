"""Views to which no reply is wished: the checks do not ask for one."""

from reports.models import Document


def no_reply_wished(document: Document) -> frozenset[str]:
    """Public ids of those views."""
    return frozenset()
