"""Which FR devices have no valid sign (FRM Art 13)."""

from collections.abc import Hashable, Iterable

Area = Hashable | None


def uncovered(devices: Iterable[tuple[str, Area]], signs: Iterable[tuple[Area, str]]) -> tuple[str, ...]:
    """The serial numbers without a valid sign for their area or for the whole deployment."""
    valid = {area for area, result in signs if result in ("", "conspicuous")}
    if None in valid:
        return ()
    return tuple(serial for serial, area in devices if area is None or area not in valid)
