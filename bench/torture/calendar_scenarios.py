"""Days that are missed, come twice or end in a crash: what must hold is in the diary, and what people got is on the
wire."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random

from bench.torture.days import Clockwork
from bench.torture.diary import DAY, last_day, safe_day, walk
from bench.torture.oracle import Verdict, judge_identity
from bench.torture.plant import STATUTORY, workspace
from bench.torture.register import Registered, registered
from bench.torture.stage import TODAY, Stage
from portal.obligations.models import Delivery, Obligation, Reminder

ZONES = ("UTC", "America/Los_Angeles")
MOST_PIPS = 5  # of a workspace: a digest names no more duties of one rule


class Watch:
    """Notes on each played day what the diary expects, and compares it with the mails in the end."""

    def __init__(self, stage: Stage, *, tenants: int, pips: int) -> None:
        self.stage = stage
        self.pips: list[Registered] = []
        for number in range(1, tenants + 1):
            place = workspace(number)
            stage.places.append(place)
            self.pips += [registered(place, number * MOST_PIPS + nth) for nth in range(pips)]
        self.expected: set[tuple[str, int, str]] = set()  # person, PIP, day
        self.sent: list[tuple[Registered, date, bool]] = []  # the rung's day, and whether it was told late

    def expect(self, today: date) -> None:
        """What people must be told in the letters of this day."""
        for one in self.pips:
            for told in one.watched.told(today):
                self.sent.append((one, told.day, told.day < today))
                people = one.place.people[:1] if told.is_escalation else one.place.people
                self.expected |= {(person.email, one.pip.pk, str(today)) for person in people}

    def verdict(self) -> Verdict:
        """Lost: told too seldom. Doubled: told on a day on which nothing was due, or twice under two names."""
        found = Verdict(reminders=len(self.expected))
        times = self.stage.office.times()
        found.doubled_mails = sum(taken - 1 for taken in times.values())
        addresses = {}
        for one in self.pips:
            with one.place.acting():
                addresses[one.address()] = one.pip.pk
        told = {
            (mail.to, pip, mail.day)
            for mail in self.stage.office.accepted
            for address, pip in addresses.items()
            if address and address in mail.text
        }
        for key in sorted(self.expected - told):
            found.lose(f"{key[0]} was not told of PIP {key[1]} on {key[2]}")
        for key in sorted(told - self.expected):
            found.double(f"{key[0]} was told of PIP {key[1]} on {key[2]}, when nothing was due")
        judge_identity(found, self.stage.places, self.stage.office)
        self._judge_rows(found)
        self._judge_rungs(found)
        self._judge_dates(found)
        return found

    def _judge_rows(self, found: Verdict) -> None:
        """Nothing waits, and what failed says why; the same rung is told once a person and channel."""
        for place in self.stage.places:
            with place.acting():
                keys = Counter(Delivery.objects.values_list("reminder_id", "user_id", "channel"))
                waiting = Delivery.objects.exclude(state="sent").count()
            for key, rows in keys.items():
                if rows > 1:
                    found.double(f"{rows} deliveries of {key}")
            if waiting:
                found.lose(f"{waiting} deliveries of {place.tenant.slug} are not sent")

    def _judge_rungs(self, found: Verdict) -> None:
        """Of each day on which people were told one rung is sent, marked late if its day had passed; the others that
        were due are skipped or cancelled, none is forgotten."""
        wanted = Counter((one.pip.pk, day, is_late) for one, day, is_late in self.sent)
        there: Counter[tuple[int, date, bool]] = Counter()
        for place in self.stage.places:
            with place.acting():
                rows = Reminder.objects.filter(obligation__rule=STATUTORY)
                there.update(rows.filter(state="sent").values_list("pip_id", "send_on", "is_late"))
                forgotten = rows.filter(state="planned", send_on__lte=self.stage.office.day).count()
            if forgotten:
                found.lose(f"{forgotten} rungs of {place.tenant.slug} are due and not settled")
        for key in wanted - there:
            found.lose(f"rung of PIP {key[0]} for {key[1]} is not sent {'late' if key[2] else 'in time'}")
        for key in there - wanted:
            found.double(f"rung of PIP {key[0]} for {key[1]} is sent {'late' if key[2] else 'in time'}")

    def _judge_dates(self, found: Verdict) -> None:
        """The dates of law are those of the diary's own calendar, whatever the processes took for today."""
        for one in self.pips:
            with one.place.acting():
                row = Obligation.objects.filter(pip=one.pip, rule=STATUTORY, state="open").first()
            reached_on = one.watched.reached_on
            wanted = (last_day(reached_on), safe_day(reached_on)) if reached_on else None
            is_there = (row.due_on, row.safe_on) if row else None
            if is_there != wanted:
                found.lose(f"the filing duty of PIP {one.pip.pk} has {is_there}, the diary has {wanted}")


