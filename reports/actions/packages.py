"""The package rule of a document: nothing is agreed until everything is agreed."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.models import Motion
from groups.motions import MayNotBeMoved
from parley.accounts.models import User
from parley.notifications import page_changed
from reports.explained import explain_package
from reports.models import Document
from reports.revising import weigh_package

from .agreement import document_kind, facts_digest, must_be_drafted


def may_change_rule(document: Document, facts: dict[str, Any]) -> None:
    must_be_drafted(document, facts)
    if not isinstance(facts.get("package"), bool) or facts["package"] == document.package:
        raise MayNotBeMoved(_("This rule holds for the document already."))


def change_rule(document: Document, *, motion: Motion, by: User) -> None:
    document.package = motion.facts["package"]
    document.save(update_fields=["package"])
    weigh_package(document)
    page_changed(document.topic())


PACKAGE = document_kind(
    "document.package",
    gettext_lazy("Nothing is agreed until everything is agreed"),
    sha256=lambda document, facts: facts_digest(document.public_id, facts),
    carry=change_rule,
    check=may_change_rule,
    explain=explain_package,
)
