"""Papers on their way: read, sealed, scanned; copied out field by field; worded as the filing system words them."""

import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from deployments.models import Scenario
from filings import services, sheets
from filings.copyout import copy_out
from filings.dossier import covered_sheets
from filings.layout import laid_out
from filings.models import CopiedField, FieldWording, PaperFacts, Sealing
from portal.audit.models import AuditEvent
from portal.evidence.models import Opening
from portal.evidence.services import keep
from portal.tenancy.models import Pip
from portal.workflow import CaseError, StateConflict
from tests.filings import story, xray_story
from tests.filings.story import TODAY
from tests.filings.test_filing_services import unpacked

pytestmark = pytest.mark.django_db
LETTERS = ["power-of-attorney", "commitment"]


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


def url(house, name: str, *args) -> str:
    return reverse(f"filings:{name}", args=[house.tenant.slug, *args])


def states(filing) -> list[str]:
    return [filing.documents.get(material=code).state for code in LETTERS]


def at_the_seal(house, filing) -> Sealing:
    letters = filing.documents.filter(material__in=LETTERS)
    return services.take_to_seal(
        filing, letters, by=house.people["officer"], taken_by="张三", on=TODAY, today=TODAY, copies=2
    )


def test_letters_go_to_the_seal_come_back_and_are_there_when_scanned(house):
    filing = story.opened(house)
    assert states(filing) == ["draft", "draft"]
    sealing = at_the_seal(house, filing)
    assert states(filing) == ["to_seal", "to_seal"]
    services.bring_back(sealing, by=house.people["officer"], on=TODAY, today=TODAY, was_sealed=True)
    assert states(filing) == ["sealed", "sealed"]
    with pytest.raises(CaseError, match="Commitment letter"):
        services.freeze(filing, by=house.people["officer"], today=TODAY)
    services.attach(filing.documents.get(material="commitment"), story.upload(), by=house.people["officer"])
    assert states(filing) == ["sealed", "scanned"]
    with pytest.raises(StateConflict, match="back already"):
        services.bring_back(sealing, by=house.people["officer"], on=TODAY, today=TODAY, was_sealed=False)


def test_unsealed_letters_are_drafts_again(house):
    filing = story.opened(house)
    sealing = at_the_seal(house, filing)
    services.bring_back(sealing, by=house.people["officer"], on=TODAY, today=TODAY, was_sealed=False)
    assert states(filing) == ["draft", "draft"]
    assert at_the_seal(house, filing).number == 2


def test_letter_at_the_seal_does_not_go_there_again_and_no_day_lies_ahead(house):
    filing = story.opened(house)
    sealing = at_the_seal(house, filing)
    with pytest.raises(CaseError, match="No paper is waiting"):
        at_the_seal(house, filing)
    for on, words in ((date(2026, 10, 13), "future"), (date(2026, 10, 11), "before they were taken")):
        with pytest.raises(ValidationError, match=words):
            services.bring_back(sealing, by=None, on=on, today=TODAY, was_sealed=True)


def test_way_to_the_seal_in_the_browser_with_its_slip(house):
    filing, officer = story.opened(house), house.client("officer")
    place = url(house, "seal", filing)
    papers = [str(filing.documents.get(material=code).pk) for code in LETTERS]
    assert officer.post(place, {"papers": papers, "taken_on": "2026-10-12", "copies": "1"}).status_code == 422
    given = {"papers": papers, "taken_by": "张三", "taken_on": "2026-10-12", "copies": "2"}
    late = officer.post(place, given | {"taken_on": "2026-10-13"})
    assert late.status_code == 422 and "future" in late.content.decode()
    assert officer.post(place, given).status_code == 302
    printed = officer.get(url(house, "seal_slip", filing, 1)).content
    text = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages).split())
    for words in ("用印申请单", "示例科技有限公司", "FIL-2026-0001-01", "张三", "经办人授权委托书", "承诺书"):
        assert words in text
    back = url(house, "seal_back", filing, 1)
    assert officer.get(back).status_code == 200
    assert officer.post(back, {"back_on": "2026-10-12", "was_sealed": "yes"}).status_code == 302
    assert states(filing) == ["sealed", "sealed"]
    page = house.client("auditor").get(place).content.decode()
    assert "张三" in page and "Note and make the slip" not in page
    assert house.client("auditor").post(place, given).status_code == 403
    assert AuditEvent.objects.filter(verb="filing.take_to_seal", table_name="filings_sealing").exists()


