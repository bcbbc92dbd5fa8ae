"""Runs one scenario and says what came of it."""

import time
from dataclasses import dataclass, field

from bench.torture.ground import Ground
from bench.torture.scenarios import SCENARIOS
from bench.torture.stage import staged


@dataclass(frozen=True)
class Result:
    """One line of the table; ``faults`` are what was lost or doubled, in words."""

    scenario: str
    kills: int
    reminders: int
    lost: int
    doubled_rows: int
    doubled_mails: int
    seconds: float
    faults: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """A mail may come twice, if it carries the same Message-ID: those are counted, not faults."""
        return not self.faults


def result_of(ground: Ground, name: str, *, seed: str, is_full: bool) -> Result:
    """Play a scenario on a fresh database; the same seed plays it again."""
    began = time.monotonic()
    with staged(ground, name, seed=seed, is_full=is_full) as stage:
        verdict = SCENARIOS[name](stage)
        return Result(
            scenario=name,
            kills=stage.kills,
            reminders=verdict.reminders,
            lost=verdict.lost,
            doubled_rows=verdict.doubled_rows,
            doubled_mails=verdict.doubled_mails,
            seconds=round(time.monotonic() - began, 1),
            faults=verdict.faults,
        )
