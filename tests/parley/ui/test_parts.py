"""The parts of a page as templates render them: escaped, in words, whole."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils import timezone

from parley.ui.templatetags.ui import (
    caucus,
    crumbs,
    difference,
    field_kind,
    idempotency_key,
    languages,
    notice,
    short_hash,
    status,
)

SHA = "3f9a71c20b5d88e4" + "0" * 48


@dataclass
class Side:
    name: str = "Northern Valley"
    colour: int = 2


def rendered(source: str, **context) -> str:
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=False)
    return engines["django"].from_string(source).render(context, request)


class QuestionForm(forms.Form):
    title = forms.CharField(label="Title <b>", help_text="As printed")
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])
    agreed = forms.BooleanField(label="Agreed")
    note = forms.CharField(label="Note", required=False)
    version = forms.CharField(widget=forms.HiddenInput)


# ---------- Forms ----------
def test_two_forms_never_carry_the_same_key():
    keys = {re.search(r'value="([\w-]{20,})"', idempotency_key()).group(1) for _ in range(50)}

    assert len(keys) == 50


def test_fields_are_laid_out_by_their_kind():
    form = QuestionForm()

    assert [field_kind(bound) for bound in form] == ["plain", "choices", "check", "plain", "hidden"]


def test_a_field_ties_hint_and_error_to_its_control():
    html = rendered("{% field form.title %}", form=QuestionForm({}))

    words = " ".join(re.sub("<[^>]+>", " ", html).split())
    assert re.findall(r'\sid="(\w+)"', html) == ["id_title_helptext", "id_title_error", "id_title"]
    assert words == "Title &lt;b&gt; As printed Error: This field is required."
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html


def test_only_fields_that_may_stay_empty_say_optional():
    form = QuestionForm()

    assert "(optional)" in rendered("{% field form.note %}", form=form)
    assert "(optional)" not in rendered("{% field form.title %}", form=form)


def test_radios_stand_in_a_fieldset_with_the_question_as_its_legend():
    html = rendered("{% field form.kind %}", form=QuestionForm({}))

    assert re.search(r'<fieldset aria-describedby="id_kind_error">\s*<legend>Kind\s*</legend>', html)


def test_the_error_summary_leads_to_each_field():
    html = rendered('{% include "elements/error_summary.html" %}', form=QuestionForm({"version": "1"}))

    assert re.findall(r'<a href="#(\w+)">', html) == ["id_title", "id_kind_0", "id_agreed"]
    assert 'role="alert"' in html


def test_a_form_without_errors_has_no_summary():
    assert rendered('{% include "elements/error_summary.html" %}', form=QuestionForm()).strip() == ""


def test_a_form_brings_its_guards_and_hidden_fields_once():
    html = rendered('{% include "elements/form.html" with draft="passage:abc" submit="Send" %}', form=QuestionForm())

    assert [html.count(name) for name in ("csrfmiddlewaretoken", "idempotency_key", 'name="version"')] == [1, 1, 1]
    assert 'data-draft="passage:abc"' in html
    assert '<button class="button" type="submit">Send</button>' in html


# ---------- Words ----------
def test_a_state_is_a_word_and_an_unknown_tone_a_mistake():
    assert status("done", "Agreed <3") == '<span class="tag tag-done">Agreed &lt;3</span>'
    with pytest.raises(TemplateSyntaxError):
        status("green", "Agreed")


def test_a_hash_is_shown_in_groups_that_people_can_read_out():
    assert short_hash(SHA) == '<span class="hash">3f9a 71c2 0b5d 88e4 …</span>'


def test_the_whole_hash_can_be_copied_as_it_is():
    html = rendered("{% hash_box sha %}", sha=SHA)

    assert f'data-copy="{SHA}"' in html
    assert "3f9a 71c2 0b5d 88e4 0000" in html


def test_a_side_is_a_label_and_a_rule_never_a_colour_alone():
    assert rendered("{% side_mark side %}", side=Side()) == '<span class="side side-2">Northern Valley</span>'
    assert rendered("{% side_mark side %}|{{ side|side_class }}", side=None) == "|"


def test_a_difference_is_heard_as_well_as_seen_and_never_markup():
    pieces = [
        SimpleNamespace(kind="same", text="a <b>"),
        SimpleNamespace(kind="removed", text="<i>"),
        SimpleNamespace(kind="added", text="new"),
    ]

    assert difference(pieces) == (
        'a &lt;b&gt;<span class="unseen"> [removed:] </span><del>&lt;i&gt;</del>'
        '<span class="unseen"> [end of removed] </span>'
        '<span class="unseen"> [added:] </span><ins>new</ins><span class="unseen"> [end of added] </span>'
    )


def test_a_caucus_says_whose_it_is():
    html = caucus("<p>ours</p>", Side())

    assert "Northern Valley</b> Only your side sees this." in html
    assert 'class="caucus side-2"' in html


def test_fences_keep_the_pages_own_markup_and_escape_what_is_put_into_it():
    html = rendered("{% caucus side %}<p>{{ words }}</p>{% endcaucus %}", side=Side(), words="<script>")

    assert "<p>&lt;script&gt;</p>" in html


def test_a_notice_escapes_its_title():
    assert "<h2>&lt;b&gt;</h2>" in notice("<p>x</p>", "alarm", "<b>")


# ---------- Times ----------
@time_machine.travel("2027-01-05T00:00:00+00:00")
def test_a_moment_is_read_by_machines_too():
    at = datetime(2027, 3, 12, 10, 2, tzinfo=UTC)

    with timezone.override("Asia/Yerevan"):
        html = rendered("{% moment at %}", at=at)

    assert html == '<time datetime="2027-03-12T14:02:00+04:00">Friday 12 March, 14:02 Yerevan</time>'


def test_no_moment_no_words():
    assert rendered("{% moment at %}{% day at %}", at=None) == ""


# ---------- Ways ----------
def test_crumbs_are_pairs_of_words_and_addresses():
    html = crumbs("Water & roads", "/g/abc/")

    assert '<li><a href="/g/abc/">Water &amp; roads</a></li>' in html
    with pytest.raises(ValueError, match="shorter"):
        crumbs("Water", "/g/abc/", "Roads")


def test_the_frame_links_only_pages_that_exist():
    assert rendered('{% nav_link "no_such_page" "Nowhere" %}') == ""


def test_a_language_that_no_native_reader_checked_says_so(settings):
    settings.LANGUAGES = [("en", "English"), ("ru", "Russian")]
    settings.UNREVIEWED_LANGUAGES = ["ru"]

    assert languages() == [
        {"code": "en", "name": "English", "reviewed": True},
        {"code": "ru", "name": "Русский", "reviewed": False},
    ]
