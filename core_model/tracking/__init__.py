"""People and hands over time: who is who, where, and which side is left."""
