"""Pictures on papers: drawn plans, in the PDF and in the DOCX."""

from io import BytesIO

import pypdf
import pytest
from docx import Document
from PIL import Image

from portal.documents.docx import render_docx
from portal.documents.drawing import outlined
from portal.documents.pdf import render_pdf
from portal.documents.sheet import Picture, Section
from tests.documents.sheets import HOSTILE, english

SQUARE = [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]


def plan(width: int = 600, height: int = 400, colour: str = "white") -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "JPEG")
    return file.getvalue()


def paper(content: bytes, description: str = "Plan of lane 1", caption: str = "Outline"):
    return english(sections=(Section("Lane 1", picture=Picture(content, description, caption)),))


def pictures(content: bytes) -> list[Image.Image]:
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return [Image.open(BytesIO(image.data)) for page in pages for image in page.images]


def test_picture_is_in_the_pdf_with_its_caption_and_description():
    content = render_pdf(paper(plan()))
    assert [picture.size for picture in pictures(content)] == [(600, 400)]
    reader = pypdf.PdfReader(BytesIO(content))
    assert "Outline" in "".join(page.extract_text() for page in reader.pages)
    assert "Plan of lane 1" in descriptions(reader.trailer["/Root"]["/StructTreeRoot"])


def descriptions(part) -> list[str]:
    """What a screen reader says of the pictures in a part of the document."""
    part = part.get_object()
    if isinstance(part, list):
        return [words for child in part for words in descriptions(child)]
    if not isinstance(part, dict):
        return []
    own = [part["/Alt"]] if "/Alt" in part else []
    return own + (descriptions(part["/K"]) if "/K" in part else [])


def test_same_picture_gives_the_same_bytes_and_another_one_others():
    assert render_pdf(paper(plan())) == render_pdf(paper(plan()))
    assert render_pdf(paper(plan())) != render_pdf(paper(plan(colour="red")))
    assert render_docx(paper(plan())) == render_docx(paper(plan()))


@pytest.mark.parametrize("size", [(200, 1600), (1600, 101), (100, 100)])
def test_tall_and_wide_pictures_stay_on_one_page(size):
    reader = pypdf.PdfReader(BytesIO(render_pdf(paper(plan(*size)))))
    assert len(reader.pages) == 1
    drawn = Document(BytesIO(render_docx(paper(plan(*size))))).inline_shapes[0]
    assert drawn.width.mm <= 162.1 and drawn.height.mm <= 125.1
    assert drawn.width / drawn.height == pytest.approx(size[0] / size[1], rel=0.02)


def test_words_of_a_picture_are_never_read_as_markup():
    content = render_pdf(paper(plan(), description=HOSTILE, caption=HOSTILE))
    assert pictures(content)


def test_docx_has_the_picture_with_its_description():
    document = Document(BytesIO(render_docx(paper(plan()))))
    (drawn,) = document.inline_shapes
    assert drawn._inline.docPr.get("descr") == "Plan of lane 1"
    assert "Outline" in [paragraph.text for paragraph in document.paragraphs]


def test_area_is_shaded_and_the_rest_stays_as_it_was():
    with Image.open(BytesIO(outlined(plan(), SQUARE))) as drawn:
        inside, outside, edge = (drawn.getpixel(at) for at in ((300, 200), (60, 60), (300, 99)))
    assert min(outside) > 250
    assert inside[0] < 225 < inside[0] + 30 and inside[0] < inside[2]
    assert edge[0] < 120


def test_plan_without_outline_stays_as_it_was():
    with Image.open(BytesIO(outlined(plan(3000, 1500), []))) as drawn:
        assert drawn.size == (1400, 700)
        assert min(drawn.getpixel((700, 350))) > 250
