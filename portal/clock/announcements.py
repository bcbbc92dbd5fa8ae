"""State Council notices: one operator loads, another one confirms, and the dates they reach are reckoned again."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.calendars.clock import calendar, refresh
from portal.calendars.models import HolidayNotice, State, digest_of, span_of
from portal.clock.doors import through_door
from portal.law.notices import Notice, NoticeError, notice_from_dict
from portal.law.text import Text
from portal.law.workdays import CalendarError, Workdays
from portal.tenancy.models import Tenant, touch_many
from portal.tenancy.session import acting, service
from portal.workflow import CaseError, Move, advance

log = logging.getLogger(__name__)
ONE_DAY = timedelta(days=1)
MOVES = {"confirm": Move.of("waiting", "confirmed"), "refuse": Move.of("waiting", "refused")}


@service("holiday_notice.load")
def load_notice(
    given: Mapping[str, Any],
    *,
    way: str,
    raw: str,
    source: str,
    by: User,
    today: date,
    replaces: bool = False,
) -> HolidayNotice:
    """Keep a notice, as ``notice_from_dict`` reads it, until another person decides; nothing is reckoned with it yet.

    Raises NoticeError for what is no notice, CaseError where the year's notice is loaded or waits already.
    """
    kept = as_kept(given, source)
    notice = notice_from_dict(kept)
    if notice.year > today.year + 1:
        raise CaseError(_("No notice for %(year)s can be published yet. Check the year.") % {"year": notice.year})
    one_at_a_time()
    standing = calendar().notice_of(notice.year)
    if standing is not None:
        require_other_days(standing, notice)
        require_replacement(notice.year, replaces)
    of_year = HolidayNotice.objects.filter(year=notice.year)
    if of_year.filter(state=State.WAITING).exists():
        raise CaseError(
            _("A notice for %(year)s waits for confirmation. Confirm or refuse it first.") % {"year": notice.year}
        )
    row = HolidayNotice(
        **kept,
        version=(of_year.aggregate(last=Max("version"))["last"] or 0) + 1,
        way=way,
        raw=raw,
        digest=digest_of(kept),
        replaces=standing is not None,
        loaded_at=timezone.now(),
        loaded_by=by,
    )
    row.full_clean()
    row.save(force_insert=True)
    return row


def one_at_a_time() -> None:
    """Of two who load a notice at the same moment, the second sees the first one's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('portal.holiday_notices', 0))")


def require_other_days(standing: Notice, notice: Notice) -> None:
    """The same days again would only make work for two people."""
    if standing.days_off.keys() == notice.days_off.keys() and standing.makeup_workdays == notice.makeup_workdays:
        raise CaseError(_("The notice for %(year)s is loaded already, with the same days.") % {"year": notice.year})


def require_replacement(year: int, replaces: bool) -> None:
    """What is loaded is replaced on purpose only."""
    if not replaces:
        raise CaseError(
            _("A notice for %(year)s is loaded already. Tick that this one replaces it, or check the year.")
            % {"year": year}
        )


def as_kept(given: Mapping[str, Any], source: str) -> dict[str, Any]:
    """The columns that hold what a notice says; raises NoticeError for what is no notice."""
    notice = notice_from_dict(given)
    written = str(given.get("notice_date") or "")
    try:
        announced_on = date.fromisoformat(written) if written else None
    except ValueError:
        raise NoticeError(NO_DAY.fmt(day=written)) from None
    makeup = given.get("makeup_workdays", ())
    names = {str(one["date"]): str(one.get("name") or "") for one in makeup if isinstance(one, Mapping)}
    return {
        "year": notice.year,
        "title": notice.title,
        "source": source or notice.source or str(given.get("number") or ""),
        "announced_on": announced_on,
        "days_off": [{"date": day.isoformat(), "name": name} for day, name in sorted(notice.days_off.items())],
        "makeup_workdays": [
            {"date": day, "name": names.get(day, "")} for day in sorted(map(str, notice.makeup_workdays))
        ],
    }


NO_DAY = Text(
    "notice_date: {day} is not a day. Write it as 2026-11-04.",
    "notice_date：{day}不是有效日期，请写成2026-11-04这样的格式。",
)


@service("holiday_notice.confirm")
def confirm_notice(notice: HolidayNotice, *, by: User, now: datetime, replaces: bool = False) -> None:
    """Reckon with a notice from now on; by another person than who loaded it."""
    if notice.loaded_by_id == by.pk:
        raise CaseError(_("You loaded this notice, so another platform account must confirm it."))
    if calendar().notice_of(notice.year) is not None:
        require_replacement(notice.year, replaces)
    conflict = _("This notice was decided on already. Reload the page to see by whom.")
    advance(notice, MOVES, "confirm", conflict=conflict, confirmed_by_id=by.pk, confirmed_at=now)
    refresh()


