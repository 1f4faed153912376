"""The parts of a page (docs/ui.md shows each). Builtin: templates need no `{% load %}`."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.forms import BoundField
from django.forms import widgets as w
from django.template import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from parley.ui import times

register = template.Library()

TONES = ("todo", "doing", "yours", "done", "closed", "alarm", "plain")
SHORT_HASH = 16
GROUP = 4


# ---------- Forms ----------
@register.simple_tag
def idempotency_key() -> SafeString:
    """A hidden field: the same form sent twice does its work once."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', secrets.token_urlsafe(16))


@register.filter
def field_kind(field: BoundField) -> str:
    """How `elements/field.html` lays a field out: `hidden`, `check`, `choices`, `file` or `plain`."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, w.CheckboxInput):
        return "check"
    if isinstance(widget, w.RadioSelect | w.CheckboxSelectMultiple):
        return "choices"
    return "file" if isinstance(widget, w.FileInput) else "plain"


@register.filter
def first_control(field: BoundField) -> str:
    """The id that a link in the error summary leads to: the control itself, or the first of several choices."""
    return f"{field.auto_id}_0" if field_kind(field) == "choices" else str(field.id_for_label)


@register.simple_tag
def field(bound: BoundField, **more: Any) -> str:
    """A form's field with label, hint, error and control."""
    return render_to_string("elements/field.html", {"field": bound, **more})


# ---------- Times ----------
@register.simple_tag
def moment(at: datetime | None, form: str = "long", dated: bool = False) -> str:
    """An instant in the reader's zone: "Friday 14 March, 14:02 Yerevan"; form "short" abbreviates day and month.

    `dated` says the present year, too: for what is read years later (signatures, publications).
    """
    if at is None:
        return ""
    return _moment(at, timezone.get_current_timezone_name(), form, dated, times.locale_name(), timezone.now().year)


@register.simple_tag
def city(zone: str) -> str:
    """What people call a zone: "Yerevan", never "Asia/Yerevan"."""
    return times.city(zone)


@lru_cache(maxsize=8192)  # a page of five hundred comments says five hundred moments
def _moment(at: datetime, zone: str, form: str, dated: bool, _locale: str, _year: int) -> SafeString:
    there = at.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', there, times.moment_words(at, zone, form, dated=dated))


@register.simple_tag
def day(on: date | datetime | None, form: str = "long", dated: bool = False) -> str:
    """A date with its weekday; of an instant, the date in the reader's zone. `dated` as in `moment`."""
    if on is None:
        return ""
    on = timezone.localdate(on) if isinstance(on, datetime) else on
    words = times.day_words(on, form, this_year=None if dated else timezone.localdate().year)
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), words)


@register.inclusion_tag("elements/meeting_time.html")
def meeting_time(start: datetime, end: datetime, *zones: Any) -> dict[str, Any]:
    """A meeting's hours in every zone given (names, or lists of them): the first leads, equal clocks share a line."""
    names = [name for zone in zones for name in ([zone] if isinstance(zone, str) else zone)]
    lines = times.times_by_zone(start, end, names or [timezone.get_current_timezone_name()])
    return {"start": start, "end": end, "first": lines[0], "others": lines[1:]}


# ---------- Sides ----------
@register.filter
def side_class(side: Any) -> str:
    """`side-1` … `side-6`: the rule pattern and hue of a side; nothing for the joint voice."""
    return f"side-{side.colour}" if side else ""


@register.simple_tag
def side_mark(side: Any) -> str:
    """A side's name beside its rule."""
    return _side_mark(side_class(side), side.name) if side else ""


@lru_cache(maxsize=256)
def _side_mark(hue: str, name: str) -> SafeString:
    return format_html('<span class="side {}">{}</span>', hue, name)


# ---------- States and hashes ----------
@register.simple_tag
def status(tone: str, words: str) -> SafeString:
    """A word of state. The word carries the meaning; the tone only helps the eye."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"status: {tone!r} is none of {', '.join(TONES)}")
    return format_html('<span class="tag tag-{}">{}</span>', tone, words)


def _groups(sha: str) -> list[str]:
    return [sha[at : at + GROUP] for at in range(0, len(sha), GROUP)]


@register.simple_tag(name="hash")
def short_hash(sha: str) -> SafeString:
    """The first sixteen digits in groups of four, as people read them to each other."""
    return format_html('<span class="hash">{} …</span>', " ".join(_groups(sha[:SHORT_HASH])))


@register.inclusion_tag("elements/hash_box.html")
def hash_box(sha: str, name: str = "") -> dict[str, str]:
    """The whole hash in groups, with a button that copies it."""
    return {"sha": sha, "grouped": " ".join(_groups(sha)), "name": name or _("SHA-256 of the text")}


# ---------- Ways ----------
def _address(name: str) -> str:
    """The address of a page by its name; empty while no such page exists."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, words: str, css: str = "", count: int | None = None) -> str:
    """A link of the frame, marked when its page is open (`nav` in the context, or the page's own name)."""
    address = _address(name)
    if not address:
        return ""
    match = getattr(context.get("request"), "resolver_match", None)
    here = context.get("nav") == name or getattr(match, "url_name", None) == name
    return format_html(
        '<a href="{}"{}{}>{}{}</a>',
        address,
        format_html(' class="{}"', css) if css else "",
        mark_safe(' aria-current="page"') if here else "",
        words,
        _counter(count),
    )


