"""What reads files: for each reader some whole files to begin with, and how it is called."""

from tests.fuzz.targets import batch, clips, motion, networks, results, rigs
from tests.fuzz.targets.target import Target

TARGETS: dict[str, Target] = {
    **motion.TARGETS,
    **batch.TARGETS,
    **rigs.TARGETS,
    **results.TARGETS,
    **networks.TARGETS,
    **clips.TARGETS,
}

__all__ = ["TARGETS", "Target"]
