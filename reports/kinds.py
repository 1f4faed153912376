"""What each kind of document begins with: its sections."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import DocumentKind


@dataclass(frozen=True)
class SectionTemplate:
    title: Promise
    holds_recommendations: bool = False


TEMPLATES: dict[str, tuple[SectionTemplate, ...]] = {
    DocumentKind.REPORT: (
        SectionTemplate(_("Introduction")),
        SectionTemplate(_("Perspectives")),
        SectionTemplate(_("Regional and international dimension")),
        SectionTemplate(_("Recommendations"), holds_recommendations=True),
    ),
    DocumentKind.STATEMENT: (SectionTemplate(_("Statement")),),
    DocumentKind.SUMMARY: (
        SectionTemplate(_("What was discussed")),
        SectionTemplate(_("What remains open")),
        SectionTemplate(_("Next steps")),
    ),
}
