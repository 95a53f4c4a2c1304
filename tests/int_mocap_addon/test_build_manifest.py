"""The checks that are stricter than Blender's own `validate`."""

import tomllib

import pytest

from addon_build import manifest as manifests
from addon_build.target import PLATFORMS, PYTHONS, Target
from core_model import __version__
from tests.places import ROOT


@pytest.fixture
def manifest():
    return manifests.read_manifest(ROOT / manifests.NAME)


def test_the_projects_manifest_has_no_fault(manifest):
    assert manifests.faults(manifest, __version__) == []


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("id", "int-mocap", "lower-case"),
        ("id", "int__mocap", "single underscores"),
        ("id", "IntMocap", "lower-case"),
        ("version", "0.1", "x.y.z"),
        ("version", "0.1.0-rc.1", "x.y.z"),
        ("version", "9.9.9", "core_model.__version__"),
        ("schema_version", "1.1.0", "schema_version"),
        ("type", "theme", "add-on"),
        ("tagline", "Motion capture.", "punctuation"),
        ("tagline", "Motion " * 10 + "x", "64 are allowed"),
        ("tagline", " Motion", "spaces"),
        ("maintainer", "", "maintainer"),
        ("license", ["GPL-3.0-or-later"], "SPDX"),
        ("license", ["SPDX:MIT"], "GPL"),
        ("blender_version_min", "4.1.0", "below 4.2.0"),
        ("blender_version_min", "4.2", "x.y.z"),
        ("blender_version_max", "4.1.0", "above"),
        ("permissions", {"files": "Reads clips."}, "punctuation"),
        ("permissions", {"files": "Reads clips " * 6}, "spaces"),
        ("permissions", {"files": "Reads clips and " * 5 + "more"}, "64 are allowed"),
        ("permissions", {"internet": "Reads clips"}, "internet"),
        ("permissions", ["files"], "table"),
        ("tags", ["Motion Capture"], "Motion Capture"),
        ("tags", [], "something in it"),
        ("platforms", ["linux"], "linux"),
        ("website", "int-mocap.example", "https://"),
        ("copyright", ["INT Mocap"], "year"),
        ("wheels", ["wheels/x-1-py3-none-any.whl"], "form"),
        ("bl_info", "x", "unknown to Blender"),
    ],
)
def test_a_fault_is_refused_in_words(manifest, key, value, said):
    (fault,) = manifests.faults({**manifest, key: value}, __version__)
    assert said in fault
    assert fault.endswith(".")


@pytest.mark.parametrize("key", manifests.REQUIRED)
def test_every_required_key_is_missed(manifest, key):
    del manifest[key]
    assert manifests.faults(manifest, __version__) == [f"The key {key} is missing."]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_a_bundle_names_only_blenders_that_have_its_python(manifest, platform, python):
    narrowed = manifests.for_target(manifest, Target(platform, python))
    assert narrowed["platforms"] == [platform]
    assert manifests.faults(narrowed, __version__) == []
    first, end = narrowed["blender_version_min"], narrowed.get("blender_version_max")
    assert (first, end) == (("4.5.0", "5.1.0") if python == "3.11" else ("5.1.0", None))


def test_what_is_written_reads_the_same(manifest):
    manifest["wheels"] = [f"./wheels/p{number}-1-py3-none-any.whl" for number in range(9)]
    manifest["tagline"] = 'Quotes "inside" and a backslash \\ and ü'
    assert tomllib.loads(manifests.written(manifest)) == manifest
