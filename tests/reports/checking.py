"""Letting findings stand, as both co-chairs do it: proposed with a reason, and the other key turned."""

from groups.actions import turn_key
from parley.accounts.models import User
from reports.actions.checks import propose_waiving
from reports.checks.findings import Found, report_of
from reports.models import Document


def let_stand(document: Document, *chairs: User, reason: str = "It says what we mean.") -> list[Found]:
    """Every finding that holds a freeze; none where there is none."""
    document = Document.objects.select_related("group__programme").get(pk=document.pk)
    found = [one for one in report_of(document).holding if one.may_be_waived]
    if found:
        motion = propose_waiving(document, fingerprints={one.fingerprint for one in found}, reason=reason, by=chairs[0])
        for chair in chairs[1:]:
            turn_key(motion, sha256=motion.sha256, by=chair)
    return found
