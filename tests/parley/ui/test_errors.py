"""Pages for what went wrong: each names what to do, and the last one needs nothing that may have failed."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import bad_request, server_error

from tests.factories.browsers import signed_in


def test_the_page_of_a_failure_needs_no_database_and_no_request(settings):
    """No `db` fixture: a query would raise."""
    settings.HELP_TELEPHONE = "+31 70 000 00 00"

    answer = server_error(RequestFactory().get("/"))

    page = answer.content.decode()
    assert answer.status_code == 500
    assert page.count("<h1>") == 1
    assert 'href="tel:+31700000000"' in page


def test_a_damaged_request_is_told_what_to_do():
    page = bad_request(RequestFactory().get("/"), Exception()).content.decode()

    assert "This could not be read" in page


@pytest.mark.django_db
def test_a_page_that_is_not_there_leads_home_and_keeps_drafts():
    answer = Client().get("/no-such-page/")

    page = answer.content.decode()
    assert answer.status_code in {302, 404}  # signed out, the door may ask who it is first
    if answer.status_code == 404:
        assert page.count("<h1>") == 1
        assert "data-failed" in page


@pytest.mark.django_db
def test_an_address_for_forms_alone_says_so_to_who_opens_it_as_a_page(made):
    address = reverse("withdraw", kwargs={"document": made.document.public_id})

    answer = signed_in(made.co_chair_a).get(address)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "<h1>Send it again</h1>" in answer.content.decode()


@pytest.mark.parametrize("template", ["403.html", "403_csrf.html", "404.html", "405.html", "409.html", "429.html"])
def test_every_refusal_has_one_heading_and_a_way_on(template):
    request = RequestFactory().get("/somewhere/")

    page = render_to_string(template, {"user": None, "unread": 0, "request": request})

    assert page.count("<h1>") == 1
    assert len(re.findall(r'class="actions">\s*<a\s+class="button"', page)) == 1
    assert "data-failed" in page


@pytest.mark.parametrize("template", ["400.html", "500.html", "404.html", "base.html"])
def test_no_page_carries_a_script_or_style_of_its_own(template):
    page = render_to_string(template, {"user": None, "request": RequestFactory().get("/")})

    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", page) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", page) if " src=" not in tag] == []
