"""What is copied from Word, Google Docs and LibreOffice comes in as our text: lists, notes and words, nothing else."""

from typing import Any

from playwright.sync_api import expect

from .live import LiveSite, article, paste, type_at_end, until_saved, write


def pasted(site: LiveSite, html: str) -> list[Any]:
    """The blocks that a paste into a new passage makes, in short: ["words", ["list", …]]."""
    passage = site.do("joint", "Here.")
    ani = site.page_of("member_a")
    write(ani, passage)
    ani.keyboard.press("Control+End")
    ani.keyboard.press("Enter")
    paste(ani, html)
    type_at_end(ani, " ")
    until_saved(ani, passage)
    return [short(block) for block in site.do("cut_text_of", passage)["content"]][1:]


def short(node: dict[str, Any]) -> Any:
    if node["type"] == "paragraph":
        return "".join(map(inline, node.get("content", [])))
    if node["type"] in {"listItem", "option"}:
        inner = [short(block) for block in node["content"]]
        return inner[0] if len(inner) == 1 else inner
    start = node.get("attrs", {}).get("start", 1)
    return [node["type"] + (f" {start}" if start != 1 else ""), *(short(item) for item in node["content"])]


def inline(node: dict[str, Any]) -> str:
    if node["type"] == "footnote":
        return f"^[{''.join(map(inline, node['content']))}]"
    sign = "".join({"bold": "**", "italic": "*"}.get(mark["type"], "") for mark in node.get("marks", []))
    return f"{sign}{node.get('text', '|')}{sign}"


def entry(words: str, sign: str, level: int = 1, classes: str = "MsoListParagraphCxSpMiddle") -> str:
    """As Word for Windows puts an entry on the clipboard."""
    gap = "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span>"
    mark = f"<![if !supportLists]><span lang=EN-GB><span style='mso-list:Ignore'>{sign}{gap}</span></span><![endif]>"
    style = f"text-indent:-18.0pt;mso-list:l0 level{level} lfo1"
    return f"<p class={classes} style='{style}'>{mark}<span lang=EN-GB>{words}<o:p></o:p></span></p>\n"


def word(body: str, notes: str = "") -> str:
    return f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Word 15">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings></o:OfficeDocumentSettings></xml><![endif]-->
<style><!-- p.MsoNormal {{margin:0cm;}} --></style></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->{body}<!--EndFragment-->{notes}</body></html>"""


def test_nested_lists_of_word_keep_their_levels_and_numbers(site: LiveSite) -> None:
    body = (
        entry("First", "3.") + entry("within", "a)", 2) + entry("deep", "i.", 3) + entry("within too", "b)", 2)
        + entry("Second", "4.")
        + "<p class=MsoNormal>Between</p>"
        + entry("dot", "·") + entry("inner dot", "o", 2)
        + "<p class=MsoNormal>We ask:</p>"
        + entry("measure", "a)") + entry("publish", "b)")
    )  # fmt: skip

    assert pasted(site, word(body)) == [
        ["orderedList 3", ["First", ["orderedList", ["within", ["orderedList", "deep"]], "within too"]], "Second"],
        "Between",
        ["bulletList", ["dot", ["bulletList", "inner dot"]]],
        "We ask:",
        ["options", "measure", "publish"],
    ]


def test_a_paragraph_in_the_style_of_a_list_keeps_its_first_letters(site: LiveSite) -> None:
    body = (
        "<p class=MsoListParagraph>On the river</p><p class=MsoListParagraph>I. Title</p>"
        "<p class=MsoListParagraph>-5 degrees</p>"
    )

    assert pasted(site, word(body)) == ["On the river", "I. Title", "-5 degrees"]


def test_conditional_comments_take_no_words_with_them(site: LiveSite) -> None:
    """As Chromium hands on what another page put on the clipboard."""
    sign = "<!--[if !supportLists]--><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span><!--[endif]-->"
    body = (
        f"<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>{sign}One</p><p class=MsoNormal>Kept</p>"
        "<!--[if gte vml 1]><v:shape/><![endif]--><p class=MsoNormal>Kept too</p>"
    )

    assert pasted(site, word(body)) == [["orderedList", "One"], "Kept", "Kept too"]


def test_tracked_deletions_and_comments_do_not_come_along(site: LiveSite) -> None:
    """What one side's people said to each other in Word is nobody else's to read."""
    body = """<p class=MsoNormal>We <ins cite="mailto:Ani" datetime="2026-01-02T10:00">shall </ins><del cite="mailto:R"
