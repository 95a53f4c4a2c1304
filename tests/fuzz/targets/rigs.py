"""Readers of what belongs to rigs: bone maps, catalogues of a library."""

from pathlib import Path

from tests.fuzz.targets.target import Target


def _maps() -> list[bytes]:
    from tests.places import ROOT

    presets = sorted((ROOT / "bake" / "retarget" / "presets").glob("*.json"))
    return [path.read_bytes() for path in presets]


def _read_map(path: Path) -> object:
    from bake.retarget.maps.map_file import map_from_text, map_text, read_map

    found = read_map(path)
    # What was read can be written, and is the same when it is read again.
    again = map_from_text(map_text(found), path)
    assert again.joints == found.joints
    return found


def _catalogues() -> list[bytes]:
    return [
        b"# Blender Asset Catalog Definition File.\nVERSION 1\n\n"
        b"313405db-1b2b-4d1c-8a5e-6d3b1c4f0a11:Motion Capture/Walks:Motion Capture-Walks\n"
    ]


def _read_catalogues(path: Path) -> object:
    from bake.assets.catalogues import FILE_NAME, put_catalogue

    path.rename(path.with_name(FILE_NAME))
    return put_catalogue(path.parent, "Motion Capture/Runs")


TARGETS = {
    "bone maps": Target(".json", _maps, _read_map),
    "catalogues": Target(".txt", _catalogues, _read_catalogues),
}
