"""The first draft of a notice, out of the register: what stands there is taken over, what doesn't is marked as a gap.

A gap is a sign that a person must fill: a notice with one left in it isn't published.
"""

import re
from dataclasses import dataclass

from deployments.models import Alternative, ConsentMechanism, Engagement, Scenario
from portal.law import enums
from portal.law.text import Text

GAP = re.compile(r"【请填写：[^】]*】|\[Fill in: [^\]]*\]")
CHINESE = re.compile(r"[\u3400-\u9fff]")
# Vendors that people are told of (PIPL Arts 20, 21, 23; NDR Art 21): all but those who never see face information.
TOLD_OF = ("entrusted", "joint", "recipient")

# Where each item is taken from, as the form says it.
SOURCES: dict[str, Text] = {
    "identity": Text(
        "PIP: name, address, phone and e-mail of the officer", "处理者：名称、地址、负责人电话和电子邮箱"
    ),
    "purpose": Text("Scenario: purpose, function, storage", "应用场景：处理目的、功能、存储方式"),
    "retention": Text("Scenario: retention period, deletion method", "应用场景：保存期限、删除方式"),
    "necessity": Text(
        "Scenario: necessity; the effect on rights stands nowhere else", "应用场景：必要性；对权益的影响须自行填写"
    ),
    "rights": Text(
        "PIP: contact; consent: withdrawal; other ways than FR", "处理者：联系方式；同意：撤回途径；替代方式"
    ),
    "other": Text("Scenario: transfer abroad, groups of persons; vendors", "应用场景：出境、涉及人群；供应商"),
}


@dataclass(frozen=True)
class Register:
    """What the register says of a scenario, as far as a notice tells it."""

    scenario: Scenario
    mechanism: ConsentMechanism | None
    other_ways: tuple[Alternative, ...]
    vendors: tuple[Engagement, ...]

    @classmethod
    def of(cls, scenario: Scenario) -> "Register":
        """The rows that hang on a scenario, read now."""
        return cls(
            scenario,
            ConsentMechanism.objects.filter(scenario=scenario).first(),
            tuple(Alternative.objects.filter(scenario=scenario, ended_on__isnull=True)),
            tuple(
                Engagement.objects.filter(scenario=scenario, ended_on__isnull=True, role__in=TOLD_OF).select_related(
                    "vendor"
                )
            ),
        )

    @property
    def contact(self) -> Text:
        """Phone and e-mail under which rights are exercised."""
        parts = [part for part in (self.scenario.pip.officer_phone, self.scenario.pip.officer_email) if part]
        if not parts:
            return _gap(Text("phone or e-mail", "联系电话或电子邮箱"))
        return Text(", ".join(parts), "，".join(parts))


def first_draft(scenario: Scenario) -> dict[str, str]:
    """The texts of a first version, each in its language; English only where nothing needs to be translated."""
    register = Register.of(scenario)
    items = {
        "identity": _identity(register),
        "purpose": _purpose(register),
        "retention": _retention(register),
        "necessity": _necessity(register),
        "rights": _rights(register),
        "other": _other(register),
    }
    texts = {}
    for name, item in items.items():
        texts[f"{name}_zh"] = item.zh
        # A half of it in Chinese is no English text, and English may be left out.
        texts[f"{name}_en"] = "" if CHINESE.search(item.en) and name != "identity" else item.en
    return texts


def gaps_in(text: str) -> list[str]:
    """The gaps that nobody has filled yet."""
    return GAP.findall(text)


def _gap(what: Text) -> Text:
    return Text(f"[Fill in: {what.en}]", f"【请填写：{what.zh}】")


def _given(value: str, what: Text) -> Text:
    """A free text of the register in the language in which it is written; in the other one it is a gap."""
    gap = _gap(what)
    if not value:
        return gap
    return Text(value, value if CHINESE.search(value) else gap.zh)


def _lines(*lines: Text | None) -> Text:
    given = [line for line in lines if line is not None]
    return Text("\n".join(line.en for line in given), "\n".join(line.zh for line in given))


