"""What people, complainants and authorities come with (FRM Arts 6, 10, 16, 17; PIPL 15, 16, 44-50, 63)."""

from collections.abc import Iterator

from portal.law.duties import Claim
from portal.law.enums import CASE_EXEMPTIONS, CASE_KINDS, LEGAL_BASES, RIGHTS
from portal.law.facts import CaseFacts, PipFacts, ScenarioFacts
from portal.law.registry import Parameter, rule
from portal.law.rules.periods import by_day, counted
from portal.law.rules.phrases import NO_CALENDAR, NO_LAW, PROMPTLY
from portal.law.rules.shapes import NO_EXEMPTION
from portal.law.rules.wording import day_text
from portal.law.sources import DEFAULT, FRM, NDR, PIPL
from portal.law.text import Text
from portal.law.workdays import Workdays

ASKED_UNDER_RIGHTS = RIGHTS | {"decision"}
# An authority sets its own date; every other case is a person's.
OF_AUTHORITIES = frozenset({"inspection"})
OTHER_BASIS = Text("Another basis of PIPL Art 13 than consent.", "具有个保法第十三条规定的其他合法性基础。")
ANSWERED = Text("Answered on {day}.", "已于{day}答复。")


def cases(facts: PipFacts, *kinds: str) -> Iterator[tuple[CaseFacts, ScenarioFacts | None]]:
    """The cases of these kinds, each with the scenario that it is about, if that is known."""
    scenarios = {one.code: one for one in facts.scenarios}
    return ((case, scenarios.get(case.scenario)) for case in facts.cases if case.kind in kinds)


def received(case: CaseFacts) -> Text:
    """When the case came, and what it is."""
    return Text("{kind}, received on {day}.", "{kind}，{day}收到。").fmt(
        kind=CASE_KINDS.get(case.kind, Text(case.kind, case.kind)), day=day_text(case.received_on)
    )


def done(case: CaseFacts, why: Text) -> Claim:
    """The case did what the rule asks."""
    return Claim(
        subject=f"case:{case.ref}",
        state="met",
        why=received(case) + why,
        arose_on=case.received_on,
        met_on=case.answered_on,
    )


def waiting(case: CaseFacts, why: Text, remedy: Text) -> Claim:
    """The case waits; the law says promptly and gives no day."""
    return Claim(
        subject=f"case:{case.ref}", state="open", why=received(case) + why, arose_on=case.received_on, remedy=remedy
    )


def exempt(case: CaseFacts, ground: Text) -> Claim:
    """The law itself doesn't ask it here, on the ground given."""
    return Claim(
        subject=f"case:{case.ref}", state="not_required", why=received(case) + ground, arose_on=case.received_on
    )


def exemption(case: CaseFacts) -> Text:
    """The ground on record, in words."""
    ground = CASE_EXEMPTIONS.get(case.exemption, Text(case.exemption, case.exemption))
    return Text("Ground on record: {ground}.", "已登记的依据：{ground}。").fmt(ground=ground)


def answered(case: CaseFacts) -> Text:
    """The day of the answer, if there is one."""
    return ANSWERED.fmt(day=day_text(case.answered_on)) if case.answered_on else Text("", "")


def other_basis(scenario: ScenarioFacts | None) -> Text | None:
    """The basis of a scenario that doesn't stand on consent; None where it does, or where nobody recorded it."""
    if scenario is None or scenario.legal_basis in ("", "consent"):
        return None
    basis = LEGAL_BASES.get(scenario.legal_basis, Text(scenario.legal_basis, scenario.legal_basis))
    return Text(
        "The scenario doesn't stand on consent but on: {basis}.", "该应用场景并非基于个人同意，而是：{basis}。"
    ).fmt(basis=basis)


