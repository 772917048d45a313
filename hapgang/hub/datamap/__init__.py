"""The data map: what data a city has, whose they are, how good they are, where they come from."""