def _identity(register: Register) -> Text:
    pip = register.scenario.pip
    where = pip.registered_address or pip.office_address
    return _lines(
        Text(pip.name, pip.name),
        Text(f"Address: {where}", f"地址：{where}") if where else None,
        Text("PI protection officer: {contact}", "个人信息保护负责人联系方式：{contact}").fmt(
            contact=register.contact
        ),
    )


def _purpose(register: Register) -> Text:
    row = register.scenario
    storage = enums.STORAGE_MODES.get(row.storage_mode, _gap(Text("where faces are stored", "存储方式")))
    return _lines(
        Text("Purpose: {purpose}", "处理目的：{purpose}").fmt(
            purpose=_given(row.purpose, Text("purpose", "处理目的"))
        ),
        Text("Method: {function}. Storage: {storage}.", "处理方式：{function}；存储方式：{storage}。").fmt(
            function=enums.FUNCTIONS[row.function], storage=storage
        ),
    )


def _retention(register: Register) -> Text:
    row = register.scenario
    period = _given(row.retention, Text("retention period", "保存期限"))
    after = _given(row.deletion_method, Text("deletion method", "删除方式")) if row.deletion_method else None
    # NDR Art 21: how the information is handled after its period.
    return _lines(
        Text("Retention period: {period}", "保存期限：{period}").fmt(period=period),
        Text("Afterwards: {after}", "到期后的处理：{after}").fmt(after=after) if after else None,
    )


def _necessity(register: Register) -> Text:
    effect = _gap(Text("the effect on the person's rights", "对个人权益的影响"))
    return _lines(
        _given(register.scenario.necessity, Text("why FR is necessary", "处理的必要性")),
        Text("Effect on your rights: {effect}", "对您权益的影响：{effect}").fmt(effect=effect),
    )


def _rights(register: Register) -> Text:
    mechanism, ways = register.mechanism, register.other_ways
    on_consent = register.scenario.legal_basis == "consent"
    path = Text(mechanism.withdrawal_path, mechanism.withdrawal_path) if mechanism else Text("", "")
    return _lines(
        Text(
            "You may access, copy, correct, complete and delete your face information and ask how it is processed.",
            "您有权查阅、复制、更正、补充、删除您的人脸信息，并要求我们解释说明处理规则。",
        ),
        Text("How: {contact}.", "行使方式：{contact}。").fmt(contact=register.contact),
        Text(
            "You may withdraw your consent at any time: {path}. What was done before stays lawful.",
            "您可以随时撤回同意：{path}。撤回不影响撤回前已进行的处理活动的效力。",
        ).fmt(path=path if path.zh else _gap(Text("how to withdraw", "撤回同意的方式")))
        if on_consent
        else None,
        Text("Without face recognition: {ways}.", "不使用人脸识别的方式：{ways}。").fmt(ways=_listed(ways))
        if ways
        else None,
        Text(
            "We act promptly; if we refuse a request, we say why.",
            "我们将及时处理您的请求；拒绝请求的，将说明理由。",
        ),
    )


def _listed(ways: tuple[Alternative, ...]) -> Text:
    kinds = [enums.ALTERNATIVE_KINDS[kind] for kind in dict.fromkeys(way.kind for way in ways)]
    return Text(", ".join(kind.en.lower() for kind in kinds), "、".join(kind.zh for kind in kinds))


def _other(register: Register) -> Text:
    row = register.scenario
    vendors = [
        Text("{vendor} ({role})", "{vendor}（{role}）").fmt(
            vendor=one.vendor.name, role=enums.ENGAGEMENT_ROLES[one.role]
        )
        for one in register.vendors
    ]
    abroad = row.cross_border_recipient or _gap(Text("recipient abroad", "境外接收方")).zh
    return _lines(
        Text("Who receives the information: {en}", "接收方和受托处理者：{zh}").fmt(
            en="; ".join(one.en for one in vendors), zh="；".join(one.zh for one in vendors)
        )
        if vendors
        else None,
        Text(f"Recipient abroad: {abroad}", f"境外接收方：{abroad}") if row.cross_border else None,
        Text(
            "Children under 14: dedicated rules apply, and a parent or another guardian must consent.",
            "不满十四周岁未成年人：适用专门的个人信息处理规则，并须取得父母或者其他监护人的同意。",
        )
        if "under_14" in row.subject_groups
        else None,
    )
