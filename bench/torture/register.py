"""PIPs whose counts reach 100,000, move the day on which they did, fall away or are filed: what opens, moves and ends
the filing duty, done to the register's rows as people do it and to the diary's duties beside them."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from bench.torture.diary import Watched
from bench.torture.plant import STATUTORY, Workspace, uscc
from deployments.models import PersonCount, Scenario, ThresholdCrossing
from filings.models import Filing
from portal.accounts.services import register_pip
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip, touch_many

ENOUGH, FEW = 100_500, 1_000


@dataclass
class Registered:
    """One PIP with one scenario, and what the diary knows of its filing duty."""

    place: Workspace
    pip: Pip
    scenario: Scenario
    watched: Watched = field(default_factory=Watched)
    counts: list[PersonCount] = field(default_factory=list)

    def count(self, on: date, persons: int = ENOUGH, corrects: PersonCount | None = None) -> None:
        of = {"tenant": self.place.tenant, "pip": self.pip, "scenario": self.scenario}
        made = PersonCount.objects.create(
            **of, counted_on=on, persons=persons, corrects=corrects, entered_at=timezone.now()
        )
        touch_many([self.pip.pk])
        if persons == ENOUGH:
            self.counts.append(made)

    def reach(self, on: date, *, today: date) -> None:
        """A count of enough persons comes in: the duty opens, or runs from an earlier day than was thought."""
        with self.place.acting():
            self.count(on)
        if self.watched.reached_on is None or on < self.watched.reached_on:
            self.watched.open(on, today)

    def correct(self) -> None:
        """All counts were wrong: there is no duty."""
        with self.place.acting():
            for count in self.counts:
                self.count(count.counted_on, FEW, corrects=count)
        self.counts = []
        self.watched.end()

    def file(self, *, today: date) -> None:
        """The dossier is submitted: the duty is met."""
        with self.place.acting():
            of = {"tenant": self.place.tenant, "pip": self.pip}
            crossing = ThresholdCrossing.objects.create(
                **of,
                proposed_on=self.watched.reached_on,
                crossed_on=self.watched.reached_on,
                persons=ENOUGH,
                method="by template",
                reason="counted twice",
                snapshot={},
                confirmed_on=today,
                confirmed_at=timezone.now(),
            )
            Filing.objects.create(
                **of,
                kind="initial",
                state="submitted",
                reference=f"FIL-{self.pip.pk}",
                obligation=Obligation.objects.get(pip=self.pip, rule=STATUTORY),
                crossing=crossing,
                submitted_on=today,
                opened_at=datetime.combine(today, datetime.min.time(), tzinfo=timezone.get_current_timezone()),
            )
            touch_many([self.pip.pk])
        self.watched.end()

    def address(self) -> str:
        """Under which the duty stands in letters; empty while there is none."""
        found = Obligation.objects.filter(pip=self.pip, rule=STATUTORY).values_list("pk", flat=True).first()
        return f"/t/{self.place.tenant.slug}/duties/{found}/" if found else ""


def registered(place: Workspace, number: int) -> Registered:
    """One more PIP in a workspace."""
    with place.acting():
        pip = register_pip(Pip(uscc=uscc(10_000 + number), name=f"登记{number}号", province="33"))
        scenario = Scenario.objects.create(tenant=place.tenant, pip=pip, code="GATE", name="Gate")
    return Registered(place, pip, scenario)
