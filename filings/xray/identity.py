"""Names and codes: the same in the register, on the forms and on every scan."""

from collections.abc import Iterator

from filings.papers import ORGANISATION, same
from filings.xray.inputs import Dossier
from filings.xray.registry import Found, Place, check
from portal.law.enums import PROVINCES
from portal.law.identifiers import MOBILE, normalise_uscc, uscc_problem
from portal.law.sources import ANNOUNCEMENT, DEFAULT
from portal.law.text import Text

NATIONAL = "10"  # registered with the State's own office: the code names no province
DIFFERS = Text("{paper} says {scan}, the register says {register}.", "{paper}为“{scan}”，台账为“{register}”。")


@check(
    "uscc",
    "identity",
    "error",
    DEFAULT("xray"),
    en="The code's check character is right",
    zh="统一社会信用代码校验位正确",
)
def uscc(dossier: Dossier) -> Iterator[Found]:
    if problem := uscc_problem(dossier.pip.uscc):
        text = Text("The unified social credit code isn't valid.", "统一社会信用代码无效。")
        yield Found(text + problem, Place("pip"))


@check(
    *("name-differs", "identity", "error", DEFAULT("xray")),
    en="Every paper has the name of the register",
    zh="各材料单位名称与台账一致",
)
def name_differs(dossier: Dossier) -> Iterator[Found]:
    for paper, facts in dossier.scans(*ORGANISATION):
        if facts.name and not same(facts.name, dossier.pip.name):
            values = {"paper": paper.title, "scan": facts.name, "register": dossier.pip.name}
            yield Found(DIFFERS.fmt(**values), Place("read", paper.pk))


@check(
    *("uscc-differs", "identity", "error", DEFAULT("xray")),
    en="Every paper has the code of the register",
    zh="各材料统一社会信用代码与台账一致",
)
def uscc_differs(dossier: Dossier) -> Iterator[Found]:
    for paper, facts in dossier.scans(*ORGANISATION):
        if facts.uscc and normalise_uscc(facts.uscc) != dossier.pip.uscc:
            values = {"paper": paper.title, "scan": facts.uscc, "register": dossier.pip.uscc}
            yield Found(DIFFERS.fmt(**values), Place("read", paper.pk))


@check(
    *("representative-differs", "identity", "error", DEFAULT("xray")),
    en="The representative's document is the representative's",
    zh="法定代表人证件与台账一致",
)
def representative_differs(dossier: Dossier) -> Iterator[Found]:
    expected = dossier.pip.legal_representative
    for paper, facts in dossier.scans("representative-id"):
        if facts.name and expected and not same(facts.name, expected):
            values = {"paper": paper.title, "scan": facts.name, "register": expected}
            yield Found(DIFFERS.fmt(**values), Place("read", paper.pk))


@check(
    *("agent-differs", "identity", "error", DEFAULT("xray")),
    en="Form, document and power of attorney name the same agent",
    zh="经办人在表格、证件和授权委托书中一致",
)
def agent_differs(dossier: Dossier) -> Iterator[Found]:
    expected = dossier.pip.agent_name
    for paper, facts in dossier.scans("agent-id", "power-of-attorney"):
        named = facts.name if paper.code == "agent-id" else facts.agent
        if named and expected and not same(named, expected):
            values = {"paper": paper.title, "scan": named, "register": expected}
            yield Found(DIFFERS.fmt(**values), Place("read", paper.pk))


@check(
    *("province", "identity", "warning", ANNOUNCEMENT(), DEFAULT("xray")),
    en="The authority is that of the place of registration",
    zh="备案机关与登记地一致",
)
def province(dossier: Dossier) -> Iterator[Found]:
    """Characters 3 to 8 of the code name the district of the registry; an address begins with its province."""
    pip = dossier.pip
    own, coded = PROVINCES[dossier.province], pip.uscc[2:4]
    if coded != dossier.province and coded != NATIONAL and coded in PROVINCES:
        text = Text(
            "The dossier goes to {authority}, but the code was given in {other}.",
            "备案机关为{authority}，但统一社会信用代码的登记管理机关位于{other}。",
        )
        yield Found(text.fmt(authority=own.authority, other=PROVINCES[coded].short), Place("pip", None, "province"))
    named = next(
        (one for code, one in PROVINCES.items() if pip.registered_address.startswith(one.short.zh) and one is not own),
        None,
    )
    if named:
        text = Text(
            "The dossier goes to {authority}, but the registered address lies in {other}.",
            "备案机关为{authority}，但注册地址位于{other}。",
        )
        yield Found(text.fmt(authority=own.authority, other=named.short), Place("pip", None, "registered_address"))


@check("mobile", "identity", "warning", DEFAULT("xray"), en="The agent can be called", zh="经办人手机号码有效")
def mobile(dossier: Dossier) -> Iterator[Found]:
    number = dossier.pip.agent_mobile
    if number and not MOBILE.fullmatch(number.strip()):
        text = Text("The mobile number of the agent isn't one: {number}.", "经办人手机号码格式有误：{number}。")
        yield Found(text.fmt(number=number), Place("pip", None, "agent_mobile"))
