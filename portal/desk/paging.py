"""Keyset pages: the cost of a page is that of its rows, wherever in the list it stands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

SIZE = 50
CAP = 10_000


@dataclass(frozen=True)
class Leaf:
    """The rows of one page, and the cursors of its neighbours as query strings."""

    rows: list[Any]
    newer: str
    older: str


def cut(
    request: HttpRequest,
    queryset: QuerySet,
    order: list[Any],
    backwards: list[Any],
    after: Callable[[str], Q | None],
    before: Callable[[str], Q | None],
    key: Callable[[Any], str],
    size: int,
) -> Leaf:
    """One page of a queryset behind ``?after=`` or ahead of ``?before=``; a cursor that can't be read is the top."""
    cursor = request.GET.get("before", "")
    condition = before(cursor) if cursor else None
    if condition is not None:
        rows = list(queryset.filter(condition).order_by(*backwards)[: size + 1])
        has_more = len(rows) > size
        rows = rows[:size][::-1]
        return Leaf(
            rows, f"before={key(rows[0])}" if rows and has_more else "", f"after={key(rows[-1])}" if rows else ""
        )
    cursor = request.GET.get("after", "")
    condition = after(cursor) if cursor else None
    rows = list((queryset if condition is None else queryset.filter(condition)).order_by(*order)[: size + 1])
    has_more = len(rows) > size
    rows = rows[:size]
    return Leaf(
        rows,
        f"before={key(rows[0])}" if rows and condition is not None else "",
        f"after={key(rows[-1])}" if has_more else "",
    )


def newest_first(request: HttpRequest, queryset: QuerySet, size: int = SIZE) -> Leaf:
    """By id, newest first."""

    def bound(lookup: str) -> Callable[[str], Q | None]:
        return lambda cursor: Q(**{lookup: int(cursor)}) if cursor.isdecimal() and len(cursor) < 19 else None

    return cut(request, queryset, ["-id"], ["id"], bound("id__lt"), bound("id__gt"), lambda row: str(row.pk), size)


def worst_first(request: HttpRequest, queryset: QuerySet, size: int = SIZE) -> Leaf:
    """Duties in the order of ObligationQuerySet.worst_first: critical, then by safe date, then those without one."""
    return cut(
        request,
        queryset,
        ["-is_critical", F("safe_on").asc(nulls_last=True), "id"],
        ["is_critical", F("safe_on").desc(nulls_first=True), "-id"],
        lambda cursor: beyond(cursor, after=True),
        lambda cursor: beyond(cursor, after=False),
        lambda row: f"{int(row.is_critical)}_{row.safe_on or ''}_{row.pk}",
        size,
    )


def beyond(cursor: str, *, after: bool) -> Q | None:
    """The duties that stand after (or before) ``critical_safe-date_id``."""
    try:
        critical_text, safe_text, id_text = cursor.split("_")
        critical, pk = critical_text == "1", int(id_text)
        safe_on = date.fromisoformat(safe_text) if safe_text else None
    except ValueError:
        return None
    more_critical = Q(is_critical=True) if not critical else Q(pk__in=[])
    less_critical = Q(is_critical=False) if critical else Q(pk__in=[])
    if after:
        later = Q(safe_on=safe_on, id__gt=pk) | Q(safe_on__gt=safe_on) | Q(safe_on=None) if safe_on else None
        same = later if later is not None else Q(safe_on=None, id__gt=pk)
        return less_critical | (Q(is_critical=critical) & same)
    if safe_on is None:
        same = Q(safe_on=None, id__lt=pk) | Q(safe_on__isnull=False)
    else:
        same = Q(safe_on=safe_on, id__lt=pk) | Q(safe_on__lt=safe_on)
    return more_critical | (Q(is_critical=critical) & same)


def capped_count(queryset: QuerySet) -> int:
    """How many rows there are, counted no further than just above the cap."""
    return queryset.order_by()[: CAP + 1].count()
