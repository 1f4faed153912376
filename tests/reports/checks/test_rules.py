"""Each rule over invented sentences: what it finds, and what it leaves alone."""

import pytest

from reports.checks.acronyms import fits
from reports.checks.duplicates import common, counted, likeness
from reports.checks.running import check
from reports.checks.texts import TermUse, sentences_of

from .pieces import cases, found, piece, whole

SOUND = (
    "The river has two banks. Both sides measure it in the same week.",
    "We ask for two things. First, that the gauge is read every day. Second, that both readings are published.",
    "There are three reasons: first the ice, second the flood, third the drought.",
    "The first gauge stands at the weir. The second gauge stands at the bridge.",
    "One crossing is open; the second is open when the first is not.",
    "The group met on 8 August 2024 and wrote this in the following winter.",
    "The International Water Office (IWO) reads the gauges. The IWO publishes them.",
    "The two sides agree that the two countries share one lake.",
    "Northland’s engineers and the Northern offices read what Southland’s engineers read.",
    "They quote the “Treaty of the Weir”, and the “Treaty of the Weir” alone.",
    "Article 4 of the treaty names the weir.",
    "The second meeting was held in May 2024, and the second half of it at the weir.",
)


@pytest.mark.parametrize("words", SOUND)
def test_sound_sentences_are_left_alone(words):
    assert check(whole(words))[0] == []


@pytest.mark.parametrize(
    ("rule", "words", "case"),
    [
        ("count", "This fails for three reasons. First, the ice. Second, the flood.", "fewer"),
        ("count", "It has two core problems. First, the ice. Second, the flood. Third, the drought.", "more"),
        ("ordinal", "The second challenge is the ice.", "no-first"),
        ("term", "A peace treaty is signed. The peace agreement is published.", "names"),
        ("term", "The road leads to Turkey. Türkiye has opened it.", "spellings"),
        ("term", "We sign a joint declaration. All have read the Joint Declaration before.", "cases"),
        ("citation", "Article V of the treaty speaks of dams.\nTrade is free (Article V).", "several"),
        ("date", "The weir broke on August 8. It was old.", "no-year"),
        ("date", "The weir broke on the 8th of August at night.", "no-year"),
        ("acronym", "The Weir Repair Office (WRA) has two rooms.", "unfit"),
        ("acronym", "The WRO is small. The Weir Repair Office (WRO) has two rooms.", "early"),
        ("acronym", "The Weir Repair Office (WRO) is small. The Weir Rescue Office (WRO) has two rooms.", "twice"),
        ("parties", "Georgia has a lake. The three countries share it.", "number"),
        ("parties", "The three countries share it.", "nobody"),
        ("names", "We met Mr Karapetyan first. Later came Mr Karapetian too.", "text"),
        ("quotes", "They call it “Western Weir”. We do not say “Western weir” here.", "differ"),
        ("broken", "and so the weir was mended.", "begins"),
        ("broken", "The weir was mended and", "ends"),
        ("broken", "The weir needs:", "colon"),
        ("options", "a) The weir is mended.", "letter"),
    ],
)
def test_a_defect_is_found(rule, words, case):
    assert cases(rule, words) == [case]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("to mend the weir.", "After that to open it.", "to read the gauge;", "to publish it"), ["endings", "forms"]),
        (("to mend the weir;", "to open it; and", "to read the gauge."), []),
        (("The weir is mended.", "The gauge is read."), []),
        (("the weir", "the gauge"), []),
        (("to mend it;", "to open it;"), ["endings"]),
    ],
)
def test_options_have_one_ending_and_one_form(options, expected):
    assert cases("options", piece("Both sides could begin:", options=options)) == expected


def test_a_near_duplicate_is_found_and_a_passage_like_it_in_common_words_is_not():
    one = "The lack of boats between the two towns has made the price of tickets unimportant so far in all these years."
    other = "The absence of boats between the two towns has so far made the price of all tickets quite unimportant."
    third = "The school of the two towns has a yard in which the children of all families have played for many years."

    (near,) = found("duplicate", one, other, third)
    assert [place.passage for place in near.places] == ["p1", "p2"]


def test_the_cheap_bound_never_lies_below_difflibs_ratio():
    one, other = counted("a b c a b c d e f a b"), counted("c a b d a b f e b a c")

    together = len(one.words) + len(other.words)
    assert likeness(one, other) <= 2 * common(one, other) / together
    assert common(one, one) == len(one.words)


