"""How deep an impact assessment goes: the four elements are law (FRM Art 9), the depth is the portal's default."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.law.enums import MINORS
from portal.law.questions import WARNED_FROM
from portal.law.text import Text

TITLE = Text("Depth of the assessment", "评估深度")
FULL, SHORT = Text("Full", "完整评估"), Text("Short", "简要评估")
MEANING: dict[bool, Text] = {
    True: Text(
        "Visits on site, tests, figures and evidence to each of the four elements.",
        "四项内容均须现场查看、测试验证，并附数据和证明材料。",
    ),
    False: Text(
        "Each of the four elements in a few sentences; evidence where a question asks for it.",
        "四项内容逐项简要说明，要求附证明材料的问题除外。",
    ),
}


@dataclass(frozen=True, slots=True)
class Use:
    """What decides the depth; an empty place or storage isn't known yet."""

    function: str = ""
    groups: frozenset[str] = frozenset()
    place_types: frozenset[str] = frozenset()
    storage_mode: str = ""
    sends_over_internet: bool | None = None
    cross_border: bool = False
    automated_decision: bool = False
    persons: int | None = None


@dataclass(frozen=True, slots=True)
class Depth:
    """Full where anything asks for it, with everything that does; else short."""

    reasons: tuple[Text, ...]

    @property
    def is_full(self) -> bool:
        return bool(self.reasons)

    @property
    def name(self) -> Text:
        return FULL if self.is_full else SHORT

    @property
    def meaning(self) -> Text:
        return MEANING[self.is_full]


# default, not law: what makes the impact on persons larger.
ASKING: tuple[tuple[Text, Callable[[Use], bool]], ...] = (
    (Text("1:N: persons are searched for among many", "1:N辨识"), lambda use: use.function in ("identify", "both")),
    (Text("minors", "涉及未成年人"), lambda use: bool(use.groups & MINORS)),
    (Text("a public place", "公共场所"), lambda use: "public" in use.place_types),
    (
        Text("nobody knows yet whether it is a public place", "是否公共场所尚未确定"),
        lambda use: not use.place_types or "undecided" in use.place_types,
    ),
    (
        Text("stored outside the device, or sent over the internet", "设备外存储或者通过互联网对外传输"),
        lambda use: bool(use.storage_mode and use.storage_mode != "device") or use.sends_over_internet is True,
    ),
    (Text("nobody knows yet where it is stored", "存储方式尚未确定"), lambda use: not use.storage_mode),
    (Text("transfer abroad", "向境外提供"), lambda use: use.cross_border),
    (Text("decisions without a person", "自动化决策"), lambda use: use.automated_decision),
    (
        Text(f"{WARNED_FROM:,} persons stored or more", f"存储{WARNED_FROM:,}人以上"),
        lambda use: use.persons is not None and use.persons >= WARNED_FROM,
    ),
)


def depth_of(use: Use) -> Depth:
    """How deep the assessment of such a use goes, and why."""
    return Depth(tuple(reason for reason, asks in ASKING if asks(use)))


def in_a_sentence(found: Depth) -> Text:
    """The depth, why, and what it means."""
    if not found.is_full:
        return Text("Short.", "简要评估。") + found.meaning
    why = Text(", ".join(one.en for one in found.reasons), "、".join(one.zh for one in found.reasons))
    return Text("Full, because of: {why}.", "完整评估，理由：{why}。").fmt(why=why) + found.meaning
