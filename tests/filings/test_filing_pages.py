"""The dossier in the browser: each role's part of the story, and what the others can't do."""

import io
import subprocess
import zipfile
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from filings import services
from filings.models import Filing, Submission
from portal.accounts.services import register_pip
from portal.evidence.models import Opening
from portal.law.identifiers import uscc_problem
from portal.tenancy.models import Pip
from tests import build
from tests.filings import story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"
    with translation.override("en"):
        yield


def url(house, name: str, *args) -> str:
    return reverse(f"filings:{name}", args=[house.tenant.slug, *args])


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_story_from_the_duty_to_the_filing_number(house):
    officer, reviewer = house.client("officer"), house.client("reviewer")
    scenario = story.register_facts(house.pip)
    duty = story.obligation(house.pip)
    early = officer.post(url(house, "open", duty.pk))
    assert early.status_code == 409 and "First confirm the day" in early.content.decode()
    story.crossing(house.pip)
    assert officer.post(url(house, "open", duty.pk))["Location"] == url(house, "filing", "FIL-2026-0001")
    filing = Filing.objects.get()

    page = officer.get(filing.get_absolute_url()).content.decode()
    for words in (
        "5 materials are missing",
        "no approved impact assessment",
        "not filled in",
        "100,718",
        "2026-11-17",
    ):
        assert words in page
    assert officer.post(url(house, "freeze", filing), {"is_checked": "on"}).status_code == 409

    for code in story.SCANS:
        document = filing.documents.get(material=code)
        place = url(house, "document", filing, document.pk)
        assert officer.get(place).status_code == 200
        wrong = officer.post(place, {"file": story.SimpleUploadedFile("a.pdf", b"MZ\x90\x00")})
        assert wrong.status_code == 422 and "does not agree" in wrong.content.decode()
        assert officer.post(place, {"file": story.upload("id.png")}).status_code == 302
    story.assess(house, scenario)
    assert officer.post(url(house, "generate", filing, "application")).status_code == 302

    freeze = url(house, "freeze", filing)
    assert officer.get(freeze).status_code == 200
    assert officer.post(freeze).status_code == 422
    assert officer.post(freeze, {"is_checked": "on"}).status_code == 302
    assert officer.post(freeze, {"is_checked": "on"}).status_code == 409
    assert officer.get(freeze)["Location"] == filing.get_absolute_url()

    submit = url(house, "submit", filing)
    assert reviewer.get(submit).status_code == 200
    fields = {"submitted_on": "2026-10-12", "receipt_number": "R-77", "is_checked": "on"}
    assert reviewer.post(submit, fields).status_code == 422, "no submission without proof"
    late = reviewer.post(submit, fields | {"submitted_on": "2026-10-13", "proof": story.upload("proof.png")})
    assert late.status_code == 422 and "future" in late.content.decode()
    assert reviewer.post(submit, fields | {"proof": story.upload("proof.png")}).status_code == 302
    second = reviewer.post(submit, fields | {"proof": story.upload("proof.png")})
    assert second.status_code == 409 and Submission.objects.count() == 1

    correction = url(house, "correction", filing)
    assert officer.get(correction).status_code == 200
    assert officer.post(correction, {"received_on": "2026-10-12"}).status_code == 422
    assert officer.post(correction, {"received_on": "2026-10-12", "reason": "补正"}).status_code == 302
    assert officer.post(freeze, {"is_checked": "on"}).status_code == 302
    assert officer.post(url(house, "reopen", filing)).status_code == 302
    assert officer.post(freeze, {"is_checked": "on"}).status_code == 302
    assert officer.post(submit, fields | {"proof": story.upload("proof.png")}).status_code == 302

    accept = url(house, "accept", filing)
    assert officer.get(accept).status_code == 200
    given = {"received_on": "2026-10-12", "number": "京备2026-0001", "letter": story.upload("letter.pdf")}
    assert officer.post(accept, given).status_code == 302
    filing.refresh_from_db()
    assert (filing.state, filing.number) == ("accepted", "京备2026-0001")
    page = officer.get(filing.get_absolute_url()).content.decode()
    assert "京备2026-0001" in page and "Version 3" in page and "补正" in page


