"""After the first filing: changes, cancellation, materials. A case a line."""

from datetime import date

import pytest

from portal.law.engine import duties
from portal.law.facts import ChangeFacts, FilingFacts, PipFacts, ScenarioFacts
from tests.law.tables import CALENDAR, asked, day, table, told

ACCEPTED = FilingFacts("FIL-1", "initial", "accepted", date(2025, 7, 10), date(2025, 8, 1), "N1")
SUBMITTED = FilingFacts("FIL-1", "initial", "submitted", date(2025, 7, 10))


def change(ref, on, is_substantial=None, what="", carried_by=None):
    return ChangeFacts(ref, day(on), is_substantial, what, carried_by)


def sent(kind, on, state="submitted"):
    return FilingFacts("FIL-2", kind, state, day(on))


def pip(*changes, filings=(ACCEPTED,), scenarios=()):
    return PipFacts("U", changes=changes, filings=filings, scenarios=scenarios)


MOVED = change("C1", "2026-09-04", True, "storage mode")


@table(
    ("nothing changed", pip(), None),
    ("a change while the filing is only submitted", pip(MOVED, filings=(SUBMITTED,)), None),
    ("a change without any filing", pip(MOVED, filings=()), None),
    (
        "substantial: 30 working days",
        pip(MOVED),
        "open",
        {"due": "2026-10-22", "arose_on": "2026-09-04", "needs_review": False, "says": "storage mode"},
    ),
    (
        "undecided: the date runs as if it were",
        pip(change("C1", "2026-09-04")),
        "open",
        {"due": "2026-10-22", "needs_review": True, "says": "Nobody has decided yet"},
    ),
    (
        "decided not to be substantial",
        pip(change("C1", "2026-09-04", False)),
        "not_required",
        {"due": None, "says": "not to be substantial: 1."},
    ),
    (
        "of three the earliest governs",
        pip(change("C3", "2026-09-20", True), change("C1", "2026-08-01", False), change("C2", "2026-09-04")),
        "open",
        {"due": "2026-10-22", "needs_review": True, "says": "2 changes wait"},
    ),
    ("overdue since 2025", pip(change("C1", "2025-09-30", True)), "open", {"due": "2025-11-18"}),
    (
        "a change filing on the day itself",
        pip(MOVED, filings=(ACCEPTED, sent("change", "2026-09-04"))),
        "met",
        {"met_on": "2026-09-04", "due": "2026-10-22"},
    ),
    ("a change filing before it", pip(MOVED, filings=(ACCEPTED, sent("change", "2026-09-03"))), "open", {}),
    (
        "a change filing that was taken back",
        pip(MOVED, filings=(ACCEPTED, sent("change", "2026-09-10", "withdrawn"))),
        "open",
        {},
    ),
    (
        "filed, then changed again",
        pip(MOVED, change("C2", "2026-09-30", True), filings=(ACCEPTED, sent("change", "2026-09-10"))),
        "open",
        {"arose_on": "2026-09-30"},
    ),
    (
        "cancelled altogether",
        pip(MOVED, filings=(ACCEPTED, sent("termination", "2026-09-10"))),
        "met",
        {"met_on": "2026-09-10"},
    ),
    (
        "the change filing carries another change only",
        pip(change("C1", "2026-09-04", True, carried_by=""), filings=(ACCEPTED, sent("change", "2026-09-10"))),
        "open",
        {"due": "2026-10-22"},
    ),
    (
        "the change filing that carries it is still a draft",
        pip(
            change("C1", "2026-09-04", True, carried_by="FIL-2"),
            filings=(ACCEPTED, FilingFacts("FIL-2", "change", "draft")),
        ),
        "open",
        {},
    ),
    (
        "filed ahead of the day on which it took effect",
        pip(change("C1", "2026-09-04", True, carried_by="FIL-2"), filings=(ACCEPTED, sent("change", "2026-08-20"))),
        "met",
        {"met_on": "2026-08-20", "due": "2026-10-22"},
    ),
    (
        "carried by none, but the use was cancelled since",
        pip(change("C1", "2026-09-04", carried_by=""), filings=(ACCEPTED, sent("termination", "2026-09-10"))),
        "met",
        {"met_on": "2026-09-10"},
    ),
    ("a change before any calendar", pip(change("C1", "2019-09-04", True)), "open", {"due": None}),
)
def test_change_filing(facts, expected):
    assert told(asked(facts, "frm-15-change"), expected) == expected


