"""What is printed: the render input of a text, and the one rendition made of it."""

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from parley.audit import entries
from parley.notifications import send_on_commit
from parley.programmes.models import Side
from parley.ui.times import moment_words

from . import final_text
from .models import Act, Document, DocumentKind, Draft, FinalText, Rendition, Reservation
from .publishing import LEFT_OUT, copies, copy_of, input_digest
from .seals import promised
from .signed_places import name_of_place


def _printed(moment: dt.datetime) -> str:
    return f"{date_format(moment, 'j F Y, H:i')} UTC"


def method_printed(method: str) -> str:
    return {"totp": _("authenticator code"), "passkey": _("passkey")}.get(method, "")


def verify_url(code: str) -> str:
    return f"{settings.PARLEY_URL}{reverse('verify')}?code={code}"


def template_of(kind: str) -> str:
    return "statement" if kind in (DocumentKind.STATEMENT, DocumentKind.SUMMARY) else "report"


def _input(model: dict[str, Any], document: Document, **parts: Any) -> dict[str, Any]:
    common = {"records": None, "specimen": document.specimen, "draft": "", "template": template_of(model["kind"])}
    return {"text": model, **common, **parts}


def render_input_of(text: FinalText) -> dict[str, Any]:
    """Of a frozen text: once signing has closed with its signatures, until then marked as unsigned on every page.

    The same from the freeze to the closing and ever after, but for a reservation that is withdrawn later, so that each
    is printed once; and nobody reads from a file who has signed before all may know it.
    """
    model = json.loads(text.canonical)
    with override(text.document.language):
        if text.signing_closed_at is None:
            mark, made = _("Final text – signing has not closed"), text.frozen_at.isoformat(timespec="seconds")
            return _input(model, text.document, draft=mark, made=made)
        made = text.signing_closed_at.isoformat(timespec="seconds")
        return _input(model, text.document, records=records(text), made=made, **promised())


def render_input_of_draft(draft: Draft, *, brackets: bool = True) -> dict[str, Any]:
    """Of a released draft, marked on every page; where its brackets are left out, that is said there too."""
    model = json.loads(draft.canonical)
    with override(model["language"]):
        mark = _("Draft %(number)d – not agreed text") % {"number": draft.number}
    made = draft.released_at.isoformat(timespec="seconds")
    return _unagreed(model, draft.document, brackets, draft=mark, made=made)


def render_input_now(document: Document, *, brackets: bool = True) -> dict[str, Any]:
    """Of the tabled text as it is now: a working copy, marked on every page."""
    with override(document.language):
        mark = _("Working copy – not agreed text")
    made = document.changed_at.isoformat(timespec="seconds")
    return _unagreed(final_text.build(document), document, brackets, draft=mark, made=made)


def _unagreed(model: dict[str, Any], document: Document, brackets: bool, *, draft: str, made: str) -> dict[str, Any]:
    if brackets or not final_text.has_brackets(model["sections"]):
        return _input(model, document, draft=draft, made=made)
    with override(model["language"]):
        mark = _("%(mark)s; brackets left out") % {"mark": draft}
    return _input(model, document, draft=mark, made=made, brackets=LEFT_OUT)


def records(text: FinalText) -> dict[str, Any]:
    """Who initialled, signed, reserved and, where the document's rule says so, declined or did not answer.

    Only of a text whose signing has closed: before, nobody is told how anybody answered.
    """
    acts = Act.objects.filter(signatory__final_text=text).select_related("signatory__side").order_by("pk")
    done = {kind: [a for a in acts if a.kind in kinds] for kind, kinds in _GROUPED.items()}
    made = text.reservations.select_related("signatory__side", "withdrawal")
    reservations, model = {r.signatory_id: r for r in made}, json.loads(text.canonical)
    return {
        "text_sha256": text.sha256,
        "initials": [_act(a, None) for a in done["initials"]],
        "signatures": [_act(a, reservations.get(a.signatory_id)) for a in done["signatures"]],
        "reservations": [_reservation(r, model) for r in reservations.values()],
        "declined": _silent(text) if text.document.prints_declined and not adopted_unsigned(text) else [],
        "chain_head": {"seq": text.chain_seq or 0, "hash": text.chain_hash},
        "entry": _closing(text),
        "verify_url": verify_url(text.public_id),
        "code": text.public_id,
        **adoption_of(text),
    }


def adopted_unsigned(text: FinalText) -> bool:
    return text.signing_opened_at is None


