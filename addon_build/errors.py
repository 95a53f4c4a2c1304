"""The one error of the build: a sentence that says what is wrong and what to do."""


class BuildError(Exception):
    """The zip cannot be built, or Blender or a studio would be right to refuse it."""
