"""A section: read and compared, marked as read, renamed, ordered, dropped."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.actions.keys import AlreadyProposed, NotAKeyHolder, TextHasChanged, propose
from groups.motions import MayNotBeMoved
from groups.standing import standing
from parley.access import needs
from parley.accounts.second_factor import second_factor_needed
from reports.actions.agreement import ORDER_PASSAGES, facts_digest
from reports.actions.documents import HasSettledText, StaleOrder, drop_section, rename_section
from reports.actions.passages import NotYourVoice, order_passages, restore_passage
from reports.actions.reading import mark_read
from reports.articles import put_articles
from reports.branches import put_proposals
from reports.forms import RestoreForm, SectionForm
from reports.locks import NotDrafted
from reports.models import Passage, Section
from reports.reading import Entry, in_blocks, section_entries, sides_of

from .documents import drafting_is_over
from .frame import page
from .order import moved, order_in

SHOWN_OF_IT = (
    "place",
    "paragraphs_before",
    "footnotes_before",
    "previous_title",
    "next_title",
    "read_at",
    "unsent_comments",
)


@require_safe
@needs("reports.read", Section, through="opened_by")
def section(request: HttpRequest, section: Section) -> HttpResponse:
    """The section as this person reads it; answered with 304 when nothing of that has changed."""
    here = standing(request.user, section.document.group)  # type: ignore[arg-type]  # signed in
    entries = section_entries(section, reader=request.user, here=here)  # type: ignore[arg-type]
    etag = _etag(request, section, entries)
    if request.headers.get("If-None-Match") == etag and not len(messages.get_messages(request)):
        return HttpResponseNotModified(headers={"ETag": etag})
    put_proposals(entries, reader=request.user)  # type: ignore[arg-type]
    may_add = request.user.has_perm("reports.add_passage", section)
    put_articles(entries, section=section, here=here, may_add=may_add)
    news = [entry for entry in entries if entry.text_is_new or entry.comments_are_new]
    blocks = in_blocks(entries, sides_of(section.document.group.programme))
    answer = page(request, "section", section, blocks=blocks, news=news, may_add=may_add)
    answer.headers["ETag"] = etag
    return answer


def _etag(request: HttpRequest, section: Section, entries: list[Entry]) -> str:
    """Over all that the page shows this person: nothing in it moves with another side's caucus."""
    shown = (
        settings.SECRET_KEY,  # so that nobody can guess what was hashed
        request.session.session_key,
        translation.get_language(),
        timezone.get_current_timezone_name(),
        timezone.localdate().year,
        request.GET.urlencode(),
        request.user.access_epoch,  # type: ignore[union-attr]  # signed in
        section.changed_at,
        section.document.state,
        section.document.title,
        [getattr(section, name) for name in SHOWN_OF_IT],
        [entry.stamp for entry in entries],
    )
    return f'"{hashlib.sha256(repr(shown).encode()).hexdigest()[:32]}"'