datetime="2026-01-02T10:00">may </del><a style='mso-comment-reference:A_1'>agree</a><span
class=MsoCommentReference><a class=msocomanchor id="_anchor_1" href="#_msocom_1">[A1]</a></span>.</p>"""
    comments = """<div style='mso-element:comment-list'><![if !supportAnnotations]><hr class=msocomoff><![endif]>
<div style='mso-element:comment'><div id="_com_1" class=msocomtxt><p class=MsoCommentText>Our red line!</p></div></div>
</div>"""

    assert pasted(site, word(body, comments)) == ["We shall agree."]


def test_footnotes_of_word_google_docs_and_libreoffice_become_ours(site: LiveSite) -> None:
    of_word = word(
        """<p class=MsoNormal>Word<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><span
class=MsoFootnoteReference><span style='mso-special-character:footnote'>[1]</span></span></a>.</p>""",
        """<div style='mso-element:footnote-list'><br clear=all><hr align=left size=1 width="33%">
<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1"><span
class=MsoFootnoteReference>[1]</span></a> The <i>ministry</i>.</p><p class=MsoFootnoteText>Page 3.</p></div></div>""",
    )
    of_docs = """<p>Docs<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>.</p><hr><div><p><a href="#ftnt_ref1"
id="ftnt1">[1]</a><span>&nbsp;A census.</span></p></div>"""
    of_libre = """<p>Libre<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a>.</p>
<div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" href="#sdfootnote1anc">1</a>A treaty.</p></div>"""

    assert pasted(site, of_word) == ["Word^[The *ministry*. Page 3.]."]
    assert pasted(site, of_docs) == ["Docs^[A census.]."]
    assert pasted(site, of_libre) == ["Libre^[A treaty.]."]


def test_google_docs_keeps_bold_nested_lists_and_no_style(site: LiveSite) -> None:
    html = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr"
style="line-height:1.38;"><span style="font-size:11pt;font-weight:400;">Plain </span><span
style="font-weight:700;">bold</span><span style="font-weight:400;font-style:italic;"> slanted</span></p><ul
style="margin-top:0;"><li dir="ltr" aria-level="1"><p dir="ltr"><span>one</span></p></li><ul><li dir="ltr"
aria-level="2"><p dir="ltr"><span>inner</span></p></li></ul><li aria-level="1"><p><span>two</span></p></li></ul>
<ol><li style="list-style-type:lower-alpha;" aria-level="1"><p>measure</p></li><li
style="list-style-type:lower-alpha;"><p>publish</p></li></ol></b><br class="Apple-interchange-newline">"""

    assert pasted(site, html) == [
        "Plain **bold*** slanted*",
        ["bulletList", ["one", ["bulletList", "inner"]], "two"],
        ["options", "measure", "publish"],
    ]


def test_tables_become_paragraphs_and_no_cell_is_lost(site: LiveSite) -> None:
    html = "<table><tr><td>A</td><td>B</td></tr><tr><td><p>C</p><p>D</p></td><th>E <b>F</b></th></tr></table>"

    assert pasted(site, html) == ["A", "B", "C", "D", "E **F**"]


def test_words_of_all_our_languages_keep_quotes_and_no_break_spaces(site: LiveSite) -> None:
    spoken = ["«Ջուրը» բոլորինն է։", "“Su” hamınındır: ə ğ ı ş İ.", "„წყალი“ ყველასია.", "5&nbsp;km — 10&nbsp;%"]
    body = "".join(f"<p class=MsoNormal><span lang=HY>{words}</span><o:p></o:p></p>" for words in spoken)
    spaced = "<p class=MsoNormal>One.<span style='mso-spacerun:yes'>&nbsp; </span>Two.</p><p><o:p>&nbsp;</o:p></p>"

    assert pasted(site, word(body + spaced)) == [*spoken[:3], "5\u00a0km — 10\u00a0%", "One. Two."]


def test_whoever_pastes_a_picture_hears_that_it_was_left_out(site: LiveSite) -> None:
    passage = site.do("joint", "Here.")
    ani = site.page_of("member_a")
    write(ani, passage)

    paste(ani, '<p>A map: <img src="https://example.org/spy.png">.</p>')

    expect(article(ani, passage).locator(".live-pictures")).to_have_text(
        "Pictures were left out: a text is words alone."
    )
