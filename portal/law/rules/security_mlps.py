"""The multi-level protection scheme 等级保护: grade, file, test (FRM Art 14, CSL), and the new form of 2025."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.law.duties import Claim
from portal.law.facts import MlpsFacts, PipFacts
from portal.law.reckoning import Reckoning, years_after
from portal.law.registry import Parameter, rule
from portal.law.rules.periods import by_day, counted
from portal.law.rules.phrases import NO_CALENDAR
from portal.law.rules.shapes import NO_EXEMPTION, listed
from portal.law.rules.wording import day_text
from portal.law.sources import CSL, FRM, Cite
from portal.law.text import Text
from portal.law.workdays import Workdays

# law: level 2 and above is filed; level 3 is tested every year, level 2 every two years.
FILED_LEVEL = 2
TEST_YEARS = {2: 2, 3: 1}
# default, not law: the text that names the 30 natural days was not at hand; levels 4 and 5 are treated as level 3.
FILING_DAYS = 30
# law: MPS letters 1001 and 1846, systems filed on an older form.
REFILE_BY = date(2025, 11, 30)
FORM_OF = date(2025, 1, 1)

REMEDY = Text("Record grade, police filing and test of the system.", "请登记系统的定级、公安备案和测评情况。")


@dataclass(frozen=True, slots=True)
class Step:
    """What a system needs next, since when and by when."""

    system: MlpsFacts
    why: Text
    since: date | None = None
    reckoning: Reckoning | None = None

    @property
    def urgency(self) -> tuple[bool, date, str]:
        """What has no date comes first: it should have been done before use."""
        return (self.reckoning is not None, self.reckoning.due if self.reckoning else date.min, self.system.name)


@rule(
    "csl-mlps",
    cites=[FRM(14), CSL(23)],
    layer="law",
    title=Text("Grade, file and test the systems under MLPS", "履行网络安全等级保护的定级、备案和测评义务"),
    kind="security",
    obligation=["FR-14b"],
    trigger=Text("The PIP has a system under MLPS on record.", "已登记等级保护系统。"),
    due=Text(
        "Grading: no day. Police filing from level 2: 30 natural days after the grade is fixed. Test: two years after"
        " the last one or the filing at level 2, one year from level 3 on.",
        "定级：无日期。第二级以上的公安备案：定级后30日内。测评：自上次测评或备案起，第二级每两年、第三级以上每年一次。",
    ),
    exemption=Text("Below level 2 nothing is filed or tested.", "第二级以下无需备案和测评。"),
    evidence=Text("Grade, record number, day of the last test report.", "定级结果、备案号、最近测评报告日期。"),
    parameters=[
        Parameter(Text("Filed from level", "备案起始级别"), Text("2", "第二级"), "law"),
        Parameter(Text("Test at level 2", "第二级测评"), Text("every 2 years", "每两年一次"), "law"),
        Parameter(Text("Test at level 3", "第三级测评"), Text("every year", "每年一次"), "law"),
        Parameter(
            Text("Test at levels 4 and 5", "第四、五级测评"), Text("as level 3, at least", "至少同第三级"), "default"
        ),
        Parameter(
            Text("Filing after grading (text not at hand)", "定级后备案期限（未见原文）"),
            Text("30 natural days", "30日"),
            "default",
        ),
    ],
)
def mlps(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Of all systems the step that comes first governs; the reason names its system and counts the others."""
    if not facts.mlps:
        return
    steps = sorted((step for system in facts.mlps if (step := _next(system, calendar))), key=lambda step: step.urgency)
    subject = f"pip:{facts.uscc}"
    if not steps:
        why = Text("Below level 2, so neither filed nor tested: {names}.", "第二级以下，无需备案和测评：{names}。")
        names = listed(system.name for system in facts.mlps)
        yield Claim(subject=subject, state="not_required", why=why.fmt(names=names))
        return
    first = steps[0]
    why = first.why
    if len(steps) > 1:
        why += Text("Further systems with a step ahead: {count}.", "另有{count}个系统有待办事项。").fmt(
            count=len(steps) - 1
        )
    yield Claim(
        subject=subject,
        state="open",
        why=why,
        arose_on=first.since,
        reckoning=first.reckoning,
        remedy=REMEDY,
    )


