"""Cases of people, complainants and authorities. A case a line."""

import time
from datetime import date

import pytest

from portal.law.engine import duties
from portal.law.enums import CASE_KINDS, RIGHTS
from portal.law.facts import CaseFacts, PipFacts, ScenarioFacts
from tests.law.tables import CALENDAR, asked, day, table, told

DAYS = ("received_on", "answered_on", "due_on")


def case(kind, received_on="2026-09-04", scenario=None, ref="CASE-1", reply_days=15, **facts):
    """A PIP with one case; `scenario` are facts of the scenario that it is about."""
    facts = {key: day(value) if key in DAYS else value for key, value in facts.items()}
    about = "GATE" if scenario is not None else ""
    return PipFacts(
        "U",
        scenarios=(ScenarioFacts("GATE", **(scenario or {})),),
        cases=(CaseFacts(ref, kind, day(received_on), about, **facts),),
        reply_days=reply_days,
    )


ON_CONSENT, ON_CONTRACT = {"legal_basis": "consent"}, {"legal_basis": "contract"}


@table(
    ("another kind of case", case("deletion"), None),
    ("withdrawn", case("withdrawal"), "open", {"subject": "case:CASE-1", "due": None, "arose_on": "2026-09-04"}),
    ("of a scenario on consent", case("withdrawal", scenario=ON_CONSENT), "open", {}),
    ("nobody recorded the basis", case("withdrawal", scenario={}), "open", {}),
    (
        "answered without a proof of deletion",
        case("withdrawal", answered_on="2026-09-08"),
        "open",
        {"says": "Answered on 8 September 2026. The deletion isn't proved."},
    ),
    (
        "deletion proved",
        case("withdrawal", answered_on="2026-09-08", is_deletion_proved=True),
        "met",
        {"met_on": "2026-09-08"},
    ),
    ("deletion proved, not told yet", case("withdrawal", is_deletion_proved=True), "met", {"met_on": None}),
    (
        "exempt: a statutory period runs",
        case("withdrawal", exemption="statutory_retention"),
        "not_required",
        {"says": "PIPL Art 47"},
    ),
    ("exempt: necessary for the service", case("withdrawal", exemption="necessary"), "not_required", {}),
    (
        "exempt: the scenario doesn't stand on consent",
        case("withdrawal", scenario=ON_CONTRACT),
        "not_required",
        {"says": "Contract with the person"},
    ),
    ("not founded, the reasons told", case("withdrawal", exemption="unfounded", answered_on="2026-09-08"), "met", {}),
    ("not founded, nobody told", case("withdrawal", exemption="unfounded"), "open", {}),
    ("never overdue by law: promptly counts no days", case("withdrawal", "2025-06-02"), "open", {"due": None}),
)
def test_withdrawal(facts, expected):
    assert told(asked(facts, "frm-06-withdrawal"), expected) == expected


@table(
    ("another kind of case", case("complaint"), None),
    ("the Measures don't apply", case("refusal", scenario={"in_scope": False, "scope": "out_rnd"}), None),
    ("refused, no other way on record", case("refusal"), "open", {"due": None}),
    ("an answer alone is no other way", case("refusal", answered_on="2026-09-04"), "open", {}),
    ("another way was used", case("refusal", other_way="staffed lane"), "met", {"says": "staffed lane"}),
    (
        "exempt: a State rule prescribes FR",
        case("refusal", scenario={"state_rule": "Order 5"}),
        "not_required",
        {"says": "Order 5"},
    ),
)
def test_refusal_of_face_recognition(facts, expected):
    assert told(asked(facts, "frm-10-refusal"), expected) == expected


@table(
    ("a person's case", case("complaint"), None),
    ("without a date of the authority", case("inspection"), "open", {"due": None, "says": "No date of the authority"}),
    (
        "by the date of the authority",
        case("inspection", due_on="2026-10-16"),
        "open",
        {"due": "2026-10-16", "safe": "2026-10-15"},
    ),
    ("overdue since 2025", case("inspection", "2025-07-01", due_on="2025-07-15"), "open", {"due": "2025-07-15"}),
    ("answered", case("inspection", due_on="2026-10-16", answered_on="2026-10-13"), "met", {"met_on": "2026-10-13"}),
    (
        "a date before any calendar",
        case("inspection", "2019-03-01", due_on="2019-03-29"),
        "open",
        {"due": "2019-03-29", "safe": "2019-03-29"},
    ),
)
def test_inspection(facts, expected):
    assert told(asked(facts, "frm-16-inspection"), expected) == expected


@table(
    ("a request is no complaint", case("access"), None),
    ("a complaint", case("complaint", category="no_sign"), "open", {"due": None}),
    ("answered", case("complaint", answered_on="2026-09-10"), "met", {"met_on": "2026-09-10"}),
    ("not founded: it is answered all the same", case("complaint", exemption="unfounded"), "open", {}),
    ("never overdue by law: promptly counts no days", case("complaint", "2025-06-02"), "open", {"due": None}),
)
def test_complaint(facts, expected):
    assert told(asked(facts, "frm-17-complaint"), expected) == expected


