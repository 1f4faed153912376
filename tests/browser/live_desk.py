"""What people do elsewhere while others write live: `python -m tests.browser.live_desk`, in a process of the same site.

It reads one JSON list a line, a verb's name and its arguments, and answers with one line of JSON.
"""

import json
import os
import sys
import traceback
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 (these need the app registry)
from django.core.management import call_command  # noqa: E402
from django.urls import reverse  # noqa: E402

from groups.actions import end_membership  # noqa: E402
from groups.models import Term  # noqa: E402
from reports.actions.comments import start_thread  # noqa: E402
from reports.actions.documents import add_section  # noqa: E402
from reports.actions.passages import add_passage, save_passage, table_passage  # noqa: E402
from reports.actions.proposals import offer_proposal  # noqa: E402
from reports.anchoring import Wording  # noqa: E402
from reports.live import branching  # noqa: E402
from reports.live.cutting import take_in  # noqa: E402
from reports.models import LiveText, Passage, Proposal, Voice  # noqa: E402
from reports.text import schema  # noqa: E402
from reports.text.places import Quote  # noqa: E402
from tests.factories import World, passage_of, text, world  # noqa: E402
from tests.factories.browsers import signed_in  # noqa: E402
from tests.reports.drafting import branches  # noqa: E402
from tests.reports.drafting.hands import settle as settle_passage  # noqa: E402

made: World


def begin() -> None:
    """What the server needs beside its tables, and the site's people."""
    global made
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    made = world()


def section() -> str:
    """From now on people write in a new section; the address of its page."""
    made.section = add_section(document=made.document, title="Waters", by=made.co_chair_a)
    return reverse("section", kwargs={"section": made.section.public_id})


def cookie(role: str) -> dict[str, str]:
    return {"name": settings.SESSION_COOKIE_NAME, "value": signed_in(made.people[role]).cookies[_session()].value}


def _session() -> str:
    name: str = settings.SESSION_COOKIE_NAME
    return name


def joint(words: str) -> str:
    return passage_of(made.section, made.member_a, words).public_id


def view(words: str, tabled: bool = False) -> str:
    chair = made.co_chair_a if tabled else None
    return passage_of(made.section, made.member_a, words, voice=Voice.VIEW, side=made.a, tabled_by=chair).public_id


def recommendation(heading: str, addressee: str, horizon: str, words: str) -> str:
    whole = schema.with_heading(text(words), heading, addressee=addressee, horizon=horizon)
    return add_passage(section=made.section, voice=Voice.RECOMMENDATION, text=whole, by=made.member_a).public_id


def term(name: str, reason: str) -> None:
    """One to avoid, as if every key had been turned."""
    Term.objects.get_or_create(programme=made.programme, name=name, kind="avoid", reason=reason)


def comment(passage: str, *quotes: str) -> None:
    for words in quotes:
        wording = Wording(Quote(words))
        found = _of(passage)
        start_thread(
            passage=found, kind="fact", source="Is it?", own_side_only=False, wording=wording, by=made.member_b
        )


def settle(passage: str) -> None:
    settle_passage(made, _of(passage))


def table(passage: str) -> None:
    found = _of(passage)
    table_passage(found, sha256=found.caucus_copy.sha256, by=made.co_chair_a)


def save(passage: str, words: str) -> None:
    found = _of(passage)
    save_passage(found, text=text(words), version=found.version, by=made.member_b)


def branch(passage: str, role: str, words: str, of_side: bool = True) -> str:
    """A draft of other words, side A's or this person's own."""
    side = made.a if of_side else None
    return branches.drafted(_of(passage), made.people[role], words, side=side).public_id


def offer(proposal: str) -> None:
    """What side A's draft says now, by its key holder."""
    found = branches.fresh(Proposal.objects.get(public_id=proposal))
    branching.take_in(found)
    offer_proposal(found, sha256=found.newest.sha256, reason=branches.WHY, by=made.co_chair_a)


def states_of(proposal: str) -> list[str]:
    found = Proposal.objects.get(public_id=proposal)
    branching.take_in(found)
    return list(found.revisions.order_by("pk").values_list("plain", flat=True))


def leave(role: str, chair: str) -> None:
    end_membership(made.membership(role), by=made.people[chair])


def text_of(passage: str) -> Any:
    """What the last revision says, as ProseMirror JSON."""
    found = _of(passage)
    revision = found.tabled if found.is_shared else found.caucus_copy or found.tabled
    return revision.text if revision else None


def cut_text_of(passage: str) -> Any:
    """After the cut that any act on the passage begins with."""
    take_in(_of(passage))
    return text_of(passage)


def is_cut(passage: str) -> bool:
    return all(live.is_cut for live in LiveText.objects.filter(passage__public_id=passage))


def _of(passage: str) -> Passage:
    return Passage.objects.get(public_id=passage)


VERBS = {
    verb.__name__: verb
    for verb in (
        *(begin, section, cookie, joint, view, recommendation, term, comment),
        *(settle, table, save, branch, offer, states_of, leave, text_of, cut_text_of, is_cut),
    )
}


def answer_to(line: str) -> dict[str, Any]:
    name, *arguments = json.loads(line)
    try:
        return {"answer": VERBS[name](*arguments)}
    except Exception:  # noqa: BLE001 (told to the test that asked)
        return {"failed": traceback.format_exc()}


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what anything else prints is no answer
    for line in sys.stdin:
        print(json.dumps(answer_to(line)), file=answers, flush=True)
