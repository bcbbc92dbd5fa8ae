"""Cases and incidents as the law looks at them."""

from portal.cases.models import Case, Incident
from portal.law.facts import CaseFacts, IncidentFacts
from portal.tenancy.models import Pip

OF_CASE = (
    "reference",
    "kind",
    "received_on",
    "scenario__code",
    "category",
    "due_on",
    "answered_on",
    "deletion_proof_id",
    "exemption",
    "other_way",
)


def case_facts(pip: Pip) -> tuple[CaseFacts, ...]:
    """Every case of the PIP, the closed ones too: what was met stays met."""
    rows = Case.objects.filter(pip=pip).order_by("id").values_list(*OF_CASE)
    found = []
    for *first, scenario, category, due_on, answered_on, proof, exemption, other_way in rows:
        # Of a case that is open again the way that was offered before doesn't count.
        used = other_way if answered_on else ""
        found.append(
            CaseFacts(*first, scenario or "", category, due_on, answered_on, proof is not None, exemption, used)
        )
    return tuple(found)


def incident_facts(pip: Pip) -> tuple[IncidentFacts, ...]:
    """Every incident of the PIP with its moments."""
    rows = (
        Incident.objects.filter(pip=pip)
        .order_by("id")
        .values_list(
            "reference",
            "discovered_at",
            "scenario__code",
            "grade",
            "remedied_at",
            "authority_told_at",
            "persons_told_at",
            "harm_is_avoided",
            "reassessed_on",
        )
    )
    return tuple(
        IncidentFacts(reference, discovered_at, scenario or "", *rest)
        for reference, discovered_at, scenario, *rest in rows
    )
