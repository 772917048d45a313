"""What the city learns from what happened: forecasts with their skill stated."""
