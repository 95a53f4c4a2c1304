"""The one error of the build: a sentence that says what is wrong and what to do."""

from core_model.errors import MocapError


class BuildError(MocapError):
    """The zip cannot be built, or Blender or a studio would be right to refuse it."""
