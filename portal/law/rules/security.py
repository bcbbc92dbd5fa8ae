"""How face information is protected (FRM Art 14)."""

from collections.abc import Iterator
from datetime import date

from portal.law.duties import Claim
from portal.law.enums import CONTROL_FAMILIES, CONTROL_STATES
from portal.law.facts import ControlFacts, PipFacts, ScenarioFacts
from portal.law.reckoning import years_after
from portal.law.registry import Parameter, rule
from portal.law.rules.shapes import (
    BEFORE_PROCESSING,
    NO_EXEMPTION,
    again,
    by_day,
    in_scope,
    is_over,
    listed,
    met,
    missing,
)
from portal.law.rules.wording import day_text
from portal.law.sources import DEFAULT, FRM, PIPL
from portal.law.text import Text
from portal.law.workdays import Workdays

REVIEW_YEARS = 1


@rule(
    "frm-14-protection",
    cites=[FRM(14), PIPL(51)],
    layer="law",
    title=Text("Protect face information by five families of measures", "采取五类安全保护措施"),
    kind="security",
    obligation=["FR-14a"],
    trigger=Text("A system processes face information.", "系统处理人脸信息。"),
    due=BEFORE_PROCESSING,
    exemption=NO_EXEMPTION,
    evidence=Text("For each family its state and the proof of it.", "每类措施的落实情况及证明。"),
    parameters=[Parameter(Text("Families", "措施类别"), listed(CONTROL_FAMILIES.values()), "law")],
)
def protected(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Encryption, security audit, access control, authorisation, intrusion detection: each in place and proved."""
    for scenario in in_scope(facts):
        gaps = _protection_gaps(scenario)
        if gaps:
            yield missing(
                scenario,
                Text("Not yet: {gaps}.", "尚未完成：{gaps}。").fmt(gaps=listed(gaps)),
                Text("Put the measures in place and add the proof.", "请落实措施并补充证明。"),
            )
        else:
            yield met(scenario, Text("All five families are in place and proved.", "五类措施均已落实并留有证明。"))


@rule(
    "default-protection-review",
    cites=[DEFAULT("protection-review"), FRM(14)],
    layer="default",
    title=Text("Review the protection measures", "复核安全保护措施"),
    kind="security",
    obligation=["FR-14a"],
    trigger=Text("A measure is in place.", "措施已落实。"),
    due=Text("On the day set for it, or a year after the last review.", "设定的复核日期，或者上次复核后一年。"),
    exemption=Text("Scenarios that ended.", "已终止的应用场景。"),
    evidence=Text("The review with its day.", "复核及其日期。"),
    parameters=[Parameter(Text("Interval", "复核周期"), Text(f"{REVIEW_YEARS} year", f"{REVIEW_YEARS}年"), "default")],
)
def protection_reviewed(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """What protected last year may not today; the family whose review comes first governs."""
    for scenario in in_scope(facts):
        kept = [control for control in scenario.controls if control.state != "missing"]
        if kept and not is_over(scenario):
            yield _review_claim(scenario, kept, calendar)


def _protection_gaps(scenario: ScenarioFacts) -> list[Text]:
    """Each family that isn't in place, or is without proof, with what it lacks."""
    controls = {control.family: control for control in scenario.controls}
    gaps = []
    for family, name in CONTROL_FAMILIES.items():
        control = controls.get(family, ControlFacts(family))
        if control.state != "in_place":
            lack = CONTROL_STATES.get(control.state, CONTROL_STATES["missing"])
        elif not control.has_evidence:
            lack = Text("no proof", "无证明")
        else:
            continue
        gaps.append(Text(f"{name.en} ({lack.en.lower()})", f"{name.zh}（{lack.zh}）"))
    return gaps


def _review_claim(scenario: ScenarioFacts, kept: list[ControlFacts], calendar: Workdays) -> Claim:
    remedy = Text("Review the measures and record the day.", "请复核措施并登记日期。")
    undated = [control for control in kept if _review_on(control) is None]
    if undated:
        names = listed(CONTROL_FAMILIES.get(control.family, control.family) for control in undated)
        why = Text("Never reviewed: {families}.", "尚未复核：{families}。").fmt(families=names)
        return again(scenario, why, remedy, since=None, by=None)
    first = min(kept, key=lambda control: _review_on(control) or date.max)
    family = CONTROL_FAMILIES.get(first.family, first.family)
    why = Text("Next to be reviewed: {family}.", "下一项待复核：{family}。").fmt(family=family)
    if first.reviewed_on:
        why += Text("Last reviewed on {day}.", "上次复核日期为{day}。").fmt(day=day_text(first.reviewed_on))
    return again(scenario, why, remedy, since=first.reviewed_on, by=by_day(calendar, _review_on(first)))


def _review_on(control: ControlFacts) -> date | None:
    """The day set for the next review, else a year after the last one."""
    if control.review_on or control.reviewed_on is None:
        return control.review_on
    return years_after(control.reviewed_on, REVIEW_YEARS)
