"""How entries read."""

import pytest
from django.utils.translation import gettext_lazy as _

from parley.audit import describe, record, words
from parley.audit import kinds as registry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_words", {})


def test_an_entry_reads_as_its_kind_says() -> None:
    words("tests.released", _("Draft %(number)s was released"))

    entry = record("tests.released", chain="site", by=None, facts={"number": 2})

    assert describe(entry) == "Draft 2 was released"


def test_a_fact_that_an_older_entry_lacks_is_left_empty() -> None:
    words("tests.released", _("Draft %(number)s was released"))

    entry = record("tests.released", chain="site", by=None)

    assert describe(entry) == "Draft  was released"


def test_a_kind_without_words_is_shown_by_its_name() -> None:
    assert describe(record("tests.unknown", chain="site", by=None)) == "tests.unknown"


def test_a_kind_has_words_once() -> None:
    words("tests.released", _("Released"))

    with pytest.raises(ValueError, match=r"tests\.released"):
        words("tests.released", _("Let go"))
