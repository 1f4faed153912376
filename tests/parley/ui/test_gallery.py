"""The gallery: open where it is wanted, unknown elsewhere."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from parley.ui.gallery import SamplePerson
from parley.ui.views import gallery


def request(address: str = "/gallery/"):
    asked = RequestFactory().get(address)
    asked.user = SamplePerson()
    return asked


def test_the_gallery_is_unknown_unless_it_is_switched_on(settings):
    settings.PARLEY_GALLERY = False

    with pytest.raises(Http404):
        gallery(request())


def test_the_gallery_shows_every_part_in_four_scripts(settings):
    settings.PARLEY_GALLERY = True

    page = gallery(request("/gallery/?frame=signed-in")).content.decode()

    assert page.count("<h1>") == 1
    parts = (
        "turn-card",
        "tasks",
        "facts answers",
        "by-side",
        "dated",
        "folds",
        "order",
        "errors",
        "voice",
        "caucus",
        "thread",
        "ledger",
        "motion",
        "hash-box",
        "sticky",
    )
    assert [part for part in parts if f'class="{part}' not in page] == []
    assert [word for word in ("Հայաստանի", "dəyişən", "დიალოგი", "Диалог") if word not in page] == []
