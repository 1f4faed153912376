"""Two people at once, on PostgreSQL: one closing, one publication, no signature under a text that is void."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from groups.actions import propose, turn_key
from groups.actions.keys import TextHasChanged
from parley.audit import entries, verify_chain
from reports import printing
from reports.actions.agreement import UNFREEZE
from reports.actions.publishing import AlreadyPublished, publish
from reports.actions.signing import AlreadyDone, NotOpenForThis
from reports.models import Act, Document, DocumentState, FinalText, Publication, Rendition
from reports.printing import print_rendition
from reports.renditions import render_input_now, request_rendition

from .hands import authorise, freeze, initial, open_for_signature, sign, sign_all, signed_text, state_of

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

ROUNDS = [3, pytest.param(60, marks=pytest.mark.deep)]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gave or raised, all begun at the same moment on connections of their own."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=20)
            return act()
        except Exception as refused:  # noqa: BLE001 (what was raised is what the test looks at)
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(run, acts))


def closings(made) -> int:
    return sum(entry.kind == "document.signing_closed" for entry in entries(made.group.chain))


def again(made, text: FinalText) -> FinalText:
    """The same text, waiting for the last two answers once more."""
    Act.objects.filter(signatory__final_text=text, signatory__person__in=(made.member_b, made.member_c)).delete()
    FinalText.objects.filter(pk=text.pk).update(signing_closed_at=None, chain_hash="", chain_seq=None)
    Document.objects.filter(pk=made.document.pk).update(state=DocumentState.SIGNING)
    return FinalText.objects.get(pk=text.pk)


def test_two_who_initial_at_once_open_the_text_once(made):
    text = freeze(made)

    outcomes = at_once(lambda: initial(text, made.co_chair_a), lambda: initial(text, made.co_chair_b))

    opened = [entry for entry in entries(made.group.chain) if entry.kind == "document.signing_opened"]
    assert [type(one) for one in outcomes] == [Act, Act]
    assert state_of(made) == DocumentState.SIGNING
    assert len(opened) == 1


@pytest.mark.parametrize("rounds", ROUNDS)
def test_the_last_two_who_sign_at_once_close_it_once(made, rounds):
    text = open_for_signature(made)
    sign_all(text, but=(made.member_b, made.member_c))

    for number in range(1, rounds + 1):
        outcomes = at_once(partial(sign, text, made.member_b), partial(sign, text, made.member_c))

        assert [type(one) for one in outcomes] == [Act, Act]
        assert state_of(made) == DocumentState.SIGNED
        assert closings(made) == number
        text = again(made, text)
    assert verify_chain(made.group.chain) == []


@pytest.mark.parametrize("rounds", ROUNDS)
def test_one_person_in_two_windows_signs_once(made, rounds):
    text = open_for_signature(made)

    for _round in range(rounds):
        outcomes = at_once(lambda: sign(text, made.member_b), lambda: sign(text, made.member_b))

        assert sorted(type(one).__name__ for one in outcomes) == ["Act", AlreadyDone.__name__]
        Act.objects.filter(signatory__person=made.member_b).delete()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_no_signature_falls_on_a_text_whose_freeze_is_undone_at_that_moment(made, rounds):
    for _round in range(rounds):
        text = open_for_signature(made)
        document = Document.objects.select_related("group__programme").get(pk=made.document.pk)
        facts = {"reason": "A word is missing."}
        sha256 = UNFREEZE.sha256(document, facts)
        motion = propose(UNFREEZE.name, document.public_id, sha256=sha256, facts=facts, by=made.co_chair_a)

        signed, undone = at_once(
            partial(sign, text, made.member_b),
            partial(turn_key, motion, sha256=motion.sha256, by=made.co_chair_b),
        )

        text.refresh_from_db()
        act = Act.objects.filter(signatory__final_text=text, signatory__person=made.member_b).first()
        assert not isinstance(undone, Exception), undone
        assert text.voided_at is not None
        assert isinstance(signed, TextHasChanged | NotOpenForThis) if act is None else act.done_at <= text.voided_at


def test_two_who_publish_at_once_publish_once(made):
    text = signed_text(made)
    authorise(made, text, timezone.now())

    outcomes = at_once(lambda: publish(text, by=made.facilitator), lambda: publish(text, by=made.facilitator))

    assert sorted(type(one).__name__ for one in outcomes) == [AlreadyPublished.__name__, "Publication"]
    assert Publication.objects.count() == 1


def test_of_two_workers_one_prints(made, monkeypatch):
    printed: list[dict[str, Any]] = []

    def render(render_input, on_progress):
        printed.append(render_input)
        return b"%PDF-1.7"

    monkeypatch.setattr(printing, "render_bounded", render)
    rendition = request_rendition(made.document, render_input_now(made.document))

    at_once(*[lambda: print_rendition(rendition.pk)] * 4)

    assert len(printed) == 1
    assert Rendition.objects.get().state == Rendition.State.DONE


def test_two_who_ask_for_the_same_print_get_the_same(made):
    def asked() -> Rendition:
        return request_rendition(made.document, render_input_now(made.document))

    outcomes = at_once(asked, asked)

    assert {one.pk for one in outcomes} == {Rendition.objects.get().pk}
