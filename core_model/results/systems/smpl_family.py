"""Plain parameters of SMPL, SMPL-H or SMPL-X, as AMASS names them or as `smplx` does."""

from pathlib import Path
from typing import Any

import numpy as np

from core_model.results.content import table
from core_model.results.parameters import holds_parameters, person_of, rate_in
from core_model.results.record import Z_UP, Result


def fits(content: Any) -> bool:
    """Tell whether a file holds such parameters of one person."""
    found = table(content)
    return found is not None and holds_parameters(found)


def read(content: Any, path: Path) -> Result:
    """Read the person of a file; which axis is up is left to be found out.

    Raises
    ------
    TakeError
        When something of it cannot be read.
    """
    person, warnings = person_of(content)
    if not np.abs(person.places).max(initial=0) > 0:
        warnings = [*warnings, "has no translation; the figure moves on the spot"]
    return Result(
        "SMPL",
        [person],
        Z_UP,
        rate_in(content),
        estimated=False,
        floor=True,
        axis_unsure=True,
        warnings=tuple(warnings),
    )
