"""The extension's manifest: read, judged more strictly than Blender does, written again."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from addon_build.errors import BuildError
from addon_build.target import PLATFORMS, Target

NAME = "blender_manifest.toml"

REQUIRED = (
    "schema_version", "id", "version", "name", "tagline", "maintainer", "type", "license",
    "blender_version_min", "permissions", "tags", "platforms",
)  # fmt: skip
OPTIONAL = ("blender_version_max", "website", "copyright", "wheels")
LICENSE = "SPDX:GPL-3.0-or-later"
FIRST_BLENDER = (4, 2, 0)
SHORT_TEXT = 64
"""Longest tagline and longest reason for a permission, in characters."""

PERMISSIONS = ("files", "network", "clipboard", "camera", "microphone")
TAGS = (
    "3D View", "Add Curve", "Add Mesh", "Animation", "Bake", "Camera", "Compositing",
    "Development", "Game Engine", "Geometry Nodes", "Grease Pencil", "Import-Export", "Lighting",
    "Material", "Mesh", "Modeling", "Node", "Object", "Paint", "Physics", "Pipeline", "Render",
    "Rigging", "Scene", "Sculpt", "Sequencer", "System", "Text Editor", "Tracking", "UV",
    "User Interface",
)  # fmt: skip
"""The tags for add-ons on Blender's extension platform; `validate` accepts any."""

Manifest = dict[str, Any]


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises
    ------
    BuildError
        When it is missing or no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BuildError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BuildError(f"{path} is no valid TOML: {error}.") from error


def faults(manifest: Manifest, version: str) -> list[str]:
    """List what is wrong with a manifest, one sentence each; empty when it is right.

    Holds what Blender's `validate` lets pass as well: unknown keys and tags, a licence without
    SPDX, an old Blender, a version that is not the program's.
    """
    found = [f"The key {key} is missing." for key in REQUIRED if key not in manifest]
    unknown = sorted(set(manifest) - set(REQUIRED) - set(OPTIONAL))
    found += [f"The key {key} is unknown to Blender." for key in unknown]
    if found:
        return found
    return [
        *_faults_of_identity(manifest, version),
        *_faults_of_texts(manifest),
        *_faults_of_blender_versions(manifest),
        *_faults_of_lists(manifest),
    ]


def for_target(manifest: Manifest, target: Target) -> Manifest:
    """Narrow a manifest to the one kind of Blender that the bundled wheels fit."""
    first, end = target.blender_versions
    narrowed = {**manifest, "platforms": [target.platform]}
    if (_triple(first) or ()) > (_triple(manifest["blender_version_min"]) or ()):
        narrowed["blender_version_min"] = first
    if end:
        narrowed["blender_version_max"] = end
    return narrowed


def written(manifest: Manifest) -> str:
    """Return the manifest as TOML, tables last."""
    simple = {key: value for key, value in manifest.items() if not isinstance(value, dict)}
    tables = {key: value for key, value in manifest.items() if isinstance(value, dict)}
    lines = [f"{key} = {_toml(value)}" for key, value in simple.items()]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _toml(value: str | list[str]) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if len(value) <= 4:
        return f"[{', '.join(map(_toml, value))}]"
    return "[\n" + "".join(f"  {_toml(item)},\n" for item in value) + "]"


def _triple(version: object) -> tuple[int, ...] | None:
    if not isinstance(version, str) or not re.fullmatch(r"\d+\.\d+\.\d+", version):
        return None
    return tuple(map(int, version.split(".")))


def _faults_of_identity(manifest: Manifest, version: str) -> list[str]:
    found = []
    if manifest["schema_version"] != "1.0.0":
        found.append('The schema_version is not "1.0.0".')
    if manifest["type"] != "add-on":
        found.append('The type is not "add-on".')
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", str(manifest["id"])):
        found.append(
            f'The id "{manifest["id"]}" is not made of lower-case letters, digits and single '
            "underscores."
        )
    if _triple(manifest["version"]) is None:
        found.append(f'The version "{manifest["version"]}" is not three numbers x.y.z.')
    elif manifest["version"] != version:
        found.append(
            f"The version is {manifest['version']}, but core_model.__version__ is {version}: "
            "make them the same."
        )
    if manifest["license"] != [LICENSE]:
        found.append(f'The license is not ["{LICENSE}"], which a program that imports bpy needs.')
    return found


def _faults_of_texts(manifest: Manifest) -> list[str]:
    found = [
        f"The {key} is empty or has spaces around it."
        for key in ("name", "maintainer")
        if not _is_clean(manifest[key])
    ]
    found += _faults_of_short_text("tagline", manifest["tagline"])
    website = manifest.get("website")
    if website is not None and not str(website).startswith("https://"):
        found.append("The website does not begin with https://.")
    permissions = manifest["permissions"]
    if not isinstance(permissions, dict):
        return [*found, "The permissions are not a table of one reason each."]
    for key, reason in permissions.items():
        if key not in PERMISSIONS:
            found.append(f"The permission {key} is none of {', '.join(PERMISSIONS)}.")
        found += _faults_of_short_text(f"reason for the permission {key}", reason)
    return found


def _is_clean(text: object) -> bool:
    return isinstance(text, str) and bool(text) and text == text.strip() and text.isprintable()


def _faults_of_short_text(what: str, text: object) -> list[str]:
    if not _is_clean(text):
        return [f"The {what} is empty or has spaces around it."]
    assert isinstance(text, str)
    found = []
    if len(text) > SHORT_TEXT:
        found.append(f"The {what} has {len(text)} characters, {SHORT_TEXT} are allowed.")
    if not text[-1].isalnum() and text[-1] not in ")]}":
        found.append(f'The {what} ends with "{text[-1]}"; Blender wants no final punctuation.')
    return found


def _faults_of_blender_versions(manifest: Manifest) -> list[str]:
    found = []
    first = _triple(manifest["blender_version_min"])
    if first is None:
        found.append("The blender_version_min is not three numbers x.y.z.")
    elif first < FIRST_BLENDER:
        found.append("The blender_version_min is below 4.2.0, the first Blender with extensions.")
    if "blender_version_max" in manifest:
        end = _triple(manifest["blender_version_max"])
        if end is None or (first is not None and end <= first):
            found.append("The blender_version_max is not x.y.z above blender_version_min.")
    return found


def _faults_of_lists(manifest: Manifest) -> list[str]:
    found = []
    for key, known in (("tags", TAGS), ("platforms", PLATFORMS)):
        values = manifest[key]
        if not isinstance(values, list) or not values:
            found.append(f"The {key} are not a list with something in it.")
            continue
        found += [
            f'"{value}" is none of the {key} that Blender knows here: {", ".join(known)}.'
            for value in values
            if value not in known
        ]
    for wheel in manifest.get("wheels", []):
        if not re.fullmatch(r"\./wheels/[^/\\\"]+\.whl", wheel):
            found.append(f'The wheel "{wheel}" is not of the form ./wheels/NAME.whl.')
    for notice in manifest.get("copyright", []):
        if not re.fullmatch(r"\d{4}(-\d{4})? \S.*", notice):
            found.append(f'The copyright "{notice}" does not begin with a year.')
    return found
