"""Look at databases: `python -m train.databases check configs/phase2.yaml`."""

import argparse
import sys
from pathlib import Path

from core_model.engine.command_line import a_path, command


@command("python -m train.databases")
def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 if nothing is missing, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m train.databases",
        description="Look at the databases of pictures that the image network is trained on.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser(
        "check", help="list what of a phase's databases and pictures is there, and what is missing"
    )
    check.add_argument("config", type=a_path, help="YAML file, for example configs/phase2.yaml")
    check.add_argument("changes", nargs="*", metavar="SETTING=VALUE")
    given = parser.parse_args(arguments)
    return check_command(given.config, given.changes)


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
