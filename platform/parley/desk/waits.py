"""What the groups of a programme wait for, by side, of what lies before all sides: nothing of any caucus.

Each source asks the database the same number of times for any number of groups and documents.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import ngettext

from groups.models import Motion
from parley.programmes.models import Programme, Side
from reports.actions.agreement import FREEZE
from reports.actions.publishing import AUTHORISE
from reports.models import (
    Act,
    Alternative,
    Bracket,
    Document,
    DocumentState,
    FinalText,
    NoReply,
    Passage,
    Proposal,
    ProposalState,
    Publication,
    Referral,
    Signatory,
    Silence,
    Voice,
)
from reports.models.brackets import CLOSING
from reports.models.documents import CLOSED_STATES

# In the order in which a card names them.
KEY, REPLY, WORDS, ANSWER, PRINCIPALS, FREEZING, INITIALS, SIGNATURE, AUTHORISING, PUBLISHING = range(10)


@dataclass(frozen=True)
class Wait:
    """In a group (its key in the database) so many of one kind wait for a side, or for facilitators, since then."""

    group: int
    side: int | None
    kind: int
    since: dt.datetime | None
    count: int = 1

    @property
    def words(self) -> str:
        return _words(self.kind, self.count) % {"count": self.count}


def _words(kind: int, count: int) -> str:
    if kind == KEY:
        return ngettext("%(count)d key to turn", "%(count)d keys to turn", count)
    if kind == REPLY:
        return ngettext("%(count)d view to answer", "%(count)d views to answer", count)
    if kind == WORDS:
        return ngettext("%(count)d bracket without its words", "%(count)d brackets without its words", count)
    if kind == ANSWER:
        return ngettext("%(count)d proposal of other words", "%(count)d proposals of other words", count)
    if kind == PRINCIPALS:
        return ngettext("%(count)d confirmation of its principals", "%(count)d confirmations of its principals", count)
    if kind == FREEZING:
        return ngettext("%(count)d text to freeze", "%(count)d texts to freeze", count)
    if kind == INITIALS:
        return ngettext("%(count)d text to initial", "%(count)d texts to initial", count)
    if kind == SIGNATURE:
        return ngettext("%(count)d signature", "%(count)d signatures", count)
    if kind == AUTHORISING:
        return ngettext("%(count)d publication to authorise", "%(count)d publications to authorise", count)
    return ngettext("%(count)d text to publish", "%(count)d texts to publish", count)


def waits_in(programme: Programme, sides: Iterable[Side]) -> list[Wait]:
    """One for each group, side and kind: how many, since the oldest."""
    found: dict[tuple[int, int | None, int], Wait] = {}
    for source in SOURCES:
        for wait in source(programme, list(sides)):
            place = (wait.group, wait.side, wait.kind)
            found[place] = _together(found[place], wait) if place in found else wait
    return list(found.values())


def _together(one: Wait, other: Wait) -> Wait:
    since = min((wait.since for wait in (one, other) if wait.since), default=None)
    return Wait(one.group, one.side, one.kind, since, one.count + other.count)


def _drafted(programme: Programme, path: str) -> Q:
    """`path` leads to the document."""
    return Q(**{f"{path}__group__programme": programme, f"{path}__state": DocumentState.DRAFTING})


def keys(programme: Programme, sides: list[Side]) -> Iterable[Wait]:
    motions = Motion.objects.open().filter(group__programme=programme).prefetch_related("keys")
    for motion in motions:
        turned = {key.side_id for key in motion.keys.all()}
        for side in sides:
            if side.public_id in motion.wanted and side.pk not in turned:
                yield Wait(motion.group_id, side.pk, KEY, motion.proposed_at)


def replies(programme: Programme, sides: list[Side]) -> Iterable[Wait]:
    """Tabled views without a tabled reply, nor the word that none is wished."""
    tabled = Passage.objects.tabled_ones().filter(_drafted(programme, "section__document"), section__dropped_at=None)
    answered = set(tabled.filter(voice=Voice.REPLY).values_list("answers", "side"))
    none_wished = NoReply.objects.standing().filter(_drafted(programme, "view__section__document"), point=None)
    answered |= set(none_wished.values_list("view", "side"))
    views = tabled.filter(voice=Voice.VIEW).values_list("pk", "side", "section__document__group", "tabled_at")
    for view, own, group, since in views:
        for side in sides:
            if side.pk != own and (view, side.pk) not in answered:
                yield Wait(group, side.pk, REPLY, since)


def brackets(programme: Programme, sides: list[Side]) -> Iterable[Wait]:
    """Open brackets in which a side has not said what it would say, while nobody proposes how to close them."""
    closing = Motion.objects.open().filter(kind=CLOSING, target_id=OuterRef("public_id"))
    open_ones = Bracket.objects.in_the_text().filter(
        _drafted(programme, "passage__section__document"), ~Exists(closing)
    )
    said = Alternative.objects.current().filter(bracket__in=open_ones.order_by().values("pk"))
    spoken = set(said.values_list("bracket", "side"))
    rows = open_ones.values_list("pk", "passage__section__document__group", "opened_at")
    for bracket, group, since in rows:
        for side in sides:
            if (bracket, side.pk) not in spoken:
                yield Wait(group, side.pk, WORDS, since)


def other_words(programme: Programme, sides: list[Side]) -> Iterable[Wait]:
    """Proposals that lie before all: a view's own side answers, in shared words every side but the proposing one."""
    offered = Proposal.objects.filter(
        _drafted(programme, "passage__section__document"),
        state=ProposalState.OFFERED,
        passage__dropped_at=None,
        passage__section__dropped_at=None,
    )
    rows = offered.values_list("passage__section__document__group", "passage__side", "side", "offered_at")
    for group, owner, proposer, since in rows:
        for side in sides:
            if side.pk == owner or (owner is None and side.pk != proposer):
                yield Wait(group, side.pk, ANSWER, since)


