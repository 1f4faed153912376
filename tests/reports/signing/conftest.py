from collections.abc import Iterator

import pytest
from django.core.cache import cache

from reports.fragments import kept


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Used codes, limits of rate and made fragments are those of one test."""
    cache.clear()
    kept.clear()
    yield
    cache.clear()