def gate(started="2025-06-10", ended=None, code="GATE", **facts):
    ended_on = ended and day(ended)
    return ScenarioFacts(code, started_on=day(started), ended_on=ended_on, is_live=not ended, **facts)


ENDED = gate(ended="2026-09-04")


@table(
    ("still in use", pip(scenarios=(gate(),)), None),
    ("one of two still in use", pip(scenarios=(ENDED, gate(code="B"))), None),
    ("nothing on file", pip(scenarios=(ENDED,), filings=()), None),
    ("only submitted", pip(scenarios=(ENDED,), filings=(SUBMITTED,)), None),
    ("planned scenarios only", pip(scenarios=(ScenarioFacts("GATE"),)), None),
    (
        "all ended: 30 working days after the last",
        pip(scenarios=(gate(ended="2026-01-05", code="A"), ENDED)),
        "open",
        {"due": "2026-10-22", "arose_on": "2026-09-04", "says": "FIL-1 is still on file"},
    ),
    (
        "what is out of scope or only planned doesn't hold it up",
        pip(scenarios=(ENDED, gate(code="B", in_scope=False), ScenarioFacts("C"))),
        "open",
        {"due": "2026-10-22"},
    ),
    ("overdue since 2025", pip(scenarios=(gate(ended="2025-09-30"),)), "open", {"due": "2025-11-18"}),
    (
        "cancelled",
        pip(scenarios=(ENDED,), filings=(ACCEPTED, sent("termination", "2026-10-09"))),
        "met",
        {"met_on": "2026-10-09", "due": "2026-10-22"},
    ),
    (
        "cancelled once, filed anew since",
        pip(
            scenarios=(ENDED,),
            filings=(
                sent("termination", "2026-01-09"),
                FilingFacts("FIL-3", "initial", "accepted", date(2026, 3, 2), date(2026, 3, 20), "N2"),
            ),
        ),
        "open",
        {"says": "FIL-3"},
    ),
)
def test_cancellation(facts, expected):
    assert told(asked(facts, "frm-15-cancel"), expected) == expected


def dossier(state="draft", *missing, kind="initial", **facts):
    return pip(filings=(FilingFacts("FIL-1", kind, state, missing=missing, **facts),))


@table(
    ("no dossier", pip(filings=()), None),
    ("a change filing has another list", dossier("draft", "commitment", kind="change"), None),
    ("taken back", dossier("withdrawn", "commitment"), None),
    ("decided not to be required", dossier("not_required", "commitment"), None),
    (
        "a letter is missing",
        dossier("draft", "commitment", "agent-id", opened_on=date(2026, 9, 7)),
        "open",
        {
            "layer": "practice",
            "arose_on": "2026-09-07",
            "due": None,
            "says": "missing Commitment letter, Identity document of the agent.",
        },
    ),
    (
        "three missing reports are one material",
        dossier("draft", *["pipia-report"] * 3),
        "open",
        {"says": "missing PIPIA report."},
    ),
    ("sent back and being corrected", dossier("correcting", "commitment"), "open", {}),
    ("nothing is missing", dossier("draft"), "met", {"says": "no material is missing"}),
    ("frozen", dossier("frozen", "other"), "met", {}),
    ("submitted", dossier("submitted", submitted_on=date(2026, 10, 9)), "met", {"met_on": "2026-10-09"}),
)
def test_materials_of_a_dossier(facts, expected):
    assert told(asked(facts, "cac-materials"), expected) == expected


@pytest.mark.parametrize("on, rules", [("2026-09-03", set()), ("2026-09-04", {"frm-15-change"})])
def test_a_change_is_seen_from_its_day_on(on, rules):
    found = {duty.rule for duty in duties(pip(MOVED), CALENDAR, day(on))}
    assert found & {"frm-15-change"} == rules


def test_a_filing_that_came_later_met_nothing_before():
    facts = pip(MOVED, filings=(ACCEPTED, sent("change", "2026-09-10")))
    assert asked(facts, "frm-15-change", day("2026-09-09")).state == "open"
    assert asked(facts, "frm-15-change", day("2026-09-10")).state == "met"
