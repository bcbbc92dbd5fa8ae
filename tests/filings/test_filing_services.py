"""From the confirmed crossing to the accepted filing, in services."""

import io
import json
import subprocess
import zipfile
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook
from pypdf import PdfReader

from filings import services
from filings.models import Filing
from filings.workflow import MOVES
from portal.clock.reconcile import reconcile
from portal.evidence.models import Evidence
from portal.evidence.services import reader
from portal.law.checklists import MATERIALS
from portal.obligations.models import Obligation
from portal.workflow import CaseError, StateConflict, advance
from tests import build
from tests.filings import story
from tests.filings.story import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"
    with translation.override("en"):
        yield


def content(evidence: Evidence) -> bytes:
    with reader(evidence) as file:
        return file.read()


def unpacked(evidence: Evidence) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content(evidence)))


def test_dossier_opens_with_the_materials_of_the_law_and_the_counted_scenarios(house):
    filing = story.opened(house)
    assert filing.reference == "FIL-2026-0001"
    assert list(filing.documents.values_list("material", flat=True)) == [one.code for one in MATERIALS]
    assert [row.scenario.code for row in filing.covered.all()] == ["BOARDING"]


def test_dossier_waits_for_the_confirmed_crossing(house):
    with pytest.raises(CaseError, match="First confirm the day"):
        services.open_dossier(story.obligation(house.pip), by=house.people["officer"], today=TODAY)


def test_second_initial_filing_is_refused(house):
    filing = story.opened(house)
    with pytest.raises(CaseError, match="FIL-2026-0001"):
        services.open_dossier(filing.obligation, by=house.people["officer"], today=TODAY)


def test_other_duty_opens_no_dossier(house):
    other = story.obligation(house.pip)
    other.rule = "frm-13-sign-in-public-place"
    with pytest.raises(CaseError, match="needs no dossier"):
        services.open_dossier(other, by=house.people["officer"], today=TODAY)


def test_freeze_names_every_missing_material(house):
    filing = story.opened(house)
    with pytest.raises(CaseError) as refused:
        services.freeze(filing, by=house.people["officer"], today=TODAY)
    sentence = str(refused.value)
    assert sentence.startswith("6 materials are missing")
    for words in ("PIPIA report", "certificate", "legal representative", "agent", "Power of attorney", "Commitment"):
        assert words in sentence
    filing.refresh_from_db()
    assert filing.state == "draft" and filing.snapshots.count() == 0


def test_frozen_dossier_has_the_papers_numbered_and_verifies_with_sha256sum(house, tmp_path):
    snapshot = story.frozen(house).snapshots.get()
    with unpacked(snapshot.dossier) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path)
    assert {
        "00-备案期限推算说明.pdf",
        "01-个人信息处理者基本情况表.pdf",
        "02-人脸识别技术应用情况备案表-BOARDING.pdf",
        "02-附件-应用场所清单-BOARDING.xlsx",
        "03-个人信息保护影响评估报告-BOARDING.pdf",
        "04-统一社会信用代码证件.pdf",
        "05-法定代表人或负责人身份证件.png",
        "06-经办人身份证件.png",
        "07-经办人授权委托书.pdf",
        "08-承诺书.pdf",
        "可编辑稿/01-个人信息处理者基本情况表.docx",
        "SHA256SUMS",
        "MANIFEST.json",
    } <= names
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert (tmp_path / "05-法定代表人或负责人身份证件.png").read_bytes() == story.PNG


def test_pack_for_auditors_has_the_hash_of_identity_documents_and_not_their_bytes(house, tmp_path):
    filing = story.frozen(house)
    snapshot = filing.snapshots.get()
    assert snapshot.dossier.is_sensitive and not snapshot.pack.is_sensitive
    with unpacked(snapshot.pack) as archive:
        assert not [name for name in archive.namelist() if name.endswith(".png")]
        note = archive.read("05-法定代表人或负责人身份证件-未收入.txt").decode()
        assert story.PNG not in b"".join(archive.read(name) for name in archive.namelist())
        archive.extractall(tmp_path)
    assert filing.documents.get(material="representative-id").evidence.sha256 in note
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_chinese_of_the_forms_can_be_read_from_the_pdf(house):
    snapshot = story.frozen(house).snapshots.get()
    with unpacked(snapshot.dossier) as archive:
        read = {
            name: "".join(page.extract_text() for page in PdfReader(io.BytesIO(archive.read(name))).pages)
            for name in archive.namelist()
            if name.endswith(".pdf") and name[:2] in ("00", "01", "02")
        }
    basic = read["01-个人信息处理者基本情况表.pdf"]
    assert "示例科技有限公司" in basic and build.USCC in basic and "工作底稿，非官方表格" in basic
    application = read["02-人脸识别技术应用情况备案表-BOARDING.pdf"]
    for words in ("登机核验", "100,718", "核验旅客身份", "取得个人同意", "首都机场", "示例视觉"):
        assert words in application
    why = read["00-备案期限推算说明.pdf"]
    assert "2026年11月17日" in why and "北京市互联网信息办公室" in why


