"""A PIP on its way to a filing, in the shortest words."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assessments.services import ELEMENTS, approve, register
from deployments.models import Scenario, ThresholdCrossing
from filings import services
from filings.models import Filing
from portal.documents.pdf import render_pdf
from portal.documents.sheet import Section, Sheet
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip
from tests import build

TODAY = date(2026, 10, 12)
CROSSED_ON = date(2026, 10, 4)
SCANS = ("uscc-certificate", "representative-id", "agent-id", "power-of-attorney", "commitment")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001"
    "e221bc330000000049454e44ae426082"
)


def pdf(words: str = "scan") -> bytes:
    """A small real PDF."""
    return render_pdf(Sheet(title=words, language="en", reference="X", sections=(Section(paragraphs=(words,)),)))


def upload(name: str = "scan.pdf", words: str = "scan") -> SimpleUploadedFile:
    content = PNG if name.endswith(".png") else pdf(words)
    return SimpleUploadedFile(name, content)


def register_facts(pip: Pip) -> Scenario:
    """One scenario at one place, with a device and 100,718 persons on the day of the crossing."""
    scenario = build.scenario(
        pip, "BOARDING", name="登机核验", purpose="核验旅客身份", legal_basis="consent", storage_mode="lan_server"
    )
    place = build.deployment(pip, "PEK-1", scenario=scenario, site=build.site(pip, "PEK", name="首都机场"))
    build.device(place, maker="示例视觉", model="F1")
    build.count(place, 100_718, CROSSED_ON, dedup_method="按证件号去重")
    return scenario


def obligation(pip: Pip) -> Obligation:
    """The duty to file, as reconcile stores it."""
    return Obligation.objects.create(
        tenant=pip.tenant,
        pip=pip,
        rule="frm-15-initial",
        subject=f"pip:{pip.uscc}",
        due_on=date(2026, 11, 17),
        safe_on=date(2026, 11, 17),
        firmness="firm",
        why_en="100,718 persons",
        why_zh="100,718人",
    )


def crossing(pip: Pip) -> ThresholdCrossing:
    return ThresholdCrossing.objects.create(
        tenant=pip.tenant,
        pip=pip,
        proposed_on=CROSSED_ON,
        crossed_on=CROSSED_ON,
        persons=100_718,
        method="按证件号去重后逐处相加",
        reason="checked with the vendor",
        snapshot={},
        confirmed_on=TODAY,
        confirmed_at=timezone.now(),
    )


def assess(house: build.House, scenario: Scenario, on: date = TODAY) -> None:
    """The officer registers a report, the reviewer approves it."""
    with house.acting("officer"):
        made = register(
            scenario,
            report=BytesIO(pdf("PIPIA")),
            name="pia.pdf",
            elements=set(ELEMENTS),
            by=house.people["officer"],
            today=on,
        )
    with house.acting("reviewer"):
        approve(made, by=house.people["reviewer"], today=on)


def opened(house: build.House) -> Filing:
    """A draft dossier with nothing uploaded."""
    register_facts(house.pip)
    crossing(house.pip)
    return services.open_dossier(obligation(house.pip), by=house.people["officer"], today=TODAY)


def complete(house: build.House, *, before: Callable[[Scenario], object] = lambda scenario: None) -> Filing:
    """A dossier to which every scan was uploaded and whose scenario is assessed, as it stands after ``before``."""
    filing = opened(house)
    scenario = filing.covered.get().scenario
    before(scenario)
    scenario.refresh_from_db()
    assess(house, scenario)
    for code in SCANS:
        name = "id.png" if code.endswith("-id") else f"{code}.pdf"
        services.attach(filing.documents.get(material=code), upload(name, code), by=house.people["officer"])
    return filing


def frozen(house: build.House) -> Filing:
    filing = complete(house)
    services.freeze(filing, by=house.people["officer"], today=TODAY)
    filing.refresh_from_db()
    return filing


def submitted(house: build.House) -> Filing:
    filing = frozen(house)
    services.submit(
        filing, by=house.people["reviewer"], on=TODAY, today=TODAY, proof=upload("proof.png"), receipt_number="R-1"
    )
    filing.refresh_from_db()
    return filing


def accepted(house: build.House) -> Filing:
    filing = submitted(house)
    services.accept(filing, by=house.people["officer"], received_on=TODAY, today=TODAY, number="京备2026-0001")
    return filing
