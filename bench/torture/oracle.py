"""What must hold after a scenario, reckoned from what was planted and from the mails on the wire.

It asks none of the questions that the code under test asks: it knows the rungs by their ids because it planted them,
the people because it made them, and the mails because it is the server that took them.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from bench.torture.plant import Workspace
from bench.torture.post_office import PostOffice
from portal.obligations.models import Delivery, Reminder


@dataclass
class Verdict:
    """What was lost and what was doubled; ``faults`` names each in words."""

    reminders: int = 0
    lost: int = 0
    doubled_rows: int = 0
    doubled_mails: int = 0
    faults: list[str] = field(default_factory=list)

    def lose(self, words: str) -> None:
        self.lost += 1
        self.faults.append(f"lost: {words}")

    def double(self, words: str) -> None:
        self.doubled_rows += 1
        self.faults.append(f"doubled: {words}")


def judge(places: list[Workspace], office: PostOffice, *, refused_for_good: frozenset[str] = frozenset()) -> Verdict:
    """Every planted rung was told to each of its people, in the inbox and by a mail that the server has taken, once.

    ``refused_for_good`` are addresses that the server doesn't know: their mails must have failed, with the reason.
    """
    verdict = judge_told(places, office, refused_for_good=refused_for_good)
    judge_identity(verdict, places, office)
    return verdict


def judge_told(
    places: list[Workspace], office: PostOffice, *, refused_for_good: frozenset[str] = frozenset()
) -> Verdict:
    """The first part of it, for some of the workspaces whose mails the server took."""
    verdict = Verdict(reminders=sum(len(place.rungs) for place in places))
    taken = office.times()
    verdict.doubled_mails = sum(times - 1 for times in taken.values())
    for place in places:
        with place.acting():
            states = dict(Reminder.objects.values_list("pk", "state"))
            rows = list(Delivery.objects.filter(channel__in=("inbox", "mail")).select_related("user"))
        by_key = defaultdict(list)
        for row in rows:
            by_key[row.reminder_id, row.user_id, row.channel].append(row)
        for rung in place.rungs:
            if states.get(rung.reminder) != "sent":
                verdict.lose(f"rung {rung.reminder} of {place.tenant.slug} is {states.get(rung.reminder)}")
            for person in place.people:
                for channel in ("inbox", "mail"):
                    found = by_key.pop((rung.reminder, person.pk, channel), [])
                    _judge_delivery(verdict, f"rung {rung.reminder} to {person.email}", channel, found)
                    if channel == "mail" and found:
                        _judge_mail(verdict, found[0], taken, is_refused=person.email in refused_for_good)
        for key in by_key:
            verdict.double(f"a delivery that nobody planted: {key}")
    return verdict


def _judge_delivery(verdict: Verdict, words: str, channel: str, found: list[Delivery]) -> None:
    if not found:
        verdict.lose(f"{words}: no delivery by {channel}")
    for _row in found[1:]:
        verdict.double(f"{words}: more than one delivery by {channel}")
    if channel == "inbox" and found and found[0].state != "sent":
        verdict.lose(f"{words}: {found[0].state} in the inbox")


def _judge_mail(verdict: Verdict, row: Delivery, taken: Counter, *, is_refused: bool) -> None:
    """Marked as sent means that the server has it; a failure has its reason, and happens only where it must."""
    words = f"mail {row.message_id} to {row.user.email}"
    if is_refused:
        if row.state != "failed" or not row.error:
            verdict.lose(
                f"{words}: the address is refused for good, but it is {row.state} ({row.error or 'no reason'})"
            )
    elif row.state != "sent":
        verdict.lose(f"{words}: {row.state} after {row.attempts} attempts ({row.error or 'no reason'})")
    elif not taken[row.user.email, row.message_id]:
        verdict.lose(f"{words}: marked as sent, but the server never took it")


def judge_identity(verdict: Verdict, places: list[Workspace], office: PostOffice) -> None:
    """A mail that comes again carries its Message-ID: one that no delivery has now was torn and sent as another."""
    known = set()
    for place in places:
        with place.acting():
            mails = Delivery.objects.filter(channel="mail").select_related("user")
            known |= {(row.user.email, row.message_id) for row in mails}
    for to, message_id in sorted(set(office.times()) - known):
        verdict.double(f"mail {message_id} to {to} is of no delivery: what it told was told again under another name")
