"""The outline of a capture area on its plan: corners as "x,y x,y …", in thousandths of the plan's width and height."""

import re
import unicodedata
from itertools import combinations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Corner = tuple[int, int]
FEWEST, MOST, SIDE = 3, 40, 1000
CORNER = re.compile(r"([0-9]{1,4}),([0-9]{1,4})")


def corners_of(text: str) -> list[Corner]:
    """The corners of an outline; ValidationError that says which corner or side is wrong."""
    # Full-width digits and commas are what a Chinese keyboard gives.
    words = unicodedata.normalize("NFKC", text).split()
    corners = [_corner(word) for word in words]
    if len(corners) < FEWEST:
        raise ValidationError(_("An outline needs at least 3 corners. Set more on the plan."))
    if len(corners) > MOST:
        raise ValidationError(_("An outline has at most 40 corners. Leave some out."))
    _require_simple(corners)
    return corners


def written(corners: list[Corner]) -> str:
    """Corners as the register keeps them."""
    return " ".join(f"{x},{y}" for x, y in corners)


def shares(text: str) -> list[tuple[float, float]]:
    """The corners of a stored outline as shares of the plan's width and height."""
    pairs = (word.split(",") for word in text.split())
    return [(int(x) / SIDE, int(y) / SIDE) for x, y in pairs]


def percents(text: str) -> list[tuple[str, str]]:
    """The same in percent, for the drawing of a page."""
    return [(f"{100 * x:g}%", f"{100 * y:g}%") for x, y in shares(text)]


def _corner(word: str) -> Corner:
    found = CORNER.fullmatch(word)
    if found is None:
        sentence = _(
            "“%(word)s” is no corner. Write each corner as two whole numbers, like 120,340, and part them by spaces."
        )
        raise ValidationError(sentence % {"word": word[:30]})
    x, y = int(found[1]), int(found[2])
    if max(x, y) > SIDE:
        sentence = _("The corner %(word)s lies outside the plan: its width and height run from 0 to 1000.")
        raise ValidationError(sentence % {"word": word})
    return x, y


def _require_simple(corners: list[Corner]) -> None:
    """Refuse an outline that encloses no single area: corners set twice, sides that cross or lie on each other."""
    for first, second in combinations(range(len(corners)), 2):
        if corners[first] == corners[second]:
            sentence = _("The corners %(first)s and %(second)s are the same point. Move or remove one of them.")
            raise ValidationError(sentence % {"first": first + 1, "second": second + 1})
    sides = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    for first, second in combinations(range(len(sides)), 2):
        if _clash(sides[first], sides[second]):
            sentence = _("The side after corner %(first)s meets the one after corner %(second)s. Move a corner.")
            raise ValidationError(sentence % {"first": first + 1, "second": second + 1})


def _clash(one: tuple[Corner, Corner], other: tuple[Corner, Corner]) -> bool:
    """Whether two sides touch anywhere but in the corner that neighbours share."""
    shared = set(one) & set(other)
    if shared:
        (middle,) = shared
        (start,), (end,) = set(one) - {middle}, set(other) - {middle}
        # Neighbours clash where the second runs back over the first.
        along = (start[0] - middle[0]) * (end[0] - middle[0]) + (start[1] - middle[1]) * (end[1] - middle[1])
        return _turn(start, middle, end) == 0 and along > 0
    (a, b), (c, d) = one, other
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    return any(
        turn == 0 and _within(point, *side)
        for turn, point, side in zip(turns, (c, d, a, b), (one, one, other, other), strict=True)
    )


def _turn(a: Corner, b: Corner, c: Corner) -> int:
    """-1, 0 or 1: on which side of the line from a to b the point c lies."""
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (cross > 0) - (cross < 0)


def _within(point: Corner, start: Corner, end: Corner) -> bool:
    """Whether a point on the line of a side lies on the side itself."""
    return all(min(start[i], end[i]) <= point[i] <= max(start[i], end[i]) for i in (0, 1))
