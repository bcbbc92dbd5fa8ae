"""The register as the law looks at it: rows → frozen dataclasses, one query a table."""

from deployments.facts.counts import below_reviews, confirmed_crossing, count_facts, warning_steps
from deployments.facts.pips import governance_facts, mlps_facts, register_facts
from deployments.facts.places import deployment_facts, site_facts
from deployments.facts.scenarios import scenario_facts

__all__ = [
    "below_reviews",
    "confirmed_crossing",
    "count_facts",
    "deployment_facts",
    "governance_facts",
    "mlps_facts",
    "register_facts",
    "scenario_facts",
    "site_facts",
    "warning_steps",
]