def test_each_scan_asks_what_stands_on_it_and_never_for_a_number(house):
    filing, officer = story.complete(house), house.client("officer")
    agent = url(house, "read", filing, filing.documents.get(material="agent-id").pk)
    page = officer.get(agent).content.decode()
    assert 'name="valid_until"' in page and 'name="uscc"' not in page and 'name="has_seal"' not in page
    refused = officer.post(agent, {"name": "李经办 11010519491231002X", "is_long_term": "on"})
    assert refused.status_code == 422 and "identity number" in refused.content.decode()
    assert "11010519491231002X" not in str(list(AuditEvent.objects.values_list("body", flat=True)))
    both = officer.post(agent, {"name": "李经办", "is_long_term": "on", "valid_until": "2030-01-01"})
    assert both.status_code == 422 and "not both" in both.content.decode()
    assert officer.post(agent, {"name": "李经办", "valid_until": "2030-01-01"}).status_code == 302
    facts = PaperFacts.objects.get()
    assert (facts.name, facts.valid_until, facts.read_by) == ("李经办", date(2030, 1, 1), house.people["officer"])
    letter = url(house, "read", filing, filing.documents.get(material="power-of-attorney").pk)
    given = {"name": "示例", "agent": "李经办", "has_seal": "false", "has_signature": "true", "pages": "1"}
    assert officer.post(letter, given).status_code == 302
    found = PaperFacts.objects.get(agent="李经办")
    assert (found.has_seal, found.has_signature, found.pages_of) == (False, True, None)
    assert officer.get(url(house, "read", filing, filing.documents.get(material="other").pk)).status_code == 404


def test_new_file_is_read_again(house):
    filing = xray_story.clean(house)
    document = filing.documents.get(material="commitment")
    page = house.client("officer").get(filing.get_absolute_url()).content.decode()
    assert "not read yet" not in page
    services.attach(document, story.upload("new.pdf", "new"), by=house.people["officer"])
    assert "not read yet" in house.client("officer").get(filing.get_absolute_url()).content.decode()


def test_identity_documents_are_masked_for_auditors_and_each_opening_is_logged(house):
    filing = story.opened(house)
    document = filing.documents.get(material="agent-id")
    named = story.upload("李经办-11010519491231002X.png")
    services.attach(document, named, by=house.people["officer"])
    document.refresh_from_db()
    evidence = document.evidence
    assert evidence.name == "06-经办人身份证件.png", "the name of the file isn't kept"
    assert "11010519491231002X" not in str(list(AuditEvent.objects.values_list("body", flat=True)))
    auditor, place = house.client("auditor"), reverse("evidence:open", args=[house.tenant.slug, evidence.code])
    page = auditor.get(filing.get_absolute_url()).content.decode()
    assert place not in page
    assert auditor.get(place).status_code == 403
    assert auditor.post(place).status_code == 403
    given = url(house, "attachment", filing, document.pk)
    assert auditor.get(given).status_code == 403 and auditor.post(given).status_code == 403
    assert Opening.objects.count() == 0
    reviewer = house.client("reviewer")
    assert reviewer.get(given)["Location"] == place
    assert Opening.objects.count() == 0, "asking is not opening"
    answer = reviewer.post(given)
    assert b"".join(answer.streaming_content) == story.PNG
    assert "06-" in answer["Content-Disposition"]
    b"".join(reviewer.post(place).streaming_content)
    assert list(Opening.objects.values_list("opened_by", flat=True)) == [house.people["reviewer"].pk] * 2


def test_papers_do_not_name_an_older_scan_to_who_may_not_open_it(house):
    """Kept before its name was left out; the trail of that day still has it."""
    filing = story.opened(house)
    kept = keep(story.upload("李经办.png"), pip=house.pip, by=house.people["officer"], is_sensitive=True)
    filing.documents.filter(material="agent-id").update(evidence=kept, state="scanned")
    assert "李经办.png" in papers(house, "officer", filing)
    shown = papers(house, "auditor", filing)
    assert "李经办.png" not in shown and "06-经办人身份证件.png" in shown