def test_snapshot_keeps_the_facts_as_they_were_when_the_register_changes(house):
    filing = story.frozen(house)
    scenario = filing.covered.get().scenario
    scenario.purpose = "something else"
    scenario.save(update_fields=["purpose"])
    facts = filing.snapshots.get().facts
    assert facts["scenarios"][0]["purpose"] == "核验旅客身份"
    assert facts["scenarios"][0]["persons"] == 100_718 and facts["frozen_on"] == "2026-10-12"
    assert {one["material"] for one in facts["documents"]} >= {"application", "representative-id", "commitment"}


def test_frozen_dossier_takes_no_paper_until_it_is_reopened(house):
    filing = story.frozen(house)
    document = filing.documents.get(material="commitment")
    with pytest.raises(StateConflict, match="Reopen it first"):
        services.attach(document, story.upload(), by=house.people["officer"])
    services.reopen(filing, by=house.people["officer"])
    services.attach(document, story.upload(), by=house.people["officer"])
    services.freeze(filing, by=house.people["officer"], today=TODAY)
    assert list(filing.snapshots.values_list("round", flat=True)) == [1, 2]


def test_second_of_two_freezes_is_told(house):
    filing = story.complete(house)
    stale = Filing.objects.get(pk=filing.pk)
    services.freeze(filing, by=house.people["officer"], today=TODAY)
    with pytest.raises(StateConflict):
        services.freeze(stale, by=house.people["officer"], today=TODAY)
    with pytest.raises(StateConflict, match="moved on"):
        advance(stale, MOVES, "freeze", conflict=str(services.MOVED_ON))
    assert filing.snapshots.count() == 1


@pytest.mark.parametrize(("on", "words"), [(TODAY + timedelta(1), "future"), (TODAY - timedelta(1), "frozen")])
def test_submission_lies_between_freezing_and_today(house, on, words):
    filing = story.frozen(house)
    with pytest.raises(ValidationError, match=words):
        services.submit(filing, by=house.people["reviewer"], on=on, today=TODAY, proof=story.upload())
    assert filing.submissions.count() == 0


def test_double_submit_leaves_one_submission(house):
    filing = story.submitted(house)
    with pytest.raises(StateConflict, match="only once"):
        services.submit(filing, by=house.people["reviewer"], on=TODAY, today=TODAY, proof=story.upload())
    assert filing.submissions.count() == 1


def test_submission_meets_the_duty_and_skips_later_rungs(house):
    filing = story.complete(house)
    reconcile(house.pip, today=TODAY)
    duty = Obligation.objects.get(pk=filing.obligation_id)
    assert duty.state == "open" and duty.reminders.filter(state="planned").exists()
    services.freeze(filing, by=house.people["officer"], today=TODAY)
    services.submit(filing, by=house.people["reviewer"], on=TODAY, today=TODAY, proof=story.upload())
    reconcile(house.pip, today=TODAY)
    duty.refresh_from_db()
    assert duty.state == "met" and duty.met_on == TODAY
    assert not duty.reminders.filter(state="planned").exists()


def test_correction_round_keeps_the_first_day_and_makes_a_second_version(house):
    filing = story.submitted(house)
    later = TODAY + timedelta(3)
    services.ask_correction(filing, by=house.people["officer"], received_on=later, today=later, reason="补正场所清单")
    assert filing.state == "correcting"
    services.freeze(filing, by=house.people["officer"], today=later)
    filing.refresh_from_db()
    services.reopen(filing, by=house.people["officer"])
    assert filing.state == "correcting"
    services.freeze(filing, by=house.people["officer"], today=later)
    filing.refresh_from_db()
    services.submit(filing, by=house.people["reviewer"], on=later, today=later, proof=story.upload())
    filing.refresh_from_db()
    assert filing.submitted_on == TODAY
    assert [row.snapshot.round for row in filing.submissions.all()] == [1, 3]


def test_acceptance_has_number_and_day_and_ends_the_case(house):
    filing = story.accepted(house)
    filing.refresh_from_db()
    assert (filing.state, filing.number, filing.accepted_on) == ("accepted", "京备2026-0001", TODAY)
    assert set(filing.documents.filter(evidence__isnull=False).values_list("state", flat=True)) == {"accepted"}
    with pytest.raises(StateConflict, match="only answer a submitted"):
        services.accept(filing, by=house.people["officer"], received_on=TODAY, today=TODAY, number="2")


def test_answer_does_not_come_before_the_submission(house):
    filing = story.submitted(house)
    with pytest.raises(ValidationError, match="submitted"):
        services.accept(filing, by=house.people["officer"], received_on=date(2026, 10, 1), today=TODAY, number="1")


