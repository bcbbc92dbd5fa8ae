"""The personal information protection officer 个人信息保护负责人 (PIPL 52, CAC announcement of 2025-07-18)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.law.duties import Claim
from portal.law.facts import PipFacts
from portal.law.registry import Parameter, rule
from portal.law.rules.filing import is_below, reached
from portal.law.rules.governance import latest, running
from portal.law.rules.periods import by_day, counted
from portal.law.rules.phrases import NO_CALENDAR
from portal.law.rules.wording import day_text
from portal.law.sources import CIVIL, PIPL, Cite
from portal.law.text import Text
from portal.law.threshold import THRESHOLD
from portal.law.workdays import Workdays

# law: Audit Measures Art 12, CAC announcement of 2025-07-18: persons of whom any personal information is processed.
MILLION = 1_000_000
REPORT_WORKING_DAYS = 30
ANNOUNCED_ON = date(2025, 7, 18)
TRANSITION_DUE_ON = date(2025, 8, 29)
STANDARD_ON = date(2025, 11, 1)

BELOW = Text("Fewer than 1,000,000 persons.", "未达到100万人。")
PERSONS = Parameter(Text("Persons, all personal information", "个人信息人数"), Text("1,000,000", "100万人"), "law")


@dataclass(frozen=True, slots=True)
class Million:
    """That a million persons were reached: the day, where it is recorded, and whether they are fewer now."""

    on: date | None
    is_below: bool

    @property
    def why(self) -> Text:
        if self.on:
            why = Text(
                "Personal information of 1,000,000 persons was reached on {day}.", "处理个人信息于{day}达到100万人。"
            ).fmt(day=day_text(self.on))
        else:
            why = Text(
                "Personal information of 1,000,000 persons or more is processed; the day isn't recorded.",
                "处理个人信息达到100万人，但未登记达到日期。",
            )
        if self.is_below:
            why += Text(
                "They are fewer now. The law leaves open whether that ends the duty: counsel must review it.",
                "目前已低于该人数。该义务是否因此终止，法律未作规定，须由法律顾问复核。",
            )
        return why


def million(facts: PipFacts) -> Million | None:
    """All personal information counts here, as entered by hand; FR counts never do (DECISIONS, Counting)."""
    now = facts.total_pi_persons
    if facts.million_reached_on:
        return Million(facts.million_reached_on, is_below=now is not None and now < MILLION)
    return Million(None, is_below=False) if now is not None and now >= MILLION else None


@rule(
    "pipl-52-officer",
    cites=[PIPL(52), Cite("AUDIT", "12")],
    layer="law",
    title=Text("Appoint a PI protection officer", "指定个人信息保护负责人"),
    kind="governance",
    obligation=["PI-52a"],
    trigger=Text("Personal information of 1,000,000 persons or more.", "处理个人信息达到100万人。"),
    due=Text("On reaching the number; the law counts no days.", "达到该人数时；法律未规定天数。"),
    exemption=BELOW,
    evidence=Text("The letter of appointment.", "任命文件。"),
    parameters=[PERSONS],
)
def officer(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """A million persons: an officer is appointed, which the letter proves."""
    found = million(facts)
    if found:
        yield _appointment(facts, found.why, found.on, needs_review=found.is_below)


@rule(
    "cac-officer-report",
    cites=[Cite("CAC-2025-07-18"), PIPL(52), CIVIL(201)],
    layer="law",
    title=Text("Report the PI protection officer to the municipal CAC", "向市级网信部门报送个人信息保护负责人信息"),
    kind="governance",
    obligation=["PI-52b"],
    trigger=Text(
        "1,000,000 persons are reached; or an officer is appointed after the last report.",
        "达到100万人；或者上次报送后任命了新的负责人。",
    ),
    due=Text(
        "30 working days after that day, the day itself not counted. Reached before 18 July 2025: by 29 August 2025.",
        "自该日起30个工作日内（当日不计）。2025年7月18日前已达到的，不迟于2025年8月29日。",
    ),
    exemption=BELOW,
    evidence=Text("The receipt of the online system.", "业务系统报送回执。"),
    parameters=[
        PERSONS,
        Parameter(Text("Period", "期限"), Text("30 working days", "30个工作日"), "law"),
        Parameter(Text("Transitional date", "过渡期限"), Text("29 August 2025", "2025年8月29日"), "law"),
        Parameter(
            Text("A new officer counts as a substantial change", "更换负责人视为实质性变更"),
            Text("yes", "是"),
            "default",
        ),
    ],
)
def officer_report(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """The first report after a million persons; once it is made, each newer appointment asks for another."""
    found = million(facts)
    if found is None:
        return
    subject, report, appointed = (
        f"pip:{facts.uscc}",
        latest(facts, "officer_report"),
        latest(facts, "officer_appointment"),
    )
    if report and appointed and appointed.done_on > report.done_on:
        reckoning = counted(calendar.add, appointed.done_on, REPORT_WORKING_DAYS)
        why = Text(
            "An officer was appointed on {day}, after the report of {report}: the change is reported.",
            "{day}任命了新的负责人，晚于{report}的报送，应报送变更。",
        ).fmt(day=day_text(appointed.done_on), report=day_text(report.done_on))
        arose_on: date | None = appointed.done_on
        is_met = False
    else:
        is_met = report is not None
        why, arose_on, reckoning = found.why, found.on, None
        if found.on and found.on < ANNOUNCED_ON:
            arose_on, reckoning = ANNOUNCED_ON, by_day(calendar, TRANSITION_DUE_ON)
        elif found.on:
            reckoning = counted(calendar.add, found.on, REPORT_WORKING_DAYS)
    if arose_on and reckoning is None:
        why += NO_CALENDAR
    if is_met and report:
        why += Text("The officer was reported on {day}.", "已于{day}报送。").fmt(day=day_text(report.done_on))
    yield Claim(
        subject=subject,
        state="met" if is_met else "open",
        why=why,
        arose_on=arose_on,
        reckoning=reckoning,
        met_on=report.done_on if is_met and report else None,
        needs_review=found.is_below and not is_met,
        remedy=None if is_met else _report_remedy(found, reckoning is not None),
    )


def _report_remedy(found: Million, is_dated: bool) -> Text:
    if found.on or is_dated:
        return Text(
            "Report the officer in the online system and record the receipt.", "请在业务系统报送负责人信息并登记回执。"
        )
    return Text(
        "Record the day on which 1,000,000 persons were reached: the 30 working days run from it.",
        "请登记达到100万人的日期，30个工作日自该日起算。",
    )


@rule(
    "gbt-45574-officer",
    cites=[Cite("GBT-45574")],
    layer="standard",
    title=Text(
        "Appoint an officer for sensitive personal information of 100,000 persons",
        "处理10万人敏感个人信息的，明确个人信息保护负责人",
    ),
    kind="governance",
    obligation=["PI-52c"],
    trigger=Text(
        "Sensitive personal information of 100,000 persons: here, the persons whose face information is stored.",
        "处理10万人的敏感个人信息；本系统以存储人脸信息的人数为准。",
    ),
    due=Text("Advice: no day.", "建议性要求：无日期。"),
    exemption=Text("A recommended standard, not law: not following it is no breach.", "推荐性标准，并非法律规定。"),
    evidence=Text("The letter of appointment.", "任命文件。"),
    parameters=[Parameter(Text("Persons", "人数"), Text("100,000", "10万人"), "standard")],
)
def officer_by_standard(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Advice beside the filing duty, while at least 100,000 persons are stored."""
    found = reached(facts)
    if found is None or is_below(facts) or not running(facts):
        return
    why = Text(
        "Face information of {threshold} persons or more is stored since {day}. GB/T 45574-2025 recommends an"
        " officer.",
        "自{day}起存储人脸信息达到{threshold}人以上。GB/T 45574—2025建议明确负责人。",
    ).fmt(threshold=f"{THRESHOLD:,}", day=day_text(found.on))
    yield _appointment(facts, why, max(found.on, STANDARD_ON), is_confirmed=found.is_confirmed)


def _appointment(
    facts: PipFacts, why: Text, arose_on: date | None, *, needs_review: bool = False, is_confirmed: bool = True
) -> Claim:
    """Met by the newest letter of appointment."""
    letter = latest(facts, "officer_appointment")
    if letter:
        why += Text("An officer was appointed on {day}.", "已于{day}任命负责人。").fmt(day=day_text(letter.done_on))
    elif facts.officer:
        why += Text(
            "An officer is named in the register and no letter of appointment is on record.",
            "登记了负责人，但尚无任命文件。",
        )
    else:
        why += Text("No appointment is on record.", "尚无任命记录。")
    return Claim(
        subject=f"pip:{facts.uscc}",
        state="met" if letter else "open",
        why=why,
        arose_on=arose_on,
        met_on=letter.done_on if letter else None,
        is_confirmed=is_confirmed,
        needs_review=needs_review and not letter,
        remedy=None if letter else Text("Record the letter of appointment.", "请登记任命文件。"),
    )
