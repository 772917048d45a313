"""The reference city: the Sejong National Pilot Smart City, 5-1 Living Zone, Hapgang-ri."""
