"""The screening (FRM Art 2): from eight answers the scope, its meaning in words, and the duties that the law finds."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from portal.law.duties import Duty
from portal.law.engine import duties
from portal.law.facts import Count, DeploymentFacts, DeviceFacts, PipFacts, PlaceType, ScenarioFacts, SiteFacts
from portal.law.questions import GROUPS, QUESTIONS, STORED, WARNED_FROM
from portal.law.screening_lines import Line, lines
from portal.law.threshold import IN_FORCE_ON, THRESHOLD
from portal.law.workdays import Workdays


@dataclass(frozen=True, slots=True)
class Answers:
    """The eight answers by the codes of their questions; empty while a question isn't answered."""

    mainland: str = ""
    activity: str = ""
    function: str = ""
    place_type: str = ""
    private_space: str = ""
    ages: str = ""
    storage: str = ""
    count_band: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Answers":
        """The answers among these values; what is no answer to its question counts as none."""
        return cls(**{one.key: given[one.key] for one in QUESTIONS if given.get(one.key) in one.choices})

    def as_dict(self) -> dict[str, str]:
        """For keeping: each question's key with the code of its answer."""
        return asdict(self)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The keys of the questions that are still open."""
        return tuple(each.name for each in fields(self) if not getattr(self, each.name))

    @property
    def groups(self) -> frozenset[str]:
        """The groups of minors among those concerned."""
        return GROUPS[self.ages]

    @property
    def storage_mode(self) -> str:
        """Where faces are stored, in the register's words."""
        return STORED[self.storage][0]

    @property
    def sends_over_internet(self) -> bool | None:
        """Whether faces leave over the internet; None while it isn't said."""
        return STORED[self.storage][1]


@dataclass(frozen=True, slots=True)
class Known:
    """What the register or the catalogue knows besides: the answers don't say it, the law goes by it."""

    legal_basis: str = ""
    video_category: str = ""


NOTHING_ELSE = Known()


@dataclass(frozen=True, slots=True)
class Screening:
    """What the answers come to: the scope, the lines to read, and the duties that the law finds."""

    scope: str
    lines: tuple[Line, ...]
    asked: tuple[Duty, ...]
    unanswered: tuple[str, ...]

    @property
    def duties(self) -> tuple[str, ...]:
        """The ids of the rules that ask something."""
        return tuple(dict.fromkeys(duty.rule for duty in self.asked))

    @property
    def is_complete(self) -> bool:
        """Whether all eight questions are answered."""
        return not self.unanswered


def screen(answers: Answers, calendar: Workdays, known: Known = NOTHING_ELSE) -> Screening:
    """Ask the law about a use of FR that is as the answers say; no rules of its own, so that both always agree."""
    scope = scope_of(answers)
    found = duties(hypothetical(answers, scope, known), calendar)
    asked = tuple(duty for duty in found if duty.state != "not_required")
    return Screening(scope, lines(answers.as_dict(), scope, known.legal_basis), asked, answers.unanswered)


def scope_of(answers: Answers) -> str:
    """The scope of FRM Art 2 that the answers give; empty while they don't settle it."""
    outside = (
        (answers.mainland == "no", "out_not_china"),
        (answers.activity == "household", "out_household"),
        (answers.activity == "rnd", "out_rnd"),
        (answers.function == "other", "out_not_fr"),
    )
    for holds, scope in outside:
        if holds:
            return scope
    return "in" if answers.mainland and answers.activity and answers.function else ""


CODE, DAY = "SCREENING", IN_FORCE_ON
AT_A_PLACE: dict[str, PlaceType] = {
    "public": "public",
    "internal": "internal",
    "residential": "residential",
    "online": "internal",  # no place of the PIP, so none that is public
}


def hypothetical(answers: Answers, scope: str, known: Known = NOTHING_ELSE) -> PipFacts:
    """A PIP with nothing but this scenario, in use at one place with one device."""
    place_type = AT_A_PLACE.get(answers.place_type, "undecided")
    scenario = ScenarioFacts(
        CODE,
        scope=scope,
        scope_decided_on=DAY if scope else None,
        in_scope=scope in ("", "in"),
        function=answers.function,
        legal_basis=known.legal_basis,
        subjects=answers.groups,
        storage_mode=answers.storage_mode,
        sends_over_internet=answers.sends_over_internet,
        started_on=DAY,
        is_live=True,
    )
    place = DeploymentFacts(
        CODE,
        CODE,
        status="active",
        site=CODE,
        place_type=place_type,
        started_on=DAY,
        devices_in_use=1,
        uncovered=(CODE,),
        private_devices=(DeviceFacts(CODE, "other_private", DAY, is_private_space=True),)
        if answers.private_space == "yes"
        else (),
    )
    site = SiteFacts(CODE, place_type=place_type, video_category=known.video_category, video_in_use_on=DAY)
    persons = {"near": WARNED_FROM, "reached": THRESHOLD}.get(answers.count_band)
    counts = (Count(DAY, CODE, None, persons),) if persons else ()
    return PipFacts(CODE, scenarios=(scenario,), deployments=(place,), sites=(site,), counts=counts)
