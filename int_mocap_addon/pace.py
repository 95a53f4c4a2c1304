"""How fast this machine captures, kept from one capture to the next for a better forecast."""

import json
from collections.abc import Mapping
from contextlib import suppress

from core_model.errors import MocapError
from core_model.storage.atomic import replaced_when_complete

from .storage import log_folder

_NAME = "pace.json"


def known_pace() -> dict[str, float]:
    """Return what was kept; nothing where that is not to be had."""
    with suppress(OSError, ValueError, TypeError, AttributeError, MocapError):
        content = json.loads((log_folder() / _NAME).read_text(encoding="utf-8"))
        return {str(stage): float(ratio) for stage, ratio in content.items() if ratio > 0}
    return {}


def keep_pace(pace: Mapping[str, float]) -> None:
    """Keep it; a forecast is not worth an error."""
    with (
        suppress(OSError, MocapError),
        replaced_when_complete(log_folder() / _NAME) as temporary,
    ):
        temporary.write_text(json.dumps(dict(pace)), encoding="utf-8")
