"""The worked example: an impact assessment written as an expert would, in Chinese and English, reviewed and approved.

Its words stand in `data/pipia-example.json`. What the register answers well stays as the register answered it.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils.translation import override

from assessments import services, tongues
from assessments.models import Assessment, Risk
from assessments.tongues import MARK
from deployments.models import Scenario
from portal.accounts.models import User
from portal.law.pipia import template

Paper = Callable[[dict[str, str]], BytesIO]
EXAMPLE = Path(__file__).resolve().parent / "data" / "pipia-example.json"
BEGUN, APPROVED = date(2026, 3, 2), date(2026, 3, 6)
WEIGHT = ("likelihood", "severity", "likelihood_after", "severity_after")


def both(words: Mapping[str, str], between: str = "\n") -> str:
    """Chinese, the mark, English: each report prints its own."""
    return between.join((words["zh"], MARK, words["en"]))


def add_example(scenario: Scenario, made: dict[str, User], paper: Paper) -> Assessment:
    """Begun by the officer, returned once by the reviewer, approved; to be called while acting for the tenant."""
    officer, reviewer = made["officer"], made["reviewer"]
    told = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    with override("zh-hans"):
        row = services.start([scenario], title=both(told["title"], " "), by=officer, today=BEGUN)
        answer(row, scenario, told, by=officer)
        attach_papers(row, told["papers"], paper, by=officer)
        for risk in row.risks.select_related("assessment__pip"):
            weigh(risk, told["risks"][risk.threat], by=officer)
        own = told["own_risk"]
        weigh(services.add_risk(row, title=both(own["title"], " "), by=officer), own, by=officer)
        services.conclude(
            row,
            by=officer,
            conclusion=told["conclusion"],
            third_party=both(told["third_party"], " "),
            third_party_part=both(told["third_party_part"]),
        )
        services.submit(row, by=officer)
        return_once(row, told, officer, reviewer)
        services.approve(row, by=reviewer, today=APPROVED)
        finish(row, told, paper, by=officer)
    return row


def answer(row: Assessment, scenario: Scenario, told: Mapping[str, Any], *, by: User) -> None:
    """Every question that the register leaves open, and those that an expert says better."""
    versions = {(one.question, one.scenario_id): one.version for one in row.answers.all()}
    given = told["chosen"] | {code: both(words) for code, words in told["answers"].items()}
    given[told["review"]["question"]] = both(told["review"]["first_said"])
    for question in template(row.template).questions():
        if question.code in given:
            place = scenario if question.each else None
            version = versions.get((question.code, place.pk if place else None), 0)
            services.save_answer(row, question.code, scenario=place, text=given[question.code], version=version, by=by)


def attach_papers(row: Assessment, papers: Mapping[str, dict[str, str]], paper: Paper, *, by: User) -> None:
    """The evidence beside the answers that ask for it."""
    for one in row.answers.filter(question__in=papers).select_related("assessment__pip"):
        content = papers[one.question]
        services.attach(one, paper(content), name=f"{content['title']}.pdf", by=by)


def weigh(risk: Risk, told: Mapping[str, Any], *, by: User) -> None:
    """How it could happen, its weight before and after, and what is done against it."""
    steps = dict(zip(WEIGHT, told["weight"], strict=True))
    services.weigh(risk, version=risk.version, by=by, harm=both(told["harm"]), **steps)
    for one in told["measures"]:
        days = {name: date.fromisoformat(one[name]) for name in ("due_on", "done_on") if name in one}
        title, owner = both(one["title"]), both(one["owner"], " ")
        services.add_measure(risk, by=by, today=BEGUN, title=title, owner=owner, **days)


def return_once(row: Assessment, told: Mapping[str, Any], officer: User, reviewer: User) -> None:
    """The reviewer accepts all sections but one, says what it lacks, and gets it."""
    asked_of, code = told["review"]["section"], told["review"]["question"]
    for section in template(row.template).sections:
        if section.code != asked_of:
            services.accept_section(row, section.code, by=reviewer)
    remark = services.ask_correction(row, asked_of, by=reviewer, comment=both(told["review"]["remark"]))
    services.send_back(row, by=reviewer, comment=both(told["review"]["returned"]))
    standing = row.answers.get(question=code)
    text = both(told["answers"][code])
    services.save_answer(row, code, scenario=None, text=text, version=standing.version, by=officer)
    services.settle_remark(remark, by=officer)
    services.submit(row, by=officer)
    services.accept_section(row, asked_of, by=reviewer)


def finish(row: Assessment, told: Mapping[str, Any], paper: Paper, *, by: User) -> None:
    """The measures that were open at the approval are done on their days, with their proof."""
    waiting = {
        both(one["title"]): date.fromisoformat(one["later_on"])
        for risk in (*told["risks"].values(), told["own_risk"])
        for one in risk["measures"]
        if "later_on" in one
    }
    for measure in row.measures.filter(done_on__isnull=True).select_related("assessment__pip"):
        done_on = waiting[measure.title]
        proof = paper(
            {"title": "整改完成确认单", "text": f"{tongues.part(measure.title, 'zh')}（{done_on}，演示文本）"}
        )
        proof.name = "整改完成确认单.pdf"
        services.edit_measure(measure, by=by, today=done_on, done_on=done_on, proof=proof)
