"""All facts of a PIP, gathered from every app."""

from dataclasses import replace

from assessments.facts import approved
from deployments.facts import register_facts
from filings.facts import change_facts, filing_facts
from portal.cases.facts import case_facts, incident_facts
from portal.law.facts import PipFacts
from portal.tenancy.models import Pip


def facts_of(pip: Pip) -> PipFacts:
    """What the law looks at, as it stands now."""
    return replace(
        register_facts(pip, approved(pip)),
        filings=filing_facts(pip),
        changes=change_facts(pip),
        cases=case_facts(pip),
        incidents=incident_facts(pip),
    )
