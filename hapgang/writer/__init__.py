"""The one committing process of a city: units of work, their groups, and the disk below."""
