import pytest

from reports.text import links
from reports.text.limits import TextRefused


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.org/a?b=(c)#d", "https://example.org/a?b=(c)#d"),
        (" HTTP://example.org ", "http://example.org"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://հայ.example/տեքստ", "https://հայ.example/տեքստ"),
        ("mailto:office@example.org", "mailto:office@example.org"),
    ],
)
def test_links_to_pages_and_addresses_are_kept(given, kept):
    assert links.target(given) == kept
    assert links.is_allowed(kept)


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org",
        "/passages/",
        "#note",
        "example.org",
        "https:example.org",
        "https://",
        "https:///path",
        "https://user:secret@example.org/",
        "https://bank.example@elsewhere.example/",
        "https://example.org/a b",
        "https://example.org/\u202egro",
        "https://example.org/\u200b",
        "https://example.org/\ud800",
        'https://example.org/"onclick=x',
        "https://example.org/<b>",
        "https://[::1",
        "https://example.org:99999/",
        "mailto:office@example.org?bcc=other@example.org",
        "mailto:a@example.org,b@example.org",
        "mailto:",
        "https://example.org/" + "a" * 2000,
        "",
        None,
        5,
    ],
)
def test_every_other_target_is_refused_with_the_remedy(given):
    with pytest.raises(TextRefused, match="Links begin with https://, http:// or mailto:"):
        links.target(given, "content[0]")

    assert not links.is_allowed(given)
