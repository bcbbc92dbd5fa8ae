"""Puts the last result of each scenario, the full one if there is one, into bench/README.md:
``python -m bench.torture.readme``."""

import json
from collections.abc import Iterator

from bench.readme import README
from portal.embedded.places import VAR

BEGIN, END = "<!-- last torture -->", "<!-- end of the last torture -->"


def lines(run: dict) -> Iterator[str]:
    """One table; kills are those of processes and servers, doubled mails carry the same Message-ID."""
    yield "| scenario | form | kills | reminders | lost | doubled rows | doubled mails | seconds | seed | commit |"
    yield "| - | - | -: | -: | -: | -: | -: | -: | -: | - |"
    for one in run["scenarios"].values():
        numbers = ("size", "kills", "reminders", "lost", "doubled_rows", "doubled_mails", "seconds", "seed", "commit")
        yield f"| {one['scenario']} | {' | '.join(str(one[name]) for name in numbers)} |"


def main() -> None:
    """Replace what stands between the marks."""
    run: dict = {}
    for size in ("short", "full"):
        file = VAR / "torture" / f"result-{size}.json"
        if file.exists():
            found = json.loads(file.read_text())
            run = found | {"scenarios": run.get("scenarios", {}) | found["scenarios"]}
    versions = f"Python {run['python']}, Django {run['django']}, PostgreSQL {run['postgresql']}, {run['machine']}"
    text = "\n".join([BEGIN, f"{run['date']}; {versions}, two cores.", "", *lines(run), END])
    before, rest = README.read_text().split(BEGIN)
    README.write_text(before + text + rest.split(END)[1])


if __name__ == "__main__":
    main()
