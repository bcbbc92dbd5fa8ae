"""A PIP whose filing is accepted, with everything in the register that is watched afterwards."""

from datetime import date

from django.utils import timezone

from assessments.models import AssessedScenario, Assessment
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
from filings import sentinel
from filings.dossier import covered_sheets, frozen_facts
from filings.models import ChangeCase, CoveredScenario, Filing, Receipt, Snapshot, Submission
from portal.law.enums import CONTROL_FAMILIES
from portal.tenancy.models import Pip
from tests import build
from tests.filings import story

TODAY = story.TODAY


def furnish(pip: Pip, scenario: Scenario) -> None:
    """What the forms say of a scenario beside its own columns, and of the PIP beside its own."""
    of = {"tenant": pip.tenant, "pip": pip}
    fields = {
        "function": "verify",
        "subject_groups": ["passengers"],
        "storage_mode": "device",
        "sends_over_internet": False,
        "retention": "24 hours",
        "deletion_method": "overwritten",
        "necessity": "queues at peak hours",
        "mlps": MlpsSystem.objects.create(**of, name="Gate system", level=3, tested_on=date(2026, 3, 1)),
    }
    for name, value in fields.items():
        setattr(scenario, name, value)
    scenario.save(update_fields=list(fields))
    for family in CONTROL_FAMILIES:
        ProtectionControl.objects.create(**of, scenario=scenario, family=family, state="in_place", measure="done")
    Alternative.objects.create(**of, scenario=scenario, kind="card", description="a card at the gate")
    ConsentMechanism.objects.create(**of, scenario=scenario, kinds=["look"], is_separate=True)
    vendor = Vendor.objects.create(**of, code="V1", name="示例运维")
    Engagement.objects.create(**of, scenario=scenario, vendor=vendor, role="entrusted", purpose="maintenance")
    GovernanceRecord.objects.create(**of, kind="internal_rules", done_on=date(2026, 2, 1), reference="R-1")
    build.notice(scenario)


def assessed(scenario: Scenario, reference: str, on: date, house: build.House) -> Assessment:
    """An approved assessment made elsewhere; nobody reads its report."""
    of = {"tenant": scenario.tenant, "pip": scenario.pip}
    elements = dict.fromkeys(("has_lawfulness", "has_rights_impact", "has_risks", "has_measures"), True)
    made = Assessment.objects.create(
        **of,
        **elements,
        reference=reference,
        state="draft",
        title=scenario.name,
        is_external=True,
        report=build.evidence(scenario.pip),
        written_by=house.people["officer"],
    )
    AssessedScenario.objects.create(**of, assessment=made, scenario=scenario, facts={}, sha256="", frozen_at_event=0)
    settled = {"approved_by": house.people["reviewer"], "approved_on": on, "keep_until": date(on.year + 3, 12, 31)}
    Assessment.objects.filter(pk=made.pk).update(state="approved", **settled)
    return made


def accepted(house: build.House) -> Filing:
    """The filing of a furnished register, accepted today; its facts are frozen as a dossier freezes them."""
    pip = house.pip
    pip.legal_representative, pip.officer_name, pip.agent_name = "张三", "李四", "王五"
    pip.save()
    scenario = story.register_facts(pip)
    furnish(pip, scenario)
    return accept(house, scenario)


def accept(house: build.House, scenario: Scenario) -> Filing:
    """Rows of an accepted filing, without the papers: the sentinel reads the frozen facts only."""
    pip = house.pip
    of = {"tenant": pip.tenant, "pip": pip}
    filing = Filing.objects.create(
        **of,
        reference="FIL-2026-0001",
        state="accepted",
        number="京备2026-0001",
        obligation=story.obligation(pip),
        crossing=story.crossing(pip),
        opened_at=timezone.now(),
        submitted_on=TODAY,
        accepted_on=TODAY,
    )
    CoveredScenario.objects.create(**of, filing=filing, scenario=scenario)
    receive(filing, freeze(filing, 1))
    return filing


def freeze(filing: Filing, round: int) -> Snapshot:
    """A version with the facts of this moment, as a dossier freezes them."""
    of = {"tenant": filing.tenant, "pip": filing.pip}
    proof = build.evidence(filing.pip)
    return Snapshot.objects.create(
        **of,
        filing=filing,
        round=round,
        facts=frozen_facts(filing, covered_sheets(filing, TODAY), [], TODAY),
        law_version="test",
        dossier=proof,
        pack=proof,
        frozen_at=timezone.now(),
    )


def receive(filing: Filing, snapshot: Snapshot) -> None:
    """The authority accepts a version."""
    of = {"tenant": filing.tenant, "pip": filing.pip, "filing": filing}
    sent = Submission.objects.create(**of, snapshot=snapshot, submitted_on=TODAY, proof=build.evidence(filing.pip))
    Receipt.objects.create(**of, submission=sent, kind="accepted", received_on=TODAY, number=filing.number)


def noticed(pip: Pip, on: date = TODAY) -> list[tuple[str, str]]:
    """Item and weight of each change case, once the sentinel has looked."""
    sentinel.notice_changes(Pip.objects.get(pk=pip.pk), today=on)
    return list(ChangeCase.objects.filter(pip=pip).order_by("id").values_list("item", "weight"))
