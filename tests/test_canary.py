"""Words that only some may read, searched for in everything that leaves the site: as each role, in every form.

Each word stands in one private thing (tests/factories/furnished.py). It must be found by exactly those who may read
it: nobody else, and them, since a search that finds nothing anywhere would prove nothing.
"""

import functools
import io
import logging
import pickle
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from groups.actions import found_group, seat
from groups.models import Role
from parley.audit.models import Entry
from parley.notifications import logs
from parley.notifications.letters import Letter, write
from parley.notifications.models import Delivery, Notice
from parley.programmes.actions import SideToBe
from parley.programmes.models import Programme
from reports.actions.comments import answer_thread, start_thread
from reports.actions.passages import add_passage, drop_passage, save_passage
from reports.actions.publishing import hide_publication
from reports.actions.reviews import keep_comment, send_review
from reports.models import Passage, Rendition, Voice
from reports.printing import print_rendition
from tests.access import PAGES, ROLES, SIDE_A, SIDE_B
from tests.factories import PersonFactory, document_of, passage_of, programme_of, text
from tests.factories.browsers import signed_in
from tests.factories.furnished import WORDS, Furnished, about_joint, furnished
from tests.test_access import address, given, undone

A, B = set(SIDE_A), set(SIDE_B)
MEMBERS = A | B
READERS: dict[str, set[str]] = {
    "caucus of A": A,
    "caucus of B": B,
    "earlier caucus words of a view that A tabled": A,
    "what A dropped from its caucus": {"co_chair_a"},
    "reply of A in caucus": A,
    "caucus comment of A": A,
    "caucus comment of B": B,
    "other words of A in caucus": A,
    "newer draft of what A offered": A,
    "own other words of a member of A": {"member_a"},
    "draft under a pen": {"member_a"},
    "other words of B in caucus": B,
    "follow-up that waits for keys": MEMBERS | {"facilitator"},
    "other words that A offered": MEMBERS | {"facilitator"},
    "unsent comment of A": {"member_a"},
    "tabled text": MEMBERS | {"facilitator"},
    "text of another group": {"other_group_member", "facilitator"},
    "released draft": MEMBERS | {"facilitator", "observer"},
    "final text being signed": MEMBERS | {"facilitator"},
    "published text": set(ROLES),
    "reason for declining": {"member_c"},
    "link of a meeting": {"co_chair_a", "co_chair_b", "facilitator"},
    "what somebody of B needs": {"member_b", "facilitator"},
    "passport of somebody of B": {"member_b", "facilitator"},
    "journey of somebody of B": {"member_b", "facilitator"},
    "draft of a meeting": {"co_chair_a", "co_chair_b", "facilitator"},
    "note of somebody of B in a poll": {"member_b", "co_chair_a", "co_chair_b", "facilitator"},
    "secret of a feed": set(),
    "invitation": {"invitee", "facilitator", "co_chair_a", "installer"},
    "token of an invitation": {"invitee"},
    "address of somebody of A": {"deputy_a", "installer"},
    "address of somebody of B": {"installer"},
    "name of somebody of B": MEMBERS | {"facilitator"},
    "secret of an authenticator": set(),
}
# Refused pages of these are searched too: an error may quote what it hides.
HIDDEN = re.compile("caucus|own proposal|succession|other group|notice|device|unsent|draft of a meeting")
# The link of an invitation, of an answer and of a feed opens its page to whoever holds it.
KEYHOLES = {"invitation", "answer_by_link", "feed"}
FURTHER = 60
PRINTS = (
    *("print of the text", "print of the draft", "print of the draft’s comments", "redline of the draft"),
    *("print of the comments", "print of the ledger"),
)
LINK = re.compile(r"""(?:href|action|hx-get|data-url)=["']([^"'#]+)""")


