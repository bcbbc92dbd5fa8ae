"""``python3 manage.py bench [--full] [--only w03]``: every workload in turn, on the benchmarks' own servers."""

import argparse
import importlib
import sys

from bench import ground
from bench.data import SIZES
from bench.harness import circumstances, save

WORKLOADS = ("w01_list", "w03_import", "w04_sweep", "w06_dossier", "rls", "w08_audit")


def main(arguments: list[str]) -> int:
    """Run the workloads asked for and print their tables."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the sizes whose figures are published (minutes, 5 GB)")
    parser.add_argument("--only", action="append", metavar="w03", help="only workloads whose name begins so")
    chosen = parser.parse_args(arguments)
    names = [name for name in WORKLOADS if not chosen.only or name.startswith(tuple(chosen.only))]
    if not names:
        parser.error(f"no workload of that name; there are {', '.join(WORKLOADS)}")
    size = "L" if chosen.full else "S"
    servers = ground.start()
    source = ground.base(servers, size)
    with ground.admin(servers) as connection:
        version = connection.execute("SHOW server_version").fetchone()[0]
    about = circumstances(size, version)
    print(", ".join(f"{name} {value}" for name, value in about.items()), flush=True)
    for name in names:
        workload = importlib.import_module(f"bench.{name}")
        found = []
        with ground.copy_of(servers, source, name) as database:
            for comparison in workload.run(servers, database, SIZES[size]):
                print(f"\n{comparison.text()}", flush=True)
                found.append(comparison)
        file = save(ground.FOLDER / "results", about, {name: found})
    print(f"\n{file}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
