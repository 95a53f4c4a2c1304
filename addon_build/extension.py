"""The add-on's own files, looked through before they go into a zip."""

import ast
from pathlib import Path

from addon_build.errors import BuildError

ADDON = "int_mocap_addon"
_OLDEST_PYTHON = (3, 11)


def addon_files(root: Path) -> dict[str, Path]:
    """Return the add-on's files by their names in the zip, the licence among them.

    Raises
    ------
    BuildError
        When a file would not work inside an extension: a missing `register`, an import of the
        add-on by its own name (extensions live under another one), syntax that the oldest Python
        does not read.
    """
    folder = root / ADDON
    files = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix != ".pyc"
        and "__pycache__" not in path.relative_to(folder).parts
    }
    hidden = [name for name in files if any(part.startswith(".") for part in name.split("/"))]
    if hidden:
        raise BuildError(f"{folder} holds {hidden[0]}, which does not belong into the zip.")
    if "__init__.py" not in files:
        raise BuildError(f"{folder / '__init__.py'} is missing.")
    for name, path in files.items():
        if path.suffix == ".py":
            _check_module(path, is_entry=name == "__init__.py")
    license_file = root / "LICENSE"
    if not license_file.exists():
        raise BuildError(f"{license_file} is missing; the zip must hold the licence.")
    return {**files, "LICENSE": license_file}


def _check_module(path: Path, is_entry: bool) -> None:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=_OLDEST_PYTHON)
    except SyntaxError as error:
        raise BuildError(f"{path}, line {error.lineno}: {error.msg}.") from error
    for node in ast.walk(tree):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            modules = [node.module or ""]
        if any(module.split(".")[0] == ADDON for module in modules):
            raise BuildError(
                f"{path} imports {ADDON} by name; inside an extension only relative imports work."
            )
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    defined |= {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    if is_entry and not {"register", "unregister"} <= defined:
        raise BuildError(f"{path} does not define register and unregister.")
