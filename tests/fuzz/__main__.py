"""`python -m tests.fuzz`: damaged files for every reader, and what they led to."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from core_model.storage.atomic import replaced_when_complete
from tests.fuzz.harness import MEGABYTES, SECONDS, Findings, fuzz, make_file
from tests.fuzz.targets import TARGETS


def main() -> int:
    """Run the command line; the exit code is 1 where anything was found."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz",
        description=f"Feed damaged files to everything that reads one. A traceback, more than "
        f"{SECONDS:g} s or more than {MEGABYTES} MB for one file is a fault.",
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--inputs", type=int, default=10_000, help="files for each target")
    parser.add_argument(
        "--state", type=Path, metavar="DIR", help="remember here what was tried, and go on from it"
    )
    parser.add_argument("--keep", type=Path, help="write the files that led to faults here")
    given = parser.parse_args()
    if unknown := set(given.targets) - set(TARGETS):
        parser.error(f"there is no target {', '.join(sorted(unknown))}")
    print("| reader | files | read | refused | faults | slowest | memory |")
    print("|---|---|---|---|---|---|---|")
    faulty = False
    for name in given.targets or TARGETS:
        found = _remembered(given.state, name)
        for _ in fuzz(name, given.inputs, found):
            _remember(given.state, name, found)
            if sys.stderr.isatty():
                print(f"\r{name}: {found.upto}", end="", file=sys.stderr)
        faults = sum(map(len, found.faults.values()))
        faulty |= faults > 0
        print(
            f"| {name} | {found.upto} | {found.read} | {found.refused} | {faults} | "
            f"{found.slowest:.2f} s | {found.memory:.0f} MB |",
            flush=True,
        )
        for fault, seeds in sorted(found.faults.items()):
            print(f"    {name}: {fault}: {len(seeds)} times, first with seed {seeds[0]}")
            if given.keep:
                given.keep.mkdir(parents=True, exist_ok=True)
                path = given.keep / f"{_plain(name)}-{seeds[0]}{TARGETS[name].suffix}"
                path.write_bytes(make_file(name, seeds[0]))
    return int(faulty)


def _remembered(folder: Path | None, name: str) -> Findings:
    path = folder and folder / f"{_plain(name)}.json"
    return Findings(**json.loads(path.read_text())) if path and path.exists() else Findings()


def _remember(folder: Path | None, name: str, found: Findings) -> None:
    if folder:
        with replaced_when_complete(folder / f"{_plain(name)}.json") as temporary:
            temporary.write_text(json.dumps(asdict(found)))


def _plain(name: str) -> str:
    return "".join(each if each.isalnum() else "_" for each in name)


if __name__ == "__main__":
    sys.exit(main())
