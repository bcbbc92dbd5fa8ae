"""Security incidents: remedy and tell at once (PIPL 57), report within hours (Incident Reporting Measures Art 4)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from portal.law.duties import Claim
from portal.law.enums import INCIDENT_GRADES, REPORTED_GRADES
from portal.law.facts import IncidentFacts, PipFacts, civil_day
from portal.law.registry import Parameter, rule
from portal.law.rules.phrases import AT_ONCE
from portal.law.rules.shapes import listed
from portal.law.rules.wording import moment_text
from portal.law.sources import CSL, INSTRUMENTS, NDR, PIPL, Cite
from portal.law.text import Text
from portal.law.workdays import Workdays

# law: Incident Reporting Measures Art 4. Hours run by the clock, on days of rest too.
CII_HOURS, STATE_ORGAN_HOURS, OTHER_HOURS = 1, 2, 4
REPORTED_SINCE = INSTRUMENTS["INCIDENT"].in_force_on


@rule(
    "pipl-57-incident",
    cites=[PIPL(57), NDR(11), CSL(27)],
    layer="law",
    title=Text("Remedy the incident and tell authority and persons", "立即补救并通知监管部门和个人"),
    kind="incident",
    obligation=["PI-57"],
    trigger=Text(
        "Face information leaked, was tampered with or lost, or may have been.",
        "发生或者可能发生人脸信息泄露、篡改、丢失。",
    ),
    due=AT_ONCE,
    exemption=Text(
        "The persons need not be told where the measures effectively avoid harm; the authority may order it all the"
        " same.",
        "采取措施能够有效避免造成危害的，可以不通知个人；监管部门有权要求通知。",
    ),
    evidence=Text(
        "The moments of remedy and notices; the notices say kinds of information, cause and harm, measures, contact.",
        "补救和通知的时间；通知载明信息种类、原因和可能的危害、措施、联系方式。",
    ),
)
def tell_of_incident(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Met once it is remedied, the authority knows, and the persons know or are safe; until then it is late."""
    for incident in facts.incidents:
        steps = {
            Text("remedy", "补救"): incident.remedied_at,
            Text("notice to the authority", "通知监管部门"): incident.authority_told_at,
        }
        if not incident.harm_is_avoided:
            steps[Text("notice to the persons", "通知个人")] = incident.persons_told_at
        missing = [step for step, at in steps.items() if at is None]
        moments = [at for at in steps.values() if at]
        why = _discovered(incident)
        if incident.harm_is_avoided:
            why += Text(
                "Harm is effectively avoided, so the persons need not be told unless the authority orders it.",
                "已有效避免危害，可以不通知个人，监管部门要求的除外。",
            )
        if missing:
            why += Text("Not done yet: {steps}.", "尚未完成：{steps}。").fmt(steps=listed(missing))
        else:
            why += Text("All done by {at}.", "已于{at}全部完成。").fmt(at=moment_text(max(moments)))
        yield Claim(
            subject=f"incident:{incident.ref}",
            state="open" if missing else "met",
            why=why,
            arose_on=civil_day(incident.discovered_at),
            met_on=None if missing else civil_day(max(moments)),
            is_critical=bool(missing),
            remedy=Text("Do what is missing now and record the moment.", "请立即完成并登记时间。")
            if missing
            else None,
        )


@rule(
    "incident-04-report",
    cites=[Cite("INCIDENT", "4")],
    layer="law",
    title=Text("Report the cybersecurity incident within hours", "按小时时限报告网络安全事件"),
    kind="incident",
    obligation=["IN-01"],
    trigger=Text(
        "An incident graded relatively large or above is discovered on or after 1 November 2025.",
        "2025年11月1日起发现较大以上网络安全事件。",
    ),
    due=Text(
        "From discovery by the clock, days of rest included: CII operators 1 hour, central and state organs 2 hours,"
        " others 4 hours.",
        "自发现起按小时计算，含休息日：关键信息基础设施运营者1小时，中央和国家机关2小时，其他4小时。",
    ),
    exemption=Text("A general incident isn't reported under these Measures.", "一般网络安全事件无需按本办法报告。"),
    evidence=Text("The receipt with its moment.", "报告回执及时间。"),
    parameters=[
        Parameter(Text("CII operators", "关键信息基础设施运营者"), Text("1 hour", "1小时"), "law"),
        Parameter(Text("Central and state organs", "中央和国家机关"), Text("2 hours", "2小时"), "law"),
        Parameter(Text("Others", "其他"), Text("4 hours", "4小时"), "law"),
        Parameter(
            Text("Reported grades", "应报告的等级"),
            listed(INCIDENT_GRADES[grade] for grade in INCIDENT_GRADES if grade in REPORTED_GRADES),
            "law",
        ),
    ],
)
def report_incident(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """The moment of discovery and the hours of this PIP; met by the moment at which the authority was told."""
    hours, authority = _clock_of(facts)
    for incident in facts.incidents:
        discovered_on = civil_day(incident.discovered_at)
        if discovered_on < REPORTED_SINCE:
            continue
        subject, why = f"incident:{incident.ref}", _discovered(incident)
        if incident.grade not in REPORTED_GRADES:
            ground = Text("Incidents of this grade aren't reported within hours.", "该等级的事件无需按小时报告。")
            yield Claim(subject=subject, state="not_required", why=why + ground, arose_on=discovered_on)
            continue
        due_at, told_at = incident.discovered_at + timedelta(hours=hours), incident.authority_told_at
        why += Text("{hours} to tell {authority}: by {at}.", "{hours}内报告{authority}：不迟于{at}。").fmt(
            hours=Text("1 hour" if hours == 1 else f"{hours} hours", f"{hours}小时"),
            authority=authority,
            at=moment_text(due_at),
        )
        yield Claim(
            subject=subject,
            state="met" if told_at else "open",
            why=why + _told(told_at, due_at),
            arose_on=discovered_on,
            due_at=due_at,
            met_on=civil_day(told_at) if told_at else None,
            remedy=None if told_at else Text("Report it now and record the moment.", "请立即报告并登记时间。"),
        )


def _clock_of(facts: PipFacts) -> tuple[int, Text]:
    """Hours and addressee; who is both goes by the shorter clock."""
    if facts.is_cii:
        return CII_HOURS, Text("the protection department and the police", "保护工作部门和公安机关")
    if facts.is_state_organ:
        return STATE_ORGAN_HOURS, Text("the cyberspace authority", "网信部门")
    return OTHER_HOURS, Text("the provincial CAC", "省级网信部门")


def _discovered(incident: IncidentFacts) -> Text:
    grade = INCIDENT_GRADES.get(incident.grade, Text(incident.grade, incident.grade))
    return Text("Incident graded {grade}, discovered on {at}.", "{at}发现事件，等级：{grade}。").fmt(
        grade=Text(grade.en.lower(), grade.zh), at=moment_text(incident.discovered_at)
    )


def _told(told_at: datetime | None, due_at: datetime) -> Text:
    if told_at is None:
        return Text("", "")
    told = Text("Told on {at}.", "已于{at}报告。").fmt(at=moment_text(told_at))
    return told + Text("That was late.", "已逾期。") if told_at > due_at else told
