"""What a dossier freezes of a PIP and its scenarios: of the one that files, and in the same shape of each member."""

from datetime import date
from typing import Any

from filings.filed import beside
from filings.joint import members_of
from filings.models import Filing
from filings.parts import frozen_parts
from filings.register import ScenarioSheet
from portal.tenancy.models import Pip


def pip_facts(pip: Pip) -> dict[str, Any]:
    """Every column of a PIP."""
    return {
        field.name: getattr(pip, field.name)
        for field in pip._meta.concrete_fields
        if field.name not in ("id", "tenant")
    }


def scenario_facts(one: ScenarioSheet) -> dict[str, Any]:
    """A covered scenario as its application sheet stands on it."""
    scenario = one.scenario
    return {
        **{
            field.name: field.value_from_object(scenario)
            for field in scenario._meta.concrete_fields
            if field.name not in ("id", "tenant", "pip", "mlps")
        },
        **frozen_parts(one.parts),
        "persons": one.persons,
        "counted_on": one.counted_on,
        "started_on": one.started_on,
        "deployments": [
            {
                "province": kind.province,
                "place_type": kind.place_type,
                "status": kind.status,
                "number": kind.number,
            }
            for kind in one.kinds
        ],
        "devices": [{"maker": kind.maker, "model": kind.model, "number": kind.number} for kind in one.devices],
        "assessment": one.assessment
        and {
            "reference": one.assessment.reference,
            "approved_on": one.assessment.approved_on,
            "sha256": one.assessment.report.sha256,
        },
    }


def members_facts(filing: Filing, today: date) -> dict[str, Any]:
    """The members of a joint filing by their ids; nothing where each PIP files for itself."""
    members = members_of(filing, today)
    if not members:
        return {}
    return {
        "members": {
            str(member.pip.pk): {
                "pip": pip_facts(member.pip),
                "scenarios": [scenario_facts(one) for one in member.sheets],
                **beside(member.pip, [one.scenario for one in member.sheets], today),
                "uses": [
                    {
                        "scenario": use.scenario.code,
                        "like": use.like.code,
                        "agreed_on": use.agreed_on,
                        "agreed_how": use.agreed_how,
                        "agreed_proof": use.agreed_proof and use.agreed_proof.sha256,
                    }
                    for use in member.uses
                ],
            }
            for member in members
        }
    }
