"""Ways in which files come to be wrong: hypothesis, atheris, and chance."""
