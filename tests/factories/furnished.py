"""The world of the access tables, furnished: one of every thing that has an address, in both sides' hands.

Each thing that somebody may not see says a word of its own that stands nowhere else; test_canary.py searches for them.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.utils import timezone

from groups.actions import add_milestone, ask_for_succession, propose, propose_style, propose_term, seat, turn_key
from groups.models import Membership, Role, SuccessionKind, Term
from groups.models.invitations import token_hash
from groups.standing import standing_now
from meetings.actions import (
    announce_meeting,
    answer_meeting,
    answer_poll,
    give_particulars,
    make_feed,
    open_poll,
    set_customs,
)
from meetings.links import address_for
from meetings.models import CalendarFeed
from meetings.models.feeds import token_hash as feed_hash
from parley.accounts.models import Device, Proof, User
from parley.accounts.second_factor import passkeys_of
from parley.notifications.leaving import address_to_leave
from parley.notifications.models import Delivery, DeliveryState, Notice
from parley.programmes.actions import PhaseToBe, add_phase, appoint_facilitator, publish_ground_rules
from parley.programmes.models import Precedence, Programme
from reports.actions import signing
from reports.actions.agreement import FREEZE, RELEASE, SETTLE, passage_hash, text_hash
from reports.actions.amending import amendment_hash
from reports.actions.brackets import make_alternative, open_bracket
from reports.actions.checks import propose_waiving
from reports.actions.comments import start_thread
from reports.actions.coverage import state_no_reply
from reports.actions.passages import add_passage, drop_passage, save_passage, table_passage
from reports.actions.pens import propose_pen
from reports.actions.proposals import save_proposal
from reports.actions.publishing import AUTHORISE, publish
from reports.actions.publishing import text_hash as authorised_hash
from reports.actions.register import add_follow_up
from reports.actions.reservations import enter_reservation
from reports.actions.reviews import keep_comment, send_review
from reports.actions.silence_start import SILENCE
from reports.anchoring import Wording
from reports.annexes import comments_now, comments_of_draft, ledger_now, redline_of
from reports.checks.findings import report_of
from reports.ledger import done_to, lines_of
from reports.models import Document, DocumentKind, Passage, Publication, Rendition, Voice
from reports.reading import document_entries
from reports.renditions import render_input_now, render_input_of_draft, request_rendition
from reports.text.places import Quote
from reports.text.schema import with_heading
from tests.parley.accounts.hands import give_passkey
from tests.reports.checking import let_stand
from tests.reports.drafting.branches import drafted, offered, sha_to_take

from .browsers import give_authenticator
from .people import PersonFactory
from .texts import document_of, passage_of, text
from .world import CANARY_A, CANARY_B, World, world

# Who says a word, and where: the name of the secret → the word.
WORDS = {
    "caucus of A": CANARY_A,
    "caucus of B": CANARY_B,
    "earlier caucus words of a view that A tabled": "quzabrent",
    "what A dropped from its caucus": "vodrilkam",
    "reply of A in caucus": "xiltherop",
    "caucus comment of A": "jorbwexil",
    "caucus comment of B": "pleuzwath",
    "other words of A in caucus": "skelvadrim",
    "newer draft of what A offered": "trovenquil",
    "own other words of a member of A": "bynzakort",
    "other words of B in caucus": "wumprelash",
    "other words that A offered": "dalvenspok",
    "draft under a pen": "klostavrin",
    "unsent comment of A": "wexatrundle",
    "tabled text": "grivnotelt",
    "text of another group": "yulprackin",
    "released draft": "dremovask",
    "final text being signed": "zafthulim",
    "published text": "worlpegat",
    "follow-up that waits for keys": "brimvoltask",
    "reason for declining": "kuvrindosh",
    "link of a meeting": "brulzekami",
    "what somebody of B needs": "fosprindel",
    "passport of somebody of B": "qx7719402kz",
    "journey of somebody of B": "zeppomarind",
    "draft of a meeting": "cradlivonne",
    "note of somebody of B in a poll": "ombrewickel",
    "secret of a feed": "feedsecretplovantrisquebormel",
    "invitation": "invitee@example.org",
    "token of an invitation": "tokenquorzimblathprevok27",
    "address of somebody of A": "deputy-a@example.org",
    "address of somebody of B": "unnamed-b@example.org",
    "name of somebody of B": "zinvorakel",
    "secret of an authenticator": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
}
FAR = datetime(2031, 5, 6, 9, 0, tzinfo=ZoneInfo("Asia/Tbilisi"))


@dataclass
class Furnished:
    """`things` by the name under which the tables speak of them; `key` is what stands in an address."""

    made: World
    things: dict[str, Any] = field(default_factory=dict)

    @property
    def people(self) -> dict[str, User]:
        return self.made.people

    def __getitem__(self, name: str) -> Any:
        return self.things[name]

    def key(self, name: str) -> str:
        thing = self.things[name]
        return thing if isinstance(thing, str) else thing.public_id


def furnished() -> Furnished:
    made = world()
    here = Furnished(made)
    here.things |= {
        "programme": made.programme,
        "group": made.group,
        "other group": made.other_group,
        "document": made.document,
        "section": made.section,
        "joint passage": made.joint,
        "view of A": made.view_a,
        "caucus of A": made.caucus_a,
        "caucus of B": made.caucus_b,
        "invitation": made.invitation,
        "unknown": "nowhere",
        "shelf": "all",
        "way out of member A": address_to_leave(made.member_a, at_once=False).split("/")[-2],
    }
    for furnish in (
        _people,
        _programme,
        _passages,
        _proposals,
        _brackets,
        _comments,
        _reviews,
        _drafts,
        _motions,
        _glossary,
        _checks,
        _meeting,
        _poll,
        _signing,
        _silence,
        _published,
        _published_in_copies,
        _other,
    ):
        furnish(here)
    _notices(here)
    # After all that was printed: this name stands in no text yet.
    _joining(here, "late_b", made.b, made.co_chair_b, name=WORDS["name of somebody of B"].title())
    return here


def _joining(here: Furnished, role: str, side: Any, by: User, **details: str) -> Membership:
    person = PersonFactory(email=f"{role.replace('_', '-')}@example.org", **details)
    here.people[role] = person
    return seat(group=here.made.group, person=person, role=Role.MEMBER, side=side, by=by)


def _people(here: Furnished) -> None:
    """Beyond the roles: one who may start programmes, one without a name, one proposed; a link, a device."""
    made = here.made
    User.objects.filter(pk=made.other_facilitator.pk).update(may_start_programmes=True)
    _joining(here, "unnamed_b", made.b, made.co_chair_b, name="")
    here.things["proposed seat of A"] = _joining(here, "proposed_a", made.a, made.facilitator, name="Proposed A")
    here.people["second_facilitator"] = second = PersonFactory(name="Second Facilitator", email="second@example.org")
    here.things["facilitator"] = made.programme.facilitators.get()
    here.things["second facilitator"] = appoint_facilitator(
        programme=made.programme, person=second, by=made.facilitator
    )
    for role, name in (("member_a", "seat of A"), ("member_b", "seat of B"), ("deputy_a", "seat of the deputy")):
        here.things[name] = made.membership(role)
    here.things["seat of a co-chair"] = made.membership("co_chair_a")
    here.things["deputy"] = made.membership("deputy_a").deputyships.get()
    here.things["succession of A"] = ask_for_succession(
        kind=SuccessionKind.SECOND_FACTOR, membership=made.membership("co_chair_a"), by=made.member_a
    )
    token = WORDS["token of an invitation"]
    type(made.invitation).objects.filter(pk=made.invitation.pk).update(token_hash=token_hash(token))
    Delivery.objects.filter(kind="account:invitation").update(facts={"token": token, "language": "en"})
    here.things["token"] = token
    here.things["passkey of A"] = _passkey(made.member_a)
    here.things["device of A"] = Device.objects.create(
        user=made.member_a, session_key="elsewhere", browser="Firefox", system="Linux"
    )


def _passkey(person: User) -> str:
    """Under the name by which its page knows it."""
    give_authenticator(person)
    give_passkey(person)
    return passkeys_of(person)[0].handle


def _programme(here: Furnished) -> None:
    made = here.made
    phase = PhaseToBe(name="Listening", starts=date(2030, 1, 1), ends=date(2030, 6, 1), aims="To listen.")
    here.things["phase"] = add_phase(programme=made.programme, phase=phase, by=made.facilitator)
    here.things["ground rules"] = publish_ground_rules(
        programme=made.programme, text="We listen to the end.", by=made.facilitator
    )
    here.things["milestone"] = add_milestone(
        group=made.group, title="First draft", due=date(2030, 2, 1), by=made.facilitator
    )


def _passages(here: Furnished) -> None:
    made = here.made
    section, a, b = made.section, made.member_a, made.member_b
    here.things["view of B"] = passage_of(
        section, b, f"The river falls to us. {WORDS['tabled text']}", voice=Voice.VIEW, side=made.b,
        tabled_by=made.co_chair_b,
    )  # fmt: skip
    here.things["reply of A in caucus"] = passage_of(
        section, a, f"We answer {WORDS['reply of A in caucus']}.", voice=Voice.REPLY, side=made.a,
        answers=here["view of B"],
    )  # fmt: skip
    here.things["no reply of A"] = state_no_reply(
        here["view of B"], sha256=here["view of B"].tabled.sha256, by=made.co_chair_a
    )
    rewritten = passage_of(
        section, a, f"Our first words {WORDS['earlier caucus words of a view that A tabled']}.",
        voice=Voice.VIEW, side=made.a,
    )  # fmt: skip
    save_passage(rewritten, text=text("Our better words."), version=1, by=a)
    here.things["rewritten view of A"] = table(rewritten, made.co_chair_a)
    dropped = passage_of(
        section, a, f"Away with {WORDS['what A dropped from its caucus']}.", voice=Voice.VIEW, side=made.a
    )
    drop_passage(dropped, by=a)
    here.things["dropped caucus of A"] = dropped
    here.things["agreed passage"] = settled(passage_of(section, a, "This is agreed."), made)
    own = passage_of(section, b, "Our settled view.", voice=Voice.VIEW, side=made.b, tabled_by=made.co_chair_b)
    here.things["settled view of B"] = settled(own, made)
    waits = settled(
        passage_of(section, a, "This waits for a ministry."), made, until=timezone.now() + timedelta(days=9)
    )
    here.things["referral of B"] = waits.referrals.get()
    here.things["empty section"] = made.document.sections.all()[1]


def table(passage: Passage, chair: User) -> Passage:
    passage.refresh_from_db()
    table_passage(passage, sha256=passage.caucus_copy.sha256, by=chair)
    passage.refresh_from_db()
    return passage


def settled(passage: Passage, made: World, *, until: datetime | None = None) -> Passage:
    """With `until` the last key is turned ad referendum."""
    chairs = [made.co_chair_a, made.co_chair_b]
    if passage.side is not None:
        chairs = [chairs[0] if passage.side == made.a else chairs[1]]
    motion = propose(SETTLE.name, passage.public_id, sha256=passage_hash(passage, {}), by=chairs[0])
    for chair in chairs[1:]:
        turn_key(motion, sha256=motion.sha256, until=until if chair == chairs[-1] else None, by=chair)
    passage.refresh_from_db()
    return passage


def _proposals(here: Furnished) -> None:
    """Drafts of each side and of one person; what A offered, what B offered for a view of A and for agreed words."""
    made = here.made
    a, b, joint = made.member_a, made.member_b, made.joint
    here.things["caucus proposal of A"] = drafted(joint, a, WORDS["other words of A in caucus"], side=made.a)
    here.things["caucus proposal of B"] = drafted(joint, b, WORDS["other words of B in caucus"], side=made.b)
    here.things["own proposal of A"] = drafted(joint, a, WORDS["own other words of a member of A"])
    words = f"Both drink. {WORDS['other words that A offered']}"
    here.things["offer of A"] = offer = offered(joint, a, words, side=made.a, offered_by=made.co_chair_a)
    newer = text(f"{words} {WORDS['newer draft of what A offered']}")
    save_proposal(offer, text=newer, base=joint.tabled, version=1, by=a)
    here.things["offer for A’s view"] = offered(made.view_a, b, "The Orla rises with us.")
    here.things["offer for agreed words"] = agreed = offered(here["agreed passage"], b, "This is agreed by all.")
    here.things |= {f"hash of the {name}": sha_to_take(here[name]) for name in ("offer of A", "offer for A’s view")}
    here.things["hash of the offer for agreed words"] = amendment_hash(agreed, {})


def _brackets(here: Furnished) -> None:
    """In a document of its own, so that the one of the world can be settled."""
    made = here.made
    document = document_of(made.group, made.co_chair_a, "A disputed text", kind=DocumentKind.STATEMENT)
    passage = passage_of(document.sections.first(), made.member_a, "Both banks share one bridge.")
    bracket = open_bracket(passage=passage, quote=Quote("one bridge"), reason="We see two.", by=made.member_a)
    make_alternative(bracket, words=text("two bridges"), by=made.co_chair_a)
    here.things |= {"disputed document": document, "disputed passage": passage, "bracket of A": bracket}
    asked = "# A bridge commission\n\nWe recommend one."
    here.things["recommended words"] = passage_of(
        document.sections.first(), made.member_a, asked, voice=Voice.RECOMMENDATION
    )
    here.things["penned passage"] = penned = passage_of(document.sections.first(), made.member_a, "One drafts this.")
    given = propose_pen(document=document, passage=penned, holder=made.member_a, by=made.co_chair_a)
    turn_key(given, sha256=given.sha256, by=made.co_chair_b)
    here.things["pen of A"] = penned.pens.get()
    penned.refresh_from_db()
    drafted(penned, made.member_a, f"One drafts {WORDS['draft under a pen']}.")
    for name, person, for_side in (
        ("reservation of B", made.co_chair_b, True),
        ("own reservation of a member of A", made.member_a, False),
    ):
        here.things[name] = enter_reservation(
            document=document, passage=passage, words="We see it otherwise.", for_side=for_side, by=person
        )


def _comments(here: Furnished) -> None:
    made = here.made
    for name, passage, person, words, own in (
        ("comment", made.joint, made.member_b, "Is that so?", False),
        ("caucus comment of A", made.joint, made.member_a, WORDS["caucus comment of A"], True),
        ("caucus comment of B", made.joint, made.member_b, WORDS["caucus comment of B"], True),
        ("comment in A’s caucus", made.caucus_a, made.member_a, f"Shorter {WORDS['caucus comment of A']}", True),
    ):
        here.things[name] = start_thread(passage=passage, kind="question", source=words, own_side_only=own, by=person)
    for name, replacement, person, own in (
        ("suggestion of B", "One stream", made.member_b, False),
        ("suggestion in A’s caucus", f"One {WORDS['caucus comment of A']}", made.member_a, True),
    ):
        here.things[name] = start_thread(
            passage=made.joint, kind="wording", source="", own_side_only=own,
            wording=about_joint(made, replacement), by=person,
        )  # fmt: skip


def about_joint(made: World, replacement: str) -> Wording:
    """Other words for the first one of the joint passage."""
    return Wording(Quote(made.joint.tabled.plain.split()[0]), replacement)


def _reviews(here: Furnished) -> None:
    """One sent to all, one sent within A, and what member A has not sent."""
    made = here.made
    for name, person, own, words in (
        ("review", made.member_c, False, "Once more."),
        ("review in A’s caucus", made.member_a, True, WORDS["caucus comment of A"]),
    ):
        keep_comment(passage=made.joint, kind="fact", source=words, own_side_only=own, by=person)
        here.things[name] = send_review(made.document, by=person)
    word = WORDS["unsent comment of A"]
    here.things["unsent comment of A"] = keep_comment(
        passage=made.joint, kind="fact", source=word, own_side_only=False,
        wording=about_joint(made, word), by=made.member_a,
    )  # fmt: skip


def both_keys(made: World, kind: Any, target_id: str, sha256: str, facts: Any = None) -> Any:
    motion = propose(kind.name, target_id, sha256=sha256, facts=facts, by=made.co_chair_a)
    return turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)


def _text_of(here: Furnished, title: str, word: str) -> Document:
    """A statement that says the word, with a view of A; all of it settled."""
    made = here.made
    document = document_of(made.group, made.co_chair_a, title, kind=DocumentKind.STATEMENT)
    section = document.sections.first()
    settled(passage_of(section, made.member_a, f"We declare {word}."), made)
    view = passage_of(section, made.member_a, "We see it so.", voice=Voice.VIEW, side=made.a, tabled_by=made.co_chair_a)
    settled(view, made)
    if word == WORDS["published text"]:
        settled(recommendation_of(section, made.member_a), made)
    document.refresh_from_db()
    return document


def recommendation_of(section: Any, by: User, heading: str = "One ferry") -> Passage:
    words = with_heading(text("We recommend to begin."), heading, addressee="The ministries", horizon="Within a year")
    return add_passage(section=section, voice=Voice.RECOMMENDATION, text=words, by=by)


def _drafts(here: Furnished) -> None:
    """A document of which a draft is released; that of the world has none."""
    made = here.made
    document = _text_of(here, "A released text", WORDS["released draft"])
    both_keys(made, RELEASE, document.public_id, text_hash(document, {}))
    here.things["released document"], here.things["draft"] = document, document.drafts.get()
    rendition = request_rendition(document, render_input_of_draft(here["draft"]), draft=here["draft"])
    here.things["print of the draft"] = as_printed(rendition)
    redline = request_rendition(document, redline_of(here["draft"], here["draft"]), draft=here["draft"])
    here.things["redline of the draft"] = as_printed(redline)
    comments = request_rendition(document, comments_of_draft(here["draft"].comment_table))
    here.things["print of the draft’s comments"] = as_printed(comments)
    here.things["print of the comments"] = as_printed(request_rendition(made.document, comments_now(made.document)))
    entries = document_entries(made.document, reader=made.co_chair_a, here=standing_now(made.co_chair_a, made.group))
    ledger = ledger_now(made.document, lines_of(entries), done_to(made.document.public_id))
    here.things["print of the ledger"] = as_printed(request_rendition(made.document, ledger))
    here.things["print of the text"] = as_printed(request_rendition(made.document, render_input_now(made.document)))


def as_printed(rendition: Rendition) -> Rendition:
    """As a worker leaves it; the bytes stand for a file."""
    rendition.file.save(f"{rendition.public_id}.pdf", ContentFile(b"%PDF-1.7 in its place"), save=False)
    rendition.state, rendition.done_at = Rendition.State.DONE, timezone.now()
    rendition.save()
    return rendition


def _motions(here: Furnished) -> None:
    """The first waits for A's key; a change of the whole programme for everybody's."""
    made = here.made
    here.things["motion"] = propose(
        SETTLE.name, made.joint.public_id, sha256=made.joint.tabled.sha256, by=made.co_chair_b
    )
    here.things["change of the style"] = propose_style(
        programme=made.programme, what="precedence", after="alternat", by=made.facilitator
    )


def _glossary(here: Furnished) -> None:
    """An agreed term, and one that is proposed to all groups: the other one has no key holder who could agree."""
    made = here.made
    about = {"kind": "avoid", "name": "the flood party", "names": {}, "others": [], "instead": "the engineers"}
    here.things["term"] = Term.objects.create(programme=made.programme, reason="It blames.", **about)
    here.things["change of a term"] = propose_term(
        programme=made.programme, term=None, by=made.facilitator,
        contents={**about, "name": "the weir people", "reason": "It mocks."},
    )  # fmt: skip


def _checks(here: Furnished) -> None:
    """A finding that may be let stand; another waits for B's key."""
    made = here.made
    waiting, here.things["finding"] = [one.fingerprint for one in report_of(made.document).found if one.may_be_waived][
        :2
    ]
    here.things["motion on findings"] = propose_waiving(
        made.document, fingerprints=[waiting], reason="We mean it so.", by=made.co_chair_a
    )


