"""The worked example of the demo: whole, approved, in both languages, and written to files by the command."""

import io

import docx
import pypdf
import pytest
from django.core.management import call_command

from assessments.content import read
from assessments.models import Assessment
from assessments.services.approval import steps_of
from deployments.services import edit_scenario
from portal.desk import demo, demo_register
from portal.desk.demo_pipia import MARK, add_example
from portal.law.pipia import level
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(house, settings, tmp_path) -> Assessment:
    settings.EVIDENCE_ROOT = tmp_path / "vault"
    scenario = build.scenario(house.pip, **demo.BOARDING, scope="in")
    edit_scenario(scenario, **demo_register.FACTS)
    build.device(build.deployment(house.pip, scenario=scenario), maker="大华", model="FT-100")
    row = add_example(scenario, house.people, demo.paper)
    row.refresh_from_db()
    return row


def test_every_question_is_answered_every_risk_lowered_and_another_person_approved(made):
    content = read(made)
    assert (made.reference, made.state) == ("PIA-2026-0001", "approved")
    done, asked = content.progress()
    assert done == asked >= 45 and content.missing() == []
    for risk in content.risks:
        likelihood, severity, likelihood_after, severity_after = steps_of(risk)
        assert likelihood_after * severity_after < likelihood * severity and severity_after <= severity, risk
        assert level(likelihood_after, severity_after) in ("low", "medium") and risk.measures.all(), risk
    sourced = [row for row in content.answers.values() if row.source]
    assert len(sourced) >= 8
    assert [row.question for row in content.answers.values() if not row.source and len(row.text) > 9] == [
        row.question for row in content.answers.values() if MARK in row.text
    ]
    # Returned once with a comment that was settled, and approved by another than its author.
    assert list(made.steps.order_by("id").values_list("what", flat=True)) == [
        *("submitted", "returned", "submitted", "approved")
    ]
    assert made.remarks.get().settled_at and made.approved_by != made.written_by
    assert set(made.reviews.values_list("state", flat=True)) == {"accepted"}
    assert made.third_party and made.third_party_part
    assert not made.measures.filter(done_on__isnull=True).exists()


def test_command_writes_it_each_report_in_its_own_language(made, tmp_path):
    for language in ("zh", "en"):
        texts = {}
        for form in ("pdf", "docx"):
            out = tmp_path / f"{language}.{form}"
            call_command("pipia", made.reference, tenant="acme", lang=language, out=out)
            texts[form] = text_of(out.read_bytes(), form)
        says_all_of_its_language(made, language, texts)


def says_all_of_its_language(made: Assessment, language: str, texts: dict[str, str]) -> None:
    """Every answer in the language, nothing of the other one."""
    theirs = {row.text.partition(MARK)[0 if language == "zh" else 2].strip() for row in made.answers.all()} - {""}
    mine = [part for part in theirs if part not in ("yes", "no", "needed")]
    others = "Passengers of domestic flights" if language == "zh" else "自愿选择自助通道的国内航班旅客"
    for form, text in texts.items():
        sourced = {row.text for row in made.answers.exclude(source="")}
        assert [part for part in mine if part not in sourced and squeezed(part) not in text] == [], form
        assert MARK not in text and squeezed(others) not in text, form
        assert squeezed("Public place" if language == "en" else "公共场所") in text, form


def squeezed(text: str) -> str:
    return "".join(text.split())


def text_of(content: bytes, form: str) -> str:
    if form == "pdf":
        return squeezed("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))
    paper = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return squeezed("".join([*(one.text for one in paper.paragraphs), *cells]))
