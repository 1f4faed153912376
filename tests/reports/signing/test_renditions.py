"""PDFs on their way: one for one input, made once by whichever worker, taken over when one dies, told when it fails."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports import printing
from reports.actions.publishing import publish
from reports.models import Rendition
from reports.printing import LEASE, print_rendition, print_waiting
from reports.publishing import RenderFailed
from reports.renditions import render_input_now, render_input_of, request_rendition

from .hands import (
    at,
    authorise,
    browser,
    bytes_of,
    decline,
    freeze,
    open_for_signature,
    sign,
    sign_all,
    signed_text,
    words_of,
)

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 made by a worker"


@pytest.fixture
def press(monkeypatch):
    """A press that answers at once, and counts what it printed."""
    printed = []

    def render(render_input, on_progress):
        printed.append(render_input)
        on_progress({"phase": "layout", "pages": 3})
        return PDF

    monkeypatch.setattr(printing, "render_bounded", render)
    return printed


def asked(made) -> Rendition:
    made.document.refresh_from_db()  # as a page would fetch it: of this second, not of the last one
    return request_rendition(made.document, render_input_now(made.document))


def test_the_same_input_is_printed_once(made, press):
    first = asked(made)
    print_rendition(first.pk)

    second = asked(made)
    print_waiting()

    assert second.pk == first.pk
    assert len(press) == 1


def test_a_second_worker_finds_nothing_to_claim(made, press):
    rendition = asked(made)

    print_rendition(rendition.pk)
    print_rendition(rendition.pk)

    rendition.refresh_from_db()
    assert len(press) == 1
    assert (rendition.state, rendition.pages, bytes_of(rendition)) == ("done", 3, PDF)


def test_what_a_dead_worker_held_is_taken_over(made, press):
    rendition = asked(made)
    Rendition.objects.filter(pk=rendition.pk).update(
        state=Rendition.State.RENDERING, lease_until=timezone.now() - timedelta(seconds=1)
    )

    print_waiting()

    rendition.refresh_from_db()
    assert (rendition.state, len(press)) == ("done", 1)


def test_what_a_living_worker_holds_is_left_alone(made, press):
    rendition = asked(made)
    Rendition.objects.filter(pk=rendition.pk).update(
        state=Rendition.State.RENDERING, lease_until=timezone.now() + LEASE
    )

    print_waiting()

    assert press == []


def test_a_worker_that_lost_its_lease_writes_nothing(made, monkeypatch):
    rendition = asked(made)

    def slow(render_input, on_progress):
        Rendition.objects.filter(pk=rendition.pk).update(lease_until=timezone.now() + timedelta(hours=1))
        return b"%PDF- too late"

    monkeypatch.setattr(printing, "render_bounded", slow)
    print_rendition(rendition.pk)

    rendition.refresh_from_db()
    assert (rendition.state, rendition.sha256, rendition.file.name) == ("rendering", "", "")


def test_a_failure_is_told_with_its_passage_and_can_be_tried_again(made, press, monkeypatch):
    def fail(render_input, on_progress):
        raise RenderFailed("layout", made.joint.public_id)

    rendition = asked(made)
    monkeypatch.setattr(printing, "render_bounded", fail)
    print_rendition(rendition.pk)

    member = browser(made.member_a)
    said = words_of(member.get(at("rendition", rendition)))
    again = member.post(at("print_document", made.document))

    assert "The layout of the pages failed." in said
    assert f"#p-{made.joint.public_id}" in said
    assert again.url == at("rendition", rendition)
    assert Rendition.objects.get(pk=rendition.pk).state == "queued"


def test_a_file_that_is_lost_is_made_again(made, press):
    rendition = asked(made)
    print_rendition(rendition.pk)
    rendition.refresh_from_db()
    rendition.file.storage.delete(rendition.file.name)

    answer = browser(made.member_a).get(at("rendition_file", rendition))
    asked(made)

    assert answer.url == at("rendition", rendition)
    assert Rendition.objects.get(pk=rendition.pk).state == "queued"


def test_the_page_goes_from_waiting_to_the_file(made, press):
    rendition = asked(made)
    member = browser(made.member_a)
    waiting = words_of(member.get(at("rendition", rendition)))

    print_rendition(rendition.pk)

    ready = words_of(member.get(at("rendition_progress", rendition)))
    file = member.get(at("rendition_file", rendition))
    assert "Waiting for the press" in waiting and at("rendition_progress", rendition) in waiting
    assert "The PDF is ready" in ready and "hx-get" not in ready
    assert file["Content-Disposition"] == f'attachment; filename="{made.document.public_id}.pdf"'
    assert b"".join(file.streaming_content) == PDF


def test_nobody_reads_from_a_file_who_has_signed_before_signing_closed(made):
    text = open_for_signature(made)
    fresh = render_input_of(text)
    sign(text, made.member_a, reservation="I read it otherwise.")

    during = render_input_of(text)

    assert during == fresh
    assert during["records"] is None
    assert during["draft"] == "Final text – signing has not closed"


def test_after_closing_the_file_carries_every_signature_and_stays_the_same(made):
    text = open_for_signature(made)
    sign(text, made.member_a, reservation="I read it otherwise.")
    sign_all(text, but=(made.member_a,))

    records = render_input_of(text)["records"]

    assert [one["name"] for one in records["signatures"]][:2] == ["Member A", "Co Chair A"]
    assert records["signatures"][0]["reservation"] == "R1"
    assert records["text_sha256"] == text.sha256
    assert records["declined"] == []
    assert render_input_of(text) == render_input_of(text)


def test_the_reason_of_declining_is_in_no_file(made):
    text = open_for_signature(made, prints_declined=True)
    decline(text, made.member_b, "A secret reason.")
    sign_all(text, but=(made.member_b,))

    render_input = render_input_of(text)

    assert [one["name"] for one in render_input["records"]["declined"]] == ["Member B"]
    assert "A secret reason." not in str(render_input)


def test_the_published_file_is_the_one_that_the_verification_page_knows(made, press):
    text = signed_text(made)
    authorise(made, text)
    authorised_one = Rendition.objects.get(final_text=text)

    publication = publish(text, by=made.facilitator)

    assert publication.files == [authorised_one]


def test_published_before_the_file_is_printed_the_page_says_so(made, press, client):
    text = signed_text(made)
    authorise(made, text)
    publication = publish(text, by=made.facilitator)
    early = words_of(client.get(at("published", code=publication.code)))
    no_file = client.get(at("published_pdf", code=publication.code))

    print_waiting()

    late = words_of(client.get(at("published", code=publication.code)))
    assert "is being made" in early and at("published_pdf", code=publication.code) not in early
    assert no_file.url == at("published", code=publication.code)
    assert at("published_pdf", code=publication.code) in late
    assert b"".join(client.get(at("published_pdf", code=publication.code)).streaming_content) == PDF


def test_asking_for_a_print_is_cheap(made):
    member = browser(made.member_a)
    member.post(at("print_document", made.document))
    text = freeze(made)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        member.post(at("print_document", text.document))

    writes = [query for query in queries.captured_queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert len(queries) <= 25
    assert len(writes) <= 4
