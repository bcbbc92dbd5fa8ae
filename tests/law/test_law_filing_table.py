"""The decision table of the filing duty, row by row (LAW.md 7.4)."""

from datetime import date

import pytest

from portal.law.engine import duties
from portal.law.facts import ChangeFacts, Count, Crossing, FilingFacts, PipFacts, ScenarioFacts
from tests.law.tables import CALENDAR, day

FILED = FilingFacts("FIL-1", "initial", "accepted", day("2026-09-10"), day("2026-10-08"), "N1")
RULES = ("frm-15-initial", "frm-15-transition", "frm-15-warning", "frm-15-change", "frm-15-cancel")


def pip(*counts, scope=True, ended=None, **more) -> PipFacts:
    scenario = ScenarioFacts(
        "GATE", in_scope=scope, started_on=day("2025-01-10"), ended_on=ended and day(ended), is_live=not ended
    )
    return PipFacts(
        "U",
        scenarios=(scenario,),
        counts=tuple(Count(day(on), "GATE", None, persons) for on, persons in counts),
        **more,
    )


def reached(on: str, persons: int = 100_000) -> dict:
    return {"confirmed_crossing": Crossing(day(on), persons, "by ID number")}


# Scope, total, first reached; then each open or met duty as (state, due, reviewed by counsel).
TABLE = (
    ("not in scope, any number", pip(("2026-07-01", 500_000), scope=False), {}),
    ("in scope, below 80,000: monitoring", pip(("2026-07-01", 79_999)), {}),
    ("in scope, 80,000: warning", pip(("2026-07-01", 80_000)), {"frm-15-warning": ("open", None, False)}),
    ("in scope, 99,999: warning", pip(("2026-07-01", 99_999)), {"frm-15-warning": ("open", None, False)}),
    (
        "reached before 2025-06-01: due 2025-07-14",
        pip(("2025-05-31", 100_000), **reached("2025-05-31")),
        {"frm-15-transition": ("open", "2025-07-14", False)},
    ),
    (
        "reached on 2025-06-01: 30 working days",
        pip(("2025-06-01", 100_000), **reached("2025-06-01")),
        {"frm-15-initial": ("open", "2025-07-14", False)},
    ),
    (
        "reached later: 30 working days",
        pip(("2026-09-04", 100_000), **reached("2026-09-04")),
        {"frm-15-initial": ("open", "2026-10-22", False)},
    ),
    (
        "below now, not filed: the duty stays open and counsel reviews it",
        pip(("2026-07-01", 100_000), ("2026-08-01", 60_000), **reached("2026-07-01")),
        {"frm-15-initial": ("open", "2026-08-12", True)},
    ),
    (
        "below now, filed: whether that is a substantial change is asked",
        pip(
            ("2026-09-04", 100_000),
            ("2026-10-09", 60_000),
            filings=(FILED,),
            changes=(ChangeFacts("CHG-1", day("2026-10-09"), None, "persons stored"),),
            **reached("2026-09-04"),
        ),
        {"frm-15-initial": ("met", "2026-10-22", False), "frm-15-change": ("open", "2026-11-19", True)},
    ),
    (
        "ended, filed: cancel within 30 working days of the end",
        pip(("2026-09-04", 100_000), ended="2026-10-09", filings=(FILED,), **reached("2026-09-04")),
        {"frm-15-initial": ("met", "2026-10-22", False), "frm-15-cancel": ("open", "2026-11-19", False)},
    ),
    (
        "ended and cancelled",
        pip(
            ("2026-09-04", 100_000),
            ended="2026-10-09",
            filings=(FILED, FilingFacts("FIL-2", "termination", "submitted", day("2026-10-20"))),
            **reached("2026-09-04"),
        ),
        {"frm-15-initial": ("met", "2026-10-22", False), "frm-15-cancel": ("met", "2026-11-19", False)},
    ),
)


@pytest.mark.parametrize(("case", "facts", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_status_of_the_filing_duty(case, facts, expected):
    found = {
        duty.rule: (duty.state, duty.due and duty.due.isoformat(), duty.needs_review)
        for duty in duties(facts, CALENDAR, date(2026, 10, 30))
        if duty.rule in RULES
    }
    assert found == expected
