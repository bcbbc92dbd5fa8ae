"""The short forms of the reliability programme: ``bench/torture`` says what is done, its oracle what must hold."""

from collections.abc import Iterator

import pytest

from bench.torture.ground import Ground, ground
from bench.torture.run import result_of
from bench.torture.scenarios import SCENARIOS

SEED = "20261123"


@pytest.fixture(scope="module")
def stand(django_db_setup, django_db_blocker) -> Iterator[Ground]:
    """Servers that nobody else uses: they are emptied, crashed and started again."""
    with django_db_blocker.unblock():
        stand = ground()
        yield stand
        stand.leave()


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_no_reminder_is_lost_or_doubled(name, stand, django_db_blocker):
    with django_db_blocker.unblock():
        found = result_of(stand, name, seed=SEED, is_full=False)
    print(found)
    assert not found.faults
