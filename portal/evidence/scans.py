"""Papers and plans that people hand in as a scan or a picture: what is kept, and what pages show of it."""

from io import BytesIO
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from portal.accounts.models import User
from portal.evidence.models import Evidence
from portal.evidence.photos import IMAGES, LONGEST_SIDE, MOST_PIXELS, keep_photo, look
from portal.evidence.services import SCANS, keep, keep_bytes
from portal.evidence.sniff import ending_of
from portal.tenancy.models import Pip

SHORTEST_SIDE = 100  # pixels: on less nobody finds a corner
QUALITY = 88  # thin lines of a drawing suffer sooner than a photo


def keep_proof(upload: IO[bytes], *, pip: Pip, by: User | None) -> Evidence:
    """Keep a scan or a photo. Of a photo that says where it was taken, the copy without that is the proof shown."""
    stream, name = getattr(upload, "file", upload), getattr(upload, "name", "")
    if ending_of(name) in IMAGES and look(stream).has_position:
        return keep_photo(upload, pip=pip, by=by).shown
    return keep(upload, pip=pip, by=by, allowed=SCANS)


def keep_plan(upload: IO[bytes], *, pip: Pip, by: User | None) -> tuple[Evidence, Evidence | None]:
    """Keep a plan as it came, and of a picture the copy on which an outline is drawn."""
    stream, name = getattr(upload, "file", upload), getattr(upload, "name", "")
    if ending_of(name) not in IMAGES:
        return keep(upload, pip=pip, by=by, allowed=SCANS), None
    drawn = drawable(stream)
    has_position = look(stream).has_position
    plan = keep(upload, pip=pip, by=by, is_sensitive=has_position, allowed=SCANS)
    shown = keep_bytes(drawn, name=f"{plan.name.rsplit('.', 1)[0]}-view.jpg", pip=pip, by=by)
    return plan, shown


def drawable(stream: IO[bytes]) -> bytes:
    """A picture upright, on white, in a size for pages; ValidationError if it is none or can't be drawn on."""
    stream.seek(0)
    try:
        with Image.open(stream, formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValidationError(_("This picture has too many pixels. Save it with a lower resolution."))
            if min(image.size) < SHORTEST_SIDE:
                raise ValidationError(_("This picture is smaller than 100 pixels. Save it larger, to draw on it."))
            upright = on_white(ImageOps.exif_transpose(image))
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # TypeError: Pillow trips over a damaged Exif block when it turns the picture upright.
    except (OSError, SyntaxError, TypeError, ValueError, Image.DecompressionBombError):
        raise ValidationError(
            _("This picture can't be read. Save it again as PNG or JPG, or hand the plan in as PDF.")
        ) from None
    copy = BytesIO()
    upright.save(copy, "JPEG", quality=QUALITY)
    return copy.getvalue()


def on_white(image: Image.Image) -> Image.Image:
    """The picture without transparency: drawings often have no ground of their own."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    drawn = image.convert("RGBA")
    ground = Image.new("RGBA", drawn.size, "white")
    return Image.alpha_composite(ground, drawn).convert("RGB")
