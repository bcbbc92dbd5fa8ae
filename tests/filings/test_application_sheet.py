"""The application sheet says what the register says: other ways, consent, vendors, protection, transfer, MLPS."""

import io
import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document
from pypdf import PdfReader

from deployments.models import ConsentMechanism, Engagement, Scenario
from filings import services, sheets
from filings.dossier import covered_sheets
from filings.layout import laid_out
from filings.models import Filing
from portal.law.enums import CONTROL_FAMILIES
from portal.tenancy.models import Pip
from tests import build
from tests.deployments import registers
from tests.filings import story
from tests.filings.story import TODAY
from tests.filings.test_filing_services import content, unpacked

pytestmark = pytest.mark.django_db
SIGNED = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


def fill(house, scenario: Scenario) -> None:
    """Everything that the sheet asks of a scenario, as rows."""
    registers.alternative(scenario, "lane", description="人工查验通道", place="9号通道")
    registers.alternative(scenario, "card", description="旧工牌", ended_on=TODAY)
    ConsentMechanism.objects.create(
        tenant=house.tenant,
        pip=house.pip,
        scenario=scenario,
        kinds=["look"],
        is_separate=True,
        withdrawal_path="服务台当场撤回",
    )
    cloud = registers.vendor(house.pip, "CLOUD", name="云识科技", is_overseas=True)
    registers.engagement(
        scenario,
        cloud,
        purpose="运行识别服务",
        contract_number="HT-88",
        contract_on=SIGNED,
        contract_ends_on=date(2027, 1, 4),
    )
    registers.engagement(scenario, registers.vendor(house.pip, "POLICE", name="机场公安"), "recipient")
    registers.engagement(scenario, registers.vendor(house.pip, "MAKER", name="门禁厂商"), "supplier")
    registers.engagement(scenario, registers.vendor(house.pip, "GONE", name="旧云商"), ended_on=TODAY)
    for family, words in CONTROL_FAMILIES.items():
        registers.control(scenario, family, measure=f"{words.zh}方案", owner="信息部", reviewed_on=SIGNED)
    system = registers.mlps(
        house.pip, "旅客识别平台", level=3, record_number="11010213001-00001", tested_on=date(2026, 5, 6)
    )
    Scenario.objects.filter(pk=scenario.pk).update(
        mlps=system,
        sends_over_internet=True,
        storage_exception="consent",
        storage_exception_basis="同意书第3版",
        cross_border=True,
        cross_border_recipient="Cloud Ltd",
        cross_border_mechanism="contract",
        cross_border_number="SC-7",
        automated_decision=True,
        decision_explanation="人工复核",
    )


EXPECTED = {
    "alternatives": "人工通道、人工柜台：人工查验通道（9号通道）",
    "consent": "取得单独同意；按提示主动注视设备；撤回方式：服务台当场撤回",
    "algorithm_supplier": "门禁厂商",
    "internet_transmission": "通过互联网对外传输；取得个人单独同意；同意书第3版",
    "entrusted": "云识科技（运行识别服务，合同编号HT-88，2026年1月5日签订，有效期至2027年1月4日，境外）",
    "recipients": "机场公安",
    "cross_border": "是；Cloud Ltd；个人信息出境标准合同（已备案）；SC-7",
    "automated_decision": "是；人工复核",
    "encryption": "已落实：数据加密方案；责任人：信息部；2026年1月5日复核",
    "intrusion": "已落实：入侵检测和防御方案；责任人：信息部；2026年1月5日复核",
    "mlps_record": "旅客识别平台：第三级，备案证明编号11010213001-00001，2026年5月6日测评",
}


def filled(filing: Filing) -> dict[str, sheets.Filled]:
    return {one.field.code: one for one in sheets.application_fields(covered_sheets(filing, TODAY)[0], laid_out())}


def zh(value) -> str:
    return value if isinstance(value, str) else value.zh


def test_sheet_says_what_the_rows_of_the_register_say(house):
    filing = story.opened(house)
    fill(house, filing.covered.get().scenario)
    found = filled(filing)
    assert {code: zh(found[code].value) for code in EXPECTED} == EXPECTED
    assert all(found[code].is_kept and not found[code].is_missing for code in EXPECTED)


def test_generated_form_and_its_editable_copy_hold_the_values(house):
    filing = story.complete(house, before=lambda scenario: fill(house, scenario))
    Pip.objects.filter(pk=house.pip.pk).update(is_cii=True, total_pi_persons=1_234_567)
    snapshot = services.freeze(filing, by=house.people["officer"], today=TODAY)
    with unpacked(snapshot.dossier) as archive:
        name = "02-人脸识别技术应用情况备案表-BOARDING"
        printed = PdfReader(io.BytesIO(archive.read(f"{name}.pdf")))
        editable = Document(io.BytesIO(archive.read(f"可编辑稿/{name}.docx")))
        basic = Document(io.BytesIO(archive.read("可编辑稿/01-个人信息处理者基本情况表.docx")))
        facts = json.loads(archive.read("00-备案事实.json"))
    text = "".join("".join(page.extract_text() for page in printed.pages).split())
    cells = "\n".join(cell.text for table in editable.tables for row in table.rows for cell in row.cells)
    for code, value in EXPECTED.items():
        assert "".join(value.split()) in text, code
        assert value in cells, code
    assert "旧云商" not in cells and "旧工牌" not in cells
    basics = "\n".join(cell.text for table in basic.tables for row in table.rows for cell in row.cells)
    assert "1,234,567" in basics and "属于关键信息基础设施运营者" in basics and "旅客识别平台" in basics
    frozen = facts["scenarios"][0]
    assert frozen["mlps"]["record_number"] == "11010213001-00001"
    assert [one["name"] for one in frozen["vendors"]] == ["云识科技", "机场公安", "门禁厂商"]
    assert set(frozen["controls"]) == set(CONTROL_FAMILIES)


