"""The dossier prints where faces are captured: the plan with its outline, position, angle and range (SIG-07)."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader

from deployments import services as register
from deployments.models import CaptureArea, Deployment, Scenario
from filings import areas, services
from filings.areas import areas_sheet
from filings.dossier import covered_sheets
from portal.evidence.services import reader
from tests import build
from tests.filings import story
from tests.filings.story import TODAY

NAME = "02-附件-采集区域图-BOARDING.pdf"


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


def plan(colour: str = "white") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(file, "PNG")
    return SimpleUploadedFile("平面图.png", file.getvalue())


def printed(house, filing) -> dict[str, bytes]:
    """The PDFs on capture areas in both packs of the newest version."""
    found = {}
    for pack in ("dossier", "pack"):
        with reader(getattr(filing.snapshots.last(), pack)) as file:
            archive = zipfile.ZipFile(io.BytesIO(file.read()))
        found |= {f"{pack}/{name}": archive.read(name) for name in archive.namelist() if name == NAME}
    return found


def test_dossier_prints_plan_outline_position_angle_and_range(house):
    filing = story.complete(house)
    place = Deployment.objects.get()
    area = register.add_area(
        place, name="安检通道1", position="闸机左侧1.5米", angle="俯角60°", reach="0.3至1.2米", plan=plan()
    )
    register.draw_outline(area, outline="250,250 750,250 750,750 250,750")
    services.freeze(filing, by=house.people["officer"], today=TODAY)
    papers = printed(house, filing)
    assert set(papers) == {f"dossier/{NAME}", f"pack/{NAME}"}
    paper = PdfReader(io.BytesIO(papers[f"dossier/{NAME}"]))
    # The paper parts Chinese and Latin letters by a narrow space.
    text = "".join("".join(page.extract_text() for page in paper.pages).split())
    for words in (
        "采集区域图",
        "安检通道1",
        "首都机场",
        "PEK-1",
        "闸机左侧1.5米",
        "俯角60°",
        "0.3至1.2米",
        "平面图.png",
    ):
        assert words in text, words
    assert area.plan.sha256 in text and "4个顶点" in text
    (picture,) = [image for page in paper.pages for image in page.images]
    with Image.open(io.BytesIO(picture.data)) as drawn:
        assert drawn.size == (800, 600)
        inside, outside = drawn.getpixel((400, 300)), drawn.getpixel((60, 60))
    assert min(outside) > 250 and inside[0] < 230 < inside[2] + 30


def test_dossier_without_a_described_area_has_no_such_paper(house):
    filing = story.complete(house)
    build.area(Deployment.objects.get())
    services.freeze(filing, by=house.people["officer"], today=TODAY)
    assert printed(house, filing) == {}


def test_plan_as_pdf_and_area_without_plan_are_printed_in_words(house):
    filing = story.complete(house)
    place = Deployment.objects.get()
    register.add_area(place, name="A", plan=SimpleUploadedFile("plan.pdf", story.pdf()))
    register.add_area(place, name="B", position="above the door")
    services.freeze(filing, by=house.people["officer"], today=TODAY)
    paper = PdfReader(io.BytesIO(printed(house, filing)[f"dossier/{NAME}"]))
    text = "".join(page.extract_text() for page in paper.pages)
    assert "plan.pdf" in text and "above the door" in text
    assert not [image for page in paper.pages for image in page.images]


def test_areas_of_ended_places_are_not_printed(house):
    filing = story.complete(house)
    place = Deployment.objects.get()
    register.add_area(place, name="A", position="above the door")
    Deployment.objects.update(status="terminated", ended_on=TODAY)
    services.freeze(filing, by=house.people["officer"], today=TODAY)
    assert printed(house, filing) == {}


def test_more_areas_than_a_paper_holds_are_told(house, monkeypatch):
    filing = story.complete(house)
    place = Deployment.objects.get()
    CaptureArea.objects.bulk_create(
        CaptureArea(tenant=house.tenant, pip=house.pip, deployment=place, name=f"A{n}", position="door")
        for n in range(5)
    )
    monkeypatch.setattr(areas, "MOST_PRINTED", 3)
    paper = services.paper_of(filing, today=TODAY, language="en")
    sheet = areas_sheet(paper, covered_sheets(filing, TODAY)[0])
    assert len(sheet.sections) == 4
    assert sheet.sections[0].paragraphs[0].endswith("Described or drawn here: 5.")
    assert sheet.sections[0].paragraphs[1] == "The first 3 of them are printed here."
    assert Scenario.objects.count() == 1
