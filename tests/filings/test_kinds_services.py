"""Change filings, rounds and the chain, in services."""

import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from django.forms import ValidationError
from django.utils import translation
from pypdf import PdfReader

from deployments.models import ThresholdCrossing
from filings import services
from filings.chain import accepted_snapshot, chain_of, standing
from filings.dates import answer_expected, correct_by
from filings.dossier import period_of
from filings.models import ChangeCase, Filing, Receipt, Snapshot, Submission
from filings.sentinel import accepted_snapshot as compared_with
from portal.evidence.services import reader
from portal.law.checklists import MATERIALS_OF
from portal.obligations.models import Obligation
from portal.workflow import CaseError, StateConflict
from tests import build
from tests.filings import endings, story
from tests.filings.endings import LATER
from tests.filings.story import TODAY, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"
    with translation.override("en"):
        yield


def unpacked(snapshot: Snapshot) -> zipfile.ZipFile:
    with reader(snapshot.dossier) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def words(archive: zipfile.ZipFile, name: str) -> str:
    pages = PdfReader(io.BytesIO(archive.read(name))).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


def test_change_filing_has_the_materials_of_its_kind_and_follows_what_was_accepted(house):
    filing = endings.change_opened(house)
    former = Filing.objects.get(kind="initial")
    assert (filing.kind, filing.follows, filing.crossing, filing.authority) == ("change", former, None, "11")
    assert filing.obligation.rule == "frm-15-change"
    assert list(filing.documents.values_list("material", flat=True)) == [one.code for one in MATERIALS_OF["change"]]
    assert ChangeCase.objects.get().filing == filing


def test_earliest_of_several_changes_governs_the_date(house):
    story.accepted(house)
    storage = endings.stored_elsewhere(house)
    house.pip.name = "示例科技（北京）有限公司"
    house.pip.save(update_fields=["name"])
    endings.settled(house)
    identity = endings.decided(house, "identity", on=TODAY - timedelta(days=1))
    filing = services.open_change(house.pip, [storage, identity], by=house.people["officer"], today=TODAY)
    assert filing.arose_on == TODAY - timedelta(days=1) and filing.changes.count() == 2
    assert period_of(filing).due == date(2026, 11, 20)


def test_filed_sheet_shows_old_and_new_and_the_rest_is_the_same_dossier(house):
    filing = endings.change_opened(house)
    with pytest.raises(CaseError, match="1 material is missing: Commitment letter"):
        services.freeze(filing, by=house.people["officer"], today=TODAY)
    services.attach(filing.documents.get(material="commitment"), upload(), by=house.people["officer"])
    snapshot = services.freeze(filing, by=house.people["officer"], today=TODAY)
    with unpacked(snapshot) as archive:
        assert {
            "00-备案期限推算说明.pdf",
            "01-个人信息处理者基本情况表（变更后）.pdf",
            "02-人脸识别技术应用情况备案表（变更后）-BOARDING.pdf",
            "03-个人信息保护影响评估报告（变更后）-BOARDING.pdf",
            "04-备案变更事项对照表.pdf",
            "05-承诺书.pdf",
            "SHA256SUMS",
        } <= set(archive.namelist())
        table = words(archive, "04-备案变更事项对照表.pdf")
        assert json.loads(archive.read("MANIFEST.json"))["reference"] == filing.reference
    for told in ("京备2026-0001", "存储方式", "本地服务器（局域网）", "公有云", "2026-10-12"):
        assert told in table, told
    assert snapshot.facts["changes"][0]["item"] == "storage" and snapshot.facts["kind"] == "change"


def test_change_waits_until_it_is_decided_and_goes_into_one_filing_only(house):
    filing = endings.change_opened(house)
    case = filing.changes.get()
    with pytest.raises(CaseError, match="under way already"):
        services.open_change(house.pip, [case], by=house.people["officer"], today=TODAY)
    services.withdraw(filing, by=house.people["officer"])
    with pytest.raises(CaseError, match="Choose changes"):
        services.open_change(house.pip, [], by=house.people["officer"], today=TODAY)
    again = services.open_change(house.pip, [case], by=house.people["officer"], today=TODAY)
    assert again.changes.get() == case and again.reference == "FIL-2026-0003"


