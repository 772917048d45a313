"""The words of the city: entities, events, questions, time, chance, money, places and errors."""
