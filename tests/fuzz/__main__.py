"""`python -m tests.fuzz`: damaged files for every reader, and what they led to."""

import argparse
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.fuzz.findings import findings_at
from tests.fuzz.harness import MEGABYTES, fuzz
from tests.fuzz.targets import TARGETS, target_named
from tests.fuzz.trial import SECONDS


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
        "--state",
        type=Path,
        metavar="DIR",
        help="keep here what was found, the files that led to faults and what atheris learned, "
        "and go on from it",
    )
    given = parser.parse_args()
    if unknown := set(given.targets) - set(TARGETS):
        parser.error(f"there is no target {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        return _run(given.targets or list(TARGETS), given.inputs, given.state or Path(folder))


def _run(names: list[str], inputs: int, state: Path) -> int:
    print("| reader | by | files | read | refused | faults | slowest | memory |")
    print("|---|---|---|---|---|---|---|---|")
    faulty = False
    for name in names:
        home = state / "".join(each if each.isalnum() else "_" for each in name)
        found = findings_at(home / "findings.json")
        for _ in fuzz(partial(target_named, name), inputs, found, home):
            found.save(home / "findings.json")
            if sys.stderr.isatty():
                print(f"\r{name}: {found.tried}", end="", file=sys.stderr)
        faulty |= bool(found.faults)
        print(
            f"| {name} | {TARGETS[name].engine.name} | {found.tried} | {found.read} | "
            f"{found.refused} | {sum(found.faults.values())} | {found.slowest:.2f} s | "
            f"{found.memory:.0f} MB |",
            flush=True,
        )
        for fault, times in sorted(found.faults.items()):
            print(f"    {name}: {fault}: {times} times; the shortest file is in {home}")
    return int(faulty)


if __name__ == "__main__":
    sys.exit(main())
