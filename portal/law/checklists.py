"""What a filing needs: the materials of each kind of filing, and the fields of the two forms as data.

The official first-edition forms were not available; the fields are built from FRM Art 15 and the announcements, and
every export of them says so (LAW.md 2.3, 2.5). No list of materials for a change or a cancellation is published:
theirs are the portal's default (LAW.md 2.9), as are the days of the authority's answer (LAW.md 2.7).
"""

from dataclasses import dataclass, replace
from typing import Literal

from portal.law.duties import Layer
from portal.law.facts import FilingKind
from portal.law.sources import ANNOUNCEMENT, DEFAULT, FRM, PIPL, PRACTICE, Cite
from portal.law.text import Text

Generated = Literal[
    "basic-information",
    "application",
    "commitment",
    "power-of-attorney",
    "change-table",
    "cancellation-application",
    "disposal-statement",
]

WORKING_SHEET = Text("Working sheet, not the official form", "工作底稿，非官方表格")
MATERIALS_CITES: tuple[Cite, ...] = (FRM(15), ANNOUNCEMENT(), PRACTICE("materials"))
FORMS_CITES: tuple[Cite, ...] = (FRM(15), DEFAULT("forms"))


@dataclass(frozen=True, slots=True)
class Material:
    """One material of the dossier; `generated` names the document the portal fills, `seal` says when it is sealed."""

    code: str
    number: int
    title: Text
    form: Text
    needs_seal: bool = False
    seal: Text | None = None
    is_sensitive: bool = False
    generated: Generated | None = None
    required: bool = True


ELECTRONIC = Text("Electronic", "电子版")
SCAN = Text("Scan", "扫描件")
SEALED = Text("Sealed by the PIP", "加盖公章")

MATERIALS: tuple[Material, ...] = (
    Material(
        "basic-information",
        1,
        Text("Basic information form of the PIP", "个人信息处理者基本情况表"),
        ELECTRONIC,
        generated="basic-information",
    ),
    Material(
        "application",
        2,
        Text("FR application filing form", "人脸识别技术应用情况备案表"),
        ELECTRONIC,
        generated="application",
    ),
    Material(
        "pipia-report",
        3,
        Text("PIPIA report", "个人信息保护影响评估报告"),
        ELECTRONIC,
        seal=Text("A third party seals its own pages", "第三方机构参与的页面由其盖章"),
    ),
    Material(
        "uscc-certificate",
        4,
        Text("Unified social credit code certificate", "统一社会信用代码证件"),
        Text("Scan of the original, or of a sealed copy", "原件扫描件，或加盖公章的复印件扫描件"),
        seal=Text("Sealed if it is a copy", "复印件须加盖公章"),
    ),
    Material(
        "representative-id",
        5,
        Text("Identity document of the legal representative or person in charge", "法定代表人或负责人身份证件"),
        SCAN,
        is_sensitive=True,
    ),
    Material("agent-id", 6, Text("Identity document of the agent", "经办人身份证件"), SCAN, is_sensitive=True),
    Material(
        "power-of-attorney",
        7,
        Text("Power of attorney for the agent", "经办人授权委托书"),
        SCAN,
        needs_seal=True,
        seal=SEALED,
        generated="power-of-attorney",
    ),
    Material(
        "commitment",
        8,
        Text("Commitment letter", "承诺书"),
        SCAN,
        needs_seal=True,
        seal=SEALED,
        generated="commitment",
    ),
    Material(
        "other",
        9,
        Text(
            "Other relevant materials: processing rules and operating procedures", "其他相关材料：处理规则和操作规程"
        ),
        Text("As needed", "视情况提供"),
        required=False,
    ),
)