def adoption_of(text: FinalText) -> dict[str, Any]:
    """Of a text that silence adopted: until which hour nobody objected, and under whose keys it was started."""
    silence = text.adopted_by
    if silence is None:
        return {}
    keys = silence.motion.keys.select_related("turned_by", "side").order_by("turned_at")
    names = ", ".join(f"{key.turned_by.name} ({key.side})" for key in keys)
    hour = moment_words(silence.ends_at, silence.zone, dated=True)
    words = _("Adopted under the silence procedure that ended on %(hour)s. It was started under the keys of %(names)s.")
    return {"adoption": {"heading": _("Adoption"), "words": words % {"hour": hour, "names": names}}}


def _closing(text: FinalText) -> dict[str, Any] | None:
    """The entry of the record that names every signature: its hash is the head that is printed beside them."""
    if not text.chain_seq:
        return None
    chain = text.document.group.chain
    entry = entries(chain, since=text.chain_seq - 1).select_related("chain").first()
    if entry is None or entry.kind != "document.signing_closed":  # silence adopts without signatures
        return None
    return {**entry.statement(), "hash": entry.hash}


_GROUPED = {"initials": (Act.Kind.INITIAL,), "signatures": Act.SIGNATURES}


def _act(act: Act, reservation: Any) -> dict[str, Any]:
    return {
        "signatory": act.signatory.public_id,
        "name": act.signatory.name,
        "side": act.signatory.side.code.lower(),
        "role_printed": act.signatory.role_printed,
        "at": act.done_at.isoformat(timespec="seconds"),
        "at_printed": _printed(act.done_at),
        "method_printed": method_printed(act.method),
        "reference": act.public_id,
        "reservation": f"R{reservation.number}" if reservation else None,
    }


def _reservation(reservation: Reservation, model: dict[str, Any]) -> dict[str, str]:
    """One to the whole text that stands is written as ever, so that its print stays the same."""
    told = {
        "call": str(reservation),
        "name": reservation.signatory.name,
        "side": reservation.signatory.side.code.lower(),
        "text": reservation.text,
        "sha256": reservation.sha256,
        "at_printed": _printed(reservation.made_at),
    }
    if reservation.place:
        told |= {"passage": reservation.place, "to_printed": name_of_place(model, reservation.place)}
    if (withdrawal := getattr(reservation, "withdrawal", None)) is not None:
        at = _("Withdrawn on %(moment)s") % {"moment": _printed(withdrawal.withdrawn_at)}
        told |= {"withdrawn_printed": at, "withdrawal_sha256": withdrawal.sha256}
    return told


def _silent(text: FinalText) -> list[dict[str, str]]:
    """Who declined or did not answer; the reason never is printed."""
    signed = text.signatories.filter(acts__kind__in=Act.SIGNATURES)
    return [
        {"name": s.name, "side": s.side.code.lower(), "role_printed": s.role_printed}
        for s in text.signatories.exclude(pk__in=signed).select_related("side")
    ]


@transaction.atomic
def request_prints(
    document: Document,
    render_input: dict[str, Any],
    *,
    final_text: FinalText | None = None,
    draft: Draft | None = None,
) -> list[Rendition]:
    """One rendition for all or, under the alternat, one for each side, in the order of the text."""
    return [request_rendition(document, one, final_text=final_text, draft=draft) for one in copies(render_input)]


@transaction.atomic
def request_rendition(
    document: Document,
    render_input: dict[str, Any],
    *,
    final_text: FinalText | None = None,
    draft: Draft | None = None,
) -> Rendition:
    """The one rendition of this input: queued when there is none yet, tried again when it failed."""
    sha256, mine = input_digest(render_input), copy_of(render_input)
    rendition, made = Rendition.objects.get_or_create(
        input_sha256=sha256,
        defaults={
            "document": document,
            "final_text": final_text,
            "draft": draft,
            "side": _side_called(mine, document) if mine else None,
            "print_sha256": _digest_of_all_copies(render_input) if mine else sha256,
            "render_input": render_input,
        },
    )
    if made or rendition.state == Rendition.State.FAILED or rendition.is_lost:
        Rendition.objects.filter(pk=rendition.pk).update(state=Rendition.State.QUEUED, problem="", lease_until=None)
        rendition.refresh_from_db()
        send_on_commit("reports.render", rendition.pk)
    return rendition


def _side_called(id_: str, document: Document) -> Side | None:
    """By the id that texts give it."""
    return next((side for side in document.group.programme.sides.all() if side.code.lower() == id_), None)


def _digest_of_all_copies(render_input: dict[str, Any]) -> str:
    """Of the input without whose copy it is."""
    return input_digest({name: held for name, held in render_input.items() if name != "copy_of"})


def prints_of(render_input: dict[str, Any]) -> list[Rendition]:
    """The renditions of this text that were asked for before: one, or each side's copy."""
    return list(Rendition.objects.filter(print_sha256=input_digest(render_input)).side_by_side())
