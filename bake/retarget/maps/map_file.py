"""Bone maps as files: JSON with a schema and a version."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bake.retarget.human import HUMAN_JOINTS
from bake.retarget.maps.bone_map import (
    LIMBS,
    SCHEMA,
    VERSION,
    BoneMap,
    JointBones,
    LimbControls,
    Setting,
)
from core_model.errors import RigError
from core_model.storage.atomic import replaced_when_complete

_MOST_BYTES = 4_000_000
_WIDTH = 90


def read_map(path: str | Path) -> BoneMap:
    """Read a bone map.

    What a file holds beyond what is known here is left out, so that a map that another program
    added to can be read; a map of a newer version cannot.

    Raises
    ------
    RigError
        When the file cannot be read or is no bone map.
    """
    path = Path(path)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise RigError(f"{path} is no bone map: it is far too large.")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RigError(f"The bone map {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise RigError(f"{path} is no bone map: it is not JSON.") from error
    return map_from_text(text, path)


def map_from_text(text: str, path: str | Path) -> BoneMap:
    """Read a bone map from the text of its file; `path` tells the user where it is from.

    Raises
    ------
    RigError
        When it is no bone map.
    """
    path = Path(path)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RigError(f"{path} is no bone map: it is not JSON.") from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise RigError(f'{path} is no bone map: it does not say "schema": "{SCHEMA}".')
    version = data.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise RigError(f"{path} is a bone map without a version.")
    if version > VERSION:
        raise RigError(
            f"{path} is a bone map of version {version}, and this INT Mocap reads up to version "
            f"{VERSION}: update INT Mocap to use it."
        )
    return _Reader(path).bone_map(data)


def write_map(bone_map: BoneMap, path: str | Path) -> None:
    """Write a bone map; what is as usual is left out.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    with replaced_when_complete(path) as temporary:
        temporary.write_text(map_text(bone_map), encoding="utf-8")


def map_text(bone_map: BoneMap) -> str:
    """Return a bone map as the text of its file."""
    joints = {
        name: _joint(bone_map.joints[name]) for name in HUMAN_JOINTS if name in bone_map.joints
    }
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "version": VERSION,
        "name": bone_map.name,
        "prefixes": list(bone_map.prefixes),
        "root": bone_map.root,
        "mover": bone_map.mover,
        "joints": joints,
        "limbs": {limb: _limb(bone_map.limbs[limb]) for limb in LIMBS if limb in bone_map.limbs},
        "settings": [_setting(setting) for setting in bone_map.settings],
        "certainty": {
            name: round(bone_map.certainty[name], 3)
            for name in HUMAN_JOINTS
            if name in bone_map.certainty
        },
    }
    always = ("schema", "version", "name", "joints")
    kept = {key: value for key, value in data.items() if value or key in always}
    return _laid_out(kept) + "\n"


def _joint(each: JointBones) -> Any:
    if not each.twist and not each.locked:
        return list(each.bones)
    fields: dict[str, Any] = {"bones": list(each.bones)}
    if each.twist:
        fields["twist"] = each.twist
    if each.locked:
        fields["locked"] = True
    return fields


def _limb(controls: LimbControls) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "control": controls.control,
        "pole": controls.pole,
        "toe": controls.toe,
        "to_ik": [_setting(setting) for setting in controls.to_ik],
        "to_fk": [_setting(setting) for setting in controls.to_fk],
    }
    return {key: value for key, value in fields.items() if value}


def _setting(setting: Setting) -> dict[str, Any]:
    return {"bone": setting.bone, "property": setting.property, "value": setting.value}


