"""How people and programs reach a city: HTTP, the command line, and the wiring of all rooms."""