def test_reviewer_submits_but_does_not_prepare(house):
    filing = story.frozen(house)
    reviewer = house.client("reviewer")
    assert reviewer.post(url(house, "reopen", filing)).status_code == 403
    assert reviewer.get(url(house, "freeze", filing)).status_code == 403
    page = reviewer.get(filing.get_absolute_url()).content.decode()
    assert "I have submitted" in page and "Reopen" not in page


def test_auditor_downloads_the_pack_and_posts_nothing_else(house, tmp_path):
    filing = story.frozen(house)
    auditor = house.client("auditor")
    page = auditor.get(filing.get_absolute_url()).content.decode()
    assert "Download the pack" in page and "Freeze the dossier" not in page and "Upload" not in page
    response = auditor.post(url(house, "dossier", filing))
    assert response.status_code == 200
    (tmp_path / "pack.zip").write_bytes(content := body(response))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if name.endswith(".png")]
        archive.extractall(tmp_path)
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True)
    assert checked.returncode == 0
    opening = Opening.objects.get()
    assert opening.opened_by == house.people["auditor"] and opening.name.endswith("audit-pack.zip")
    document = filing.documents.first()
    for name, *args in (
        ("document", document.pk),
        ("generate", "commitment"),
        *((name,) for name in ("freeze", "reopen", "submit", "correction", "accept")),
    ):
        assert auditor.post(url(house, name, filing, *args)).status_code == 403, name
    assert auditor.post(url(house, "open", filing.obligation_id)).status_code == 403
    filing.refresh_from_db()
    assert filing.state == "frozen"