@pytest.fixture(scope="module")
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[Furnished]:
    """With every mail in full words and real files in print."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = furnished()
        Programme.objects.update(safe_mail=False)
        for name in PRINTS:
            printed(made[name])
        for published in Rendition.objects.exclude(publication=None):
            printed(published)
        yield made
        transaction.set_rollback(True)


def printed(rendition: Rendition) -> None:
    Rendition.objects.filter(pk=rendition.pk).update(state=Rendition.State.QUEUED)
    print_rendition(rendition.pk)
    rendition.refresh_from_db()
    assert rendition.state == Rendition.State.DONE, rendition.problem_in_words


class Crawl:
    """Everything one role is answered: pages, headers, files as text, mails, the bell."""

    def __init__(self, here: Furnished, role: str, browser: Client | None = None) -> None:
        self.here, self.role, self.person = here, role, here.people.get(role)
        self.browser = browser or browser_of(here, role)
        self.said: dict[str, str] = {}
        self.known: set[str] = set()
        self.found: list[str] = []

    def everywhere(self) -> dict[str, str]:
        """Output → its text; outputs are addresses and mails."""
        for rows in PAGES.values():
            for row in rows:
                opened = given(row, "get", self.role) in "od" and row.name not in KEYHOLES
                if opened or (row.get != row.post and HIDDEN.search(row.of)):
                    self.open(address(row, self.here))
        for further in [*asked_for(self.here), *self.found[:FURTHER]]:
            self.open(further)
        self.said |= {f"mail {n}": whole(letter) for n, letter in enumerate(letters_to(self.person))}
        return self.said

    def open(self, where: str) -> None:
        """Each address once; what a page would change is undone."""
        if where in self.said:
            return
        with undone():
            answer = self.browser.get(where)
            heads = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
            page = body(answer)
        self.said[where] = f"{answer.status_code}\n{heads}\n{page}"
        self.note(where, page)

    def note(self, where: str, page: str) -> None:
        """Further addresses of this site that the page leads to, each kind of query once for a page."""
        for link in LINK.findall(page):
            parts = urlsplit(urljoin(where, unescape(link)))
            further = f"{parts.path}?{parts.query}" if parts.query else parts.path
            if not parts.netloc and parts.path not in self.known and "/static/" not in further:
                self.known.add(parts.path if not parts.query else further)
                self.found.append(further)


def browser_of(here: Furnished, role: str) -> Client:
    person = here.people.get(role)
    return signed_in(person, raise_request_exception=False) if person else Client(raise_request_exception=False)


def asked_for(here: Furnished) -> list[str]:
    """What no page links to for everybody: a caucus's revision by its id, a text of another group, a hidden place."""
    rewritten, copy = here["rewritten view of A"], here["view of A"].caucus_copy
    first = rewritten.revisions.order_by("pk").first()
    return [
        f"/passages/{rewritten.public_id}/revisions/?older={first.public_id}&newer={rewritten.tabled.public_id}",
        f"/passages/{here.key('view of A')}/revisions/?older={copy.public_id}&newer={copy.public_id}",
        f"/sections/{here.key('section')}/passages/new/?voice=view&after={here.key('caucus of A')}",
        f"/sections/{here.key('other group’s section')}/",
        f"/documents/{here.key('document')}/settle/?p={here.key('caucus of A')}&p={here.key('view of A')}",
    ]


def body(answer: Any) -> str:
    """The text of an answer; of a PDF what a reader reads and what its file says beside that."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return words_of_a_print(content) if content.startswith(b"%PDF") else content.decode(errors="replace")


@functools.cache
def words_of_a_print(content: bytes) -> str:
    """Many are handed the same file."""
    return "\n".join(
        subprocess.run([tool, "-", *more], input=content, capture_output=True, check=True).stdout.decode()
        for tool, *more in (("pdftotext", "-"), ("pdfinfo",))
    )


def letters_to(person: Any) -> list[Letter]:
    """Every mail of the outbox to this person, as it would leave now."""
    if person is None:
        return []
    mails = [*Delivery.objects.filter(reader=person), *Delivery.objects.filter(to=person.email)]
    return [letter for mail in mails if (letter := write(mail)) is not None]


def whole(letter: Letter) -> str:
    parts = (letter.subject, letter.text, letter.html, letter.calendar, str(letter.headers))
    return "\n".join(parts)


@pytest.fixture(scope="module")
def outputs(here: Furnished) -> dict[str, dict[str, str]]:
    """Role → output → text, of all roles; and all that was logged meanwhile."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logs.structured())
    logging.getLogger().addHandler(handler)
    try:
        said = {role: Crawl(here, role).everywhere() for role in ROLES}
    finally:
        logging.getLogger().removeHandler(handler)
    said["the log"] = {"lines": lines.getvalue()}
    return said


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("secret", WORDS)
def test_a_word_is_read_by_exactly_those_who_may_read_it(outputs: dict[str, dict[str, str]], secret: str) -> None:
    word, where = WORDS[secret].casefold(), defaultdict(list)

    for role in ROLES:
        for output, said in outputs[role].items():
            if word in said.casefold():
                where[role].append(output)

    assert {role: found[:5] for role, found in where.items() if role not in READERS[secret]} == {}
    assert set(where) == READERS[secret]


