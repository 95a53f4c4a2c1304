"""What an animator says of a capture: pinned, listed, shown, and solved again."""