@rule(
    "frm-06-withdrawal",
    cites=[FRM(6), PIPL(15), PIPL(47)],
    layer="law",
    title=Text("Stop and delete after consent was withdrawn", "撤回同意后停止处理并删除人脸信息"),
    kind="case",
    obligation=["FR-06c"],
    trigger=Text("A person withdraws consent.", "个人撤回同意。"),
    due=PROMPTLY,
    exemption=Text(
        "The processing is necessary for the service (PIPL 16); or a statutory retention period runs: then the"
        " information is only stored and protected (PIPL 47); or another basis than consent.",
        "属于提供产品或者服务所必需（个保法第十六条）；法定保存期限未届满，仅存储并采取安全保护措施（个保法第四十七条）；"
        "或者具有同意以外的合法性基础。",
    ),
    evidence=Text("The proof that the face information was deleted.", "删除人脸信息的证明。"),
)
def withdrawal(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Met by the proof of deletion; an answer alone is no deletion."""
    for case, scenario in cases(facts, "withdrawal"):
        basis = other_basis(scenario)
        if case.is_deletion_proved:
            yield done(case, Text("The deletion is proved.", "已有删除证明。") + answered(case))
        elif case.exemption and case.exemption != "unfounded":
            yield exempt(case, exemption(case))
        elif basis:
            yield exempt(case, basis)
        elif case.exemption and case.answered_on:
            yield done(case, exemption(case) + answered(case))
        else:
            yield waiting(
                case,
                answered(case) + Text("The deletion isn't proved.", "尚无删除证明。"),
                Text(
                    "Stop the processing, delete the face information and record the proof.",
                    "请停止处理、删除人脸信息并登记证明。",
                ),
            )


@rule(
    "frm-10-refusal",
    cites=[FRM(10)],
    layer="law",
    title=Text(
        "Offer another reasonable and convenient way to a person who refuses", "为拒绝的个人提供其他合理且便捷的方式"
    ),
    kind="case",
    obligation=["FR-10b"],
    trigger=Text("A person refuses face recognition.", "个人不同意通过人脸识别方式进行身份验证。"),
    due=Text("At once; the law counts no days.", "立即；法律未规定天数。"),
    exemption=Text(
        "A State rule prescribes FR, cited in the scenario; or the Measures don't apply.",
        "国家另有规定（应用场景中已引用）；或者不适用《办法》。",
    ),
    evidence=Text("The other way that was used.", "实际采用的其他方式。"),
)
def refusal(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Met by the other way that the person took."""
    for case, scenario in cases(facts, "refusal"):
        if scenario is not None and not scenario.in_scope:
            continue
        if case.other_way:
            yield done(case, Text("Another way was used: {way}.", "已采用其他方式：{way}。").fmt(way=case.other_way))
        elif scenario is not None and scenario.state_rule:
            ground = Text("A State rule prescribes FR here: {rule}.", "国家另有规定须使用人脸识别：{rule}。")
            yield exempt(case, ground.fmt(rule=scenario.state_rule))
        else:
            yield waiting(
                case,
                Text("No other way is on record.", "尚未登记其他方式。"),
                Text("Offer another way and record which one was used.", "请提供其他方式并登记实际采用的方式。"),
            )


@rule(
    "frm-16-inspection",
    cites=[FRM(16), PIPL(63)],
    layer="law",
    title=Text("Cooperate with the supervision and inspection", "配合监督检查"),
    kind="case",
    obligation=["FR-16"],
    trigger=Text(
        "An authority inspects, asks or orders an audit. The whole text of FRM Art 16 was not at hand; PIPL Art 63"
        " carries the duty in any case.",
        "监管部门检查、问询或者要求审计。本系统未取得《办法》第十六条全文，该义务另有个保法第六十三条为据。",
    ),
    due=Text("The date that the authority sets.", "监管部门指定的日期。"),
    exemption=NO_EXEMPTION,
    evidence=Text("The file of the inspection with the answer.", "检查案卷及答复。"),
)
def inspection(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Met by the answer; without a date of the authority there is no clock."""
    for case, _scenario in cases(facts, "inspection"):
        why = received(case)
        if case.due_on:
            why += Text("The authority set {day}.", "监管部门指定{day}。").fmt(day=day_text(case.due_on))
        else:
            why += Text("No date of the authority is on record.", "未登记监管部门指定的日期。")
        yield Claim(
            subject=f"case:{case.ref}",
            state="met" if case.answered_on else "open",
            why=why + answered(case),
            arose_on=case.received_on,
            reckoning=by_day(calendar, case.due_on) if case.due_on else None,
            met_on=case.answered_on,
            remedy=None
            if case.answered_on
            else Text("Answer the authority and record the day.", "请答复监管部门并登记日期。"),
        )


@rule(
    "frm-17-complaint",
    cites=[FRM(17), PIPL(50), PIPL(65), NDR(20)],
    layer="law",
    title=Text("Handle the complaint or report", "处理投诉、举报"),
    kind="case",
    obligation=["FR-17"],
    trigger=Text(
        "A complaint or report is received. The text of FRM Art 17 was not at hand; PIPL Arts 50 and 65 and NDR Art 20"
        " carry the duty in any case.",
        "收到投诉、举报。本系统未取得《办法》第十七条原文，该义务另有个保法第五十条、第六十五条和网络数据条例第二十条为据。",
    ),
    due=PROMPTLY,
    exemption=NO_EXEMPTION,
    evidence=Text("The register of complaints with the answer.", "投诉登记及答复。"),
)
def complaint(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Met by the answer."""
    for case, _scenario in cases(facts, "complaint"):
        if case.answered_on:
            yield done(case, answered(case))
        else:
            yield waiting(
                case,
                Text("It isn't answered.", "尚未答复。"),
                Text("Look into the complaint, answer it and record the day.", "请核查、答复并登记日期。"),
            )


@rule(
    "pipl-16-no-refusal",
    cites=[PIPL(16)],
    layer="law",
    title=Text("Don't refuse the service for want of consent", "不得以不同意为由拒绝提供产品或者服务"),
    kind="case",
    obligation=["PI-16"],
    trigger=Text(
        "A complaint says that the service was refused after a refusal or withdrawal of consent.",
        "投诉称因不同意或者撤回同意而被拒绝提供产品或者服务。",
    ),
    due=Text("At once; the law counts no days.", "立即；法律未规定天数。"),
    exemption=Text(
        "The processing is necessary to provide the product or service; or another basis than consent.",
        "处理个人信息属于提供产品或者服务所必需；或者具有同意以外的合法性基础。",
    ),
    evidence=Text(
        "The answer: the service was provided, or why FR is necessary.", "答复：已提供服务，或说明必需的理由。"
    ),
)
def service_refused(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Beside the complaint itself: what it says would be unlawful, and is put right or found to be wrong."""
    for case, scenario in cases(facts, "complaint"):
        if case.category != "service_refused":
            continue
        basis = other_basis(scenario)
        if case.exemption == "necessary":
            yield exempt(case, exemption(case))
        elif basis:
            yield exempt(case, basis)
        elif case.answered_on:
            yield done(case, answered(case))
        else:
            yield waiting(
                case,
                Text(
                    "The complaint says that the service was refused for want of consent.",
                    "投诉称因不同意而被拒绝提供服务。",
                ),
                Text(
                    "Provide the service another way, or record why FR is necessary for it.",
                    "请以其他方式提供服务，或说明人脸识别属于必需的理由。",
                ),
            )


@rule(
    "pipl-44-rights",
    cites=[*(PIPL(number) for number in range(44, 51)), PIPL(24), NDR(23)],
    layer="law",
    title=Text("Fulfil the person's request", "响应个人行使权利的请求"),
    kind="case",
    obligation=["PI-44"],
    trigger=Text(
        "A request for access or a copy, correction, deletion, transfer, explanation, by relatives of a deceased"
        " person, or about an automated decision.",
        "查阅、复制、更正补充、删除、转移、解释说明、死者近亲属的请求，或者针对自动化决策的请求。",
    ),
    due=PROMPTLY,
    exemption=Text(
        "Secrecy or no notice by law (PIPL 18, 35); a statutory retention period runs (PIPL 47). A request that isn't"
        " founded is answered with the reasons.",
        "依法应当保密或者不需要告知（个保法第十八、三十五条）；法定保存期限未届满（个保法第四十七条）。请求不成立的，"
        "说明理由。",
    ),
    evidence=Text("The answer; for a deletion its proof.", "答复；删除请求须有删除证明。"),
)
def rights(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Met by the answer, a deletion by its proof; a refusal needs its reasons."""
    for case, _scenario in cases(facts, *ASKED_UNDER_RIGHTS):
        is_deletion = case.kind == "deletion"
        if case.exemption == "unfounded":
            if case.answered_on:
                yield done(case, exemption(case) + answered(case))
            else:
                yield waiting(case, exemption(case), Text("Tell the person the reasons.", "请向个人说明理由。"))
        elif case.exemption:
            yield exempt(case, exemption(case))
        elif case.is_deletion_proved if is_deletion else case.answered_on:
            yield done(case, answered(case))
        elif is_deletion:
            yield waiting(
                case,
                answered(case) + Text("The deletion isn't proved.", "尚无删除证明。"),
                Text("Delete the information and record the proof.", "请删除信息并登记证明。"),
            )
        else:
            yield waiting(
                case,
                Text("It isn't answered.", "尚未答复。"),
                Text("Fulfil the request, or tell the reasons why not.", "请办理该请求，或说明不予办理的理由。"),
            )


@rule(
    "default-case-reply",
    cites=[DEFAULT("case-reply"), PIPL(50), NDR(23)],
    layer="default",
    title=Text("Answer within the own target", "在自定目标期限内答复"),
    kind="case",
    obligation=["FR-06c", "FR-10b", "FR-17", "PI-44"],
    trigger=Text("Any case of a person; not the inquiry of an authority.", "个人提出的各类事项；监管部门的问询除外。"),
    due=Text(
        "The PIP's own number of working days after the day of receipt. The law says promptly and counts no days.",
        "收到之日后的自定工作日数。法律要求“及时”，未规定天数。",
    ),
    exemption=NO_LAW,
    evidence=Text("The day of the answer.", "答复日期。"),
    parameters=[
        Parameter(
            Text("Own target, set for each PIP", "自定目标期限（按处理者设定）"),
            Text("15 working days unless changed", "默认15个工作日"),
            "default",
        )
    ],
)
def reply(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """A date for every case of a person, so that promptly doesn't mean never."""
    for case in facts.cases:
        if case.kind in OF_AUTHORITIES:
            continue
        reckoning = counted(calendar.add, case.received_on, max(facts.reply_days, 1))
        why = received(case) + Text(
            "The own target is {days} working days; the law says promptly and counts no days.",
            "自定目标期限为{days}个工作日；法律要求“及时”，未规定天数。",
        ).fmt(days=facts.reply_days)
        if reckoning is None:
            why += NO_CALENDAR
        yield Claim(
            subject=f"case:{case.ref}",
            state="met" if case.answered_on else "open",
            why=why + answered(case),
            arose_on=case.received_on,
            reckoning=reckoning,
            met_on=case.answered_on,
            remedy=None if case.answered_on else Text("Answer and record the day.", "请答复并登记日期。"),
        )
