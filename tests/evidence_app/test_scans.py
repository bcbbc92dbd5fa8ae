"""Scans and plans: what is kept of them, and what pages show."""

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageDraw

from portal.evidence.models import Photo
from portal.evidence.scans import drawable, keep_plan, keep_proof
from portal.evidence.services import reader
from tests.evidence_app.test_photos import shot
from tests.filings.story import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


def named(content: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def drawing(mode: str = "RGBA", size: tuple[int, int] = (400, 300), kind: str = "PNG") -> bytes:
    """A line on a ground of its own or, where there may be none, on none."""
    image = Image.new(mode, size)
    if mode == "RGB":
        image.paste("white", (0, 0, *size))
    ImageDraw.Draw(image).line((10, 10, 200, 200), fill="black" if mode == "RGB" else 1 if mode == "P" else None)
    file = io.BytesIO()
    image.save(file, kind, **({"transparency": 0} if mode == "P" else {}))
    return file.getvalue()


def kept(evidence) -> bytes:
    with reader(evidence) as file:
        return file.read()


def test_plan_is_kept_to_the_byte_and_shown_as_a_copy_of_our_own(house):
    content = drawing()
    plan, shown = keep_plan(named(content, "plan.png"), pip=house.pip, by=house.people["officer"])
    assert kept(plan) == content and plan.media_type == "image/png"
    assert (shown.name, shown.media_type) == ("plan-view.jpg", "image/jpeg")
    assert kept(shown)[:2] == b"\xff\xd8"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_drawing_without_a_ground_is_shown_on_white(mode):
    with Image.open(io.BytesIO(drawable(io.BytesIO(drawing(mode))))) as shown:
        assert min(shown.getpixel((390, 290))) > 250


def test_plan_as_pdf_has_no_picture(house):
    plan, shown = keep_plan(named(pdf(), "plan.pdf"), pip=house.pip, by=None)
    assert (plan.media_type, shown) == ("application/pdf", None)


def test_plan_photographed_with_its_position_is_sensitive_and_its_copy_says_nothing_of_it(house):
    plan, shown = keep_plan(named(shot(), "plan.jpg"), pip=house.pip, by=None)
    assert (plan.is_sensitive, shown.is_sensitive) == (True, False)
    with Image.open(io.BytesIO(kept(shown))) as image:
        assert dict(image.getexif()) == {} and image.height > image.width  # turned upright


def test_photo_with_a_position_proves_by_its_copy(house):
    proof = keep_proof(named(shot(), "empty.jpg"), pip=house.pip, by=None)
    assert proof == Photo.objects.get().shown and not proof.is_sensitive
    content = shot(position=False)
    assert kept(keep_proof(named(content, "empty.jpg"), pip=house.pip, by=None)) == content


def chunk_of_lies() -> bytes:
    """A PNG that says it has 100,000 × 100,000 pixels."""
    content = bytearray(drawing("RGB"))
    content[16:24] = (100_000).to_bytes(4, "big") * 2
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (drawing("RGB")[:200], "cut-off.png"),
        (chunk_of_lies(), "bomb.png"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "empty.png"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 64 + b"\xff\xd9", "noise.jpg"),
        (drawing("RGB", (99, 400)), "narrow.png"),
        (drawing("RGB").replace(b"IEND", b"IENE"), "no-end.png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "plan.png"),
        (drawing("RGB") + b"<script>alert(1)</script>", "tail.png"),
        (drawing("RGB"), "plan.jpg"),
        (drawing("RGB"), "plan.svg"),
        (drawing("RGB"), "plan.html"),
        (drawing("RGB", kind="GIF"), "plan.png"),
        (b"", "nothing.png"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_plans_are_refused_with_a_remedy(house, content, name):
    with pytest.raises(ValidationError) as refused:
        keep_plan(named(content, name), pip=house.pip, by=None)
    assert "." in " ".join(refused.value.messages)


def test_damaged_exif_is_refused_and_breaks_nothing():
    content = bytearray(shot())
    at = content.index(b"Exif")
    for broken in range(at + 6, at + 120):
        hurt = bytes(content[:broken]) + bytes([content[broken] ^ 0xFF]) + bytes(content[broken + 1 :])
        try:
            drawable(io.BytesIO(hurt))
        except ValidationError:
            continue
        except UserWarning:
            # Pillow's own word for a damaged block; a warning is an error in tests only.
            continue