def _next(system: MlpsFacts, calendar: Workdays) -> Step | None:
    """The next step of one system; None below level 2."""
    if system.level is None:
        return Step(system, Text("{name} isn't graded.", "{name}尚未定级。").fmt(name=system.name))
    if system.level < FILED_LEVEL:
        return None
    values = {"name": system.name, "level": system.level}
    if system.filed_on is None:
        return _filing(system, calendar)
    since = max(system.tested_on or system.filed_on, system.filed_on)
    due_on = years_after(since, TEST_YEARS.get(system.level, 1))
    if system.tested_on:
        last = Text("last tested on {day}", "最近测评为{day}").fmt(day=day_text(system.tested_on))
    else:
        last = Text("filed on {day} and not tested yet", "{day}备案，尚未测评").fmt(day=day_text(system.filed_on))
    why = Text(
        "{name} (level {level}): {last}. The next test is due by {due}.",
        "{name}（第{level}级）：{last}，下次测评不迟于{due}。",
    ).fmt(last=last, due=day_text(due_on), **values)
    return Step(system, why, since, by_day(calendar, due_on))


def _filing(system: MlpsFacts, calendar: Workdays) -> Step:
    values = {"name": system.name, "level": system.level}
    if system.graded_on is None:
        why = Text(
            "{name} (level {level}) isn't filed with the police, and the day of its grading isn't recorded.",
            "{name}（第{level}级）尚未向公安机关备案，且未登记定级日期。",
        ).fmt(**values)
        return Step(system, why)
    why = Text(
        "{name} was graded level {level} on {day} and isn't filed with the police: 30 days, a period that the portal"
        " takes over without having the text at hand.",
        "{name}于{day}定为第{level}级，尚未向公安机关备案：期限30日（系统未见原文，按默认值计算）。",
    ).fmt(day=day_text(system.graded_on), **values)
    reckoning = counted(calendar.add_natural, system.graded_on, FILING_DAYS)
    return Step(system, why if reckoning else why + NO_CALENDAR, system.graded_on, reckoning)


@rule(
    "mps-refile",
    cites=[Cite("MPS-2025-1001")],
    layer="law",
    title=Text("File the systems under MLPS again on the 2025 form", "按2025年版备案表重新办理等级保护备案"),
    kind="security",
    obligation=["ML-25"],
    trigger=Text(
        "A system of level 2 or above was filed before 2025, on an older form.",
        "第二级以上系统在2025年以前按旧版备案表备案。",
    ),
    due=Text("Once, by 30 November 2025.", "一次性，不迟于2025年11月30日。"),
    exemption=NO_EXEMPTION,
    evidence=Text("The new record of the police.", "新的备案证明。"),
    parameters=[
        Parameter(Text("Filed again by", "重新备案期限"), Text("30 November 2025", "2025年11月30日"), "law"),
        Parameter(Text("From level", "起始级别"), Text("2", "第二级"), "law"),
    ],
)
def refile(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """One duty for all older systems, met once the last of them is filed again."""
    old = [
        system
        for system in facts.mlps
        if system.level is not None and system.level >= FILED_LEVEL and system.filed_on and system.filed_on < FORM_OF
    ]
    if not old:
        return
    waiting = [system.name for system in old if system.refiled_on is None]
    done_on = max((system.refiled_on for system in old if system.refiled_on), default=None)
    if waiting:
        why = Text(
            "Filed before 2025 and not again on the new form: {names}.", "2025年以前备案、尚未重新备案：{names}。"
        )
        why = why.fmt(names=listed(waiting))
    else:
        why = Text("All older systems were filed again, the last on {day}.", "旧系统均已重新备案，最近为{day}。")
        why = why.fmt(day=day_text(done_on or REFILE_BY))
    yield Claim(
        subject=f"pip:{facts.uscc}",
        state="open" if waiting else "met",
        why=why,
        arose_on=Cite("MPS-2025-1001").source.in_force_on,
        reckoning=by_day(calendar, REFILE_BY),
        met_on=None if waiting else done_on,
        remedy=Text("File again with the police and record the day.", "请重新办理公安备案并登记日期。")
        if waiting
        else None,
    )
