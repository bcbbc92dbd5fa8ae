"""Dates that move because a holiday notice was loaded: found by reconcile, kept in the log, told in words."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.calendars.clock import calendar
from portal.calendars.models import HolidayNotice
from portal.clock.rungs import AGAIN, OPENED
from portal.obligations.models import DateMove, Delivery, Firmness, Obligation, State

# The same period with another result: then the calendar changed, not the facts.
PERIOD = ("reckoned_from", "reckoned_days", "reckoned_unit")
PREFETCH = "reminder__obligation__moves"
DATES = ("due_on", "safe_on", "firmness")


def move_of(row: Obligation, found: dict[str, Any]) -> DateMove | None:
    """How the calendar moves the date of an open duty, stored as ``row`` and found anew; None if it doesn't."""
    is_open = row.state == State.OPEN == found["state"]
    is_dated = row.due_on is not None and found["due_on"] is not None
    if not is_open or not is_dated or row.calendar_version == found["calendar_version"]:
        return None
    if any(getattr(row, name) != found[name] for name in PERIOD):
        return None
    if all(getattr(row, name) == found[name] for name in DATES):
        return None
    return DateMove(
        tenant_id=row.tenant_id,
        pip_id=row.pip_id,
        obligation=row,
        old_due_on=row.due_on,
        new_due_on=found["due_on"],
        old_safe_on=row.safe_on,
        new_safe_on=found["safe_on"],
        old_firmness=row.firmness,
        new_firmness=found["firmness"],
        old_calendar=row.calendar_version,
        new_calendar=found["calendar_version"],
    )


def log_moves(moves: list[DateMove]) -> None:
    """Keep what moved, each with the newest notice that has a say in its period."""
    if not moves:
        return
    confirmed = list(HolidayNotice.objects.confirmed())
    for move in moves:
        first, last = min(move.obligation.reckoned_from, move.old_safe_on), max(move.old_due_on, move.new_due_on)
        said = [row for row in confirmed if row.span[0] <= last and first <= row.span[1]]
        # Without one a new release of the portal brought the notice.
        newest = said[-1].notice if said else calendar().notice_of(last.year)
        move.notice_year, move.notice_title = (newest.year, newest.title) if newest else (last.year, "")
    DateMove.objects.bulk_create(moves, batch_size=2000)


def is_news(move: DateMove) -> bool:
    """Whether the ladder of the new date doesn't tell of it already: the safe date stayed, or only the portal asks
    for the duty. That such a duty's date became firm and stayed is no news."""
    if move.obligation.law.layer == "default":
        return move.old_due_on != move.new_due_on
    return move.old_safe_on == move.new_safe_on


def is_shifted(row: Obligation, found: dict[str, Any]) -> bool:
    """Whether new facts move the last day or moment of an open duty while its safe date stays, as over a holiday, or
    open one in hours again: its ladder stays the same and would tell nobody."""
    if row.state != State.OPEN:
        # Of a duty in hours no rung was left that could be taken up again.
        return found["state"] == State.OPEN and found["due_at"] is not None
    is_same_aim = found["state"] == State.OPEN and row.safe_on == found["safe_on"]
    is_moved = row.due_on != found["due_on"] or row.due_at != found["due_at"]
    return is_same_aim and is_moved and row.law.layer != "default"


def told_by(delivery: Delivery) -> DateMove | None:
    """The move that a delivery tells of: the last one of its duty, if the delivery aims at the date it brought.

    Needs ``PREFETCH``: a letter is written where no row is in sight, so that without it there is nothing to tell.
    """
    reminder, known = delivery.reminder, getattr(delivery.reminder.obligation, "_prefetched_objects_cache", {})
    is_news = reminder.rung.startswith((OPENED, AGAIN))
    moves = list(known.get("moves", ())) if is_news else []
    return moves[-1] if moves and moves[-1].new_safe_on == reminder.aims_at else None


def words_of(move: DateMove) -> str:
    """What moved and why, in the language in force."""
    values = {"year": move.notice_year, "old": day(move.old_due_on), "new": day(move.new_due_on)}
    if move.old_due_on != move.new_due_on:
        if move.new_firmness == Firmness.FIRM:
            return _("moved from %(old)s to %(new)s, now firm: the notice for %(year)s was loaded") % values
        return _("moved from %(old)s to %(new)s: the notice for %(year)s was loaded") % values
    if move.old_firmness != move.new_firmness == Firmness.FIRM:
        return _("now firm on %(new)s: the notice for %(year)s was loaded") % values
    values |= {"old": day(move.old_safe_on), "new": day(move.new_safe_on)}
    return _("safe date moved from %(old)s to %(new)s: the notice for %(year)s was loaded") % values


def day(on: date) -> str:
    """A date as mails write it."""
    return date_format(on, "Y-m-d")
