"""The data hub: what is true now, what was, and who may know it."""
