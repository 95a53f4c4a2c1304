"""The body: its mesh and shape, its joints and fingers, where landmarks lie on it."""
