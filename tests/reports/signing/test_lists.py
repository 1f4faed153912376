"""Lists cost the same for one row and for thirty; pages keep within their queries."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports.actions.agreement import RELEASE
from reports.models import Document, Draft, FinalText, Publication

from .hands import at, both_keys, browser, open_for_signature, published

pytestmark = pytest.mark.django_db


def cost(open_page: Callable[[], object]) -> int:
    open_page()
    with CaptureQueriesContext(connection) as queries:
        open_page()
    return len(queries)


def more_publications(like: Publication, count: int) -> None:
    for number in range(count):
        document = Document.objects.create(
            group=like.document.group, kind="joint_report", title=f"Report {number}", started_by=like.published_by
        )
        text = FinalText.objects.create(document=document, canonical="{}", sha256=f"{number:064}")
        Publication.objects.create(final_text=text, published_by=like.published_by, opens_at=timezone.now())


def more_drafts(like: Draft, count: int) -> None:
    for number in range(2, count + 2):
        Draft.objects.create(document=like.document, number=number, canonical=like.canonical, sha256=like.sha256)


def test_the_list_of_published_documents_costs_three_queries_for_any_length(made):
    publication = published(made)
    stranger = Client()

    costs = []
    for more in (0, 2, 27):
        more_publications(publication, more)
        costs.append(cost(lambda: stranger.get(at("published_list"))))

    assert costs == [3, 3, 3]


def test_the_list_of_drafts_costs_the_same_for_any_length(made):
    both_keys(made, RELEASE, made.document)
    member = browser(made.member_a)

    costs = []
    for more in (0, 2, 27):
        Draft.objects.exclude(number=1).delete()
        more_drafts(Draft.objects.get(), more)
        costs.append(cost(lambda: member.get(at("drafts", made.document))))

    assert costs[0] == costs[1] == costs[2]


def test_the_pages_of_signing_keep_within_their_queries(made):
    open_for_signature(made)
    member = browser(made.member_a)

    costs = {page: cost(lambda page=page: member.get(at(page, made.document))) for page in ("sign", "publish")}

    assert costs == {"sign": 12, "publish": 14}