def test_second_scenario_gets_its_own_sheet_and_report(house):
    filing = story.complete(house)
    second = build.scenario(house.pip, "LOUNGE", name="贵宾厅")
    build.count(second, 500, TODAY)
    services.generate(filing, "application", by=house.people["officer"], today=TODAY)
    assert filing.documents.filter(material="application", state="draft").count() == 2
    with pytest.raises(CaseError, match="PIPIA report · 贵宾厅"):
        services.freeze(filing, by=house.people["officer"], today=TODAY)
    story.assess(house, second)
    services.freeze(filing, by=house.people["officer"], today=TODAY)
    names = unpacked(filing.snapshots.get().dossier).namelist()
    assert "02-人脸识别技术应用情况备案表-LOUNGE.pdf" in names and "03-个人信息保护影响评估报告-LOUNGE.pdf" in names


def test_generating_again_without_a_change_keeps_the_file(house):
    filing = story.opened(house)
    for _time in range(2):
        services.generate(filing, "power-of-attorney", by=house.people["officer"], today=TODAY)
    document = filing.documents.get(material="power-of-attorney")
    assert document.state == "draft" and Evidence.objects.filter(name=document.evidence.name).count() == 1


def test_further_other_materials_get_rows_of_their_own(house):
    filing = story.opened(house)
    for name in ("rules.pdf", "procedures.pdf"):
        services.attach(
            filing.documents.filter(material="other").first(), story.upload(name), by=house.people["officer"]
        )
    assert filing.documents.filter(material="other", state="scanned").count() == 2


def test_identity_document_is_sensitive_and_other_kinds_are_refused(house):
    filing = story.opened(house)
    document = filing.documents.get(material="agent-id")
    with pytest.raises(ValidationError):
        services.attach(document, io.BytesIO(b"name,id\n"), name="id.csv", by=house.people["officer"])
    with pytest.raises(ValidationError, match="does not agree"):
        services.attach(document, io.BytesIO(story.PNG), name="id.pdf", by=house.people["officer"])
    services.attach(document, story.upload("id.png"), by=house.people["officer"])
    document.refresh_from_db()
    assert document.state == "scanned" and document.evidence.is_sensitive


def test_crossing_before_the_measures_takes_the_date_of_the_announcement(house):
    from filings.dossier import reckoning_of

    crossing = story.crossing(house.pip)
    crossing.crossed_on = date(2025, 3, 1)
    assert reckoning_of(crossing).due == date(2025, 7, 14)


def test_manifest_names_reference_version_and_law(house):
    with unpacked(story.frozen(house).snapshots.get().dossier) as archive:
        manifest = json.loads(archive.read("MANIFEST.json"))
    assert manifest["reference"] == "FIL-2026-0001" and manifest["version"] == 1
    assert manifest["law_version"].startswith("rules ")


def test_long_list_of_places_is_an_annex_only(house, monkeypatch):
    monkeypatch.setattr("filings.register.LONGEST_LIST", 1)
    filing = story.complete(house)
    scenario = filing.covered.get().scenario
    build.deployment(house.pip, "CAN-1", scenario=scenario, site=build.site(house.pip, "CAN", name="白云机场"))
    snapshot = services.freeze(filing, by=house.people["officer"], today=TODAY)
    with unpacked(snapshot.dossier) as archive:
        form = PdfReader(io.BytesIO(archive.read("02-人脸识别技术应用情况备案表-BOARDING.pdf")))
        annex = load_workbook(io.BytesIO(archive.read("02-附件-应用场所清单-BOARDING.xlsx"))).active
    text = "".join(page.extract_text() for page in form.pages)
    assert "白云机场" not in text and "全部" in text
    assert [row[1].value for row in annex.iter_rows(min_row=2)] == ["白云机场", "首都机场"]


def test_record_page_asks_the_same_for_one_place_and_for_twenty(house):
    filing = story.opened(house)
    client, asked = house.client("officer"), []
    client.get(filing.get_absolute_url())  # fills the caches of a fresh process
    for number in range(21):
        if number in (0, 20):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(filing.get_absolute_url()).status_code == 200
            asked.append(len(captured))
        place = build.deployment(house.pip, f"N-{number}", scenario=filing.covered.get().scenario)
        build.count(place, 10, TODAY)
    assert asked[0] == asked[1] < 80


def test_two_uploads_of_other_materials_are_both_kept(house):
    filing = story.opened(house)
    rows = filing.documents.filter(material="other")
    # Both pages were opened while there was no file yet.
    first, second = rows.get(), rows.get()
    services.attach(first, story.upload("a.pdf", "a"), by=house.people["officer"])
    services.attach(second, story.upload("b.pdf", "b"), by=house.people["officer"])
    assert sorted(rows.values_list("evidence__name", flat=True)) == ["a.pdf", "b.pdf"]


def test_dossier_without_a_counted_scenario_is_not_opened_and_says_what_to_do(house):
    story.crossing(house.pip)
    duty = story.obligation(house.pip)
    with pytest.raises(CaseError, match="Enter the counts"):
        services.open_dossier(duty, by=house.people["officer"], today=story.TODAY)
    assert not Filing.objects.exists()
