"""``python3 manage.py torture [--full] [--seed N] [--only NAME]``: the scenarios in turn, on servers of their own."""

import argparse
import os
import secrets
import sys
import time

HEAD = ("scenario", "kills", "reminders", "lost", "doubled rows", "doubled mails", "seconds")


def main(arguments: list[str]) -> int:
    """Run the scenarios asked for and print their table; 1 if anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the whole programme (some twenty minutes)")
    parser.add_argument("--seed", default=str(secrets.randbelow(10**8)), help="what an earlier run printed")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this scenario")
    parser.add_argument("--write", action="store_true", help="put the result into bench/README.md")
    chosen = parser.parse_args(arguments)
    from portal.embedded import testing

    testing.pytest_load_initial_conftests()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from bench.torture.ground import ground
    from bench.torture.run import result_of
    from bench.torture.scenarios import SCENARIOS

    names = [name for name in SCENARIOS if not chosen.only or name in chosen.only]
    stand = ground()
    print(f"seed {chosen.seed}", flush=True)
    bad = 0
    for name in names:
        began = time.monotonic()
        found = result_of(stand, name, seed=chosen.seed, is_full=chosen.full)
        print(name, found, round(time.monotonic() - began, 1), flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