def test_accepted_change_meets_the_duty_and_is_what_the_sentinel_compares_with(house):
    filing = endings.changed(house)
    assert Obligation.objects.get(rule="frm-15-change").state == "met"
    snapshot = compared_with(house.pip)
    assert snapshot == accepted_snapshot(filing) and snapshot.facts["scenarios"][0]["storage_mode"] == "public_cloud"
    assert not ChangeCase.objects.filter(is_substantial__isnull=True).exists()


def test_what_stood_on_file_on_any_day(house):
    filing = endings.changed(house)
    chain = chain_of(house.pip)
    first = chain[0]
    on = {TODAY - timedelta(days=1): None, TODAY: first, LATER - timedelta(days=1): first, LATER: filing}
    assert {day: standing(chain, day) for day in on} == on
    modes = [accepted_snapshot(one).facts["scenarios"][0]["storage_mode"] for one in (first, filing)]
    assert modes == ["lan_server", "public_cloud"]


def test_rejected_filing_meets_nothing_until_a_new_round_is_sent(house):
    filing = story.submitted(house)
    endings.settled(house)
    assert Obligation.objects.get(rule="frm-15-initial").state == "met"
    services.reject(
        filing,
        by=house.people["officer"],
        received_on=LATER,
        today=LATER,
        reason="不予备案",
        reasons=["count_unclear"],
    )
    filing.refresh_from_db()
    endings.settled(house, LATER)
    assert filing.state == "rejected" and Obligation.objects.get(rule="frm-15-initial").state == "open"
    services.begin_round(filing, by=house.people["officer"])
    assert (filing.state, filing.submitted_on) == ("draft", None)
    services.freeze(filing, by=house.people["officer"], today=LATER)
    filing.refresh_from_db()
    services.reopen(filing, by=house.people["officer"])
    assert filing.state == "draft"
    endings.sent(house, filing, ())
    endings.settled(house, LATER)
    assert filing.submissions.count() == 2 and filing.submitted_on == LATER
    assert Obligation.objects.get(rule="frm-15-initial").state == "met"


def test_correction_has_codes_fields_and_an_own_date_that_no_law_names(house):
    filing = story.submitted(house)
    assert answer_expected(filing.submissions.get()).due == date(2026, 11, 2)
    services.ask_correction(
        filing,
        by=house.people["officer"],
        received_on=LATER,
        today=LATER,
        reason="补正",
        reasons=["storage_unclear"],
        fields=["field:storage", "pipia-report"],
    )
    receipt = filing.receipts.get()
    assert (receipt.reasons, receipt.fields) == (["storage_unclear"], ["field:storage", "pipia-report"])
    assert correct_by(receipt.received_on, receipt.answer_by).due == date(2026, 10, 28)


def test_acceptance_of_a_change_without_a_number_keeps_the_former(house):
    filing = endings.sent(house, endings.change_opened(house), ("commitment",))
    services.accept(filing, by=house.people["officer"], received_on=LATER, today=LATER)
    assert filing.number == "京备2026-0001"


def test_move_to_another_province_asks_why_the_former_authority_is_kept(house):
    story.accepted(house)
    house.pip.province = "31"
    house.pip.save(update_fields=["province"])
    endings.settled(house)
    case = endings.decided(house, "province")
    endings.settled(house)
    with pytest.raises(ValidationError, match="Say why"):
        services.open_change(house.pip, [case], by=house.people["officer"], today=TODAY)
    filing = services.open_change(
        house.pip, [case], by=house.people["officer"], today=TODAY, way_reason="both offices agreed by telephone"
    )
    assert (filing.authority, filing.way_reason) == ("11", "both offices agreed by telephone")


