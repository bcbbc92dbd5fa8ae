"""Facts as they stood on a day."""

import pytest

from tests.law.tables import day, deployment, scenario


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2026-01-31", "planned"),
        ("2026-02-01", "active"),
        ("2026-06-01", "terminated"),
        ("2026-07-01", "disposed"),
    ],
)
def test_a_deployments_status_is_that_of_the_day(on, status):
    facts = deployment(
        status="disposed", started_on=day("2026-02-01"), ended_on=day("2026-06-01"), disposed_on=day("2026-07-01")
    )
    assert facts.as_of(day(on)).deployments[0].status == status


def test_a_day_is_past_once_the_facts_are_seen_after_it():
    facts = scenario()
    assert not facts.is_past(day("2000-01-01"))
    assert not facts.as_of(day("2026-10-12")).is_past(day("2026-10-12"))
    assert facts.as_of(day("2026-10-13")).is_past(day("2026-10-12"))
    assert not facts.as_of(day("2026-10-13")).is_past(None)