def _meeting(here: Furnished) -> None:
    made = here.made
    here.things["meeting"] = meeting = announce_meeting(
        group=made.group,
        title="Third round",
        starts=FAR,
        ends=FAR + timedelta(hours=3),
        zone="Asia/Tbilisi",
        mode="online",
        link=f"https://meet.example.org/{WORDS['link of a meeting']}",
        by=made.facilitator,
    )
    answer_meeting(meeting, coming="yes", needs=WORDS["what somebody of B needs"], by=made.member_b)
    about = {"group": made.group, "zone": "Asia/Tbilisi", "mode": "in-person", "by": made.facilitator}
    when = {"starts": FAR + timedelta(days=40), "ends": FAR + timedelta(days=41)}
    here.things["meeting in person"] = journey = announce_meeting(title="By the sea", venue="A pier", **about, **when)
    said = {"passport_number": WORDS["passport of somebody of B"], "arrival": WORDS["journey of somebody of B"]}
    give_particulars(journey, said=said, by=made.member_b)
    when = {"starts": FAR + timedelta(days=80), "ends": FAR + timedelta(days=81)}
    title = f"Perhaps {WORDS['draft of a meeting']}"
    here.things["draft of a meeting"] = announce_meeting(title=title, venue="A hill", draft=True, **about, **when)
    make_feed(discreet=False, by=made.member_b)
    here.things["secret of a feed"] = token = WORDS["secret of a feed"]
    CalendarFeed.objects.update(token_hash=feed_hash(token))


