"""What a change of a filed fact weighs: the table of watched items (LAW.md 2.9).

FRM Art 15 asks for a change filing where what was filed changes substantially, and no law says what substantial is.
Every weight here is therefore a default of this portal: it is what the portal proposes, and a person decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from portal.law import change_weights, enums
from portal.law.change_weights import Value, Weight
from portal.law.duties import Layer
from portal.law.sources import ANNOUNCEMENT, DEFAULT, FRM, Cite
from portal.law.text import Text

Kind = Literal[
    "text", "choice", "choices", "yes_no", "day", "number", "names", "places", "ways", "consent", "vendors", "controls"
]

LAYER: Layer = "default"
CITES: tuple[Cite, ...] = (FRM(15), ANNOUNCEMENT(), DEFAULT("substantial-change"))


@dataclass(frozen=True, slots=True)
class Also:
    """What else a change brings: the rule whose duty it is, where one carries it, and the words."""

    text: Text
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One filed fact of an item: its name, its words, and how its value is put into words."""

    name: str
    label: Text
    kind: Kind = "text"
    words: Mapping[str, Text] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A watched item: the facts it is made of, its default weight, and what else its change brings."""

    code: str
    title: Text
    weight: Weight
    parts: tuple[Part, ...]
    also: tuple[Also, ...] = ()
    # Where the weight hangs on the direction of the change, in words and as a function of the two values.
    direction: Text | None = None
    weigh: Callable[[Value, Value], Weight] | None = None
    is_of_pip: bool = False
    # Where not every difference is a change.
    differs: Callable[[Value, Value], bool] | None = None


NEW_PIPIA = Also(Text("assess the impact again", "重新进行影响评估"), "frm-09-pipia-again")
FIRST_PIPIA = Also(Text("assess the impact of the new scenario", "对新增场景进行影响评估"), "frm-09-pipia-before-use")
NEW_CONSENT = Also(Text("obtain consent anew", "重新取得个人同意"), "pipl-14-new-consent")
NEW_NOTICE = Also(Text("tell people of the change", "告知个人变更事项"), "frm-05-notice-change")
CONTRACTS = Also(Text("contract with the vendor or recipient", "与受托方、接收方订立合同"), "pipl-21-contracts")
CROSS_BORDER = Also(Text("have a mechanism for the transfer abroad", "具备数据出境合法机制"), "pipl-38-cross-border")
STORAGE = Also(Text("prove the exception for storage outside the device", "证明存储例外情形"), "frm-08-storage")
OFFICER = Also(
    Text("report the new officer, above 1,000,000 persons", "达到100万人的，报送负责人变更信息"), "cac-officer-report"
)
THRESHOLD = Also(Text("appoint and report an officer at 1,000,000 persons", "达到100万人的，指定并报送负责人"))
BOTH_OFFICES = Also(
    Text(
        "ask the cyberspace authorities of both provinces: a cancellation and a new filing may be due",
        "向两地省级网信部门咨询，可能需要注销备案并重新备案",
    ),
)
CHILDREN = Also(Text("obtain the guardian's consent for under 14s", "取得监护人同意"), "frm-07-guardian-consent")
CANCELLATION = Also(
    Text("cancel the filing where no scenario remains", "不再有应用场景的，办理注销备案"), "frm-15-cancel"
)
INCIDENT = Also(Text("handle the incident", "处置安全事件"), "pipl-57-incident")


def _text(name: str, en: str, zh: str) -> Part:
    return Part(name, Text(en, zh))


ORGANISATION_TYPES = {
    "enterprise": Text("enterprise", "企业"),
    "institution": Text("public institution", "事业单位"),
    "authority": Text("government body", "机关"),
    "association": Text("social organisation", "社会组织"),
    "other": Text("other", "其他"),
}
PROVINCES = {code: one.name for code, one in enums.PROVINCES.items()}
SCENARIO_STATES = {
    "absent": Text("not filed, not in use", "未备案、未使用"),
    "in_use": Text("in use", "使用中"),
    "ended": Text("ended", "已终止"),
    "out_of_scope": Text("the Measures don't apply", "不适用《办法》"),
}

ITEMS: tuple[Item, ...] = (
    Item(
        "identity",
        Text("Name, credit code or legal form of the PIP", "个人信息处理者的名称、统一社会信用代码或组织形式"),
        "substantial",
        (
            _text("name", "Name", "名称"),
            _text("uscc", "Unified social credit code", "统一社会信用代码"),
            Part("organisation_type", Text("Type of organisation", "单位性质"), "choice", ORGANISATION_TYPES),
        ),
        (NEW_NOTICE,),
        is_of_pip=True,
    ),
    Item(
        "province",
        Text("Registered province", "注册地所在省份"),
        "substantial",
        (Part("province", Text("Registered province", "注册地所在省份"), "choice", PROVINCES),),
        (BOTH_OFFICES,),
        is_of_pip=True,
    ),
    Item(
        "representative",
        Text("Legal representative or person in charge", "法定代表人或负责人"),
        "ask",
        (_text("legal_representative", "Legal representative", "法定代表人或负责人"),),
        is_of_pip=True,
    ),
    Item(
        "officer",
        Text("PI protection officer", "个人信息保护负责人"),
        "ask",
        (_text("officer_name", "PI protection officer", "个人信息保护负责人"),),
        (OFFICER,),
        is_of_pip=True,
    ),
    Item(
        "contact",
        Text("Agent, contact or address only", "仅变更经办人、联系方式或地址"),
        "minor",
        (
            _text("legal_representative_title", "Title of the legal representative", "法定代表人职务"),
            _text("agent_name", "Agent", "经办人"),
            _text("agent_department", "Department of the agent", "经办人所在部门"),
            _text("agent_mobile", "Mobile of the agent", "经办人手机"),
            _text("agent_email", "E-mail of the agent", "经办人电子邮箱"),
            _text("officer_phone", "Phone of the officer", "负责人电话"),
            _text("officer_email", "E-mail of the officer", "负责人电子邮箱"),
            _text("registered_address", "Registered address", "注册地址"),
            _text("office_address", "Office address", "办公地址"),
        ),
        is_of_pip=True,
    ),
    Item(
        "persons",
        Text("Number of persons stored", "存储的人脸信息人数"),
        "ask",
        (Part("persons", Text("Persons stored", "存储人数"), "number"),),
        (THRESHOLD,),
        Text(
            "noticed from 20 percent more or fewer on, and past 500,000 or 1,000,000",
            "增减达到20%，或者越过50万人、100万人时提示",
        ),
        is_of_pip=True,
        differs=change_weights.persons_differ,
    ),
    Item(
        "procedures",
        Text("Internal rules and operating procedures", "内部管理制度和操作规程"),
        "ask",
        (
            Part("rules_on", Text("Rules of", "制度日期"), "day"),
            _text("rules_reference", "Number", "编号"),
        ),
        is_of_pip=True,
    ),
    Item(
        "scenario",
        Text("Scenario added or ended", "新增或终止应用场景"),
        "substantial",
        (Part("state", Text("Scenario", "应用场景"), "choice", SCENARIO_STATES),),
        (FIRST_PIPIA, CANCELLATION),
    ),
    Item(
        "purpose",
        Text("Purpose of processing", "处理目的"),
        "substantial",
        (
            _text("purpose", "Purpose", "处理目的"),
            _text("other_use", "Other use of what is captured in public places", "公共场所采集信息的其他用途"),
        ),
        (NEW_PIPIA, NEW_CONSENT, NEW_NOTICE),
    ),
    Item(
        "method",
        Text("Method of processing", "处理方式"),
        "substantial",
        (Part("function", Text("Verification or identification", "验证或者辨识"), "choice", enums.FUNCTIONS),),
        (NEW_PIPIA, NEW_CONSENT, NEW_NOTICE),
    ),
    Item(
        "equipment",
        Text("Makes and models of the devices", "设备品牌和型号"),
        "ask",
        (Part("devices", Text("Makes and models", "品牌和型号"), "names"),),
        (NEW_PIPIA,),
        Text("substantial where it is a new way of collecting", "属于新的采集方式的，为实质性变更"),
    ),
    Item(
        "places",
        Text("Provinces and kinds of places of use", "使用场所的省份和类型"),
        "ask",
        (Part("places", Text("Places", "使用场所"), "places"),),
        (NEW_PIPIA,),
        Text("one more place of the same kind in the same province is no change", "同省同类型场所增减不作提示"),
    ),
    Item(
        "subjects",
        Text("Kinds of persons concerned", "涉及人群"),
        "substantial",
        (
            Part("subject_groups", Text("Groups", "人群类别"), "choices", enums.SUBJECT_GROUPS),
            _text("subjects", "In words", "文字说明"),
        ),
        (CHILDREN, NEW_PIPIA),
    ),
    Item(
        "storage",
        Text("Mode of storage and transmission over the internet", "存储方式和互联网传输"),
        "substantial",
        (
            Part("storage_mode", Text("Mode of storage", "存储方式"), "choice", enums.STORAGE_MODES),
            Part("sends_over_internet", Text("Transmission over the internet", "互联网传输"), "yes_no"),
            Part("storage_exception", Text("Exception", "例外情形"), "choice", enums.STORAGE_EXCEPTIONS),
            _text("storage_exception_basis", "Basis of the exception", "例外情形依据"),
        ),
        (STORAGE, NEW_PIPIA),
        Text(
            "substantial from the device to a server or cloud, or out over the internet; else to be judged",
            "由设备转为服务器或云端存储，或者通过互联网传输的，为实质性变更；其他情形需判断",
        ),
        change_weights.storage,
    ),
    Item(
        "retention",
        Text("Retention period", "保存期限"),
        "substantial",
        (
            _text("retention", "Retention period", "保存期限"),
            Part("retention_ends_on", Text("End of retention", "保存期限届满日"), "day"),
        ),
        (NEW_NOTICE, NEW_CONSENT),
        Text(
            "substantial where longer, minor where shorter; to be judged where they can't be compared",
            "延长的为实质性变更，缩短的为一般变更；无法比较的需判断",
        ),
        change_weights.retention,
    ),
    Item(
        "vendors",
        Text("Vendors and recipients", "受托方、供应商和接收方"),
        "substantial",
        (
            Part("vendors", Text("Vendors and recipients", "受托方、供应商和接收方"), "vendors"),
            _text("supplier", "Supplier of the FR system", "人脸识别系统供应商"),
        ),
        (CONTRACTS, NEW_CONSENT, NEW_PIPIA),
        Text("substantial where one is new; to be judged where one has left", "新增的为实质性变更；退出的需判断"),
        change_weights.vendors,
    ),
    Item(
        "overseas",
        Text("Access or transfer abroad", "境外访问或者向境外提供"),
        "substantial",
        (
            Part("cross_border", Text("Abroad", "向境外提供"), "yes_no"),
            _text("cross_border_recipient", "Recipient abroad", "境外接收方"),
            Part("cross_border_mechanism", Text("Mechanism", "出境机制"), "choice", enums.CROSS_BORDER_MECHANISMS),
        ),
        (CROSS_BORDER, NEW_CONSENT, NEW_PIPIA),
        Text("substantial while there is any; to be judged where it has stopped", "存在的为实质性变更；停止的需判断"),
        change_weights.overseas,
    ),
    Item(
        "protection",
        Text("Protection measures and MLPS", "保护措施和网络安全等级保护"),
        "substantial",
        (
            Part("controls", Text("Five families of measures", "五类保护措施"), "controls"),
            _text("protection", "In words", "文字说明"),
            Part("mlps", Text("MLPS", "等级保护"), "controls"),
        ),
        (NEW_PIPIA,),
        Text(
            "substantial where weakened; minor where strengthened or tested again; else to be judged",
            "削弱的为实质性变更；加强或者重新测评的为一般变更；其他情形需判断",
        ),
        change_weights.protection,
    ),
    Item(
        "rules",
        Text("Processing rules of the scenario", "应用场景的处理规则"),
        "ask",
        (
            Part("legal_basis", Text("Legal basis", "合法性基础"), "choice", enums.LEGAL_BASES),
            _text("necessity", "Necessity", "必要性"),
            Part("alternatives", Text("Other ways than FR", "替代方式"), "ways"),
            _text("alternative", "Other way in words", "替代方式说明"),
            _text("state_rule", "State rule that prescribes FR", "国家规定"),
            Part("consent", Text("Consent", "同意方式"), "consent"),
            _text("deletion_method", "Way of deleting", "删除方式"),
            Part("automated_decision", Text("Automated decision", "自动化决策"), "yes_no"),
            Part("notice", Text("Version of the notice", "告知文本版本"), "number"),
        ),
        (NEW_NOTICE,),
    ),
    Item(
        "incident",
        Text("New impact assessment after a major incident", "发生重大安全事件后重新进行的影响评估"),
        "substantial",
        (_text("assessment", "Impact assessment", "影响评估"),),
        (INCIDENT,),
    ),
)
BY_CODE: dict[str, Item] = {item.code: item for item in ITEMS}


def weight_of(code: str, old: Value, new: Value) -> Weight:
    """What the portal proposes for a change of this item from one value to another."""
    item = BY_CODE[code]
    return item.weigh(old, new) if item.weigh else item.weight


def has_changed(code: str, old: Value, new: Value) -> bool:
    """Whether the new value is a change of the old one; a fact that the old value doesn't have isn't compared."""
    item = BY_CODE[code]
    if item.differs:
        return bool(old) and item.differs(old, new)
    return any(new.get(name) != value for name, value in old.items())
