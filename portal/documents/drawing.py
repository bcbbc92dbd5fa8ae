"""An outline drawn on a plan, for papers: pages draw it in the browser."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

INK, PAPER = (11, 91, 102), (255, 255, 255)
LONGEST_SIDE = 1400  # pixels: 220 to the inch across the paper
QUALITY = 85


def outlined(picture: bytes, corners: Sequence[tuple[float, float]]) -> bytes:
    """The picture as JPEG with the area shaded, its edge drawn and its corners numbered; corners in shares of 1."""
    with Image.open(BytesIO(picture), formats=("JPEG",)) as opened:
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        ground = opened.convert("RGB")
    points = [(x * (ground.width - 1), y * (ground.height - 1)) for x, y in corners]
    if points:
        thin = max(round(max(ground.size) / 450), 2)
        shade = Image.new("L", ground.size, 0)
        ImageDraw.Draw(shade).polygon(points, fill=46)
        ground.paste(INK, mask=shade)
        pen = ImageDraw.Draw(ground)
        for width, colour in ((3 * thin, PAPER), (thin, INK)):
            pen.line([*points, points[0], points[1]], fill=colour, width=width, joint="curve")
        font = ImageFont.load_default(size=6 * thin + 6)
        for number, (x, y) in enumerate(points, start=1):
            pen.circle((x, y), 2 * thin + 1, fill=PAPER, outline=INK, width=thin)
            where = (x + 3 * thin, y - 3 * thin)
            pen.text(where, str(number), fill=INK, font=font, anchor="lb", stroke_width=thin, stroke_fill=PAPER)
    drawn = BytesIO()
    ground.save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()