def principals(programme: Programme, sides: list[Side]) -> Iterable[Wait]:
    waiting = Referral.objects.pending().filter(_drafted(programme, "passage__section__document")).order_by()
    counted = waiting.values_list("passage__section__document__group", "side")
    for group, side, since, count in counted.annotate(since=Min("opened_at"), count=Count("pk")):
        yield Wait(group, side, PRINCIPALS, since, count)


def to_freeze(programme: Programme, sides: list[Side]) -> Iterable[Wait]:
    """Every tabled passage is settled, and nobody has proposed the freeze; since the last of them was."""
    proposed = Motion.objects.open().filter(kind=FREEZE.name, target_id=OuterRef("public_id"))
    unsettled = Passage.objects.tabled_ones().filter(section__document=OuterRef("pk"), section__dropped_at=None)
    last = Passage.objects.tabled_ones().filter(section__document=OuterRef("pk"), section__dropped_at=None).order_by()
    settled_at = last.values("section__document").annotate(last=Max("settled_at")).values("last")
    ready = Document.objects.filter(
        ~Exists(proposed), ~Exists(unsettled.unsettled()), group__programme=programme, state=DocumentState.DRAFTING
    ).annotate(settled_at=Subquery(settled_at))
    for group, since in ready.filter(settled_at__isnull=False).values_list("group", "settled_at"):
        for side in sides:
            yield Wait(group, side.pk, FREEZING, since)


def initials(programme: Programme, sides: list[Side]) -> Iterable[Wait]:
    """Not of a text that silence may adopt: nobody is asked for anything then, but to object."""
    held = Silence.objects.open().filter(final_text=OuterRef("final_text"))
    done = Act.objects.filter(
        kind=Act.Kind.INITIAL, signatory__final_text=OuterRef("final_text"), signatory__side=OuterRef("side")
    )
    asked = Signatory.objects.filter(
        ~Exists(done),
        ~Exists(held),
        initials=True,
        final_text__voided_at=None,
        final_text__document__group__programme=programme,
        final_text__document__state=DocumentState.FROZEN,
    )
    places = asked.order_by().values_list("final_text__document__group", "side", "final_text__frozen_at").distinct()
    for group, side, since in places:
        yield Wait(group, side, INITIALS, since)


def signatures(programme: Programme, sides: list[Side]) -> Iterable[Wait]:
    """Of those who can answer still: who has answered is seen by all, what is not said here."""
    awaited = Signatory.objects.awaited().filter(
        final_text__voided_at=None,
        final_text__document__group__programme=programme,
        final_text__document__state=DocumentState.SIGNING,
    )
    counted = awaited.order_by().values_list("final_text__document__group", "side")
    for group, side, since, count in counted.annotate(since=Min("final_text__signing_opened_at"), count=Count("pk")):
        yield Wait(group, side, SIGNATURE, since, count)


def to_publish(programme: Programme, sides: list[Side]) -> Iterable[Wait]:
    """Signed or adopted texts: every side's key authorises them, then a facilitator publishes."""
    moved = Motion.objects.filter(kind=AUTHORISE.name, target_id=OuterRef("public_id"))
    carried = moved.filter(state=Motion.State.CARRIED).order_by("-closed_at").values("closed_at")[:1]
    texts = FinalText.objects.standing().filter(
        ~Exists(Publication.objects.filter(final_text=OuterRef("pk"))),
        document__group__programme=programme,
        document__state__in=CLOSED_STATES,
    )
    adopted = Silence.objects.adopted().filter(final_text=OuterRef("pk")).order_by("-ends_at").values("ends_at")[:1]
    texts = texts.annotate(over_at=Coalesce("signing_closed_at", Subquery(adopted)))
    texts = texts.annotate(authorised_at=Subquery(carried), proposed=Exists(moved.filter(state=Motion.State.OPEN)))
    rows = texts.values_list("document__group", "over_at", "authorised_at", "proposed")
    for group, closed, authorised, proposed in rows:
        if authorised:
            yield Wait(group, None, PUBLISHING, authorised)
        elif not proposed:
            yield from (Wait(group, side.pk, AUTHORISING, closed) for side in sides)


SOURCES: tuple[Callable[[Programme, list[Side]], Iterable[Wait]], ...] = (
    keys,
    replies,
    brackets,
    other_words,
    principals,
    to_freeze,
    initials,
    signatures,
    to_publish,
)
