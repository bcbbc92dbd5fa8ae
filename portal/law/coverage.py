"""Which devices in use no valid sign warns of (FRM Art 13)."""

from collections.abc import Hashable, Iterable

from portal.law.enums import SPOILT_SIGNS

Area = Hashable | None


def uncovered(devices: Iterable[tuple[str, Area]], signs: Iterable[tuple[Area, str]]) -> tuple[str, ...]:
    """The serial numbers of a deployment's devices for which no valid sign hangs, in the order given.

    Devices in use come with their capture area, signs that hang with theirs and with the result of the last
    inspection, empty if there was none. A sign without an area stands for the whole deployment; one that was found
    obscured, damaged or missing stands for nothing.
    """
    signed = {area for area, result in signs if result not in SPOILT_SIGNS}
    return () if None in signed else tuple(serial for serial, area in devices if area not in signed)
