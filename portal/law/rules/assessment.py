"""The personal information protection impact assessment, PIPIA (FRM Art 9, PIPL 55, 56)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from portal.law.duties import Claim
from portal.law.facts import AssessmentFacts, IncidentFacts, PipFacts, ScenarioFacts, civil_day
from portal.law.reckoning import Reckoning, years_after
from portal.law.registry import Parameter, rule
from portal.law.rules.shapes import (
    BEFORE_PROCESSING,
    NEW_SCENARIO,
    NO_EXEMPTION,
    changed,
    in_scope,
    is_over,
    lateness,
    listed,
    met,
    missing,
    subject,
)
from portal.law.rules.wording import day_text
from portal.law.sources import DEFAULT, FRM, PIPL, Cite
from portal.law.text import Text
from portal.law.workdays import CalendarError, Workdays

# law: FRM Art 9, PIPL Art 56.
YEARS_KEPT = 3
# default, not law: working days from the discovery of a major incident.
REASSESS_WORKING_DAYS = 10
# law: FRM Art 9 names the 重大安全事件. default, not law: that these grades are it; 较大, relatively large, isn't.
MAJOR = frozenset({"major", "especially_major"})

ELEMENTS = (
    Text("purpose and method lawful, legitimate and necessary", "目的、方式是否合法、正当、必要"),
    Text("effect on rights, and whether it is reduced", "对个人权益的影响及降低不利影响的措施是否有效"),
    Text("risk of leakage, tampering, loss, damage, illegal use", "泄露、篡改、丢失、毁损或者被非法利用的风险"),
    Text("protection lawful, effective and fit for the risk", "保护措施是否合法、有效并与风险程度相适应"),
)


@rule(
    "frm-09-pipia-before-use",
    cites=[FRM(9), PIPL(55)],
    layer="law",
    title=Text("Assess the impact before face information is processed", "处理人脸信息前进行个人信息保护影响评估"),
    kind="assessment",
    obligation=["FR-09a"],
    trigger=NEW_SCENARIO,
    due=BEFORE_PROCESSING,
    exemption=NO_EXEMPTION,
    evidence=Text(
        "The approved report with its four elements, and the record of processing.",
        "包含四项内容并经批准的评估报告，以及处理情况记录。",
    ),
    parameters=[Parameter(Text("Elements", "评估内容"), listed(ELEMENTS), "law")],
)
def pipia_before_use(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Each scenario in scope needs an approved PIPIA before it processes anything; the law sets no day count."""
    for scenario in in_scope(facts):
        approved_on = scenario.assessment_approved_on
        if approved_on:
            why = Text("The PIPIA was approved on {day}.", "影响评估已于{day}批准。").fmt(day=day_text(approved_on))
            yield met(scenario, why + lateness(scenario, approved_on), on=approved_on)
        else:
            yield missing(
                scenario,
                Text("No PIPIA is approved.", "影响评估尚未批准。"),
                Text(
                    "Have the PIPIA with its four elements approved, or register an approved one.",
                    "请完成包含四项内容的影响评估并经批准，或登记已批准的评估报告。",
                ),
                is_unlawful=True,
            )


