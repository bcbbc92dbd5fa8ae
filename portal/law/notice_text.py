"""The pasted text of a State Council notice (节假日安排的通知), read day by day; what can't be read is refused."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from portal.law.calendar_data import SATURDAY
from portal.law.notices import NoticeError
from portal.law.text import Text

ONE_DAY = timedelta(days=1)
LONGEST_BREAK = 15  # days; a longer range is a slip of the pen
HOLIDAYS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
NAME = r"(?:元旦|春节|清明节|(?:[“\"]?五一[”\"]?)?(?:国际)?劳动节|端午节|中秋节|国庆节)"
HEADING = re.compile(
    rf"(?:^|(?<=[。;\n]))\W*(?:[一二三四五六七八九十\d]+\W+)?({NAME}(?:[、和及]{NAME})*):", re.MULTILINE
)
TITLE = re.compile(r"(?:国务院办公厅)?关于(\d{4})年(?:部分)?节假日安排的通知")
YEAR_OF_TEXT = re.compile(r"(?:现将|关于)(\d{4})年")
NUMBER = re.compile(r"国办发(?:明电)?[〔\[(]\d{4}[〕\])]\d+号")
FULL_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
# What makes a sentence one about days: a day of the month, or a number of days.
ABOUT_DAYS = re.compile(r"\d+日|\d+天")
ACTS = re.compile(r"放假|上班|补休|调休|连休|休息|工作日")
ADVICE = re.compile(r"^(?:鼓励|提倡|建议)")
DAY = r"(?:(?:(\d{4})年)?(\d{1,2})月)?(\d{1,2})日(?:\(([^()]*)\))?"
RANGE = re.compile(rf"{DAY}(?:(?:至|到|[-—–~])(?:次年)?{DAY})?")
CLAUSE = re.compile(r"(?:其中:?)?(.*?日(?:\([^()]*\))?)(放假调休|放假(\d+)天|放假|补休|(?:照常|正常)?上班)")
TOTAL = re.compile(r"共(?:放假)?(\d+)天")
REMARK = re.compile(r"与周末连休|放假调休|调休|不调休")
WEEKDAYS = "一二三四五六日"
WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
# A year's breaks hold at least these days, whatever the notice shifts (Art 2 of 全国年节及纪念日放假办法).
ALWAYS_OFF = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))

PASTE_WHOLE = Text("Paste the whole notice, from its title to its date.", "请从标题到落款日期完整粘贴通知全文。")
LOAD_OTHERWISE = Text(
    "Compare it with the notice; if the portal can't read the wording, enter the days in the form.",
    "请与通知原文核对；如系统无法识别该表述，请改用表单逐日录入。",
)


@dataclass
class Item:
    """What the notice says of one holiday."""

    name: str
    days_off: list[date] = field(default_factory=list)
    makeup: list[date] = field(default_factory=list)
    joins_weekend: bool = False


def notice_from_text(pasted: str) -> dict[str, Any]:
    """The notice as `notice_from_dict` reads it, with `number` and `notice_date` where the text has them.

    Raises NoticeError naming the line and the remedy for a text that isn't whole, contradicts itself or the calendar,
    or says something of a day that isn't understood. Nothing is guessed.
    """
    reading = Reading(pasted)
    items = list(reading.items())
    missing = [name for name in HOLIDAYS if not any(name in item.name.split("、") for item in items)]
    if missing:
        raise error(
            None,
            Text(f"The text has nothing on {', '.join(missing)}", f"文本中没有{'、'.join(missing)}的安排"),
            PASTE_WHOLE,
        )
    reading.check(items)
    return {
        "year": reading.year,
        "title": reading.title,
        "number": reading.number,
        "notice_date": reading.dated_on,
        "status": "official",
        "days_off": [{"date": day.isoformat(), "name": item.name} for item in items for day in item.days_off],
        "makeup_workdays": [
            {"date": day.isoformat(), "name": item.name} for item in items for day in sorted(item.makeup)
        ],
    }


class Reading:
    """One text while it is read; it knows which line of what was pasted a place belongs to."""

    def __init__(self, pasted: str) -> None:
        lines = [re.sub(r"[\s\u200b\ufeff]", "", unicodedata.normalize("NFKC", line)) for line in pasted.splitlines()]
        self.text = "\n".join(lines)
        self.starts = [0]
        for line in lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        years = {int(year) for year in (*TITLE.findall(self.text), *YEAR_OF_TEXT.findall(self.text))}
        titles = list(TITLE.finditer(self.text))
        if not titles:
            raise error(
                None,
                Text("The title with the year isn't there", "未找到含年份的通知标题"),
                PASTE_WHOLE,
            )
        if len(years) > 1:
            named = "、".join(map(str, sorted(years)))
            raise error(
                self.line(titles[-1].start()),
                Text(f"The text speaks of more than one year: {named}", f"文本涉及多个年份：{named}"),
                Text("Paste one notice at a time.", "请一次只粘贴一份通知。"),
            )
        self.year = years.pop()
        self.title = f"国务院办公厅关于{self.year}年部分节假日安排的通知"
        number = NUMBER.search(self.text)
        self.number = number.group() if number else ""
        self.dated_on = self.signed_on()

    def line(self, place: int) -> int:
        """The number of the line, from 1, on which a place of the text lies."""
        return bisect_right(self.starts, place)

    def signed_on(self) -> str:
        """The notice's own date: the last full date that is told of nothing else."""
        for found in reversed(list(FULL_DATE.finditer(self.text))):
            around = self.text[found.end() : found.end() + 8]
            if not ACTS.search(around) and around[:1] in ("", "\n"):
                year, month, day = map(int, found.groups())
                return self.day_of(year, month, day, self.line(found.start())).isoformat()
        return ""

    def items(self) -> Iterator[Item]:
        """The holidays in the order of the text, each with its days."""
        headings = list(HEADING.finditer(self.text))
        before = self.text[: headings[0].start()] if headings else self.text
        stray = re.search(r"[^,:。;\n]*\d[日天][^,:。;\n]*(?:放假|上班|补休)|(?:放假|上班|补休)\d+天", before)
        if stray:
            raise self.not_understood(stray.start(), stray.group())
        ends = [*(heading.start() for heading in headings), len(self.text)][1:]
        for heading, end in zip(headings, ends, strict=True):
            yield self.item(heading, end)

    def item(self, heading: re.Match[str], end: int) -> Item:
        """One holiday: every sentence that speaks of days must be understood."""
        names = re.findall("|".join(HOLIDAYS), heading.group(1))
        item = Item("、".join(names))
        for place, sentence in sentences(self.text[heading.end() : end], heading.end()):
            if not ABOUT_DAYS.search(sentence):
                item.joins_weekend |= "与周末连休" in sentence
                continue
            is_signature = FULL_DATE.search(sentence) and not ACTS.search(sentence)
            if not is_signature and not ADVICE.match(sentence):
                self.sentence(item, sentence, place)
        if not item.days_off:
            raise error(
                self.line(heading.start(1)),
                Text(f"No day off is found for {item.name}", f"未识别到{item.name}的放假日期"),
                LOAD_OTHERWISE,
            )
        return item

    def sentence(self, item: Item, sentence: str, place: int) -> None:
        """Take the days of one sentence, clause by clause."""
        line = self.line(place)
        for clause in re.split(r",(?![^(]*\))", sentence):
            total, told = TOTAL.fullmatch(clause), CLAUSE.fullmatch(clause)
            if total:
                self.count(item, int(total.group(1)), line)
            elif told:
                days = self.days(item, told.group(1), line)
                if told.group(3) and int(told.group(3)) != len(days):
                    raise self.wrong_count(item, int(told.group(3)), len(days), line)
                (item.makeup if told.group(2).endswith("上班") else item.days_off).extend(days)
            elif REMARK.fullmatch(clause):
                item.joins_weekend |= clause == "与周末连休"
            else:
                raise self.not_understood(place, clause)

    def days(self, item: Item, words: str, line: int) -> list[date]:
        """The days that a clause names: one, a list, a range, or lists of ranges."""
        found: list[date] = []
        year, month = 0, 0
        for piece in re.split(r"[、和及](?![^(]*\))", words):
            named = RANGE.fullmatch(piece)
            if named is None:
                raise self.not_understood_on(line, piece)
            ends = []
            for year_of, month_of, day_of, bracket in (named.groups()[:4], named.groups()[4:]):
                if day_of is None:
                    continue
                former, month = month, int(month_of or month)
                if year_of:
                    year = int(year_of)
                elif not year:
                    year = self.year - (month == 12 and "元旦" in item.name)
                elif former == 12 and month == 1:
                    year += 1
                if not month:
                    raise self.not_understood_on(line, piece)
                ends.append(self.day_of(year, month, int(day_of), line))
                self.check_bracket(ends[-1], bracket or "", line)
            if (ends[-1] - ends[0]).days not in range(LONGEST_BREAK):
                raise error(
                    line,
                    Text(
                        f"“{piece}” is no break of 1 to {LONGEST_BREAK} days",
                        f"“{piece}”不是1至{LONGEST_BREAK}天的假期",
                    ),
                    LOAD_OTHERWISE,
                )
            found += [ends[0] + ONE_DAY * offset for offset in range((ends[-1] - ends[0]).days + 1)]
        return found

    def day_of(self, year: int, month: int, day: int, line: int) -> date:
        try:
            return date(year, month, day)
        except ValueError:
            raise error(
                line, Text(f"{year}-{month}-{day} is no day", f"{year}年{month}月{day}日不存在"), LOAD_OTHERWISE
            ) from None

    def check_bracket(self, day: date, bracket: str, line: int) -> None:
        """A weekday in brackets is that of the day; beside it stand only words of the lunar calendar."""
        told = WEEKDAY.findall(bracket)
        if any(WEEKDAYS[day.weekday()] != one.replace("天", "日") for one in told):
            raise error(
                line,
                Text(
                    f"{day} is a {day:%A}, the text says {bracket}",
                    f"{day}为星期{WEEKDAYS[day.weekday()]}，文本写的是{bracket}",
                ),
                LOAD_OTHERWISE,
            )
        if re.search(r"\d", bracket):
            raise self.not_understood_on(line, f"({bracket})")

    def count(self, item: Item, told: int, line: int) -> None:
        """共N天 counts the days off; where they join a weekend it may count that too."""
        days = set(item.days_off)
        joined = set(days)
        while item.joins_weekend and (more := neighbours(joined)):
            joined |= more
        if told not in (len(days), len(joined)):
            raise self.wrong_count(item, told, len(days), line)

    def check(self, items: list[Item]) -> None:
        """What no single sentence shows: a holiday twice, a day in two breaks, a statutory day that is missing."""
        names = [name for item in items for name in item.name.split("、")]
        days = [day for item in items for day in item.days_off]
        for name in HOLIDAYS:
            if names.count(name) > 1:
                raise error(None, Text(f"{name} stands there twice", f"{name}出现两次"), PASTE_WHOLE)
        for day in days:
            if days.count(day) > 1:
                raise error(None, Text(f"{day} is named twice as a day off", f"{day}被重复列为放假日"), LOAD_OTHERWISE)
        for month, number in ALWAYS_OFF:
            day = date(self.year, month, number)
            if day not in days:
                raise error(
                    None,
                    Text(f"{day}, a statutory holiday, is no day off", f"法定节假日{day}未列为放假日"),
                    LOAD_OTHERWISE,
                )

    def wrong_count(self, item: Item, told: int, found: int, line: int) -> NoticeError:
        return error(
            line,
            Text(
                f"{item.name}: the text says {told} days, its dates make {found}",
                f"{item.name}：文本写共{told}天，按日期计为{found}天",
            ),
            LOAD_OTHERWISE,
        )

    def not_understood(self, place: int, words: str) -> NoticeError:
        return self.not_understood_on(self.line(place), words)

    @staticmethod
    def not_understood_on(line: int, words: str) -> NoticeError:
        return error(line, Text(f"“{words}” isn't understood", f"无法识别“{words}”"), LOAD_OTHERWISE)


def neighbours(days: set[date]) -> set[date]:
    """The Saturdays and Sundays that adjoin a break."""
    around = {day + ONE_DAY * step for day in days for step in (-1, 1)}
    return {day for day in around - days if day.weekday() >= SATURDAY}


def sentences(text: str, start: int) -> Iterator[tuple[int, str]]:
    """(place, words) of each sentence; a line break ends none, for pasted lines may be broken anywhere."""
    for found in re.finditer(r"[^。;]+", text):
        words = found.group().replace("\n", "")
        if words:
            yield start + found.start() + len(found.group()) - len(found.group().lstrip("\n")), words


def error(line: int | None, problem: Text, remedy: Text) -> NoticeError:
    """A refusal that names the line and the remedy."""
    at = Text(f"Line {line}: ", f"第{line}行：") if line else Text("", "")
    return NoticeError(Text(f"{at.en}{problem.en}. {remedy.en}", f"{at.zh}{problem.zh}。{remedy.zh}"))
