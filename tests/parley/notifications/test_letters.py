"""What mails look like and in which words."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from parley.notifications import safe_mail, send_account_mail
from parley.notifications.letters import Letter, one_line
from parley.notifications.models import Delivery
from parley.notifications.outbox import drain

from .told import dated, told

pytestmark = pytest.mark.django_db


def the_mail() -> Any:
    assert drain() == 1
    return mail.outbox[0]


def html_of(message: Any) -> str:
    return next(part.content for part in message.alternatives if part.mimetype == "text/html")


def test_a_mail_is_safe_unless_a_policy_allows_more(subject: Any, reader: Any) -> None:
    told.announce(subject, facts={"said": "canary"})

    message = the_mail()

    everything = message.message().as_string()
    assert message.subject == "Something waits for you in Parley"
    assert message.body.startswith(
        "Something waits for you in Parley\n\nPlease sign in to see what it is.\n\nhttp://localhost:8000/updates/\n"
    )
    assert not [word for word in ("canary", "Ani", subject.public_id, "tests.told") if word in everything]


def test_one_policy_that_refuses_keeps_the_mail_safe(subject: Any, reader: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(safe_mail, "_policies", [lambda *asked: True, lambda *asked: False])
    told.announce(subject)

    assert the_mail().subject == "Something waits for you in Parley"


def test_full_words_name_the_thing_and_link_to_it(subject: Any, reader: Any, full_words: None) -> None:
    told.announce(subject, facts={"said": "<b>yes</b> & no"})

    message = the_mail()

    address = f"http://localhost:8000/people/{subject.public_id}/"
    assert message.subject == "About Ani Petrosyan"
    assert f"Said: <b>yes</b> & no\n\n{address}\n" in message.body
    assert "Said: &lt;b&gt;yes&lt;/b&gt; &amp; no" in html_of(message)
    assert f'href="{address}"' in html_of(message)


def test_styles_are_written_into_the_elements(subject: Any, reader: Any) -> None:
    told.announce(subject)

    page = html_of(the_mail())

    assert "<style" not in page
    assert '<p style="' in page


def test_a_mail_is_in_the_readers_language(subject: Any, reader: Any, full_words: None, settings: Any) -> None:
    settings.HELP_MAIL = "help@example.org"
    reader.language = "ru"
    reader.save()
    told.announce(subject)

    assert '<html lang="ru"' in html_of(the_mail())


def test_a_soft_line_break_in_a_title_does_not_break_the_mail(subject: Any, reader: Any, full_words: None) -> None:
    subject.name = "Peace\x0band\u2028Security\n"
    subject.save()
    told.announce(subject)

    assert the_mail().subject == "About Peace and Security"


CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:Հ\r\nEND:VCALENDAR\r\n"


def test_a_calendar_file_is_the_last_way_to_read_a_mail_and_a_file_beside_it() -> None:
    letter = Letter("reader@example.org", "Subject", "Text", "<p>Text</p>", CALENDAR)

    (ways, file) = letter.message().message().get_payload()

    assert ways.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in ways.get_payload()] == ["text/plain", "text/html", "text/calendar"]
    assert ways.get_payload()[-1].get_param("method") == "CANCEL"
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "meeting.ics")
    assert [
        part.get_payload(decode=True).decode().replace("\r\n", "\n") for part in (ways.get_payload()[-1], file)
    ] == [CALENDAR.replace("\r\n", "\n")] * 2


def test_a_calendar_file_is_made_when_the_mail_is_sent(subject: Any, reader: Any) -> None:
    dated.announce(subject)
    type(subject).objects.filter(pk=subject.pk).update(name="As it is now")

    assert "METHOD:PUBLISH As it is now" in the_mail().message().as_string()


def test_one_line_of_any_text() -> None:
    assert one_line(" a\r\nb\x0bc\x85d ") == "a b c d"


@pytest.fixture
def templates(settings: Any, tmp_path: Any) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / "code.subject.txt").write_text("Your code\n")
    (folder / "code.txt").write_text('{% extends "mail/base.txt" %}{% block body %}Code: {{ code }}{% endblock %}')
    (folder / "code.html").write_text(
        '{% extends "mail/base.html" %}{% block body %}<p class="code">{{ code }}</p>{% endblock %}'
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]


def test_a_code_goes_to_an_address_without_an_account(templates: None) -> None:
    send_account_mail("code", "new@example.org", {"code": "123456"}, timezone.now() + timedelta(minutes=10))

    message = the_mail()

    assert (message.to, message.subject) == (["new@example.org"], "Your code")
    assert message.body.startswith("Code: 123456\n")
    assert Delivery.objects.get().facts == {}


def test_an_expired_code_is_dropped_and_wiped(templates: None) -> None:
    send_account_mail("code", "new@example.org", {"code": "123456"}, timezone.now() + timedelta(minutes=10))

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert drain() == 0

    dropped = Delivery.objects.get()
    assert (dropped.state, dropped.reason, dropped.facts, mail.outbox) == ("dropped", "expired", {}, [])


def test_an_expired_code_is_wiped_even_after_it_was_given_up(templates: None) -> None:
    send_account_mail("code", "new@example.org", {"code": "123456"}, timezone.now() + timedelta(minutes=10))
    Delivery.objects.update(state="dead")

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        drain()

    assert Delivery.objects.get().facts == {}


def test_the_same_account_mail_under_one_key_is_sent_once(templates: None) -> None:
    for _ in range(2):
        send_account_mail("code", "new@example.org", {"code": "123456"}, key="invitation 1")

    assert drain() == 1


def test_what_cannot_be_stored_is_refused_when_it_is_queued() -> None:
    with pytest.raises(TypeError):
        send_account_mail("code", "new@example.org", {"user": object()})
