"""The whole content of an assessment as plain values: what is frozen, hashed, compared and printed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from assessments.models import Answer, AssessedScenario, Assessment, OwnQuestion, Risk, Version
from portal.law.pipia import Question, Section, Template, is_asked, template
from portal.law.text import Text

Key = tuple[str, int | None]  # question and scenario; None is asked once for all


@dataclass(frozen=True)
class Content:
    """An assessment with its structure, its answers by question and scenario, and its risks with their measures."""

    assessment: Assessment
    template: Template
    covered: tuple[AssessedScenario, ...]
    own: tuple[OwnQuestion, ...]
    answers: Mapping[Key, Answer]
    risks: tuple[Risk, ...]

    def questions(self, section: Section) -> list[Question]:
        """The statutory questions of a section, then the workspace's own."""
        own = [
            Question(
                code=row.code,
                text=Text(row.text_en or row.text_zh, row.text_zh),
                help=Text("", ""),
                example=Text("", ""),
                cites=(),
                is_required=row.is_required,
            )
            for row in self.own
            if row.section == section.code
        ]
        return [*section.questions, *own]

    def text(self, question: str, scenario: int | None = None) -> str:
        """What was answered, empty if nothing."""
        row = self.answers.get((question, scenario))
        return row.text if row else ""

    @property
    def shared_texts(self) -> dict[str, str]:
        """The answers given once for all scenarios: they open and close questions."""
        return {code: row.text for (code, scenario), row in self.answers.items() if scenario is None}

    def places(self, question: Question) -> list[int | None]:
        """Of what a question is asked: of each scenario, or once."""
        return [one.scenario_id for one in self.covered] if question.each else [None]

    def asked(self, section: Section) -> list[tuple[Question, int | None]]:
        """The questions that the answers open, each of the scenarios where it is asked of every one."""
        given = self.shared_texts
        open_ones = [question for question in self.questions(section) if is_asked(question, given)]
        return [(question, place) for question in open_ones for place in self.places(question)]

    def missing(self) -> list[tuple[Section, Question, int | None]]:
        """The required questions that are asked and not answered."""
        return [
            (section, question, place)
            for section in self.template.sections
            for question, place in self.asked(section)
            if question.is_required and not self.text(question.code, place).strip()
        ]

    def progress(self, section: Section | None = None) -> tuple[int, int]:
        """How many of the questions that are asked, in all or in one section, have an answer."""
        sections = self.template.sections if section is None else (section,)
        places = [(question.code, place) for one in sections for question, place in self.asked(one)]
        return sum(bool(self.text(*place).strip()) for place in places), len(places)


def read(assessment: Assessment) -> Content:
    """The content as it stands, in a fixed number of questions to the database."""
    of = {"tenant": assessment.tenant_id, "assessment": assessment}
    covered = AssessedScenario.objects.filter(**of).select_related("scenario__pip")
    answers = Answer.objects.filter(**of).select_related("saved_by", "evidence")
    risks = Risk.objects.filter(**of).prefetch_related("measures__evidence")
    return Content(
        assessment=assessment,
        template=template(assessment.template),
        covered=tuple(covered),
        own=tuple(_own_of(assessment)),
        answers={(row.question, row.scenario_id): row for row in answers},
        risks=tuple(risks),
    )


def _own_of(assessment: Assessment) -> QuerySet[OwnQuestion]:
    """The workspace's own questions that are asked; those that were, once the assessment is handed in."""
    rows = OwnQuestion.objects.filter(tenant=assessment.tenant_id, pip=assessment.pip_id)
    if assessment.is_open:
        return rows.filter(ended_on__isnull=True)
    asked = Version.objects.filter(assessment=assessment).values_list("content__sections", flat=True).first() or []
    codes = [one["question"] for section in asked for one in section["answers"]]
    return rows.filter(pk__in=[code.removeprefix("own-") for code in codes if code.startswith("own-")])


def plain(content: Content) -> dict[str, Any]:
    """What is frozen at a submission: only what is asked; hidden answers are kept in their rows and not exported."""
    codes = {one.scenario_id: one.scenario.code for one in content.covered}
    return {
        "reference": content.assessment.reference,
        "title": content.assessment.title,
        "template": content.template.version,
        "third_party": content.assessment.third_party,
        "third_party_part": content.assessment.third_party_part,
        "conclusion": content.assessment.conclusion,
        "scenarios": [
            {"code": one.scenario.code, "name": one.facts["name"], "facts": one.facts, "sha256": one.sha256}
            for one in content.covered
        ],
        "sections": [
            {"code": section.code, "answers": _answers(content, section, codes)}
            for section in content.template.sections
        ],
        "risks": [_risk(row) for row in content.risks],
    }


def _answers(content: Content, section: Section, codes: Mapping[int, str]) -> list[dict[str, Any]]:
    found = []
    for question, place in content.asked(section):
        row = content.answers.get((question.code, place))
        found.append(
            {
                "question": question.code,
                "text_zh": question.text.zh,
                "text_en": question.text.en,
                "scenario": codes[place] if place else "",
                "answer": row.text if row else "",
                "source": row.source if row else "",
                "evidence": row.evidence.sha256 if row and row.evidence else "",
                "evidence_name": row.evidence.name if row and row.evidence else "",
            }
        )
    return found


def _risk(row: Risk) -> dict[str, Any]:
    steps = ("likelihood", "severity", "likelihood_after", "severity_after")
    measures = [
        {"title": one.title, "owner": one.owner, "due_on": str(one.due_on or ""), "done_on": str(one.done_on or "")}
        for one in row.measures.all()
    ]
    own = {"threat": row.threat, "title": row.title, "harm": row.harm, "measures": measures}
    return own | {name: getattr(row, name) for name in steps}


def digest(plain_values: Any) -> str:
    """The SHA-256 of plain values, the same however they are ordered in memory."""
    text = json.dumps(plain_values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