@table(
    ("another complaint", case("complaint", category="no_sign"), None),
    ("the service was refused", case("complaint", category="service_refused"), "open", {"due": None}),
    (
        "exempt: FR is necessary for the service",
        case("complaint", category="service_refused", exemption="necessary"),
        "not_required",
        {"says": "PIPL Art 16"},
    ),
    (
        "exempt: the scenario doesn't stand on consent",
        case("complaint", category="service_refused", scenario=ON_CONTRACT),
        "not_required",
        {},
    ),
    (
        "put right",
        case("complaint", category="service_refused", answered_on="2026-09-05"),
        "met",
        {"met_on": "2026-09-05"},
    ),
)
def test_service_refused_for_want_of_consent(facts, expected):
    assert told(asked(facts, "pipl-16-no-refusal"), expected) == expected


@table(
    ("a withdrawal has its own rule", case("withdrawal"), None),
    ("access asked for", case("access"), "open", {"due": None, "arose_on": "2026-09-04"}),
    ("access given", case("access", answered_on="2026-09-10"), "met", {"met_on": "2026-09-10"}),
    ("an automated decision asked about", case("decision"), "open", {}),
    ("relatives of a deceased person", case("relatives"), "open", {}),
    ("deletion answered, not proved", case("deletion", answered_on="2026-09-10"), "open", {"says": "isn't proved"}),
    ("deletion proved", case("deletion", answered_on="2026-09-10", is_deletion_proved=True), "met", {}),
    ("exempt: secrecy", case("access", exemption="secrecy"), "not_required", {"says": "PIPL Arts 18, 35"}),
    ("exempt: a statutory period runs", case("deletion", exemption="statutory_retention"), "not_required", {}),
    ("not founded, nobody told", case("access", exemption="unfounded"), "open", {"remedy_says": "the reasons"}),
    ("not founded, the reasons told", case("access", exemption="unfounded", answered_on="2026-09-10"), "met", {}),
    ("never overdue by law: promptly counts no days", case("access", "2025-06-02"), "open", {"due": None}),
)
def test_request_of_a_person(facts, expected):
    assert told(asked(facts, "pipl-44-rights"), expected) == expected


@table(
    ("an authority's case has its own date", case("inspection"), None),
    (
        "15 working days unless the PIP set others",
        case("access"),
        "open",
        {"due": "2026-09-24", "layer": "default", "says": "the law says promptly and counts no days"},
    ),
    ("the PIP's own target", case("access", reply_days=5), "open", {"due": "2026-09-11"}),
    ("a complaint too", case("complaint"), "open", {"due": "2026-09-24"}),
    ("overdue: received in 2025", case("refusal", "2025-09-30"), "open", {"due": "2025-10-28"}),
    ("answered", case("viewing", answered_on="2026-09-30"), "met", {"met_on": "2026-09-30", "due": "2026-09-24"}),
    ("deleted but not answered", case("withdrawal", is_deletion_proved=True), "open", {"due": "2026-09-24"}),
    ("received before any calendar", case("access", "2019-09-04"), "open", {"due": None, "says": "isn't loaded"}),
)
def test_own_target_for_answers(facts, expected):
    assert told(asked(facts, "default-case-reply"), expected) == expected


@pytest.mark.parametrize("kind", [kind for kind in CASE_KINDS if kind != "inspection"])
def test_every_case_of_a_person_has_a_duty_of_law_and_a_dated_default(kind):
    found = {duty.rule: duty for duty in duties(case(kind), CALENDAR)}
    reply = found.pop("default-case-reply")
    assert reply.layer == "default" and reply.due
    of_case = [duty for duty in found.values() if duty.subject == "case:CASE-1"]
    assert of_case and all(duty.layer == "law" and duty.due is None for duty in of_case)


def test_a_case_is_seen_from_the_day_it_came_and_answered_from_the_day_of_the_answer():
    facts = case("access", answered_on="2026-09-10")
    assert asked(facts, "pipl-44-rights", date(2026, 9, 3)) is None
    assert asked(facts, "pipl-44-rights", date(2026, 9, 9)).state == "open"
    assert asked(facts, "pipl-44-rights", date(2026, 9, 10)).state == "met"


def test_ten_thousand_cases_of_a_hundred_scenarios_take_no_time_to_speak_of():
    kinds = sorted(RIGHTS)
    facts = PipFacts(
        "U",
        scenarios=tuple(ScenarioFacts(f"S{number}") for number in range(100)),
        cases=tuple(
            CaseFacts(f"C{number}", kinds[number % len(kinds)], date(2026, 9, 4), f"S{number % 100}")
            for number in range(10_000)
        ),
    )
    begun = time.perf_counter()
    assert len([duty for duty in duties(facts, CALENDAR) if duty.subject.startswith("case:")]) == 20_000
    assert time.perf_counter() - begun < 3
