"""Filings as the law looks at them."""

from filings.models import Filing
from portal.law.facts import FilingFacts
from portal.tenancy.models import Pip


def filing_facts(pip: Pip) -> tuple[FilingFacts, ...]:
    """Each filing of the PIP with its state and its days."""
    rows = Filing.objects.filter(pip=pip).values_list(
        "reference", "kind", "state", "submitted_on", "accepted_on", "number"
    )
    return tuple(FilingFacts(*row) for row in rows)
