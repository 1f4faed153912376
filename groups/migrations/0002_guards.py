"""A membership's side is the person's side in the programme; a person never changes sides."""

from django.db import migrations

from parley.access.guards import Guard, put_up, take_down

OWN_SIDE = (
    "(SELECT p.side_id FROM programmes_participant p JOIN groups_thematicgroup g ON g.programme_id = p.programme_id "
    "WHERE g.id = NEW.group_id AND p.person_id = NEW.person_id)"
)
GUARDS = [
    Guard(
        name=f"membership_side_on_{verb.split()[0].lower()}",
        table="groups_membership",
        on=verb,
        wrong=f"NEW.side_id IS DISTINCT FROM {OWN_SIDE}",
        message="a person sits on their own side of the programme",
    )
    for verb in ("INSERT", "UPDATE OF side_id, person_id, group_id")
] + [
    Guard(
        name="participant_side_is_final",
        table="programmes_participant",
        on="UPDATE OF side_id, person_id, programme_id",
        wrong="NEW.side_id IS DISTINCT FROM OLD.side_id OR NEW.person_id <> OLD.person_id "
        "OR NEW.programme_id <> OLD.programme_id",
        message="a person never changes sides",
    )
]


class Migration(migrations.Migration):
    dependencies = [("groups", "0001_initial"), ("programmes", "0001_initial")]
    operations = [migrations.RunPython(put_up(GUARDS), take_down(GUARDS))]
