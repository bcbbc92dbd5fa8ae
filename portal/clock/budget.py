"""How long one round may work on one channel, so that a server that hangs holds up nothing else."""

import time
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Budget:
    """A moment of the monotonic clock after which nothing new is begun."""

    ends_at: float

    @classmethod
    def of(cls, channel: str) -> "Budget":
        """The seconds that the settings give a channel, from now on."""
        return cls(time.monotonic() + settings.SECONDS_A_ROUND[channel])

    @property
    def is_spent(self) -> bool:
        return time.monotonic() >= self.ends_at