def clock(stage: Stage) -> Verdict:
    """Two schedulers in two zones; then three days without any, a jump forward, a jump back, and forward again."""
    watch = Watch(stage, tenants=stage.size(1, 5), pips=MOST_PIPS)
    for one in watch.pips:
        # Safe dates from four days before to four weeks after today: rungs fall into the days that are missed.
        one.reach(walk(TODAY, 32, -DAY) + timedelta(days=stage.chance.randint(0, 30)), today=TODAY)
    stage.office.day = str(TODAY)
    watch.expect(TODAY)
    play_in_both_zones(stage)
    furthest = TODAY
    jumps = [3, 2, 14, 7, 15] + ([16, 1, 21, 20, 28] if stage.is_full else [])
    wrong = []
    with in_zone(stage, ZONES[0]) as here, in_zone(stage, ZONES[1]) as there:
        for turn, today in enumerate(TODAY + jump * DAY for jump in jumps):
            stage.office.day = str(today)
            if today > furthest:
                watch.expect(today)
                furthest = today
            (here, there)[turn % 2].play(today=today)
        for zone, clockwork in zip(ZONES, (here, there), strict=True):
            # It dies before it has done anything: only the day that it takes for today is wanted.
            before, seen, after = shanghai(), clockwork.play(dies_at=1).today, shanghai()
            if seen not in (before, after):
                wrong.append(f"in {zone} the civil day is {seen}, in Shanghai it is {after}")
    stage.office.day = str(furthest)
    verdict = watch.verdict()
    for words in wrong:
        verdict.lose(words)
    return verdict


def in_zone(stage: Stage, zone: str, today: str = "") -> Clockwork:
    """A scheduler on a machine in that zone; without a day the day is the real one, or the one it is told."""
    return stage.clockwork(PORTAL_TODAY=today, TZ=zone)


def play_in_both_zones(stage: Stage) -> None:
    """Both at once: the second finds nothing left, or waits for its turn."""
    with in_zone(stage, ZONES[0], str(TODAY)) as here, in_zone(stage, ZONES[1], str(TODAY)) as there:
        for clockwork in (here, there):
            clockwork.start()
        days = {clockwork.finish().today for clockwork in (here, there)}
    if days != {str(TODAY)}:
        raise AssertionError(f"schedulers that were told {TODAY} took it for {days}")


def shanghai() -> str:
    """The civil day there, by arithmetic alone."""
    return str((datetime.now(UTC) + timedelta(hours=8)).date())


@dataclass(frozen=True)
class Event:
    """What happens to a PIP before the scheduler plays that day."""

    on: date
    happens: Callable[[], None]


def life(one: Registered, chance: Random, first: date, last: date) -> Iterator[Event]:
    """Duties of one PIP: each opens, half of them move to an earlier day, and it ends before or after its safe date;
    all but the last by a correction of the counts, the last by a filing."""
    today = walk(first, chance.randint(0, 8), DAY)
    while True:
        reached_on = today - chance.randint(0, 20) * DAY
        yield Event(today, partial(one.reach, reached_on, today=today))
        moves = chance.random() < 0.5
        if moves:
            today = walk(today, chance.randint(1, 8), DAY)
            reached_on -= chance.randint(1, 10) * DAY
            yield Event(today, partial(one.reach, reached_on, today=today))
        ends_on = walk(max(today, safe_day(reached_on)), chance.randint(1, 6), DAY)
        if chance.random() < 0.5:
            ends_on = walk(today, chance.randint(1, 15), DAY)
        if ends_on > last - 60 * DAY:
            yield Event(ends_on, partial(one.file, today=ends_on))
            return
        yield Event(ends_on, one.correct)
        # What was corrected stays corrected: the next count is of a day that has none yet.
        today = walk(ends_on, chance.randint(22, 30), DAY)


def year(stage: Stage) -> Verdict:
    """A year day by day, with crashes at statements that chance names; each day is taken up again until it is done."""
    first, last = stage.size(date(2026, 8, 24), date(2026, 1, 5)), stage.size(date(2026, 10, 23), date(2026, 12, 31))
    watch = Watch(stage, tenants=stage.size(1, 3), pips=stage.size(2, 4))
    happenings: dict[date, list[Event]] = defaultdict(list)
    for one in watch.pips:
        for event in life(one, stage.chance, first, last):
            happenings[event.on].append(event)
    crashes = stage.size(10, 30)
    day, statements = first, 200
    with stage.clockwork(PORTAL_TODAY="") as clockwork:
        while day <= last:
            stage.office.day = str(day)
            for event in happenings[day]:
                event.happens()
            told_before = len(watch.sent)
            watch.expect(day)
            eager = 0.6 if len(watch.sent) > told_before else 0.05
            while stage.kills < crashes and stage.chance.random() < eager:
                stage.kills += clockwork.play(today=day, dies_at=stage.chance.randint(1, 2 * statements)).died
                stage.let_leases_run_out()
            statements = max(clockwork.play(today=day).statements, 50)
            day += DAY
    return watch.verdict()