def test_after_a_move_it_may_be_cancelled_there_and_filed_anew_here(house):
    former = story.accepted(house)
    house.pip.province = "31"
    house.pip.save(update_fields=["province"])
    endings.settled(house)
    endings.decided(house, "province")
    endings.settled(house)
    officer = house.people["officer"]
    cancelled = services.open_move(
        house.pip, moved_on=TODAY, way_reason="the new office asks", by=officer, today=TODAY
    )
    endings.sent(house, cancelled, endings.SEALED)
    with unpacked(cancelled.snapshots.get()) as archive:
        assert "01-注销备案申请书.pdf" in archive.namelist()
    services.accept(cancelled, by=officer, received_on=LATER, today=LATER, number="注销1")
    anew = services.open_anew(cancelled, by=officer, today=LATER)
    assert (anew.kind, anew.follows, anew.authority, anew.crossing) == ("initial", cancelled, "31", former.crossing)
    with pytest.raises(CaseError, match="open already"):
        services.open_anew(cancelled, by=officer, today=LATER)


@pytest.mark.parametrize("kind", ["change", "termination"])
def test_second_follower_of_a_filing_is_refused_by_the_database(house, kind):
    filing = endings.change_opened(house)
    fields = {"tenant": house.tenant, "pip": house.pip, "obligation": filing.obligation, "opened_at": filing.opened_at}
    with pytest.raises(IntegrityError, match="filing_followed_once"), transaction.atomic():
        Filing.objects.create(
            **fields, kind=kind, reference="FIL-X", follows=filing.follows, arose_on=TODAY, authority="11"
        )


def test_only_what_is_accepted_can_be_followed(house):
    former = story.submitted(house)
    fields = {"tenant": house.tenant, "pip": house.pip, "obligation": former.obligation, "opened_at": former.opened_at}
    with pytest.raises(IntegrityError, match="can't follow that filing"), transaction.atomic():
        Filing.objects.create(**fields, kind="change", reference="FIL-X", follows=former, arose_on=TODAY)


@pytest.mark.parametrize("model", [Snapshot, Submission, Receipt, ThresholdCrossing])
@pytest.mark.parametrize("sql", ["DELETE FROM {table}", "UPDATE {table} SET pip_id = pip_id"])
def test_what_was_filed_is_neither_altered_nor_deleted_by_the_serving_role(house, model, sql):
    story.accepted(house)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(table=model._meta.db_table))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE filings_filing SET number = 'other'",
        "UPDATE filings_filing SET state = 'draft'",
        "DELETE FROM filings_filing",
    ],
)
def test_accepted_filing_stays_as_it_is_whoever_tries(house, sql):
    story.accepted(house)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Filing.objects.get().number == "京备2026-0001"


def test_initial_filing_and_one_before_the_authority_can_not_be_taken_back(house):
    filing = story.opened(house)
    with pytest.raises(CaseError, match="can be taken back"):
        services.withdraw(filing, by=house.people["officer"])


def test_change_before_the_authority_can_not_be_taken_back(house):
    filing = endings.sent(house, endings.change_opened(house), ("commitment",))
    with pytest.raises(CaseError, match="can be taken back"):
        services.withdraw(filing, by=house.people["officer"])
    with pytest.raises(StateConflict):
        services.begin_round(filing, by=house.people["officer"])


def test_scenario_that_ended_is_not_covered_by_the_change(house):
    story.accepted(house)
    other = build.scenario(house.pip, "LOUNGE", name="贵宾厅")
    build.deployment(house.pip, "PEK-2", scenario=other, status="terminated", ended_on=TODAY)
    build.count(other, 10, TODAY)
    case = endings.stored_elsewhere(house)
    filing = services.open_change(house.pip, [case], by=house.people["officer"], today=TODAY)
    assert [row.scenario.code for row in filing.covered.all()] == ["BOARDING"]
