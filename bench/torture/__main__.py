"""``python3 manage.py torture [--full] [--seed N] [--only NAME]``: the scenarios in turn, on servers of their own."""

import argparse
import json
import os
import secrets
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bench.torture import readme

if TYPE_CHECKING:
    from bench.torture.run import Result

COLUMNS = "{:<13}{:>7}{:>11}{:>7}{:>14}{:>15}{:>9}"
FAULTS_SHOWN = 20


def main(arguments: list[str]) -> int:
    """Run the scenarios asked for and print their table; 1 if anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the whole programme; without it the suite's short form")
    parser.add_argument("--seed", help="play again what chance decided in the run that printed this seed")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this scenario")
    chosen = parser.parse_args(arguments)
    set_up()
    from bench.harness import circumstances
    from bench.torture.ground import ground
    from bench.torture.run import result_of
    from bench.torture.scenarios import SCENARIOS

    names = [name for name in SCENARIOS if not chosen.only or name in chosen.only]
    if not names:
        parser.error(f"no scenario of that name; there are {', '.join(SCENARIOS)}")
    seed = chosen.seed or str(secrets.randbelow(10**8))
    stand = ground()
    about = circumstances("full" if chosen.full else "short", stand.version()) | {"seed": seed}
    print(", ".join(f"{name} {value}" for name, value in about.items()), flush=True)
    print(COLUMNS.format("scenario", "kills", "reminders", "lost", "doubled rows", "doubled mails", "seconds"))
    file = stand.folder / f"result-{about['size']}.json"
    results = []
    for name in names:
        results.append(result_of(stand, name, seed=seed, is_full=chosen.full))
        show(results[-1])
        keep(file, about, results[-1])
    print(f"{file}; python -m {readme.__name__} puts the last results into bench/README.md")
    return 0 if all(one.is_good for one in results) else 1


def keep(file: Path, about: dict[str, str], one: "Result") -> None:
    """Write a result beside the former ones of the other scenarios."""
    former = json.loads(file.read_text())["scenarios"] if file.exists() else {}
    found = former | {one.scenario: asdict(one) | about}
    file.write_text(json.dumps({**about, "scenarios": found}, ensure_ascii=False, indent=1))


def set_up() -> None:
    """Django on the tests' servers, from whose migrated template the programme's own is copied."""
    from portal.embedded import testing

    testing.name_servers(testing.start_test_servers())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()


def show(one: "Result") -> None:
    """One line of the table; under it in words what went wrong."""
    numbers = (one.kills, one.reminders, one.lost, one.doubled_rows, one.doubled_mails, one.seconds)
    print(COLUMNS.format(one.scenario, *numbers), flush=True)
    for words in one.faults[:FAULTS_SHOWN]:
        print(f"  {words}", flush=True)
    if len(one.faults) > FAULTS_SHOWN:
        print(f"  … and {len(one.faults) - FAULTS_SHOWN} more", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
