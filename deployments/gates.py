"""The gates before use, of a deployment as if it were in use and of its scenario, from the facts of just these."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from deployments.choices import Status
from deployments.facts.places import facts_from, private_elsewhere, with_equipment
from deployments.facts.scenarios import facts_from as scenario_facts_from
from deployments.facts.scenarios import with_parts
from deployments.models import Deployment, Scenario
from portal.calendars.clock import calendar, civil_today
from portal.law.duties import Duty
from portal.law.engine import duties
from portal.law.facts import DeploymentFacts, PipFacts
from portal.law.gates import GATE_OF, Examined, examine
from portal.law.rules.shapes import IN_USE_ALREADY
from portal.law.text import Text
from portal.obligations.models import Obligation, State, Waiver

# The assessments live a storey above: their duties, as reconcile keeps them, say whether one is approved.
KEPT = ("frm-09-pipia-before-use", "frm-09-pipia-again")
Waived = Collection[tuple[str, str]]


def read_gates(deployment: Deployment, *, today: date | None = None) -> tuple[Examined, ...]:
    """The gates of a deployment as the database has them now."""
    today = today or civil_today()
    row = with_equipment(Deployment.objects.select_related("pip", "scenario", "site")).get(pk=deployment.pk)
    of_pip = {"pip": row.pip_id, "subject__in": subjects_of(row)}
    kept = Obligation.objects.filter(**of_pip, rule__in=KEPT)
    waived = Waiver.objects.filter(**of_pip).in_force(today).keys()
    return deployment_gates(row, kept=kept, waived=waived, today=today)


def subjects_of(deployment: Deployment) -> tuple[str, str]:
    """What the gates of a deployment are about: itself and its scenario."""
    return f"deployment:{deployment.code}", f"scenario:{deployment.scenario.code}"


def deployment_gates(
    deployment: Any, *, kept: Iterable[Obligation], waived: Waived, today: date
) -> tuple[Examined, ...]:
    """The gates of a deployment that was read ``with_equipment``, its PIP, scenario and site.

    ``kept`` are its scenario's duties, ``waived`` rules and subjects of the waivers in force.
    FRM Art 13: a device in a private space of another deployment at the site closes the gate as well.
    """
    scenario = with_parts(Scenario.objects.filter(pk=deployment.scenario_id)).get()
    place, others = facts_from(deployment), private_elsewhere(deployment)
    return _examined(scenario, place, others, kept, waived, today)


def scenario_gates(scenario: Any, *, kept: Iterable[Obligation], waived: Waived, today: date) -> tuple[Examined, ...]:
    """The gates of a scenario, read ``with_parts``, wherever it is used; those of a place aren't asked here."""
    return _examined(scenario, None, [], kept, waived, today)


def _examined(
    scenario: Any,
    place: DeploymentFacts | None,
    others: list[DeploymentFacts],
    kept: Iterable[Obligation],
    waived: Waived,
    today: date,
) -> tuple[Examined, ...]:
    # Without its places' days the scenario stands as it would before use.
    of_scenario = scenario_facts_from(scenario, None, started_on=None, ended_on=None, is_live=False)

    def asked(*places: DeploymentFacts) -> dict[tuple[str, str], Duty]:
        facts = PipFacts(scenario.pip.uscc, scenarios=(of_scenario,), deployments=places)
        found = duties(facts, calendar(), on=today)
        return {(duty.rule, duty.subject): duty for duty in found if duty.rule in GATE_OF}

    found = asked(place, *others) if place else asked()
    if place and place.status != Status.ACTIVE:
        # As if it were in use: what the law asks from then on only, such as the sign.
        in_use = asked(replace(place, status=Status.ACTIVE, started_on=None))
        found |= {key: _before_use(duty) for key, duty in in_use.items() if key not in found}
    return examine((found | _kept(kept, f"scenario:{scenario.code}")).values(), waived)


def _before_use(duty: Duty) -> Duty:
    """The duty without the words that FR is in use."""
    why = duty.why
    return replace(
        duty, why=Text(why.en.removesuffix(IN_USE_ALREADY.en).strip(), why.zh.removesuffix(IN_USE_ALREADY.zh))
    )


def _kept(rows: Iterable[Obligation], subject: str) -> dict[tuple[str, str], Duty]:
    """The duties to assess, as reconcile last found them; what it closed without one is asked of the law anew."""
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
