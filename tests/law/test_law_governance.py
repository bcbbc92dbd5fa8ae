"""What a PIP proves of itself: rules, logs, CII, audits, the yearly report on minors. A case a line."""

from datetime import date

import pytest

from portal.law.facts import GovernanceFacts, PipFacts, ScenarioFacts
from tests.law.tables import CALENDAR, asked, day, scenario, table, told

IN_USE = {"is_live": True, "started_on": date(2026, 3, 2)}
ENDED = {"started_on": date(2026, 3, 2), "ended_on": date(2026, 8, 31)}


def proof(kind, done_on, **more):
    if "valid_until" in more:
        more["valid_until"] = day(more["valid_until"])
    return GovernanceFacts(kind, day(done_on), **more)


def pip(*proofs, of=None, **facts):
    """A PIP with one scenario in use, unless `of` says otherwise."""
    return scenario(pip={"governance": proofs, **facts}, **(IN_USE if of is None else of))


RULES_AND_TRAINING = (proof("internal_rules", "2026-02-01"), proof("training", "2026-02-20"))


@table(
    ("no scenario at all", PipFacts("U"), None),
    ("household affairs only", pip(of={"in_scope": False, "scope": "out_household"}), None),
    ("research only: the PIPL stays", pip(of={"in_scope": False, "scope": "out_rnd"}), "open"),
    ("every scenario ended", pip(of=ENDED), None),
    ("planned, nothing on record", pip(of={}), "open", {"arose_on": None, "due": None}),
    ("in use, nothing on record", pip(), "open", {"arose_on": "2026-03-02", "due": None, "says": "Security training"}),
    ("rules without training", pip(RULES_AND_TRAINING[0]), "open", {"says": "of: Security training."}),
    ("both on record", pip(*RULES_AND_TRAINING), "met", {"met_on": "2026-02-20"}),
)
def test_internal_rules(facts, expected):
    assert told(asked(facts, "pipl-51-internal-rules"), expected) == expected


@table(
    ("no rules yet", pip(), None),
    ("rules, but every scenario ended", pip(*RULES_AND_TRAINING, of=ENDED), None),
    ("a year after the rules", pip(*RULES_AND_TRAINING), "open", {"due": "2027-02-01", "layer": "default"}),
    (
        "the record names its own day",
        pip(proof("internal_rules", "2026-02-01", valid_until="2026-09-30")),
        "open",
        {"due": "2026-09-30", "safe": "2026-09-29"},
    ),
    (
        "reviewed: the date moves on",
        pip(*RULES_AND_TRAINING, proof("internal_rules", "2026-11-03")),
        "open",
        {"due": "2027-11-03"},
    ),
    ("overdue since 2025", pip(proof("internal_rules", "2024-02-29")), "open", {"due": "2025-02-28"}),
    ("older than every calendar", pip(proof("internal_rules", "2015-05-04")), "open", {"due": "2016-05-04"}),
)
def test_yearly_review_of_the_rules(facts, expected):
    assert told(asked(facts, "default-rules-review"), expected) == expected


@table(
    ("no scenario", PipFacts("U"), None),
    ("nothing on record", pip(), "open", {"arose_on": "2026-03-02", "due": None}),
    ("proved for good", pip(proof("log_retention", "2026-01-15")), "met", {"met_on": "2026-01-15"}),
    (
        "a proof that ends is renewed by its end",
        pip(proof("log_retention", "2026-01-15", valid_until="2026-07-15")),
        "open",
        {"due": "2026-07-15", "says": "It ends on 15 July 2026"},
    ),
    (
        "the newest proof counts",
        pip(proof("log_retention", "2025-01-15", valid_until="2025-07-15"), proof("log_retention", "2025-07-01")),
        "met",
        {"met_on": "2025-07-01"},
    ),
)
def test_network_logs(facts, expected):
    assert told(asked(facts, "csl-23-logs"), expected) == expected


@table(
    ("no CII operator", pip(), None),
    ("a CII operator without proof", pip(is_cii=True), "open", {"due": None}),
    ("a CII operator before any use", PipFacts("U", is_cii=True), "open", {"arose_on": None}),
    ("proved", pip(proof("cii_protection", "2026-04-01"), is_cii=True), "met", {"met_on": "2026-04-01"}),
    (
        "proved until a day",
        pip(proof("cii_protection", "2026-04-01", valid_until="2027-03-31"), is_cii=True),
        "open",
        {"due": "2027-03-31", "provisional": True},
    ),
)
def test_cii_protection(facts, expected):
    assert told(asked(facts, "cii-protection"), expected) == expected


