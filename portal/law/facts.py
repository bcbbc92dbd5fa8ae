"""What the rules look at: plain frozen values, read from the register by each app's `facts` module."""

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, TypeVar

from portal.law.enums import OUTSIDE_PIPL
from portal.law.text import Text
from portal.law.threshold import WARNING_STEPS

DeploymentStatus = Literal["planned", "active", "suspended", "terminated", "disposed"]
PlaceType = Literal["public", "internal", "residential", "undecided"]
FilingKind = Literal["initial", "change", "termination"]
Row = TypeVar("Row", bound=Any)


@dataclass(frozen=True, slots=True)
class Count:
    """Persons stored on a day, of one deployment or, with deployment None, of the whole scenario de-duplicated."""

    on: date
    scenario: str
    deployment: str | None
    persons: int
    key: int | None = None
    method: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class AlternativeFacts:
    """Another way than FR (FRM Art 10): its kind, and whether the last check found it really offered."""

    kind: str
    checked_on: date | None = None
    is_offered: bool | None = None


@dataclass(frozen=True, slots=True)
class ControlFacts:
    """One of the five families of protection (FRM Art 14); `review_on` is the day of its next review."""

    family: str
    state: str = "missing"
    has_evidence: bool = False
    reviewed_on: date | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class EngagementFacts:
    """Another organisation's part in a scenario (PIPL Arts 20, 21, 23) and the contract it stands on."""

    vendor: str
    role: str
    contract_on: date | None = None
    contract_ends_on: date | None = None
    ended_on: date | None = None
    returned_on: date | None = None
    supervised_on: date | None = None
    is_overseas: bool = False


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """The published notice of a scenario (FRM Art 5); `first_published_on` is the day of its first version.

    `missing` are the required items that are empty, `outdated` the notified facts that changed since, `shown_on` the
    first day for which a proof of showing is kept, `is_accessible` that large print, plain language and a manual
    channel are there.
    """

    published_on: date | None = None
    effective_on: date | None = None
    missing: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    outdated_since: date | None = None
    shown_on: date | None = None
    is_accessible: bool = False
    first_published_on: date | None = None


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """How consent is asked (FRM Art 6): what is set up, and what changed since its wording took effect."""

    kinds: frozenset[str] = frozenset()
    is_separate: bool = False
    has_withdrawal: bool = False
    wording_on: date | None = None
    invalidated_by: tuple[str, ...] = ()
    invalidated_on: date | None = None
    needs_written: bool = False
    has_written_form: bool = False
    has_guardian: bool = False
    covers_storage: bool = False
    covers_cross_border: bool = False


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """The PIPIA of a scenario; `outdated_by` names what changed since it was approved.

    `incidents_known` are the major incidents that were recorded before its facts were taken.
    """

    approved_on: date
    first_approved_on: date | None = None
    keep_until: date | None = None
    outdated_by: tuple[str, ...] = ()
    outdated_on: date | None = None
    incidents_known: tuple[str, ...] = ()
    third_party: str = ""
    third_party_is_described: bool = False


@dataclass(frozen=True, slots=True)
class ScenarioFacts:
    """One use of FR; `started_on` is the earliest start of processing, `is_live` that it processes now.

    `scope` is the decision of FRM Art 2, empty while nobody decided: until then everything is asked.
    """

    code: str
    name: str = ""
    in_scope: bool = True
    function: str = ""
    legal_basis: str = ""
    storage_mode: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    is_live: bool = False
    assessment_approved_on: date | None = None
    assessment: AssessmentFacts | None = None
    scope: str = ""
    scope_decided_on: date | None = None
    scope_recheck_on: date | None = None
    purpose: str = ""
    necessity: str = ""
    rejected_ways: str = ""
    legal_basis_reason: str = ""
    subjects: frozenset[str] = frozenset()
    notice_exemption: str = ""
    notice: NoticeFacts | None = None
    consent: ConsentFacts | None = None
    children_rules_on: date | None = None
    alternatives: tuple[AlternativeFacts, ...] = ()
    state_rule: str = ""
    id_service_considered_on: date | None = None
    coercion_checked_on: date | None = None
    coercion_findings: tuple[str, ...] = ()
    sends_over_internet: bool | None = None
    storage_exception: str = ""
    storage_exception_basis: str = ""
    retention: str = ""
    retention_law: str = ""
    retention_ends_on: date | None = None
    deletion_method: str = ""
    deleted_on: date | None = None
    other_use: str = ""
    other_use_consent: bool = False
    controls: tuple[ControlFacts, ...] = ()
    engagements: tuple[EngagementFacts, ...] = ()
    cross_border: bool = False
    cross_border_mechanism: str = ""
    cross_border_number: str = ""
    automated_decision: bool = False
    decision_explanation: str = ""

    @property
    def is_under_pipl(self) -> bool:
        """Out of scope of the Measures, the PIPL stays, but for household affairs and abroad (PIPL Arts 3, 72)."""
        return self.in_scope or self.scope not in OUTSIDE_PIPL


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """One FR device and the space it hangs in; `removal_is_proved` that a proof of its removal is kept."""

    serial: str
    space_type: str
    installed_on: date | None = None
    removed_on: date | None = None
    is_private_space: bool = False
    removal_is_proved: bool = False


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """A capture area (FRM Art 13): whether a plan and a described position, angle and range fix it."""

    name: str
    has_plan: bool = False
    is_described: bool = False


