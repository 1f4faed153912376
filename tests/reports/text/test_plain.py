from reports.text import markup, plain, schema

SOURCE = (
    "# Trade\n\nThe sides agree^[See *there*.] on:\\\ntwo things\n\na) roads;\nb) twenty-one posts.\n\n2. x\n   - y"
)


def test_a_text_in_plain_words():
    assert plain.text_of(markup.to_doc(SOURCE)) == (
        "Trade\n\nThe sides agree on:\ntwo things\n\na) roads;\nb) twenty-one posts.\n\n2. x\n\n• y\n\n[1] See there."
    )


def test_a_heading_in_plain_words():
    heading, _rest = schema.heading_of(markup.to_doc(SOURCE))

    assert plain.text_of(heading) == "Trade"


def test_words_are_counted_without_generated_letters():
    assert plain.word_count(markup.to_doc(SOURCE)) == 14
    assert plain.words_of(markup.to_doc("Don’t pay 1,000 (Հայաստան).")) == ["Don’t", "pay", "1,000", "Հայաստան"]
    assert plain.word_count(markup.to_doc("")) == 0


def test_an_excerpt_ends_between_words():
    kept = markup.to_doc("One two, three.\n\nFour.")

    assert plain.excerpt(kept) == "One two, three. Four."
    assert plain.excerpt(kept, 9) == "One two…"
    assert plain.excerpt(markup.to_doc("# Trade\n\nThe sides agree.")) == "Trade · The sides agree."
    assert plain.excerpt(markup.to_doc("a" * 50), 10) == "a" * 10 + "…"
