"""For which Blender a zip is made: its system, its Python and what that already holds."""

import platform
import sys
from dataclasses import dataclass

PYTHONS = ("3.11", "3.13", "3.14")
"""Blender 4.2 to 5.0; 5.1 and later; the Blender of Linux distributions."""

_GLIBC_OF_BLENDER = 28
_MACOS_OF_BLENDER = 14


@dataclass(frozen=True)
class _System:
    tags: tuple[str, ...]
    markers: dict[str, str]


_SYSTEMS = {
    "linux-x64": _System(
        (
            *(f"manylinux_2_{minor}_x86_64" for minor in range(_GLIBC_OF_BLENDER, 4, -1)),
            "manylinux2014_x86_64",
            "linux_x86_64",
        ),
        {
            "os_name": "posix",
            "sys_platform": "linux",
            "platform_system": "Linux",
            "platform_machine": "x86_64",
        },
    ),
    "windows-x64": _System(
        ("win_amd64",),
        {
            "os_name": "nt",
            "sys_platform": "win32",
            "platform_system": "Windows",
            "platform_machine": "AMD64",
        },
    ),
    "macos-arm64": _System(
        tuple(f"macosx_{major}_0_arm64" for major in range(_MACOS_OF_BLENDER, 10, -1)),
        {
            "os_name": "posix",
            "sys_platform": "darwin",
            "platform_system": "Darwin",
            "platform_machine": "arm64",
        },
    ),
}
PLATFORMS = tuple(_SYSTEMS)

_BLENDERS_OWN = {
    "numpy", "requests", "urllib3", "certifi", "charset-normalizer", "idna", "zstandard", "cython",
}  # fmt: skip
_BLENDERS_OWN_SINCE_PYTHON_3_13 = {"cattrs", "attrs", "typing-extensions"}
_NEEDED_TO_COMPILE_ONLY = {"setuptools"}


@dataclass(frozen=True)
class Target:
    """One kind of Blender.

    Parameters
    ----------
    platform : str
        Blender's name of the system, one of `PLATFORMS`.
    python : str
        Version of Blender's Python, one of `PYTHONS`.
    """

    platform: str
    python: str

    @property
    def label(self) -> str:
        """The target as part of a file name, such as `linux_x64-py311`."""
        return f"{self.platform.replace('-', '_')}-py{self.python.replace('.', '')}"

    @property
    def markers(self) -> dict[str, str]:
        """The values with which the environment markers of requirements are judged."""
        return {
            **_SYSTEMS[self.platform].markers,
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_version": "",
        }

    @property
    def pip_options(self) -> list[str]:
        """What tells `pip download` to choose for this target instead of the running Python."""
        abi = f"cp{self.python.replace('.', '')}"
        options = ["--only-binary=:all:", "--python-version", self.python]
        options += ["--implementation", "cp", "--abi", abi, "--abi", "abi3", "--abi", "none"]
        for tag in _SYSTEMS[self.platform].tags:
            options += ["--platform", tag]
        return options

    @property
    def left_out(self) -> set[str]:
        """Packages that must not be bundled: Blender has them, or only compilers need them.

        Wheels of extensions stand before Blender's own packages, so a bundled numpy would replace
        Blender's for every add-on.
        """
        newer = _BLENDERS_OWN_SINCE_PYTHON_3_13 if self.python != "3.11" else set()
        return _BLENDERS_OWN | newer | _NEEDED_TO_COMPILE_ONLY

    @property
    def blender_versions(self) -> tuple[str, str | None]:
        """The first Blender version with this Python, and the first one without it again.

        Blender 4.2 to 4.4 have Python 3.11 too, but a numpy that is too old for scipy; they need
        the slim zip.
        """
        return ("4.5.0", "5.1.0") if self.python == "3.11" else ("5.1.0", None)

    def takes(self, wheel_name: str) -> bool:
        """Tell whether Blender on this target would unpack a wheel of this name."""
        python_tag, abi_tag, platform_tag = wheel_name.removesuffix(".whl").split("-")[-3:]
        own = f"cp{self.python.replace('.', '')}"
        pythons = python_tag.split(".")
        fits_python = (
            "py3" in pythons
            or own in pythons
            or (abi_tag == "abi3" and any(_minor(tag) <= _minor(own) for tag in pythons))
        )
        platforms = platform_tag.split(".")
        return fits_python and (
            platforms == ["any"] or any(tag in self._wheel_platforms for tag in platforms)
        )

    @property
    def _wheel_platforms(self) -> set[str]:
        tags = set(_SYSTEMS[self.platform].tags)
        if self.platform == "macos-arm64":
            tags |= {f"macosx_{major}_0_universal2" for major in range(11, _MACOS_OF_BLENDER + 1)}
            tags |= {f"macosx_10_{minor}_universal2" for minor in range(6, 17)}
        return tags


def this_machine() -> Target:
    """Return the target that fits the running Python and system, as far as there is one."""
    system = {"Darwin": "macos-arm64", "Windows": "windows-x64"}.get(platform.system(), "linux-x64")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Target(system, python if python in PYTHONS else PYTHONS[0])


def _minor(tag: str) -> int:
    digits = tag.removeprefix("cp3")
    return int(digits) if digits.isdigit() else sys.maxsize
