"""Systems under MLPS: graded, filed, tested, filed again on the 2025 form. A case a line."""

from portal.law.facts import MlpsFacts, PipFacts
from tests.law.tables import asked, day, table, told

DAYS = ("graded_on", "filed_on", "refiled_on", "tested_on")


def system(name="Gate", level=2, **facts):
    return MlpsFacts(name, level, **{key: day(value) if key in DAYS else value for key, value in facts.items()})


def pip(*systems):
    return PipFacts("U", mlps=systems)


@table(
    ("no system on record", pip(), None),
    ("not graded", pip(system(level=None)), "open", {"due": None, "says": "Gate isn't graded"}),
    ("level 1: neither filed nor tested", pip(system(level=1)), "not_required", {"says": "Below level 2"}),
    (
        "graded, not filed: 30 natural days",
        pip(system(graded_on="2025-09-05")),
        "open",
        {"due": "2025-10-09", "safe": "2025-10-05", "arose_on": "2025-09-05", "says": "without having the text"},
    ),
    ("not filed, the day of grading isn't known", pip(system()), "open", {"due": None}),
    ("graded before any calendar", pip(system(graded_on="2019-09-05")), "open", {"due": None, "says": "isn't loaded"}),
    ("level 2 filed: a test within two years", pip(system(filed_on="2026-03-10")), "open", {"due": "2028-03-10"}),
    ("level 2 tested", pip(system(filed_on="2024-03-11", tested_on="2026-06-30")), "open", {"due": "2028-06-30"}),
    (
        "level 3 tested: again in a year",
        pip(system(level=3, filed_on="2024-03-11", tested_on="2026-06-30")),
        "open",
        {"due": "2027-06-30", "provisional": True},
    ),
    (
        "level 4 as level 3",
        pip(system(level=4, filed_on="2024-03-11", tested_on="2026-06-30")),
        "open",
        {"due": "2027-06-30"},
    ),
    (
        "overdue: the test of a level 3 system",
        pip(system(level=3, filed_on="2023-03-13", tested_on="2024-06-28")),
        "open",
        {"due": "2025-06-28"},
    ),
    (
        "filed again after the last test",
        pip(system(filed_on="2026-03-10", tested_on="2020-06-30")),
        "open",
        {"due": "2028-03-10"},
    ),
    (
        "the earliest step of several governs",
        pip(
            system("Slow", filed_on="2026-03-10"),
            system("Office", level=1),
            system("Fast", level=3, filed_on="2024-03-11", tested_on="2026-06-30"),
        ),
        "open",
        {"due": "2027-06-30", "says": "Further systems with a step ahead: 1."},
    ),
    (
        "what has no date comes first",
        pip(system("A", level=3, filed_on="2024-03-11", tested_on="2024-06-30"), system("B", level=None)),
        "open",
        {"due": None, "says": "B isn't graded"},
    ),
)
def test_mlps(facts, expected):
    assert told(asked(facts, "csl-mlps"), expected) == expected


@table(
    ("no system", pip(), None),
    ("level 1 filed long ago", pip(system(level=1, filed_on="2020-05-11")), None),
    ("filed in 2025 on the new form", pip(system(filed_on="2025-01-02")), None),
    ("never filed", pip(system(graded_on="2024-01-02")), None),
    (
        "overdue since 30 November 2025",
        pip(system(filed_on="2020-05-11")),
        "open",
        {"due": "2025-11-30", "safe": "2025-11-28", "arose_on": "2025-03-08"},
    ),
    (
        "one of two filed again",
        pip(system("A", filed_on="2020-05-11", refiled_on="2025-10-09"), system("B", filed_on="2021-05-11")),
        "open",
        {"says": "new form: B."},
    ),
    (
        "all filed again",
        pip(
            system("A", filed_on="2020-05-11", refiled_on="2025-10-09"),
            system("B", filed_on="2021-05-11", refiled_on="2025-11-12"),
        ),
        "met",
        {"met_on": "2025-11-12"},
    ),
)
def test_filing_again_on_the_2025_form(facts, expected):
    assert told(asked(facts, "mps-refile"), expected) == expected
