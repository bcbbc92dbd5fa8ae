"""What is an outline and what isn't: corners, sides, and the sentence for each mistake."""

import pytest
from django.core.exceptions import ValidationError

from deployments.outline import corners_of, percents, written


@pytest.mark.parametrize(
    ("text", "corners"),
    [
        ("0,0 1000,0 1000,1000", [(0, 0), (1000, 0), (1000, 1000)]),
        ("  0,0\n1000,0\t1000,1000 ", [(0, 0), (1000, 0), (1000, 1000)]),
        ("０，０　１０００，０　１０００，１０００", [(0, 0), (1000, 0), (1000, 1000)]),
        # An L, a star's concave corner and a straight corner are outlines too.
        ("0,0 900,0 900,300 300,300 300,900 0,900", None),
        ("0,0 500,100 1000,0 900,500 1000,1000 500,900 0,1000 100,500", None),
        ("0,0 500,0 1000,0 1000,1000", None),
        (" ".join(f"{i * 25},{(i * 7) % 5}" for i in range(39)) + " 500,900", None),
    ],
)
def test_outlines(text, corners):
    found = corners_of(text)
    assert corners is None or found == corners
    assert corners_of(written(found)) == found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "at least 3 corners"),
        ("0,0 1000,0", "at least 3 corners"),
        (" ".join(f"{i * 20},{i % 7}" for i in range(41)), "at most 40 corners"),
        ("0,0 1001,0 500,500", "1001,0 lies outside"),
        ("0,0 9999,9999 500,500", "lies outside"),
        ("-1,0 1000,0 500,500", "“-1,0” is no corner"),
        ("0.5,0 1000,0 500,500", "“0.5,0” is no corner"),
        ("0,0 1000 500,500", "“1000” is no corner"),
        ("0,0;1000,0;500,500", "is no corner"),
        ("0,0 12345,0 500,500", "is no corner"),
        ("<script>alert(1)</script> 0,0 1,1", "is no corner"),
        ("0,0 0,0 500,500", "corners 1 and 2 are the same"),
        ("0,0 1000,0 1000,1000 0,0", "corners 1 and 4 are the same"),
        # A bow: two sides cross.
        ("0,0 1000,1000 1000,0 0,1000", "side after corner 1 meets the one after corner 3"),
        # All on one line.
        ("0,0 500,500 1000,1000", "meets"),
        ("0,0 500,0 200,0", "meets"),
        # A side runs back over the one before, or touches a corner far away.
        ("0,0 1000,0 400,0 400,800", "side after corner 1 meets the one after corner 2"),
        ("0,0 1000,0 1000,1000 500,0 0,1000", "meets"),
    ],
)
def test_what_is_no_outline_is_refused_in_words(text, sentence):
    with pytest.raises(ValidationError, match=sentence):
        corners_of(text)


def test_corners_as_the_page_draws_them():
    assert percents("0,349 1000,5 333,1000") == [("0%", "34.9%"), ("100%", "0.5%"), ("33.3%", "100%")]
    assert percents("") == []
