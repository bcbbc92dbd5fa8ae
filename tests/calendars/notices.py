"""A notice for 2027, invented for the tests, and a second way to count with it that shares nothing with the portal."""

import json
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from portal.accounts.models import User
from portal.calendars.models import HolidayNotice
from portal.clock.announcements import confirm_notice, load_notice

ROOT = Path(__file__).resolve().parents[2]
ONE_DAY = timedelta(days=1)
TEXT_2027 = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕99号
经国务院批准，现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至2日（周六）放假，共2天。1月3日（周日）上班。
二、春节：2月5日（农历除夕、周五）至12日（周五）放假调休，共8天。1月31日（周日）、2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天。
六、中秋节：9月15日（周三）放假1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
国务院办公厅
2026年11月25日
"""
TITLE_2027 = "国务院办公厅关于2027年部分节假日安排的通知"


def days(first: str, last: str) -> list[str]:
    """The days from one to another, as ISO dates."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(begin + ONE_DAY * step).isoformat() for step in range((end - begin).days + 1)]


# Written down by hand from the text above.
OFF_2027 = [
    *days("2027-01-01", "2027-01-02"),
    *days("2027-02-05", "2027-02-12"),
    *days("2027-04-03", "2027-04-05"),
    *days("2027-05-01", "2027-05-05"),
    "2027-06-09",
    "2027-09-15",
    *days("2027-10-01", "2027-10-07"),
]
MAKEUP_2027 = [
    *("2027-01-03", "2027-01-31", "2027-02-14", "2027-04-25", "2027-05-08"),
    *("2027-09-26", "2027-10-09"),
]
# Before it is announced: the statutory holidays with their days in lieu (LAW.md 3.3).
STATUTORY_2027 = [
    "2027-01-01",
    *days("2027-02-05", "2027-02-10"),
    "2027-04-05",
    *days("2027-05-01", "2027-05-04"),
    "2027-06-09",
    "2027-09-15",
    *days("2027-10-01", "2027-10-05"),
]


def platform(name: str) -> User:
    """A platform account."""
    return User.objects.create_user(f"{name}@portal.example", name=name.title(), language="en", is_staff=True)


def waiting_2027(by: User, **fields: object) -> HolidayNotice:
    """The invented notice, loaded and not yet confirmed."""
    given = {"year": 2027, "title": TITLE_2027, "days_off": OFF_2027, "makeup_workdays": MAKEUP_2027}
    return load_notice(given | fields, way="json", raw="{}", source="test", by=by, today=date(2026, 11, 25))


def confirmed_2027() -> HolidayNotice:
    """The invented notice, loaded by one and confirmed by another."""
    notice = waiting_2027(platform("first"))
    confirm_notice(notice, by=platform("second"), now=timezone.now())
    return notice


class Wall:
    """A calendar on the wall: counts day by day from the shipped file and the lists above."""

    def __init__(self, *, with_2027: bool) -> None:
        shipped = json.loads((ROOT / "portal/law/data/holidays.json").read_text())["notices"]
        self.off = {one["date"] for notice in shipped for one in notice["days_off"]}
        self.makeup = {one["date"] for notice in shipped for one in notice["makeup_workdays"]}
        self.off |= set(OFF_2027 if with_2027 else STATUTORY_2027)
        self.makeup |= set(MAKEUP_2027 if with_2027 else ())
        self.last_firm_year = 2027 if with_2027 else 2026

    def works(self, day: date) -> bool:
        written = day.isoformat()
        return written in self.makeup or (day.weekday() < 5 and written not in self.off)

    def step(self, day: date, number: int, way: int = 1) -> date:
        """The working day so many working days on."""
        while number:
            day += ONE_DAY * way
            number -= self.works(day)
        return day

    def count(self, start: date, length: int, unit: str) -> tuple[date, date, str]:
        """(due, safe, firmness) of a period."""
        if unit == "fixed":
            return start, self.step(start, 1, -1), self.firmness(start)
        if unit == "natural":
            raw = start + ONE_DAY * length
            due = raw if self.works(raw) else self.step(raw, 1)
            return due, raw, self.firmness(due)
        due = self.step(start, length)
        if self.firmness(due) == "provisional":
            return due, self.step(due, 2, -1), "provisional"
        return due, self.step(due, 1, -1) if self.works(start) else due, "firm"

    def firmness(self, last: date) -> str:
        return "firm" if last.year <= self.last_firm_year else "provisional"