TEN_MILLION = {"total_pi_persons": 10_000_001}


@table(
    ("no scenario", PipFacts("U", **TEN_MILLION), None),
    ("never audited, no frequency in law", pip(), "open", {"due": None, "says": "fixes no day"}),
    ("audited once, below ten million", pip(proof("audit", "2025-09-01")), "met", {"met_on": "2025-09-01"}),
    (
        "the PIP's own next day",
        pip(proof("audit", "2025-09-01", valid_until="2026-08-31")),
        "open",
        {"due": "2026-08-31"},
    ),
    ("ten million exactly isn't more than ten million", pip(total_pi_persons=10_000_000), "open", {"due": None}),
    ("above ten million, never audited", pip(**TEN_MILLION), "open", {"due": "2027-05-01", "provisional": True}),
    ("above ten million, audited", pip(proof("audit", "2025-09-01"), **TEN_MILLION), "open", {"due": "2027-09-01"}),
    ("overdue", pip(proof("audit", "2023-09-04"), **TEN_MILLION), "open", {"due": "2025-09-04", "safe": "2025-09-03"}),
)
def test_compliance_audit(facts, expected):
    assert told(asked(facts, "pipl-54-audit"), expected) == expected


def minors(*reported, subjects=("aged_14_17",), **of):
    """A scenario with minors since 2023 unless said otherwise, and the years that were reported."""
    facts = {"is_live": True, "started_on": date(2023, 9, 1), **of}
    proofs = [proof("minors_audit", f"{year + 1}-01-20", year=year) for year in reported]
    return scenario(subjects=frozenset(subjects), pip={"governance": tuple(proofs)}, **facts)


@table(
    ("adults only", minors(subjects=("employees",)), None),
    ("outside the PIPL", minors(in_scope=False, scope="out_not_china"), None),
    ("planned: nothing is processed yet", minors(is_live=False, started_on=None), None),
    ("ended before the first year", minors(is_live=False, ended_on=date(2024, 6, 30)), None),
    ("2025 not reported", minors(), "open", {"due": "2026-01-31", "safe": "2026-01-30", "arose_on": "2025-01-01"}),
    ("children under 14 are minors too", minors(subjects=("under_14",)), "open", {"due": "2026-01-31"}),
    ("2025 reported, 2026 runs", minors(2025), "open", {"due": "2027-01-31", "safe": "2027-01-29"}),
    ("overdue: 2025 was left out", minors(2026), "open", {"due": "2026-01-31", "says": "The audit of 2025"}),
    ("begun in 2026", minors(started_on=date(2026, 3, 2)), "open", {"due": "2027-01-31"}),
    (
        "ended and all reported",
        minors(2025, 2026, is_live=False, ended_on=date(2026, 5, 1)),
        "met",
        {"met_on": "2027-01-20", "due": "2027-01-31"},
    ),
    (
        "ended, the last year open",
        minors(2025, is_live=False, ended_on=date(2026, 5, 1)),
        "open",
        {"due": "2027-01-31"},
    ),
)
def test_yearly_audit_of_minors(facts, expected):
    assert told(asked(facts, "minors-37-audit"), expected) == expected


def test_a_year_without_minors_between_two_scenarios_is_not_asked_for():
    old = ScenarioFacts("A", subjects=frozenset({"under_14"}), started_on=date(2024, 1, 1), ended_on=date(2025, 6, 1))
    new = ScenarioFacts("B", subjects=frozenset({"under_14"}), started_on=date(2027, 3, 1), is_live=True)
    facts = PipFacts("U", scenarios=(old, new), governance=(proof("minors_audit", "2026-01-12", year=2025),))
    assert asked(facts, "minors-37-audit").due == date(2028, 1, 31)


def test_a_record_without_its_year_reports_the_year_before():
    facts = minors()
    facts = PipFacts("U", scenarios=facts.scenarios, governance=(proof("minors_audit", "2026-01-12"),))
    assert asked(facts, "minors-37-audit").due == date(2027, 1, 31)


@pytest.mark.parametrize(("on", "is_asked"), [("2025-12-28", False), ("2025-12-29", True)])
def test_the_report_on_minors_exists_since_its_announcement(on, is_asked):
    assert bool(asked(minors(), "minors-37-audit", day(on))) is is_asked


def test_the_last_day_of_january_stays_although_it_is_a_sunday():
    duty = asked(minors(2025), "minors-37-audit")
    assert (duty.due, duty.due.weekday()) == (date(2027, 1, 31), 6)
    assert CALENDAR.fixed(date(2026, 1, 31)).safe == date(2026, 1, 30)
