"""Draw the rooms of the house: `python docs/draw_rooms.py` writes `docs/pictures/rooms.svg`."""

from pathlib import Path
from xml.sax.saxutils import escape

PICTURE = Path(__file__).parent / "pictures" / "rooms.svg"
WIDTH, HEIGHT = 1040, 676

# A sheet of its own colour, so that the picture reads the same on a light and on a dark page.
_PAPER, _INK, _FAINT = "#fbfaf7", "#22252b", "#6a7078"
_TINTS = {
    "core_model": ("#e3edf9", "#2f6fb5"),
    "bake": ("#e4f3e6", "#3b8a49"),
    "train": ("#fbeedb", "#b9771a"),
    "int_mocap_addon": ("#f3e6f4", "#8b4a94"),
}
_FLOW = (
    ("video", "decode, upright,", "with times"),
    ("detection", "BlazePose and", "hands, LiteRT"),
    ("tracking", "who is who,", "left or right"),
    ("lifting", "network INT:", "24 rotations"),
    ("fit, hands", "agree with the", "picture"),
    ("world", "gravity, floor,", "camera"),
)
_BETWEEN = ("Frame", "Pose", "Track", "Figure", "Figure")
_BAKING = (
    ("motion", "rate, root,", "smoothing"),
    ("feet", "contacts,", "foot lock"),
    ("reduction", "few keys,", "Bezier"),
    ("scene", "rig, action,", "body, clip"),
)


def main() -> None:
    """Write the picture."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="Helvetica, Arial, sans-serif">',
        "<title>The rooms of INT Mocap and what passes between them</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="{_INK}"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="14" fill="{_PAPER}"/>',
        *_addon(),
        *_core_model(),
        *_bake(),
        *_train(),
        "</svg>",
    ]
    PICTURE.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _addon() -> list[str]:
    return [
        *_room("int_mocap_addon", 20, 36, 1000, 58, "buttons and panels inside Blender; thin"),
        _arrow(250, 94, 250, 142),
        _text(260, 123, "engine: starts the worker, a process of its own", _FAINT, 13),
        _arrow(996, 94, 996, 382, dashed=True),
        _text(986, 123, "bakes", _FAINT, 13, "end"),
    ]


def _core_model() -> list[str]:
    parts = _room("core_model", 20, 146, 1000, 206, "video in, Takes out")
    parts.append(_text(36, 246, "clip", _INK, 15))
    parts.append(_arrow(64, 241, 92, 241))
    width, gap = 118, 34
    for number, (name, *lines) in enumerate(_FLOW):
        left = 96 + number * (width + gap)
        parts += _box(left, 200, width, 78, "core_model", name, lines)
        if number < len(_BETWEEN):
            parts.append(_arrow(left + width + 3, 239, left + width + gap - 3, 239))
            parts.append(_text(left + width + gap / 2, 192, _BETWEEN[number], _FAINT, 13, "middle"))
    below = "below them all: geometry · body · storage · assets · network · errors"
    parts.append(_text(96, 312, below, _FAINT, 13))
    told = "capture.py runs the stages of pipeline/; results reads what other systems captured"
    parts.append(_text(96, 332, told, _FAINT, 13))
    return parts


def _bake() -> list[str]:
    parts = _room("bake", 404, 386, 616, 186, "Takes in, Blender data out")
    parts.append(f'<path d="M915 281V366H320V470" {_line()}/>')
    parts.append(
        f'<rect x="228" y="474" width="150" height="44" rx="8" fill="#fff" stroke="{_INK}"/>'
    )
    parts.append(_text(303, 493, "Take", _INK, 15, "middle", bold=True))
    parts.append(_text(303, 510, "one .npz a person", _FAINT, 12, "middle"))
    parts.append(_arrow(381, 485, 416, 485))
    for number, (name, *lines) in enumerate(_BAKING):
        left = 420 + number * 125
        parts += _box(left, 440, 106, 78, "bake", name, lines)
        if number < len(_BAKING) - 1:
            parts.append(_arrow(left + 108, 479, left + 123, 479))
    parts.append(_arrow(903, 479, 922, 479))
    parts.append(_text(927, 476, "F-curves", _INK, 15, bold=True))
    parts.append(_text(927, 494, "in Blender", _FAINT, 12))
    told = "retarget: onto any character · export: FBX, GLB, USD, BVH and more · batch: many clips"
    parts.append(_text(420, 550, told, _FAINT, 13))
    return parts


def _train() -> list[str]:
    parts = _room("train", 20, 584, 1000, 72, "")
    told = "databases → synthetic → losses → trainer: weights for the network of core_model"
    parts.append(_text(96, 614, told, _INK, 14))
    told = "evaluate: how far captures are from the truth · calibrate · rendering: clips with truth"
    parts.append(_text(96, 638, told, _FAINT, 13))
    parts.append(_arrow(120, 584, 120, 356))
    parts.append(_text(130, 452, "weights", _FAINT, 13))
    return parts


def _room(name: str, x: int, y: int, width: int, height: int, says: str) -> list[str]:
    fill, edge = _TINTS[name]
    return [
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="12" fill="{fill}" '
        f'stroke="{edge}" stroke-width="1.5"/>',
        _text(x + 16, y + 28, name, edge, 18, bold=True),
        _text(x + 26 + 11.5 * len(name), y + 28, says, _FAINT, 14),
    ]


def _box(
    x: int, y: int, width: int, height: int, room: str, name: str, lines: list[str]
) -> list[str]:
    middle = x + width / 2
    return [
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" fill="#fff" '
        f'stroke="{_TINTS[room][1]}"/>',
        _text(middle, y + 25, name, _INK, 16, "middle", bold=True),
        *(
            _text(middle, y + 46 + 18 * row, line, _FAINT, 13, "middle")
            for row, line in enumerate(lines)
        ),
    ]


def _line(dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="5 4"' if dashed else ""
    return f'fill="none" stroke="{_INK}" stroke-width="1.5" marker-end="url(#tip)"{dashes}'


def _arrow(x: float, y: float, to_x: float, to_y: float, dashed: bool = False) -> str:
    return f'<path d="M{x:g} {y:g}L{to_x:g} {to_y:g}" {_line(dashed)}/>'


def _text(
    x: float, y: float, text: str, color: str, size: int, anchor: str = "start", bold: bool = False
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{color}" '
        f'text-anchor="{anchor}"{weight}>{escape(text)}</text>'
    )


if __name__ == "__main__":
    main()
