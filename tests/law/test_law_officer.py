"""The PI protection officer: appointed, reported, recommended. A case a line."""

from datetime import date

from portal.law.facts import Count, Crossing, GovernanceFacts, PipFacts
from tests.law.tables import asked, day, scenario, table, told

IN_USE = {"is_live": True, "started_on": date(2025, 7, 1)}


def appointed(on):
    return GovernanceFacts("officer_appointment", day(on))


def reported(on):
    return GovernanceFacts("officer_report", day(on))


def pip(*proofs, persons=None, reached_on=None, **facts):
    million = {"total_pi_persons": persons, "million_reached_on": reached_on and day(reached_on)}
    return PipFacts("U", governance=proofs, **million, **facts)


@table(
    ("nothing known of the number", pip(), None),
    ("one short of a million", pip(persons=999_999), None),
    ("a million, nobody appointed", pip(persons=1_000_000), "open", {"due": None, "says": "the day isn't recorded"}),
    (
        "the day is recorded",
        pip(reached_on="2026-05-06"),
        "open",
        {"arose_on": "2026-05-06", "due": None, "says": "reached on 6 May 2026"},
    ),
    ("named without a letter", pip(persons=1_000_000, officer="named"), "open", {"says": "no letter of appointment"}),
    ("appointed", pip(appointed("2026-05-20"), persons=2_000_000), "met", {"met_on": "2026-05-20"}),
    (
        "reached once, fewer now: counsel looks",
        pip(persons=800_000, reached_on="2026-05-06"),
        "open",
        {"needs_review": True, "says": "counsel must review it"},
    ),
)
def test_officer_above_a_million_persons(facts, expected):
    assert told(asked(facts, "pipl-52-officer"), expected) == expected


@table(
    ("below a million", pip(persons=999_999), None),
    ("reached, the day isn't known", pip(persons=1_000_000), "open", {"due": None, "remedy_says": "Record the day"}),
    ("30 working days", pip(reached_on="2025-09-30"), "open", {"due": "2025-11-18", "arose_on": "2025-09-30"}),
    ("on the day of the announcement", pip(reached_on="2025-07-18"), "open", {"due": "2025-08-29"}),
    (
        "overdue since 29 August 2025: reached before the announcement",
        pip(reached_on="2025-07-17"),
        "open",
        {"due": "2025-08-29", "safe": "2025-08-28", "arose_on": "2025-07-18"},
    ),
    ("reached many years ago", pip(reached_on="2012-07-17"), "open", {"due": "2025-08-29"}),
    (
        "reported",
        pip(reported("2025-10-10"), reached_on="2025-09-30"),
        "met",
        {"met_on": "2025-10-10", "due": "2025-11-18"},
    ),
    (
        "another officer after the report",
        pip(appointed("2025-09-01"), reported("2025-10-10"), appointed("2026-09-04"), reached_on="2025-08-30"),
        "open",
        {"due": "2026-10-22", "arose_on": "2026-09-04", "says": "the change is reported"},
    ),
    (
        "the change reported too",
        pip(reported("2025-10-10"), appointed("2026-09-04"), reported("2026-09-10"), reached_on="2025-09-30"),
        "met",
        {"met_on": "2026-09-10"},
    ),
    (
        "fewer now, not reported: counsel looks",
        pip(persons=10, reached_on="2025-09-30"),
        "open",
        {"due": "2025-11-18", "needs_review": True},
    ),
)
def test_report_of_the_officer(facts, expected):
    assert told(asked(facts, "cac-officer-report"), expected) == expected


def stored(persons, *proofs, later=None, **facts):
    """A PIP that stores the face information of so many persons since 1 July 2025."""
    counts = [Count(date(2025, 7, 1), "GATE", None, persons)]
    counts += [Count(date(2026, 7, 1), "GATE", None, later)] if later is not None else []
    return scenario(**IN_USE, pip={"counts": tuple(counts), "governance": proofs, **facts})


@table(
    ("99,999 persons", stored(99_999), None),
    (
        "100,000 persons, the count unconfirmed",
        stored(100_000),
        "open",
        {"layer": "standard", "due": None, "is_confirmed": False, "arose_on": "2025-11-01"},
    ),
    (
        "confirmed",
        stored(100_000, confirmed_crossing=Crossing(date(2025, 12, 1), 100_000)),
        "open",
        {"is_confirmed": True, "arose_on": "2025-12-01"},
    ),
    ("fewer now: no advice any more", stored(100_000, later=60_000), None),
    ("appointed", stored(100_000, appointed("2025-12-15")), "met", {"met_on": "2025-12-15"}),
)
def test_advice_of_the_standard(facts, expected):
    assert told(asked(facts, "gbt-45574-officer"), expected) == expected


def test_the_advice_exists_since_the_standard_took_effect():
    assert asked(stored(100_000), "gbt-45574-officer", date(2025, 10, 31)) is None
    assert asked(stored(100_000), "gbt-45574-officer", date(2025, 11, 1)).state == "open"
