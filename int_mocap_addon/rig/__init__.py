"""The rig that takes become, its names, and what is exported of it: the sub-panel Rig."""
