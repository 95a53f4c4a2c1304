"""Motion on rigs that others made: bone maps, detection, the solve, and keys on the rig."""
