"""The three phases of the INT paper's training: their settings, samples and steps."""
