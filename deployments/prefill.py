"""The first draft of a notice, out of the register: what stands there is taken over, what doesn't is marked as a gap.

The gaps are in the Chinese text, which is what the law asks for: with one left in it a notice isn't published. What
the register doesn't say in English is left out there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deployments.models import Alternative, ConsentMechanism, Engagement, Scenario
from portal.law import enums
from portal.law.text import Text

GAP = re.compile(r"【请填写：[^】]*】")
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
            return _gap("联系电话或电子邮箱")
        return Text(", ".join(parts), "，".join(parts))


def first_draft(scenario: Scenario) -> dict[str, str]:
    """The texts of a first version, each in its language."""
    register = Register.of(scenario)
    items = {
        "identity": _lines(*_identity(register)),
        "purpose": _whole(*_purpose(register)),
        "retention": _whole(*_retention(register)),
        "necessity": _whole(*_necessity(register)),
        "rights": _lines(*_rights(register)),
        "other": _whole(*_other(register)),
    }
    return {f"{name}_{one}": item.in_(one) for name, item in items.items() for one in ("zh", "en")}


def gaps_in(text: str) -> list[str]:
    """The gaps that nobody has filled yet."""
    return GAP.findall(text)


def _gap(what: str) -> Text:
    """What a person must fill in; it has no English."""
    return Text("", f"【请填写：{what}】")


def _given(value: str, what: str) -> Text:
    """A free text of the register, in the language in which it is written."""
    is_chinese = CHINESE.search(value)
    return Text("" if is_chinese else value, value if is_chinese else _gap(what).zh)


def _line(words: Text, **parts: Text | str) -> Text:
    """A line with its parts; without its English where a part has none."""
    filled = words.fmt(**parts)
    return Text("", filled.zh) if any(isinstance(one, Text) and not one.en for one in parts.values()) else filled


def _lines(*lines: Text) -> Text:
    """The lines that there are, in each language."""
    return Text("\n".join(line.en for line in lines if line.en), "\n".join(line.zh for line in lines if line.zh))


def _whole(*lines: Text) -> Text:
    """An item that in English stands there whole or not at all: half a purpose would mislead."""
    item = _lines(*lines)
    return item if all(line.en for line in lines if line.zh) else Text("", item.zh)


def _identity(register: Register) -> Iterator[Text]:
    pip = register.scenario.pip
    yield Text(pip.name, pip.name)
    if where := pip.registered_address or pip.office_address:
        yield Text(f"Address: {where}", f"地址：{where}")
    yield _line(
        Text("PI protection officer: {contact}", "个人信息保护负责人联系方式：{contact}"), contact=register.contact
    )


def _purpose(register: Register) -> Iterator[Text]:
    row = register.scenario
    yield _line(Text("Purpose: {purpose}", "处理目的：{purpose}"), purpose=_given(row.purpose, "处理目的"))
    yield _line(
        Text("Method: {function}. Storage: {storage}.", "处理方式：{function}；存储方式：{storage}。"),
        function=enums.FUNCTIONS[row.function],
        storage=enums.STORAGE_MODES.get(row.storage_mode) or _gap("存储方式"),
    )


def _retention(register: Register) -> Iterator[Text]:
    row = register.scenario
    yield _line(Text("Retention period: {period}", "保存期限：{period}"), period=_given(row.retention, "保存期限"))
    if row.deletion_method:  # NDR Art 21: what happens at the end of the period
        after = _given(row.deletion_method, "到期后的处理")
        yield _line(Text("Afterwards: {after}", "到期后的处理：{after}"), after=after)


def _necessity(register: Register) -> Iterator[Text]:
    yield _given(register.scenario.necessity, "处理的必要性")
    yield _line(Text("Effect on your rights: {effect}", "对您权益的影响：{effect}"), effect=_gap("对个人权益的影响"))


def _rights(register: Register) -> Iterator[Text]:
    yield Text(
        "You may access, copy, correct, complete and delete your face information and ask how it is processed.",
        "您有权查阅、复制、更正、补充、删除您的人脸信息，并要求我们解释说明处理规则。",
    )
    yield _line(Text("How: {contact}.", "行使方式：{contact}。"), contact=register.contact)
    if register.scenario.legal_basis == "consent":
        path = register.mechanism.withdrawal_path if register.mechanism else ""
        yield Text(
            "You may withdraw your consent at any time. What was done before stays lawful.",
            f"您可以随时撤回同意：{path or _gap('撤回同意的方式').zh}。撤回不影响撤回前已进行的处理活动的效力。",
        )
    if register.other_ways:
        kinds = dict.fromkeys(way.kind for way in register.other_ways)
        names = [enums.ALTERNATIVE_KINDS[kind] for kind in kinds]
        ways = Text(", ".join(name.en.lower() for name in names), "、".join(name.zh for name in names))
        yield _line(Text("Without face recognition: {ways}.", "不使用人脸识别的方式：{ways}。"), ways=ways)
    yield Text(
        "We act promptly; if we refuse a request, we say why.",
        "我们将及时处理您的请求；拒绝请求的，将说明理由。",
    )


def _other(register: Register) -> Iterator[Text]:
    row = register.scenario
    if register.vendors:
        roles = [(one.vendor.name, enums.ENGAGEMENT_ROLES[one.role]) for one in register.vendors]
        en = "; ".join(f"{name} ({role.en})" for name, role in roles)
        zh = "；".join(f"{name}（{role.zh}）" for name, role in roles)
        yield Text(f"Who receives the information: {en}", f"接收方和受托处理者：{zh}")
    if row.cross_border:
        abroad = row.cross_border_recipient
        yield _line(
            Text("Recipient abroad: {abroad}", "境外接收方：{abroad}"),
            abroad=Text(abroad, abroad) if abroad else _gap("境外接收方"),
        )
    if "under_14" in row.subject_groups:
        yield Text(
            "Children under 14: dedicated rules apply, and a parent or another guardian must consent.",
            "不满十四周岁未成年人：适用专门的个人信息处理规则，并须取得父母或者其他监护人的同意。",
        )
