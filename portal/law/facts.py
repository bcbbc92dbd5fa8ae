"""What the rules look at: plain frozen values, read from the register by each app's `facts` module."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

DeploymentStatus = Literal["planned", "active", "suspended", "terminated", "disposed"]
PlaceType = Literal["public", "internal", "residential", "undecided"]
FilingKind = Literal["initial", "change", "termination"]


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
class ScenarioFacts:
    """One use of FR; `started_on` is the earliest start of processing, `is_live` that it processes now."""

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


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """One FR device and the space it hangs in."""

    serial: str
    space_type: str
    installed_on: date | None = None
    removed_on: date | None = None
    is_private_space: bool = False


@dataclass(frozen=True, slots=True)
class DeploymentFacts:
    """A scenario at a site; `sign_posted_on` is the earliest sign that still hangs."""

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


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """A filing case with the provincial CAC."""

    ref: str
    kind: FilingKind = "initial"
    state: str = "draft"
    submitted_on: date | None = None
    accepted_on: date | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Crossing:
    """The day the threshold was reached, as a person confirmed it; `confirmed_on` is the day of confirming."""

    on: date
    persons: int
    method: str = ""
    confirmed_on: date | None = None


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

    def as_of(self, on: date) -> "PipFacts":
        """The facts as they stood at the end of a day; a fact without a date stays as it is."""
        crossing = self.confirmed_crossing
        if crossing and (crossing.on > on or (crossing.confirmed_on and crossing.confirmed_on > on)):
            crossing = None
        return replace(
            self,
            scenarios=tuple(_scenario_as_of(scenario, on) for scenario in self.scenarios),
            deployments=tuple(_deployment_as_of(deployment, on) for deployment in self.deployments),
            counts=tuple(count for count in self.counts if count.on <= on),
            filings=tuple(_filing_as_of(filing, on) for filing in self.filings),
            confirmed_crossing=crossing,
        )


def _past(day: date | None, on: date) -> date | None:
    return day if day and day <= on else None


def _scenario_as_of(scenario: ScenarioFacts, on: date) -> ScenarioFacts:
    started_on, ended_on = _past(scenario.started_on, on), _past(scenario.ended_on, on)
    is_live = scenario.is_live
    if scenario.started_on:
        ended_later = scenario.ended_on is not None and ended_on is None
        is_live = started_on is not None and (scenario.is_live or ended_later)
    return replace(
        scenario,
        started_on=started_on,
        ended_on=ended_on,
        is_live=is_live,
        assessment_approved_on=_past(scenario.assessment_approved_on, on),
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
    )


def _filing_as_of(filing: FilingFacts, on: date) -> FilingFacts:
    submitted_on, accepted_on = _past(filing.submitted_on, on), _past(filing.accepted_on, on)
    state, number = filing.state, filing.number
    if filing.accepted_on and not accepted_on:
        state, number = "submitted", ""
    if filing.submitted_on and not submitted_on:
        state, accepted_on, number = "draft", None, ""
    return replace(filing, state=state, submitted_on=submitted_on, accepted_on=accepted_on, number=number)