def _poll(here: Furnished) -> None:
    """Answers by a link are allowed here; B's member has answered."""
    made = here.made
    set_customs(made.programme, answers_by_link=True, countries={made.a: "AM"}, by=made.facilitator)
    starts = [FAR + timedelta(days=day) for day in (100, 101, 102)]
    here.things["poll"] = poll = open_poll(
        group=made.group,
        title="Fourth round",
        zone="Asia/Tbilisi",
        slots=[(moment, moment + timedelta(hours=3)) for moment in starts],
        deadline=FAR,
        seen_by="co-chairs",
        by=made.facilitator,
    )
    choices = dict.fromkeys(poll.slots.all(), "yes")
    answer_poll(poll, choices=choices, note=WORDS["note of somebody of B in a poll"], by=made.member_b)
    here.things["date"] = poll.slots.first()
    here.things["link of B"] = address_for(poll, made.member_c).split("/")[-2]


def proof(person: User, purpose: str, sha256: str) -> Proof:
    return Proof.objects.create(
        user=person, purpose=purpose, sha256=sha256, method="totp", evidence=f"{person.pk}{purpose}{sha256}"[:64]
    )


def frozen(here: Furnished, title: str, word: str) -> Document:
    """Frozen by both keys: it waits for initials."""
    document = _text_of(here, title, word)
    let_stand(document, here.made.co_chair_a, here.made.co_chair_b)
    both_keys(here.made, FREEZE, document.public_id, text_hash(document, {}))
    document.refresh_from_db()
    return document


