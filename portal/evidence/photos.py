"""Photos as proof: the original untouched, and a copy for viewers without the position it was taken at."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.timezone import get_default_timezone, is_naive, make_aware
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from portal.accounts.models import User
from portal.evidence.models import Photo
from portal.evidence.services import keep, keep_bytes
from portal.tenancy.models import Pip

IMAGES = frozenset({"jpg", "jpeg", "png"})
MOST_PIXELS = 80_000_000  # a phone's largest camera; more is a bomb
LONGEST_SIDE = 1600  # pixels that a viewer sees: enough to read a sign
QUALITY = 80


@dataclass(frozen=True)
class Seen:
    """What a photo says of itself, and what viewers get."""

    copy: bytes
    taken_at: datetime | None
    has_position: bool


def look(stream: IO[bytes]) -> Seen:
    """Read a photo; ValidationError if it can't be read as one."""
    stream.seek(0)
    try:
        with Image.open(stream, formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValidationError(_("This photo has too many pixels. Take it again with a lower resolution."))
            exif = image.getexif()
            upright = ImageOps.exif_transpose(image).convert("RGB")
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # TypeError: Pillow trips over a damaged Exif block when it turns the photo upright.
    except (UnidentifiedImageError, OSError, SyntaxError, TypeError, ValueError, Image.DecompressionBombError):
        raise ValidationError(
            _("This photo can't be read. It may be cut off: take or send it again as JPG or PNG.")
        ) from None
    copy = BytesIO()
    upright.save(copy, "JPEG", quality=QUALITY)
    return Seen(copy.getvalue(), taken_at(exif), bool(exif.get_ifd(ExifTags.IFD.GPSInfo)))


def taken_at(exif: Image.Exif) -> datetime | None:
    """When the camera says that it took the photo; without a zone of its own, in the portal's."""
    details = exif.get_ifd(ExifTags.IFD.Exif)
    text = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    zone = details.get(ExifTags.Base.OffsetTimeOriginal) or ""
    try:
        moment = datetime.strptime(f"{text}{zone}".strip("\x00 "), "%Y:%m:%d %H:%M:%S" + ("%z" if zone else ""))
    except ValueError:
        return None
    return make_aware(moment, get_default_timezone()) if is_naive(moment) else moment


def keep_photo(upload: IO[bytes], *, pip: Pip, by: User | None, name: str = "") -> Photo:
    """Keep a photo twice: as it came, sensitive where it carries a position, and as viewers see it."""
    stream = getattr(upload, "file", upload)
    name = name or getattr(upload, "name", "") or "photo.jpg"
    seen = look(stream)
    original = keep(stream, name=name, pip=pip, by=by, is_sensitive=seen.has_position, allowed=IMAGES)
    shown = keep_bytes(seen.copy, name=f"{original.name.rsplit('.', 1)[0]}-view.jpg", pip=pip, by=by)
    return Photo.objects.create(
        tenant_id=pip.tenant_id,
        pip=pip,
        original=original,
        shown=shown,
        taken_at=seen.taken_at,
        has_position=seen.has_position,
    )
