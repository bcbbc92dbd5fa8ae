"""A joint filing on its way: the house's PIP files, a company of its group is the member."""

from datetime import date
from io import BytesIO

from deployments.models import Scenario
from filings import services
from filings.matching import FACTS
from filings.models import Filing, JointUse
from portal.accounts.services import register_pip
from portal.law.identifiers import uscc_check_character
from portal.tenancy.models import Pip
from tests import build
from tests.filings import story
from tests.filings.story import TODAY

WORD = "电话咨询：备案专员同意随母公司一并备案"


def affiliate(house: build.House, number: int = 1, *, name: str = "西部机场") -> Pip:
    body = f"911100001000000{number:02d}"
    with house.acting("owner"):
        return register_pip(Pip(uscc=body + uscc_check_character(body), name=name, province="61"))


def stated(scenario: Scenario) -> Scenario:
    """All that is compared is stated."""
    scenario.necessity, scenario.function, scenario.scope = "高峰时段排队", "verify", "in"
    scenario.subject_groups = ["customers"]
    scenario.save()
    return scenario


def use_like(pip: Pip, like: Scenario, *, persons: int = 120_000, on: date = TODAY) -> Scenario:
    """The member's own scenario that says the same, used at one place and counted."""
    facts = {fact: getattr(like, fact) for fact in FACTS}
    scenario = build.scenario(pip, "BOARDING-W", name="登机核验（西部）", legal_basis="consent", **facts)
    place = build.deployment(pip, "XIY-1", scenario=scenario, site=build.site(pip, "XIY", name="西安机场"))
    build.count(place, persons, on)
    return scenario


def joined(house: build.House, *, is_assessed: bool = True) -> tuple[Filing, Scenario]:
    """The leader's dossier with every scan, and a member's use in it."""
    filing = story.complete(house, before=stated)
    like = filing.covered.get().scenario
    use = use_like(affiliate(house), like)
    if is_assessed:
        story.assess(house, use)
    take_in(filing, use, like, house)
    return filing, use


def take_in(filing: Filing, use: Scenario, like: Scenario, house: build.House, **more) -> list[JointUse]:
    values = {"agreed_on": TODAY, "agreed_how": WORD, "by": house.people["officer"], "today": TODAY} | more
    return services.join(filing, [(use, like)], **values)


def letter() -> BytesIO:
    return BytesIO(story.pdf("letter of the authority"))


def accepted(house: build.House) -> tuple[Filing, Scenario]:
    """The joint filing on file."""
    filing, use = joined(house)
    services.freeze(filing, by=house.people["officer"], today=TODAY)
    filing.refresh_from_db()
    services.submit(filing, by=house.people["reviewer"], on=TODAY, today=TODAY, proof=story.upload("proof.png"))
    filing.refresh_from_db()
    services.accept(filing, by=house.people["officer"], received_on=TODAY, today=TODAY, number="京备2026-0007")
    return filing, use
