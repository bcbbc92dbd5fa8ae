"""Photos keep what they prove and hide where they were taken."""

import io
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from PIL import ExifTags, Image

from portal.evidence.photos import keep_photo, look
from portal.evidence.services import reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "vault"


def shot(*, taken="2026:10:11 09:30:00", zone="", position=True, size=(2400, 1800)) -> bytes:
    """A JPEG as a phone takes it."""
    image = Image.new("RGB", size, "white")
    exif = image.getexif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    if taken:
        details[ExifTags.Base.DateTimeOriginal] = taken
    if zone:
        details[ExifTags.Base.OffsetTimeOriginal] = zone
    if position:
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (40.0, 4.0, 30.0)
    exif[ExifTags.Base.Orientation] = 6
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_viewers_get_a_copy_without_position_and_the_original_is_kept_to_the_byte(house):
    content = shot()
    photo = keep_photo(io.BytesIO(content), pip=house.pip, by=house.people["officer"], name="sign.jpg")
    with reader(photo.original) as file:
        assert file.read() == content
    with reader(photo.shown) as file, Image.open(io.BytesIO(file.read())) as seen:
        assert dict(seen.getexif()) == {}
        assert max(seen.size) == 1600 and seen.height > seen.width  # turned upright
    assert photo.has_position and photo.original.is_sensitive and not photo.shown.is_sensitive


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("", datetime(2026, 10, 11, 1, 30, tzinfo=UTC)), ("+09:00", datetime(2026, 10, 11, 0, 30, tzinfo=UTC))],
)
def test_day_of_capture_is_the_cameras_in_mainland_china_unless_it_says_its_zone(zone, expected):
    assert look(io.BytesIO(shot(zone=zone))).taken_at == expected


@pytest.mark.parametrize("taken", ["", "yesterday"])
def test_photo_without_a_readable_day_says_nothing_of_it(taken):
    assert look(io.BytesIO(shot(taken=taken, position=False))).taken_at is None


def test_cut_off_photo_is_refused_with_a_remedy():
    with pytest.raises(ValidationError, match="take or send it again"):
        look(io.BytesIO(shot()[:4000]))


def test_auditor_sees_the_copy_in_a_page_and_nobody_outside_does(house, stranger):
    photo = keep_photo(io.BytesIO(shot()), pip=house.pip, by=house.people["officer"], name="sign.jpg")
    address = house.url(f"files/photos/{photo.pk}/")
    answer = house.client("auditor").get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    assert stranger.client("owner").get(address).status_code == 404
