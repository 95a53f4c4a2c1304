"""What bones do, from dense motion to the F-curves of an action."""