def _laid_out(value: Any, indent: str = "") -> str:
    """Return JSON with a line for each joint, so that a map reads as a table."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or len(indent) + len(line) <= _WIDTH:
        return line
    deeper = indent + "  "
    if isinstance(value, dict):
        first, last = "{}"
        parts = [
            f"{json.dumps(key, ensure_ascii=False)}: {_laid_out(each, deeper)}"
            for key, each in value.items()
        ]
    else:
        first, last = "[]"
        parts = [_laid_out(each, deeper) for each in value]
    return f"{first}\n{deeper}" + f",\n{deeper}".join(parts) + f"\n{indent}{last}"


class _Reader:
    """Reads the parts of a file; errors name it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def bone_map(self, data: Mapping[str, Any]) -> BoneMap:
        joints = {
            name: self._joint(name, value) for name, value in self._table(data, "joints").items()
        }
        self._known("joint", joints, HUMAN_JOINTS)
        limbs = {
            name: self._limb(name, value) for name, value in self._table(data, "limbs").items()
        }
        self._known("limb", limbs, LIMBS)
        self._once(joints)
        return BoneMap(
            name=self._text(data, "name", "the map") or self.path.stem,
            joints=joints,
            mover=self._text(data, "mover", "the map"),
            root=self._text(data, "root", "the map"),
            limbs=limbs,
            settings=self._settings(data, "settings", "the map"),
            prefixes=self._texts(data.get("prefixes", []), "prefixes"),
            certainty={
                name: self._number(value, f"the certainty of {name}")
                for name, value in self._table(data, "certainty").items()
            },
        )

    def _joint(self, name: str, value: Any) -> JointBones:
        if isinstance(value, str):
            value = [value]
        if isinstance(value, list):
            value = {"bones": value}
        if not isinstance(value, dict):
            raise self._wrong(f"the bones of {name} must be a list of names")
        bones = self._texts(value.get("bones", []), f"the bones of {name}")
        if not bones or not all(bones):
            raise self._wrong(f"{name} has no bone")
        twist = self._number(value.get("twist", 0.0), f"the twist of {name}")
        if not 0 <= twist <= 1:
            raise self._wrong(f"the twist of {name} must lie between 0 and 1")
        locked = value.get("locked", False)
        if not isinstance(locked, bool):
            raise self._wrong(f'"locked" of {name} must be true or false')
        return JointBones(bones, twist, locked)

    def _limb(self, name: str, value: Any) -> LimbControls:
        if not isinstance(value, dict) or not self._text(value, "control", name):
            raise self._wrong(f'{name} must have a "control"')
        return LimbControls(
            control=self._text(value, "control", name),
            pole=self._text(value, "pole", name),
            toe=self._text(value, "toe", name),
            to_ik=self._settings(value, "to_ik", name),
            to_fk=self._settings(value, "to_fk", name),
        )

    def _settings(self, data: Mapping[str, Any], key: str, where: str) -> tuple[Setting, ...]:
        rows = data.get(key, [])
        fields = ("bone", "property", "value")
        if not isinstance(rows, list) or not all(
            isinstance(row, dict) and all(field in row for field in fields) for row in rows
        ):
            raise self._wrong(f'"{key}" of {where} must list a bone, a property and a value each')
        return tuple(
            Setting(
                self._text(row, "bone", key),
                self._text(row, "property", key),
                self._number(row["value"], f"the value of {row['property']}"),
            )
            for row in rows
        )

    def _once(self, joints: Mapping[str, JointBones]) -> None:
        owner: dict[str, str] = {}
        for name, each in joints.items():
            for bone in each.bones:
                if bone in owner:
                    raise self._wrong(f"the bone {bone} stands for {owner[bone]} and for {name}")
                owner[bone] = name

    def _known(self, kind: str, found: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for name in found:
            if name not in known:
                raise self._wrong(f"there is no {kind} {name}")

    def _table(self, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = data.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(f'"{key}" must be a table')
        return value

    def _text(self, data: Mapping[str, Any], key: str, where: str) -> str:
        value = data.get(key, "")
        if not isinstance(value, str):
            raise self._wrong(f'"{key}" of {where} must be a text')
        return value

    def _texts(self, value: Any, where: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._wrong(f"{where} must be a list of names")
        return tuple(value)

    def _number(self, value: Any, where: str) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e9:
            raise self._wrong(f"{where} must be a number")
        return float(value)

    def _wrong(self, what: str) -> RigError:
        return RigError(f"The bone map {self.path} cannot be used: {what}.")
