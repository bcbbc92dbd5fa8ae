"""Puts the last full run into README.md: ``python -m bench.readme``."""

import json
from collections.abc import Iterator
from pathlib import Path

from bench.ground import FOLDER

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- last full run -->", "<!-- end of the last full run -->"


def lines(run: dict) -> Iterator[str]:
    """One table for all workloads; the reference of each block has the ratio 1."""
    yield "| workload | way | median, ms | × floor | spread (rounds) | target | commit |"
    yield "| - | - | -: | -: | - | - | - |"
    for name in sorted(run["workloads"]):
        for block in run["workloads"][name]:
            title = block["title"]
            for row in block["ways"]:
                spread = "" if row["ratio"] == row["least"] == row["most"] == 1 else f"{row['least']}–{row['most']}"
                target = "; ".join(row["targets"]).removeprefix("target ")
                yield (
                    f"| {title} | {row['way']} | {row['median_ms']:,.1f} | {row['ratio']} | {spread} ({row['rounds']})"
                    f" | {target} | {block['commit']} |"
                )
                title = ""
            for figure, value in block["figures"].items():
                yield f"| | *{figure}: {value}* | | | | | |"


def main() -> None:
    """Replace what stands between the marks."""
    file = max((FOLDER / "results").glob("*-L.json"))
    run = json.loads(file.read_text())
    versions = f"Python {run['python']}, Django {run['django']}, PostgreSQL {run['postgresql']}, {run['machine']}"
    text = "\n".join([BEGIN, f"{run['date']}; {versions}, two cores.", "", *lines(run), END])
    before, rest = README.read_text().split(BEGIN)
    README.write_text(before + text + rest.split(END)[1])


if __name__ == "__main__":
    main()
