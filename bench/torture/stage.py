"""One scenario's surroundings: its database, its mail server, its chance, its size, and waiting with a deadline."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from django.db import connection
from django.db.models import F
from django.utils import timezone

from bench.torture.days import Clockwork
from bench.torture.ground import Ground
from bench.torture.plant import Workspace, due_today, workspace
from bench.torture.post_office import PostOffice
from bench.torture.processes import Portal
from portal.notifications.models import OutgoingEvent
from portal.obligations.models import Delivery, Reminder

TODAY = date(2026, 10, 12)  # a Monday
LEASE = 4  # seconds: a mail here takes one at most
SENDINGS = (Delivery, OutgoingEvent)
PATIENCE = 120  # seconds; a scenario that stalls says so instead of hanging


@dataclass
class Stage:
    """What every scenario is given."""

    ground: Ground
    database: str
    office: PostOffice
    chance: Random
    is_full: bool
    places: list[Workspace] = field(default_factory=list)
    kills: int = 0

    def lateness(self, most: float) -> Callable[[], float]:
        """Seconds after which the mail server answers; chance of its own, since it speaks in a thread of its own."""
        chance = Random(self.chance.random())
        return lambda: chance.uniform(0, most)

    def size(self, short: int, full: int) -> int:
        return full if self.is_full else short

    def plant(self, *, tenants: int, statutory: int, own: int, officers: int = 1, today: date = TODAY) -> None:
        """New workspaces, each with that many rungs due today."""
        for _turn in range(tenants):
            place = workspace(len(self.places) + 1, officers=officers)
            due_today(place, statutory=statutory, own=own, today=today)
            self.places.append(place)

    def plant_more(self, *, statutory: int, own: int, today: date = TODAY) -> None:
        """More rungs in the workspaces that are there."""
        for place in self.places:
            due_today(place, statutory=statutory, own=own, today=today)

    def environment(self, **more: str) -> dict[str, str]:
        given = {
            "PORTAL_TODAY": TODAY.isoformat(),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.office.port}",
            "EMAIL_TIMEOUT": "1",
            "DELIVERY_LEASE": str(LEASE),
        }
        return self.ground.environment(self.database, **given | more)

    @contextmanager
    def portal(self, *, workers: int, beats: int, **more: str) -> Iterator[Portal]:
        with Portal(self.environment(**more), self.ground.logs, workers=workers, beats=beats) as running:
            yield running
        self.kills += running.kills

    def clockwork(self, **more: str) -> Clockwork:
        """A process that plays days."""
        return Clockwork(self.environment(**more), self.ground.logs / "days.log")

    # What there is to do, asked in few words: the verdict is the oracle's

    def unsettled(self) -> int:
        """Due rungs not yet handed on and mails that wait."""
        left = 0
        for place in self.places:
            with place.acting():
                left += Reminder.objects.filter(state="planned", send_on__lte=TODAY).count()
                left += Delivery.objects.filter(channel="mail", state="waiting").count()
        return left

    def is_settled(self) -> bool:
        return self.unsettled() == 0

    def await_that(self, holds: Callable[[], bool], portal: Portal | None = None) -> bool:
        """Whether it came to hold within the time; dead processes are started again meanwhile."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > deadline:
                return False
            if portal is not None:
                portal.look()
            time.sleep(0.05)
        return True

    def pass_time(self, span: timedelta) -> None:
        """The clocks of what waits go forward by so much: what was put off until then is due now."""
        for place in self.places:
            with place.acting():
                for sending in SENDINGS:
                    waiting = sending.objects.filter(state="waiting", next_attempt_at__isnull=False)
                    waiting.update(next_attempt_at=F("next_attempt_at") - span)

    def let_leases_run_out(self) -> None:
        """The time passes for which a dead process still holds what it had claimed."""
        for place in self.places:
            with place.acting():
                for sending in SENDINGS:
                    sending.objects.filter(state="waiting", lease_until__isnull=False).update(
                        lease_until=timezone.now() - timedelta(seconds=1)
                    )


@contextmanager
def staged(ground: Ground, name: str, *, seed: str, is_full: bool) -> Iterator[Stage]:
    """A fresh database and a mail server for one scenario, and what chance decides in it."""
    with ground.database(name) as database, PostOffice() as office:
        try:
            yield Stage(ground, database, office, Random(f"{seed}/{name}"), is_full)
        finally:
            connection.close()
