"""“Your turn”: what waits for a person, over all groups, by deadline. Each source is one question to the database."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from groups.models import Confirmation, Key, Membership, Motion, Succession
from groups.motions import kind_of
from groups.standing import Standing, standings
from meetings.models import Answer, Meeting, Poll
from parley.accounts.models import User
from parley.programmes.models import Side
from reports.actions.agreement import FREEZE
from reports.actions.publishing import AUTHORISE
from reports.models import (
    Act,
    Bracket,
    Document,
    DocumentState,
    FinalText,
    NoReply,
    Passage,
    Pen,
    Proposal,
    Publication,
    Referral,
    Section,
    Signatory,
    Silence,
    Voice,
)
from reports.models.documents import CLOSED_STATES

MOST = 10
VIEWS_OF_A_GROUP = BRACKETS_OF_A_GROUP = 3


@dataclass(frozen=True)
class Card:
    """A verb and its object, who waits, until when, one button."""

    what: str
    where: str
    url: str
    button: str
    by: str = ""
    due: dt.datetime | None = None


def turns_of(user: User) -> list[Card]:
    """The nearest deadline first; what has none after it, in the order of the sources."""
    cards = [card for source in SOURCES for card in source(user)]
    return sorted(cards, key=lambda card: (card.due is None, card.due.timestamp() if card.due else 0))


def _holding(user: User) -> list[Standing]:
    return [s for s in standings(user).by_group.values() if s.holds_key]


def to_sign(user: User) -> Iterable[Card]:
    """Initials and signatures that are open for this person."""
    mine = Signatory.objects.visible_to(user).filter(
        final_text__document__state__in=[DocumentState.FROZEN, DocumentState.SIGNING]
    )
    answered = Act.objects.filter(signatory=OuterRef("pk"), kind__in=Act.ANSWERS)
    initialled = Act.objects.filter(signatory=OuterRef("pk"), kind=Act.Kind.INITIAL)
    held = Silence.objects.open().filter(final_text=OuterRef("final_text"))
    places = mine.annotate(answered=Exists(answered), initialled=Exists(initialled), held=Exists(held))
    for place in places.select_related("final_text__document__group")[:MOST]:
        document = place.final_text.document
        url = reverse("sign", kwargs={"document": document.public_id})
        if document.state == DocumentState.SIGNING and not place.answered:
            yield Card(
                _("Sign “%s”") % document, document.group.name, url, _("Read and answer"), due=document.signing_ends_at
            )
        elif document.state == DocumentState.FROZEN and place.initials and not (place.initialled or place.held):
            yield Card(_("Initial “%s”") % document, document.group.name, url, _("Read and initial"))


def silences(user: User) -> Iterable[Card]:
    """Texts that are adopted at an hour unless this person, or another, objects before."""
    waiting = Silence.objects.waiting_for(user).select_related("final_text__document__group")
    for silence in waiting.order_by("ends_at", "pk")[:MOST]:
        what = _("Object to “%s”, or let silence adopt it") % silence.document
        url = reverse("silence", kwargs={"silence": silence.public_id})
        yield Card(what, silence.group.name, url, _("Read the final text and decide"), due=silence.ends_at)


def keys_wanted(user: User) -> Iterable[Card]:
    """Open motions in which this person's side has not turned its key."""
    held = {s.membership.group_id: s.side for s in _holding(user) if s.membership and s.side}
    if not held:
        return
    turned = Q()
    for group, side in held.items():
        turned |= Q(~Exists(Key.objects.filter(motion=OuterRef("pk"), side=side)), group=group)
    motions = Motion.objects.open().filter(turned).select_related("group", "proposed_by").order_by("proposed_at", "pk")
    for motion in [m for m in motions if held[m.group_id].public_id in m.wanted][:MOST]:
        yield Card(
            str(kind_of(motion.kind).words),
            f"{motion.group.name} · {motion.title}",
            reverse("motion", kwargs={"motion": motion.public_id}),
            _("Look and turn the key"),
            by=_("Proposed by %s") % motion.proposed_by,
        )


