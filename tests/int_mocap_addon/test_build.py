"""The zip: the same every time, accepted by Blender, with everything inside that it needs."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

import build_addon
from addon_build import manifest as manifests
from addon_build.archive import write_zip
from addon_build.blender_checks import generate_index, validate
from addon_build.errors import BuildError
from addon_build.extension import addon_files
from addon_build.project_wheel import build_project_wheel, check_assets
from addon_build.target import PLATFORMS, Target
from bake.retarget.maps.known_maps import preset_names
from core_model import __version__
from core_model.assets import fetch_pose_models
from tests.places import ROOT

LINUX = Target("linux-x64", "3.11")
PROJECT_WHEEL = f"int_mocap-{__version__}-py3-none-any.whl"


@pytest.fixture(scope="module")
def slim(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("slim")
    assert build_addon.main(["--torch", "none", "-o", str(folder)]) == 0
    return folder / f"int_mocap-{__version__}.zip"


def test_the_same_sources_give_the_same_bytes(slim, tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.chdir(tmp_path)
    before = os.umask(0o077)
    try:
        assert build_addon.main(["--torch", "none", "-o", str(tmp_path)]) == 0
    finally:
        os.umask(before)
    assert (tmp_path / slim.name).read_bytes() == slim.read_bytes()


def test_what_is_built_does_not_depend_on_where_the_checkout_lies(slim, tmp_path):
    root = tmp_path / "house.pyc" / "tests" / "__pycache__" / "check out"
    without = shutil.ignore_patterns("__pycache__")
    for room in ("core_model", "bake", "int_mocap_addon"):
        shutil.copytree(ROOT / room, root / room, ignore=without)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, root / name)
    assert addon_files(root).keys() == addon_files(ROOT).keys()
    wheel = build_project_wheel(root, root / "built")
    assert wheel.read_bytes() == (slim.parent / PROJECT_WHEEL).read_bytes()


def test_the_slim_zip_holds_the_addon_and_one_pure_wheel(slim):
    with zipfile.ZipFile(slim) as archive:
        names = archive.namelist()
        manifest = tomllib.loads(archive.read("blender_manifest.toml").decode())
    assert manifest["wheels"] == [f"./wheels/{PROJECT_WHEEL}"]
    assert manifest["version"] == __version__
    assert {"__init__.py", "LICENSE", f"wheels/{PROJECT_WHEEL}"} <= set(names)
    assert not [name for name in names if "test" in name or name.endswith(".pyc")]


def test_the_wheel_holds_presets_and_every_asset_with_its_licence_and_no_training(slim):
    with zipfile.ZipFile(slim) as archive:
        wheel = zipfile.ZipFile(BytesIO(archive.read(f"wheels/{PROJECT_WHEEL}")))
    names = set(wheel.namelist())
    assets = {name for name in names if name.startswith("core_model/assets/")}
    folders = {name.rsplit("/", 1)[0] for name in assets} - {"core_model/assets"}
    assert {Path(folder).name for folder in folders} == {"body", "pose", "weights"}
    assert all([n for n in assets if n.startswith(f + "/") and n.endswith(".md")] for f in folders)
    assert "core_model/assets/pose/LICENSE" in names
    for name, (_, sha256) in fetch_pose_models.MODELS.items():
        held = wheel.read(f"core_model/assets/pose/{name}")
        assert hashlib.sha256(held).hexdigest() == sha256
    presets = {f"bake/retarget/presets/{name}.json" for name in preset_names()}
    assert presets and presets <= names
    tops = {name.split("/")[0] for name in names}
    assert tops == {"core_model", "bake", f"int_mocap-{__version__}.dist-info"}


def test_pip_accepts_the_recorded_hashes(slim, tmp_path):
    with zipfile.ZipFile(slim) as archive:
        archive.extractall(tmp_path)
    wheels = tmp_path / "wheels"
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-index"]
    command += ["--find-links", str(wheels), "--dest", str(tmp_path / "taken")]
    command += ["--require-hashes", "-r", str(wheels / "requirements.txt")]
    subprocess.run(command, check=True)
    assert [path.name for path in (tmp_path / "taken").iterdir()] == [PROJECT_WHEEL]


def test_blenders_own_check_refuses_a_zip_without_code(slim, tmp_path):
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(slim) as source, zipfile.ZipFile(broken, "w") as target:
        target.writestr("blender_manifest.toml", source.read("blender_manifest.toml"))
    with pytest.raises(BuildError, match="__init__"):
        validate(broken)


def test_a_repository_lists_the_zip_by_its_hash(tmp_path, capsys):
    assert build_addon.main(["--repository", str(tmp_path)]) == 0
    (entry,) = json.loads((tmp_path / "index.json").read_text())["data"]
    archive = tmp_path / f"int_mocap-{__version__}.zip"
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert entry["archive_hash"] == f"sha256:{digest}"
    assert (entry["id"], entry["version"]) == ("int_mocap", __version__)
    assert entry["archive_url"] == f"./{archive.name}"
    assert "index.json" in capsys.readouterr().out


def test_the_complete_zips_of_a_release_share_one_repository(tmp_path):
    steps = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    lists = re.findall(r"for (?:platform|python) in (.*); do", steps)
    platforms, pythons = (each.split() for each in lists)
    assert set(platforms) == set(PLATFORMS)
    manifest = manifests.read_manifest(ROOT / manifests.NAME)
    for target in (Target(platform, python) for platform in platforms for python in pythons):
        narrowed = manifests.written(manifests.for_target(manifest, target))
        write_zip(tmp_path / f"{target.label}.zip", {manifests.NAME: narrowed.encode()})
    listed = json.loads(generate_index(tmp_path).read_text())["data"]
    assert len(listed) == len(platforms) * len(pythons)


def test_two_zips_for_the_same_blender_are_refused(slim, tmp_path, capsys):
    shutil.copyfile(slim, tmp_path / "other_name.zip")
    assert build_addon.main(["--repository", str(tmp_path)]) == 1
    assert "two zips" in capsys.readouterr().err


def test_a_slim_zip_asks_for_no_platform(capsys):
    with pytest.raises(SystemExit) as stopped:
        build_addon.main(["--torch", "none", "--platform", "linux-x64"])
    assert stopped.value.code == 2
    assert "every platform" in capsys.readouterr().err


def test_cuda_on_macos_is_refused_in_one_sentence(tmp_path, capsys):
    command = ["--torch", "cuda", "--platform", "macos-arm64", "--python", "3.13"]
    assert build_addon.main([*command, "--offline", str(tmp_path), "-o", str(tmp_path)]) == 1
    assert "no CUDA for macOS" in capsys.readouterr().err


def test_an_asset_of_unknown_origin_is_refused(tmp_path):
    assets = tmp_path / "assets"
    shutil.copytree(ROOT / "core_model" / "assets", assets)
    check_assets(assets)
    (assets / "body" / "from_a_friend.npz").touch()
    with pytest.raises(BuildError, match="from_a_friend"):
        check_assets(assets)


@pytest.mark.parametrize("missing", ["body/default_body.npz", "weights/keypoints.safetensors"])
def test_a_missing_asset_is_refused(tmp_path, missing):
    assets = tmp_path / "assets"
    shutil.copytree(ROOT / "core_model" / "assets", assets)
    (assets / missing).unlink()
    with pytest.raises(BuildError, match="There is no"):
        check_assets(assets)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import int_mocap_addon.capture\n", "relative imports"),
        ("from int_mocap_addon import capture\n", "relative imports"),
        ("def register(): pass\n", "register and unregister"),
        ("def register(:\n", "line 1"),
    ],
)
def test_code_that_fails_inside_an_extension_is_refused(tmp_path, code, said):
    addon = tmp_path / "int_mocap_addon"
    addon.mkdir()
    (tmp_path / "LICENSE").touch()
    entry = addon / "__init__.py"
    entry.write_text(code)
    with pytest.raises(BuildError, match=said):
        addon_files(tmp_path)
