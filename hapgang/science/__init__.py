"""Pure numerics that more than one room needs: arrays in, arrays out; nothing here knows a city."""
