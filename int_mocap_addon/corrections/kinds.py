"""Kinds of corrections, as the list in the .blend has them."""

from core_model.corrections.records import TOUCHING as _TOUCHING

ROTATION, PLACE = "ROTATION", "PLACE"
LANDMARK, HIDDEN, SIDES, PERSON, NOBODY = "LANDMARK", "HIDDEN", "SIDES", "PERSON", "NOBODY"
FILL = "FILL"
TOUCHES, LIFTS = "TOUCHES", "LIFTS"
STANDS = "STANDS"
"""Not said by anybody: the bake found it by itself."""

CONTACTS = (TOUCHES, LIFTS, STANDS)

KINDS = (
    (ROTATION, "Rotation", "A joint is turned so on this frame", "CON_ROTLIKE", 0),
    (PLACE, "Place", "A joint is at this place on this frame", "EMPTY_AXIS", 1),
    (LANDMARK, "Landmark", "A landmark is there in the picture", "TRACKER", 2),
    (HIDDEN, "Hidden", "A landmark is hidden for a while", "HIDE_ON", 3),
    (SIDES, "Sides", "Left and right were exchanged for a while", "MOD_MIRROR", 4),
    (PERSON, "Person", "From here on it is the other person", "ARROW_LEFTRIGHT", 5),
    (
        FILL,
        "Fill",
        "What was captured is wrong for a while: led from before to after",
        "IPO_EASE_IN_OUT",
        6,
    ),
    (NOBODY, "Nobody", "This is no person", "GHOST_DISABLED", 7),
    (TOUCHES, "Touches", "A part of the body touches something for a while", "SNAP_FACE", 8),
    (LIFTS, "Lifts", "A part of the body touches nothing for a while", "SNAP_OFF", 9),
    (STANDS, "Stands", "The bake found by itself that a foot stands for a while", "AUTO", 10),
)
ICONS = {kind: icon for kind, _, _, icon, _ in KINDS}

LIMBS = (
    ("all", "All", "Arms and legs, and so the facing"),
    ("arms", "Arms", "The arms alone"),
    ("legs", "Legs", "The legs alone"),
)

TOUCHING = tuple((name, name.replace("_", " ").title(), "") for name in _TOUCHING)

FLOOR, FOUND, OBJECT, CURSOR = "FLOOR", "FOUND", "OBJECT", "CURSOR"
SURFACES = (
    (FLOOR, "Floor", "The floor that the figure stands on"),
    (FOUND, "As It Is", "As high as it was captured there"),
    (OBJECT, "Object", "The surface of an object: a ramp, a stair, a chair, a ball, a wall"),
    (CURSOR, "3D Cursor", "As high as the 3D cursor"),
)

WITH_SURFACE = ("MESH", "CURVE", "SURFACE", "META", "FONT")
"""Types of objects that can be touched."""
