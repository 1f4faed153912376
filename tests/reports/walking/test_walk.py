"""However everybody acts, no text is agreed, frozen, adopted, signed or published but by the keys that it takes."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.factories import World

from .machine import Agreement

pytestmark = pytest.mark.django_db
STEPS = 100


def walk(made: World, walks: int) -> type[Agreement]:
    """So many walks from this world, each of STEPS steps; the class that counted them."""
    machine = type("Walk", (Agreement,), {"made": made, "steps": 0, "taken": 0})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=walks,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return machine


def test_however_everybody_acts_nothing_is_agreed_with_fewer_keys_than_it_takes(made):
    machine = walk(made, walks=6)

    assert machine.taken > 100


@pytest.mark.deep
@pytest.mark.both_databases
@pytest.mark.parametrize("part", range(5))
def test_so_it_is_over_many_thousand_steps(made, part):
    machine = walk(made, walks=50)

    assert machine.steps >= 5_000