def papers(house, role: str, filing) -> str:
    """The papers' part of the dossier's page."""
    page = house.client(role).get(filing.get_absolute_url()).content.decode()
    return page.split('id="papers"')[1].split("</section>")[0]


def test_copy_out_has_the_forms_that_the_dossier_has(house):
    filing = story.opened(house)
    assert [part.code for part in copy_out(filing, TODAY).parts] == ["basic", "BOARDING", "files"]
    filing.documents.filter(material="application").delete()
    assert [part.code for part in copy_out(filing, TODAY).parts] == ["basic", "files"]


def test_tick_survives_a_reload_belongs_to_the_filing_and_falls_with_its_value(house):
    filing, officer = story.opened(house), house.client("officer")
    place, key = url(house, "tick", filing), "application:BOARDING:purpose"
    answer = officer.post(place, {"tick": key})
    assert answer["Location"].endswith("?part=BOARDING#line-application:BOARDING:purpose")
    assert officer.post(place, {"tick": "application:BOARDING:nothing"}).status_code == 404
    page = house.client("reviewer").get(url(house, "copy", filing), {"part": "BOARDING"}).content.decode()
    assert "Take back: Purpose of processing" in page and "1 of " in page and "Officer" in page
    Scenario.objects.update(purpose="别的目的")
    page = officer.get(url(house, "copy", filing), {"part": "BOARDING"}).content.decode()
    assert "another value than the one that was ticked" in page and "Take back: " not in page
    officer.post(place, {"tick": key})
    assert copy_out(filing, TODAY).line(key).is_done
    officer.post(place, {"tick": key})
    assert CopiedField.objects.count() == 0
    assert AuditEvent.objects.filter(verb="filing.copy_out").count() == 3


def test_tick_by_script_gives_back_the_line_and_the_progress(house):
    filing = story.opened(house)
    answer = house.client("officer").post(
        url(house, "tick", filing), {"tick": "basic-information:name"}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert page.count("<tr") == 1 and 'id="line-basic-information:name"' in page and "1 of " in page
    assert 'hx-swap-oob="true"' in page


def test_reader_sees_the_copy_out_and_ticks_nothing(house):
    filing, auditor = story.opened(house), house.client("auditor")
    page = auditor.get(url(house, "copy", filing)).content.decode()
    assert "示例科技有限公司" in page and "data-tick" not in page
    assert auditor.post(url(house, "tick", filing), {"tick": "basic-information:name"}).status_code == 403


def test_frozen_dossier_is_copied_out_as_it_was_frozen(house):
    filing = story.frozen(house)
    Scenario.objects.update(purpose="后来的目的", name="后来的名称")
    Pip.objects.update(agent_mobile="13811112222")
    copied = copy_out(filing, TODAY)
    assert copied.is_frozen and not copied.is_of_register
    assert copied.line("application:BOARDING:purpose").value == "核验旅客身份"
    assert copied.line("basic-information:agent_mobile").value == ""
    page = house.client("officer").get(url(house, "copy", filing), {"part": "BOARDING"}).content.decode()
    assert "核验旅客身份" in page and "后来的" not in page
    services.reopen(filing, by=house.people["officer"])
    filing.refresh_from_db()
    assert copy_out(filing, TODAY).line("application:BOARDING:purpose").value == "后来的目的"


def test_attachments_have_the_names_under_which_they_are_handed_in(house):
    filing, officer = story.complete(house), house.client("officer")
    names = [line.value for line in copy_out(filing, TODAY).parts[-1].lines]
    assert names[2:] == [
        "04-统一社会信用代码证件.pdf",
        "05-法定代表人或负责人身份证件.png",
        "06-经办人身份证件.png",
        "07-经办人授权委托书.pdf",
        "08-承诺书.pdf",
    ]
    document = filing.documents.get(material="commitment")
    answer = officer.get(url(house, "attachment", filing, document.pk))
    assert "08-%E6%89%BF%E8%AF%BA%E4%B9%A6.pdf" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert officer.get(url(house, "attachment", filing, filing.documents.get(material="other").pk)).status_code == 404


def test_copy_out_asks_the_same_for_one_scenario_and_for_five(house):
    filing, client, asked = story.opened(house), house.client("officer"), []
    client.get(url(house, "copy", filing))
    for number in range(5):
        if number in (0, 4):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url(house, "copy", filing)).status_code == 200
            asked.append(len(captured))
        xray_story.covered(f"闸机{number}", code=f"G{number}")(filing)
    assert asked[0] == asked[1], asked