@service("holiday_notice.refuse")
def refuse_notice(notice: HolidayNotice, *, by: User, now: datetime, reason: str) -> None:
    """Let a notice go unused, with the reason; also by who loaded it."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the notice is refused.")})
    conflict = _("This notice was decided on already. Reload the page to see by whom.")
    advance(
        notice, MOVES, "refuse", conflict=conflict, refused_by_id=by.pk, refused_at=now, refusal=reason.strip()[:500]
    )


def recompute() -> int:
    """Mark every PIP with an open date that a newly confirmed notice may move, so that it is reconciled; how many.

    Killed half-way, it begins again at the next round: marking twice does no harm.
    """
    marked = 0
    for notice in HolidayNotice.objects.confirmed().filter(recomputed_at__isnull=True):
        reached = through_door("door_reckoned", *notice.span)
        done = sum(mark(tenant_id, pip_ids) for tenant_id, pip_ids in reached.items())
        if done == sum(map(len, reached.values())):
            HolidayNotice.objects.filter(pk=notice.pk).update(recomputed_at=timezone.now())
        marked += done
    return marked


def mark(tenant_id: int, pip_ids: list[int]) -> int:
    """Mark the PIPs of one workspace; one that fails must not hold up the others, and is tried again."""
    try:
        with acting(Tenant(pk=tenant_id), actor="system:sweep", verb="calendar.recompute"):
            touch_many(pip_ids)
    except DatabaseError:
        log.exception("dates of tenant %s could not be taken up; the next round tries again", tenant_id)
        return 0
    return len(pip_ids)


@dataclass(frozen=True)
class Shift:
    """A day that another calendar makes something else."""

    day: date
    works: bool
    before: Text
    after: Text


def shifts(before: Workdays, after: Workdays, first: date, last: date) -> list[Shift]:
    """The days that become rest or work with another calendar."""
    days = (first + ONE_DAY * number for number in range((last - first).days + 1))
    return [
        Shift(day, after.is_working(day), before.why(day).why, after.why(day).why)
        for day in days
        if before.is_working(day) != after.is_working(day)
    ]


@dataclass(frozen=True)
class Reach:
    """What a notice does to the open dates of all workspaces: counts only."""

    duties: int = 0
    tenants: int = 0
    earlier: int = 0
    later: int = 0
    firm: int = 0


def reach_of(notice: Notice) -> Reach:
    """How many open dates the notice would move, of how many workspaces; whose they are nobody is told."""
    before, after = calendar(), calendar().with_notice(notice)
    counts: Counter[str] = Counter()
    reached: set[int] = set()
    for (start, days, unit), (duties, tenants) in periods_over(*span_of(notice)).items():
        try:
            old, new = (each.reckon(start, days, unit) for each in (before, after))
        except CalendarError:
            continue
        is_firmer = old.provisional and not new.provisional
        if (old.due, old.safe) == (new.due, new.safe) and not is_firmer:
            continue
        reached |= tenants
        counts["duties"] += duties
        counts["earlier"] += duties * (new.due < old.due)
        counts["later"] += duties * (new.due > old.due)
        counts["firm"] += duties * is_firmer
    return Reach(tenants=len(reached), **counts)


def periods_over(first: date, last: date) -> dict[tuple[date, int, str], tuple[int, set[int]]]:
    """How many open duties of which tenants run with the same period over these days."""
    found: dict[tuple[date, int, str], tuple[int, set[int]]] = {}
    for tenant_id, start, days, unit, duties in rows_of("door_periods", first, last):
        before, tenants = found.get((start, days, unit), (0, set()))
        found[start, days, unit] = (before + duties, tenants | {tenant_id})
    return found


@dataclass(frozen=True)
class Wanted:
    """The notice that open dates wait for."""

    year: int
    tenants: int
    duties: int
    since: date


def wanted() -> Wanted | None:
    """The first year without a notice that an open date reaches; None while none does."""
    until = calendar().announced_until
    tenants, duties, since = rows_of("door_unannounced", until)[0]
    return Wanted(until.year + 1, tenants, duties, since) if duties else None


def rows_of(door: str, *arguments: object) -> list[tuple]:
    """What a door says of all tenants together."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {door}({', '.join(['%s'] * len(arguments))})", arguments)
        return cursor.fetchall()