def confirmations(user: User) -> Iterable[Card]:
    """Words agreed ad referendum for a side whose key this person holds: its principals' answer is wanted."""
    held = {s.membership.group_id: s.side for s in _holding(user) if s.membership and s.side}
    own = _any(Q(passage__section__document__group=group, side=side) for group, side in held.items())
    waiting = Referral.objects.pending().filter(own, passage__section__document__state=DocumentState.DRAFTING)
    for referral in waiting.select_related("passage__section__document").order_by("until", "pk")[:MOST]:
        section = referral.passage.section
        url = reverse("referral", kwargs={"referral": referral.public_id})
        what = _("Say what your side’s principals decided")
        yield Card(what, f"{section.document} · {section.title}", url, _("Read and answer"), due=referral.until)


def seats_to_confirm(user: User) -> Iterable[Card]:
    """People proposed for a side, where this person's word opens the seat."""
    chaired = [s.membership.group_id for s in standings(user).by_group.values() if s.is_co_chair and s.membership]
    if not chaired:
        return
    proposed = Membership.objects.proposed().filter(group__in=chaired).select_related("person", "group", "side")
    for seat in proposed.order_by("since")[:MOST]:
        if user.has_perm("groups.confirm_seat", seat):
            url = reverse("seat", kwargs={"membership": seat.public_id})
            yield Card(_("Confirm the seat of %s") % seat.person, seat.group.name, url, _("Look and confirm"))


def key_of_the_side(user: User) -> Iterable[Card]:
    """What one's own side decides about its key, where this person has a say and has not said it."""
    said = Confirmation.objects.filter(succession=OuterRef("pk"), membership__person=user)
    asked = Succession.objects.visible_to(user).open().filter(~Exists(said)).order_by("asked_at", "pk")
    for succession in asked[:MOST]:
        if user.has_perm("groups.confirm_succession", succession):
            what = _("Say who holds your side’s key: %s") % succession.membership.printed_name
            url = reverse("succession", kwargs={"succession": succession.public_id})
            yield Card(what, succession.group.name, url, _("Read and decide"))


def to_freeze(user: User) -> Iterable[Card]:
    """Documents of which every tabled passage is settled; once the freeze is proposed, the key is what is wanted."""
    held = [s.membership.group_id for s in _holding(user) if s.membership]
    if not held:
        return
    proposed = Motion.objects.open().filter(kind=FREEZE.name, target_id=OuterRef("public_id"))
    figures = Section.objects.present().order_by().values("document")
    counted = figures.annotate(tabled=Sum("tabled_passages"), settled=Sum("settled_passages"))
    settled = counted.filter(tabled__gt=0, tabled=F("settled")).values("document")
    ready = Document.objects.filter(~Exists(proposed), pk__in=settled, group__in=held, state=DocumentState.DRAFTING)
    for document in ready.select_related("group").order_by("title", "pk")[:MOST]:
        url = reverse("freeze", kwargs={"document": document.public_id})
        what = _("Freeze “%s”: every passage is settled") % document
        yield Card(what, document.group.name, url, _("Read and propose"))


def to_authorise(user: User) -> Iterable[Card]:
    """Texts whose signing has closed, until somebody proposes to publish them."""
    held = [s.membership.group_id for s in _holding(user) if s.membership]
    if not held:
        return
    moved = Motion.objects.filter(
        kind=AUTHORISE.name, state__in=[Motion.State.OPEN, Motion.State.CARRIED], target_id=OuterRef("public_id")
    )
    texts = FinalText.objects.standing().filter(
        ~Exists(moved), document__group__in=held, document__state__in=CLOSED_STATES
    )
    for text in texts.select_related("document__group").order_by("signing_closed_at", "pk")[:MOST]:
        url = reverse("publish", kwargs={"document": text.document.public_id})
        what = _("Authorise the publication of “%s”") % text.document
        yield Card(what, text.document.group.name, url, _("Look and turn the key"))


def texts_to_table(user: User) -> Iterable[Card]:
    """Caucus texts of one's own side that its key holder may table, counted by group."""
    held = {s.membership.group: s.side for s in _holding(user) if s.membership}
    own = _any(Q(section__document__group=group, side=side) for group, side in held.items())
    waiting = Passage.objects.present().filter(
        own, section__document__state=DocumentState.DRAFTING, caucus_copy__isnull=False
    )
    counted = dict(waiting.order_by().values_list("section__document__group").annotate(Count("pk")))
    for group in held:
        if count := counted.get(group.pk):
            what = _("Table what your side has written (%d)") % count
            yield Card(what, group.name, reverse("group", kwargs={"group": group.public_id}), _("Go to the texts"))