@require_POST
@needs("reports.read", Section)
def read(request: HttpRequest, section: Section) -> HttpResponse:
    """The person's own word that they have read it: opening a page says nothing."""
    mark_read(section, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Marked as read. From now on the page says what has changed since."))
    return redirect("section", section=section.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.order", Section)
def rename(request: HttpRequest, section: Section) -> HttpResponse:
    form = SectionForm(request.POST or None, initial={"title": section.title})
    if request.method == "POST" and form.is_valid():
        try:
            rename_section(section, title=form.cleaned_data["title"], by=request.user)  # type: ignore[arg-type]
        except NotDrafted:
            return drafting_is_over(request, section.document)
        except HasSettledText as refusal:
            form.add_error("title", str(refusal))
        else:
            return redirect("arrange", document=section.document.public_id)
    return page(request, "rename", section, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.order", Section)
def drop(request: HttpRequest, section: Section) -> HttpResponse:
    if request.method == "POST":
        try:
            drop_section(section, by=request.user)  # type: ignore[arg-type]
        except NotDrafted:
            return drafting_is_over(request, section.document)
        except HasSettledText as refusal:
            return page(request, "changed", section, status=409, what=str(refusal), next="arrange")
        messages.success(request, _("The section is dropped."))
        return redirect("arrange", document=section.document.public_id)
    return page(request, "drop_section", section)


@require_safe
@needs("reports.order", Section, through="opened_by")
def arrange(request: HttpRequest, section: Section) -> HttpResponse:
    """The order of the passages that the person sees; agreed ones move only with the key of every side."""
    here = standing(request.user, section.document.group)  # type: ignore[arg-type]
    entries = section_entries(section, reader=request.user, here=here)  # type: ignore[arg-type]
    by_id = {entry.passage.public_id: entry for entry in entries}
    ordered = order_in(request.GET, [entry.passage for entry in entries])
    tabled = [p.public_id for p in ordered if p.is_tabled]
    agreed = any(p.is_held for p in ordered)
    dropped = _dropped(section, request)
    return page(
        request,
        "arrange_passages",
        section,
        entries=[by_id[p.public_id] for p in ordered],
        agreed=agreed,
        tabled=tabled,
        proposing="order" in request.GET,
        dropped=dropped,
    )


def _dropped(section: Section, request: HttpRequest):
    """What was dropped of what the person saw."""
    here = standing(request.user, section.document.group)  # type: ignore[arg-type]
    return Passage.objects.filter(section=section).dropped_and_seen_by(here.side).with_texts()


@require_POST
@needs("reports.order", Section)
def order(request: HttpRequest, section: Section) -> HttpResponse:
    here = standing(request.user, section.document.group)  # type: ignore[arg-type]
    seen = Passage.objects.filter(section=section).as_seen_by(here.side).order_by("position", "pk")
    try:
        order_passages(section, order=moved(request.POST, list(seen)), by=request.user)  # type: ignore[arg-type]
    except NotDrafted:
        return drafting_is_over(request, section.document)
    except HasSettledText as refusal:
        return page(request, "changed", section, status=409, what=str(refusal), next="arrange_passages")
    except StaleOrder:
        return page(request, "changed", section, status=409, next="arrange_passages")
    return redirect("arrange_passages", section=section.public_id)


@require_POST
@needs("reports.propose", Section)
@second_factor_needed
def propose_order(request: HttpRequest, section: Section) -> HttpResponse:
    """The order of the tabled passages alone: what lies in a caucus is in no proposal."""
    facts = {"order": request.POST.getlist("order")}
    try:
        motion = propose(
            ORDER_PASSAGES.name,
            section.public_id,
            sha256=facts_digest(section.public_id, facts),
            facts=facts,
            by=request.user,  # type: ignore[arg-type]
        )
    except (MayNotBeMoved, NotAKeyHolder, TextHasChanged) as refusal:
        return page(request, "changed", section, status=409, what=str(refusal), next="arrange_passages")
    except AlreadyProposed:
        messages.info(request, _("An order is proposed already. Its keys can be turned, or it can be withdrawn."))
        return redirect("ledger", document=section.document.public_id)
    messages.success(request, _("The new order is proposed. It takes effect with the key of every side."))
    return redirect("motion", motion=motion.public_id)


@require_POST
@needs("reports.add_passage", Section)
def restore(request: HttpRequest, section: Section) -> HttpResponse:
    form = RestoreForm(request.POST, among=_dropped(section, request))
    if not form.is_valid():
        return page(request, "changed", section, status=409, next="section")
    try:
        restore_passage(form.cleaned_data["passage"], by=request.user)  # type: ignore[arg-type]
    except NotDrafted:
        return drafting_is_over(request, section.document)
    except NotYourVoice:
        what = _("This passage speaks for another side: only that side brings it back.")
        return page(request, "changed", section, status=409, what=what, next="section")
    messages.success(request, _("The passage is back in the text."))
    return redirect("section", section=section.public_id)
