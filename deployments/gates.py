"""The gates before use, of a deployment as if it were in use and of its scenario, from narrow facts of the register."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from deployments.facts import deployment_facts, private_at, scenario_facts
from deployments.models import Deployment, Scenario
from portal.calendars.clock import calendar, civil_today
from portal.law.duties import Duty
from portal.law.engine import duties
from portal.law.facts import DeploymentFacts, PipFacts
from portal.law.gates import GATE_OF, Examined, examine
from portal.law.text import Text
from portal.obligations.models import Obligation, State, Waiver
from portal.tenancy.models import Pip

# The assessments live a storey above: their duties, as reconcile keeps them, say whether one is approved.
KEPT = ("frm-09-pipia-before-use", "frm-09-pipia-again")
Waived = Collection[tuple[str, str]]


def read_gates(deployment: Deployment, *, today: date | None = None) -> tuple[Examined, ...]:
    """The gates of a deployment as the database has them now."""
    today = today or civil_today()
    subjects = subjects_of(deployment)
    of_pip = {"pip": deployment.pip_id, "subject__in": subjects}
    kept = Obligation.objects.filter(**of_pip, rule__in=KEPT)
    waived = Waiver.objects.filter(**of_pip).in_force(today).keys()
    return deployment_gates(deployment, kept=kept, waived=waived, today=today)


def subjects_of(deployment: Deployment) -> tuple[str, str]:
    """What the gates of a deployment are about: itself and its scenario."""
    return f"deployment:{deployment.code}", f"scenario:{deployment.scenario.code}"


def deployment_gates(
    deployment: Deployment, *, kept: Iterable[Obligation], waived: Waived, today: date
) -> tuple[Examined, ...]:
    """The gates of a deployment; ``kept`` are its scenario's duties, ``waived`` rules and subjects of waivers in force.

    FRM Art 13: a device in a private space of another deployment at the site closes the gate as well.
    """
    place = deployment_facts(deployment.pip, only=Deployment.objects.filter(pk=deployment.pk))[0]
    others = [one for one in private_at(deployment.site_id) if one.code != place.code]
    places = (replace(place, status="active"), *others)
    return _examined(deployment.pip, deployment.scenario, places, kept, waived, today)


def scenario_gates(
    scenario: Scenario, *, kept: Iterable[Obligation], waived: Waived, today: date
) -> tuple[Examined, ...]:
    """The gates of a scenario wherever it is used; those of a place aren't asked here."""
    return _examined(scenario.pip, scenario, (), kept, waived, today)


def _examined(
    pip: Pip,
    scenario: Scenario,
    places: tuple[DeploymentFacts, ...],
    kept: Iterable[Obligation],
    waived: Waived,
    today: date,
) -> tuple[Examined, ...]:
    # Without its deployments' days the scenario stands as it would before use.
    facts = scenario_facts(pip, (), {}, only=Scenario.objects.filter(pk=scenario.pk))
    narrow = PipFacts(pip.uscc, pip.name, pip.province, scenarios=facts, deployments=places)
    found = {(duty.rule, duty.subject): duty for duty in duties(narrow, calendar(), on=today) if duty.rule in GATE_OF}
    found |= _kept(kept, f"scenario:{scenario.code}")
    return examine(found.values(), waived)


def _kept(rows: Iterable[Obligation], subject: str) -> dict[tuple[str, str], Duty]:
    """The duties to assess, as reconcile last found them; what it closed for other reasons is asked of the law anew."""
    return {
        (row.rule, row.subject): _as_duty(row)
        for row in rows
        if row.rule in KEPT and row.subject == subject and row.state != State.NOT_REQUIRED
    }


def _as_duty(row: Obligation) -> Duty:
    law = row.law
    return Duty(
        rule=row.rule,
        title=law.title,
        subject=row.subject,
        arose_on=row.arose_on,
        reckoning=None,
        met_on=row.met_on,
        state="met" if row.state == State.MET else "open",
        why=Text(row.why_en, row.why_zh),
        cites=law.cites,
        layer=law.layer,
        kind=law.kind,
        is_critical=row.is_critical,
    )
