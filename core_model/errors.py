"""The errors of this project: each is one sentence that an animator can act on."""


class MocapError(Exception):
    """Base of every error that a user can cause or mend; its text is shown as it is.

    Attributes
    ----------
    exit_code : int
        What a command line returns when this error ends it.
    """

    exit_code = 1


class VideoError(MocapError):
    """The clip cannot be opened or holds no picture."""


class NoPersonError(MocapError):
    """Nobody was found in the clip."""

    exit_code = 3


class ViewsError(MocapError):
    """Clips that shall be captured together do not show the same performance."""


class TakeError(MocapError):
    """A take is damaged, incomplete or no take at all."""


class CorrectionError(MocapError):
    """What was corrected does not fit the takes, or contradicts itself."""


class AssetError(MocapError):
    """A file that is needed (weights, body, pose models) is missing, damaged or something else."""


class OutputError(MocapError):
    """A result cannot be written where it was asked for."""


class RigError(MocapError):
    """A character cannot be used as it is: its armature, its bone map, or its file."""
