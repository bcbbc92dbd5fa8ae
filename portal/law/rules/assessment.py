"""The personal information protection impact assessment, PIPIA (FRM Art 9, PIPL 55)."""

from collections.abc import Iterator

from portal.law.duties import Claim
from portal.law.facts import PipFacts, ScenarioFacts
from portal.law.registry import rule
from portal.law.rules.wording import day_text, days_apart
from portal.law.sources import FRM, PIPL
from portal.law.text import Text
from portal.law.workdays import Workdays


@rule(
    "frm-09-pipia-before-use",
    cites=[FRM(9), PIPL(55)],
    layer="law",
    title=Text("Assess the impact before face information is processed", "处理人脸信息前进行个人信息保护影响评估"),
    kind="assessment",
    obligation=["FR-09a"],
)
def pipia_before_use(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Each scenario in scope needs an approved PIPIA before it processes anything; the law sets no day count."""
    for scenario in facts.scenarios:
        if scenario.in_scope:
            yield _claim(scenario)


def _claim(scenario: ScenarioFacts) -> Claim:
    subject = f"scenario:{scenario.code}"
    approved_on, started_on = scenario.assessment_approved_on, scenario.started_on
    if approved_on:
        why = Text("The PIPIA was approved on {day}.", "影响评估已于{day}批准。").fmt(day=day_text(approved_on))
        if started_on and approved_on > started_on:
            why += Text("That is {days} after processing began on {day}.", "晚于开始处理日（{day}）{days}。").fmt(
                days=days_apart((approved_on - started_on).days), day=day_text(started_on)
            )
        return Claim(subject=subject, state="met", why=why, arose_on=started_on, met_on=approved_on)
    if scenario.ended_on and not scenario.is_live:
        why = Text(
            "The scenario ended on {day} without an approved PIPIA.", "该应用场景已于{day}终止，终止前未完成影响评估。"
        ).fmt(day=day_text(scenario.ended_on))
        return Claim(subject=subject, state="not_required", why=why, arose_on=started_on, needs_review=True)
    if scenario.is_live:
        why = Text("Face information is processed and no PIPIA is approved.", "已在处理人脸信息，但影响评估尚未批准。")
        if started_on:
            why += Text("Processing began on {day}.", "自{day}开始处理。").fmt(day=day_text(started_on))
    else:
        why = Text("The scenario isn't live yet and no PIPIA is approved.", "该应用场景尚未启用，影响评估尚未批准。")
    return Claim(
        subject=subject,
        state="open",
        why=why,
        arose_on=started_on if scenario.is_live else None,
        is_critical=scenario.is_live,
        remedy=Text(
            "Have the PIPIA with its four elements approved, or register an approved one.",
            "请完成包含四项内容的影响评估并经批准，或登记已批准的评估报告。",
        ),
    )