@rule(
    "frm-09-pipia-again",
    cites=[FRM(9)],
    layer="law",
    title=Text("Assess the impact again", "重新进行个人信息保护影响评估"),
    kind="assessment",
    obligation=["FR-09b"],
    trigger=Text(
        "Purpose or method changes after the approval, or a major security incident happens.",
        "评估批准后处理目的、方式发生变化，或者发生重大安全事件。",
    ),
    due=Text(
        "Before the changed processing starts; after an incident without a day count in law.",
        "变更后的处理开始之前；发生安全事件的，法律未规定天数。",
    ),
    exemption=NO_EXEMPTION,
    evidence=Text("A new version of the PIPIA that names what made it necessary.", "写明重新评估原因的新版影响评估。"),
    parameters=[
        Parameter(
            Text("Grades taken for a major incident", "视为重大安全事件的级别"),
            Text("major and especially major", "重大、特别重大"),
            "default",
        )
    ],
)
def pipia_again(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """An approved PIPIA holds for what it assessed."""
    incidents = _major_incidents(facts)
    for scenario in in_scope(facts):
        if scenario.assessment_approved_on is None:
            continue
        remedy = Text("Assess again and have the new PIPIA approved.", "请重新评估并将新版影响评估提交批准。")
        found = scenario.assessment
        unanswered = [one for one in _of(incidents, scenario) if _answered_on(one, found) is None]
        why = Text("The PIPIA was approved on {day}.", "影响评估已于{day}批准。").fmt(
            day=day_text(scenario.assessment_approved_on)
        )
        if found and found.outdated_by:
            yield missing(
                scenario, why + changed(found.outdated_by, found.outdated_on), remedy, since=found.outdated_on
            )
        elif unanswered:
            first = min(unanswered, key=lambda one: one.discovered_at)
            yield missing(scenario, why + _happened(first), remedy, since=civil_day(first.discovered_at))
        else:
            why += Text("Nothing asks for a new one.", "此后未出现需要重新评估的情形。")
            yield met(scenario, why, on=scenario.assessment_approved_on)


@rule(
    "default-incident-reassess",
    cites=[DEFAULT("incident-reassess"), FRM(9)],
    layer="default",
    title=Text("Assess again within ten working days of a major incident", "重大安全事件后十个工作日内重新评估"),
    kind="assessment",
    obligation=["FR-09b"],
    trigger=Text("A major security incident is discovered.", "发现重大安全事件。"),
    due=Text(
        f"{REASSESS_WORKING_DAYS} working days after its discovery; the law counts no days.",
        f"发现之日起{REASSESS_WORKING_DAYS}个工作日；法律未规定天数。",
    ),
    exemption=Text("Incidents graded lower; scenarios that ended.", "级别较低的事件；已终止的应用场景。"),
    evidence=Text("A new version of the PIPIA that names the incident.", "写明该事件的新版影响评估。"),
    parameters=[
        Parameter(
            Text("Period", "期限"),
            Text(f"{REASSESS_WORKING_DAYS} working days", f"{REASSESS_WORKING_DAYS}个工作日"),
            "default",
        )
    ],
)
def reassess_after_incident(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """The portal's own date for what the law wants without delay; the oldest incident without an answer governs."""
    incidents = _major_incidents(facts)
    for scenario in in_scope(facts):
        if not scenario.assessment_approved_on or is_over(scenario):
            continue
        of_it = [(_answered_on(one, scenario.assessment), one) for one in _of(incidents, scenario)]
        first = min(of_it, key=lambda pair: (pair[0] is not None, pair[1].discovered_at), default=None)
        if first is not None:
            yield _reassess_claim(scenario, first[1], first[0], calendar)


@rule(
    "frm-09-keep-pipia",
    cites=[FRM(9), PIPL(56)],
    layer="law",
    title=Text("Keep report and record for three years", "影响评估报告和处理情况记录至少保存三年"),
    kind="assessment",
    obligation=["FR-09c"],
    trigger=Text("A PIPIA is approved.", "影响评估获得批准。"),
    due=Text(
        "Three years from the approval at least; the portal keeps it until three years after the end of use.",
        "自批准之日起至少三年；系统默认保存至终止使用后三年。",
    ),
    exemption=NO_EXEMPTION,
    evidence=Text(
        "The archived report with its hash and the day until which it is kept.", "带有哈希值的存档报告及保存截止日。"
    ),
    parameters=[
        Parameter(Text("Period", "保存期限"), Text(f"{YEARS_KEPT} years", f"{YEARS_KEPT}年"), "law"),
        Parameter(
            Text("After the end of use", "终止使用后"), Text(f"{YEARS_KEPT} years", f"{YEARS_KEPT}年"), "default"
        ),
    ],
)
def pipia_kept(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Kept means that nobody can delete it before the day."""
    for scenario in in_scope(facts):
        found = scenario.assessment
        if found is None:
            continue
        least = years_after(found.approved_on, YEARS_KEPT)
        if found.keep_until and found.keep_until >= least:
            yield met(scenario, _kept(scenario, found.keep_until), on=found.approved_on)
            continue
        yield Claim(
            subject=subject(scenario),
            state="open",
            why=Text("The report must be kept until {day} at least.", "评估报告至少应保存至{day}。").fmt(
                day=day_text(least)
            )
            + (
                Text("It is kept until {day} only.", "目前仅保存至{day}。").fmt(day=day_text(found.keep_until))
                if found.keep_until
                else Text("No day is set.", "尚未设定保存截止日。")
            ),
            arose_on=found.approved_on,
            remedy=Text("Keep the report for three years.", "请将评估报告保存满三年。"),
        )


@rule(
    "cac-qa-third-party",
    cites=[Cite("CAC-2026-01-QA"), FRM(9)],
    layer="practice",
    title=Text("Describe the third party in the PIPIA", "在影响评估报告中说明第三方参与情况"),
    kind="assessment",
    obligation=["FR-09d"],
    trigger=Text("A third party takes part in the PIPIA.", "第三方机构参与影响评估。"),
    due=Text("With the report.", "随评估报告一并完成。"),
    exemption=Text("No third party takes part.", "无第三方参与。"),
    evidence=Text("A section of the report on the third party and its part.", "报告中关于第三方及其参与内容的说明。"),
)
def third_party_described(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """The PIP itself assesses; who helps is named in the report."""
    for scenario in in_scope(facts):
        found = scenario.assessment
        if found is None or not found.third_party:
            continue
        why = Text("A third party took part: {name}.", "参与评估的第三方：{name}。").fmt(name=found.third_party)
        if found.third_party_is_described:
            why += Text("The report describes its part.", "报告已说明其参与情况。")
            yield met(scenario, why, on=found.approved_on)
        else:
            yield missing(
                scenario,
                why + Text("The report doesn't describe its part.", "报告尚未说明其参与情况。"),
                Text("Add the section on the third party.", "请在报告中补充第三方参与情况。"),
            )


def _major_incidents(facts: PipFacts) -> dict[str, list[IncidentFacts]]:
    """Major incidents by the scenario they concern; under the empty code those of the PIP as a whole."""
    found: dict[str, list[IncidentFacts]] = defaultdict(list)
    for incident in facts.incidents:
        if incident.grade in MAJOR:
            found[incident.scenario].append(incident)
    return found


def _of(incidents: dict[str, list[IncidentFacts]], scenario: ScenarioFacts) -> list[IncidentFacts]:
    return incidents.get(scenario.code, []) + incidents.get("", [])


def _happened(incident: IncidentFacts) -> Text:
    return Text("Major incident {ref} was discovered on {day}.", "重大安全事件{ref}于{day}发现。").fmt(
        ref=incident.ref, day=day_text(civil_day(incident.discovered_at))
    )


def _answered_on(incident: IncidentFacts, found: AssessmentFacts | None) -> date | None:
    """The day on which an incident was answered: as noted, or by the approval of a PIPIA made with it known."""
    if incident.reassessed_on is None and found and incident.ref in found.incidents_known:
        return found.approved_on if found.approved_on >= civil_day(incident.discovered_at) else None
    return incident.reassessed_on


def _reassess_claim(
    scenario: ScenarioFacts, incident: IncidentFacts, answered_on: date | None, calendar: Workdays
) -> Claim:
    why, discovered_on = _happened(incident), civil_day(incident.discovered_at)
    if answered_on:
        why += Text("It was assessed again on {day}.", "已于{day}重新评估。").fmt(day=day_text(answered_on))
    return Claim(
        subject=subject(scenario),
        state="met" if answered_on else "open",
        why=why,
        arose_on=discovered_on,
        reckoning=_ten_days(calendar, discovered_on),
        met_on=answered_on,
        remedy=None if answered_on else Text("Assess again, with the incident in mind.", "请结合该事件重新评估。"),
    )


def _ten_days(calendar: Workdays, discovered_on: date) -> Reckoning | None:
    try:
        return calendar.add(discovered_on, REASSESS_WORKING_DAYS)
    except CalendarError:
        return None


def _kept(scenario: ScenarioFacts, keep_until: date) -> Text:
    why = Text("The report is kept until {day}.", "评估报告保存至{day}。").fmt(day=day_text(keep_until))
    if is_over(scenario) and scenario.ended_on:
        longer = years_after(scenario.ended_on, YEARS_KEPT)
        if keep_until < longer:
            why += Text(
                "Portal default: keep it until {day}, three years after the end of use.",
                "系统默认做法：保存至终止使用后三年，即{day}。",
            ).fmt(day=day_text(longer))
    return why
