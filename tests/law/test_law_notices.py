"""What a State Council notice must look like before the portal reckons with it."""

from datetime import date

import pytest

from portal.law.notices import NoticeError, notice_from_dict

GOOD = {"year": 2027, "title": "x", "days_off": ["2027-01-01"], "makeup_workdays": ["2027-02-14"]}


def test_days_are_iso_strings_or_objects_with_a_date():
    plain = notice_from_dict(GOOD)
    named = notice_from_dict(
        {**GOOD, "days_off": [{"date": "2027-01-01", "name": "元旦"}], "makeup_workdays": [{"date": "2027-02-14"}]}
    )
    assert set(plain.days_off) == set(named.days_off) == {date(2027, 1, 1)}
    assert plain.makeup_workdays == named.makeup_workdays == {date(2027, 2, 14)}
    assert named.days_off[date(2027, 1, 1)] == "元旦"
    assert plain.official


def test_days_next_to_new_year_belong_to_the_notice():
    over = notice_from_dict({**GOOD, "days_off": ["2026-12-31", "2027-01-01", "2028-01-01"]})
    assert min(over.days_off) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        ({"days_off": []}, "days_off", "never means that a year has no holidays"),
        ({"days_off": ["2026-12-31"]}, "days_off", "lists no day of 2027"),
        ({"days_off": ["2026-10-01"]}, "days_off: 2026-10-01", "lies outside 2027"),
        ({"days_off": ["2028-02-01"]}, "days_off: 2028-02-01", "lies outside 2027"),
        ({"days_off": ["2027-02-30"]}, "days_off: '2027-02-30'", "is not a day"),
        ({"days_off": ["20270101"]}, "days_off: '20270101'", "is not a day"),
        ({"days_off": [7]}, "days_off: 7", "is not a day"),
        ({"days_off": [{"name": "元旦"}]}, "days_off: None", "is not a day"),
        ({"days_off": "2027-01-01"}, "days_off", "is not a list"),
        ({"days_off": None}, "days_off", "is not a list"),
        ({"days_off": ["2027-01-01", "2027-01-01"]}, "days_off: 2027-01-01", "stands there twice"),
        ({"makeup_workdays": ["2027-02-15"]}, "makeup_workdays: 2027-02-15", "is a Monday-to-Friday working day"),
        ({"days_off": ["2027-01-01", "2027-02-14"]}, "2027-02-14", "both a day off and a make-up working day"),
        ({"year": None}, "year: None", "is not a year"),
        ({"year": "next"}, "year: 'next'", "is not a year"),
        ({"year": True}, "year: True", "is not a year"),
    ],
)
def test_a_wrong_notice_is_refused_with_its_place(change, place, reason):
    with pytest.raises(NoticeError) as caught:
        notice_from_dict({**GOOD, **change})
    assert str(caught.value).startswith(place)
    assert reason in caught.value.text.en
    assert caught.value.text.zh


def test_a_missing_list_of_days_off_is_not_a_year_without_holidays():
    with pytest.raises(NoticeError):
        notice_from_dict({"year": 2027, "title": "x"})
