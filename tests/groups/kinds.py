"""A kind of motion without texts: a group's purpose is changed under every side's key."""

import hashlib

from groups.models import ThematicGroup
from groups.motions import MayNotBeMoved, MotionKind, _kinds, all_sides, register

NAME = "test.purpose"


def _sha256(group: ThematicGroup, facts: dict) -> str:
    return hashlib.sha256(f"{group.purpose}|{facts['purpose']}".encode()).hexdigest()


def _carry(group: ThematicGroup, *, motion, by) -> None:
    group.purpose = motion.facts["purpose"]
    group.save(update_fields=["purpose"])


def _check(group: ThematicGroup, facts: dict) -> None:
    if facts["purpose"] == "forbidden":
        raise MayNotBeMoved("This purpose is not allowed. Choose another one.")


def _find(public_id: str) -> ThematicGroup | None:
    return ThematicGroup.objects.filter(public_id=public_id).first()


if NAME not in _kinds:
    register(
        MotionKind(
            name=NAME,
            words="Change the purpose",
            lock=lambda public_id: ThematicGroup.objects.get(public_id=public_id),
            find=_find,
            group=lambda group: group,
            sha256=_sha256,
            sides=all_sides,
            carry=_carry,
            check=_check,
            may_propose=lambda standing, group: standing.holds_key,
            url=lambda group: f"/groups/{group.public_id}/",
            title=lambda group: f"{group.name}, purpose",
            explain=lambda group, facts: [("New purpose", facts["purpose"])],
        )
    )


def sha256_of(group: ThematicGroup, purpose: str) -> str:
    return _sha256(ThematicGroup.objects.get(pk=group.pk), {"purpose": purpose})
