"""From the camera to the world: how it turned, which way is up, where the floor is."""