def test_download_is_the_same_bytes_every_time_and_logged(house):
    filing = story.frozen(house)
    client = house.client("reviewer")
    first, second = (body(client.post(url(house, "dossier", filing))) for _time in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.read("05-法定代表人或负责人身份证件.png") == story.PNG
    assert Opening.objects.filter(opened_by=house.people["reviewer"]).count() == 2
    assert client.get(url(house, "dossier", filing)).status_code == 302
    assert client.post(url(house, "version", filing, 2)).status_code == 404


def test_operator_gets_the_pack_and_vendor_nothing(house):
    filing = story.frozen(house)
    content = body(house.client("operator").post(url(house, "dossier", filing)))
    assert story.PNG not in content
    assert house.client("vendor").post(url(house, "dossier", filing)).status_code == 403
    assert house.client("vendor").get(filing.get_absolute_url()).status_code == 403


@pytest.mark.parametrize(
    "material", ["basic-information", "application", "commitment", "power-of-attorney", "deadline"]
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_paper_has_a_preview_in_both_languages(house, material, language):
    filing = story.opened(house)
    client, place = house.client("auditor"), url(house, "preview", filing, material)
    printed = client.get(place, {"language": language})
    assert printed.status_code == 200 and printed.content.startswith(b"%PDF-")
    edited = client.get(place, {"language": language, "format": "docx"})
    assert edited.content.startswith(b"PK") and edited["Content-Disposition"].startswith("attachment")


def test_preview_of_unknown_paper_or_scenario_is_not_found(house):
    filing = story.opened(house)
    client = house.client("officer")
    assert client.get(url(house, "preview", filing, "agent-id")).status_code == 404
    assert client.get(url(house, "preview", filing, "application"), {"scenario": "NONE"}).status_code == 404


def test_filing_of_another_tenant_is_not_found(house, stranger):
    with stranger.acting("officer"):
        foreign = story.frozen(stranger)
        document, duty = foreign.documents.first().pk, foreign.obligation_id
    client = house.client("owner")
    places = [("filing",), ("preview", "deadline"), ("document", document), ("freeze",), ("submit",), ("accept",)]
    for name, *args in places:
        assert client.get(url(house, name, "FIL-2026-0001", *args)).status_code == 404, name
        assert client.get(url(stranger, name, "FIL-2026-0001", *args)).status_code == 404, name
    for name in ("dossier", "reopen", "correction", "freeze"):
        assert client.post(url(house, name, "FIL-2026-0001")).status_code == 404, name
    assert client.post(url(house, "open", duty)).status_code == 404


def test_document_of_another_filing_is_not_found(house):
    filing = story.opened(house)
    assert house.client("officer").get(url(house, "document", filing, 999_999)).status_code == 404


def test_list_filters_by_state_and_says_why_when_empty(house):
    client = house.client("auditor")
    assert "100,000 persons" in client.get(url(house, "filings")).content.decode()
    story.opened(house)
    assert "FIL-2026-0001" in client.get(url(house, "filings"), {"state": "draft"}).content.decode()
    assert "FIL-2026-0001" not in client.get(url(house, "filings"), {"state": "accepted"}).content.decode()
    for sort in ("reference", "-pip", "state", "-due", "nonsense"):
        assert client.get(url(house, "filings"), {"sort": sort}).status_code == 200


def test_list_asks_the_same_number_of_questions_for_three_and_eight_rows(house):
    client, asked = house.client("auditor"), []
    client.get(url(house, "filings"))  # fills the caches of a fresh process
    for number in range(1, 9):
        pip = register_pip(Pip(uscc=uscc(number), name=f"PIP {number}", province="11"))
        story.register_facts(pip)
        story.crossing(pip)
        services.open_dossier(story.obligation(pip), by=house.people["officer"], today=story.TODAY)
        if number in (3, 8):
            with CaptureQueriesContext(connection) as captured:
                assert f"FIL-2026-000{number}" in client.get(url(house, "filings")).content.decode()
            asked.append(len(captured))
    assert asked[0] == asked[1]


def uscc(number: int) -> str:
    """A valid code for each number: all check characters are tried."""
    start = f"9111000010{number:07d}"
    return next(start + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if uscc_problem(start + last) is None)


def test_number_of_an_accepted_filing_stands_on_the_covered_deployments(house):
    from filings.panels import of_deployment

    filing = story.accepted(house)
    place = filing.covered.get().scenario.deployments.get()

    class Request:
        tenant = house.tenant

    panel = of_deployment(Request, place)
    assert panel.context["lines"][0]["filing"].number == "京备2026-0001"


def test_stale_draft_is_seen_by_the_checks(house):
    filing = story.opened(house)
    services.generate(filing, "basic-information", by=house.people["officer"], today=story.TODAY)
    client = house.client("officer")
    assert "The register changed" not in client.get(filing.get_absolute_url()).content.decode()
    house.pip.name = "新名称有限公司"
    house.pip.save(update_fields=["name"])
    assert "The register changed" in client.get(filing.get_absolute_url()).content.decode()


def test_old_assessment_and_moved_counts_are_warnings(house):
    filing = story.opened(house)
    scenario = filing.covered.get().scenario
    story.assess(house, scenario, on=date(2026, 6, 1))
    build.count(build.deployment(house.pip, "X-2", scenario=scenario), 5_000, story.CROSSED_ON)
    page = house.client("officer").get(filing.get_absolute_url()).content.decode()
    assert "more than three months ago" in page and "105,718" in page


def test_command_writes_a_zip_that_verifies(house, tmp_path):
    story.frozen(house)
    call_command("dossier", "FIL-2026-0001", tenant="acme", out=tmp_path / "d.zip", stdout=io.StringIO())
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        archive.extractall(tmp_path / "x")
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "x", capture_output=True)
    assert checked.returncode == 0


@pytest.mark.parametrize(("reference", "tenant"), [("FIL-2026-0009", "acme"), ("FIL-2026-0001", "nobody")])
def test_command_names_what_it_does_not_find(house, tmp_path, reference, tenant):
    story.opened(house)
    with pytest.raises(CommandError, match="There is no"):
        call_command("dossier", reference, tenant=tenant, out=tmp_path / "d.zip")
    with pytest.raises(CommandError, match="Freeze the dossier first"):
        call_command("dossier", "FIL-2026-0001", tenant="acme", out=tmp_path / "d.zip")
    assert not list(tmp_path.glob("*.zip"))
