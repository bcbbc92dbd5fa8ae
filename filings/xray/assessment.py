"""The impact assessment, and what it, the notice and the consent say of the same scenario."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from assessments.frozen import BY_LAW
from filings.papers import same
from filings.xray.inputs import Dossier, Seen
from filings.xray.registry import IN_USE, Found, Place, check
from portal.law import enums
from portal.law.sources import DEFAULT, FRM, PIPL
from portal.law.text import Text

# portal default, not law: in cross-border filings a report is finished within 3 months before (LAW.md 2.6).
REPORT_MONTHS = 3


def report_of(one: Seen) -> Place:
    assessment = one.sheet.assessment
    return Place("assessment", assessment.reference) if assessment else Place("scenario", one.scenario.pk)


@check(
    "unassessed",
    "assessment",
    "error",
    FRM(9),
    FRM(15),
    en="Every scenario is assessed",
    zh="每个场景均经评估",
    kinds=IN_USE,
)
def unassessed(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        if one.sheet.assessment is None:
            text = Text(
                "{scenario} has no approved impact assessment (Article 9).",
                "{scenario}没有经批准的影响评估（第九条）。",
            )
            yield Found(text.fmt(scenario=one.name), Place("scenario", one.scenario.pk))


@check(
    *("concludes-no", "assessment", "error", FRM(9), PIPL(55)),
    en="The assessment lets the processing proceed",
    zh="评估结论为可以开展",
    kinds=IN_USE,
)
def concludes_no(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        if one.sheet.assessment and one.sheet.assessment.conclusion == "must_not_proceed":
            text = Text(
                "The assessment of {scenario} concludes that it must not proceed.", "{scenario}的评估结论为不得开展。"
            )
            yield Found(text.fmt(scenario=one.name), report_of(one))


@check(
    *("fixes-open", "assessment", "warning", FRM(9)),
    en="Measures that the assessment asks for are done",
    zh="评估要求的措施均已完成",
    kinds=IN_USE,
)
def fixes_open(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        assessment = one.sheet.assessment
        if assessment and assessment.conclusion == "proceed_after_fixes" and one.open_measures:
            text = Text(
                "{scenario} may proceed after its measures are done; {count} are open.",
                "{scenario}须完成整改措施后开展，尚有{count}项未完成。",
            )
            yield Found(text.fmt(scenario=one.name, count=one.open_measures), report_of(one))


@check(
    *("old-report", "assessment", "warning", DEFAULT("report-age")),
    en="The report is younger than three months",
    zh="评估报告在三个月以内",
    kinds=IN_USE,
)
def old_report(dossier: Dossier) -> Iterator[Found]:
    earliest = months_before(dossier.today, REPORT_MONTHS)
    for one in dossier.scenarios:
        assessment = one.sheet.assessment
        if assessment and assessment.approved_on < earliest:
            text = Text(
                "The impact assessment of {scenario} was approved on {day}, more than three months ago.",
                "{scenario}的影响评估于{day}批准，已超过三个月。",
            )
            yield Found(text.fmt(scenario=one.name, day=assessment.approved_on.isoformat()), report_of(one))


@check(
    *("review-due", "assessment", "warning", DEFAULT("report-age")),
    en="No review of an assessment is overdue",
    zh="评估复核未逾期",
    kinds=IN_USE,
)
def review_due(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        assessment = one.sheet.assessment
        if assessment and assessment.review_on and assessment.review_on < dossier.today:
            text = Text(
                "The assessment of {scenario} was to be reviewed on {day}.", "{scenario}的影响评估应于{day}复核。"
            )
            yield Found(text.fmt(scenario=one.name, day=assessment.review_on.isoformat()), report_of(one))


@check(
    *("after-start", "assessment", "warning", FRM(9)),
    en="The assessment came before use",
    zh="事前完成评估",
    kinds=IN_USE,
)
def after_start(dossier: Dossier) -> Iterator[Found]:
    """FRM Art 9: before processing. The first one counts, not the one that renews it."""
    for one in dossier.scenarios:
        started, first = one.sheet.started_on, one.first_approved_on
        if started and first and started < first and started >= date(2025, 6, 1):
            text = Text(
                "The sheet says that {scenario} is used since {day}; it was first assessed on {first}.",
                "备案表写明{scenario}自{day}启用，而首次评估于{first}批准。",
            )
            values = {"day": started.isoformat(), "first": first.isoformat()}
            yield Found(text.fmt(scenario=one.name, **values), report_of(one))


@check(
    *("outdated", "assessment", "error", FRM(9)),
    en="Purpose and method are as they were assessed",
    zh="目的和方式与评估时一致",
    kinds=IN_USE,
)
def outdated(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        if BY_LAW & (set(one.outdated_by) | differing(one.assessed, one, ("purpose", "function"))):
            text = Text(
                "Purpose or method of {scenario} changed after the assessment: assess it again.",
                "{scenario}的处理目的或处理方式在评估后发生变化，应当重新评估。",
            )
            yield Found(text.fmt(scenario=one.name), report_of(one))


@check(
    *("outdated-more", "assessment", "warning", DEFAULT("report-age")),
    en="Vendors, places and groups are as they were assessed",
    zh="供应商、场所和人群与评估时一致",
    kinds=IN_USE,
)
def outdated_more(dossier: Dossier) -> Iterator[Found]:
    told = {"storage_mode", "sends_over_internet"}  # checked below, word for word
    for one in dossier.scenarios:
        if set(one.outdated_by) - BY_LAW - told:
            text = Text(
                "Facts that the assessment of {scenario} watches changed since: look at it again.",
                "{scenario}的影响评估所关注的事实此后有变化，请复核。",
            )
            yield Found(text.fmt(scenario=one.name), report_of(one))


def differing(told: Mapping[str, Any] | None, one: Seen, names: tuple[str, ...]) -> set[str]:
    """Which facts of the register now aren't what was assessed, told or consented to."""
    return {name for name in names if told and name in told and told[name] != getattr(one.scenario, name)}


