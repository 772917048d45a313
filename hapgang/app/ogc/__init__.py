"""OGC API - Features: the city's open data for maps of others, such as QGIS."""
