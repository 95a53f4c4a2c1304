"""Databases of pictures and motion: made from downloads, and looked at before a run.

`python -m train.databases prepare 3dpw ROOT -o data`, `python -m train.databases check
configs/phase2.yaml`.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from core_model.engine.command_line import a_path, command

_SETS = ("3dpw", "mpii3d", "posetrack", "pennaction", "insta", "amass", "cmu")
_SHOWN = 5


@command("python -m train.databases")
def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 if nothing is missing, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m train.databases",
        description="Make the databases that training reads from the data sets as their makers "
        "give them out, and look at them before a run.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser(
        "check", help="list what of a phase's databases and pictures is there, and what is missing"
    )
    check.add_argument("config", type=a_path, help="YAML file, for example configs/phase2.yaml")
    check.add_argument("changes", nargs="*", metavar="SETTING=VALUE")
    prepare = commands.add_parser(
        "prepare",
        help="make a database, or motion at 30 frames a second, from a download",
    )
    prepare.add_argument("dataset", choices=_SETS)
    prepare.add_argument("root", type=a_path, help="folder of the download, unpacked")
    prepare.add_argument("-o", "--out", type=a_path, default=Path("data"), help="default: data")
    prepare.add_argument(
        "--own-body",
        action="store_true",
        help="3dpw: the body of this program in the place of OUT/smpl_data/SMPL_NEUTRAL.pkl",
    )
    given = parser.parse_args(arguments)
    if given.command == "prepare":
        return prepare_command(given.dataset, given.root, given.out, given.own_body)
    return check_command(given.config, given.changes)


def prepare_command(dataset: str, root: Path, out: Path, own_body: bool) -> int:
    """Make the databases of a set and tell what was written."""
    from train.databases.preparation import insta, motion, mpii3d, pennaction, posetrack, threedpw

    preparations: dict[str, Callable[[Path, Path], list[Path]]] = {
        "3dpw": partial(threedpw.prepare, own_body=own_body),
        "mpii3d": mpii3d.prepare,
        "posetrack": posetrack.prepare,
        "pennaction": pennaction.prepare,
        "insta": insta.prepare,
        "amass": motion.prepare_amass,
        "cmu": motion.prepare_cmu,
    }
    written = preparations[dataset](root, out)
    for path in written[:_SHOWN]:
        print(path)
    if len(written) > _SHOWN:
        print(f"... {len(written)} files in all.")
    return 0


def check_command(config: Path, changes: list[str]) -> int:
    """Print what there is and what is missing."""
    from train.databases.pictures.check import check_databases
    from train.databases.pictures.mixture import MixtureConfig, ValidationConfig, sets_wanted
    from train.settings.records import built_config, read_values

    values = read_values(config, changes)
    mixture = built_config(MixtureConfig, values.get("mixture", {}), "mixture")
    validation = built_config(ValidationConfig, values.get("validation", {}), "validation")
    root = Path(mixture.root)
    wanted = sets_wanted(mixture, validation)
    wrong: list[str] = []
    for each in wanted:
        databases, found = check_databases(root, [each], mixture.check_pictures)
        wrong += found
        for database in databases:
            labels = [f"{len(database)} rows", f"{len(database.files)} pictures"]
            if database.videos is not None:
                labels.append(f"{len(set(database.videos.tolist()))} videos")
            labels.append("with SMPL's pose" if database.has_smpl else "without SMPL's pose")
            print(f"{each[0]} {each[1]} as {each[2]}: {', '.join(labels)}")
    for sentence in wrong:
        print(sentence)
    print(f"{len(wanted)} sets wanted; {len(wrong) or 'no'} lines of what is missing or damaged.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
