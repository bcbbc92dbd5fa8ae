"""Security incidents: at once, and within hours. A case a line."""

from datetime import UTC, date, datetime

import pytest

from portal.law.facts import IncidentFacts, PipFacts
from tests.law.tables import asked, table, told

MOMENTS = ("remedied_at", "authority_told_at", "persons_told_at")


def at(text):
    """A moment in UTC: 01:30 is half past nine in the morning in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def incident(discovered_at="2026-10-09T01:30", pip=None, **facts):
    facts = {key: at(value) if key in MOMENTS else value for key, value in facts.items()}
    return PipFacts("U", incidents=(IncidentFacts("INC-1", at(discovered_at), **facts),), **(pip or {}))


DONE = {"remedied_at": "2026-10-09T02:00", "authority_told_at": "2026-10-09T03:00"}
TOLD = {"persons_told_at": "2026-10-09T17:00"}  # 01:00 of the next day in Shanghai


@table(
    ("no incident", PipFacts("U"), None),
    (
        "just discovered: no clock, and late already",
        incident(),
        "open",
        {
            "subject": "incident:INC-1",
            "due": None,
            "due_at": None,
            "is_critical": True,
            "arose_on": "2026-10-09",
            "says": "remedy, notice to the authority, notice to the persons",
        },
    ),
    (
        "discovered late at night in UTC: the next day in Shanghai",
        incident("2026-10-08T16:30"),
        "open",
        {"arose_on": "2026-10-09", "says": "9 October 2026, 00:30"},
    ),
    ("the persons don't know yet", incident(**DONE), "open", {"says": "Not done yet: notice to the persons."}),
    ("all done", incident(**DONE, **TOLD), "met", {"met_on": "2026-10-10", "is_critical": False}),
    (
        "exempt from telling the persons: harm is avoided",
        incident(**DONE, harm_is_avoided=True),
        "met",
        {"met_on": "2026-10-09", "says": "unless the authority orders it"},
    ),
    (
        "harm avoided, the authority doesn't know",
        incident(remedied_at="2026-10-09T02:00", harm_is_avoided=True),
        "open",
        {"says": "Not done yet: notice to the authority."},
    ),
)
def test_remedy_and_notices(facts, expected):
    assert told(asked(facts, "pipl-57-incident"), expected) == expected


LARGE = {"grade": "large"}


@table(
    ("no incident", PipFacts("U"), None),
    ("before the Measures on reporting", incident("2025-10-31T15:59", **LARGE), None),
    ("the first minute of 1 November 2025", incident("2025-10-31T16:00", **LARGE), "open", {}),
    ("exempt: a general incident", incident(grade="general"), "not_required", {"due_at": None}),
    (
        "4 hours to the provincial CAC",
        incident(**LARGE),
        "open",
        {
            "due_at": "2026-10-09T05:30:00+00:00",
            "due": None,
            "says": "4 hours to tell the provincial CAC: by 9 October 2026, 13:30",
        },
    ),
    (
        "2 hours for a state organ",
        incident(**LARGE, pip={"is_state_organ": True}),
        "open",
        {"due_at": "2026-10-09T03:30:00+00:00"},
    ),
    (
        "1 hour for a CII operator",
        incident(grade="major", pip={"is_cii": True}),
        "open",
        {"due_at": "2026-10-09T02:30:00+00:00", "says": "1 hour to tell the protection department and the police"},
    ),
    (
        "who is both goes by the shorter clock",
        incident(**LARGE, pip={"is_cii": True, "is_state_organ": True}),
        "open",
        {"due_at": "2026-10-09T02:30:00+00:00"},
    ),
    (
        "hours run on days of rest too",
        incident("2026-10-03T20:00", grade="especially_major"),
        "open",
        {"due_at": "2026-10-04T00:00:00+00:00"},
    ),
    ("told in time", incident(**LARGE, authority_told_at="2026-10-09T05:30"), "met", {"met_on": "2026-10-09"}),
    (
        "overdue: told a minute late",
        incident(**LARGE, authority_told_at="2026-10-09T05:31"),
        "met",
        {"says": "That was late."},
    ),
)
def test_report_within_hours(facts, expected):
    assert told(asked(facts, "incident-04-report"), expected) == expected


@pytest.mark.parametrize(("on", "state"), [("2026-10-09", "open"), ("2026-10-10", "met")])
def test_a_notice_counts_from_its_day_on(on, state):
    facts = incident(**DONE, **TOLD)
    assert asked(facts, "pipl-57-incident", date.fromisoformat(on)).state == state
    assert asked(facts, "pipl-57-incident", date(2026, 10, 8)) is None
