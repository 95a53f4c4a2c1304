"""The panel Retarget: motion onto the user's own characters."""
