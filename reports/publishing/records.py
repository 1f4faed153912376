"""The records that are printed and attached beside a text: only what may be told of a signature.

An allow-list, because these records travel to the public: an address of a machine or a reason for declining
that somebody adds upstream one day must not appear in a file that names people.
"""

from typing import Any

PERSON = ("name", "side", "role_printed")
ACT = ("signatory", *PERSON, "at", "at_printed", "method_printed", "reference", "reservation")
FIELDS = {
    "initials": ACT,
    "signatures": ACT,
    "reservations": (
        *("call", *PERSON, "text", "sha256", "passage", "to_printed", "at", "at_printed"),
        *("withdrawn_printed", "withdrawal_sha256"),
    ),
    "declined": (*PERSON, "answer_printed"),
}


def public_records(records: dict | None, text: dict) -> dict[str, Any] | None:
    """A copy that holds nothing but the known fields; who did not sign only under the document's own rule."""
    if not records:
        return None
    told: dict[str, Any] = {name: records.get(name, "") for name in ("text_sha256", "verify_url", "code")}
    told |= {"chain_head": {name: (records.get("chain_head") or {}).get(name, "") for name in ("seq", "hash")}}
    if adoption := records.get("adoption"):
        told["adoption"] = {name: adoption.get(name, "") for name in ("heading", "words")}
    for kind, fields in FIELDS.items():
        told[kind] = [{name: fact[name] for name in fields if name in fact} for fact in records.get(kind, [])]
    if not text["rules"]["print_declined"]:
        told["declined"] = []
    return told
