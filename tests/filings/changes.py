"""A PIP whose filing is accepted, with everything in the register that is watched afterwards."""

from datetime import date

from deployments.models import (
    Alternative,
    ConsentMechanism,
    Engagement,
    GovernanceRecord,
    MlpsSystem,
    ProtectionControl,
    Scenario,
    Vendor,
)
from filings.models import ChangeCase, Filing
from portal.law.enums import CONTROL_FAMILIES
from portal.tenancy.models import Pip
from tests import build
from tests.filings import story

TODAY = story.TODAY


def furnish(pip: Pip, scenario: Scenario) -> None:
    """What the forms say of a scenario beside its own columns."""
    of = {"tenant": pip.tenant, "pip": pip}
    system = MlpsSystem.objects.create(**of, name="Gate system", level=3, tested_on=date(2026, 3, 1))
    fields = {
        "function": "verify",
        "subject_groups": ["passengers"],
        "storage_mode": "device",
        "sends_over_internet": False,
        "retention": "24 hours",
        "deletion_method": "overwritten",
        "necessity": "queues at peak hours",
        "mlps": system,
    }
    for name, value in fields.items():
        setattr(scenario, name, value)
    scenario.save(update_fields=list(fields))
    for family in CONTROL_FAMILIES:
        ProtectionControl.objects.create(**of, scenario=scenario, family=family, state="in_place", measure="done")
    Alternative.objects.create(**of, scenario=scenario, kind="card", description="a card at the gate")
    ConsentMechanism.objects.create(**of, scenario=scenario, kinds=["look"], is_separate=True)
    vendor = Vendor.objects.create(**of, code="V1", name="示例运维", note="")
    Engagement.objects.create(**of, scenario=scenario, vendor=vendor, role="entrusted", purpose="maintenance")
    GovernanceRecord.objects.create(**of, kind="internal_rules", done_on=date(2026, 2, 1), reference="R-1")


def accepted(house: build.House) -> Filing:
    """The filing, accepted on the day of the tests."""
    pip = house.pip
    pip.legal_representative, pip.officer_name, pip.agent_name = "张三", "李四", "王五"
    pip.save()
    scenario = story.register_facts(pip)
    furnish(pip, scenario)
    story.crossing(pip)
    from filings import services

    filing = services.open_dossier(story.obligation(pip), by=house.people["officer"], today=TODAY)
    story.assess(house, scenario)
    for code in story.SCANS:
        name = "id.png" if code.endswith("-id") else f"{code}.pdf"
        services.attach(filing.documents.get(material=code), story.upload(name, code), by=house.people["officer"])
    services.freeze(filing, by=house.people["officer"], today=TODAY)
    filing.refresh_from_db()
    services.submit(filing, by=house.people["reviewer"], on=TODAY, today=TODAY, proof=story.upload("proof.png"))
    filing.refresh_from_db()
    services.accept(filing, by=house.people["officer"], received_on=TODAY, today=TODAY, number="京备2026-0001")
    return filing


def cases(pip: Pip) -> list[tuple[str, str, str | None]]:
    """Item, weight and scenario of each change case."""
    rows = ChangeCase.objects.filter(pip=pip).order_by("id")
    return list(rows.values_list("item", "weight", "scenario__code"))
