"""One day of the clock in a process of its own, and the memory that it took: ``python -m bench.day``."""

import json
import time
from pathlib import Path

import django

from bench.data import TODAY


def main() -> None:
    """A round and a dispatch; prints seconds, rungs, letters and the peak of resident memory in MB."""
    django.setup()
    from portal.clock.dispatch import dispatch
    from portal.clock.sweep import sweep

    idle = peak()
    begun = time.perf_counter()
    sweep(today=TODAY)
    rungs, letters = dispatch(today=TODAY)
    taken = time.perf_counter() - begun
    print(json.dumps({"seconds": taken, "rungs": rungs, "letters": letters, "idle": idle, "peak": peak()}))


def peak() -> float:
    """Megabytes at most so far. Not getrusage's: that one starts at the size of the process that started this one."""
    status = Path("/proc/self/status").read_text()
    return round(int(status.split("VmHWM:")[1].split()[0]) / 1024, 1)


if __name__ == "__main__":
    main()
