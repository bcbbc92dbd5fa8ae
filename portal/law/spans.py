"""How long a period is that somebody wrote in words: 24 hours, 30日, 六个月."""

import re

DAYS = {
    **dict.fromkeys(("小时", "hour", "hours", "h"), 1 / 24),
    **dict.fromkeys(("日", "天", "day", "days", "d"), 1),
    **dict.fromkeys(("周", "星期", "week", "weeks"), 7),
    **dict.fromkeys(("月", "month", "months"), 30),
    **dict.fromkeys(("年", "year", "years"), 365),
}
DIGITS = {"半": 0.5} | {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
SPAN = re.compile(
    r"(\d+(?:\.\d+)?|[零一二两三四五六七八九十半]+)\s*个?(?:工作)?(小时|日|天|周|星期|月|年|(?:hours?|days?|weeks?|months?|years?|[hd])\b)",
    re.IGNORECASE,
)


def days_of(text: str) -> float | None:
    """The days of the one period that a text names; None where it names none or several."""
    found = SPAN.findall(text)
    if len(found) != 1:
        return None
    number, unit = found[0]
    amount = number_of(number)
    return None if amount is None else amount * DAYS[unit.lower()]


def number_of(text: str) -> float | None:
    """A number in digits or in Chinese up to 99; None for what is neither."""
    if text[0].isdigit():
        return float(text)
    tens, sign, ones = text.partition("十")
    if not sign:
        return DIGITS.get(text)
    values = DIGITS.get(tens, 1) if tens else 1, DIGITS.get(ones, 0) if ones else 0
    return values[0] * 10 + values[1]
