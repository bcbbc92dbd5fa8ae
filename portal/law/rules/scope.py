"""Whether the Measures apply to a scenario (FRM Art 2)."""

from collections.abc import Iterator

from portal.law.duties import Claim
from portal.law.enums import SCOPES
from portal.law.facts import PipFacts
from portal.law.reckoning import years_after
from portal.law.registry import Parameter, rule
from portal.law.rules.shapes import (
    BEFORE_PROCESSING,
    NEW_SCENARIO,
    again,
    by_day,
    is_over,
    met,
    missing,
)
from portal.law.rules.wording import day_text
from portal.law.sources import DEFAULT, FRM
from portal.law.text import Text
from portal.law.workdays import Workdays

RECHECK_YEARS = 1


@rule(
    "frm-02-scope",
    cites=[FRM(2)],
    layer="law",
    title=Text("Decide whether the Measures apply", "判断是否适用《办法》"),
    kind="scope",
    obligation=["FR-02"],
    trigger=NEW_SCENARIO,
    due=BEFORE_PROCESSING,
    exemption=Text(
        "None from deciding. The Measures don't apply to R&D of FR technology and training of algorithms, where no"
        " person is identified or verified, outside mainland China, and to a natural person's own or family affairs.",
        "判断本身无例外。仅用于人脸识别技术研发、算法训练，不识别或者验证个人身份，不在中华人民共和国境内，"
        "以及自然人因个人或者家庭事务处理的，不适用《办法》。",
    ),
    evidence=Text("The decision with its reason, person and day.", "判断结论、理由、决定人和日期。"),
)
def scope_decided(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Each scenario needs a decision; until it is made everything is asked."""
    for scenario in facts.scenarios:
        if not scenario.scope:
            yield missing(
                scenario,
                Text("Nobody has decided whether the Measures apply.", "尚未判断是否适用《办法》。"),
                Text(
                    "Answer the questions on scope and record the decision with its reason.",
                    "请回答适用范围问题，并登记判断结论和理由。",
                ),
            )
            continue
        why = Text("Decided: {scope}.", "已判断：{scope}。").fmt(scope=SCOPES.get(scenario.scope, scenario.scope))
        if scenario.scope_decided_on:
            why = Text("Decided on {day}: {scope}.", "{day}判断：{scope}。").fmt(
                day=day_text(scenario.scope_decided_on), scope=SCOPES.get(scenario.scope, scenario.scope)
            )
        if not scenario.in_scope and scenario.is_under_pipl:
            why += Text("The duties of the PIPL stay.", "《个人信息保护法》规定的义务仍然适用。")
        yield met(scenario, why, on=scenario.scope_decided_on)


@rule(
    "default-scope-recheck",
    cites=[DEFAULT("scope-recheck"), FRM(2)],
    layer="default",
    title=Text("Check again that the Measures don't apply", "复核不适用《办法》的判断"),
    kind="scope",
    obligation=["FR-02"],
    trigger=Text("A decision that the Measures don't apply.", "作出不适用《办法》的判断。"),
    due=Text("A year after the decision.", "判断作出后一年。"),
    exemption=Text(
        "Scenarios to which the Measures apply, and those that ended.", "适用《办法》或者已终止的应用场景。"
    ),
    evidence=Text("A new decision, also where it stays the same.", "重新作出的判断，结论不变的亦应登记。"),
    parameters=[
        Parameter(Text("Interval", "复核周期"), Text(f"{RECHECK_YEARS} year", f"{RECHECK_YEARS}年"), "default")
    ],
)
def scope_checked_again(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """What keeps a scenario out of scope may change unnoticed, so that the decision is looked at every year."""
    for scenario in facts.scenarios:
        if scenario.scope in ("", "in") or is_over(scenario):
            continue
        decided_on = scenario.scope_decided_on
        on = scenario.scope_recheck_on or (years_after(decided_on, RECHECK_YEARS) if decided_on else None)
        yield again(
            scenario,
            Text("The Measures were found not to apply: {scope}.", "曾判断不适用《办法》：{scope}。").fmt(
                scope=SCOPES.get(scenario.scope, scenario.scope)
            )
            + (
                Text("The decision is of {day}.", "判断日期为{day}。").fmt(day=day_text(decided_on))
                if decided_on
                else Text("Its day isn't recorded.", "未登记判断日期。")
            ),
            Text(
                "Answer the questions on scope again and record the decision.",
                "请重新回答适用范围问题并登记判断结论。",
            ),
            since=decided_on,
            by=by_day(calendar, on),
        )
