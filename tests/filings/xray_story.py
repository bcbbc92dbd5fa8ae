"""A clean dossier, its register complete and every scan read, and the ways in which it can go wrong."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from deployments.models import (
    Alternative,
    ConsentMechanism,
    Deployment,
    MlpsSystem,
    NoticeVersion,
    Scenario,
)
from deployments.notified import notified_facts
from filings import services
from filings.models import CoveredScenario, DossierDocument, FieldWording, Filing, PaperFacts, Sealing
from portal.law.enums import CONTROL_FAMILIES
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip
from tests import build
from tests.deployments import registers
from tests.filings import story
from tests.filings.story import CROSSED_ON, TODAY

ASSESSED_ON = date(2026, 8, 3)
STARTED_ON = date(2026, 8, 10)
NAME, AGENT, HEAD = "示例科技有限公司", "李经办", "王法人"
GOOD = date(2030, 1, 1)
PIP_FACTS: dict[str, Any] = {
    "organisation_type": "enterprise",
    "registered_address": "北京市朝阳区示例路1号",
    "office_address": "北京市朝阳区示例路1号",
    "legal_representative": HEAD,
    "legal_representative_title": "董事长",
    "agent_name": AGENT,
    "agent_department": "合规部",
    "agent_mobile": "13912345678",
    "agent_email": "agent@acme.example",
    "officer_name": "赵负责",
    "officer_phone": "010-12345678",
    "officer_email": "officer@acme.example",
    "industry": "交通运输",
    "employees": 1200,
    "business_summary": "机场地面服务。",
    "total_pi_persons": 900_000,
}
SCENARIO_FACTS: dict[str, Any] = {
    "scope": "in",
    "scope_decided_on": date(2026, 7, 1),
    "function": "verify",
    "purpose": "核验旅客身份",
    "necessity": "高峰期人工核验排队过长。",
    "rejected_ways": "刷卡易被冒用。",
    "legal_basis": "consent",
    "subject_groups": ["passengers"],
    "subjects": "旅客",
    "storage_mode": "lan_server",
    "sends_over_internet": False,
    "retention": "登机后24小时",
    "deletion_method": "自动覆盖",
    "supplier": "示例视觉",
}
READ: dict[str, dict[str, Any]] = {
    "uscc-certificate": {
        "name": NAME,
        "uscc": build.USCC,
        "is_long_term": True,
        "is_copy": True,
        "has_seal": True,
        "pages": 1,
        "pages_of": 1,
    },
    "representative-id": {"name": HEAD, "valid_until": GOOD, "pages": 1, "pages_of": 1},
    "agent-id": {"name": AGENT, "valid_until": GOOD, "pages": 1, "pages_of": 1},
    "power-of-attorney": {
        "name": NAME,
        "uscc": build.USCC,
        "agent": AGENT,
        "valid_from": date(2026, 10, 8),
        "is_long_term": True,
        "has_signature": True,
        "has_seal": True,
        "pages": 1,
        "pages_of": 1,
    },
    "commitment": {
        "name": NAME,
        "uscc": build.USCC,
        "dated_on": date(2026, 10, 9),
        "has_signature": True,
        "has_seal": True,
        "pages": 2,
        "pages_of": 2,
    },
}


def scenario(pip: Pip, code: str, name: str, persons: int) -> Scenario:
    """A scenario with everything that the sheet asks, at one place, counted before its assessment."""
    made = build.scenario(pip, code, name=name, **SCENARIO_FACTS)
    place = build.site(pip, code, name=f"{name}大厅")
    used = build.deployment(pip, f"{code}-1", scenario=made, site=place, started_on=STARTED_ON)
    build.device(used, f"SN-{code}", maker="示例视觉", model="F1")
    registers.alternative(made)
    asked = ConsentMechanism.objects.create(
        tenant=pip.tenant, pip=pip, scenario=made, kinds=["look"], is_separate=True, withdrawal_path="服务台"
    )
    build.wording(asked)
    for family in CONTROL_FAMILIES:
        registers.control(made, family, owner="信息部")
    made.mlps = registers.mlps(pip, f"{name}平台", level=3, record_number="11010213001-00001", tested_on=ASSESSED_ON)
    made.save(update_fields=["mlps"])
    build.notice(made)
    build.count(made, persons, date(2026, 7, 30), dedup_method="按证件号去重")
    return made


def clean(house: build.House) -> Filing:
    """A dossier that the X-ray finds nothing in: two scenarios, sealed and scanned papers, all of them read."""
    Pip.objects.filter(pk=house.pip.pk).update(**PIP_FACTS)
    house.pip.refresh_from_db()
    made = [scenario(house.pip, "BOARDING", "登机核验", 70_000), scenario(house.pip, "LOUNGE", "贵宾厅核验", 28_000)]
    for one in made:
        story.assess(house, one, on=ASSESSED_ON)
    for one, persons in zip(made, (72_000, 28_718), strict=True):
        build.count(one, persons, CROSSED_ON, dedup_method="按证件号去重")
    story.crossing(house.pip)
    officer = house.people["officer"]
    filing = services.open_dossier(story.obligation(house.pip), by=officer, today=TODAY)
    letters = filing.documents.filter(material__in=["power-of-attorney", "commitment"])
    sealing = services.take_to_seal(filing, letters, by=officer, taken_by="张三", on=TODAY, today=TODAY)
    services.bring_back(sealing, by=officer, on=TODAY, today=TODAY, was_sealed=True)
    for code in story.SCANS:
        attach(filing, code, by=officer)
    services.attach(filing.documents.get(material="other"), story.upload("rules.pdf", "规则"), by=officer)
    return filing


def attach(filing: Filing, code: str, *, by: Any) -> None:
    """Hand in the scan of a material and read it."""
    document = filing.documents.get(material=code)
    services.attach(document, story.upload(f"{code}.pdf", code), by=by)
    services.read_paper(document, by=by, **READ[code])


# Each writes into the rows of a clean dossier; what it gives back is the day on which the X-ray is made.
Change = Callable[[Filing], Any]


def read(code: str, **facts: Any) -> Change:
    """Another reading of a scan."""
    return lambda filing: PaperFacts.objects.filter(document__filing=filing, document__material=code).update(**facts)


def pip(**facts: Any) -> Change:
    return lambda filing: Pip.objects.filter(pk=filing.pip_id).update(**facts)


def of_scenario(code: str = "BOARDING", **facts: Any) -> Change:
    return lambda filing: Scenario.objects.filter(pip_id=filing.pip_id, code=code).update(**facts)


def document(code: str, **fields: Any) -> Change:
    return lambda filing: filing.documents.filter(material=code).update(**fields)


def on(day: date) -> Change:
    return lambda filing: day


def uncovered(filing: Filing) -> None:
    build.count(build.scenario(filing.pip, "GATE", name="闸机", scope="in"), 10, TODAY)


def covered(name: str, persons: int = 10, when: date = TODAY, code: str = "GATE") -> Change:
    """A further covered scenario, counted and neither assessed nor used anywhere."""

    def change(filing: Filing) -> None:
        made = build.scenario(filing.pip, code, name=name, scope="in")
        if persons:
            build.count(made, persons, when)
        CoveredScenario.objects.create(tenant_id=filing.tenant_id, pip_id=filing.pip_id, filing=filing, scenario=made)

    return change


def long_at_the_seal(filing: Filing) -> None:
    Sealing.objects.update(taken_on=TODAY - timedelta(days=20), back_on=None, was_sealed=None)
    filing.documents.filter(material="commitment").update(state="to_seal")


def new_file(filing: Filing) -> None:
    kept = build.evidence(filing.pip, "better.pdf")
    filing.documents.filter(material="commitment").update(evidence=kept)


def same_file(filing: Filing) -> None:
    first = filing.documents.get(material="representative-id")
    filing.documents.filter(material="agent-id").update(evidence=first.evidence)
    PaperFacts.objects.filter(document__material="agent-id").update(evidence=first.evidence)


def one_person(filing: Filing) -> None:
    """The representative is the agent himself, and his document was handed in twice."""
    pip(agent_name=HEAD)(filing)
    same_file(filing)
    read("agent-id", name=HEAD)(filing)
    refill(filing)
    read("power-of-attorney", agent=HEAD)(filing)


def refill(filing: Filing, *, letters: bool = True) -> None:
    """Fill the forms again, and take new letters to the seal and back, as one does after a change."""
    forms = ("basic-information", "application")
    for code in (*forms, "power-of-attorney", "commitment") if letters else forms:
        services.generate(filing, code, by=None, today=TODAY)
    if letters:
        seal_again(filing)


def seal_again(filing: Filing) -> None:
    letters = filing.documents.filter(material__in=["power-of-attorney", "commitment"])
    sealing = services.take_to_seal(filing, letters, by=None, taken_by="张三", on=TODAY, today=TODAY)
    services.bring_back(sealing, by=None, on=TODAY, today=TODAY, was_sealed=True)
    for code in ("power-of-attorney", "commitment"):
        attach(filing, code, by=None)


def refilled(*changes: Change, letters: bool = False) -> Change:
    def change(filing: Filing) -> None:
        for one in changes:
            one(filing)
        refill(filing, letters=letters)

    return change


def stray_sheet(filing: Filing) -> None:
    DossierDocument.objects.create(
        tenant_id=filing.tenant_id,
        pip_id=filing.pip_id,
        filing=filing,
        material="application",
        position=209,
        state="draft",
        evidence=build.evidence(filing.pip, "stray.pdf"),
    )


def worded(field: str, **wording: Any) -> Change:
    return lambda filing: FieldWording.objects.create(
        tenant_id=filing.tenant_id, form="application", field=field, **wording
    )


def vendor(**fields: Any) -> Change:
    def change(filing: Filing) -> None:
        registers.engagement(
            Scenario.objects.get(code="LOUNGE"), registers.vendor(filing.pip, "CLOUD", **fields), purpose="运行"
        )

    return change


def counts(persons: int, code: str = "BOARDING") -> Change:
    return lambda filing: build.count(Scenario.objects.get(code=code), persons, TODAY)


def told(**facts: Any) -> Change:
    """The published notice told something else."""

    def change(filing: Filing) -> None:
        made = Scenario.objects.select_related("pip", "tenant").get(code="BOARDING")
        NoticeVersion.objects.filter(notice__scenario=made).update(state="superseded")
        build.notice(made, 2, notified=notified_facts(made) | facts)

    return change


def duty(**fields: Any) -> Change:
    return lambda filing: Obligation.objects.filter(pk=filing.obligation_id).update(**fields)


DEFECTS: dict[str, tuple[str, Change]] = {
    "the commitment letter is missing": ("missing", document("commitment", state="missing", evidence=None)),
    "the agent's document is missing": ("missing", document("agent-id", state="missing", evidence=None)),
    "the letter is back from the seal, but not scanned": ("missing", document("commitment", state="sealed")),
    "a form was filled before the number of employees changed": ("stale", pip(employees=1300)),
    "a form was filled before the purpose changed": ("stale", of_scenario(necessity="另一说明")),
    "the power of attorney was sealed with another mobile number": ("sealed-stale", pip(agent_mobile="13800001111")),
    "a letter never came back from the seal": ("at-the-seal", long_at_the_seal),
    "nobody read the power of attorney": (
        "unread",
        lambda filing: PaperFacts.objects.filter(document__material="power-of-attorney").delete(),
    ),
    "a new file came after the reading": ("unread", new_file),
    "no seal on the power of attorney": ("unsealed", read("power-of-attorney", has_seal=False)),
    "no seal on the commitment letter": ("unsealed", read("commitment", has_seal=False)),
    "the copy of the certificate is not sealed": ("unsealed", read("uscc-certificate", has_seal=False)),
    "no signature on the commitment letter": ("unsigned", read("commitment", has_signature=False)),
    "nobody looked who the agent is": ("half-read", read("power-of-attorney", agent="")),
    "nobody looked for the seal": ("half-read", read("commitment", has_seal=None)),
    "one of two pages was scanned": ("pages", read("commitment", pages=1)),
    "the back of the document is missing": ("pages", read("agent-id", pages=1, pages_of=2)),
    "one document stands for two persons": ("same-file", same_file),
    "no processing rules": ("rules", document("other", state="missing", evidence=None)),
    "the code has a wrong check character": ("uscc", pip(uscc="911100001016237410")),
    "the certificate has the former name": ("name-differs", read("uscc-certificate", name="示例技术有限公司")),
    "one character of the name in the letter": ("name-differs", read("commitment", name="示例科技有限责任公司")),
    "the power of attorney is of the parent": ("name-differs", read("power-of-attorney", name="示例集团有限公司")),
    "two characters of the code changed places": ("uscc-differs", read("uscc-certificate", uscc="91110000101627341K")),
    "the document is another representative's": ("representative-differs", read("representative-id", name="王法仁")),
    "the document is another agent's": ("agent-differs", read("agent-id", name="孙经办")),
    "the power of attorney names another agent": ("agent-differs", read("power-of-attorney", agent="孙经办")),
    "another province than the code's": ("province", pip(province="31", registered_address="示例路1号")),
    "the address lies in another province": ("province", pip(registered_address="上海市浦东新区1号")),
    "a digit of the mobile number is missing": ("mobile", pip(agent_mobile="1391234567")),
    "a counted scenario is not covered": ("uncovered", uncovered),
    "a sheet of no scenario": ("sheets", stray_sheet),
    "a covered scenario is out of scope": ("out-of-scope", of_scenario(scope="out_rnd", scope_reason="研发")),
    "two scenarios have one name": ("names-alike", of_scenario("LOUNGE", name="登机核验")),
    "no necessity": ("empty", of_scenario(necessity="")),
    "no industry": ("empty", pip(industry="")),
    "no other way": ("empty", lambda filing: Alternative.objects.all().delete()),
    "the purpose is longer than the form takes": ("too-long", worded("purpose", max_length=5)),
    "sent over the internet without an exception": ("exception", of_scenario(sends_over_internet=True)),
    "in a cloud, and yet not sent": ("cloud", of_scenario(storage_mode="public_cloud")),
    "children without their guardians": ("guardian", of_scenario(subject_groups=["passengers", "under_14"])),
    "the code of a vendor is wrong": ("vendor-code", vendor(uscc="91330106MA2HTEXTX0")),
    "the MLPS number is too short": (
        "mlps",
        lambda filing: MlpsSystem.objects.update(record_number="1101"),
    ),
    "persons stored, and no place": (
        "nowhere",
        lambda filing: Deployment.objects.filter(code="LOUNGE-1").update(status="terminated", ended_on=TODAY),
    ),
    "a covered scenario was never assessed": ("unassessed", covered("闸机")),
    "the report is older than three months": ("old-report", on(date(2026, 11, 4))),
    "use began before the assessment": (
        "after-start",
        lambda filing: Deployment.objects.filter(code="BOARDING-1").update(started_on=date(2026, 7, 1)),
    ),
    "another purpose than assessed": ("outdated", of_scenario(purpose="客流分析")),
    "identification instead of verification": ("outdated", of_scenario(function="identify")),
    "another storage than assessed": ("storage-differs", of_scenario(storage_mode="device")),
    "another transmission than assessed": (
        "transmission-differs",
        of_scenario(sends_over_internet=True, storage_exception="consent", storage_exception_basis="同意书"),
    ),
    "a longer retention than assessed": ("retention-differs", of_scenario(retention="三年")),
    "another deletion than assessed": ("retention-differs", of_scenario("LOUNGE", deletion_method="人工删除")),
    "the PIP was renamed after the assessment": ("name-assessed", pip(name="新示例科技有限公司")),
    "the notice tells another retention": ("notice-differs", told(retention="七天")),
    "the notice tells another purpose": ("notice-differs", told(purpose="门禁")),
    "no notice is published": (
        "no-notice",
        lambda filing: NoticeVersion.objects.filter(notice__scenario__code="LOUNGE").update(state="superseded"),
    ),
    "people consented to nothing abroad": ("consent-differs", of_scenario(cross_border=True)),
    "a late count moved the number of that day": ("crossing", covered("闸机", 5_000, CROSSED_ON)),
    "the number fell below 100,000": ("below", counts(50_000)),
    "a covered scenario without persons": ("uncounted", covered("闸机", persons=0)),
    "three times as many persons as assessed": ("assessed-count", counts(216_000)),
    "more faces than persons": ("all-persons", pip(total_pi_persons=90_000)),
    "a count of long before the crossing": ("old-count", covered("闸机", when=date(2026, 6, 1))),
    "the representative's document ran out": ("expires", read("representative-id", valid_until=date(2026, 10, 1))),
    "the agent's document runs out before the due date": (
        "expires",
        read("agent-id", valid_until=date(2026, 11, 16)),
    ),
    "the certificate runs out before the due date": (
        "expires",
        read("uscc-certificate", is_long_term=False, valid_until=date(2026, 10, 31)),
    ),
    "the power of attorney ends before the due date": (
        "expires",
        read("power-of-attorney", is_long_term=False, valid_until=date(2026, 11, 1)),
    ),
    "the power of attorney begins next week": ("not-yet", read("power-of-attorney", valid_from=date(2026, 10, 19))),
    "the commitment letter is dated ahead": ("dated", read("commitment", dated_on=date(2026, 12, 9))),
    "the last day is past": ("overdue", duty(due_on=date(2026, 10, 9), safe_on=date(2026, 10, 9))),
    "the safe day of a provisional date is past": (
        "past-safe",
        duty(firmness="provisional", safe_on=date(2026, 10, 9)),
    ),
}


def reassessed(house: build.House, **facts: Any) -> Change:
    """Other facts of the first scenario, told in a new notice, consented to, assessed and filled in anew."""

    def change(filing: Filing) -> None:
        of_scenario(**facts)(filing)
        made = Scenario.objects.select_related("pip", "tenant").get(code="BOARDING")
        story.assess(house, made, on=TODAY)
        NoticeVersion.objects.filter(notice__scenario=made).update(state="superseded")
        build.notice(made, 2)
        build.wording(ConsentMechanism.objects.get(scenario=made), 2)
        refill(filing, letters=False)

    return change


def renamed(house: build.House, name: str, on_paper: str) -> Change:
    """Another name, told, assessed, sealed and read; the papers write its brackets in the other width."""

    def change(filing: Filing) -> None:
        pip(name=name)(filing)
        for made in Scenario.objects.select_related("pip", "tenant"):
            story.assess(house, made, on=TODAY)
            NoticeVersion.objects.filter(notice__scenario=made).update(state="superseded")
            build.notice(made, 2)
        refill(filing)
        for code in ("uscc-certificate", "power-of-attorney", "commitment"):
            read(code, name=on_paper)(filing)

    return change


def published_again(filing: Filing) -> None:
    made = Scenario.objects.get(code="LOUNGE")
    NoticeVersion.objects.filter(notice__scenario=made).update(state="superseded", ended_on=timezone.localdate())
    build.notice(made, 2)


def variants(house: build.House) -> dict[str, Change]:
    """Forty clean dossiers, each lawful in its own way."""
    return {
        "as it is": lambda filing: None,
        "brackets of the other width": read("uscc-certificate", name=" 示例科技有限公司 "),
        "the code in small letters": read("commitment", uscc=build.USCC.lower()),
        "a document that is valid to the very last day": read("agent-id", valid_until=date(2026, 11, 17)),
        "a document of long validity": read("representative-id", valid_until=None, is_long_term=True),
        "a certificate with an end": read("uscc-certificate", is_long_term=False, valid_until=date(2046, 1, 1)),
        "the original of the certificate, which needs no seal": read(
            "uscc-certificate", is_copy=False, has_seal=False
        ),
        "the power of attorney to the day": read(
            "power-of-attorney", is_long_term=False, valid_until=date(2026, 11, 17)
        ),
        "a power of attorney of today": read("power-of-attorney", valid_from=TODAY),
        "a letter dated today": read("commitment", dated_on=TODAY),
        "a letter dated before the crossing": read("commitment", dated_on=date(2026, 9, 1)),
        "front and back": read("agent-id", pages=2, pages_of=2),
        "pages that nobody counted": read("representative-id", pages=None, pages_of=None),
        "the representative is the agent": one_person,
        "the name of the agent with a space": read("power-of-attorney", agent="李 经办"),
        "on the last day of the three months": on(date(2026, 11, 3)),
        "on the last day for filing without a holiday": on(date(2026, 10, 30)),
        "a second rules file": lambda filing: services.attach(
            filing.documents.get(material="other"), story.upload("more.pdf", "规程"), by=house.people["officer"]
        ),
        "the mobile number with its country code": refilled(pip(agent_mobile="+86 13912345678"), letters=True),
        "a registration with the State's office": refilled(
            pip(registered_address="朝阳区示例路1号"),
        ),
        "another address in the same province": refilled(pip(registered_address="北京市海淀区2号")),
        "an institution": refilled(pip(organisation_type="institution")),
        "an operator of critical infrastructure": refilled(pip(is_cii=True)),
        "a million persons": refilled(pip(total_pi_persons=1_500_000)),
        "a little more persons": refilled(counts(73_000)),
        "an overseas vendor without a code": refilled(vendor(name="Cloud Ltd", is_overseas=True)),
        "a vendor with a code": refilled(vendor(name="云识科技", uscc="91330106MA2HTEXTX3")),
        "the notice was published again": published_again,
        "in the device": reassessed(house, storage_mode="device"),
        "in a private cloud with consent": reassessed(
            house,
            storage_mode="private_cloud",
            sends_over_internet=True,
            storage_exception="consent",
            storage_exception_basis="同意书第1版",
        ),
        "a longer retention, assessed": reassessed(house, retention="登机后72小时"),
        "identification, assessed": reassessed(house, function="identify"),
        "another purpose, assessed": reassessed(house, purpose="核验旅客身份并引导登机"),
        "minors of fourteen and more": reassessed(house, subject_groups=["passengers", "aged_14_17"]),
        "on another legal basis": reassessed(house, legal_basis="statutory_duty"),
        "a label of the authority's own": refilled(worded("purpose", label_zh="处理的目的", max_length=600)),
        "a position of the authority's own": refilled(worded("necessity", position=5)),
        "a renamed PIP, assessed": renamed(house, "示例（北京）科技有限公司", "示例(北京)科技有限公司"),
        "three working days before": duty(due_on=date(2026, 11, 17), safe_on=date(2026, 11, 12)),
        "a provisional date": duty(firmness="provisional", safe_on=date(2026, 11, 2)),
    }