def _counter(count: int | None) -> str:
    return "" if count is None else format_html("&nbsp;<span data-unread>{}</span>", f"({count})" if count else "")


@register.simple_tag
def crumbs(*words_and_addresses: str) -> SafeString:
    """`{% crumbs name url name url … %}`: the way here, widest first; the page itself is its heading, not a crumb."""
    pairs = zip(words_and_addresses[::2], words_and_addresses[1::2], strict=True)
    items = format_html_join("", '<li><a href="{1}">{0}</a></li>', pairs)
    return format_html('<nav class="crumbs" aria-label="{}"><ol>{}</ol></nav>', _("The way here"), items)


@register.simple_tag
def tab(address: str, words: str, here: bool = False) -> SafeString:
    """One tab: a link; `here` marks the open one."""
    current = mark_safe(' aria-current="page"') if here else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', address, current, words)


# ---------- Frame ----------
@register.simple_tag
def still(template_name: str) -> SafeString:
    """A template that differs by language alone: rendered once a process and language."""
    return _still(template_name, translation.get_language() or "")


@lru_cache(maxsize=64)
def _still(template_name: str, _language: str) -> SafeString:
    return mark_safe(render_to_string(template_name))  # noqa: S308 (a template's output)


@register.simple_tag
def help_line() -> dict[str, str]:
    """Who a person in trouble calls or writes to: `{"telephone", "mail"}`."""
    return {"telephone": settings.HELP_TELEPHONE, "mail": settings.HELP_MAIL}


@register.simple_tag
def languages() -> list[dict[str, Any]]:
    """The languages offered, each in its own words, and whether a native reader has checked it."""
    unreviewed = getattr(settings, "UNREVIEWED_LANGUAGES", [])
    return [
        {"code": code, "name": _own_name(code), "reviewed": code not in unreviewed}
        for code, _name in settings.LANGUAGES
    ]


def _own_name(code: str) -> str:
    return str(translation.get_language_info(code)["name_local"]).capitalize()


# ---------- Fences around a page's own markup ----------
@register.simple_block_tag
def caucus(content: str, side: Any) -> SafeString:
    """`{% caucus side %}…{% endcaucus %}`: what only this side's members of the group see."""
    return format_html(
        '<div class="caucus {0}" role="group" aria-label="{1}">'
        '<p class="fence"><b>{2}</b> {1}</p><div class="inside">{3}</div></div>',
        side_class(side),
        _("Only your side sees this."),
        side.name,
        content,
    )


@register.simple_block_tag
def notice(content: str, tone: str = "plain", title: str = "") -> SafeString:
    """`{% notice "alarm" _("Title") %}…{% endnotice %}`; tones: plain, done, alarm."""
    heading = format_html("<h2>{}</h2>", title) if title else ""
    return format_html('<div class="notice notice-{}">{}{}</div>', tone, heading, content)


@register.simple_block_tag
def sticky(content: str) -> SafeString:
    """A bar that stays in sight at the foot of the window: Save, Sign."""
    return format_html('<div class="sticky">{}</div>', content)


# ---------- Differences ----------
@register.simple_tag
def difference(pieces: Iterable[Any]) -> SafeString:
    """Pieces with `.kind` (same, added, removed) and `.text` as <ins> and <del>, which are also said in words."""
    return mark_safe("".join(_piece(piece.kind, piece.text) for piece in pieces))  # noqa: S308 (each piece is escaped)


def _piece(kind: str, text: str) -> str:
    if kind == "same":
        return conditional_escape(text)
    tag, before, after = (
        ("ins", _("added:"), _("end of added")) if kind == "added" else ("del", _("removed:"), _("end of removed"))
    )
    spoken = '<span class="unseen"> [{}] </span>'
    return format_html(
        f"{spoken.replace('{}', '{1}')}<{tag}>{{0}}</{tag}>{spoken.replace('{}', '{2}')}", text, before, after
    )
