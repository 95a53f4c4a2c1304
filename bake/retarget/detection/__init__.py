"""Which bone of an unknown rig is which joint: names, hierarchy and geometry together."""
