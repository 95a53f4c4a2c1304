"""The command `blender --command int_mocap`; what it does is loaded when it is called."""

from typing import Any

import bpy

from .names import COMMAND

_command: Any = None


def register() -> None:
    """Tell Blender of the command."""
    global _command
    _command = bpy.utils.register_cli_command(COMMAND, _run)


def unregister() -> None:
    """Take the command back."""
    global _command
    if _command is not None:
        bpy.utils.unregister_cli_command(_command)
        _command = None


def _run(arguments: list[str]) -> int:
    from .headless import run

    return run(arguments)
