"""The fifteen gates of LAW.md 7.2: what is there before face information is processed at a place, or is waived."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Literal

from portal.law.duties import Duty
from portal.law.registry import NOT_SAID, RULES
from portal.law.sources import Cite
from portal.law.text import Text

Passage = Literal["met", "open", "waived", "not_asked"]


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate and the rules that it stands on, each with the key of the place where the register mends it.

    `silent` says what it means that none of them asks anything; a gate that `stands_open` is met then.
    """

    number: int
    title: Text
    asks: tuple[tuple[str, str], ...]
    is_waivable: bool = True
    silent: Text = NOT_SAID
    stands_open: bool = False

    @property
    def cites(self) -> tuple[Cite, ...]:
        """The first article of each of its rules."""
        first = {rule.id: rule.cites[0] for rule in RULES}
        return tuple(dict.fromkeys(first[rule] for rule, _ in self.asks))


GATES = (
    Gate(1, Text("Scope decided", "已判断适用范围"), (("frm-02-scope", "scope"),)),
    Gate(2, Text("Legal basis", "合法性基础"), (("pipl-13-legal-basis", "legal_basis"),)),
    Gate(3, Text("Purpose and necessity", "目的和必要性说明"), (("frm-04-purpose", "necessity"),)),
    Gate(
        4,
        Text("PIPIA approved for this version", "影响评估已就现行版本批准"),
        (("frm-09-pipia-before-use", "assessment"), ("frm-09-pipia-again", "assessment")),
    ),
    Gate(
        5,
        Text("Notice published with items 1 to 5", "已发布载明第1至5项的告知"),
        (("frm-05-notice", "notice"), ("frm-05-notice-change", "notice")),
    ),
    Gate(
        6,
        Text("Consent set up", "同意机制已落实"),
        (
            ("frm-06-separate-consent", "consent"),
            ("frm-06-written-consent", "consent"),
            ("frm-06-withdrawal-path", "consent"),
            ("pipl-14-new-consent", "consent"),
        ),
        silent=Text("Consent isn't the basis.", "并非基于个人同意。"),
    ),
    Gate(
        7,
        Text("Guardian's consent and children's rules", "监护人同意和儿童专门处理规则"),
        (("frm-07-guardian-consent", "children"), ("frm-07-children-rules", "children")),
        is_waivable=False,
        silent=Text("No children under 14 are concerned.", "不涉及不满十四周岁未成年人。"),
    ),
    Gate(
        8,
        Text("Another way, or the State rule", "替代方式或者国家规定"),
        (("frm-10-alternative", "choice"),),
        silent=Text("No person is verified or identified.", "不验证、不辨识个人身份。"),
    ),
    Gate(
        9,
        Text("Stored in the device, or an exception proved", "存储于设备内或者例外已证明"),
        (("frm-08-storage", "storage"),),
    ),
    Gate(10, Text("Retention schedule", "保存期限"), (("frm-08-retention", "retention"),)),
    Gate(
        11,
        Text("No device in a private space, anywhere at the site", "整个场所的私密空间内均无设备"),
        (("frm-13-private-space", "devices"),),
        is_waivable=False,
        silent=Text("None stands there.", "均无。"),
        stands_open=True,
    ),
    Gate(
        12,
        Text("Public place: necessity, capture area, sign", "公共场所：必要性、采集区域、提示标识"),
        (
            ("frm-13-necessity", "security_necessity"),
            ("frm-13-capture-area", "areas"),
            ("frm-13-sign", "sign"),
        ),
        silent=Text("This isn't a public place.", "并非公共场所。"),
    ),
    Gate(
        13,
        Text("Five families of protection, with proof", "五类保护措施及证明"),
        (("frm-14-protection", "safeguards"),),
    ),
    Gate(
        14,
        Text("Contracts with vendors", "供应商合同"),
        (("pipl-21-contracts", "partners"),),
        silent=Text("No vendor has access to faces.", "无供应商接触人脸信息。"),
    ),
    Gate(
        15,
        Text("Mechanism of the transfer abroad", "向境外提供的法定条件"),
        (("pipl-38-cross-border", "cross_border"),),
        silent=Text("No face information goes abroad.", "不向境外提供。"),
    ),
)

# Each rule of a gate by its id.
GATE_OF = {rule: gate for gate in GATES for rule, _ in gate.asks}
PRIVATE_SPACE = 11
# Gates of a place; the others are those of the scenario, wherever it is used.
OF_PLACE = frozenset({PRIVATE_SPACE, 12})
# What to do next: what is unlawful first; what notice, consent and assessment are made of comes before them.
STEPS = (PRIVATE_SPACE, 1, 3, 2, 9, 10, 15, 8, 6, 7, 5, 13, 14, 4, 12)


@dataclass(frozen=True, slots=True)
class Point:
    """What the law says of one rule of a gate, and where the register mends it."""

    duty: Duty
    mend: str
    is_waived: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it keeps the gate closed."""
        return self.duty.state == "open" and not self.is_waived

    @property
    def is_waivable(self) -> bool:
        """Whether a named reviewer may waive it: neither the gate nor the law forbids that."""
        return GATE_OF[self.duty.rule].is_waivable and self.duty.is_waivable


@dataclass(frozen=True, slots=True)
class Examined:
    """A gate with what the law found; without any point it isn't asked here."""

    gate: Gate
    points: tuple[Point, ...]

    @property
    def state(self) -> Passage:
        """Open in law means closed: nothing passes until it is met or waived."""
        if any(point.is_open for point in self.points):
            return "open"
        if any(point.duty.state == "open" for point in self.points):
            return "waived"
        return "met" if self.points or self.gate.stands_open else "not_asked"

    @property
    def passes(self) -> bool:
        """Whether nothing holds the deployment back here."""
        return self.state != "open"


def is_waivable(rule: str) -> bool:
    """Whether the finding that a rule makes may be waived at all: it keeps a gate closed that isn't marked *."""
    return rule in GATE_OF and GATE_OF[rule].is_waivable


def examine(duties: Iterable[Duty], waived: Container[tuple[str, str]] = ()) -> tuple[Examined, ...]:
    """The gates in their order, from the duties of one place and its scenario; `waived` are rules with subjects."""
    by_rule: dict[str, list[Duty]] = {}
    for duty in duties:
        by_rule.setdefault(duty.rule, []).append(duty)
    return tuple(
        Examined(
            gate,
            tuple(
                Point(
                    duty, mend, is_waived=duty.state == "open" and (rule, duty.subject) in waived and is_waivable(rule)
                )
                for rule, mend in gate.asks
                for duty in by_rule.get(rule, ())
            ),
        )
        for gate in GATES
    )


def first_open(examined: Iterable[Examined]) -> Point | None:
    """The single thing to do next."""
    closed = {one.gate.number: one for one in examined if not one.passes}
    for number in STEPS:
        if number in closed:
            return next(point for point in closed[number].points if point.is_open)
    return None