WORDS: dict[str, tuple[Text, Callable[[Any], Text]]] = {
    "storage_mode": (
        Text("where faces are stored", "存储方式"),
        lambda value: enums.STORAGE_MODES.get(value, Text("not named", "未填写")),
    ),
    "sends_over_internet": (
        Text("transmission over the internet", "互联网传输"),
        lambda value: {True: Text("yes", "是"), False: Text("no", "否")}.get(value, Text("not stated", "未填写")),
    ),
    "retention": (Text("retention", "保存期限"), lambda value: Text(value or "–", value or "–")),
    "deletion_method": (Text("deletion", "删除方式"), lambda value: Text(value or "–", value or "–")),
}


def contradictions(dossier: Dossier, names: tuple[str, ...]) -> Iterator[Found]:
    """Where the report and the application sheet, both handed in, say two things."""
    for one in dossier.scenarios:
        for name in names:
            if name in differing(one.assessed, one, names):
                label, say = WORDS[name]
                text = Text(
                    "{scenario}, {what}: the assessment says {report}, the application sheet {sheet}.",
                    "{scenario}的{what}：评估报告为“{report}”，备案表为“{sheet}”。",
                )
                values = {"report": say(one.assessed[name]), "sheet": say(getattr(one.scenario, name))}
                yield Found(text.fmt(scenario=one.name, what=label, **values), report_of(one))


@check(
    *("storage-differs", "described", "error", DEFAULT("xray"), FRM(8), FRM(15)),
    en="Report and sheet say the same of storage",
    zh="评估报告与备案表的存储方式一致",
    kinds=IN_USE,
)
def storage_differs(dossier: Dossier) -> Iterator[Found]:
    return contradictions(dossier, ("storage_mode",))


@check(
    *("transmission-differs", "described", "error", DEFAULT("xray"), FRM(8), FRM(15)),
    en="Report and sheet say the same of transmission",
    zh="评估报告与备案表的传输情况一致",
    kinds=IN_USE,
)
def transmission_differs(dossier: Dossier) -> Iterator[Found]:
    return contradictions(dossier, ("sends_over_internet",))


@check(
    *("retention-differs", "described", "error", DEFAULT("xray"), FRM(8), FRM(15)),
    en="Report and sheet say the same of retention",
    zh="评估报告与备案表的保存期限一致",
    kinds=IN_USE,
)
def retention_differs(dossier: Dossier) -> Iterator[Found]:
    return contradictions(dossier, ("retention", "deletion_method"))


@check(
    *("name-assessed", "described", "error", DEFAULT("xray")),
    en="The report names the PIP of the form",
    zh="评估报告与表格的单位名称一致",
    kinds=IN_USE,
)
def name_assessed(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        told = (one.assessed or {}).get("pip") or {}
        for fact, own in (("name", dossier.pip.name), ("uscc", dossier.pip.uscc)):
            if told.get(fact) and not same(told[fact], own):
                text = Text(
                    "The assessment of {scenario} was made for {told}, the form says {own}.",
                    "{scenario}的影响评估针对“{told}”，表格为“{own}”。",
                )
                yield Found(text.fmt(scenario=one.name, told=told[fact], own=own), report_of(one))


@check(
    *("no-notice", "described", "warning", FRM(5)),
    en="A notice is published",
    zh="已发布告知",
    kinds=IN_USE,
)
def no_notice(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        if one.notified is None and not one.scenario.notice_exemption:
            text = Text(
                "{scenario} has no published notice that could be compared with the sheet.",
                "{scenario}没有已发布的告知，无法与备案表比对。",
            )
            yield Found(text.fmt(scenario=one.name), Place("notice", one.scenario.pk))


@check(
    *("notice-differs", "described", "warning", FRM(5), PIPL(17)),
    en="The notice tells what the sheet says",
    zh="告知内容与备案表一致",
    kinds=IN_USE,
)
def notice_differs(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        told = one.notified or {}
        changed = differing(told, one, ("purpose", "function", "retention"))
        if told.get("name") and not same(told["name"], dossier.pip.name):
            changed.add("name")
        if changed:
            labels = [enums.CHANGING_FACTS[name] for name in enums.CHANGING_FACTS if name in changed]
            what = Text(", ".join(text.en for text in labels), "、".join(text.zh for text in labels))
            text = Text(
                "{scenario}: the published notice tells something else than the sheet: {what}.",
                "{scenario}：已发布的告知与备案表不一致：{what}。",
            )
            yield Found(text.fmt(scenario=one.name, what=what), Place("notice", one.scenario.pk))


@check(
    *("consent-differs", "described", "warning", FRM(6), PIPL(14)),
    en="People consented to what the sheet says",
    zh="同意内容与备案表一致",
    kinds=IN_USE,
)
def consent_differs(dossier: Dossier) -> Iterator[Found]:
    for one in dossier.scenarios:
        names = ("purpose", "function", "storage_mode", "cross_border")
        if one.scenario.legal_basis == "consent" and differing(one.consented, one, names):
            text = Text(
                "{scenario}: the wording in force asks consent to something else than the sheet says.",
                "{scenario}：现行同意文本与备案表不一致。",
            )
            yield Found(text.fmt(scenario=one.name), Place("consent", one.scenario.pk))


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")
