"""What people are told about texts. Readers never include somebody who may not see the text when it is sent."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groups.models import Membership
from groups.notices import everyone_of, holders_of
from groups.standing import KEEPS_A_KEY, KEY, Owner, key_holders, standing
from parley.access.composed import Composed, Slot
from parley.accounts.models import User
from parley.notifications import NoticeKind, Urgency, Words
from parley.programmes.models import Facilitator, Side
from parley.ui.times import day_words

from . import links
from .models import (
    Bracket,
    Comment,
    Document,
    Draft,
    FinalText,
    Passage,
    Proposal,
    Publication,
    Referral,
    Reservation,
    Review,
    Thread,
)
from .models.agreement import Act


def members_of(document: Document, side: Side | None = None) -> list[User]:
    """Everybody with a side in the group, or of this side."""
    seats = document.group.memberships.acting().with_a_side().select_related("person")
    seats = seats.filter(side=side) if side else seats
    return [seat.person for seat in seats]


def sees_document(user: User, document: Document) -> bool:
    return standing(user, document.group).sees_texts


def sees_thread(user: User, thread: Thread) -> bool:
    here = standing(user, thread.group)
    return here.sees_texts and (thread.caucus_id is None or here.is_of(thread.caucus))


def sees_proposal(user: User, proposal: Proposal) -> bool:
    """What was offered, with the text it stands on."""
    return proposal.was_offered and standing(user, proposal.group).sees_texts


def who_answers(proposal: Proposal, facts: dict[str, Any]) -> Iterable[User]:
    """The members of the side whose voice it is, of shared voices the key holders; those who proposed it know."""
    own = Q(side=proposal.passage.side_id) if proposal.passage.side_id else KEEPS_A_KEY
    seats = proposal.group.memberships.acting().with_a_side().select_related("person").filter(own)
    return [seat.person for seat in seats if not _proposes(seat, proposal)]


def _proposes(seat: Membership, proposal: Proposal) -> bool:
    if proposal.side_id is not None:
        return seat.side_id == proposal.side_id
    return seat.person_id == proposal.begun_by_id


def who_proposed(proposal: Proposal, facts: dict[str, Any]) -> Iterable[User]:
    if proposal.side_id is None:
        return [proposal.begun_by]
    seats = proposal.group.memberships.acting().of_side(proposal.side).select_related("person")
    return [seat.person for seat in seats]


def has_part(user: User, draft: Draft) -> bool:
    """Released drafts are for observers too."""
    here = standing(user, draft.document.group)
    return here.facilitates or here.membership is not None


def other_sides(passage: Passage, facts: dict[str, Any]) -> Iterable[User]:
    """A tabled view or reply reaches every member; its own side knows it from the page."""
    return members_of(passage.document)


def sides_beside(bracket: Bracket, facts: dict[str, Any]) -> Iterable[User]:
    """The members of the sides that did not open it."""
    seats = bracket.group.memberships.acting().with_a_side().exclude(side=bracket.side)
    return [seat.person for seat in seats.select_related("person")]


def who_took_part(thread: Thread, facts: dict[str, Any]) -> Iterable[User]:
    """Those who wrote in the thread and those who own its voice: its side, or for joint text the key holders.

    One query for any number of people; nobody who may not see the thread is among them, nor who is told that they
    were named (`named`: their public identifiers).
    """
    group, side = thread.group, thread.passage.side_id
    took_part = _took_part(of_a_side=side is not None, in_caucus=thread.caucus_id is not None)
    about = {"thread": thread.pk, "group": group.pk, "programme": group.programme_id}
    found = took_part(side=side, caucus=thread.caucus_id, **about)
    return [person for person in found if person.public_id not in facts.get("named", ())]


@cache
def _took_part(*, of_a_side: bool, in_caucus: bool) -> Composed[User]:
    def compose(thread: Slot, group: Slot, programme: Slot, side: Slot, caucus: Slot) -> QuerySet[User]:
        seats = Membership.objects.acting().with_a_side().filter(group=group)
        if in_caucus:
            seats = seats.filter(side=caucus)
        owners = seats.filter(side=side) if of_a_side else seats.filter(KEEPS_A_KEY)
        reads = Q(pk__in=seats.values("person"))
        if not in_caucus:
            reads |= Q(pk__in=Facilitator.objects.acting().filter(programme=programme).values("person"))
        wrote = Q(pk__in=Comment.objects.filter(thread=thread).values("written_by"))
        return User.objects.filter(Q(pk__in=owners.values("person")) | wrote & reads)

    return Composed(compose, thread=KEY, group=KEY, programme=KEY, side=KEY, caucus=KEY)


def who_owns_the_voice(thread: Thread, owners: Iterable[Owner]) -> list[Owner]:
    """Of a thread that is just begun: `who_took_part`, from what its act has read (`standing_and_owners`)."""
    return [owner for owner in owners if thread.caucus_id in (None, owner.side_id)]


def readers_of_review(review: Review) -> Counter[User]:
    """Whom its comments concern, each of them as a comment of its own would, and how many do.

    A question for each voice and audience, whatever the number of comments.
    """
    alike: dict[tuple[int | None, int | None], list[Thread]] = {}
    for thread in review.threads.select_related("caucus", "passage__section__document__group__programme"):
        alike.setdefault((thread.passage.side_id, thread.caucus_id), []).append(thread)
    return Counter(reader for threads in alike.values() for reader in who_took_part(threads[0], {}) for _one in threads)


def concerned_by_so_many(review: Review, facts: dict[str, Any]) -> Iterable[User]:
    return [reader for reader, count in readers_of_review(review).items() if count == facts["count"]]


def sees_review(user: User, review: Review) -> bool:
    here = standing(user, review.group)
    return here.sees_texts and (review.for_all or here.is_of(review.caucus))


def who_was_named(thread: Thread, facts: dict[str, Any]) -> Iterable[User]:
    return User.objects.filter(public_id__in=facts["named"])


def signatories_of(text: FinalText, facts: dict[str, Any]) -> Iterable[User]:
    return [s.person for s in text.signatories.filter(membership__seat="open").select_related("person")]


def who_initials(text: FinalText, facts: dict[str, Any]) -> Iterable[User]:
    waiting = text.signatories.filter(initials=True).exclude(acts__kind=Act.Kind.INITIAL)
    return [s.person for s in waiting.select_related("person")]


def who_have_not_answered(text: FinalText, facts: dict[str, Any]) -> Iterable[User]:
    return [s.person for s in text.signatories.awaited().select_related("person")]


def who_signed(reservation: Reservation, facts: dict[str, Any]) -> Iterable[User]:
    """Those who signed before a reservation was made are told, and may add one until signing closes."""
    signed = reservation.final_text.signatories.in_the_group().filter(acts__kind__in=Act.SIGNATURES)
    return [s.person for s in signed.select_related("person")]


def holders_and_facilitators(text: FinalText, facts: dict[str, Any]) -> Iterable[User]:
    holders = [seat.person for seat in key_holders(text.group).values()]
    facilitators = text.group.programme.facilitators.acting().select_related("person")
    return [*holders, *(f.person for f in facilitators)]


def everybody(thing: Any, facts: dict[str, Any]) -> Iterable[User]:
    return members_of(_document_of(thing))


def everybody_with_observers(draft: Draft, facts: dict[str, Any]) -> Iterable[User]:
    return everyone_of(draft.document.group)


def _document_of(thing: Any) -> Document:
    found = thing.final_text if isinstance(thing, Publication | Reservation) else thing
    return found if isinstance(found, Document) else found.document


def _may_see(user: User, thing: Any) -> bool:
    return sees_document(user, _document_of(thing))


def _words(title: str, body: str, url: str) -> Words:
    return Words(title=title, body=body, url=url)


def _about(sentence_of: Any, url_of: Any = links.document) -> Any:
    """Words whose title is the document and whose body is one sentence about what happened."""

    def words(thing: Any, reader: User, facts: dict[str, Any]) -> Words:
        document = _document_of(thing)
        return _words(document.title, sentence_of(thing), url_of(document))

    return words


# What words and rights are made from, fetched with the subject: one query for a whole list of notices.
RELATED: dict[Any, tuple[str, ...]] = {
    Passage: ("side", "section__document__group__programme"),
    Document: ("group__programme",),
    Referral: ("side", "passage__section__document__group__programme"),
    Bracket: ("side", "passage__section__document__group__programme"),
    Thread: ("caucus", "passage__section__document__group__programme"),
    Review: ("caucus", "document__group__programme"),
    Draft: ("document__group__programme",),
    Proposal: ("side", "begun_by", "passage__side", "passage__section__document__group__programme"),
    FinalText: ("document__group__programme",),
    Publication: ("final_text__document__group__programme",),
    Reservation: ("signatory", "final_text__document__group__programme"),
}


def _kind(name: str, subject: Any, readers: Any, words: Any, **more: Any) -> NoticeKind:
    common = {"subject": subject, "readers": readers, "words": words, "related": RELATED[subject]}
    return NoticeKind(f"reports.{name}", **{**common, "may_see": _may_see, **more})


passage_tabled = _kind(
    "passage_tabled",
    Passage,
    other_sides,
    lambda passage, reader, facts: _words(
        passage.document.title,
        _("%(side)s tabled a text in “%(section)s”.") % {"side": passage.side, "section": passage.section.title},
        links.passage(passage),
    ),
)
agreement_withdrawn = _kind(
    "agreement_withdrawn",
    Passage,
    everybody,
    lambda passage, reader, facts: _words(
        passage.document.title,
        _("An agreement in “%(section)s” was withdrawn: the passage is open again.")
        % {"section": passage.section.title},
        links.passage(passage),
    ),
)


def who_answers_for_the_side(referral: Referral, facts: dict[str, Any]) -> Iterable[User]:
    return holders_of(referral.group, referral.side)


def _about_referral(sentence: Any) -> Any:
    """One sentence that names the side, the section and the day."""

    def words(referral: Referral, reader: User, facts: dict[str, Any]) -> Words:
        day = day_words(timezone.localtime(referral.until).date())
        values = {"side": referral.side, "section": referral.passage.section.title, "day": day}
        return _words(referral.document.title, sentence() % values, links.referral(referral))

    return words


confirmation_wanted = _kind(
    "confirmation_wanted",
    Referral,
    who_answers_for_the_side,
    _about_referral(
        lambda: _(
            "Words in “%(section)s” are agreed ad referendum: say until %(day)s what your side’s principals decided."
        )
    ),
    asks=True,
)
confirmation_due = _kind(
    "confirmation_due",
    Referral,
    who_answers_for_the_side,
    _about_referral(
        lambda: _("Your side’s agreement in “%(section)s” ends on %(day)s unless you confirm it or name another day.")
    ),
    urgency=Urgency.DEADLINE,
)
referral_confirmed = _kind(
    "referral_confirmed",
    Referral,
    everybody,
    _about_referral(lambda: _("%(side)s confirmed its agreement in “%(section)s”.")),
)
referral_prolonged = _kind(
    "referral_prolonged",
    Referral,
    everybody,
    _about_referral(lambda: _("The principals of %(side)s answer on “%(section)s” by %(day)s.")),
)
referral_passed = _kind(
    "referral_passed",
    Referral,
    everybody,
    _about_referral(
        lambda: _("The principals of %(side)s did not answer in time on “%(section)s”: the passage is open again.")
    ),
)


package_agreed = _kind(
    "package_agreed",
    Document,
    everybody,
    _about(lambda document: _("Everything is agreed: the last key has closed the package.")),
)


package_waits = _kind(
    "package_waits",
    Document,
    everybody,
    lambda document, reader, facts: _words(
        document.title,
        ngettext(
            "%(count)d passage that was agreed waits for the rest of the document again: the package rule holds.",
            "%(count)d passages that were agreed wait for the rest of the document again: the package rule holds.",
            facts["count"],
        )
        % {"count": facts["count"]},
        links.ledger(document),
    ),
)


def _about_bracket(sentence: Any) -> Any:
    """One sentence that names the side which opened it and its words."""

    def words(bracket: Bracket, reader: User, facts: dict[str, Any]) -> Words:
        values = {"side": bracket.side, "words": bracket.in_brief}
        return _words(bracket.document.title, sentence() % values, links.bracket(bracket))

    return words


bracket_opened = _kind(
    "bracket_opened",
    Bracket,
    sides_beside,
    _about_bracket(lambda: _("%(side)s put words into a bracket: [%(words)s]. Say what your side would write there.")),
    asks=True,
)
alternative_made = _kind(
    "alternative_made",
    Bracket,
    everybody,
    _about_bracket(lambda: _("There are other words for the bracket of %(side)s: [%(words)s].")),
)
bracket_withdrawn = _kind(
    "bracket_withdrawn",
    Bracket,
    everybody,
    _about_bracket(lambda: _("%(side)s withdrew its bracket: “%(words)s” stands as it is.")),
)
commented = _kind(
    "commented",
    Thread,
    who_took_part,
    lambda thread, reader, facts: _words(
        thread.passage.document.title,
        _("There is a new comment in “%(section)s”.") % {"section": thread.passage.section.title},
        links.thread(thread),
    ),
    may_see=sees_thread,
)
named = _kind(
    "named",
    Thread,
    who_was_named,
    lambda thread, reader, facts: _words(
        thread.passage.document.title,
        _("A comment in “%(section)s” is addressed to you by name.") % {"section": thread.passage.section.title},
        links.thread(thread),
    ),
    may_see=sees_thread,
)
thread_disposed = _kind(
    "thread_disposed",
    Thread,
    who_took_part,
    lambda thread, reader, facts: _words(
        thread.passage.document.title,
        _("A comment in “%(section)s”: %(disposition)s.")
        % {"section": thread.passage.section.title, "disposition": thread.get_disposition_display()},
        links.thread(thread),
    ),
    may_see=sees_thread,
)
words_proposed = _kind(
    "words_proposed",
    Proposal,
    who_answers,
    lambda proposal, reader, facts: _words(
        proposal.document.title,
        _("%(proposer)s proposed other words in “%(section)s”.")
        % {"proposer": proposal.proposer, "section": proposal.passage.section.title},
        links.proposal(proposal),
    ),
    may_see=sees_proposal,
    asks=True,
)
proposal_answered = _kind(
    "proposal_answered",
    Proposal,
    who_proposed,
    lambda proposal, reader, facts: _words(
        proposal.document.title,
        _("Words that you proposed in “%(section)s”: %(state)s.")
        % {"section": proposal.passage.section.title, "state": proposal.get_state_display()},
        links.proposal(proposal),
    ),
    may_see=sees_proposal,
)
review_sent = _kind(
    "review_sent",
    Review,
    concerned_by_so_many,
    lambda review, reader, facts: _words(
        review.document.title,
        ngettext("There is %(count)d new comment.", "There are %(count)d new comments.", facts["count"])
        % {"count": facts["count"]},
        links.comments(review.document),
    ),
    may_see=sees_review,
)
draft_released = _kind(
    "draft_released",
    Draft,
    everybody_with_observers,
    lambda draft, reader, facts: _words(
        draft.document.title, _("Draft %(number)d was released.") % {"number": draft.number}, links.draft(draft)
    ),
    may_see=has_part,
)
text_frozen = _kind("frozen", FinalText, everybody, _about(lambda text: _("The final text is frozen."), links.sign))
text_unfrozen = _kind(
    "unfrozen",
    FinalText,
    everybody,
    _about(lambda text: _("The freeze was undone. Initials and signatures are void; they stay recorded.")),
)
to_initial = _kind(
    "to_initial",
    FinalText,
    who_initials,
    _about(lambda text: _("The final text waits for your initials."), links.sign),
    urgency=Urgency.DEADLINE,
    asks=True,
)
initialled = _kind(
    "initialled", FinalText, holders_and_facilitators, _about(lambda text: _("The final text was initialled."))
)
to_sign = _kind(
    "to_sign",
    FinalText,
    who_have_not_answered,
    _about(lambda text: _("The final text is open for your signature."), links.sign),
    urgency=Urgency.DEADLINE,
    asks=True,
)
# Who has acted, never what: the answers are told when signing has closed.
answered = _kind(
    "answered",
    FinalText,
    holders_and_facilitators,
    _about(lambda text: _("A signatory has answered."), links.sign),
)
reservation_made = _kind(
    "reservation",
    Reservation,
    who_signed,
    _about(lambda reservation: _("A reservation was made. You may add one until signing closes."), links.sign),
)
signed_reservation_withdrawn = _kind(
    "signed_reservation_withdrawn",
    Reservation,
    everybody,
    _about(
        lambda reservation: (
            _("%(name)s withdrew reservation %(call)s.") % {"name": reservation.signatory.name, "call": reservation}
        ),
        links.sign,
    ),
)
signing_closed = _kind(
    "signing_closed",
    FinalText,
    everybody,
    _about(lambda text: _("Signing has closed."), links.sign),
)
authorised = _kind(
    "authorised",
    FinalText,
    holders_and_facilitators,
    _about(lambda text: _("Every side’s key authorised publication."), links.publish),
)
published = _kind(
    "published",
    Publication,
    everybody,
    _about(lambda publication: _("The document is published."), links.publish),
)
withdrawn = _kind(
    "withdrawn",
    Publication,
    everybody,
    _about(lambda publication: _("The publication was withdrawn."), links.publish),
)
page_hidden = _kind(
    "hidden",
    Publication,
    everybody,
    _about(lambda publication: _("The public page was hidden at once, for danger to a person."), links.publish),
    urgency=Urgency.DEADLINE,
)
page_shown = _kind(
    "shown_again",
    Publication,
    everybody,
    _about(lambda publication: _("The public page can be read again."), links.publish),
)
