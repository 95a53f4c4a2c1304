"""How far captures are from the truth."""
