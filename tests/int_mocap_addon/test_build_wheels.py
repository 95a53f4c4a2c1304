"""The wheels of other projects in a complete zip: those that its Blender can load, no others."""

import hashlib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from addon_build.errors import BuildError
from addon_build.known_wheels import read_known, refuse_unknown, write_known
from addon_build.target import PYTHONS, Target
from addon_build.third_party import (
    WheelChoice,
    download_wheels,
    hashed_requirements,
    project_requirements,
    read_pins,
)
from tests.places import ROOT

LINUX = Target("linux-x64", "3.11")


@pytest.mark.parametrize(
    ("wheel", "target", "fits"),
    [
        ("a-1-py3-none-any.whl", LINUX, True),
        ("a-1-py2.py3-none-any.whl", LINUX, True),
        ("a-1-cp311-cp311-manylinux_2_28_x86_64.whl", LINUX, True),
        ("a-1-cp37-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", LINUX, True),
        ("a-1-cp313-cp313-manylinux_2_28_x86_64.whl", LINUX, False),
        ("a-1-cp313-abi3-manylinux_2_28_x86_64.whl", LINUX, False),
        ("a-1-cp310-cp310-manylinux_2_28_x86_64.whl", LINUX, False),
        ("a-1-cp311-cp311-musllinux_1_2_x86_64.whl", LINUX, False),
        ("a-1-cp311-cp311-manylinux_2_39_x86_64.whl", LINUX, False),
        ("a-1-cp311-cp311-win_amd64.whl", LINUX, False),
        ("a-1-cp313-cp313-win_amd64.whl", Target("windows-x64", "3.13"), True),
        ("a-1-cp313-cp313-macosx_11_0_arm64.whl", Target("macos-arm64", "3.13"), True),
        ("a-1-cp313-cp313-macosx_10_9_universal2.whl", Target("macos-arm64", "3.13"), True),
        ("a-1-cp313-cp313-macosx_15_0_arm64.whl", Target("macos-arm64", "3.13"), False),
    ],
)
def test_a_wheel_fits_only_the_blender_that_can_load_it(wheel, target, fits):
    assert target.takes(wheel) is fits


def write_wheel(folder: Path, name: str, requires: tuple[str, ...] = (), tag="py3-none-any"):
    information = f"{name}-1.0.dist-info"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"]
    metadata += [f"Requires-Dist: {requirement}\n" for requirement in requires]
    with zipfile.ZipFile(folder / f"{name}-1.0-{tag}.whl", "w") as archive:
        archive.writestr(f"{information}/METADATA", "".join(metadata))
        archive.writestr(f"{information}/WHEEL", f"Wheel-Version: 1.0\nTag: {tag}\n")
        archive.writestr(f"{information}/RECORD", "")


@pytest.fixture
def shelf(tmp_path) -> Path:
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder


def taken(shelf: Path, target: Target, names: list[str], **pins: str) -> set[str]:
    choice = WheelChoice(target, "cpu", pins, shelf)
    wheels = download_wheels(names, choice, shelf.parent / f"taken-{target.label}")
    return {wheel.name.split("-")[0] for wheel in wheels}


def test_what_a_package_needs_is_judged_for_the_target_not_for_this_machine(shelf):
    write_wheel(
        shelf,
        "top",
        (
            'forwindows; platform_system == "Windows"',
            'formac; sys_platform == "darwin"',
            'fornewer; python_version >= "3.13"',
            "many[extra]",
            'unasked; extra == "never"',
        ),
    )
    write_wheel(shelf, "many", ('inextra; extra == "extra"', "top"))
    for name in ("forwindows", "formac", "fornewer", "unasked", "inextra"):
        write_wheel(shelf, name)
    pins = dict.fromkeys(
        ("top", "many", "forwindows", "formac", "fornewer", "unasked", "inextra"), "1.0"
    )
    common = {"top", "many", "inextra"}
    assert taken(shelf, LINUX, ["top"], **pins) == common
    windows = Target("windows-x64", "3.11")
    assert taken(shelf, windows, ["top"], **pins) == common | {"forwindows"}
    mac = Target("macos-arm64", "3.13")
    assert taken(shelf, mac, ["top"], **pins) == common | {"formac", "fornewer"}


