"""The facts of a whole PIP in the register; assessments, filings and cases are added by the storeys above."""

from collections.abc import Mapping

from deployments.facts.counts import below_reviews, confirmed_crossing, count_facts, warning_steps
from deployments.facts.places import deployment_facts, site_facts
from deployments.facts.scenarios import scenario_facts
from deployments.models import GovernanceRecord, MlpsSystem, OverlapEstimate
from portal.law.facts import AssessmentFacts, GovernanceFacts, MlpsFacts, PipFacts
from portal.tenancy.models import Pip


def governance_facts(pip: Pip) -> tuple[GovernanceFacts, ...]:
    """The proofs of a PIP's own duties, the oldest first."""
    rows = GovernanceRecord.objects.filter(pip=pip).order_by("done_on", "id")
    columns = ("kind", "done_on", "valid_until", "site__code", "year")
    return tuple(
        GovernanceFacts(kind, done_on, valid_until, site or "", year)
        for kind, done_on, valid_until, site, year in rows.values_list(*columns)
    )


def mlps_facts(pip: Pip) -> tuple[MlpsFacts, ...]:
    """The systems of a PIP under the multi-level protection scheme."""
    columns = ("name", "level", "graded_on", "filed_on", "refiled_on", "tested_on")
    return tuple(MlpsFacts(*row) for row in MlpsSystem.objects.filter(pip=pip).values_list(*columns))


def register_facts(pip: Pip, assessed: Mapping[str, AssessmentFacts]) -> PipFacts:
    """Everything that the register knows of a PIP."""
    deployments = deployment_facts(pip)
    overlap = OverlapEstimate.objects.filter(pip=pip).first()
    return PipFacts(
        uscc=pip.uscc,
        name=pip.name,
        province=pip.province,
        scenarios=scenario_facts(pip, deployments, assessed),
        deployments=tuple(deployments),
        counts=count_facts(pip),
        confirmed_crossing=confirmed_crossing(pip),
        overlap_best_percent=overlap.best_percent if overlap else 0,
        overlap_most_percent=overlap.most_percent if overlap else 0,
        sites=site_facts(pip),
        governance=governance_facts(pip),
        mlps=mlps_facts(pip),
        officer=pip.officer_name,
        is_cii=pip.is_cii,
        is_state_organ=pip.is_state_organ,
        total_pi_persons=pip.total_pi_persons,
        million_reached_on=pip.million_reached_on,
        reply_days=pip.reply_days,
        below_reviews=below_reviews(pip),
        warning_steps=warning_steps(pip),
    )
