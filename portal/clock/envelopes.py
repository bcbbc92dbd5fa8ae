"""What goes together in one letter, and how many letters a person gets a day.

At most one digest and one letter of the dates set by law that have come; what the law opens during the day may add
one, and duties in hours wait for nothing. What comes after the day's letter waits for the next working morning.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from portal.clock.mornings import next_morning, window
from portal.clock.rungs import AGAIN, OPENED, UP
from portal.law.engine import STATUTORY
from portal.obligations.models import Delivery

HOURS, COME, OPENING, DIGEST = "hours", "come", "open", "digest"
NEWS = Q(reminder__rung=OPENED) | Q(reminder__rung__startswith=AGAIN)
IN_HOURS = Q(NEWS, reminder__obligation__due_at__isnull=False)
BY_LAW = Q(reminder__obligation__rule__in=STATUTORY)


@dataclass(frozen=True)
class Envelope:
    """The deliveries of one letter; its kind, and the civil day of which it is the letter."""

    kind: str
    on: date
    rows: QuerySet[Delivery]


def envelope_of(delivery: Delivery, waiting: Q, *, today: date) -> Envelope | None:
    """What goes in one letter with a delivery: what went with it before, else all of its kind that ``waiting`` finds.

    None when the letter of the day has gone, or no morning has come: then all of its kind is put off until the next.
    """
    of_person = Delivery.objects.filter(user=delivery.user_id, channel=delivery.channel, state="waiting")
    of_person = of_person.order_by("id")
    if delivery.letter:
        rows = of_person.filter(letter=delivery.letter)
        return Envelope(delivery.letter_kind, delivery.letter_on or today, rows)
    new = of_person.filter(waiting, letter=None)
    of_kind = kinds(new, today)
    has = {kind: rows.filter(pk=delivery.pk).exists() for kind, rows in of_kind.items()}
    if has[HOURS]:
        return Envelope(HOURS, today, of_kind[HOURS])
    own = COME if has[COME] else DIGEST
    now, gone = window(today), letters_of_day(delivery, today) if window(today).has_mornings else set()
    if own not in gone and now.ordinary:
        return Envelope(own, today, of_kind[own])
    if has[OPENING] and OPENING not in gone and now.opening:
        return Envelope(OPENING, today, of_kind[OPENING])
    of_kind[own].update(next_attempt_at=next_morning(today))
    return None


def kinds(new: QuerySet[Delivery], today: date) -> dict[str, QuerySet[Delivery]]:
    """What waits, by the kind of letter that it may go in; news of a date set by law may go in two."""
    has_come = Q(BY_LAW, reminder__obligation__safe_on__lte=today)
    hours = new.filter(IN_HOURS)
    rest = new.exclude(pk__in=hours.values("pk"))
    come = rest.filter(has_come).exclude(reminder__rung__startswith=UP)
    return {
        HOURS: hours,
        COME: come,
        OPENING: rest.filter(NEWS, BY_LAW),
        DIGEST: rest.exclude(pk__in=come.values("pk")),
    }


def letters_of_day(delivery: Delivery, today: date) -> set[str]:
    """The kinds of letters that the person had on this day by the same channel."""
    told = Delivery.objects.filter(user=delivery.user_id, channel=delivery.channel, letter_on=today)
    return set(told.exclude(letter_kind="").order_by().values_list("letter_kind", flat=True).distinct())
