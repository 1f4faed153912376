"""A live text's first row, written by the server: seeding in browsers would double the words."""

from reports.models import LiveText, LiveUpdate
from reports.models.live import LiveTextQuerySet
from reports.text import schema

from . import store
from .conversion import Node, seed, to_json


def seeded(text: LiveText, words: Node, *, cut_sequence: int = 1) -> LiveText:
    """Its first row is the server's: no id of an earlier text's client, and no row of it, is in the new one."""
    update, client = seed(words)
    text.schema, text.sequence, text.cut_sequence = schema.VERSION, 1, cut_sequence
    text.save()
    LiveUpdate.objects.create(text=text, sequence=1, payload=update)
    store.claim(text.pk, [client], None)
    return text


def seeded_from(earlier: LiveText, text: LiveText) -> LiveText:
    """From words that fitted into no revision when they ended: they wait for one again."""
    text.last_writer = earlier.last_writer
    seeded(text, to_json(store.load(earlier.pk).update), cut_sequence=0)
    store.wait_for_quiet(text, 0)
    return text


def left_uncut(texts: LiveTextQuerySet) -> LiveText | None:
    """Of all texts of one home the last, if it ended with words which fitted into no revision."""
    last = texts.defer("state").order_by("-pk").first()
    return None if last is None or last.is_cut else last
