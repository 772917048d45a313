"""Collection: what feeds of devices, files and other offices bring, taken in by the city."""
