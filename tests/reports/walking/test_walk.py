"""However everybody acts, no text is agreed, frozen, adopted, signed or published but by the keys that it takes."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.factories import World

from .machine import Agreement

pytestmark = pytest.mark.django_db


def walk(made: World, *, walks: int, length: int, **more: Any) -> type[Agreement]:
    """So many walks from this world of at most `length` steps each; the class that counted them."""
    machine = type("Walk", (Agreement,), {"made": made, "steps": 0, "taken": 0})
    found = settings(
        max_examples=walks,
        stateful_step_count=length,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )
    run_state_machine_as_test(machine, settings=found)
    return machine


def test_however_everybody_acts_nothing_is_agreed_with_fewer_keys_than_it_takes(made):
    """The same few walks each time."""
    machine = walk(made, walks=5, length=40, derandomize=True)

    assert machine.steps > 100
    assert machine.taken > 20


@pytest.mark.deep
@pytest.mark.parametrize("part", range(5))
def test_so_it_is_over_many_thousand_steps(made, part):
    steps = 0

    while steps < 5_000:
        steps += walk(made, walks=25, length=100).steps

    assert steps >= 5_000
