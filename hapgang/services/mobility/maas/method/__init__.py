"""How ways are found, weighed and put into words."""