def test_documents_of_the_form_agree_with_the_register_field_by_field(house):
    filing = xray_story.clean(house)
    snapshot = services.freeze(filing, by=house.people["officer"], today=TODAY)
    layout = laid_out()
    with unpacked(snapshot.dossier) as archive:
        for of in covered_sheets(filing, TODAY):
            stem = f"可编辑稿/02-人脸识别技术应用情况备案表-{of.scenario.code}"
            expected = {one.field.label.zh: one.words for one in sheets.application_fields(of, layout) if one.is_kept}
            compared(archive, stem, expected)
        basic = {one.field.label.zh: one.words for one in sheets.basic_fields(filing.pip, layout) if one.is_kept}
        compared(archive, "可编辑稿/01-个人信息处理者基本情况表", basic)


def compared(archive, stem: str, expected: dict[str, str]) -> None:
    """The spreadsheet and the document say of each field what the register says, and name every field."""
    rows = load_workbook(io.BytesIO(archive.read(f"{stem}.xlsx"))).active.iter_rows(min_row=2, values_only=True)
    in_sheet = {row[1]: row[2] or "" for row in rows}
    document = Document(io.BytesIO(archive.read(f"{stem}.docx")))
    in_document = {row.cells[0].text: row.cells[1].text for table in document.tables for row in table.rows}
    assert expected
    for label, value in expected.items():
        assert in_sheet[label] == value, label
        assert in_document[label].split("\n")[0] == value.split("\n")[0], label


def test_form_as_a_spreadsheet_of_now(house):
    filing, client = story.opened(house), house.client("auditor")
    answer = client.get(url(house, "fields", filing, "application"), {"scenario": "BOARDING"})
    cells = [row[2] for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)]
    assert "核验旅客身份" in cells and "100,718" in cells
    assert client.get(url(house, "fields", filing, "application"), {"scenario": "NONE"}).status_code == 404
    assert client.get(url(house, "fields", filing, "commitment")).status_code == 404


def test_owner_words_a_field_and_every_paper_follows(house):
    filing, owner = story.opened(house), house.client("owner")
    place = url(house, "form_field", "application", "necessity")
    given = {"label_zh": "必要性论证", "label_en": "Why it is needed", "position": "5", "max_length": "300"}
    assert owner.post(place, given).status_code == 302
    sheet = sheets.application(sheets.Paper(filing.pip, "X", TODAY), covered_sheets(filing, TODAY)[0])
    labels = [row.label for row in sheet.sections[1].rows]
    assert labels[:2] == ["必要性论证", "处理目的"]
    line = copy_out(filing, TODAY).line("application:BOARDING:necessity")
    assert (line.label.en, line.most) == ("Why it is needed", 300)
    page = owner.get(url(house, "forms")).content.decode()
    assert "必要性论证" in page and "changed" in page
    assert owner.post(place, {"max_length": "0"}).status_code == 422
    assert owner.post(place, {}).status_code == 302, "without any wording it is the portal's own again"
    assert FieldWording.objects.count() == 0
    assert owner.get(url(house, "form_field", "application", "nothing")).status_code == 404
    for role, status in (("officer", 403), ("auditor", 403)):
        assert house.client(role).post(place, given).status_code == status
        assert house.client(role).get(url(house, "forms")).status_code == 200


def test_xray_page_shows_every_check_with_its_ground(house):
    filing = xray_story.clean(house)
    xray_story.read("agent-id", valid_until=date(2026, 11, 1))(filing)
    page = house.client("auditor").get(url(house, "xray", filing)).content.decode()
    assert (
        "runs out on 2026-11-01" in page and "Portal default, not law" in page and "Fewer faces than persons" in page
    )
    assert "runs out on 2026-11-01" in house.client("officer").get(filing.get_absolute_url()).content.decode()
