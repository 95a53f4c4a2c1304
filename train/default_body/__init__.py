"""How the default body of `core_model` was made, once and by hand (see `__main__`)."""
