"""Photos as phones take them."""

import io

from PIL import ExifTags, Image


class Shot(io.BytesIO):
    """A photo with the name that phones give."""

    name = "image.jpg"


def shot(*, taken: str = "2026:10:11 09:30:00", position: bool = True, size: tuple[int, int] = (640, 480)) -> Shot:
    """A JPEG with the day of its capture, and unless told otherwise with its place."""
    image = Image.new("RGB", size, "white")
    exif = image.getexif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    if position:
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (40.0, 4.0, 30.0)
    exif[ExifTags.Base.Orientation] = 6
    file = Shot()
    image.save(file, "JPEG", exif=exif)
    file.seek(0)
    return file
