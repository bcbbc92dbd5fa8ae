"""The commands of the law alone, which need no database: `workday add` and `law`."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from portal.law.engine import RULES
from portal.law.not_carried import NOT_CARRIED
from portal.law.notices import ISO_DAY, NoticeError, notice_from_dict
from portal.law.reckoning import Reckoning
from portal.law.workdays import CalendarError, Workdays

LONGEST = 3_660  # days: ten years are more than any period of these laws


class UsageError(ValueError):
    """What was typed can't be reckoned with; the message is for the person who typed it."""


class Parser(argparse.ArgumentParser):
    """argparse that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def workday_main(argv: Sequence[str]) -> int:
    """Run `workday add TRIGGER DAYS [--natural] [--with-notice FILE] [--json]`; an error is one line and exit 2."""
    try:
        options = _parser().parse_args(list(argv))
        calendar = Workdays.official()
        for path in options.with_notice:
            calendar = calendar.with_notice(notice_from_dict(_read(path)))
        reckon = calendar.add_natural if options.natural else calendar.add
        reckoning = reckon(options.trigger, options.days)
        answer = json.dumps(as_json(reckoning), ensure_ascii=False) if options.json else as_strip(reckoning)
    except (UsageError, NoticeError, CalendarError, OverflowError) as problem:
        print(f"workday: {' '.join(str(problem).split())}", file=sys.stderr)
        return 2
    except SystemExit as done:  # --help has printed its text
        return int(done.code or 0)
    print(answer)
    return 0


def as_json(reckoning: Reckoning) -> dict[str, Any]:
    """A reckoning as the commands print it."""
    return {
        "trigger": reckoning.trigger.isoformat(),
        "days": reckoning.days,
        "due": reckoning.due.isoformat(),
        "status": reckoning.status,
        "safe": reckoning.safe.isoformat(),
        "counted": [day.isoformat() for day in reckoning.counted],
        "skipped": [{"date": skipped.date.isoformat(), "why": skipped.why.en} for skipped in reckoning.skipped],
    }


def as_strip(reckoning: Reckoning) -> str:
    """A reckoning for people: one line a day, then the dates."""
    lines = []
    for day in reckoning.strip:
        number = "start" if day.is_trigger else f"{day.number or '-':>5}"
        marks = "  <- safe" if day.is_safe else ""
        marks += "  <- due" if day.is_due else ""
        lines.append(f"{day.date} {day.date:%a} {number}  {day.why.en}{marks}")
    lines += ["", f"due  {reckoning.due} {reckoning.due:%a} ({reckoning.status})", f"safe {reckoning.safe}"]
    if reckoning.provisional:
        lines.append("The holiday notice for that year isn't published yet: the due date may still move.")
    return "\n".join(lines)


def law_main(argv: Sequence[str]) -> int:
    """Run `law [--on DAY] [--json]`: every rule, or those in force on a day; an error is one line and exit 2."""
    parser = Parser(prog="law", description="Print every rule of the law package as JSON.")
    parser.add_argument("--json", action="store_true", help="print one JSON object, as without it")
    parser.add_argument("--on", type=_day, metavar="YYYY-MM-DD", help="only the rules in force on that day")
    try:
        options = parser.parse_args(list(argv))
    except UsageError as problem:
        print(f"law: {' '.join(str(problem).split())}", file=sys.stderr)
        return 2
    except SystemExit as done:  # --help has printed its text
        return int(done.code or 0)
    print(json.dumps(law_json(options.on), ensure_ascii=False, indent=2))
    return 0


def law_json(on: date | None = None) -> dict[str, Any]:
    """The rules with their obligations, layer, citations and title, and what no rule carries, with the reason."""
    return {
        "rules": [
            {
                "id": rule.id,
                "obligation": list(rule.obligation),
                "layer": rule.layer,
                "cites": [cite.key for cite in rule.cites],
                "title": {"en": rule.title.en, "zh": rule.title.zh},
                "in_force_on": rule.in_force_on.isoformat(),
            }
            for rule in RULES
            if on is None or rule.in_force_on <= on
        ],
        "not_carried": [
            {"obligation": one.obligation, "reason": {"en": one.reason.en, "zh": one.reason.zh}} for one in NOT_CARRIED
        ],
    }


def _parser() -> Parser:
    parser = Parser(prog="workday", description="Reckon with the working days of mainland China.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
    add = commands.add_parser("add", help="the last day of a period; the start day isn't counted")
    add.add_argument("trigger", type=_day, help="the start day, as 2025-06-01")
    add.add_argument("days", type=_number, help="how many days, 1 or more")
    add.add_argument("--natural", action="store_true", help="natural days instead of working days")
    add.add_argument("--with-notice", action="append", default=[], metavar="FILE.json", help="a further year's notice")
    add.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _day(text: str) -> date:
    if ISO_DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise argparse.ArgumentTypeError(f"{text!r} is not a day, write it as 2025-06-01")


def _number(text: str) -> int:
    if re.fullmatch(r"[0-9]{1,6}", text) and 1 <= int(text) <= LONGEST:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to {LONGEST}")


def _read(path: str) -> dict[str, Any]:
    try:
        given = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise UsageError(f"{path} can't be read: {problem.strerror}") from problem
    except ValueError as problem:
        raise UsageError(f"{path} is not JSON: {problem}") from problem
    if not isinstance(given, dict):
        raise UsageError(f"{path} must hold one notice, an object with year, title, days_off and makeup_workdays")
    return given
