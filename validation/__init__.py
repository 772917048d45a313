"""Published cases and known answers beside what our rooms compute: `python -m validation NAME`."""
