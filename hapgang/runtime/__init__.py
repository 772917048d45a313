"""What makes services run: discovery, the one door to every action, and what happens by itself."""
