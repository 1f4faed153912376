"""What search engines are told: published documents may be found, everything else may not."""

import pytest
from django.test import Client
from django.urls import reverse

from .hands import browser, published, signed_text

pytestmark = pytest.mark.django_db
NOT_INDEXED = '<meta name="robots" content="noindex">'


def test_what_is_published_may_be_found_and_checking_it_may_not(made):
    code = published(made).code

    pages = {
        "published": Client().get(reverse("published", args=[code])),
        "list": Client().get(reverse("published_list")),
        "verify": Client().get(reverse("verify")),
        "signing in": Client().get(reverse("account_login")),
    }

    kept_out = {name for name, page in pages.items() if NOT_INDEXED in page.content.decode()}
    assert kept_out == {"verify", "signing in"}


def test_a_preview_may_not_be_found(made):
    signed_text(made)

    page = browser(made.facilitator).get(reverse("preview_publication", args=[made.document.public_id]))

    assert NOT_INDEXED in page.content.decode()
