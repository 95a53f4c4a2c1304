"""What things of a clip are called in Blender."""

_LONGEST_NAME = 63  # bytes, Blender's limit


def object_name(clip: str, person: str) -> str:
    """Join the names of clip and person; a long clip name is cut so that the person's stays.

    A take that is no part of a capture is a clip and a person of the same name, said once.
    """
    if person == clip:
        person = ""
    room = _LONGEST_NAME - len(f"_{person}_body".encode())
    short = clip.encode()[: max(room, 0)].decode(errors="ignore")
    return "_".join(part for part in (short, person) if part)
