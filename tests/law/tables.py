"""Tables of the law, a case a line: its name, what is different about it, and what the rule then says.

    @table(
        ("out of scope", {"in_scope": False}, None),
        ("live without a notice", {"is_live": True}, "open", {"is_critical": True, "says": "No notice"}),
    )
    def test_notice(facts, expected):
        assert told(asked(scenario(**facts), "frm-05-notice"), expected) == expected

Of a duty `expected` names the state and whatever else the row says: any field of a Duty, `due` and `safe` among
them, and `says` or `remedy_says` for a part of the English sentence. Dates may stand as ISO text.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from portal.law.duties import Duty
from portal.law.engine import duties
from portal.law.facts import DeploymentFacts, PipFacts, ScenarioFacts
from portal.law.workdays import Workdays

CALENDAR = Workdays.official()
Expected = dict[str, Any]

# What most tables start from: in use since 1 March 2026, or used until 30 June.
LIVE: dict[str, Any] = {"is_live": True, "started_on": date(2026, 3, 1)}
ENDED: dict[str, Any] = {"started_on": date(2026, 3, 1), "ended_on": date(2026, 6, 30)}
CRITICAL: Expected = {"is_critical": True}
CALM: Expected = {"is_critical": False}
REVIEW: Expected = {"needs_review": True}


def day(text: str) -> date:
    """The day of an ISO date."""
    return date.fromisoformat(text)


def scenario(*, pip: dict[str, Any] | None = None, **facts: Any) -> PipFacts:
    """A PIP with the scenario GATE; `pip` are facts of the PIP itself."""
    return PipFacts("U", scenarios=(ScenarioFacts("GATE", **facts),), **(pip or {}))


def deployment(*, of: dict[str, Any] | None = None, pip: dict[str, Any] | None = None, **facts: Any) -> PipFacts:
    """A PIP with the deployment D1 of the scenario GATE; `of` are facts of the scenario."""
    return PipFacts(
        "U",
        scenarios=(ScenarioFacts("GATE", **(of or {})),),
        deployments=(DeploymentFacts("D1", "GATE", **facts),),
        **(pip or {}),
    )


def asked(facts: PipFacts, rule: str, on: date | None = None) -> Duty | None:
    """The only duty of that rule, or None if it asks nothing."""
    found = [duty for duty in duties(facts, CALENDAR, on) if duty.rule == rule]
    assert len(found) <= 1, [duty.subject for duty in found]
    for sentence in (sentence for duty in found for sentence in (duty.why, duty.remedy) if sentence):
        assert sentence.en and sentence.zh and "{" not in sentence.en + sentence.zh, sentence
    return found[0] if found else None


def table(*rows: tuple[Any, ...]) -> Callable[[Callable[..., None]], Any]:
    """Run the test once a row, with the row's `facts` and `expected`."""
    cases = [
        pytest.param(facts, {"state": state, **(more[0] if more else {})}, id=case)
        for case, facts, state, *more in rows
    ]
    return pytest.mark.parametrize(("facts", "expected"), cases)


def told(duty: Duty | None, expected: Expected) -> Expected:
    """What the duty says of everything that is expected of it."""
    return {name: _read(duty, name, wanted) for name, wanted in expected.items()}


def _read(duty: Duty | None, name: str, wanted: Any) -> Any:
    if duty is None:
        return None
    if name in ("says", "remedy_says"):
        sentence = duty.why if name == "says" else duty.remedy
        english = sentence.en if sentence else ""
        return wanted if wanted in english else english
    found = getattr(duty, name)
    return found.isoformat() if isinstance(found, date) and isinstance(wanted, str) else found
