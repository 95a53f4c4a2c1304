"""GVHMR: `hmr4d_results.pt`, one person in the world."""

from pathlib import Path
from typing import Any

from core_model.errors import TakeError
from core_model.results.content import table
from core_model.results.parameters import person_of
from core_model.results.record import Y_UP, Result


def fits(content: Any) -> bool:
    """Tell whether a file is one of this system's."""
    found = table(content)
    return found is not None and "smpl_params_global" in found


def read(content: Any, path: Path) -> Result:
    """Read the person of a file.

    Raises
    ------
    TakeError
        When something of it cannot be read.
    """
    parameters = table(content["smpl_params_global"])
    if parameters is None:
        raise TakeError(f"{path}: 'smpl_params_global' is no table.")
    person, warnings = person_of(parameters)
    return Result("GVHMR", [person], Y_UP, warnings=tuple(warnings))
