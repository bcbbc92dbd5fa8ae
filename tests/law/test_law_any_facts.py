"""Whatever stands in a register, the rules answer: no date of a person's typing stops the others."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.law.engine import duties, rule_by_id
from portal.law.enums import (
    CASE_EXEMPTIONS,
    CASE_KINDS,
    COMPLAINTS,
    GOVERNANCE_KINDS,
    INCIDENT_GRADES,
    LEGAL_BASES,
    VIDEO_CATEGORIES,
)
from portal.law.facts import (
    CaseFacts,
    ChangeFacts,
    FilingFacts,
    GovernanceFacts,
    IncidentFacts,
    MlpsFacts,
    PipFacts,
    ScenarioFacts,
    SiteFacts,
)
from portal.law.workdays import Workdays

CALENDAR = Workdays.official()
days = st.dates(date(1998, 1, 1), date(2032, 12, 31))
maybe = st.none() | days
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
codes = st.sampled_from(["A", "B", "C"])


def of(choices):
    return st.sampled_from(["", *choices])


scenarios = st.builds(
    ScenarioFacts,
    code=codes,
    in_scope=st.booleans(),
    legal_basis=of(LEGAL_BASES),
    started_on=maybe,
    ended_on=maybe,
    is_live=st.booleans(),
    subjects=st.sets(st.sampled_from(["employees", "under_14", "aged_14_17"])).map(frozenset),
)
sites = st.builds(
    SiteFacts,
    code=codes,
    video_category=of(VIDEO_CATEGORIES),
    video_in_use_on=maybe,
    police_filed_on=maybe,
    police_change_on=maybe,
    video_retention_days=st.none() | st.integers(0, 400),
    near_secret_unit=st.none() | st.booleans(),
    secret_unit_consent_on=maybe,
)
proofs = st.builds(
    GovernanceFacts,
    kind=of(GOVERNANCE_KINDS),
    done_on=days,
    valid_until=maybe,
    site=of(["A", "B"]),
    year=st.none() | st.integers(2020, 2032),
)
systems = st.builds(
    MlpsFacts,
    name=codes,
    level=st.none() | st.integers(1, 5),
    graded_on=maybe,
    filed_on=maybe,
    refiled_on=maybe,
    tested_on=maybe,
)
cases = st.builds(
    CaseFacts,
    ref=codes,
    kind=of(CASE_KINDS),
    received_on=days,
    scenario=of(["A", "Z"]),
    category=of(COMPLAINTS),
    due_on=maybe,
    answered_on=maybe,
    is_deletion_proved=st.booleans(),
    exemption=of(CASE_EXEMPTIONS),
    other_way=of(["lane"]),
)
incidents = st.builds(
    IncidentFacts,
    ref=codes,
    discovered_at=moments,
    grade=of(INCIDENT_GRADES),
    remedied_at=st.none() | moments,
    authority_told_at=st.none() | moments,
    persons_told_at=st.none() | moments,
    harm_is_avoided=st.booleans(),
)
changes = st.builds(ChangeFacts, ref=codes, effective_on=days, is_substantial=st.none() | st.booleans())
filings = st.builds(
    FilingFacts,
    ref=codes,
    kind=st.sampled_from(["initial", "change", "termination"]),
    state=st.sampled_from(["draft", "submitted", "accepted", "correcting", "withdrawn", "not_required"]),
    submitted_on=maybe,
    accepted_on=maybe,
    missing=st.lists(of(["commitment", "unknown"]), max_size=2).map(tuple),
)


def some(rows, key):
    return st.lists(rows, max_size=4, unique_by=key).map(tuple)


registers = st.builds(
    PipFacts,
    uscc=st.just("U"),
    scenarios=some(scenarios, lambda row: row.code),
    sites=some(sites, lambda row: row.code),
    governance=st.lists(proofs, max_size=6).map(tuple),
    mlps=some(systems, lambda row: row.name),
    cases=some(cases, lambda row: row.ref),
    incidents=some(incidents, lambda row: row.ref),
    changes=some(changes, lambda row: row.ref),
    filings=some(filings, lambda row: row.ref),
    is_cii=st.booleans(),
    is_state_organ=st.booleans(),
    total_pi_persons=st.none() | st.integers(0, 30_000_000),
    million_reached_on=maybe,
    reply_days=st.integers(1, 60),
)


@settings(max_examples=150, deadline=None)
@given(registers, st.none() | days)
def test_every_register_is_answered(facts, on):
    found = duties(facts, CALENDAR, on)
    assert len({(duty.rule, duty.subject) for duty in found}) == len(found)
    for duty in found:
        assert duty.why.en and duty.why.zh and "{" not in duty.why.en + duty.why.zh
        assert (duty.remedy is not None) == (duty.state == "open")
        assert duty.due is None or duty.due_at is None
        assert duty.due is None or duty.safe <= duty.due
        assert duty.met_on is None or duty.state == "met"
        if on:
            assert rule_by_id(duty.rule).in_force_on <= on
            assert duty.met_on is None or duty.met_on <= on
            assert duty.arose_on is None or duty.arose_on <= on


@settings(max_examples=50, deadline=None)
@given(registers)
def test_the_order_of_rows_changes_nothing(facts):
    turned = replace(
        facts,
        **{
            name: tuple(reversed(getattr(facts, name)))
            for name in ("governance", "mlps", "changes", "filings", "scenarios")
        },
    )
    ours = {(duty.rule, duty.subject): (duty.state, duty.due, duty.met_on) for duty in duties(facts, CALENDAR)}
    theirs = {(duty.rule, duty.subject): (duty.state, duty.due, duty.met_on) for duty in duties(turned, CALENDAR)}
    assert ours == theirs
