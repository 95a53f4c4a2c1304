"""What was captured, and how it becomes animation: the panel Takes."""
