"""The geometry of the gauges."""

from portal.ui.charts import gauge


def test_gauges_beside_each_other_have_their_limit_at_one_place():
    drawn = [gauge(high, None, high, beside=125_224) for high in (42_412, 104_316, 125_224)]
    assert len({one["limit_x"] for one in drawn}) == 1


def test_a_giant_beside_it_does_not_squeeze_a_gauge():
    assert gauge(42_412, None, None, beside=5_000_000) == gauge(42_412, None, None)
