"""Pages of long lists: 50 rows from a key on, in either direction, and a count that stops at 10,000."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

PAGE = 50
CAP = 10_000


@dataclass(frozen=True)
class Listing:
    """One page: its rows, its order, the cursors of the pages beside it, and the count (above CAP: more) if asked."""

    rows: list[Any]
    sort: str
    count: int | None
    newer: str = ""
    older: str = ""


def listing(
    rows: QuerySet,
    query: Mapping[str, str],
    orders: Mapping[str, tuple[str, ...]],
    columns: tuple[str, ...] = (),
    extra: Mapping[str, Any] | None = None,
    size: int = PAGE,
    *,
    is_counted: bool = True,
) -> Listing:
    """The page that the query asks for. ``orders`` names columns that are unique together; the first is the default.

    ``columns`` are read, and ``extra`` ones by their expressions; without any, whole rows. ``sort=-name`` runs
    backwards.
    """
    sort, keys, descending = chosen_order(query, orders)
    cursor, back = _cursor(rows, query, keys)
    found = _after(rows, keys, cursor, descending=descending != back) if cursor else rows
    found = found.order_by(*(F(key).desc() if descending != back else F(key).asc() for key in keys))
    if columns:
        found = found.values(*dict.fromkeys((*columns, *keys)), **(extra or {}))
    page = list(found[: size + 1])
    has_more = len(page) > size
    page = page[:size]
    if back:
        page.reverse()
    has_newer, has_older = (has_more, True) if back else (bool(cursor), has_more)
    return Listing(
        rows=page,
        sort=sort,
        count=rows.order_by().values("pk")[: CAP + 1].count() if is_counted else None,
        newer=_link("before", page[0], keys) if page and has_newer else "",
        older=_link("after", page[-1], keys) if page and has_older else "",
    )


def chosen_order(query: Mapping[str, str], orders: Mapping[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...], bool]:
    """The order that the query asks for, else the first one: its name, its columns, whether it runs backwards."""
    asked = query.get("sort", "")
    name = asked.removeprefix("-")
    if name not in orders:
        asked = name = next(iter(orders))
    return asked, orders[name], asked.startswith("-")


def _after(rows: QuerySet, keys: tuple[str, ...], cursor: tuple, *, descending: bool) -> QuerySet:
    # A row comparison, which one index scan answers however deep the page.
    lookup = TupleLessThan if descending else TupleGreaterThan
    return rows.filter(lookup(Tuple(*(F(key) for key in keys)), cursor))


def _link(name: str, row: Any, keys: tuple[str, ...]) -> str:
    return urlencode({name: json.dumps([_value(row, key) for key in keys], ensure_ascii=False, default=str)})


def _value(row: Any, key: str) -> Any:
    return row[key] if isinstance(row, dict) else reduce(getattr, key.split("__"), row)


def _cursor(rows: QuerySet, query: Mapping[str, str], keys: tuple[str, ...]) -> tuple[tuple | None, bool]:
    """The values that the page starts behind, and whether it runs back; nonsense means the first page."""
    for name, back in (("after", False), ("before", True)):
        if name not in query:
            continue
        try:
            values = json.loads(query[name])
            "".join(value for value in values if isinstance(value, str)).encode()  # a lone surrogate is no text
            if isinstance(values, list) and len(values) == len(keys):
                return tuple(_field(rows, key).to_python(value) for key, value in zip(keys, values, strict=True)), back
        except (ValueError, TypeError, OverflowError, ValidationError, RecursionError):
            return None, False
    return None, False


def _field(rows: QuerySet, key: str) -> Any:
    if key in rows.query.annotations:
        return rows.query.annotations[key].output_field
    model = rows.model
    *path, last = key.split("__")
    for step in path:
        model = model._meta.get_field(step).related_model
    return model._meta.pk if last == "pk" else model._meta.get_field(last.removesuffix("_id"))