def words_to_answer(user: User) -> Iterable[Card]:
    """Other words that somebody proposed for what this person's side, or with its key all sides, speak in."""
    waiting = Proposal.objects.waiting_for(user).select_related("side", "begun_by", "passage__section__document")
    for proposal in waiting.order_by("offered_at", "pk")[:MOST]:
        section = proposal.passage.section
        yield Card(
            _("Answer the other words that %s proposed") % proposal.proposer,
            f"{section.document} · {section.title}",
            reverse("proposal", kwargs={"proposal": proposal.public_id}),
            _("Read and decide"),
        )


def brackets_to_answer(user: User) -> Iterable[Card]:
    """Brackets in which one's own side has not said what it would say: some of each group."""
    seats = [s.membership for s in standings(user).by_group.values() if s.membership and s.side]
    for bracket in unsaid_by(seats).filter(place_in_group__lte=BRACKETS_OF_A_GROUP):  # type: ignore[misc]  # annotated
        section = bracket.passage.section
        yield Card(
            _("Say what your side would say in the bracket of %s") % bracket.side,
            f"{section.document} · {section.title} · [{bracket.in_brief}]",
            reverse("bracket", kwargs={"bracket": bracket.public_id}),
            _("Read and answer"),
        )


def unsaid_by(seats: Iterable[Membership]) -> QuerySet[Bracket]:
    """Open brackets in the groups of these seats without words of the seat's side; `place_in_group` from 1."""
    seats = list(seats)
    here = _any(Q(passage__section__document__group=seat.group_id) for seat in seats)
    open_ones = Bracket.objects.filter(here, passage__section__document__state=DocumentState.DRAFTING)
    place = Window(RowNumber(), partition_by="passage__section__document__group", order_by=("opened_at", "pk"))
    return (
        open_ones.wanting_words_of([seat.side_id for seat in seats if seat.side_id])
        .annotate(place_in_group=place)
        .select_related("side", "passage__section__document")
        .order_by("passage__section__document__group__name", "opened_at", "pk")
    )


def views_to_answer(user: User) -> Iterable[Card]:
    """Tabled views of another side that want one's own side's answer: some of each group.

    A reply in its caucus counts as begun; "no reply wished" is an answer.
    """
    seats = [s.membership for s in standings(user).by_group.values() if s.membership and s.side]
    for view in unanswered_by(seats).filter(place_in_group__lte=VIEWS_OF_A_GROUP):  # type: ignore[misc]  # annotated
        yield Card(
            _("Reply to the view of %s") % view.side,
            f"{view.section.document} · {view.section.title}",
            reverse("section", kwargs={"section": view.section.public_id}) + f"#p-{view.public_id}",
            _("Reply, or say that none is wished"),
        )


def unanswered_by(seats: Iterable[Membership]) -> QuerySet[Passage]:
    """Others' views in the groups of these seats, without an answer of the seat's side; `place_in_group` from 1."""
    sides = {seat.side_id for seat in seats}
    replied = Passage.objects.present().filter(answers=OuterRef("pk"), side__in=sides)
    none_wished = NoReply.objects.standing().filter(view=OuterRef("pk"), point=None, side__in=sides)
    others = _any(Q(section__document__group=seat.group_id) & ~Q(side=seat.side_id) for seat in seats)
    views = Passage.objects.tabled_ones().filter(
        others,
        ~Exists(replied),
        ~Exists(none_wished),
        voice=Voice.VIEW,
        section__document__state=DocumentState.DRAFTING,
        section__dropped_at=None,
    )
    place = Window(RowNumber(), partition_by="section__document__group", order_by=("tabled_at", "pk"))
    return (
        views.annotate(place_in_group=place)
        .select_related("side", "section__document")
        .order_by("section__document__group__name", "tabled_at", "pk")
    )


def _any(conditions: Iterable[Q]) -> Q:
    """One of these; with none of them nothing."""
    return reduce(or_, conditions, Q(pk__in=[]))


