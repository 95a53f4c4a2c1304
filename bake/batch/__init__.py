"""Many clips without anyone watching: one process for each step of each clip, and a journal."""
