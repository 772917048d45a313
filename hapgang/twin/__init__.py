"""The digital twin: a city as data, its scenarios, its streets and timetables as networks."""
