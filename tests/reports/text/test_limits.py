import pytest

from reports.text.limits import TextRefused, one_line


def test_a_title_is_one_line_in_nfc_without_unseen_characters():
    assert one_line("  Cafe\u0301\u000bof\u2028the\u202e \t South\u200b ") == "Caf\u00e9 of the South"


@pytest.mark.parametrize("blank", ["", "   ", "\u200b\u200d\ufeff", "\u00a0", "\u2800", "\u3164"])
def test_a_title_that_nobody_sees_is_refused(blank):
    with pytest.raises(TextRefused, match=r"sections\[0\]\.title: No visible letter"):
        one_line(blank, "sections[0].title")

    assert one_line(blank, may_be_blank=True) == ""


@pytest.mark.parametrize(
    ("value", "reason"),
    [("a\x00b", r"U\+0000"), ("a\ud83d", r"U\+D83D"), ("a" * 501, "longer than 500"), (7, "Words are expected")],
)
def test_other_titles_are_refused_with_a_reason(value, reason):
    with pytest.raises(TextRefused, match=reason):
        one_line(value)
