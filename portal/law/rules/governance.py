"""What a PIP proves of itself: internal rules, network logs, CII duties, audits (PIPL 51, 54; CSL; minors)."""

from collections.abc import Iterator
from datetime import date
from itertools import count

from portal.law.duties import Claim
from portal.law.enums import GOVERNANCE_KINDS, MINORS
from portal.law.facts import GovernanceFacts, PipFacts, ScenarioFacts
from portal.law.reckoning import years_after
from portal.law.registry import Parameter, rule
from portal.law.rules.periods import by_day
from portal.law.rules.phrases import A_PIP, BEFORE_USE, NO_LAW
from portal.law.rules.shapes import NO_EXEMPTION, listed
from portal.law.rules.wording import day_text
from portal.law.sources import CSL, DEFAULT, FRM, NDR, PIPL, Cite
from portal.law.text import Text
from portal.law.workdays import Workdays

# law: Audit Measures, NDR Art 27: above this number of persons the frequency is fixed.
AUDIT_PERSONS = 10_000_000
AUDIT_YEARS = 2
AUDIT_MEASURES_ON = date(2025, 5, 1)
# law: CAC announcement of 2025-12-29; the first report was that of 2025.
FIRST_MINORS_YEAR = 2025
REPORTED_BY = (1, 31)
# default, not law.
REVIEW_YEARS = 1


def running(facts: PipFacts) -> list[ScenarioFacts]:
    """The scenarios that the PIPL covers and that haven't ended, planned ones among them."""
    return [one for one in facts.scenarios if one.is_under_pipl and (one.is_live or one.ended_on is None)]


def processing_since(scenarios: list[ScenarioFacts]) -> date | None:
    """The day on which the first of them began; None while all are planned."""
    return min((one.started_on for one in scenarios if one.started_on), default=None)


def latest(facts: PipFacts, kind: str) -> GovernanceFacts | None:
    """The newest proof of a kind; of two on one day the one that holds longer."""
    found = [proof for proof in facts.governance if proof.kind == kind]
    return max(found, key=lambda proof: (proof.done_on, proof.valid_until or date.max), default=None)


def proved(
    subject: str,
    proof: GovernanceFacts | None,
    calendar: Workdays,
    *,
    missing: Text,
    remedy: Text,
    arose_on: date | None,
) -> Claim:
    """Open until a proof is kept; one that ends is renewed by its own last day."""
    if proof is None:
        return Claim(subject=subject, state="open", why=missing, arose_on=arose_on, remedy=remedy)
    why = Text("A proof of {day} is kept.", "已留存{day}的证明材料。").fmt(day=day_text(proof.done_on))
    if proof.valid_until is None:
        return Claim(subject=subject, state="met", why=why, arose_on=arose_on, met_on=proof.done_on)
    why += Text("It ends on {day}: renew it by then.", "其有效期至{day}，请在此前更新。").fmt(
        day=day_text(proof.valid_until)
    )
    return Claim(
        subject=subject,
        state="open",
        why=why,
        arose_on=proof.done_on,
        reckoning=by_day(calendar, proof.valid_until),
        remedy=remedy,
    )


RENEWED = Text(
    "No day in law. A proof that carries an end is renewed by that day.",
    "法律未规定日期。证明材料载明有效期的，在到期前更新。",
)