def test_what_blender_has_is_never_bundled(shelf):
    write_wheel(shelf, "top", ("numpy>=1", "requests", "Cython", "typing-extensions"))
    write_wheel(shelf, "typing_extensions")
    pins = {"top": "1.0", "numpy": "1.0", "typing-extensions": "1.0"}
    assert taken(shelf, LINUX, ["top", "numpy"], **pins) == {"top", "typing_extensions"}
    assert taken(shelf, Target("linux-x64", "3.13"), ["top", "numpy"], **pins) == {"top"}


def test_an_unpinned_package_is_refused(shelf):
    write_wheel(shelf, "top", ("other",))
    with pytest.raises(BuildError, match="does not pin other"):
        taken(shelf, LINUX, ["top"], top="1.0")


def test_a_version_that_only_one_of_two_asks_for_is_taken(shelf):
    write_wheel(shelf, "top", ("left", "right"))
    write_wheel(shelf, "left", ("common",))
    write_wheel(shelf, "right", ("common==1.*",))
    write_wheel(shelf, "common")
    pins = dict.fromkeys(("top", "left", "right"), "1.0")
    assert taken(shelf, LINUX, ["top"], **pins) == {"top", "left", "right", "common"}


def test_a_package_without_a_wheel_for_the_target_is_refused(shelf):
    write_wheel(shelf, "top", tag="cp311-cp311-win_amd64")
    with pytest.raises(BuildError, match="no wheel for linux_x64-py311.*top"):
        taken(shelf, LINUX, ["top"], top="1.0")


def test_processor_and_cuda_builds_of_pytorch_are_not_mistaken(shelf):
    write_wheel(shelf, "torch", tag="cp311-cp311-linux_x86_64")
    with pytest.raises(BuildError, match=r"torch===1.0\+cpu"):
        taken(shelf, LINUX, ["torch"], torch="1.0")
    choice = WheelChoice(LINUX, "cuda", {"torch": "1.0"}, shelf)
    assert download_wheels(["torch"], choice, shelf.parent / "cuda")


def test_everything_that_the_program_needs_is_pinned_for_every_python():
    for python in ("3.11", "3.13", "3.14"):
        pins = read_pins(ROOT / "constraints.txt", Target("linux-x64", python))
        assert {"torch", "scipy", "av", "protobuf", "typing-extensions"} <= set(pins)
        assert pins["numpy"].startswith("1." if python == "3.11" else "2.")


def test_hashes_change_with_the_wheel(shelf):
    write_wheel(shelf, "top")
    before = hashed_requirements(shelf.glob("*.whl"))
    write_wheel(shelf, "top", ("other",))
    assert "top==1.0 --hash=sha256:" in before
    assert hashed_requirements(shelf.glob("*.whl")) != before


def test_only_wheels_that_were_looked_at_get_into_a_zip(shelf, tmp_path):
    write_wheel(shelf, "top")
    (wheel,) = shelf.glob("*.whl")
    with wheel.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    write_known({wheel.name: digest, "other-1.0-py3-none-any.whl": "0" * 64}, tmp_path / "known")
    known = read_known(tmp_path / "known")
    refuse_unknown([wheel], known)
    with pytest.raises(BuildError, match="none of the wheels"):
        refuse_unknown([wheel.rename(shelf / "more-1.0-py3-none-any.whl")], known)
    write_wheel(shelf, "top", ("other",))
    with pytest.raises(BuildError, match="not the wheel that was looked at"):
        refuse_unknown([shelf / wheel.name], known)


def test_the_wheels_of_every_pinned_version_are_known():
    known = {parse_wheel_filename(name)[:2] for name in read_known()}
    needed = project_requirements(ROOT / "pyproject.toml")
    names = {canonicalize_name(Requirement(text).name) for text in needed}
    for python in PYTHONS:
        target = Target("linux-x64", python)
        pins = read_pins(ROOT / "constraints.txt", target)
        for name in names - target.left_out:
            version = Version(pins[name])
            assert {(name, version), (name, Version(f"{version}+cpu"))} & known, (name, python)
