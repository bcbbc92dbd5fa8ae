"""One year's State Council holiday notice (节假日安排的通知): days off and make-up working days (调休上班)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.law.calendar_data import SATURDAY
from portal.law.text import Text

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# A notice may reach over New Year: 2011-12-31 was a working Saturday by the notice for 2012.
EDGE_DECEMBER, EDGE_JANUARY = 21, 10

HOLIDAY_NAMES = {
    "元旦": "New Year",
    "春节": "Spring Festival",
    "清明节": "Qingming",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
    "国庆节、中秋节": "National Day and Mid-Autumn Festival",
}


class NoticeError(ValueError):
    """A notice that can't be taken as it stands; `text` names the place and the remedy in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True)
class Notice:
    """The days off and make-up working days of one year; `official` is False for statutory holidays only."""

    year: int
    title: str
    source: str
    days_off: Mapping[date, str] = field(hash=False)
    makeup_workdays: frozenset[date]
    official: bool = True

    @property
    def label(self) -> Text:
        """What a person calls this calendar."""
        if self.official:
            return Text(f"State Council notice for {self.year}", self.title)
        return Text(
            f"statutory holidays of {self.year}, notice not published yet",
            f"{self.year}年法定节假日，放假通知尚未公布",
        )


def holiday_name(name: str) -> Text:
    """The holiday's name in both languages; an unknown name stands as it is."""
    plain = re.sub(r"补假$|\(.*\)$|（.*）$", "", name)
    if plain not in HOLIDAY_NAMES:
        return Text(name or "holiday", name or "节假日")
    english = HOLIDAY_NAMES[plain] + (", day in lieu" if name.endswith("补假") else "")
    return Text(english, name)


def notice_from_dict(given: Mapping[str, Any]) -> Notice:
    """A notice from `{"year", "title", "days_off", "makeup_workdays"}`; raises NoticeError naming what is wrong."""
    year = _year(given)
    days_off = dict(_days(given, "days_off", year))
    makeup = dict(_days(given, "makeup_workdays", year))
    if not any(day.year == year for day in days_off):
        raise _error("days_off", Text(f"lists no day of {year}", f"未列出{year}年的任何放假日"), _NEVER_EMPTY)
    for day in sorted(makeup):
        if day in days_off:
            raise _error(
                day, Text("is both a day off and a make-up working day", "既是放假日又是调休上班日"), _ONE_LIST
            )
        if day.weekday() < SATURDAY:
            raise _error(
                f"makeup_workdays: {day}",
                Text("is a Monday-to-Friday working day already", "本来就是周一至周五的工作日"),
                Text("A make-up working day is a Saturday or Sunday.", "调休上班日应为周六或周日。"),
            )
    title = str(given.get("title") or f"{year}年节假日安排，未写明通知名称").strip()
    return Notice(
        year=year,
        title=title,
        source=str(given.get("source") or "").strip(),
        days_off=days_off,
        makeup_workdays=frozenset(makeup),
        official=given.get("status", "official") == "official",
    )


_NEVER_EMPTY = Text("An empty list never means that a year has no holidays.", "空列表不表示该年没有节假日。")
_ONE_LIST = Text("Leave it in one of the two lists.", "请只保留在其中一个列表。")


def _error(place: object, problem: Text, remedy: Text) -> NoticeError:
    return NoticeError(Text(f"{place} {problem.en}. {remedy.en}", f"{place} {problem.zh}。{remedy.zh}"))


def _year(given: Mapping[str, Any]) -> int:
    year = given.get("year") if isinstance(given, Mapping) else None
    if isinstance(year, str) and year.isascii() and year.isdigit():
        year = int(year)
    if isinstance(year, bool) or not isinstance(year, int) or not 1949 <= year <= 2999:
        raise _error(
            f"year: {year!r}",
            Text("is not a year", "不是有效年份"),
            Text("Write it as 2027.", "请写成2027这样的数字。"),
        )
    return year


def _days(given: Mapping[str, Any], key: str, year: int) -> list[tuple[date, str]]:
    """The days of one list with their names; each must be an ISO date of the year or next to its New Year."""
    entries = given.get(key, [])
    if not isinstance(entries, (list, tuple)):
        raise _error(key, Text("is not a list", "不是列表"), Text("List ISO dates.", "请列出ISO日期。"))
    found: list[tuple[date, str]] = []
    for entry in entries:
        written, name = (entry.get("date"), entry.get("name", "")) if isinstance(entry, Mapping) else (entry, "")
        day = _day(written, key)
        near = day.year == year or (
            (day.year == year - 1 and day.month == 12 and day.day >= EDGE_DECEMBER)
            or (day.year == year + 1 and day.month == 1 and day.day <= EDGE_JANUARY)
        )
        if not near:
            raise _error(
                f"{key}: {day}",
                Text(f"lies outside {year}", f"不在{year}年内"),
                Text("Check the year of the notice and of the day.", "请核对通知年份和日期。"),
            )
        if any(day == other for other, _ in found):
            raise _error(
                f"{key}: {day}",
                Text("stands there twice", "重复出现"),
                Text("Check which day was meant.", "请核对应为哪一天。"),
            )
        found.append((day, str(name or "")))
    return found


def _day(written: object, key: str) -> date:
    if isinstance(written, date):
        return date(written.year, written.month, written.day)
    if isinstance(written, str) and ISO_DAY.fullmatch(written):
        try:
            return date.fromisoformat(written)
        except ValueError:
            pass
    raise _error(
        f"{key}: {written!r}",
        Text("is not a day", "不是有效日期"),
        Text("Write it as 2027-02-05.", "请写成2027-02-05这样的格式。"),
    )