@dataclass(frozen=True, slots=True)
class SignFacts:
    """A sign that hangs: its last inspection, and the days between two inspections."""

    code: str
    posted_on: date
    inspected_on: date | None = None
    result: str = ""
    interval_days: int = 90


@dataclass(frozen=True, slots=True)
class DeploymentFacts:
    """A scenario at a site; `sign_posted_on` is the earliest sign that still hangs.

    `uncovered` are the serial numbers of devices in use for which no valid sign hangs.
    """

    code: str
    scenario: str
    name: str = ""
    status: DeploymentStatus = "planned"
    place_type: PlaceType = "undecided"
    started_on: date | None = None
    ended_on: date | None = None
    disposed_on: date | None = None
    devices_in_use: int = 0
    private_devices: tuple[DeviceFacts, ...] = ()
    sign_posted_on: date | None = None
    site: str = ""
    security_necessity: str = ""
    areas: tuple[AreaFacts, ...] = ()
    uncovered: tuple[str, ...] = ()
    signs: tuple[SignFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A place as the Video Regulations look at it; `near_secret_unit` is None while nobody answered."""

    code: str
    name: str = ""
    place_type: PlaceType = "undecided"
    video_category: str = ""
    video_in_use_on: date | None = None
    police_filed_on: date | None = None
    police_change_on: date | None = None
    video_retention_days: int | None = None
    near_secret_unit: bool | None = None
    secret_unit_consent_on: date | None = None


@dataclass(frozen=True, slots=True)
class GovernanceFacts:
    """A dated proof of a duty of the PIP itself, or with `site` of the unit that manages a video system."""

    kind: str
    done_on: date
    valid_until: date | None = None
    site: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class MlpsFacts:
    """A system under the multi-level protection scheme 等级保护."""

    name: str
    level: int | None = None
    graded_on: date | None = None
    filed_on: date | None = None
    refiled_on: date | None = None
    tested_on: date | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a person, a complainant or an authority came with; `due_on` is the date that an authority set."""

    ref: str
    kind: str
    received_on: date
    scenario: str = ""
    category: str = ""
    due_on: date | None = None
    answered_on: date | None = None
    is_deletion_proved: bool = False
    exemption: str = ""
    other_way: str = ""


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """A leak, tampering or loss that happened or may have happened; moments are UTC."""

    ref: str
    discovered_at: datetime
    scenario: str = ""
    grade: str = "general"
    remedied_at: datetime | None = None
    authority_told_at: datetime | None = None
    persons_told_at: datetime | None = None
    harm_is_avoided: bool = False
    reassessed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """A change of what a filing states; `is_substantial` is None while nobody decided.

    `carried_by` is the reference of the change filing that carries it, "" while none does, None where nobody knows.
    """

    ref: str
    effective_on: date
    is_substantial: bool | None = None
    what: str | Text = ""
    carried_by: str | None = None


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """A filing case with the provincial CAC. `led_by` names another PIP whose filing covers this one (joint filing).

    Of a joint filing a member's kind is what it is to the member: "initial" where it is covered first, "termination"
    where it is covered no longer.
    """

    ref: str
    kind: FilingKind = "initial"
    state: str = "draft"
    submitted_on: date | None = None
    accepted_on: date | None = None
    number: str = ""
    missing: tuple[str, ...] = ()
    opened_on: date | None = None
    led_by: str = ""


@dataclass(frozen=True, slots=True)
class Crossing:
    """The day the threshold was reached, as a person confirmed it; `confirmed_on` is the day of confirming.

    `proposed_on` is the day that the counts said then, None if they no longer reached the threshold; a day that they
    say now and didn't then is news. `supersedes` is what was confirmed before, which stays frozen.
    """

    on: date
    persons: int
    method: str = ""
    confirmed_on: date | None = None
    proposed_on: date | None = None
    supersedes: "Crossing | None" = None


@dataclass(frozen=True, slots=True)
class BelowReview:
    """Counsel's decision, a key of threshold.BELOW_DECISIONS, on a fall below it that began on `below_on`."""

    below_on: date
    decided_on: date
    decision: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class PipFacts:
    """All facts of one PIP. Overlap is the share of persons counted twice: best estimate and most, in percent."""

    uscc: str
    name: str = ""
    province: str = ""
    scenarios: tuple[ScenarioFacts, ...] = ()
    deployments: tuple[DeploymentFacts, ...] = ()
    counts: tuple[Count, ...] = ()
    filings: tuple[FilingFacts, ...] = ()
    confirmed_crossing: Crossing | None = None
    overlap_best_percent: int = 0
    overlap_most_percent: int = 0
    sites: tuple[SiteFacts, ...] = ()
    governance: tuple[GovernanceFacts, ...] = ()
    mlps: tuple[MlpsFacts, ...] = ()
    cases: tuple[CaseFacts, ...] = ()
    incidents: tuple[IncidentFacts, ...] = ()
    changes: tuple[ChangeFacts, ...] = ()
    officer: str = ""
    is_cii: bool = False
    is_state_organ: bool = False
    # Persons of whom the PIP holds any personal information, entered by hand, and when a million was reached.
    total_pi_persons: int | None = None
    million_reached_on: date | None = None
    # The tenant's own target for answers, in working days; the law says promptly 及时 and counts no days.
    reply_days: int = 15
    below_reviews: tuple[BelowReview, ...] = ()
    # Percent of the threshold at which the portal warns: its own, or what the tenant has set.
    warning_steps: tuple[int, ...] = WARNING_STEPS
    # The day at whose end the facts are seen; without it no day that lies ahead has passed.
    seen_on: date | None = None

    def is_past(self, day: date | None) -> bool:
        """Whether that day is over when the facts are seen."""
        return day is not None and self.seen_on is not None and day < self.seen_on

    def as_of(self, on: date) -> "PipFacts":
        """The facts as they stood at the end of a day; a fact without a date stays as it is."""
        crossing = self.confirmed_crossing
        while crossing and crossing.confirmed_on and crossing.confirmed_on > on:
            crossing = crossing.supersedes
        if crossing and crossing.on > on:
            crossing = None
        return replace(
            self,
            scenarios=tuple(_scenario_as_of(scenario, on) for scenario in self.scenarios),
            deployments=tuple(_deployment_as_of(deployment, on) for deployment in self.deployments),
            counts=tuple(count for count in self.counts if count.on <= on),
            filings=tuple(_filing_as_of(filing, on) for filing in self.filings),
            confirmed_crossing=crossing,
            sites=tuple(_dated(site, on) for site in self.sites),
            governance=tuple(proof for proof in self.governance if proof.done_on <= on),
            mlps=tuple(_dated(system, on) for system in self.mlps),
            cases=tuple(_case_as_of(case, on) for case in self.cases if case.received_on <= on),
            incidents=tuple(_dated(one, on) for one in self.incidents if civil_day(one.discovered_at) <= on),
            changes=tuple(change for change in self.changes if change.effective_on <= on),
            below_reviews=tuple(review for review in self.below_reviews if review.decided_on <= on),
            million_reached_on=_past(self.million_reached_on, on),
            seen_on=on,
        )


# Days that lie ahead on purpose: what is planned for them stands on every day.
AHEAD = frozenset({"scope_recheck_on", "retention_ends_on", "review_on", "contract_ends_on", "valid_until", "due_on"})
SHANGHAI = timedelta(hours=8)  # the civil day of mainland China, without daylight saving since 1991


def civil_day(moment: datetime) -> date:
    """The civil day in mainland China of a moment."""
    return (moment.astimezone(UTC) + SHANGHAI).date()


def _dated(row: Row, on: date) -> Row:
    """A row of facts at the end of a day: what was done later wasn't done yet."""
    later = {
        each.name: None
        for each in fields(row)
        if each.name not in AHEAD
        and isinstance(value := getattr(row, each.name), date)
        and (civil_day(value) if isinstance(value, datetime) else value) > on
    }
    return replace(row, **later) if later else row


def _case_as_of(case: CaseFacts, on: date) -> CaseFacts:
    if case.answered_on and case.answered_on > on:
        return replace(case, answered_on=None, is_deletion_proved=False, exemption="")
    return case


def _past(day: date | None, on: date) -> date | None:
    return day if day and day <= on else None


def _notice_as_of(notice: NoticeFacts | None, on: date) -> NoticeFacts | None:
    if notice is None:
        return None
    if notice.published_on and notice.published_on > on:
        first_on = _past(notice.first_published_on, on)
        if first_on is None:
            return None
        # An earlier version stood then; what it lacked isn't known.
        notice = replace(notice, published_on=first_on, missing=(), outdated=(), outdated_since=None)
    if notice.outdated_since and notice.outdated_since > on:
        notice = replace(notice, outdated=(), outdated_since=None)
    return _dated(notice, on)


def _consent_as_of(consent: ConsentFacts | None, on: date) -> ConsentFacts | None:
    if consent and consent.invalidated_on and consent.invalidated_on > on:
        consent = replace(consent, invalidated_by=(), invalidated_on=None)
    return _dated(consent, on) if consent else None


def _assessment_as_of(found: AssessmentFacts | None, on: date) -> AssessmentFacts | None:
    if found is None or found.approved_on > on:
        return None
    if found.outdated_on and found.outdated_on > on:
        return replace(found, outdated_by=(), outdated_on=None)
    return found


def _scenario_as_of(scenario: ScenarioFacts, on: date) -> ScenarioFacts:
    if scenario.scope_decided_on and scenario.scope_decided_on > on:
        scenario = replace(scenario, scope="", in_scope=True)
    started_on, ended_on = _past(scenario.started_on, on), _past(scenario.ended_on, on)
    is_live = scenario.is_live
    if scenario.started_on:
        ended_later = scenario.ended_on is not None and ended_on is None
        is_live = started_on is not None and (scenario.is_live or ended_later)
    return replace(
        _dated(scenario, on),
        started_on=started_on,
        ended_on=ended_on,
        is_live=is_live,
        assessment_approved_on=_past(scenario.assessment_approved_on, on),
        assessment=_assessment_as_of(scenario.assessment, on),
        notice=_notice_as_of(scenario.notice, on),
        consent=_consent_as_of(scenario.consent, on),
        alternatives=tuple(_dated(way, on) for way in scenario.alternatives),
        controls=tuple(_dated(control, on) for control in scenario.controls),
        engagements=tuple(_dated(one, on) for one in scenario.engagements),
    )


def _deployment_as_of(deployment: DeploymentFacts, on: date) -> DeploymentFacts:
    started_on, ended_on = _past(deployment.started_on, on), _past(deployment.ended_on, on)
    disposed_on = _past(deployment.disposed_on, on)
    status = deployment.status
    if status == "disposed" and deployment.disposed_on and not disposed_on:
        status = "terminated"
    if status == "terminated" and deployment.ended_on and not ended_on:
        status = "active"
    if deployment.started_on and not started_on:
        status = "planned"
    devices = tuple(
        replace(device, removed_on=_past(device.removed_on, on))
        for device in deployment.private_devices
        if device.installed_on is None or device.installed_on <= on
    )
    return replace(
        deployment,
        status=status,
        started_on=started_on,
        ended_on=ended_on,
        disposed_on=disposed_on,
        private_devices=devices,
        sign_posted_on=_past(deployment.sign_posted_on, on),
        signs=tuple(_dated(sign, on) for sign in deployment.signs if sign.posted_on <= on),
    )


def _filing_as_of(filing: FilingFacts, on: date) -> FilingFacts:
    submitted_on, accepted_on = _past(filing.submitted_on, on), _past(filing.accepted_on, on)
    state, number = filing.state, filing.number
    if filing.accepted_on and not accepted_on:
        state, number = "submitted", ""
    if filing.submitted_on and not submitted_on:
        state, accepted_on, number = "draft", None, ""
    return replace(filing, state=state, submitted_on=submitted_on, accepted_on=accepted_on, number=number)