# What a change and a cancellation need: inferred from Article 15, no notice lists them.
OTHER = Material(
    "other",
    6,
    Text("Other relevant materials", "其他相关材料"),
    Text("As needed", "视情况提供"),
    required=False,
)
COMMITMENT = Material(
    "commitment",
    5,
    Text("Commitment letter", "承诺书"),
    SCAN,
    needs_seal=True,
    seal=SEALED,
    generated="commitment",
)
CHANGE_MATERIALS: tuple[Material, ...] = (
    Material(
        "basic-information",
        1,
        Text("Basic information form of the PIP, changed", "个人信息处理者基本情况表（变更后）"),
        ELECTRONIC,
        generated="basic-information",
    ),
    Material(
        "application",
        2,
        Text("FR application filing form, changed", "人脸识别技术应用情况备案表（变更后）"),
        ELECTRONIC,
        generated="application",
    ),
    Material(
        "pipia-report",
        3,
        Text("PIPIA report on the changed use", "个人信息保护影响评估报告（变更后）"),
        ELECTRONIC,
        seal=Text("A third party seals its own pages", "第三方机构参与的页面由其盖章"),
    ),
    Material(
        "change-table",
        4,
        Text("Table of changes: as filed, as it is now", "备案变更事项对照表"),
        ELECTRONIC,
        generated="change-table",
    ),
    COMMITMENT,
    OTHER,
)
CANCELLATION_MATERIALS: tuple[Material, ...] = (
    Material(
        "cancellation-application",
        1,
        Text("Application for cancellation: reason and date", "注销备案申请书：载明原因及日期"),
        SCAN,
        needs_seal=True,
        seal=SEALED,
        generated="cancellation-application",
    ),
    Material(
        "disposal-statement",
        2,
        Text("Statement on the disposal of the face information", "人脸信息处置情况说明"),
        SCAN,
        needs_seal=True,
        seal=SEALED,
        generated="disposal-statement",
    ),
    replace(COMMITMENT, number=3),
    replace(OTHER, number=4),
)
MATERIALS_OF: dict[FilingKind, tuple[Material, ...]] = {
    "initial": MATERIALS,
    "change": CHANGE_MATERIALS,
    "termination": CANCELLATION_MATERIALS,
}
KIND_CITES: dict[FilingKind, tuple[Cite, ...]] = {
    "initial": MATERIALS_CITES,
    "change": (FRM(15), ANNOUNCEMENT(), DEFAULT("kind-materials")),
    "termination": (FRM(15), DEFAULT("kind-materials")),
}


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form; `source` names where the register has it, empty if a person types it."""

    code: str
    label: Text
    max_length: int | None = None
    source: str = ""


def _field(code: str, en: str, zh: str, max_length: int | None = None, source: str = "") -> FormField:
    return FormField(code, Text(en, zh), max_length, source)


# One sheet for the PIP.
BASIC_INFORMATION: tuple[FormField, ...] = (
    _field("name", "Name", "名称", 200, "pip.name"),
    _field("uscc", "Unified social credit code", "统一社会信用代码", 18, "pip.uscc"),
    _field("organisation_type", "Type of organisation", "单位性质", 20),
    _field("registered_address", "Registered address", "注册地址", 300, "pip.registered_address"),
    _field("office_address", "Office address", "办公地址", 300, "pip.office_address"),
    _field("province", "Province of filing", "备案省份", 20, "pip.province"),
    _field("representative_name", "Legal representative or person in charge", "法定代表人或负责人姓名", 100),
    _field("representative_title", "Title of the representative", "法定代表人或负责人职务", 100),
    _field("representative_id_type", "Identity document of the representative", "法定代表人或负责人证件类型", 50),
    _field("representative_phone", "Telephone of the representative", "法定代表人或负责人电话", 30),
    _field("agent_name", "Agent", "经办人姓名", 100),
    _field("agent_department", "Department of the agent", "经办人部门", 100),
    _field("agent_id_type", "Identity document of the agent", "经办人证件类型", 50),
    _field("agent_mobile", "Mobile of the agent", "经办人手机", 20),
    _field("agent_email", "E-mail of the agent", "经办人电子邮箱", 254),
    _field("officer_name", "PI protection officer", "个人信息保护负责人姓名", 100),
    _field("officer_title", "Title of the officer", "个人信息保护负责人职务", 100),
    _field("officer_phone", "Telephone of the officer", "个人信息保护负责人电话", 30),
    _field("officer_email", "E-mail of the officer", "个人信息保护负责人电子邮箱", 254),
    _field("industry", "Industry", "所属行业", 100),
    _field("employees", "Number of employees", "从业人员数量", 12),
    _field("business", "Business summary", "主营业务概述", 2000),
    _field(
        "total_pi_persons",
        "Persons whose personal information is processed",
        "处理个人信息总人数",
        12,
        "pip.total_pi_persons",
    ),
    _field("overseas_control", "Equity and overseas control", "股权结构及境外控制情况", 1000),
    _field("mlps_status", "MLPS and CII status", "等级保护及关键信息基础设施情况", 500),
    _field("penalties", "Penalties in the last two years", "近两年受处罚情况", 1000),
)

# One sheet for each scenario.
APPLICATION: tuple[FormField, ...] = (
    _field("scenario_name", "Scenario", "应用场景名称", 200, "scenario.name"),
    _field("scenario_type", "Type of scenario", "应用场景类型", 100),
    _field("places", "Places, public or not, region", "应用场所、是否公共场所、所在地区", 4000, "deployments"),
    _field("function", "Function (1:1, 1:N, both)", "应用功能（1:1、1:N、两者）", 50, "scenario.function"),
    _field("purpose", "Purpose of processing", "处理目的", 2000, "scenario.purpose"),
    _field("necessity", "Necessity", "必要性说明", 4000, "scenario.necessity"),
    _field("legal_basis", "Legal basis", "合法性基础", 200, "scenario.legal_basis"),
    _field("subjects", "Subjects, minors under 14 and 14 to 17 named", "处理对象（注明14周岁以下、14至17周岁）", 500),
    _field("notice", "Notice: method and address", "告知方式及网址", 1000),
    _field("consent", "Consent: method", "同意方式", 1000),
    _field("alternatives", "Alternative methods", "替代验证方式", 1000),
    _field(
        "collection",
        "Collection: method and devices (maker, model, number)",
        "采集方式及设备（厂商、型号、数量）",
        2000,
        "devices",
    ),
    _field("algorithm_supplier", "Supplier of the algorithm", "算法或系统供应商", 200),
    _field("persons_stored", "Persons stored", "存储人脸信息人数", 12, "counts"),
    _field("persons_stored_on", "Counted on", "统计日期", 10, "counts"),
    _field("stored_form", "Images or templates", "存储形式（人脸图像、特征值）", 100),
    _field("storage", "Storage: place and mode", "存储地点及方式", 500, "scenario.storage_mode"),
    _field(
        "internet_transmission",
        "Transmission over the internet and its exception",
        "是否通过互联网对外传输及例外依据",
        500,
    ),
    _field("retention", "Retention period and deletion method", "保存期限及删除方式", 500, "scenario.retention"),
    _field("entrusted", "Entrusted processors", "受托处理者", 1000),
    _field("recipients", "Third-party recipients", "第三方接收方", 1000),
    _field("disclosure", "Public disclosure", "公开披露情况", 500),
    _field("cross_border", "Cross-border provision", "向境外提供情况", 500),
    _field("automated_decision", "Automated decision", "自动化决策情况", 500),
    _field("encryption", "Protection: data encryption", "保护措施：数据加密", 1000),
    _field("security_audit", "Protection: security audit", "保护措施：安全审计", 1000),
    _field("access_control", "Protection: access control", "保护措施：访问控制", 1000),
    _field("authorisation", "Protection: authorisation management", "保护措施：授权管理", 1000),
    _field("intrusion", "Protection: intrusion detection and defence", "保护措施：入侵检测和防御", 1000),
    _field("mlps_record", "MLPS record number, level and test date", "等级保护备案号、级别及测评日期", 200),
    _field("rules", "Processing rules and operating procedures", "处理规则和操作规程", 2000),
    _field("incidents", "Security incidents", "安全事件情况", 1000),
    _field("started_on", "Start of use", "启用日期", 10, "scenario.started_on"),
)

FORMS: dict[Generated, tuple[FormField, ...]] = {"basic-information": BASIC_INFORMATION, "application": APPLICATION}


# Expectations, not law: no text of FR names a time for the answer or for a correction (LAW.md 2.7).
ANSWER_WORKING_DAYS = 15
CORRECTION_WORKING_DAYS = 10
TARGET_WORKING_DAYS = 10  # before the last day, to leave time for a correction
REVIEW_CITES: tuple[Cite, ...] = (DEFAULT("review-days"),)

# Why an authority sends a dossier back.
REASONS: dict[str, Text] = {
    "name_or_code": Text("Name or code don't agree", "名称或统一社会信用代码不一致"),
    "seal_missing": Text("Seal missing", "未加盖公章"),
    "document_expired": Text("Document expired", "证件已过有效期"),
    "count_unclear": Text("Count unclear", "存储人数不明确"),
    "pipia_incomplete": Text("PIPIA incomplete", "影响评估报告不完整"),
    "storage_unclear": Text("Storage unclear", "存储方式不明确"),
    "purpose_unclear": Text("Purpose unclear", "处理目的不明确"),
    "other": Text("Other", "其他"),
}
# What the authority may name: the papers, then the fields of both forms.
AFFECTED: dict[str, Text] = {
    **{one.code: one.title for materials in reversed(MATERIALS_OF.values()) for one in materials},
    **{f"field:{one.code}": one.label for one in (*BASIC_INFORMATION, *APPLICATION)},
}


@dataclass(frozen=True, slots=True)
class EndingTask:
    """What is to be done when a use of FR ends: who asks for it, and what is shown afterwards."""

    code: str
    title: Text
    how: Text
    layer: Layer
    cites: tuple[Cite, ...]
    needs_proof: bool = False


ENDING_TASKS: dict[str, EndingTask] = {
    task.code: task
    for task in (
        EndingTask(
            "signs",
            Text("Take the signs down", "撤除提示标识"),
            Text(
                "Where no device recognises faces any more a sign would mislead; the register notes the day.",
                "设备停用后，提示标识将误导公众；台账记录撤除日期。",
            ),
            "default",
            (DEFAULT("ending-tasks"), FRM(13)),
        ),
        EndingTask(
            "access",
            Text("Revoke access to the system", "收回系统访问权限"),
            Text(
                "Accounts, keys and interfaces of staff and vendors are closed.",
                "停用员工及供应商的账号、密钥和接口。",
            ),
            "default",
            (DEFAULT("ending-tasks"), FRM(14)),
        ),
        EndingTask(
            "vendor",
            Text("End the vendor's part; statement of return or deletion", "终止供应商合作并取得返还或者删除证明"),
            Text(
                "Where the contract ends, the entrusted party returns or deletes the face information and keeps none.",
                "委托合同终止的，受托人应当返还或者删除人脸信息，不得保留。",
            ),
            "law",
            (PIPL(21),),
            needs_proof=True,
        ),
        EndingTask(
            "people",
            Text("Tell the people concerned", "告知个人"),
            Text(
                "What was told to people has changed: tell them that the use ended and what becomes of their data.",
                "告知事项发生变更的，应当将变更部分告知个人：使用已终止及其人脸信息的处置方式。",
            ),
            "law",
            (PIPL(17), FRM(5)),
        ),
        EndingTask(
            "deletion",
            Text("Delete the face information or make it anonymous", "删除人脸信息或者进行匿名化处理"),
            Text(
                "The purpose has ended. Keep the log, the certificate or the vendor's statement: without it the"
                " cancellation can't be frozen.",
                "处理目的已终止。请保留删除日志、销毁证明或者供应商声明；缺少该证明，注销备案材料不能定稿。",
            ),
            "law",
            (FRM(15), PIPL(47)),
            needs_proof=True,
        ),
        EndingTask(
            "retention",
            Text("Keep what must be kept", "保存依法应当留存的记录"),
            Text(
                "Impact assessments and records of processing are kept for three years at least; so are the logs that"
                " prove the deletion. The portal deletes none of them.",
                "个人信息保护影响评估报告和处理情况记录至少保存三年；证明删除的日志一并保存。系统不删除上述记录。",
            ),
            "law",
            (PIPL(56), FRM(9)),
        ),
    )
}


def materials_of(kind: str) -> tuple[Material, ...]:
    """The list of materials of a kind of filing."""
    return MATERIALS_OF[kind]  # type: ignore[index]


def material(code: str, kind: str = "initial") -> Material:
    """The material of that code on the list of a kind of filing; KeyError if there is none."""
    for found in materials_of(kind):
        if found.code == code:
            return found
    raise KeyError(code)
