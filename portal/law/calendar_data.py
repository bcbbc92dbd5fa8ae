"""The calendars that ship with the portal: the State Council notices, and the statutory holidays of later years."""

import json
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

SATURDAY = 5  # date.weekday() of the first day of the weekend
ONE_DAY = timedelta(days=1)

# The revision of 2024-11-10 of 全国年节及纪念日放假办法 (its Art 2) fixes these from 2025 on.
FIXED_HOLIDAYS = (
    (1, 1, 1, "元旦"),
    (5, 1, 2, "劳动节"),
    (10, 1, 3, "国庆节"),
)

# Spring Festival eve (4 days), Qingming, Dragon Boat, Mid-Autumn (1 day each): they follow the lunar calendar and
# the sun, so that a year not yet announced needs a table. Same days as the package `holidays`, compared in the tests.
MOVING_HOLIDAYS: dict[int, tuple[str, str, str, str]] = {
    2027: ("02-05", "04-05", "06-09", "09-15"),
    2028: ("01-25", "04-04", "05-28", "10-03"),
    2029: ("02-12", "04-04", "06-16", "09-22"),
    2030: ("02-02", "04-05", "06-05", "09-12"),
    2031: ("01-22", "04-05", "06-24", "10-01"),
    2032: ("02-10", "04-04", "06-12", "09-19"),
    2033: ("01-30", "04-04", "06-01", "09-08"),
    2034: ("02-18", "04-05", "06-20", "09-27"),
    2035: ("02-07", "04-05", "06-10", "09-16"),
}
FIRST_YEAR_NOT_SHIPPED = min(MOVING_HOLIDAYS)


@cache
def shipped_notices() -> tuple[dict[str, Any], ...]:
    """The official notices that come with the portal, oldest first, as `notice_from_dict` reads them."""
    source = files("portal.law").joinpath("data/holidays.json").read_text(encoding="utf-8")
    return tuple(sorted(json.loads(source)["notices"], key=lambda notice: int(notice["year"])))


def statutory_days_off(year: int) -> dict[date, str]:
    """The holidays a year has before its notice is published, with the Art 6 substitutes on the next weekdays.

    Which weekdays the substitutes really take, and which weekends are worked, only the notice decides; a year beyond
    the table has its fixed holidays only. Dates reckoned with these are provisional.
    """
    blocks = [(date(year, month, day), length, name) for month, day, length, name in FIXED_HOLIDAYS]
    if year in MOVING_HOLIDAYS:
        names = ("春节", "清明节", "端午节", "中秋节")
        starts = [date.fromisoformat(f"{year}-{day}") for day in MOVING_HOLIDAYS[year]]
        blocks += [(start, 4 if name == "春节" else 1, name) for start, name in zip(starts, names, strict=True)]
    days: dict[date, str] = {}
    for start, length, name in blocks:
        days.update({start + ONE_DAY * offset: name for offset in range(length)})
    for day, name in sorted(days.items()):
        if day.weekday() >= SATURDAY:
            substitute = day
            while substitute in days or substitute.weekday() >= SATURDAY:
                substitute += ONE_DAY
            days[substitute] = f"{name}补假"
    return dict(sorted(days.items()))
