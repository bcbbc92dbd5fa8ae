"""Filing with the provincial CAC: the threshold of 100,000 persons (FRM Art 15)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from portal.law.duties import Claim, State
from portal.law.facts import BelowReview, FilingFacts, PipFacts
from portal.law.meter import crossing, fell_on, series
from portal.law.reckoning import Reckoning
from portal.law.registry import Parameter, rule
from portal.law.rules.wording import day_text
from portal.law.sources import ANNOUNCEMENT, CIVIL, FRM
from portal.law.text import Text
from portal.law.threshold import (
    BELOW_DECISIONS,
    FILING_WORKING_DAYS,
    IN_FORCE_ON,
    THRESHOLD,
    TRANSITION_DUE_ON,
)
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
    """The day the threshold was reached, confirmed by a person or proposed from the counts.

    `confirmed` is the day that was confirmed where later counts say another one, `said` what they say now, None if
    they no longer reach the threshold. `ended` is counsel's decision that the duty ended with a fall.
    """

    on: date
    persons: int
    method: str
    is_confirmed: bool
    confirmed: date | None = None
    said: date | None = None
    ended: BelowReview | None = None

    @property
    def is_transitional(self) -> bool:
        return self.on < IN_FORCE_ON

    @property
    def has_moved(self) -> bool:
        """Whether counts that came after the confirmation say another day."""
        return self.confirmed is not None


def reached(facts: PipFacts) -> Reached | None:
    """The confirmed crossing, else the proposed one; of several the first that counsel hasn't held to be ended."""
    ended = _ended(facts)
    confirmed = facts.confirmed_crossing
    if ended and (confirmed is None or confirmed.on <= ended.below_on):
        again = crossing(facts, after=ended.below_on)
        if again:
            return Reached(again.on, again.persons, "", is_confirmed=False)
        first = _first_reached(facts, None)
        return first and replace(first, ended=ended)
    return _first_reached(facts, ended.below_on if ended else None)


def _first_reached(facts: PipFacts, after: date | None) -> Reached | None:
    """What a person confirmed, unless counts that came later say an earlier day: then the period runs from that."""
    confirmed, proposed = facts.confirmed_crossing, crossing(facts, after=after)
    if confirmed is None:
        return Reached(proposed.on, proposed.persons, "", is_confirmed=False) if proposed else None
    found = Reached(confirmed.on, confirmed.persons, confirmed.method, is_confirmed=True)
    said = proposed.on if proposed else None
    if confirmed.proposed_on is None or said == confirmed.proposed_on:
        return found
    if proposed and proposed.on < min(confirmed.proposed_on, confirmed.on):
        return Reached(proposed.on, proposed.persons, "", is_confirmed=False, confirmed=confirmed.on, said=proposed.on)
    return replace(found, confirmed=confirmed.on, said=said)


def _ended(facts: PipFacts) -> BelowReview | None:
    """The newest decision that a fall ended the duty."""
    ended = [review for review in facts.below_reviews if review.decision == "ended"]
    return max(ended, key=lambda review: (review.below_on, review.decided_on), default=None)


def review_of_fall(facts: PipFacts) -> BelowReview | None:
    """Counsel's newest decision on the fall that lasts now."""
    fell = fell_on(facts)
    of_this = [review for review in facts.below_reviews if fell and review.decided_on >= fell]
    return max(of_this, key=lambda review: review.decided_on, default=None)


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


def _filing_claim(facts: PipFacts, found: Reached, arose_on: date, reckoning: Reckoning) -> Claim:
    filing = answer(facts)
    below = is_below(facts)
    state: State = "not_required" if found.ended else "open"
    if filing:
        state = "not_required" if filing.state == "not_required" else "met"
    met_on = (filing.submitted_on or filing.accepted_on) if filing and state == "met" else None
    why = _why(facts, found, filing, is_below_now=below)
    if met_on and met_on > reckoning.due:
        why += Text("That was after the last day, {due}.", "已逾备案期限（{due}）。").fmt(due=day_text(reckoning.due))
    return Claim(
        subject=f"pip:{facts.uscc}",
        state=state,
        why=why,
        arose_on=arose_on,
        reckoning=reckoning,
        met_on=met_on,
        is_confirmed=found.is_confirmed,
        needs_review=state == "open" and (found.has_moved or (below and review_of_fall(facts) is None)),
        remedy=Text("Open the dossier and submit it.", "请打开备案卷宗并提交。") if state == "open" else None,
    )


def answer(facts: PipFacts) -> FilingFacts | None:
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
    if found.has_moved:
        why += moved(found)
    elif not found.is_confirmed:
        why += Text("Count unconfirmed.", "人数尚未确认。")
    elif found.method:
        why += Text("Counted by: {method}.", "计算方法：{method}。").fmt(method=found.method)
    review = found.ended or review_of_fall(facts)
    if review:
        why += decided(review)
    elif is_below_now:
        why += Text(
            "{persons} persons are stored now, below the threshold. The law leaves open whether that ends the duty:"
            " counsel must review it.",
            "目前存储{persons}人，低于备案人数。该义务是否因此终止，法律未作规定，须由法律顾问复核。",
        ).fmt(persons=f"{series(facts)[-1].high:,}")
    return why + _outcome(filing) if filing else why


def moved(found: Reached) -> Text:
    """What counts that came after the confirmation say, old and new."""
    confirmed = day_text(found.confirmed or found.on)
    if found.said is None:
        return Text(
            "{old} was confirmed; counts entered since no longer reach {threshold} on any day. The duty stays until"
            " that is decided.",
            "已确认{old}达到；此后登记的人数在任何一日均未达到{threshold}人。在作出认定之前义务不变。",
        ).fmt(old=confirmed, threshold=f"{THRESHOLD:,}")
    if not found.is_confirmed:
        return Text(
            "{old} was confirmed; counts entered since say {new}. The period runs from the earlier day until a person"
            " notes which one holds.",
            "已确认{old}达到；此后登记的人数显示为{new}。在专人认定之前，期限自较早之日起算。",
        ).fmt(old=confirmed, new=day_text(found.said))
    return Text(
        "{old} was confirmed; counts entered since say {new}. The period stays with the confirmed day until a person"
        " notes another.",
        "已确认{old}达到；此后登记的人数显示为{new}。在专人另行认定之前，期限仍自已确认之日起算。",
    ).fmt(old=confirmed, new=day_text(found.said))


def decided(review: BelowReview) -> Text:
    """What counsel decided of a fall."""
    return Text("Counsel decided on {day}: {decision}.", "法律顾问于{day}认定：{decision}。").fmt(
        day=day_text(review.decided_on), decision=BELOW_DECISIONS[review.decision]
    )


def _outcome(filing: FilingFacts) -> Text:
    if filing.state == "not_required":
        return Text("{ref} was closed as not required.", "{ref}已认定为无需备案。").fmt(ref=filing.ref)
    outcome = Text("", "")
    if filing.led_by:
        outcome = Text("{ref} of {pip} covers this PIP too.", "{pip}的{ref}一并覆盖本处理者。").fmt(
            ref=filing.ref, pip=filing.led_by
        )
    if filing.submitted_on:
        outcome += Text("{ref} was submitted on {day}.", "{ref}已于{day}提交。").fmt(
            ref=filing.ref, day=day_text(filing.submitted_on)
        )
    if filing.accepted_on:
        outcome += Text("Accepted on {day}.", "{day}通过备案。").fmt(day=day_text(filing.accepted_on))
    if filing.accepted_on and filing.number:
        outcome += Text("Filing number {number}.", "备案编号{number}。").fmt(number=filing.number)
    return outcome