@rule(
    "pipl-51-internal-rules",
    cites=[PIPL(51)],
    layer="law",
    title=Text("Have internal rules, classification, training and an incident plan", "制定内部管理制度并开展培训"),
    kind="governance",
    obligation=["PI-51"],
    trigger=A_PIP,
    due=BEFORE_USE,
    exemption=NO_EXEMPTION,
    evidence=Text(
        "The rules with classification, permissions and incident plan; the log of security training.",
        "含分类管理、操作权限和应急预案的制度文件；安全教育和培训记录。",
    ),
)
def internal_rules(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Rules and training are proved, each at least once; how old the rules are is another question (default)."""
    scenarios = running(facts)
    if not scenarios:
        return
    proofs = {kind: latest(facts, kind) for kind in ("internal_rules", "training")}
    days = [proof.done_on for proof in proofs.values() if proof]
    missing = [GOVERNANCE_KINDS[kind] for kind, proof in proofs.items() if proof is None]
    subject, arose_on = f"pip:{facts.uscc}", processing_since(scenarios)
    if not missing:
        why = Text("Rules and training are proved, last on {day}.", "内部制度和培训均有证明材料，最近为{day}。")
        yield Claim(
            subject=subject, state="met", why=why.fmt(day=day_text(max(days))), arose_on=arose_on, met_on=max(days)
        )
        return
    yield Claim(
        subject=subject,
        state="open",
        why=Text("No proof is kept of: {missing}.", "尚无下列证明材料：{missing}。").fmt(missing=listed(missing)),
        arose_on=arose_on,
        remedy=Text("Record the documents with their day.", "请登记相关文件及其日期。"),
    )


@rule(
    "default-rules-review",
    cites=[DEFAULT("rules-review"), PIPL(51)],
    layer="default",
    title=Text("Review the internal rules", "复核内部管理制度"),
    kind="governance",
    obligation=["PI-51"],
    trigger=Text("Internal rules are on record.", "已登记内部管理制度。"),
    due=Text(
        "A year after the newest record, or on the day that the record itself names.",
        "最近一次登记满一年，或登记中载明的日期。",
    ),
    exemption=NO_LAW,
    evidence=Text("A newer record of the rules.", "更新的制度登记。"),
    parameters=[Parameter(Text("Interval", "周期"), Text("1 year", "1年"), "default")],
)
def rules_review(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """A date a year ahead of the newest rules; each review moves it on."""
    rules = latest(facts, "internal_rules")
    if rules is None or not running(facts):
        return
    review_on = rules.valid_until or years_after(rules.done_on, REVIEW_YEARS)
    yield Claim(
        subject=f"pip:{facts.uscc}",
        state="open",
        why=Text(
            "The newest internal rules are of {day}; the next review is planned for {review}.",
            "现行内部管理制度为{day}，下次复核计划于{review}。",
        ).fmt(day=day_text(rules.done_on), review=day_text(review_on)),
        arose_on=rules.done_on,
        reckoning=by_day(calendar, review_on),
        remedy=Text("Review the rules and record the day.", "请复核制度并登记日期。"),
    )


@rule(
    "csl-23-logs",
    cites=[CSL(23), FRM(14)],
    layer="law",
    title=Text("Keep network logs for six months or longer", "留存网络日志不少于六个月"),
    kind="governance",
    obligation=["CS-LOG"],
    trigger=Text(
        "A network operator: here, a PIP with a scenario, planned or in use, that the PIPL covers.",
        "网络运营者；本系统以有适用个人信息保护法的应用场景的个人信息处理者为准。",
    ),
    due=RENEWED,
    exemption=NO_EXEMPTION,
    evidence=Text("Proof of the log settings.", "日志留存配置的证明材料。"),
    parameters=[Parameter(Text("Kept at least", "最短留存"), Text("6 months", "六个月"), "law")],
)
def network_logs(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """The settings keep logs for six months: one proof, renewed where it ends."""
    scenarios = running(facts)
    if scenarios:
        yield proved(
            f"pip:{facts.uscc}",
            latest(facts, "log_retention"),
            calendar,
            missing=Text(
                "No proof is kept that network logs stay for six months.", "尚无网络日志留存不少于六个月的证明材料。"
            ),
            remedy=Text("Record a proof of the log settings.", "请登记日志留存配置的证明材料。"),
            arose_on=processing_since(scenarios),
        )


@rule(
    "cii-protection",
    cites=[FRM(14), Cite("CII")],
    layer="law",
    title=Text("Fulfil the duties of a CII operator", "履行关键信息基础设施安全保护义务"),
    kind="governance",
    obligation=["FR-14c"],
    trigger=Text("The PIP operates critical information infrastructure.", "个人信息处理者运营关键信息基础设施。"),
    due=RENEWED,
    exemption=Text("No designation as CII operator.", "未被认定为关键信息基础设施运营者。"),
    evidence=Text("The designation and the proof of protection.", "认定通知及安全保护证明材料。"),
)
def cii_protection(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """A CII operator proves its protection; the one-hour clock of its incidents stands with the incidents."""
    if facts.is_cii:
        yield proved(
            f"pip:{facts.uscc}",
            latest(facts, "cii_protection"),
            calendar,
            missing=Text(
                "The PIP operates CII and no proof of its protection is kept.",
                "该个人信息处理者运营关键信息基础设施，尚无安全保护的证明材料。",
            ),
            remedy=Text("Record the designation and the protection.", "请登记认定通知和安全保护情况。"),
            arose_on=processing_since(running(facts)),
        )


@rule(
    "pipl-54-audit",
    cites=[PIPL(54), Cite("AUDIT"), NDR(27)],
    layer="law",
    title=Text("Audit the compliance of the processing", "开展个人信息保护合规审计"),
    kind="governance",
    obligation=["PI-54"],
    trigger=A_PIP,
    due=Text(
        "Above 10,000,000 persons: two years after the last audit, without one two years after the Audit Measures came"
        " into force. Below, the law says regularly and fixes no frequency: a reasonable interval of the PIP's"
        " own, and a date only where the last audit names the next one (portal default). An audit that an authority"
        " orders is an inspection case with the authority's date.",
        "处理超过1000万人个人信息的：距上次审计两年；未审计过的，自《个人信息保护合规审计管理办法》施行起两年。"
        "其他情形法律仅要求“定期”，未规定频率：由处理者合理确定，仅在上次审计载明下次日期时显示日期（系统默认做法）。"
        "监管部门要求的审计作为检查案件办理，按其指定日期。",
    ),
    exemption=Text("None; the frequency is fixed above 10,000,000 persons only.", "无；仅超过1000万人时频率法定。"),
    evidence=Text("The audit report.", "合规审计报告。"),
    parameters=[
        Parameter(Text("Frequency fixed above", "法定频率的人数"), Text("10,000,000 persons", "超过1000万人"), "law"),
        Parameter(Text("Frequency", "频率"), Text("every 2 years", "每两年至少一次"), "law"),
        Parameter(
            Text("Interval below that number", "未超过该人数的周期"), Text("the PIP's own", "由处理者自定"), "default"
        ),
    ],
)
def compliance_audit(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Every two years above ten million persons; otherwise at the PIP's own reasonable interval."""
    scenarios = running(facts)
    if not scenarios:
        return
    subject, audit = f"pip:{facts.uscc}", latest(facts, "audit")
    remedy = Text("Have the audit done and record its report.", "请开展审计并登记审计报告。")
    if (facts.total_pi_persons or 0) > AUDIT_PERSONS:
        since = audit.done_on if audit else AUDIT_MEASURES_ON
        due_on = years_after(since, AUDIT_YEARS)
        yield Claim(
            subject=subject,
            state="open",
            why=_fixed_frequency(facts, audit).fmt(day=day_text(since), due=day_text(due_on)),
            arose_on=since,
            reckoning=by_day(calendar, due_on),
            remedy=remedy,
        )
        return
    yield proved(
        subject,
        audit,
        calendar,
        missing=Text(
            "No audit is on record. The law asks for audits at a reasonable interval and fixes no day.",
            "尚无审计记录。法律要求定期开展审计，未规定具体日期。",
        ),
        remedy=remedy,
        arose_on=processing_since(scenarios),
    )


def _fixed_frequency(facts: PipFacts, audit: GovernanceFacts | None) -> Text:
    persons = Text(
        f"Personal information of {facts.total_pi_persons:,} persons is processed: an audit every two years.",
        f"处理{facts.total_pi_persons:,}人的个人信息：每两年至少开展一次合规审计。",
    )
    if audit:
        return persons + Text("The last one was of {day}, the next is due by {due}.", "上次为{day}，下次不迟于{due}。")
    return persons + Text(
        "None is on record: the two years run from {day}, when the Audit Measures came into force, to {due}.",
        "尚无审计记录：自《个人信息保护合规审计管理办法》施行之日（{day}）起算，至{due}。",
    )


@rule(
    "minors-37-audit",
    cites=[Cite("MINORS", "37"), Cite("CAC-2025-12-29")],
    layer="law",
    title=Text("Report the yearly audit of minors' personal information", "报送未成年人个人信息保护合规审计情况"),
    kind="governance",
    obligation=["MI-37"],
    trigger=Text(
        "Personal information of persons under 18 was processed in the year, in any scenario that the PIPL covers.",
        "该年度在适用个人信息保护法的任一应用场景中处理不满十八周岁未成年人个人信息。",
    ),
    due=Text(
        "31 January of the next year, for the first time in 2026. A day of rest doesn't move it; the target is the"
        " working day before.",
        "次年1月31日，首次为2026年1月。遇休息日不顺延；目标日期为其前一个工作日。",
    ),
    exemption=Text("No personal information of minors.", "不处理未成年人个人信息。"),
    evidence=Text("The receipt of the municipal CAC, with the year that it reports.", "市级网信部门回执，注明年度。"),
    parameters=[
        Parameter(Text("Reported by", "报送期限"), Text("31 January", "1月31日"), "law"),
        Parameter(Text("First year", "首个年度"), Text("2025", "2025年"), "law"),
        Parameter(Text("Target", "目标日期"), Text("the working day before", "前一个工作日"), "default"),
    ],
    since=date(2025, 12, 29),
)
def minors_audit(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """The earliest year with minors that isn't reported governs; once all are reported, the one that runs now."""
    reported = {
        proof.year or proof.done_on.year - 1: proof.done_on
        for proof in sorted(facts.governance, key=lambda proof: proof.done_on, reverse=True)
        if proof.kind == "minors_audit"
    }
    governing = None
    for governing in _years_with_minors(facts):
        if governing not in reported:
            break
    if governing is None:
        return
    done_on = reported.get(governing)
    why = Text(
        "Personal information of minors is processed. The audit of {year} is reported by 31 January {next}.",
        "处理未成年人个人信息。{year}年度审计情况应于{next}年1月31日前报送。",
    ).fmt(year=governing, next=governing + 1)
    if done_on:
        why += Text("It was reported on {day}.", "已于{day}报送。").fmt(day=day_text(done_on))
    remedy = Text("Report the audit to the municipal CAC and record the receipt.", "请向市级网信部门报送并登记回执。")
    yield Claim(
        subject=f"pip:{facts.uscc}",
        state="met" if done_on else "open",
        why=why,
        arose_on=date(governing, 1, 1),
        reckoning=by_day(calendar, date(governing + 1, *REPORTED_BY)),
        met_on=done_on,
        remedy=None if done_on else remedy,
    )


def _years_with_minors(facts: PipFacts) -> Iterator[int]:
    """The years with minors' information, from the first that is reported; endless while it goes on."""
    spans = [
        (one.started_on.year, None if one.is_live or one.ended_on is None else one.ended_on.year)
        for one in facts.scenarios
        if one.is_under_pipl and one.started_on and one.subjects & MINORS
    ]
    goes_on = any(end is None for _, end in spans)
    last = max((end for _, end in spans if end is not None), default=0)
    for year in count(FIRST_MINORS_YEAR):
        if not goes_on and year > last:
            return
        if any(start <= year and (end is None or year <= end) for start, end in spans):
            yield year
