"""How a take is cleaned up when it is baked: the panel Clean-up."""