# What no search finds, though a page shows it: what left the text, what is only drafted, addresses, private answers.
NOT_SEARCHED = {
    "what A dropped from its caucus",
    "other words of A in caucus",
    "newer draft of what A offered",
    "own other words of a member of A",
    "other words of B in caucus",
    "other words that A offered",
    "draft under a pen",
    "unsent comment of A",
    "follow-up that waits for keys",
    "reason for declining",
    "link of a meeting",
    "draft of a meeting",
    "what somebody of B needs",
    "passport of somebody of B",
    "journey of somebody of B",
    "note of somebody of B in a poll",
    "invitation",
    "token of an invitation",
    "address of somebody of A",
    "address of somebody of B",
    "secret of an authenticator",
    "earlier caucus words of a view that A tabled",
}
FIELDS = re.compile(r'value="[^"]*"')


class Searcher:
    """One role's browser, and what it is answered where nothing is found."""

    def __init__(self, browser: Client) -> None:
        self.browser = browser
        self.nothing = self.answer("znqvxkjwpf")

    def answer(self, word: str) -> str:
        """Without what stands in fields: the word itself, and tokens that differ each time."""
        answer = self.browser.get("/search/", {"q": word})
        return FIELDS.sub("", answer.content.decode()) if answer.status_code == 200 else ""


@pytest.fixture(scope="module")
def searchers(here: Furnished) -> dict[str, Searcher]:
    return {role: Searcher(browser_of(here, role)) for role in ROLES}


@pytest.mark.parametrize("secret", WORDS)
def test_a_search_finds_a_word_for_its_readers_alone(searchers: dict[str, Searcher], secret: str) -> None:
    """For all others the answer is, letter by letter, that of a word which nobody has written."""
    word = WORDS[secret]

    finds = {role for role, searcher in searchers.items() if searcher.answer(word) != searcher.nothing}

    assert finds == (set() if secret in NOT_SEARCHED else READERS[secret] - {"anonymous"})


def test_every_word_has_its_readers() -> None:
    assert set(READERS) == set(WORDS)
    assert len(set(WORDS.values())) == len(WORDS)


def test_the_search_went_far(outputs: dict[str, dict[str, str]]) -> None:
    """A crawl that was led to the sign-in page finds nothing either."""
    assert len(outputs["co_chair_a"]) > 120
    assert any("%PDF" not in said and "Draft 1" in said for said in outputs["observer"].values())
    assert any(output.startswith("mail") for output in outputs["member_a"])
    assert "Not Found" in outputs["the log"]["lines"]


def test_no_line_of_the_log_says_a_word(outputs: dict[str, dict[str, str]]) -> None:
    lines = outputs["the log"]["lines"].casefold()

    assert [secret for secret, word in WORDS.items() if word.casefold() in lines] == []


def test_neither_the_cache_nor_a_session_keeps_a_word(here: Furnished, outputs: dict[str, dict[str, str]]) -> None:
    """A sign-in puts its limits into the cache, under a digest of the address."""
    sessions = repr([session.get_decoded() for session in Session.objects.all()]).casefold()
    Client().post("/account/login/", {"login": WORDS["address of somebody of A"]})
    held = repr({key: pickle.loads(value) for key, value in cache._cache.items()}).casefold()  # type: ignore[attr-defined]  # noqa: S301 (our own)

    assert "request_login_code" in held
    for store in (held, sessions):
        assert [secret for secret, word in WORDS.items() if word.casefold() in store] == []


def test_the_record_and_what_waits_hold_ids_and_no_words(here: Furnished) -> None:
    """Facts are kept for ever, and notices wait where who reads the outbox sees them."""
    facts = repr(list(Entry.objects.values_list("kind", "facts")))
    waiting = repr([*Notice.objects.values_list("facts"), *Delivery.objects.exclude(to="").values_list("kind")])
    mails = repr(list(Delivery.objects.filter(to="").values_list("facts")))

    assert "passage" in facts
    for store in (facts, waiting, mails):
        assert [secret for secret, word in WORDS.items() if word.casefold() in store.casefold()] == []


