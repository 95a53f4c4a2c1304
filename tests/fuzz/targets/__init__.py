"""What reads files: for each reader some whole files to begin with, and how it is called."""

from tests.fuzz.target import Target
from tests.fuzz.targets import batch, clips, motion, networks, results, rigs, training

TARGETS: dict[str, Target] = {
    **motion.TARGETS,
    **batch.TARGETS,
    **rigs.TARGETS,
    **results.TARGETS,
    **networks.TARGETS,
    **training.TARGETS,
    **clips.TARGETS,
}


def target_named(name: str) -> Target:
    """Return one of them."""
    return TARGETS[name]
