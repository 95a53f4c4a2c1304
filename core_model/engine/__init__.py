"""The engine as a process: what is said to it, who starts and ends it, how commands end."""