def pens_held(user: User) -> Iterable[Card]:
    """What this person drafts for all sides."""
    out = Pen.objects.out().visible_to(user).filter(holder=user, document__state=DocumentState.DRAFTING)
    for pen in out.with_place()[:MOST]:
        yield Card(
            _("Draft, and release to all sides at once"),
            f"{pen.document} · {pen.passage.section.title}" if pen.passage else str(pen.document),
            reverse("pen", kwargs={"pen": pen.public_id}),
            _("See your drafts"),
        )


def support_to_say(user: User) -> Iterable[Card]:
    """Documents whose print says how far each side supports the recommendations, where one's own has not said it."""
    seats = [s.membership for s in _holding(user) if s.membership and s.side]
    of_a_side = (Q(Exists(_unsaid_support(seat)), group=seat.group_id) for seat in seats)
    documents = Document.objects.filter(_any(of_a_side), prints_support=True, state=DocumentState.DRAFTING)
    for document in documents.select_related("group").order_by("group__name", "pk")[:MOST]:
        url = reverse("supports", kwargs={"document": document.public_id})
        yield Card(_("Say your side’s support"), f"{document.group.name} · {document}", url, _("Read and decide"))


def _unsaid_support(seat: Membership) -> QuerySet[Passage]:
    side: Side = seat.side  # type: ignore[assignment]  # seats with a side
    return Passage.objects.filter(section__document=OuterRef("pk"), section__dropped_at=None).wanting_support_of(side)


def meetings_to_answer(user: User) -> Iterable[Card]:
    answered = Answer.objects.filter(meeting=OuterRef("pk"), person=user, sequence=OuterRef("sequence"))
    waiting = Meeting.objects.visible_to(user).announced().upcoming().not_cancelled().filter(~Exists(answered))
    seated = [s.membership.group_id for s in standings(user).by_group.values() if s.membership and s.side]
    for meeting in waiting.filter(group__in=seated).select_related("group")[:MOST]:
        yield Card(
            _("Say whether you come to “%s”") % meeting,
            meeting.group.name,
            reverse("meeting", kwargs={"meeting": meeting.public_id}) + "#answer",
            _("Answer"),
            due=meeting.starts,
        )


def polls_to_answer(user: User) -> Iterable[Card]:
    for poll in Poll.objects.waiting_for(user).select_related("group")[:MOST]:
        url = reverse("poll", kwargs={"poll": poll.public_id}) + "#answer"
        yield Card(_("Say when you could come: “%s”") % poll, poll.group.name, url, _("Answer"), due=poll.deadline)


def dates_to_choose(user: User) -> Iterable[Card]:
    """Polls that are over, for those who choose the date."""
    held = standings(user)
    if not held.programmes and not any(found.is_co_chair for found in held.by_group.values()):
        return
    for poll in Poll.objects.to_choose(user).select_related("group")[:MOST]:
        url = reverse("poll", kwargs={"poll": poll.public_id})
        yield Card(_("Choose the date of “%s”") % poll, poll.group.name, url, _("Look and choose"))


def to_publish(user: User) -> Iterable[Card]:
    """Texts whose publication every side's key authorised, for the facilitators."""
    facilitated = standings(user).programmes
    if not facilitated:
        return
    authorised = Motion.objects.filter(kind=AUTHORISE.name, state=Motion.State.CARRIED, target_id=OuterRef("public_id"))
    published = Publication.objects.filter(final_text=OuterRef("pk"))
    texts = FinalText.objects.standing().filter(
        Exists(authorised), ~Exists(published), document__group__programme__in=facilitated
    )
    for text in texts.select_related("document__group")[:MOST]:
        url = reverse("publish", kwargs={"document": text.document.public_id})
        yield Card(_("Publish “%s”") % text.document, text.document.group.name, url, _("Look and publish"))


SOURCES: tuple[Callable[[User], Iterable[Card]], ...] = (
    to_sign,
    silences,
    keys_wanted,
    confirmations,
    key_of_the_side,
    to_authorise,
    to_publish,
    to_freeze,
    seats_to_confirm,
    words_to_answer,
    brackets_to_answer,
    support_to_say,
    pens_held,
    texts_to_table,
    views_to_answer,
    polls_to_answer,
    dates_to_choose,
    meetings_to_answer,
)
