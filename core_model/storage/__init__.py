"""Files: written so that none is left half made, read without running what is in them."""