def test_sheet_speaks_english_too(house):
    filing = story.opened(house)
    fill(house, filing.covered.get().scenario)
    found = filled(filing)
    assert "contract HT-88" in found["entrusted"].value.en and "level 3" in found["mlps_record"].value.en


def test_free_text_stands_where_the_register_has_no_rows(house):
    filing = story.opened(house)
    Scenario.objects.update(alternative="人工柜台", supplier="某厂商", protection="整体加密")
    found = filled(filing)
    assert found["alternatives"].value == "人工柜台" and found["algorithm_supplier"].value == "某厂商"
    assert found["protection"].value == "整体加密"
    assert {zh(found[code].value) for code in CONTROL_FAMILIES} == {"见上文保护措施说明"}
    registers.control(Scenario.objects.get(), "encryption", measure="磁盘加密")
    found = filled(filing)
    assert zh(found["encryption"].value) == "已落实：磁盘加密" and found["intrusion"].is_missing


def test_without_anything_the_sheet_asks_and_claims_nothing(house):
    filing = story.opened(house)
    found = filled(filing)
    for code in ("alternatives", "consent", "internet_transmission", "protection", "encryption", "mlps_record"):
        assert found[code].is_missing and found[code].is_kept, code
    for code in ("entrusted", "recipients"):
        assert zh(found[code].value) == "无" and zh(found[code].note) == "台账未登记"


def test_other_legal_basis_asks_for_no_consent(house):
    filing = story.opened(house)
    Scenario.objects.update(legal_basis="statutory_duty")
    assert zh(filled(filing)["consent"].value).startswith("不以个人同意为依据")


def test_state_rule_stands_beside_or_instead_of_other_ways(house):
    filing = story.opened(house)
    Scenario.objects.update(state_rule="民航规则")
    assert zh(filled(filing)["alternatives"].value) == "国家另有规定：民航规则"


def test_gap_leads_to_the_tab_that_fills_it(house):
    filing = story.opened(house)
    scenario = filing.covered.get().scenario
    Scenario.objects.update(**dict.fromkeys(("purpose", "necessity", "retention", "subjects"), "x"))
    Scenario.objects.update(alternative="x", sends_over_internet=False)
    registers.alternative(scenario)
    ConsentMechanism.objects.create(
        tenant=house.tenant, pip=house.pip, scenario=scenario, kinds=["look"], is_separate=True
    )
    Scenario.objects.update(supplier="x")
    page = house.client("officer").get(filing.get_absolute_url()).content.decode()
    assert f"/scenarios/{scenario.pk}/safeguards/" in page


def test_form_filled_before_is_called_outdated_after_a_change_of_the_rows(house):
    filing = story.opened(house)
    client = house.client("officer")
    said = "The register changed after these papers were filled"
    assert said not in client.get(filing.get_absolute_url()).content.decode()
    registers.control(filing.covered.get().scenario)
    assert said in client.get(filing.get_absolute_url()).content.decode()


def test_record_page_asks_the_same_whatever_hangs_on_the_scenario(house):
    filing = story.opened(house)
    scenario, client, asked = filing.covered.get().scenario, house.client("officer"), []
    fill(house, scenario)
    client.get(filing.get_absolute_url())
    for number in range(9):
        if number in (0, 8):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(filing.get_absolute_url()).status_code == 200
            asked.append(len(captured))
        registers.alternative(scenario)
        registers.engagement(scenario, registers.vendor(house.pip, f"V{number}"))
        registers.mlps(house.pip, f"System {number}")
    assert asked[0] == asked[1] < 80, asked
    assert Engagement.objects.count() == 13


def test_dossier_that_was_frozen_keeps_what_it_said(house):
    filing = story.complete(house, before=lambda scenario: fill(house, scenario))
    scenario = filing.covered.get().scenario
    snapshot = services.freeze(filing, by=house.people["officer"], today=TODAY)
    before = content(snapshot.dossier)
    Engagement.objects.update(ended_on=TODAY)
    build.device(scenario.deployments.get(), "SN-NEW")
    snapshot.refresh_from_db()
    assert content(snapshot.dossier) == before
    assert snapshot.facts["scenarios"][0]["vendors"][0]["contract_number"] == "HT-88"