def initialled(here: Furnished, title: str, word: str) -> Document:
    """Open for signature."""
    document = frozen(here, title, word)
    text = document.final_text
    for chair in (here.made.co_chair_a, here.made.co_chair_b):
        signing.initial(text, sha256=text.sha256, proof=proof(chair, "initial", text.sha256), by=chair)
    document.refresh_from_db()
    return document


def _signing(here: Furnished) -> None:
    """One to be initialled; one open for signature: two of A signed, one of them with a reservation, one declined."""
    made = here.made
    waiting = frozen(here, "A text to initial", "We agree.")
    here.things |= {"document to initial": waiting, "text to initial": waiting.final_text}
    document = initialled(here, "A text to sign", WORDS["final text being signed"])
    text = document.final_text
    signing.decline(text, sha256=text.sha256, reason=WORDS["reason for declining"], by=made.member_c)
    for person, words in ((made.co_chair_a, "I read it otherwise."), (made.deputy_a, "")):
        shown = proof(person, "sign", text.sha256)
        signing.sign(text, sha256=text.sha256, proof=shown, reservation=words, by=person)
    here.things |= {"document to sign": document, "text to sign": text, "reservation": text.reservations.get()}


def _silence(here: Furnished) -> None:
    """Announced over a frozen text; the mail to a member of B is out."""
    text = frozen(here, "A text under silence", "We agree, too.").final_text
    ends = (timezone.now() + timedelta(hours=72)).astimezone(ZoneInfo("Asia/Tbilisi")).replace(tzinfo=None)
    facts = {"ends": ends.isoformat(timespec="minutes"), "zone": "Asia/Tbilisi", "entitled": [], "then": "sign"}
    both_keys(here.made, SILENCE, text.public_id, SILENCE.sha256(text, facts), facts)
    silence = text.silences.get()
    place = silence.entitled.get(membership=here.made.membership("member_b"))
    mails = Delivery.objects.filter(kind="reports.silence_announced", reader=here.made.member_b)
    mails.update(state=DeliveryState.SENT, sent_at=timezone.now())
    here.things |= {"silence": silence, "place in the silence": place}


