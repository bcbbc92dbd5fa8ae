"""The PIPIA 个人信息保护影响评估 as data: sections and questions in versions, each with its article (FRM Art 9).

A version is a file of `portal/law/data`; an assessment keeps the version it was begun with. The official template was
not available: the skeleton follows the CAC's template for cross-border filings, and says so (LAW.md 2.6).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from portal.law.sources import Cite
from portal.law.text import Text

DATA = Path(__file__).resolve().parent / "data"
CURRENT = "frm-1"
QuestionKind = Literal["text", "choice", "many", "yesno", "date", "number"]

# FRM Art 9(3): leakage, tampering, loss, damage, or illegal access, sale, use.
THREATS: dict[str, Text] = {
    "leak": Text("Leakage", "泄露"),
    "tamper": Text("Tampering", "篡改"),
    "loss": Text("Loss", "丢失"),
    "damage": Text("Damage", "毁损"),
    "illegal_access": Text("Illegal access", "非法获取"),
    "illegal_sale": Text("Illegal sale", "非法出售"),
    "illegal_use": Text("Illegal use", "非法使用"),
}
# Portal default, not law (LAW.md 2.6): four steps each; the product of both is the level.
LIKELIHOOD: dict[int, Text] = {
    1: Text("Unlikely", "极少发生"),
    2: Text("Possible", "可能发生"),
    3: Text("Likely", "较可能发生"),
    4: Text("Almost certain", "几乎必然发生"),
}
SEVERITY: dict[int, Text] = {
    1: Text("Slight", "轻微"),
    2: Text("Noticeable", "一般"),
    3: Text("Serious", "严重"),
    4: Text("Grave", "特别严重"),
}
CONCLUSIONS: dict[str, Text] = {
    "proceed": Text("Processing may proceed", "可以开展处理活动"),
    "proceed_after_fixes": Text(
        "Processing may proceed after the measures are done", "完成整改措施后可以开展处理活动"
    ),
    "must_not_proceed": Text("Processing must not proceed", "不得开展处理活动"),
}
Level = Literal["low", "medium", "high", "very_high"]


def level(likelihood: int, severity: int) -> Level:
    """The level of a risk from its likelihood and severity, 1 to 4 each (portal default, not law)."""
    product = likelihood * severity
    if product >= 12:
        return "very_high"
    if product >= 8:
        return "high"
    return "medium" if product >= 4 else "low"


@dataclass(frozen=True, slots=True)
class Condition:
    """A question is asked only if another one is answered in one of these ways."""

    question: str
    is_one_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the PIPIA. `source` names the fact that fills it; `each` asks it of every scenario by itself."""

    code: str
    text: Text
    help: Text
    example: Text
    cites: tuple[Cite, ...]
    kind: QuestionKind = "text"
    choices: Mapping[str, Text] | None = None
    source: str = ""
    each: bool = False
    is_required: bool = True
    wants_evidence: bool = False
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section; `element` is the number of the element of FRM Art 9 that it assesses."""

    code: str
    number: str
    title: Text
    questions: tuple[Question, ...]
    element: int | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """One version of the PIPIA's structure."""

    version: str
    title: Text
    note: Text
    in_force_on: date
    sections: tuple[Section, ...]

    def questions(self) -> Iterator[Question]:
        """Every question in order."""
        for section in self.sections:
            yield from section.questions

    def question(self, code: str) -> Question:
        """The question of that code; KeyError if there is none."""
        for each in self.questions():
            if each.code == code:
                return each
        raise KeyError(code)

    def section_of(self, code: str) -> Section:
        """The section in which a question stands; KeyError if there is none."""
        for section in self.sections:
            if any(question.code == code for question in section.questions):
                return section
        raise KeyError(code)


def is_asked(question: Question, answers: Mapping[str, str]) -> bool:
    """Whether the answers given so far open the question; several answers to one question stand parted by commas."""
    condition = question.condition
    if condition is None:
        return True
    given = set(answers.get(condition.question, "").split(","))
    return bool(given & set(condition.is_one_of))


@cache
def template(version: str = CURRENT) -> Template:
    """A version of the structure; FileNotFoundError if there is none, ValueError if its file contradicts itself."""
    given = json.loads((DATA / f"pipia-{version}.json").read_text(encoding="utf-8"))
    read = Template(
        version=version,
        title=_text(given["title"]),
        note=_text(given["note"]),
        in_force_on=date.fromisoformat(given["in_force_on"]),
        sections=tuple(_section(one) for one in given["sections"]),
    )
    codes = [question.code for question in read.questions()]
    if len(codes) != len(set(codes)):
        raise ValueError(f"pipia-{version}: a question stands twice")
    for question in read.questions():
        if question.condition and question.condition.question not in codes:
            raise ValueError(f"pipia-{version}: {question.code} hangs on a question that isn't there")
    return read


def _section(given: Mapping[str, Any]) -> Section:
    return Section(
        code=given["code"],
        number=given["number"],
        title=_text(given["title"]),
        questions=tuple(_question(one) for one in given["questions"]),
        element=given.get("element"),
    )


def _question(given: Mapping[str, Any]) -> Question:
    condition = given.get("if")
    choices = given.get("choices")
    return Question(
        code=given["code"],
        text=_text(given["text"]),
        help=_text(given["help"]),
        example=_text(given["example"]),
        cites=tuple(Cite(*cite.split(" ", 1)) for cite in given["cites"]),
        kind=given.get("kind", "text"),
        choices={code: _text(text) for code, text in choices.items()} if choices else None,
        source=given.get("source", ""),
        each=given.get("each", False),
        is_required=given.get("required", True),
        wants_evidence=given.get("evidence", False),
        condition=Condition(condition["question"], tuple(condition["is"])) if condition else None,
    )


def _text(given: Mapping[str, str]) -> Text:
    return Text(given["en"], given["zh"])