def test_the_secret_of_an_authenticator_is_in_no_column_of_the_database(here: Furnished) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        stored = repr(cursor.fetchall())

    assert stored.count("secret") >= len(SIDE_A)
    assert WORDS["secret of an authenticator"] not in stored


def test_what_travellers_say_is_in_no_column_of_the_database(here: Furnished) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM meetings_particulars")
        stored = repr(cursor.fetchall())

    hidden = ("what somebody of B needs", "passport of somebody of B", "journey of somebody of B")
    assert stored.count("gAAAA") == 2
    assert [secret for secret in hidden if WORDS[secret] in stored] == []


def test_exports_and_commands_carry_what_is_tabled_and_no_caucus(here: Furnished, tmp_path: Any) -> None:
    """The members of the group stand in an export by name, as the authors that they are."""
    key = here.key("document")
    for kind in ("json", "pdf"):
        call_command("export_document", key, format=kind, output=tmp_path / kind, stderr=io.StringIO())
    heard = io.StringIO()
    call_command("verify_chain", stdout=heard, stderr=heard)
    subprocess.run(["pdftotext", tmp_path / "pdf", tmp_path / "text"], check=True)

    for file in ("json", "text"):
        said = (tmp_path / file).read_text().casefold()
        readers = {secret for secret, word in WORDS.items() if word in said}
        assert readers == {"tabled text", "name of somebody of B"}
    assert [secret for secret, word in WORDS.items() if word.casefold() in heard.getvalue().casefold()] == []


def test_a_safe_mail_says_neither_what_nor_from_whom_nor_from_which_side(here: Furnished) -> None:
    made = here.made
    told = [*(p.name for p in here.people.values() if p.name), str(made.a), str(made.b), made.a.demonym, made.b.demonym]
    told += [
        made.group.name,
        made.programme.name,
        made.document.title,
        "passage",
        "comment",
        "tabled",
        "draft",
    ]

    with undone():
        Programme.objects.update(safe_mail=True)
        mails = [write(mail) for mail in Delivery.objects.exclude(reader=None)]

    said = [f"{letter.subject}\n{letter.text}" for letter in mails if letter is not None]
    assert len(said) > 50
    assert {word for word in told if any(re.search(rf"\b{re.escape(word)}\b", mail) for mail in said)} == set()
    # What is done, what waits, and what may be answered by the link in the mail.
    assert len({re.sub(r"[\w-]+@\S+|/answer/\S+", "", mail) for mail in said}) <= 3


def test_why_a_page_was_hidden_stands_on_no_page_of_the_world(here: Furnished) -> None:
    reason = "hextrovambel"
    code = here.key("code")

    with undone():
        hide_publication(here["publication"], reason=reason, by=here.made.facilitator)
        answers = [
            Client().get(f"/published/{code}/"),
            Client().get(f"/verify/?code={code}"),
            Client().get("/published/"),
        ]
        said = [body(answer) for answer in answers]

    assert answers[0].status_code == 410
    assert [reason in page or WORDS["published text"] in page for page in said] == [False, False, False]


def test_an_error_quotes_nothing(here: Furnished, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **named: Any) -> None:
        raise RuntimeError(WORDS["caucus of A"])

    monkeypatch.setattr("reports.views.sections.section_entries", fail)
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logs.structured())
    logging.getLogger("django.request").addHandler(handler)
    with undone():
        answer = signed_in(here.made.member_b, raise_request_exception=False).get(f"/sections/{here.key('section')}/")
    logging.getLogger("django.request").removeHandler(handler)

    assert answer.status_code == 500
    assert WORDS["caucus of A"] not in answer.content.decode()
    assert "RuntimeError" in lines.getvalue()
    assert WORDS["caucus of A"] not in lines.getvalue()


# Numbers: the same whether the other side's caucus is empty or busy.

NEW_EACH_TIME = re.compile(
    r'name="(?:csrfmiddlewaretoken|idempotency_key)" value="[^"]*"|'
    r"[Xx]-[Rr]equest-[Ii][Dd]: \S+|"
    r'"csrf[^"]*":\s*"[^"]*"|'
    r"csrf=\S+|Expires: .*|"
    r"challenge[^,]*"
)


def pages_of(here: Furnished, role: str, browser: Client) -> dict[str, str]:
    """All that this role reads, without what is new in each answer."""
    said = Crawl(here, role, browser).everywhere()
    return {where: NEW_EACH_TIME.sub("", page) for where, page in said.items()}


