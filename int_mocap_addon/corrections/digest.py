"""Whether takes were solved with all that is said of them now."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import bpy

from ..takes.listing import takes_of_capture
from .stances import said_of


def needs_solving(scene: bpy.types.Scene, take: Any) -> bool:
    """Return whether something was said of a take, or taken back, since it was solved last."""
    takes = takes_of_capture(scene, take)
    return concerned(take) and bool(take.solved_with != digest_of(takes))


def concerned(take: Any) -> bool:
    """Return whether anything is said of a take, or was when it was solved last."""
    return bool(take.solved_with) or any(item.enabled for item in said_of(take))


def digest_of(takes: Sequence[Any]) -> str:
    """Return what tells all that is said of takes from anything else that could be."""
    said = [
        (
            *(take.uid, item.kind, item.time, item.end, item.part, tuple(item.values)),
            *(item.soft, item.limbs, item.other, item.found, item.rolls, item.surface),
        )
        for take in takes
        for item in said_of(take)
        if item.enabled
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16] if said else ""
