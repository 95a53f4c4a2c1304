"""What one Blender goes through in the installation tests; run by that Blender's own Python.

`python install_session.py PLAN.json` installs the zip that the plan names into the empty
`BLENDER_USER_RESOURCES`, uses the add-on, removes it, and prints what it saw as one line of JSON.
Nothing of the development environment is to be found meanwhile, unless the plan names it as engine.
"""

import importlib
import importlib.util
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

ADDON = "bl_ext.user_default.int_mocap"
Seen = dict[str, Any]


def hide_the_source_tree() -> None:
    """Take editable installations off the import path: only the zip may bring `core_model`."""
    sys.meta_path[:] = [
        finder
        for finder in sys.meta_path
        if "__editable__" not in getattr(finder, "__module__", "")
    ]
    sys.path_hooks[:] = [
        hook for hook in sys.path_hooks if "__editable__" not in getattr(hook, "__module__", "")
    ]
    sys.path[:] = [entry for entry in sys.path if "__editable__" not in entry]
    sys.path.remove(str(Path(__file__).parent))
    sys.path_importer_cache.clear()
    if importlib.util.find_spec("core_model"):
        sys.exit("core_model was there before the zip was installed")


def blender() -> Any:
    """Import bpy, which must not happen before the source tree is hidden."""
    return importlib.import_module("bpy")


def registered() -> Seen:
    """Return what an add-on can leave behind in Blender."""
    bpy = blender()
    handlers = {
        name: len(value)
        for name in dir(bpy.app.handlers)
        if isinstance(value := getattr(bpy.app.handlers, name), list)
    }
    panels = {kind.__name__ for kind in bpy.types.Panel.__subclasses__() if kind.is_registered}
    return {
        "types": sorted(name for name in dir(bpy.types) if "mocap" in name.lower()),
        "panels": len(panels),
        "handlers": handlers,
        "scene": hasattr(bpy.types.Scene, "int_mocap"),
        "operators": sorted(name for name in dir(bpy.ops.int_mocap)),
        "modules": sorted(addon.module for addon in bpy.context.preferences.addons),
    }


def install(zip_path: str) -> Seen:
    """Install and enable the zip; tell where its modules came from, and how long it took."""
    bpy = blender()
    start = time.perf_counter()
    result = bpy.ops.extensions.package_install_files(
        filepath=zip_path, repo="user_default", enable_on_install=True
    )
    seconds = time.perf_counter() - start
    core_model = importlib.import_module("core_model")
    resources = os.environ["BLENDER_USER_RESOURCES"]
    return {
        "result": sorted(result),
        "install_seconds": round(seconds, 2),
        "enabled": ADDON in bpy.context.preferences.addons,
        "own_core_model": str(core_model.__file__).startswith(resources),
        "torch_loaded": "torch" in sys.modules,
    }


def register_seconds() -> list[float]:
    """Take the add-on off and put it on again, twice in a row; return how long the latter took."""
    bpy = blender()
    passed = []
    for _ in range(2):
        bpy.ops.preferences.addon_disable(module=ADDON)
        for name in [name for name in sys.modules if name.startswith(ADDON)]:
            del sys.modules[name]
        start = time.perf_counter()
        importlib.import_module(ADDON).register()
        passed.append(round(time.perf_counter() - start, 3))
        sys.modules[ADDON].unregister()
        bpy.ops.preferences.addon_enable(module=ADDON)
    return passed


def capture(plan: Seen) -> Seen:
    """Capture the clip with the panel's settings, as a script does; return what came of it."""
    bpy = blender()
    bpy.context.preferences.addons[ADDON].preferences.engine_python = plan["engine"]
    bpy.context.preferences.addons[ADDON].preferences.takes_folder = plan["takes"]
    settings = bpy.context.scene.int_mocap.capture
    settings.clip = plan["clip"]
    settings.use_range = True
    settings.start, settings.end = 0.0, 0.5
    before = set(bpy.data.actions)
    bpy.ops.int_mocap.check_engine()
    start = time.perf_counter()
    result = bpy.ops.int_mocap.capture()
    seconds = time.perf_counter() - start
    actions = [action for action in bpy.data.actions if action not in before]
    armatures = [each for each in bpy.data.objects if each.type == "ARMATURE"]
    moved = []
    for armature in armatures:
        bpy.context.scene.frame_set(bpy.context.scene.frame_start)
        first = [bone.matrix.copy() for bone in armature.pose.bones]
        bpy.context.scene.frame_set(bpy.context.scene.frame_end)
        pairs = zip(first, armature.pose.bones, strict=True)
        moved.append(any(matrix != bone.matrix for matrix, bone in pairs))
    return {
        "captured": sorted(result),
        "capture_seconds": round(seconds, 1),
        "takes": len(bpy.context.scene.int_mocap.takes),
        "actions": [list(action.frame_range) for action in actions],
        "moved": moved,
        "torch_in_blender": "torch" in sys.modules,
    }


def bake_again() -> Seen:
    """Bake the take with another smoothing; no new capture, no second action."""
    bpy = blender()
    before = len(bpy.data.actions)
    bpy.context.scene.int_mocap.cleanup.profile = "heavy"
    result = bpy.ops.int_mocap.bake()
    return {"baked": sorted(result), "new_actions": len(bpy.data.actions) - before}


def remove() -> None:
    """Disable and uninstall the extension."""
    bpy = blender()
    bpy.ops.preferences.addon_disable(module=ADDON)
    repositories = [repo.module for repo in bpy.context.preferences.extensions.repos]
    bpy.ops.extensions.package_uninstall(
        repo_index=repositories.index("user_default"), pkg_id="int_mocap"
    )


def left_on_disk() -> list[str]:
    """Return the files of the extension and its wheels that are still there."""
    extensions = Path(os.environ["BLENDER_USER_RESOURCES"], "extensions")
    return sorted(
        str(path.relative_to(extensions))
        for path in extensions.rglob("*")
        if path.is_file() and path.suffix in {".py", ".so", ".toml", ".whl", ".safetensors"}
    )


def main() -> None:
    """Go through the plan."""
    plan = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    hide_the_source_tree()
    bpy = blender()
    seen: Seen = {"version": bpy.app.version_string, "before": registered()}
    seen |= install(plan["zip"])
    seen["register_seconds"] = register_seconds()
    seen |= capture(plan)
    seen |= bake_again()
    remove()
    seen |= {"after": registered(), "left": left_on_disk()}
    print("SEEN " + json.dumps(seen), flush=True)
    if bpy.app.version < (4, 3):
        # The bpy module of 4.2 crashes at exit once any property with a callback was registered,
        # whether it was taken back or not, by whatever add-on.
        os._exit(0)


main()
