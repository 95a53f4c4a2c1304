"""Kinds of corrections, as the list in the .blend has them."""

ROTATION, PLACE = "ROTATION", "PLACE"
LANDMARK, HIDDEN, SIDES, PERSON, NOBODY = "LANDMARK", "HIDDEN", "SIDES", "PERSON", "NOBODY"
FILL = "FILL"

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
)
ICONS = {kind: icon for kind, _, _, icon, _ in KINDS}

LIMBS = (
    ("all", "All", "Arms and legs, and so the facing"),
    ("arms", "Arms", "The arms alone"),
    ("legs", "Legs", "The legs alone"),
)