def before_and_after(here: Furnished, role: str) -> tuple[dict[str, str], dict[str, str]]:
    """In one session, so that what is made of its key stays the same."""
    browser = browser_of(here, role)
    with undone():
        before = pages_of(here, role, browser)
    with undone():
        forty_acts(here)
        return before, pages_of(here, role, browser)


def first_difference(before: str, after: str) -> tuple[str, ...]:
    lines = zip(before.splitlines(), after.splitlines(), strict=False)
    return next((pair for pair in lines if pair[0] != pair[1]), ("one is longer",))


def forty_acts(here: Furnished) -> None:
    """A busy hour in A's caucus: views, replies, edits, comments, answers, what is dropped again."""
    made, section = here.made, here.made.section
    for n in range(5):
        view = add_passage(section=section, voice=Voice.VIEW, text=text(f"Ours {n}."), side=made.a, by=made.member_a)
        reply = add_passage(
            section=section,
            voice=Voice.REPLY,
            text=text("We answer."),
            side=made.a,
            answers=here["view of B"],
            after=here["agreed passage"],
            by=made.member_a,
        )
        for version, words in enumerate(("Other words.", "Again others."), 1):
            save_passage(view, text=text(words), version=version, by=made.deputy_a)
        thread = start_thread(passage=made.joint, kind="red-line", source="No.", own_side_only=True, by=made.member_a)
        answer_thread(thread, source="Indeed not.", by=made.co_chair_a)
        start_thread(passage=view, kind="question", source="Shorter?", own_side_only=True, by=made.co_chair_a)
        about, ours = about_joint(made, "Ours"), {"passage": made.joint, "kind": "wording", "source": "No."}
        start_thread(**ours, own_side_only=True, wording=about, by=made.member_a)
        keep_comment(**ours, own_side_only=True, wording=about, by=made.deputy_a)
        send_review(made.document, by=made.deputy_a)
        keep_comment(**ours, own_side_only=False, wording=about, by=made.co_chair_a)
        drop_passage(Passage.objects.get(pk=reply.pk), by=made.member_a)
    view_a = Passage.objects.get(pk=made.view_a.pk)
    save_passage(view_a, text=text("And revised."), version=view_a.caucus_version, by=made.member_a)


@pytest.mark.parametrize("role", ["co_chair_b", "facilitator", "observer"])
def test_nothing_that_others_see_moves_with_a_sides_caucus(here: Furnished, role: str) -> None:
    before, after = before_and_after(here, role)

    assert sorted(after) == sorted(before)
    assert {
        where: first_difference(before[where], after[where]) for where in before if before[where] != after[where]
    } == {}


def test_a_sides_own_pages_do_move_with_its_caucus(here: Furnished) -> None:
    before, after = before_and_after(here, "member_a")

    assert f"/sections/{here.key('section')}/" in {where for where in before if before[where] != after.get(where)}


# Three sides.


def test_among_three_sides_each_caucus_is_its_own() -> None:
    facilitator = PersonFactory(name="Faye")
    sides = [SideToBe(name, name, name[:3].upper()) for name in ("Eastland", "Midland", "Westland")]
    programme = programme_of(facilitator, sides=sides)
    group = found_group(programme=programme, name="Three", by=facilitator)
    chairs = []
    for side in programme.sides.order_by("position"):
        chair = PersonFactory(name=f"Chair of {side}")
        membership = seat(group=group, person=chair, role=Role.CO_CHAIR, side=side, by=facilitator)
        open_by_word_of(membership, chairs)
        chairs.append(chair)
    section = document_of(group, chairs[0]).sections.first()
    words = ["quillandre", "brovexine", "tarnwhilp"]
    for chair, word in zip(chairs, words, strict=True):
        side = group.memberships.get(person=chair).side
        passage_of(section, chair, f"We say {word}.", voice=Voice.VIEW, side=side)

    pages = [signed_in(chair).get(f"/sections/{section.public_id}/").content.decode() for chair in chairs]

    assert [[word for word in words if word in page] for page in pages] == [[word] for word in words]


def open_by_word_of(membership: Any, chairs: Iterable[Any]) -> None:
    from groups.actions import confirm_seat

    for chair in chairs:
        confirm_seat(membership, by=chair)