def signed(here: Furnished, title: str, word: str) -> Document:
    document = initialled(here, title, word)
    text = document.final_text
    for place in text.signatories.all():
        person = place.person
        signing.sign(text, sha256=text.sha256, proof=proof(person, "sign", text.sha256), by=person)
    return document


def _published(here: Furnished) -> None:
    document = signed(here, "A published text", WORDS["published text"])
    publication = _publication_of(document, here)
    here.things["published document"] = Document.objects.get(pk=document.pk)
    here.things["publication"], here.things["code"] = publication, publication.code
    _register(here, publication)


def _register(here: Furnished, publication: Publication) -> None:
    """Open to everybody; one entry is the facilitators’ own, one waits for the sides' keys."""
    made = here.made
    Programme.objects.filter(pk=made.programme.pk).update(public_register=True)
    recommendation = publication.recommendations.get()
    common = {"recommendation": recommendation, "on": timezone.localdate(), "status": "begun", "by": made.facilitator}
    here.things["recommendation"] = recommendation
    here.things["follow-up"] = add_follow_up(words="The ferry is ordered.", for_sides=False, **common)
    secret = WORDS["follow-up that waits for keys"]
    here.things["follow-up that waits"] = add_follow_up(words=f"The ferry sails {secret}.", for_sides=True, **common)


