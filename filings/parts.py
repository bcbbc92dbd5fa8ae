"""What hangs on a scenario and goes into its application sheet: other ways, consent, vendors, protection, MLPS."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import QuerySet

from deployments.models import Alternative, ConsentMechanism, Engagement, MlpsSystem, ProtectionControl, Scenario

Row = TypeVar("Row", bound=Any)


@dataclass(frozen=True)
class Parts:
    """The rows of a scenario that run now."""

    ways: tuple[Alternative, ...] = ()
    consent: ConsentMechanism | None = None
    engagements: tuple[Engagement, ...] = ()
    controls: dict[str, ProtectionControl] = field(default_factory=dict)
    mlps: MlpsSystem | None = None

    def engaged(self, *roles: str) -> list[Engagement]:
        """The vendors' parts in these roles."""
        return [one for one in self.engagements if one.role in roles]


def parts_of(scenarios: list[Scenario]) -> dict[int, Parts]:
    """The parts of each scenario, in one query a table."""
    ways = _by_scenario(Alternative.objects.filter(ended_on__isnull=True), scenarios)
    engaged = _by_scenario(Engagement.objects.filter(ended_on__isnull=True).select_related("vendor"), scenarios)
    controls = _by_scenario(ProtectionControl.objects.all(), scenarios)
    consents = _by_scenario(ConsentMechanism.objects.all(), scenarios)
    systems = MlpsSystem.objects.in_bulk({one.mlps_id for one in scenarios if one.mlps_id})
    return {
        one.pk: Parts(
            ways=tuple(ways[one.pk]),
            consent=next(iter(consents[one.pk]), None),
            engagements=tuple(engaged[one.pk]),
            controls={control.family: control for control in controls[one.pk]},
            mlps=systems.get(one.mlps_id),
        )
        for one in scenarios
    }


def frozen_parts(parts: Parts) -> dict[str, Any]:
    """The parts as plain values, for the facts that a dossier freezes."""
    consent = parts.consent
    return {
        "alternatives": [{"kind": way.kind, "description": way.description, "place": way.place} for way in parts.ways],
        "consent": consent
        and {
            "kinds": consent.kinds,
            "how": consent.how,
            "is_separate": consent.is_separate,
            "withdrawal_path": consent.withdrawal_path,
            "guardian_how": consent.guardian_how,
        },
        "vendors": [
            {
                "name": one.vendor.name,
                "uscc": one.vendor.uscc,
                "is_overseas": one.vendor.is_overseas,
                "role": one.role,
                "purpose": one.purpose,
                "contract_number": one.contract_number,
                "contract_on": one.contract_on,
                "contract_ends_on": one.contract_ends_on,
            }
            for one in parts.engagements
        ],
        "controls": {
            family: {"state": one.state, "measure": one.measure, "owner": one.owner, "reviewed_on": one.reviewed_on}
            for family, one in sorted(parts.controls.items())
        },
        "mlps": parts.mlps
        and {
            "name": parts.mlps.name,
            "level": parts.mlps.level,
            "record_number": parts.mlps.record_number,
            "tested_on": parts.mlps.tested_on,
        },
    }


def _by_scenario(rows: QuerySet[Row], scenarios: list[Scenario]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows.filter(scenario__in=scenarios).order_by("id"):
        found[row.scenario_id].append(row)
    return found
