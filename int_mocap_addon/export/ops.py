"""Buttons of the panel Export."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
from bpy.props import BoolProperty, StringProperty

from core_model.errors import MocapError

from ..fixing.session import is_open
from ..operators import Result, TaskOperator, can_start
from ..paths import blend_folder
from ..scenes import SceneOfTask
from ..settings import settings_of
from ..takes.baking import until_calm
from ..tasks import Outcome, Progress, Steps
from ..wording import counted
from .figures import chosen_figures, why_none
from .properties import options_of
from .second_blender import export_elsewhere, is_long

TITLE = "Export"
"""Of the task."""


class INT_MOCAP_OT_export(TaskOperator):
    """Write figures into a file."""

    bl_idname = "int_mocap.export"
    bl_label = TITLE
    bl_description = (
        "Write what is seen of the figures into a file: layers and constraints included, one "
        "animation each. The scene stays as it is"
    )
    bl_options = {"REGISTER"}

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    check_existing: BoolProperty(default=True, options={"HIDDEN"})

    _from_dialog = False

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        reason = why_none(context)
        if not reason and is_open(context.scene):
            reason = "Apply or discard the fix of the pose that is open first"
        if reason:
            cls.poll_message_set(reason)
            return False
        return can_start(cls)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        assert context.window_manager
        suffix = settings_of(context.scene).export.format
        self.filter_glob = f"*{suffix}"
        self.filepath = str(_proposed(chosen_figures(context), suffix))
        self._from_dialog = True
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def check(self, context: bpy.types.Context) -> bool:
        """Keep the suffix of the format while a name is typed."""
        named = _with_suffix(self.filepath, settings_of(context.scene).export.format)
        changed = named != self.filepath
        self.filepath = named
        return changed

    def execute(self, context: bpy.types.Context) -> Result:
        if self._from_dialog:
            # The file was chosen: follow the task by a timer, as a button without a dialog does.
            return super().invoke(context, None)  # type: ignore[arg-type]
        return super().execute(context)

    def steps(self, context: bpy.types.Context) -> Steps:
        assert context.scene
        wanted = settings_of(context.scene).export
        path = Path(bpy.path.abspath(_with_suffix(self.filepath, wanted.format)))
        names = [each.name for each in chosen_figures(context)]
        return export_steps(context.scene.name, names, path, wanted.preset.lower())


def export_steps(scene_name: str, names: Sequence[str], path: Path, preset: str) -> Steps:
    """Export figures of a scene with the settings of the panel, a file at each step.

    Parameters
    ----------
    scene_name : str
    names : sequence of str
        Of the armatures.
    path : Path
        Its suffix tells the format.
    preset : str
        One of `bake.export.presets.PRESETS`.
    """
    where = SceneOfTask(scene_name)
    yield Progress("Reading the figures", 0.0)
    from bake.export.export import export_file, files_of

    figures = [bpy.data.objects[name] for name in names]
    scene = where.find()
    options = options_of(scene)
    shares = [
        (each, [figure.name for figure in each.figures])
        for each in files_of(path, figures, preset, options, scene)
    ]
    who, what = counted(len(names), "figure", "figures"), counted(len(shares), "file", "files")
    done = f"Exported {who} into {what} in {path.parent}."
    if is_long(scene, figures, options):
        yield from until_calm(where)
        told = yield from export_elsewhere(scene, names, path, preset)
        return _outcome(done, told)
    del figures
    told = []
    for number, (file, part) in enumerate(shares):
        yield Progress(f"Writing {file.path.name}", number / len(shares), can_cancel=number > 0)
        yield from until_calm(where)
        scene = where.find()
        found = [bpy.data.objects.get(name) for name in part]
        there: list[Any] = [each for each in found if each is not None]
        if len(there) < len(part):
            raise MocapError("A figure was deleted or renamed meanwhile: export again.")
        with _wait_cursor():
            told += export_file(replace(file, figures=there), preset, options_of(scene), scene)
    return _outcome(done, told)


def _outcome(done: str, told: Sequence[str]) -> Outcome:
    unique = tuple(dict.fromkeys(told))
    return Outcome("WARNING" if unique else "INFO", (done, *unique))


@contextmanager
def _wait_cursor() -> Iterator[None]:
    """Show that Blender is busy, in the moment in which it cannot be used."""
    window = bpy.context.window
    if window:
        window.cursor_set("WAIT")
    try:
        yield
    finally:
        if window:
            window.cursor_set("DEFAULT")


class INT_MOCAP_OT_mark_assets(bpy.types.Operator):
    """Make assets of motions."""

    bl_idname = "int_mocap.mark_assets"
    bl_label = "Mark as Asset"
    bl_description = (
        "Make an asset of every action of the figures: with a picture, its frame range, tags, and "
        "a catalog that is written beside the file"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        reason = "" if blend_folder() else "Save the file first: its catalogs are kept beside it"
        reason = reason or why_none(context)
        if reason:
            cls.poll_message_set(reason)
            return False
        return can_start(cls)

    def execute(self, context: bpy.types.Context) -> Result:
        from bake.assets.catalogues import library_of, put_catalogue
        from bake.assets.marking import mark_motions
        from bake.export.meshes import meshes_of

        scene, folder = context.scene, blend_folder()
        assert scene and folder
        wanted = settings_of(scene).export
        tags = [tag.strip() for tag in wanted.tags.split(",") if tag.strip()]
        names: list[str] = []
        try:
            library = library_of(folder, _libraries())
            catalogue = put_catalogue(library, wanted.catalogue) if wanted.catalogue.strip() else ""
            for armature in chosen_figures(context):
                marked, told = mark_motions(
                    scene, armature, meshes_of(scene, armature), catalogue, tags
                )
                names += marked
                for sentence in told:
                    self.report({"WARNING"}, sentence)
        except MocapError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        if not names:
            self.report({"ERROR"}, "The figures have no action of their own to make an asset of.")
            return {"CANCELLED"}
        self.report({"INFO"}, f"Marked {', '.join(names)}. Save the file to keep the assets.")
        return {"FINISHED"}


def _libraries() -> list[Path]:
    preferences: Any = bpy.context.preferences
    return [Path(each.path) for each in preferences.filepaths.asset_libraries if each.path]


def _proposed(figures: Sequence[Any], suffix: str) -> Path:
    """Return the file that a dialog begins with: named after the take, beside the .blend."""
    name = (
        figures[0].name if len(figures) == 1 else (blend_folder() and Path(bpy.data.filepath).stem)
    )
    return (blend_folder() or Path.home()) / f"{bpy.path.clean_name(name or 'figures')}{suffix}"


def _with_suffix(path: str, suffix: str) -> str:
    return path if path.lower().endswith(suffix) else f"{path}{suffix}"


CLASSES = (INT_MOCAP_OT_export, INT_MOCAP_OT_mark_assets)
