"""Filing with the provincial CAC: the threshold of 100,000 persons (FRM Art 15)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.law.duties import Claim, State
from portal.law.facts import FilingFacts, PipFacts
from portal.law.meter import Total, crossing, series
from portal.law.reckoning import Reckoning
from portal.law.registry import Parameter, rule
from portal.law.rules.phrases import NO_LAW
from portal.law.rules.wording import day_text
from portal.law.sources import ANNOUNCEMENT, CIVIL, DEFAULT, FRM, PRACTICE
from portal.law.text import Text
from portal.law.threshold import FILING_WORKING_DAYS, IN_FORCE_ON, THRESHOLD, TRANSITION_DUE_ON, WARNING_STEPS
from portal.law.workdays import Workdays

# A filing that was sent back for good or taken back meets nothing.
VOID_STATES = frozenset({"rejected", "withdrawn", "cancelled"})

TITLE = Text("File the FR application with the provincial CAC", "向省级网信部门履行人脸识别技术应用备案手续")


PERSONS = Parameter(Text("Threshold", "人数标准"), Text("100,000 persons", "10万人"), "law")
DEDUPLICATED = Parameter(
    Text("Persons, not images or devices", "按人计算，非按图像或设备"),
    Text("de-duplicated, summed over all scenarios in scope", "去重后对全部适用《办法》的应用场景合计"),
    "practice",
)
NOT_BELOW = Text(
    "Fewer than 100,000 persons ever stored; scenarios outside the Measures don't count. A drop below the number after"
    " it was reached ends nothing: counsel reviews it.",
    "存储人数从未达到10万人；不适用《办法》的应用场景不计入。达到后人数回落不终止义务，由法律顾问复核。",
)
RECEIPT = Text("The receipt of the filing system, and the filing number.", "备案系统回执及备案编号。")


@dataclass(frozen=True, slots=True)
class Reached:
    """The day the threshold was reached, confirmed by a person or proposed from the counts."""

    on: date
    persons: int
    method: str
    is_confirmed: bool

    @property
    def is_transitional(self) -> bool:
        return self.on < IN_FORCE_ON


def reached(facts: PipFacts) -> Reached | None:
    """The confirmed crossing, else the proposed one."""
    if facts.confirmed_crossing:
        confirmed = facts.confirmed_crossing
        return Reached(confirmed.on, confirmed.persons, confirmed.method, is_confirmed=True)
    proposed = crossing(facts)
    return Reached(proposed.on, proposed.persons, "", is_confirmed=False) if proposed else None


@rule(
    "frm-15-initial",
    cites=[FRM(15), ANNOUNCEMENT(), CIVIL(201)],
    layer="law",
    title=TITLE,
    kind="filing",
    obligation=["FR-15a"],
    trigger=Text(
        "Face information of 100,000 persons is stored, on or after 1 June 2025. Until a person confirms the day it is"
        " the one that the counts propose.",
        "2025年6月1日起存储的人脸信息达到10万人。在专人确认之前，以人数登记所推算的日期为准。",
    ),
    due=Text(
        "Submitted within 30 working days of that day, the day itself not counted.",
        "自达到之日起30个工作日内提交（当日不计）。",
    ),
    exemption=NOT_BELOW,
    evidence=RECEIPT,
    parameters=[
        PERSONS,
        DEDUPLICATED,
        Parameter(Text("Period", "期限"), Text("30 working days", "30个工作日"), "law"),
        Parameter(
            Text("Target ahead of the legal day", "早于法定期限的目标日期"),
            Text("the safe date of the calendar", "日历的安全日期"),
            "default",
        ),
    ],
)
def initial_filing(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """100,000 persons stored: file within 30 working days of the day the number is reached."""
    found = reached(facts)
    if found and not found.is_transitional:
        yield _filing_claim(facts, found, found.on, calendar.add(found.on, FILING_WORKING_DAYS))


@rule(
    "frm-15-transition",
    cites=[FRM(15), ANNOUNCEMENT()],
    layer="law",
    title=TITLE,
    kind="filing",
    obligation=["FR-15b"],
    trigger=Text(
        "The 100,000 persons were reached before 1 June 2025 and not given up since.",
        "2025年6月1日前存储人数已达到10万人且此后未回落。",
    ),
    due=Text(
        "By 14 July 2025; the target is the working day before.", "不迟于2025年7月14日；目标日期为其前一个工作日。"
    ),
    exemption=NOT_BELOW,
    evidence=RECEIPT,
    parameters=[
        PERSONS,
        DEDUPLICATED,
        Parameter(Text("Transitional date", "过渡期限"), Text("14 July 2025", "2025年7月14日"), "law"),
    ],
)
def transitional_filing(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """100,000 persons stored before the Measures were in force: file by 14 July 2025."""
    found = reached(facts)
    if found and found.is_transitional:
        yield _filing_claim(facts, found, IN_FORCE_ON, calendar.fixed(TRANSITION_DUE_ON))


@rule(
    "frm-15-confirm-count",
    cites=[DEFAULT("confirm-count"), FRM(15), PRACTICE("counting")],
    layer="default",
    title=Text("Confirm the number of persons stored", "确认人脸信息存储人数"),
    kind="count",
    obligation=["FR-15a", "FR-15b"],
    trigger=Text(
        "The counts on record add up to 100,000 persons with no overlap deducted.",
        "登记的各项人数合计（未扣除重复）达到10万人。",
    ),
    due=Text("No day of its own: the filing period runs already.", "无单独期限：备案期限已起算。"),
    exemption=NO_LAW,
    evidence=Text("Day, number, method and reason, as a person froze them.", "专人确认的日期、人数、方法和理由。"),
    parameters=[
        Parameter(
            Text("Overlap deducted before a person confirms", "确认前扣除的重复人数"),
            Text("none", "不扣除"),
            "default",
        )
    ],
)
def confirm_count(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """The counts reach the threshold: a person confirms day, method and overlap."""
    found = reached(facts)
    if found is None:
        return
    values = {"persons": f"{found.persons:,}", "day": day_text(found.on)}
    if found.is_confirmed:
        yield Claim(
            subject=f"pip:{facts.uscc}",
            state="met",
            why=Text("The crossing on {day} with {persons} persons is confirmed.", "已确认{day}达到{persons}人。").fmt(
                **values
            ),
            arose_on=found.on,
            met_on=(facts.confirmed_crossing and facts.confirmed_crossing.confirmed_on) or found.on,
        )
        return
    yield Claim(
        subject=f"pip:{facts.uscc}",
        state="open",
        why=Text(
            "The counts add up to {persons} persons on {day}, with no overlap deducted.",
            "截至{day}，各项人数合计{persons}人（未扣除重复）。",
        ).fmt(**values),
        arose_on=found.on,
        is_confirmed=False,
        remedy=Text(
            "Check the counts and the overlap between them, then confirm the day, the method and the reason.",
            "请核对各项人数及其重复情况，确认日期、计算方法和理由。",
        ),
    )


@rule(
    "frm-15-warning",
    cites=[DEFAULT("early-warning"), FRM(15)],
    layer="default",
    title=Text("Prepare for the filing threshold", "为达到备案人数做准备"),
    kind="warning",
    obligation=["FR-15a"],
    trigger=Text("A step below 100,000 persons is reached.", "存储人数达到预警比例。"),
    due=Text("No day.", "无日期。"),
    exemption=NO_LAW,
    evidence=Text("None: it goes once the number falls or is reached.", "无；人数回落或达到后自动消失。"),
    parameters=[
        Parameter(
            Text("Steps, percent of the threshold", "预警比例"),
            Text(", ".join(map(str, WARNING_STEPS)), "、".join(f"{step}%" for step in WARNING_STEPS)),
            "default",
        )
    ],
)
def early_warning(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """80, 90 or 95 percent of the threshold: one warning, of the highest step; gone once the number is reached."""
    totals = series(facts)
    if not totals or reached(facts):
        return
    step = max((step for step in WARNING_STEPS if _is_at(totals[-1], step)), default=None)
    if step is None:
        return
    since = totals[-1].on
    for total in reversed(totals):
        if not _is_at(total, step):
            break
        since = total.on
    yield Claim(
        subject=f"pip:{facts.uscc}",
        state="open",
        why=Text(
            "{persons} persons are stored, at least {step} percent of {threshold}. The step was reached on {day}.",
            "已存储{persons}人，达到{threshold}人的{step}%以上。该比例于{day}达到。",
        ).fmt(persons=f"{totals[-1].high:,}", step=step, threshold=f"{THRESHOLD:,}", day=day_text(since)),
        arose_on=since,
        remedy=Text(
            "Prepare the materials, or delete what is no longer needed.", "请准备备案材料，或删除不再需要的人脸信息。"
        ),
        step=step,
    )


def _is_at(total: Total, step: int) -> bool:
    return total.high * 100 >= THRESHOLD * step


def _filing_claim(facts: PipFacts, found: Reached, arose_on: date, reckoning: Reckoning) -> Claim:
    filing = _answer(facts)
    below = is_below(facts)
    state: State = "open"
    if filing:
        state = "not_required" if filing.state == "not_required" else "met"
    return Claim(
        subject=f"pip:{facts.uscc}",
        state=state,
        why=_why(facts, found, filing, is_below_now=below),
        arose_on=arose_on,
        reckoning=reckoning,
        met_on=(filing.submitted_on or filing.accepted_on) if filing and state == "met" else None,
        is_confirmed=found.is_confirmed,
        needs_review=below and state == "open",
        remedy=Text("Open the dossier and submit it.", "请打开备案卷宗并提交。") if state == "open" else None,
    )


def _answer(facts: PipFacts) -> FilingFacts | None:
    """The initial filing that answers the duty: the first submitted, else one decided not to be required."""
    initial = [filing for filing in facts.filings if filing.kind == "initial" and filing.state not in VOID_STATES]
    sent = [filing for filing in initial if filing.submitted_on or filing.accepted_on]
    if sent:
        return min(sent, key=lambda filing: filing.submitted_on or filing.accepted_on or date.max)
    return next((filing for filing in initial if filing.state == "not_required"), None)


def is_below(facts: PipFacts) -> bool:
    """True if the newest total is below the threshold although it was reached once."""
    totals = series(facts)
    return bool(totals) and totals[-1].high < THRESHOLD


def _why(facts: PipFacts, found: Reached, filing: FilingFacts | None, *, is_below_now: bool) -> Text:
    why = Text(
        "{persons} persons stored on {day}: {threshold} is reached.",
        "{day}存储{persons}人，已达到{threshold}人。",
    ).fmt(persons=f"{found.persons:,}", day=day_text(found.on), threshold=f"{THRESHOLD:,}")
    if found.is_transitional:
        why += Text(
            "This was before the Measures were in force, so the announcement's date of 14 July 2025 applies.",
            "该人数在办法施行前已达到，适用公告规定的2025年7月14日期限。",
        )
    if not found.is_confirmed:
        why += Text("Count unconfirmed.", "人数尚未确认。")
    elif found.method:
        why += Text("Counted by: {method}.", "计算方法：{method}。").fmt(method=found.method)
    if is_below_now:
        why += Text(
            "{persons} persons are stored now, below the threshold. The law leaves open whether that ends the duty:"
            " counsel must review it.",
            "目前存储{persons}人，低于备案人数。该义务是否因此终止，法律未作规定，须由法律顾问复核。",
        ).fmt(persons=f"{series(facts)[-1].high:,}")
    return why + _outcome(filing) if filing else why


def _outcome(filing: FilingFacts) -> Text:
    if filing.state == "not_required":
        return Text("{ref} was closed as not required.", "{ref}已认定为无需备案。").fmt(ref=filing.ref)
    outcome = Text("", "")
    if filing.submitted_on:
        outcome = Text("{ref} was submitted on {day}.", "{ref}已于{day}提交。").fmt(
            ref=filing.ref, day=day_text(filing.submitted_on)
        )
    if filing.accepted_on:
        outcome += Text("Accepted on {day}.", "{day}通过备案。").fmt(day=day_text(filing.accepted_on))
    if filing.accepted_on and filing.number:
        outcome += Text("Filing number {number}.", "备案编号{number}。").fmt(number=filing.number)
    return outcome
