"""How weights learn from gradients."""
