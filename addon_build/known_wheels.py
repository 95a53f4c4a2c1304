"""The wheels of other projects that go into a zip: their hashes are kept, and no others get in.

`python -m addon_build.known_wheels` asks pip for those of every zip that can be built, after
`constraints.txt` was changed; what it writes is looked at as any other change is.
"""

import hashlib
import sys
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path

from packaging.utils import parse_wheel_filename

from addon_build.errors import BuildError
from addon_build.target import PLATFORMS, PYTHONS, Target
from addon_build.third_party import (
    WheelChoice,
    look_up_wheels,
    project_requirements,
    read_pins,
)
from core_model.engine.command_line import command

ROOT = Path(__file__).resolve().parents[1]
KNOWN = Path(__file__).with_name("wheels.sha256")
"""Lines as `sha256sum` writes and checks them."""


def read_known(path: Path = KNOWN) -> dict[str, str]:
    """Return the SHA-256 of wheels by their file names."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in map(str.split, lines)}


def refuse_unknown(wheels: Iterable[Path], known: Mapping[str, str]) -> None:
    """Make sure that wheels are those that were looked at, to the bit.

    Parameters
    ----------
    wheels : iterable of Path
    known : mapping
        From `read_known`.

    Raises
    ------
    BuildError
        When one is another, or not known.
    """
    for wheel in wheels:
        with wheel.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if wheel.name not in known:
            raise BuildError(
                f"{wheel.name} is none of the wheels in {KNOWN.name}: if it should be, "
                "python -m addon_build.known_wheels adds it."
            )
        if digest != known[wheel.name]:
            raise BuildError(
                f"{wheel.name} is not the wheel that was looked at: its SHA-256 is {digest}, "
                f"{KNOWN.name} says {known[wheel.name]}. Somebody may have exchanged it."
            )


def look_up(targets: Iterable[Target], torch: str) -> dict[str, str]:
    """Return the hashes of the wheels in zips, as the package index has them.

    What it has not is told, and left to those who can reach PyTorch's own index.

    Parameters
    ----------
    targets : iterable of Target
    torch : "cpu" or "cuda"
    """
    found: dict[str, str] = {}
    for target in targets:
        choice = WheelChoice(target, torch, read_pins(ROOT / "constraints.txt", target))
        try:
            found |= look_up_wheels(project_requirements(ROOT / "pyproject.toml"), choice)
        except BuildError as error:
            print(f"{target.label}, {torch}: {error}", file=sys.stderr)
    return found


def write_known(wheels: Mapping[str, str], path: Path = KNOWN) -> None:
    """Write hashes by file name, sorted."""
    lines = [f"{digest}  {name}\n" for name, digest in sorted(wheels.items())]
    path.write_text("".join(lines), encoding="utf-8")


@command("python -m addon_build.known_wheels")
def main(arguments: list[str] | None = None) -> int:
    """Write the hashes of all wheels anew; lines of versions that are not pinned any more go."""
    targets = [Target(*each) for each in product(PLATFORMS, PYTHONS)]
    with_cards = [target for target in targets if target.platform != "macos-arm64"]
    found = look_up(targets, "cpu") | look_up(with_cards, "cuda")
    versions = {parse_wheel_filename(name)[:2] for name in found}
    pins = {
        pin for target in targets for pin in read_pins(ROOT / "constraints.txt", target).items()
    }
    for name, digest in read_known().items():
        package, version, *_ = parse_wheel_filename(name)
        if (package, version) in versions or (package, version.public) in pins:
            found.setdefault(name, digest)
    write_known(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
