"""Words typed live become a revision: before every act that reads or fixes the text, and in a quiet minute."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.accounts.models import User
from reports.locks import NotDrafted, locked_draft, locked_passage
from reports.models import Document, Ending, LiveText, Passage
from reports.revising import fitting, revise
from reports.text import brackets, schema
from reports.text.limits import TextRefused

from . import events, store
from .conversion import Node, Unreadable, to_json
from .rewriting import rewrite

T = TypeVar("T")
P = ParamSpec("P")
Home = TypeVar("Home")


def words_of(text: LiveText, passage: Passage) -> Node:
    """The live words, checked as a revision of the passage would be; raises TextRefused."""
    return fitting(passage, typed_in(text))


def typed_in(text: LiveText) -> Node:
    """The live words as they are; raises TextRefused when nobody can read them."""
    try:
        return to_json(store.load(text.pk).update)
    except Unreadable:
        raise TextRefused("", _("Parley cannot read the words typed here. Nothing is lost: ask for help.")) from None


# ---- inside a verb that holds the locks of document and passage ----------------------------------------------------


def catch_up(passage: Passage) -> LiveText | None:
    """The words typed since the last cut become a revision by whoever wrote last; changes `passage` in place.

    Returns the open live text, locked. Raises TextRefused when its words are no text of ours (too long, say): they
    stay where they are.
    """
    text = _locked(passage)
    if text is not None and not text.is_cut:
        _cut(text, passage)
    return text


def _locked(passage: Passage) -> LiveText | None:
    """The passage's open text under its row's lock, after document and passage.

    Without joins: where this waits for a writer, PostgreSQL reads the row anew, but not what was joined to it.
    """
    text = LiveText.objects.open().defer("state").select_for_update().filter(passage=passage).first()
    if text is not None:
        text.passage = passage
    return text


def catch_up_if_fit(passage: Passage) -> str:
    """What keeps the words from becoming a revision; "" when they are one now."""
    try:
        catch_up(passage)
    except TextRefused as refusal:
        return refusal.reason
    return ""


def catch_up_all(document: Document) -> str:
    """All that is typed before all sides in a locked document; the first thing that keeps some of it out."""
    problems = [catch_up_if_fit(locked_passage(passage)) for passage in _typed_before_all(document)]
    return next(filter(None, problems), "")


def _typed_before_all(document: Document) -> list[Passage]:
    typed = LiveText.objects.open().uncut().before_all().filter(passage__section__document=document)
    found = Passage.objects.filter(pk__in=typed.values("passage"))
    return list(found.select_related("section__document").order_by("pk"))


def _cut(text: LiveText, passage: Passage) -> None:
    before = _version(passage)
    writer: User = text.last_writer  # type: ignore[assignment]  # whoever wrote what is uncut
    revise(passage.document, passage, words_of(text, passage), by=writer)
    now = _version(passage)
    mark_cut(text, now if now != before else None)


def mark_cut(text: LiveText, version: int | None, *, laid: bool = False) -> None:
    """All its words stand in the state with this version, which those who type hear; None: they stood there before.

    `laid`: some of them came from elsewhere.
    """
    text.cut_sequence = text.sequence
    text.save(update_fields=["cut_sequence"])
    if version is not None:
        events.was_cut(text, version, laid=laid)


def _version(passage: Passage) -> int:
    return passage.version if passage.is_shared else passage.caucus_version


def follow(text: LiveText | None, passage: Passage, *, by: User) -> None:
    """After a change made elsewhere: whoever types live in the passage sees its words at once."""
    revision = passage.tabled if passage.is_shared else passage.caucus_copy or passage.tabled
    if text is not None and revision is not None and made_to_say(text, revision.text, by):
        mark_cut(text, _version(passage))


def made_to_say(text: LiveText, words: Node, by: User | None) -> bool:
    """Whether it said other words until now. `by` is None where nobody wrote here: the words came from elsewhere."""
    state = store.load(text.pk).update
    if schema.check(to_json(state)) == words:
        return False
    payload, client = rewrite(state, words)
    store.append_own(text, payload, client, by)
    events.wrote(text, payload)
    return True


def mend(passage: Passage, *, by: User) -> None:
    """The open brackets of a locked joint passage are put back into its live text as they stand in its revision.

    All else that is typed there stays, and becomes a revision. Raises TextRefused when it is no text of ours.
    """
    text = _locked(passage)
    if text is None or passage.tabled is None:
        return
    typed = schema.check(to_json(store.load(text.pk).update))
    made_to_say(text, brackets.mended(passage.tabled.text, typed), by)
    catch_up(passage)


def end(passage: Passage, why: Ending) -> None:
    """No more is typed: in the transaction that settles, tables, freezes or drops, so that nothing is after it."""
    text = _locked(passage)
    if text is not None:
        close(text, why)


def close(text: LiveText, why: Ending) -> None:
    text.closed_at, text.ended_by = timezone.now(), why
    text.save(update_fields=["closed_at", "ended_by"])
    events.ended(text)


def end_all(document: Document, why: Ending) -> None:
    """Of a document that is locked. A caucus's words become its revision first; what does not fit stays with it."""
    open_ones = LiveText.objects.open().filter(passage__section__document=document)
    for passage in Passage.objects.filter(pk__in=open_ones.values("passage")).order_by("pk"):
        held = locked_passage(passage)
        catch_up_if_fit(held)
        end(held, why)


# ---- before a verb, in transactions of their own: what a page shows must stand -------------------------------------


def take_in(passage: Passage) -> bool:
    """Whether there were words to take in; `passage` says them then."""
    if LiveText.objects.open().uncut().filter(passage=passage).exists() and take_in_typed(passage):
        passage.refresh_from_db()
        return True
    return False


def take_in_all(document: Document) -> None:
    """All that is typed before all sides. Nothing of a caucus: how long this takes must not tell of one."""
    for passage in _typed_before_all(document):
        take_in_typed(passage)


def take_in_typed(passage: Passage) -> bool:
    """Whether its words stand in a revision now."""
    try:
        with transaction.atomic():
            locked_draft(passage.section.document)
            catch_up(locked_passage(passage))
    except (TextRefused, NotDrafted):
        return False
    return True


def asked_again(
    take_in: Callable[[Home], bool],
) -> Callable[[Callable[Concatenate[Home, P], T]], Callable[Concatenate[Home, P], T]]:
    """For verbs that catch up with what is typed in their first argument, and may refuse then.

    A refusal takes back what was caught up, but speaks of it: so it is stored first, and the verb asked again.
    """

    def around(verb: Callable[Concatenate[Home, P], T]) -> Callable[Concatenate[Home, P], T]:
        @wraps(verb)
        def asked(home: Home, *args: P.args, **named: P.kwargs) -> T:
            try:
                return verb(home, *args, **named)
            except Exception:
                if not take_in(home):
                    raise
            return verb(home, *args, **named)

        return asked

    return around


with_live_words = asked_again(take_in)
