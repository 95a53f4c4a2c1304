"""Settings as records: dataclasses inside of dataclasses, filled from a small YAML file."""

from collections.abc import Sequence
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

import yaml

from core_model.errors import MocapError
from core_model.storage.atomic import replaced_when_complete

T = TypeVar("T")


def read_values(path: str | Path, changes: Sequence[str] = ()) -> dict[str, Any]:
    """Read the values of a configuration.

    Parameters
    ----------
    path : str or Path
        One that is not there is looked for in `train/`.
    changes : sequence of str
        `run.epochs=3`: values that replace those of the file.

    Raises
    ------
    MocapError
        When the file is missing or no YAML, or a change is no assignment.
    """
    path = Path(path)
    if not path.exists():
        path = Path(__file__).parents[1] / path
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        for change in changes:
            name, equals, value = change.partition("=")
            if not equals:
                raise MocapError(f"'{change}' is no change of a setting, as run.epochs=3 is.")
            *groups, last = name.split(".")
            place = values
            for group in groups:
                place = place.setdefault(group, {})
            place[last] = yaml.safe_load(value)
    except OSError as error:
        raise MocapError(f"There is no configuration at {path}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise MocapError(f"{path} is not valid YAML: {error}") from error
    except (AttributeError, TypeError) as error:
        raise MocapError(f"{path.name} has no place for {', '.join(changes)}.") from error
    return values


def built_config(kind: type[T], values: Any, where: str) -> T:
    """Make a record of settings, and of those inside it, from the values of a file.

    Raises
    ------
    MocapError
        When a setting is unknown, missing, or of another type.
    """
    known = {entry.name for entry in fields(cast(Any, kind))}
    if not isinstance(values, dict):
        raise MocapError(f"{where}: expected the settings {', '.join(sorted(known))}.")
    unknown = set(values) - known
    if unknown:
        raise MocapError(
            f"{where}: unknown setting {', '.join(sorted(map(str, unknown)))}; "
            f"known are {', '.join(sorted(known))}."
        )
    hints = get_type_hints(kind)
    made = {name: _value(hints[name], value, f"{where}: {name}") for name, value in values.items()}
    try:
        return kind(**made)
    except TypeError as error:
        raise MocapError(f"{where}: a setting is missing ({error}).") from error


def _value(hint: Any, value: Any, where: str) -> Any:
    if is_dataclass(hint):
        return built_config(cast(type, hint), value, where)
    if not _fits(hint, value):
        # YAML reads 1e-4 as a word; it wants 1.0e-4.
        wanted = str(hint).removeprefix("<class '").removesuffix("'>")
        raise MocapError(f"{where}: {value!r} is no {wanted}.")
    return value


def _fits(hint: Any, value: Any) -> bool:
    if isinstance(hint, UnionType):
        return any(_fits(each, value) for each in hint.__args__)
    origin = get_origin(hint)
    if origin is Literal:
        return value in get_args(hint)
    if origin is list:
        return isinstance(value, list) and all(_fits(get_args(hint)[0], each) for each in value)
    if origin is dict:
        return isinstance(value, dict) and all(
            _fits(part, each)
            for pair in value.items()
            for part, each in zip(get_args(hint), pair, strict=True)
        )
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)


def write_config(config: Any, path: Path) -> None:
    """Write a record with all its settings as the YAML file that gives it again."""
    with replaced_when_complete(path) as temporary:
        temporary.write_text(yaml.safe_dump(asdict(config), sort_keys=False), encoding="utf-8")