@pytest.mark.parametrize(
    ("acronym", "words"),
    [
        ("EUMM", "EU Monitoring Mission"),
        ("TRIPP", "Trade Route for International Peace and Prosperity"),
        ("OSCE", "Organization for Security and Co-operation in Europe"),
        ("UNHCR", "United Nations High Commissioner for Refugees"),
        ("MoD", "Ministry of Defence"),
    ],
)
def test_acronyms_fit_their_words(acronym, words):
    assert fits(acronym, words)


def view(words="The river is ours.", id_="p1", **about):
    return piece(words, id_, "view", side=about.pop("side", "n"), **about)


def reply(answers, id_="p2", words="We see two rivers.", side="s"):
    return piece(words, id_, "reply", side=side, answers=answers)


def test_a_view_wants_a_reply_unless_none_is_wished():
    assert cases("unanswered", view()) == ["no-reply"]
    assert cases("unanswered", view(), reply("p1")) == []
    assert cases("unanswered", view(), no_reply_wished=frozenset({"p1"})) == ["alone"]


def test_a_reply_stands_after_its_view():
    assert cases("order", reply("p1"), view()) == ["before"]
    assert cases("order", view(), reply("p1")) == []


def recommendation(heading, words="Both offices read it.", **about):
    return piece(words, heading, "recommendation", heading=heading, **about)


def test_a_recommendation_says_who_acts_and_by_when_and_is_about_as_long_as_the_others():
    full = {"addressee": "The offices", "horizon": "In May"}
    long = recommendation("Long", "The weir is mended by both. " * 40, **full)
    others = [recommendation(name, **full) for name in ("One", "Two", "Three")]

    assert cases("recommendation", recommendation("None")) == ["both"]
    assert cases("recommendation", recommendation("Half", addressee="All")) == ["horizon"]
    assert [(one.case, one.values["heading"]) for one in found("recommendation", long, *others)] == [("long", "Long")]


def test_a_name_is_spelled_as_its_owner_and_published_texts_spell_it():
    words = "The text was read by Mr Nersissian at the weir."

    assert cases("names", words, roster=("Anna Nersisyan",)) == ["roster"]
    assert cases("names", words, published=("Nersisyan",)) == ["published"]
    assert cases("names", words, roster=("Anna Nersissian",)) == []


AVOID = TermUse("t", "avoid", "the war party", instead="the army", reason="It blames.")
CONTESTED = TermUse("t", "contested", "Upper Weir", (("n", "Weir of Tash"), ("s", "Tashan")))
PREFERRED = TermUse("t", "preferred", "Lake Orla", others=("Orla Sea",))


def test_terms_of_the_glossary_are_found_but_in_quotation_marks():
    assert cases("glossary", "The war party left.", terms=(AVOID,)) == ["avoid"]
    assert cases("glossary", "They say “the war party” there.", terms=(AVOID,)) == []
    assert cases("glossary", "The Orla Sea is deep.", terms=(PREFERRED,)) == ["preferred"]
    assert cases("glossary", "Lake Orla is deep.", terms=(PREFERRED,)) == []


def test_a_contested_name_is_each_sides_own_and_both_together_are_fair():
    assert cases("glossary", "We met in Tashan.", terms=(CONTESTED,)) == ["contested"]
    assert cases("glossary", view("We met in Tashan.", side="s"), terms=(CONTESTED,)) == []
    assert cases("glossary", view("We met in Tashan.", side="n"), terms=(CONTESTED,)) == ["contested"]
    assert cases("glossary", "We met in Tashan (Weir of Tash).", terms=(CONTESTED,)) == []


RUSSIAN = (
    "Стороны согласны с тем, что мирный договор и мирное соглашение важны по трём причинам. Во-первых, это вода.",
    "Вторая трудность: имена. Мы встречались в Турции, и турецкая сторона назвала её «Западная плотина».",
    "Они говорили о «Западной плотине» (ЗП) и о том, что три страны её чинят.",
)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_rules_of_english_words_keep_silent_over_a_russian_text(language):
    assert check(whole(*RUSSIAN, language=language))[0] == []


def test_a_russian_day_without_a_year_is_found():
    assert cases("date", "Плотина прорвалась 8 августа.", language="ru") == ["no-year"]
    assert cases("date", "Плотина прорвалась 8 августа 2024 года.", language="ru") == []


def test_sentences_end_neither_after_an_abbreviation_nor_after_an_initial():
    text = "Mr. A. Weir came (e.g. by boat). He said: “It is late.” Then he left."

    assert sentences_of(text) == ["Mr. A. Weir came (e.g. by boat).", "He said: “It is late.”"[:-1], "Then he left."]
