"""What an animator does to a figure: edits that are kept, layers, and poses that are mended."""
