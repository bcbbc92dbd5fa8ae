"""An assessment on its way to approval, in the shortest words."""

from datetime import date

from assessments.content import read
from assessments.models import Assessment
from assessments.services import conclude, save_answer, start, submit, weigh
from deployments.models import Scenario
from tests import build

TODAY = date(2026, 10, 12)


def scenarios(house: build.House, *codes: str) -> list[Scenario]:
    """Scenarios that one assessment may cover."""
    same = {"purpose": "Board passengers", "necessity": "Manual lanes are too slow", "legal_basis": "consent"}
    return [build.scenario(house.pip, code, scope="in", storage_mode="device", **same) for code in codes or ("GATE",)]


def begun(house: build.House, *codes: str, by: str = "officer") -> Assessment:
    return start(scenarios(house, *codes), title="Boarding", by=house.people[by], today=TODAY)


def answered(house: build.House, assessment: Assessment, by: str = "officer") -> Assessment:
    """Every question that is asked has an answer, every risk its weight."""
    person = house.people[by]
    closed = {"third_party": "no", "public": "no", "minors": "no"}
    for code, text in closed.items():
        save_answer(assessment, code, scenario=None, text=text, version=0, by=person)
    covered = {one.scenario_id: one.scenario for one in assessment.covered.select_related("scenario")}
    for _section, question, place in read(assessment).missing():
        text = f"Answer to {question.code}"
        save_answer(assessment, question.code, scenario=covered.get(place), text=text, version=0, by=person)
    for risk in assessment.risks.all():
        steps = {"likelihood": 2, "severity": 3, "likelihood_after": 1, "severity_after": 3}
        weigh(risk, version=risk.version, by=person, harm="It could happen.", **steps)
    conclude(assessment, by=person, conclusion="proceed")
    return assessment


def submitted(house: build.House, *codes: str) -> Assessment:
    made = answered(house, begun(house, *codes))
    submit(made, by=house.people["officer"])
    return made
