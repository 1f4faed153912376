"""Agreement by passage: exactly these words proposed and settled, withdrawn again, and the ledger of it all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from groups.actions.keys import (
    AlreadyProposed,
    KeyIsResting,
    MotionIsClosed,
    NotAKeyHolder,
    TextHasChanged,
    propose,
    turn_key,
)
from groups.forms import AgreeingForm
from groups.models import Motion
from groups.motions import MayNotBeMoved
from groups.standing import standing
from parley.access import needs
from parley.accounts.models import User
from parley.accounts.second_factor import second_factor_needed
from parley.programmes.models import Side
from reports import links
from reports.actions.agreement import SETTLE, NotSettled, withdraw_agreement
from reports.checks.waived import waived_in_words
from reports.forms import WithdrawalForm
from reports.ledger import Line, done_to, lines_of, motions_beside, pens_given
from reports.live.cutting import take_in_all
from reports.locks import NotDrafted
from reports.models import Document, Passage, Silence, Waiving
from reports.reading import Entry, document_entries

from .documents import drafting_is_over
from .frame import page

Refused = (NotAKeyHolder, KeyIsResting, MotionIsClosed, TextHasChanged, MayNotBeMoved, AlreadyProposed)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.propose", Document, through="opened_by")
@second_factor_needed
def settle(request: HttpRequest, document: Document) -> HttpResponse:
    """First which passages, then exactly their words with the hash of each, then one key for every one of them."""
    take_in_all(document)
    here = standing(request.user, document.group)  # type: ignore[arg-type]  # signed in
    entries = document_entries(document, reader=request.user, here=here)  # type: ignore[arg-type]
    open_ones = [entry for entry in entries if "settle" in entry.may and not entry.passage.is_held]
    if request.method == "POST":
        return _settled(request, document, open_ones)
    waiting = [entry for entry in open_ones if entry.waits_for_own_key]
    named = request.GET.getlist("p")
    chosen = waiting if request.GET.get("waiting") == "us" else [e for e in open_ones if e.passage.public_id in named]
    if chosen:
        return page(request, "settle_check", document, entries=chosen, form=AgreeingForm())
    return page(request, "settle", document, entries=open_ones)


def _settled(request: HttpRequest, document: Document, open_ones: Sequence[Entry]) -> HttpResponse:
    chosen = request.POST.getlist("p")
    form = AgreeingForm(request.POST)
    if not form.is_valid():
        entries = [entry for entry in open_ones if entry.passage.public_id in chosen]
        return page(request, "settle_check", document, entries=entries, form=form)
    until = form.cleaned_data["until"]
    hashes = {public_id: request.POST.get(f"sha-{public_id}", "") for public_id in chosen}
    entries = [entry for entry in open_ones if entry.passage.public_id in hashes]
    result = settle_each(entries, hashes, until=until, by=request.user)  # type: ignore[arg-type]
    for words in result.words():
        messages.success(request, words)
    missed = len(chosen) - result.done
    if missed:
        return page(request, "settle_changed", document, status=409, missed=missed, entries=result.refused)
    return redirect("ledger", document=document.public_id)


@dataclass
class Result:
    """What came of the keys: settled with the last one, waiting for others, refused over other words."""

    carried: int = 0
    held: int = 0
    waiting: int = 0
    refused: list[Entry] = field(default_factory=list)

    @property
    def done(self) -> int:
        return self.carried + self.held + self.waiting

    def words(self) -> list[str]:
        found = []
        if self.carried:
            found.append(ngettext("%(n)d passage is settled.", "%(n)d passages are settled.", self.carried))
        if self.held:
            one = "%(n)d passage is agreed ad referendum."
            found.append(ngettext(one, "%(n)d passages are agreed ad referendum.", self.held))
        if self.waiting:
            one = "Your side’s key is turned on %(n)d passage. It waits for the other keys."
            many = "Your side’s key is turned on %(n)d passages. They wait for the other keys."
            found.append(ngettext(one, many, self.waiting))
        counts = [count for count in (self.carried, self.held, self.waiting) if count]
        return [words % {"n": count} for words, count in zip(found, counts, strict=True)]


def settle_each(entries: Sequence[Entry], hashes: dict[str, str], *, until: datetime | None = None, by: User) -> Result:
    """Each passage its own motion and its own transaction: one that changed meanwhile holds no other back."""
    result = Result()
    for entry in entries:
        try:
            motion = _key_on(entry.passage, hashes[entry.passage.public_id], until, by)
        except Refused:
            result.refused.append(entry)
        else:
            held = motion.state == Motion.State.CARRIED and not _is_settled(entry.passage)
            result.held += held
            result.carried += motion.state == Motion.State.CARRIED and not held
            result.waiting += motion.state == Motion.State.OPEN
    return result


def _is_settled(passage: Passage) -> bool:
    return Passage.objects.settled().filter(pk=passage.pk).exists()


def _key_on(passage: Passage, sha256: str, until: datetime | None, by: User) -> Motion:
    """Turn the key on the open motion over these words, or propose them."""
    motion = Motion.objects.open().on(passage.public_id).filter(kind=SETTLE.name).first()
    if motion is not None:
        return turn_key(motion, sha256=sha256, until=until, by=by)
    try:
        return propose(SETTLE.name, passage.public_id, sha256=sha256, until=until, by=by)
    except AlreadyProposed:  # by another side, between our look and our hand: our key turns with theirs
        motion = Motion.objects.open().on(passage.public_id).get(kind=SETTLE.name)
        return turn_key(motion, sha256=sha256, until=until, by=by)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.withdraw_agreement", Passage, through="opened_by")
@second_factor_needed
def withdraw(request: HttpRequest, passage: Passage) -> HttpResponse:
    """One key undoes what all keys made, with a reason that all members read."""
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _withdrawn(request, passage, form.cleaned_data["reason"])
    return page(request, "withdraw", passage.section, passage=passage, form=form)


def _withdrawn(request: HttpRequest, passage: Passage, reason: str) -> HttpResponse:
    try:
        withdraw_agreement(passage, reason=reason, by=request.user)  # type: ignore[arg-type]
    except NotDrafted:
        return drafting_is_over(request, passage.document)
    except NotSettled:
        what = _("The agreement was withdrawn already: the passage is open.")
        return page(request, "changed", passage.section, status=409, what=what, next="section")
    except NotAKeyHolder:
        what = _("Your side’s key is not yours any more, so nothing was changed.")
        return page(request, "changed", passage.section, status=403, what=what, next="section")
    messages.success(
        request, _("Your side’s agreement is withdrawn. The passage is open again, and all members are told.")
    )
    return redirect(links.passage(passage))


SHOWN: dict[str, Callable[[Line, Side | None], bool]] = {
    "": lambda line, side: True,
    "us": lambda line, side: line.waits_for(side),
    "them": lambda line, side: line.waits_for_others(side),
    "bracketed": lambda line, side: bool(line.open_brackets),
    "open": lambda line, side: not line.entry.passage.is_held,
    "referendum": lambda line, side: line.entry.passage.is_ad_referendum,
    "agreed": lambda line, side: line.entry.passage.is_settled,
}


@dataclass(frozen=True)
class Tab:
    address: str
    words: str
    here: bool


@require_safe
@needs("reports.read", Document, through="opened_by")
def ledger(request: HttpRequest, document: Document) -> HttpResponse:
    """By passage and side: open, agreed, frozen; whose key is missing; what was withdrawn and why."""
    here = standing(request.user, document.group)  # type: ignore[arg-type]
    lines = lines_of(document_entries(document, reader=request.user, here=here))  # type: ignore[arg-type]
    asked = request.GET.get("waiting", "")
    shows = SHOWN.get(asked, SHOWN[""])
    sections = document.sections.present().values_list("public_id", flat=True)
    waivings = list(Waiving.objects.filter(document=document))
    beside = [*sections, *(waiving.public_id for waiving in waivings if not waiving.carried_at)]
    carried = [waiving for waiving in waivings if waiving.carried_at]
    return page(
        request,
        "ledger",
        document,
        lines=[line for line in lines if shows(line, here.side)],
        tabs=_tabs(lines, here.side, asked),
        motions=motions_beside(document.public_id, beside),
        happened=done_to(document.public_id),
        waived=waived_in_words(carried) if carried else [],
        to_turn=_to_turn(lines),
        pens=pens_given(document),
        silences=Silence.objects.filter(final_text__document=document).select_related("broken_by", "broken_for"),
    )


def _tabs(lines: Sequence[Line], side: Side | None, asked: str) -> list[Tab]:
    words = {
        "": _("All"),
        "us": _("Waiting for us"),
        "them": _("Waiting for others"),
        "bracketed": _("With brackets"),
        "open": pgettext("passages", "Open"),
        "referendum": pgettext("passages", "Ad referendum"),
        "agreed": pgettext("passages", "Agreed"),
    }
    counts = {name: sum(1 for line in lines if shows(line, side)) for name, shows in SHOWN.items()}
    return [
        Tab(f"?waiting={name}" if name else "?", f"{words[name]} ({count})", name == asked)
        for name, count in counts.items()
        if (name != "us" or side is not None) and (name != "referendum" or count or name == asked)
    ]


def _to_turn(lines: Sequence[Line]) -> int:
    """How many passages wait for the key that this reader holds."""
    return sum(1 for line in lines if line.entry.waits_for_own_key and "settle" in line.entry.may)
