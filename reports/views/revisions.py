"""The states of a passage, and the difference of any two."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from groups.standing import standing
from parley.access import needs
from parley.ui.times import moment_words
from reports.authorship import authored
from reports.forms import CompareForm
from reports.models import Passage, Revision
from reports.models.brackets import owners_of
from reports.text import difference
from reports.text.html import render

from .frame import page


@require_safe
@needs("reports.read", Passage, through="opened_by")
def revisions(request: HttpRequest, passage: Passage) -> HttpResponse:
    """What all sides have read; for one's own side, its caucus's states among them."""
    here = standing(request.user, passage.group)  # type: ignore[arg-type]  # signed in
    listed = list(passage.revisions.seen_by(here.side).select_related("made_by", "caucus"))
    asked = request.GET.copy()
    for name, revision in zip(("newer", "older"), [*listed[:1], *listed[1:2]], strict=False):
        asked.setdefault(name, revision.public_id)
    form = CompareForm(asked, among=listed, words=_words)
    older, newer = _chosen(form, listed)
    return page(
        request,
        "revisions",
        passage.section,
        passage=passage,
        revisions=listed,
        form=form if len(listed) > 1 else None,
        older=older,
        newer=newer,
        words=render(newer.text, footnotes="newer", owners=owners_of(newer.text)) if newer else "",
        difference=difference.html(older.text, newer.text) if older and newer else "",
    )


@require_safe
@needs("reports.read", Passage, through="whose_writers_are_seen_by")
def writers(request: HttpRequest, passage: Passage) -> HttpResponse:
    """The words as they stand now, with who wrote which; of a view for its own side only."""
    here = standing(request.user, passage.group)  # type: ignore[arg-type]  # signed in
    found = authored(passage, side=here.side)
    words = render(found.text, footnotes="written")
    return page(request, "writers", passage.section, passage=passage, words=words, writers=found.writers)


def _chosen(form: CompareForm, listed: list[Revision]) -> tuple[Revision | None, Revision | None]:
    """The two revisions, older first; the newest alone when there is but one, or none of those asked for is seen."""
    if form.is_valid():
        return form.cleaned_data["older"], form.cleaned_data["newer"]
    return None, listed[0] if listed else None


def _words(revision: Revision) -> str:
    when = moment_words(revision.made_at, timezone.get_current_timezone_name(), "short")
    if revision.number is None:
        return _("in caucus · %(when)s") % {"when": when}
    return _("revision %(number)d · %(when)s") % {"number": revision.number, "when": when}