def _published_in_copies(here: Furnished) -> None:
    """Under the alternat, which holds for this one text: each side has a copy."""
    made = here.made
    made.programme.precedence = Precedence.ALTERNAT
    made.programme.save(update_fields=["precedence"])
    publication = _publication_of(signed(here, "A text in copies", WORDS["published text"]), here)
    made.programme.precedence = Precedence.ALPHABETICAL
    made.programme.save(update_fields=["precedence"])
    here.things["code of copies"] = publication.code


def _publication_of(document: Document, here: Furnished) -> Publication:
    text = document.final_text
    facts = {"earliest": timezone.now().isoformat()}
    both_keys(here.made, AUTHORISE, text.public_id, authorised_hash(text, facts), facts)
    publication = publish(text, by=here.made.facilitator)
    for file in publication.files:
        as_printed(file)
    return publication


def _other(here: Furnished) -> None:
    """The other group's text: not for anybody of this one."""
    made = here.made
    chair = made.other_group_member
    document = document_of(made.other_group, chair, "Of the other group")
    here.things["other group’s document"] = document
    here.things["other group’s section"] = document.sections.first()
    here.things["other group’s passage"] = passage_of(document.sections.first(), chair, WORDS["text of another group"])


def _notices(here: Furnished) -> None:
    """A notice about A's caucus, and a mail that could not be sent."""
    thread = here["caucus comment of A"]
    heard = Notice.objects.filter(kind="reports.commented", subject=thread.public_id)
    here.things["notice"] = heard.get(reader=here.made.co_chair_a)
    dead = Delivery.objects.filter(reader=here.made.member_b).first()
    Delivery.objects.filter(pk=dead.pk).update(state=DeliveryState.DEAD)
    here.things["delivery"] = dead
