import pytest

# What they find is told as what tests find.
pytest.register_assert_rewrite("tests.browser.live", "tests.browser.watching")
