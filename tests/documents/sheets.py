"""Papers for the tests of rendering."""

from dataclasses import replace
from datetime import date, timedelta

from portal.documents.sheet import Day, DayStrip, Row, Section, Sheet, Table

HOSTILE = '#include "x" ] *bold* _it_ $x^2$ @ref \\ `raw` // c <lbl> = head #{1+1} [x]'


def strip() -> DayStrip:
    """30 working days from 2026-09-04, with the days off and make-up days of that autumn."""
    off = {date(2026, 9, 25): "中秋节", **{date(2026, 10, day): "国庆节" for day in range(1, 8)}}
    makeup = {date(2026, 9, 20), date(2026, 10, 10)}
    day, count = date(2026, 9, 4), 0
    days = [Day(day, "start")]
    while count < 30:
        day += timedelta(days=1)
        if day in off:
            days.append(Day(day, "day_off", off[day]))
        elif day.weekday() > 4 and day not in makeup:
            days.append(Day(day, "weekend"))
        else:
            count += 1
            kind = "due" if count == 30 else "makeup" if day in makeup else "counted"
            days.append(Day(day, kind, str(count)))
    return DayStrip(tuple(days), "自次日起计 30 个工作日。")


def chinese() -> Sheet:
    devices = tuple((f"DEV-{number:03}", f"T{number % 3} 航站楼", str(number)) for number in range(1, 81))
    return Sheet(
        title="人脸识别技术应用情况备案表",
        subtitle="滨海机场集团有限公司",
        language="zh",
        reference="FIL-2026-0001",
        notice="工作底稿，非官方表格",
        sections=(
            Section("一、基本情况", rows=(Row("名称", "滨海机场集团有限公司"), Row("法定代表人", is_missing=True))),
            Section("二、设备清单", table=Table(("编号", "位置", "数量"), devices, (1, 3, 1), (2,))),
            Section("三、期限推算", paragraphs=("应当在达到之日起三十个工作日内备案。",), strip=strip()),
        ),
        signature=("单位名称（盖章）：", "日期：        年    月    日"),
        printed_by="张伟",
        printed_on="2026-10-12",
        as_of=date(2026, 10, 12),
        digest_line="第 3 版 · SHA-256 " + "9f86d081" * 8,
    )


def english(**changes: object) -> Sheet:
    sheet = Sheet(
        title="Filing form",
        language="en",
        reference="FIL-2026-0001",
        sections=(
            Section(
                "1. The scenario", rows=(Row("Purpose", HOSTILE, note="From the register"), Row("Retention", "", True))
            ),
        ),
        printed_on="2026-10-12",
    )
    return replace(sheet, **changes)
