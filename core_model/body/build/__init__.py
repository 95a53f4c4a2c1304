"""How the default body was made; run by hand, never by the program (see `__main__`)."""
