"""Other organisations that take part, and transfer abroad (PIPL 20, 21, 23, 38, 39)."""

from collections.abc import Iterator

from portal.law.duties import Claim
from portal.law.enums import CROSS_BORDER_MECHANISMS, ENGAGEMENT_ROLES
from portal.law.facts import EngagementFacts, PipFacts, ScenarioFacts
from portal.law.registry import Parameter, rule
from portal.law.rules.shapes import exempt, listed, met, missing, subject, under_pipl
from portal.law.rules.wording import day_text
from portal.law.sources import NDR, PIPL
from portal.law.text import Text
from portal.law.workdays import Workdays

# law: NDR Art 12.
RECORD_YEARS = 3


@rule(
    "pipl-21-contracts",
    cites=[PIPL(21), PIPL(20), PIPL(23), NDR(12)],
    layer="law",
    title=Text("Contract with and supervise vendors and recipients", "与受托方、共同处理者和接收方订立合同并监督"),
    kind="vendor",
    obligation=["PI-20"],
    trigger=Text(
        "A vendor or recipient with access to face information is added.", "增加可接触人脸信息的受托方或者接收方。"
    ),
    due=Text("Before anything is handed over; supervision all the time.", "提供之前订立；持续监督。"),
    exemption=Text("Suppliers without access to face information.", "不接触人脸信息的供应商。"),
    evidence=Text("Contract, log of supervision, record of what was transferred.", "合同、监督记录和提供记录。"),
    parameters=[
        Parameter(Text("Records kept", "记录保存期限"), Text(f"{RECORD_YEARS} years", f"{RECORD_YEARS}年"), "law")
    ],
)
def contracts(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Purpose, period, method, kind and protection stand in a contract, and whoever is entrusted is supervised."""
    for scenario in under_pipl(facts):
        parties = [one for one in scenario.engagements if _has_access(one) and one.ended_on is None]
        if not parties:
            continue
        bare = [one for one in parties if one.contract_on is None]
        lapsed = [one for one in parties if one.contract_on and facts.is_past(one.contract_ends_on)]
        unwatched = [one for one in parties if one.role == "entrusted" and one.supervised_on is None]
        if bare or lapsed:
            yield missing(
                scenario,
                _named(Text("Without a contract: {parties}.", "尚未订立合同：{parties}。"), bare)
                + _named(Text("The contract has run out: {parties}.", "合同已到期：{parties}。"), lapsed),
                Text("Sign or renew the contract, or end the engagement.", "请订立或者续签合同，或者终止合作。"),
            )
        elif unwatched and scenario.is_live:
            yield missing(
                scenario,
                _named(Text("Never supervised: {parties}.", "尚未实施监督：{parties}。"), unwatched),
                Text("Look at how they process, and record it.", "请对其处理活动进行监督并登记。"),
            )
        else:
            yield met(
                scenario,
                _named(Text("Contracts are in force with: {parties}.", "合同有效：{parties}。"), parties),
                on=max((one.contract_on for one in parties if one.contract_on), default=None),
            )


@rule(
    "pipl-21-return",
    cites=[PIPL(21)],
    layer="law",
    title=Text("Have face information returned or deleted at the end", "委托终止后返还或者删除人脸信息"),
    kind="vendor",
    obligation=["PI-20"],
    trigger=Text("An entrusted processor's part ends.", "委托处理终止。"),
    due=Text("At the end; the law counts no days.", "终止之时；法律未规定天数。"),
    exemption=Text("Those who were not entrusted with face information.", "未受托处理人脸信息的。"),
    evidence=Text("A receipt of the return, or a proof of deletion.", "返还凭证或者删除证明。"),
)
def returned(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Whoever was entrusted keeps nothing; this stays owed after the scenario itself has ended."""
    for scenario in under_pipl(facts):
        ended = [one for one in scenario.engagements if one.role == "entrusted" and one.ended_on]
        if ended:
            yield _return_claim(scenario, ended)


@rule(
    "pipl-38-cross-border",
    cites=[PIPL(38), PIPL(39), NDR(35)],
    layer="law",
    title=Text(
        "Have a mechanism and separate consent for transfer abroad", "向境外提供人脸信息须具备法定条件并取得单独同意"
    ),
    kind="vendor",
    obligation=["PI-39"],
    trigger=Text("Face information is stored or can be accessed abroad.", "人脸信息存储于境外或者可从境外访问。"),
    due=Text("Before the transfer.", "向境外提供之前。"),
    exemption=Text("The cases of NDR Art 35.", "《网络数据安全管理条例》第三十五条规定的情形。"),
    evidence=Text(
        "The number of the assessment, the filed contract or the certificate.",
        "安全评估、标准合同备案或者认证的编号。",
    ),
    parameters=[Parameter(Text("Mechanisms", "法定条件"), listed(CROSS_BORDER_MECHANISMS.values()), "law")],
)
def cross_border(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """An assessment, a filed standard contract or a certificate; on consent, separate consent to just this."""
    for scenario in under_pipl(facts):
        abroad = [one for one in scenario.engagements if one.is_overseas and _has_access(one) and not one.ended_on]
        if not (scenario.cross_border or abroad):
            continue
        gaps = _transfer_gaps(scenario)
        mechanism = CROSS_BORDER_MECHANISMS.get(scenario.cross_border_mechanism)
        if gaps or mechanism is None:
            yield missing(
                scenario,
                _named(Text("Abroad: {parties}.", "境外方：{parties}。"), abroad)
                + Text("Transfer abroad without: {gaps}.", "向境外提供尚缺：{gaps}。").fmt(gaps=listed(gaps)),
                Text("Complete the mechanism first, or end the transfer.", "请先具备法定条件，或者停止向境外提供。"),
            )
        elif scenario.cross_border_mechanism == "exempt":
            yield exempt(scenario, Text("Exempt under NDR Art 35.", "依《网络数据安全管理条例》第三十五条免予办理。"))
        else:
            why = Text("{mechanism}: {number}.", "{mechanism}：{number}。")
            yield met(scenario, why.fmt(mechanism=mechanism, number=scenario.cross_border_number))


def _has_access(engagement: EngagementFacts) -> bool:
    return engagement.role != "supplier"


def _named(sentence: Text, parties: list[EngagementFacts]) -> Text:
    """The sentence with its parties and their roles; nothing if there are none."""
    if not parties:
        return Text("", "")
    roles = [ENGAGEMENT_ROLES.get(one.role, Text(one.role, one.role)) for one in parties]
    names = listed(
        Text(f"{one.vendor} ({role.en.lower()})", f"{one.vendor}（{role.zh}）")
        for one, role in zip(parties, roles, strict=True)
    )
    return sentence.fmt(parties=names)


def _return_claim(scenario: ScenarioFacts, ended: list[EngagementFacts]) -> Claim:
    kept = [one for one in ended if one.returned_on is None]
    ends = [one.ended_on for one in (kept or ended) if one.ended_on]
    if not kept:
        returned_on = max(one.returned_on for one in ended if one.returned_on)
        why = _named(Text("Returned or deleted: {parties}.", "已返还或者删除：{parties}。"), ended)
        return Claim(subject=subject(scenario), state="met", why=why, arose_on=min(ends), met_on=returned_on)
    why = Text("Since {day} no return and no deletion is proved.", "自{day}起尚未证明已返还或者删除。")
    return Claim(
        subject=subject(scenario),
        state="open",
        why=_named(Text("Ended: {parties}.", "委托已终止：{parties}。"), kept) + why.fmt(day=day_text(min(ends))),
        arose_on=min(ends),
        remedy=Text("Have it returned or deleted and record the proof.", "请要求返还或者删除并登记证明。"),
    )


def _transfer_gaps(scenario: ScenarioFacts) -> list[Text]:
    """What is missing: the mechanism, its number, or on the basis of consent the separate consent (PIPL Art 39)."""
    has_mechanism = scenario.cross_border_mechanism in CROSS_BORDER_MECHANISMS
    needs_number = has_mechanism and scenario.cross_border_mechanism != "exempt"
    has_consent = scenario.consent is not None and scenario.consent.covers_cross_border
    needed = (
        (has_mechanism, Text("a mechanism", "法定条件")),
        (not needs_number or scenario.cross_border_number, Text("the number of the mechanism", "法定条件的编号")),
        (scenario.legal_basis != "consent" or has_consent, Text("separate consent", "单独同意")),
    )
    return [name for is_there, name in needed if not is_there]
