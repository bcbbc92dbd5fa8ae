"""The weight of a change where it hangs on the direction: pure functions of the filed value and the new one.

Portal defaults, not law (LAW.md 2.9): FRM Art 15 doesn't say what is substantial.
"""

from collections.abc import Mapping
from typing import Any, Literal

from portal.law.spans import days_of

Weight = Literal["substantial", "ask", "minor"]
Value = Mapping[str, Any]

SHARE_OF_PERSONS = 20  # percent
MARKS_OF_PERSONS = (500_000, 1_000_000)
# How far from the device, and so from what FRM Art 8 asks, each mode of storage is.
DISTANCE = {"device": 0, "lan_server": 1, "private_cloud": 2, "public_cloud": 3, "vendor": 3}
CONTROL_RANK = {"missing": 0, "partial": 1, "in_place": 2}


def storage(old: Value, new: Value) -> Weight:
    """Away from the device or out over the internet is substantial."""
    goes_out = bool(new.get("sends_over_internet")) and not old.get("sends_over_internet")
    was, now = DISTANCE.get(old.get("storage_mode") or "", 0), DISTANCE.get(new.get("storage_mode") or "", 0)
    return "substantial" if goes_out or now > was else "ask"


def retention(old: Value, new: Value) -> Weight:
    """Longer is substantial, shorter minor; what can't be compared is for a person."""
    was, now = days_of(old.get("retention") or ""), days_of(new.get("retention") or "")
    ended, ends = old.get("retention_ends_on") or "", new.get("retention_ends_on") or ""
    steps = set()
    if old.get("retention") != new.get("retention"):
        steps.add(None if was is None or now is None else (now > was) - (now < was))
    if ended != ends:
        # No last day is no limit: the longest.
        steps.add(1 if not ends or (ended and ends > ended) else -1)
    if 1 in steps:
        return "substantial"
    return "minor" if steps == {-1} else "ask"


def vendors(old: Value, new: Value) -> Weight:
    """Another vendor, another role or access from abroad is substantial; one that has left is for a person."""
    before = {(one["name"], one["role"], bool(one["is_overseas"])) for one in old.get("vendors") or ()}
    after = {(one["name"], one["role"], bool(one["is_overseas"])) for one in new.get("vendors") or ()}
    supplier = (new.get("supplier") or "").strip()
    is_new_supplier = bool(supplier) and supplier != (old.get("supplier") or "").strip()
    return "substantial" if is_new_supplier or after - before else "ask"


def overseas(old: Value, new: Value) -> Weight:
    """Abroad, or to somebody else abroad, is substantial; back home is for a person."""
    return "substantial" if new.get("cross_border") else "ask"


def protection(old: Value, new: Value) -> Weight:
    """Weakened in any part is substantial; strengthened, or a newer MLPS test, is minor."""
    before, after = old.get("controls") or {}, new.get("controls") or {}
    steps = {_step(_rank(before.get(family)), _rank(after.get(family))) for family in {*before, *after}}
    was, now = old.get("mlps") or {}, new.get("mlps") or {}
    steps |= {_step(was.get("level") or 0, now.get("level") or 0)}
    steps |= {_step(was.get("tested_on") or "", now.get("tested_on") or "")}
    if -1 in steps:
        return "substantial"
    # Other words alone don't say in which direction.
    return "minor" if 1 in steps and not _is_reworded(old, new) else "ask"


def _rank(control: Mapping[str, Any] | None) -> int:
    return CONTROL_RANK.get((control or {}).get("state") or "", 0)


def _step(old: Any, new: Any) -> int:
    return int(new > old) - int(new < old)


def _is_reworded(old: Value, new: Value) -> bool:
    """Whether the words of the protection itself changed, or of a measure whose state stayed."""
    before, after = old.get("controls") or {}, new.get("controls") or {}
    kept = {family for family in {*before, *after} if _rank(before.get(family)) == _rank(after.get(family))}
    measures = any(
        (before.get(one) or {}).get("measure", "") != (after.get(one) or {}).get("measure", "") for one in kept
    )
    return measures or ("protection" in old and old["protection"] != new.get("protection"))


def persons_differ(old: Value, new: Value) -> bool:
    """A fifth more or fewer, or past 500,000 or 1,000,000 in either direction."""
    was, now = old.get("persons") or 0, new.get("persons") or 0
    if any((was >= mark) != (now >= mark) for mark in MARKS_OF_PERSONS):
        return True
    return abs(now - was) * 100 >= was * SHARE_OF_PERSONS if was else now > 0
