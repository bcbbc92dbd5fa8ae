"""How many devices a valid sign warns of, and which ones none does (FRM Art 13): two queries, whatever hangs."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from deployments.choices import VALID_RESULTS
from deployments.models import Device, Sign
from portal.law.coverage import uncovered

Row = dict[str, Any]


@dataclass(frozen=True)
class Gap:
    """A device in use without a valid sign, and the spoilt signs that should warn of it."""

    device: Row
    signs: list[Row]


@dataclass
class Part:
    """A capture area of a deployment, or a deployment of a site: its devices in use, those signed, its valid signs."""

    row: Row
    devices: int = 0
    covered: int = 0
    signs: int = 0


@dataclass
class Coverage:
    """The devices in use of a place, those without a valid sign in their order, and the parts of the place."""

    devices: int = 0
    gaps: list[Gap] = field(default_factory=list)
    parts: dict[Hashable, Part] = field(default_factory=dict)

    @property
    def covered(self) -> int:
        return self.devices - len(self.gaps)

    @property
    def percent(self) -> int:
        """Rounded down: one device without a sign is never a hundred percent."""
        return self.covered * 100 // self.devices if self.devices else 100


def read_coverage(devices: QuerySet[Device], signs: QuerySet[Sign], *, by: str) -> Coverage:
    """The coverage of these devices by these signs; ``by`` names the key that its parts go by."""
    used = devices.in_use().order_by("deployment__code", "serial")
    hanging = signs.hanging().inspected().order_by("code")
    places = ("deployment_id", "deployment__code", "capture_area_id", "capture_area__name")
    return coverage(
        used.values("pk", "serial", *places),
        hanging.values("pk", "code", "inspected_on", "last_result", *places),
        by=by,
    )


def coverage(devices: Iterable[Row], signs: Iterable[Row], *, by: str) -> Coverage:
    """What the law package says of each deployment's devices and signs, put together."""
    used, hanging = _by_deployment(devices), _by_deployment(signs)
    found = Coverage()
    for key, its_devices in used.items():
        its_signs = hanging[key]
        bare = set(
            uncovered(
                [(row["serial"], row["capture_area_id"]) for row in its_devices],
                [(row["capture_area_id"], row["last_result"] or "") for row in its_signs],
            )
        )
        for row in its_devices:
            part = _part(found, row, by)
            part.devices += 1
            part.covered += row["serial"] not in bare
            if row["serial"] in bare:
                own = (None, row["capture_area_id"])
                found.gaps.append(Gap(row, [sign for sign in its_signs if sign["capture_area_id"] in own]))
        found.devices += len(its_devices)
    for row in (row for rows in hanging.values() for row in rows):
        _part(found, row, by).signs += (row["last_result"] or "") in VALID_RESULTS
    return found


def _part(found: Coverage, row: Row, by: str) -> Part:
    return found.parts.setdefault(row[by], Part(row))


def _by_deployment(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["deployment_id"]].append(row)
    return found
