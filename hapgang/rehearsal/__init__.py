"""The rehearsal: a virtual city whose people, weather and days test the real city's services."""
