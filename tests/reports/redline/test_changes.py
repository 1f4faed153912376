"""What a redline says of two drafts: by permanent ids, word by word, and moved where something was moved."""

from reports.redline import changes

from .texts import changed, draft, item, items, paragraph, say, section, small, view


def kinds(old, new):
    return [(change.kind, change.number) for change in changes(old, new)]


def test_equal_texts_have_no_differences():
    assert changes(draft(), draft()) == []


def test_a_new_number_alone_is_no_change():
    old, new = small(), small()
    for one in items(new):
        one["number"] = str(int(one["number"]) + 7)

    assert changes(old, new) == []


def test_words_are_marked_one_by_one():
    old, new = small(), small()
    say(items(new)[1], "Sentence number 2 of the lake.")

    [found] = changes(old, new)

    assert (found.kind, found.number) == ("changed", "2")
    assert "river" in found.words.partition("<del>")[2].partition("</del>")[0]
    assert "lake" in found.words.partition("<ins>")[2].partition("</ins>")[0]
    assert found.words.count("<ins>") == found.words.count("<del>") == 1


def test_what_came_and_what_went_stand_where_they_stand_or_stood():
    old, new = small(), small()
    gone = items(new)[:2][1]
    items(new)[1:2] = [item(9, paragraph("Something new."))]

    found = changes(old, new)

    assert [(one.kind, one.number) for one in found] == [("removed", gone["number"]), ("added", "9")]


def test_a_passage_that_changed_places_is_moved_and_neither_new_nor_left_out():
    old, new = small(), small()
    items(new).append(items(new).pop(0))

    away, here = changes(old, new)

    assert (away.kind, away.words, here.kind) == ("left", "", "moved")
    assert away.elsewhere == "Moved from here to: 1 First, Paragraph 1"
    assert "<ins>" not in here.words and "<del>" not in here.words and "Sentence" in here.words


def test_a_passage_that_went_to_another_section_and_was_reworded_shows_both():
    old, new = small(), small()
    one = items(new, 0).pop(2)
    one["number"] = "5"
    say(one, "Sentence number 3 of the lake.")
    items(new, 1).append(one)

    away, here = changes(old, new)

    assert (away.kind, away.section, here.kind, here.section) == ("left", "First", "moved", "Second")
    assert here.elsewhere == "Moved here from: 1 First, Paragraph 3"
    assert (here.number, here.was) == ("5", "3")
    assert "<del>" in here.words and "lake" in here.words


def test_a_section_is_moved_renamed_added_and_left_out_as_a_whole():
    old = small()
    moved, renamed, added, left_out = (changed(old) for _ in range(4))
    moved["sections"].reverse()
    renamed["sections"][1]["title"] = "Another"
    added["sections"].append(section(3, "Third", item(9, paragraph("New."))))
    left_out["sections"].pop()

    assert kinds(old, moved) == [("section-left", ""), ("section-moved", "")]
    assert kinds(old, renamed) == [("section-renamed", "")]
    assert kinds(old, added) == [("section-added", ""), ("added", "9")]
    assert kinds(old, left_out) == [("section-removed", ""), ("removed", "4"), ("removed", "5")]


def test_another_voice_is_a_change_of_its_own():
    old = small(section(1, "First", item(1, paragraph("The bridge matters."))))
    new = small(section(1, "First", view(1, 0, paragraph("The bridge matters."))))

    [found] = changes(old, new)

    [(label, words)] = found.beside
    assert (found.kind, label) == ("changed", "Voice")
    assert "All sides" in words and "Veldanian perspective" in words
    assert "From Veldania’s perspective:" in found.words.partition("<ins>")[2].partition("</ins>")[0]


def test_heading_addressee_and_options_of_a_recommendation_are_compared_too():
    old, new = draft(), draft()
    first = items(new, 2)[0]
    first["heading"] = {**first["heading"], "text": "Reopen the old ferry", "horizon": "Within two years"}
    first["text"]["content"][1]["content"].pop()

    [found] = changes(old, new)

    inserted = [piece.partition("</ins>")[0] for piece in found.words.split("<ins>")[1:]]
    deleted = "".join(piece.partition("</del>")[0] for piece in found.words.split("<del>")[1:])
    assert any("old" in piece for piece in inserted) and any("two years" in piece for piece in inserted)
    assert "the fare is agreed" in deleted


def test_what_a_side_would_say_in_a_bracket_is_compared():
    from tests.reports.publishing import samples

    old, new = samples.disputed(), samples.disputed()
    items(new)[0]["brackets"][0]["reason"] = "We see three."

    [found] = changes(old, new)

    [(label, words)] = found.beside
    assert (found.kind, label) == ("changed", "On the brackets")
    assert "three" in words.partition("<ins>")[2]


def test_title_people_and_host_are_compared_as_they_are_printed():
    old, new = small(), small()
    new["document"]["title"] = "Report of the Thematic Group on the Lake"
    new["roster"][0]["people"].pop(1)
    new["host"]["website"] = "www.lantern.example"

    found = changes(old, new)

    assert [(change.kind, change.label) for change in found] == [
        ("around", "Title"),
        ("around", "Authors"),
        ("around", "Host organisation"),
    ]
    assert "Member-Number 1" in found[1].words.partition("<del>")[2]
